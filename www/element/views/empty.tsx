/**
 * What stands in place of rows when there are none, and what would bring some.
 */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useView } from "./context.js";
import { OpenButton } from "./file-menu.js";
import { ShownText } from "./shown-text.js";
import type { QueryChange } from "./toolbar.js";

const SKELETON_AFTER_MS = 200;
/** Where more rows than these are pinned, they are what is read. */
const MOST_ABOVE = 5;

export function Empty({ ask }: { ask: (change: QueryChange) => void }): JSX.Element | null {
  const { model } = useView();
  const { total, selected, view } = model.table;
  // What is pinned stays above.
  if (total > 0 && (view.filter === "" || selected > 0 || total > MOST_ABOVE)) return null;
  if (model.loading && !model.summary) return <Skeleton />;
  if (!model.connection && !model.summary) return <NotConnected />;
  if (!model.summary) return model.fault || model.before ? <Failed /> : <NoSession />;
  return model.table.view.filter === "" ? <NoVariables ask={ask} /> : <NoMatch />;
}

function NotConnected(): JSX.Element {
  const { t } = useView();
  return (
    <div class="empty">
      <strong>{t.text("empty.config")}</strong>
      <p>{t.text("empty.config-do")}</p>
      <code>{'<cognigy-session-debugger base-url="https://tenant.example" token-url="/debug/token">'}</code>
      <OpenButton />
    </div>
  );
}

function NoSession(): JSX.Element {
  const { t } = useView();
  return (
    <div class="empty">
      <strong>{t.text("empty.session")}</strong>
      <p>{t.text("empty.session-do")}</p>
      <OpenButton />
    </div>
  );
}

/** The error says what happened; here is only the way back to the session that was shown before. */
function Failed(): JSX.Element | null {
  const { model, t } = useView();
  const { before } = model;
  if (!before) return null;
  const back = (): void => {
    model.query = { ...before };
    void model.load().catch(() => undefined);
  };
  const [start, end] = t.text("empty.back", { session: "\u0000" }).split("\u0000");
  return (
    <div class="empty">
      <button type="button" name="back-to" onClick={back}>
        {start}
        <ShownText text={before.sessionId} />
        {end}
      </button>
    </div>
  );
}

/** Names the choice that left nothing, and offers to undo it. */
function NoVariables({ ask }: { ask: (change: QueryChange) => void }): JSX.Element {
  const { model, t } = useView();
  const query = model.answered;
  if (!query) return <strong class="empty">{t.text("empty.variables")}</strong>;
  return (
    <div class="empty">
      <strong>{t.text("empty.variables")}</strong>
      <p>
        {query?.scope === undefined
          ? t.text("empty.variables-all")
          : t.text("empty.variables-scope", { scope: query.scope })}{" "}
        {!query?.includeSystem && t.text("empty.variables-system")}
      </p>
      <span class="buttons">
        {query?.scope !== undefined && (
          <button type="button" onClick={() => ask({ scope: "" })}>
            {t.text("action.all-scopes")}
          </button>
        )}
        {!query?.includeSystem && (
          <button type="button" onClick={() => ask({ includeSystem: true })}>
            {t.text("action.system")}
          </button>
        )}
      </span>
    </div>
  );
}

function NoMatch(): JSX.Element {
  const { model, t, actions } = useView();
  const clear = (): void => {
    void model.table.setView({ filter: "" });
    actions.focusFilter();
  };
  const [before, after] = t.text("empty.filter", { filter: "\u0000" }).split("\u0000");
  const { filter } = model.table.view;
  return (
    <div class="empty" style={{ "--_above": String(model.table.total) }}>
      <strong>
        {before}“<ShownText text={filter} />”{after}
      </strong>
      <p>{t.text("empty.filter-do", { count: model.table.rows?.head.unfiltered ?? 0 })}</p>
      {model.table.rows?.head.misread.map(({ start, end, why }, at) => (
        <p key={at} class="warning">
          <ShownText text={t.text("view.misread", { part: filter.slice(start, end), why })} />
        </p>
      ))}
      <button type="button" onClick={clear}>
        {t.text("action.clear")}
      </button>
    </div>
  );
}

function Skeleton(): JSX.Element | null {
  const { t } = useView();
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), SKELETON_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  if (!shown) return null;
  return (
    <div class="skeleton">
      <span class="spoken">{t.text("empty.loading")}</span>
      {Array.from({ length: 8 }, (_, index) => (
        <div key={index} class="skeleton-row" aria-hidden="true">
          <span class="bone" />
          <span class="bone long" />
        </div>
      ))}
    </div>
  );
}
