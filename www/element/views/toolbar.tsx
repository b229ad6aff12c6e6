/**
 * The upper bar: what is asked of the tenant.
 */
import type { JSX, TargetedEvent } from "preact";
import { useView } from "./context.js";

/** Session, scope, system variables, Load and Refresh. */
export function QueryBar({ ask }: { ask: (change: QueryChange) => void }): JSX.Element {
  const { model, t, actions } = useView();
  const { query, loading } = model;
  const submit = (event: TargetedEvent<HTMLFormElement, SubmitEvent>): void => {
    event.preventDefault();
    if (query.sessionId !== "") actions.load();
  };
  return (
    <form class="bar query" part="toolbar" data-region onSubmit={submit}>
      <SessionField ask={ask} />
      <ScopeField ask={ask} />
      <label class="check" title={t.text("query.system-title")}>
        <input
          type="checkbox"
          name="system"
          checked={query.includeSystem === true}
          onChange={(event) => ask({ includeSystem: event.currentTarget.checked })}
        />
        {t.text("query.system")}
      </label>
      <span class="buttons">
        <button type="submit" class="primary" name="load" disabled={query.sessionId === ""}>
          {t.text("query.load")}
        </button>
        <button
          type="button"
          name="refresh"
          title={t.text("query.refresh-title")}
          aria-disabled={loading || !model.answered}
          onClick={() => !loading && model.answered && actions.refresh()}
        >
          <span aria-hidden="true" class={loading ? "icon turning" : "icon"}>
            ⟳
          </span>
          <span class="word">{t.text("query.refresh")}</span>
        </button>
      </span>
    </form>
  );
}

/** A change of the query; an empty scope means all scopes. */
export interface QueryChange {
  sessionId?: string;
  scope?: string;
  includeSystem?: boolean;
}

function SessionField({ ask }: { ask: (change: QueryChange) => void }): JSX.Element {
  const { model, t } = useView();
  return (
    <label class="field session">
      <span>{t.text("query.session")}</span>
      <input
        name="session"
        class="mono"
        dir="auto"
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        placeholder={t.text("query.session-hint")}
        value={model.query.sessionId}
        onInput={(event) => ask({ sessionId: event.currentTarget.value.trim() })}
      />
    </label>
  );
}

function ScopeField({ ask }: { ask: (change: QueryChange) => void }): JSX.Element {
  const { model, t, scopes } = useView();
  return (
    <label class="field" title={t.text("query.scope-title")}>
      <span>{t.text("query.scope")}</span>
      <select
        name="scope"
        value={model.query.scope ?? ""}
        onChange={(event) => ask({ scope: event.currentTarget.value })}
      >
        <option value="">{t.text("query.all-scopes")}</option>
        {scopes.map((scope) => (
          <option key={scope} value={scope}>
            {scope}
          </option>
        ))}
      </select>
    </label>
  );
}
