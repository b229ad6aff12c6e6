/**
 * The whole view.
 */
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { SessionModel } from "../model/session-model.js";
import type { Translator } from "../text/translator.js";
import { makeActions } from "./actions.js";
import { ViewProvider } from "./context.js";
import { Detail } from "./detail.js";
import { dropHandlers } from "./drop.js";
import { Empty } from "./empty.js";
import { FilterBar } from "./filter-bar.js";
import { keepFocus } from "./focus.js";
import { frameKeys } from "./frame-keys.js";
import { Grid } from "./grid.js";
import { Help } from "./help.js";
import { LiveRegion } from "./live-region.js";
import { useHideWhenLeft } from "./masked.js";
import { MomentsBar } from "./moments-bar.js";
import { Notice } from "./notice.js";
import { Splitter } from "./splitter.js";
import { StatusBar } from "./status-bar.js";
import { QueryBar, type QueryChange } from "./toolbar.js";

export interface AppProps {
  model: SessionModel;
  t: Translator;
  scopes: readonly string[];
  label: string | undefined;
  redraw: () => void;
  /** Makes a link to the view, where the host allows links. */
  link: (() => Promise<string>) | undefined;
}

export function App({ model, t, scopes, label, redraw, link }: AppProps): JSX.Element {
  const frame = useRef<HTMLDivElement>(null);
  const [detailOpen, setDetailOpen] = useState(false);
  const [help, setHelp] = useState(false);
  const actions = useMemo(() => makeActions(model, frame, setDetailOpen, setHelp), [model]);
  const view = { model, t, actions, scopes, link };
  const drop = useMemo(() => dropHandlers(actions.openFile), [actions]);
  const ask = (change: QueryChange): void => {
    changeQuery(model, change);
    // What is chosen rather than typed takes effect at once; an id that is being typed waits for Load.
    const chosen = change.sessionId === undefined && model.summary !== undefined;
    if (chosen && model.asked?.sessionId === model.query.sessionId) actions.load();
    redraw();
  };
  const filteredOut = useFilteredOut(model);
  const open = detailOpen && (model.detail.row !== undefined || model.detail.gone);

  useEffect(() => (frame.current ? keepFocus(frame.current) : undefined), []);
  useHideWhenLeft(model);
  useLayoutEffect(() => {
    if (!model.detail.row && !model.detail.gone) setDetailOpen(false);
  }, [model.detail.row, model.detail.gone]);

  return (
    <ViewProvider value={view}>
      <div
        class={open ? "frame open" : "frame"}
        ref={frame}
        role="region"
        aria-label={label ?? t.text("grid.label")}
        onKeyDown={(event) => frameKeys(event, view, frame.current)}
        {...drop}
      >
        <div class="layout">
          <QueryBar ask={ask} />
          <Notice />
          <MomentsBar />
          <div class="main">
            <div class="list">
              <FilterBar />
              <Grid empty={<Empty ask={ask} />} />
            </div>
            <Detail filteredOut={filteredOut} />
            <Splitter />
          </div>
          <StatusBar />
        </div>
        <LiveRegion />
        <Help open={help} close={() => setHelp(false)} />
      </div>
    </ViewProvider>
  );
}

function changeQuery(model: SessionModel, change: QueryChange): void {
  const { scope, ...rest } = { ...model.query, ...change };
  model.query = scope ? { ...rest, scope } : rest;
}

/** Whether the filter hides the variable that the details show. */
function useFilteredOut(model: SessionModel): boolean {
  const { row } = model.detail;
  const { rows, view } = model.table;
  const [out, setOut] = useState(false);
  useEffect(() => {
    let current = true;
    if (!row || view.filter === "") setOut(false);
    else {
      model.table.selects(row.name, row.scope).then(
        (shown) => current && setOut(!shown),
        () => undefined,
      );
    }
    return () => {
      current = false;
    };
  }, [row, rows]);
  return out;
}
