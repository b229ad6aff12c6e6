/**
 * The two bars above the table: what is asked of the tenant, and what is shown of its answer.
 */
import type { JSX, TargetedEvent } from "preact";
import { type CopyResult, useView } from "./context.js";
import { CopyButton, copyText } from "./copy-button.js";
import { FileMenu } from "./file-menu.js";

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
          {t.text("query.refresh")}
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

/** The local filter with its count, and the choice to show what is hidden. */
export function FilterBar(): JSX.Element {
  const { model, t, actions } = useView();
  const { table } = model;
  const { filter, shadowed } = table.view;
  const [misread] = table.rows?.misread ?? [];
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "Enter") {
      event.preventDefault();
      actions.focusFirst();
    }
    if (event.key !== "Escape") return;
    event.stopPropagation();
    if (filter === "") actions.focusGrid();
    else void table.setView({ filter: "" });
  };
  return (
    <div class="bar view" data-region>
      <span class="search" part="search">
        <span aria-hidden="true" class="icon lens" />
        <input
          name="filter"
          type="search"
          dir="auto"
          autocomplete="off"
          spellcheck={false}
          aria-label={t.text("view.filter")}
          placeholder={t.text("view.filter-keys")}
          aria-describedby={misread && "misread"}
          value={filter}
          onInput={(event) => void table.setView({ filter: event.currentTarget.value })}
          onKeyDown={onKeyDown}
        />
        {misread && (
          <span id="misread" class="hits" title={misread.why}>
            {t.text("view.misread", { part: filter.slice(misread.start, misread.end), why: misread.why })}
          </span>
        )}
        {filter !== "" && table.rows && (
          <span class="hits">{t.text("view.count", { shown: table.total, all: table.rows.unfiltered })}</span>
        )}
        {filter !== "" && (
          <button
            type="button"
            class="quiet"
            aria-label={t.text("view.clear")}
            title={t.text("view.clear")}
            onClick={() => {
              void table.setView({ filter: "" });
              actions.focusFilter();
            }}
          >
            ✕
          </button>
        )}
      </span>
      <label class="check" title={t.text("view.shadowed-title")}>
        <input
          type="checkbox"
          name="shadowed"
          checked={shadowed}
          onChange={(event) => void table.setView({ shadowed: event.currentTarget.checked })}
        />
        {t.text("view.shadowed")}
      </label>
      <FileMenu />
      <LinkButton />
      <button
        type="button"
        class="quiet help-button"
        name="help"
        title={`${t.text("view.help")} (?)`}
        aria-label={t.text("view.help")}
        onClick={() => actions.toggleHelp()}
      >
        ?
      </button>
    </div>
  );
}

/** Copies a link to the view. */
function LinkButton(): JSX.Element | null {
  const { model, t, link } = useView();
  if (!link) return null;
  const copy = async (): Promise<CopyResult> => {
    const text = await link().catch(() => undefined);
    return text !== undefined && (await copyText(text)) ? "copied" : "failed";
  };
  const of = JSON.stringify([model.query, model.table.view]);
  return <CopyButton label={t.text("view.link")} name="copy-link" of={of} copy={copy} />;
}
