/**
 * The detail pane: what is known of one variable.
 */
import type { JSX } from "preact";
import type { PathDialect, Row } from "../../entry/index.js";
import { type DetailTab, TABS } from "../model/detail-model.js";
import { formatPath } from "../text/paths.js";
import { ChangesView } from "./changes-view.js";
import { useView } from "./context.js";
import { CopyButton } from "./copy-button.js";
import { isRtl } from "./direction.js";
import { HistoryView } from "./history-view.js";
import { HidesMark, ScopeBadge, Size, SystemMark, TypeMark } from "./marks.js";
import { RevealBar } from "./masked.js";
import { Menu } from "./menu.js";
import { RawView } from "./raw-view.js";
import { ShownText } from "./shown-text.js";
import { ValueView } from "./value-view.js";
import { WatchMenu } from "./watch-menu.js";
import { WhyView } from "./why-view.js";

const DIALECTS: readonly PathDialect[] = ["json-pointer", "json-path", "javascript", "expression"];

export function Detail({ filteredOut }: { filteredOut: boolean }): JSX.Element {
  const { model, t } = useView();
  const { row, gone } = model.detail;
  return (
    <section class="detail" part="detail" data-region aria-label={t.text("detail.label")}>
      {row ? (
        <Shown row={row} filteredOut={filteredOut} />
      ) : (
        <p class="placeholder">{t.text(gone ? "detail.gone" : "detail.none")}</p>
      )}
    </section>
  );
}

function Shown({ row, filteredOut }: { row: Row; filteredOut: boolean }): JSX.Element {
  const { model, t, actions } = useView();
  const { tab, part } = model.detail;
  const subject = JSON.stringify([model.summary?.id, row.entry, part.path]);
  return (
    <>
      <header class="detail-head">
        <button
          type="button"
          class="quiet back"
          name="back"
          aria-label={t.text("detail.back")}
          title={t.text("detail.back")}
          onClick={() => actions.closeDetail()}
        >
          <span class="icon chevron" aria-hidden="true" />
        </button>
        <h2 class="mono">{row.name === "" ? (row.problem?.path ?? '""') : <ShownText text={row.name} />}</h2>
        <button
          type="button"
          class="quiet close"
          name="close"
          aria-label={t.text("detail.close")}
          title={t.text("detail.close")}
          onClick={() => actions.closeDetail()}
        >
          ✕
        </button>
      </header>
      <div class="facts">
        <TypeMark type={row.type} />
        {row.scope !== "" && <ScopeBadge scope={row.scope} rank={row.rank} />}
        <HidesMark count={row.hides} />
        {row.hidden && <span class="flag">{t.text("flag.hidden")}</span>}
        <SystemMark row={row} />
        <span class="muted">
          <Size of={row} />
        </span>
        <span class="copies">
          <PinButton row={row} />
          <CopyButton
            label={t.text("detail.copy-value")}
            name="copy-value"
            of={subject}
            copy={() => actions.copy("value")}
          />
          <CopyButton
            label={t.text("detail.copy-path")}
            name="copy-path"
            of={subject}
            copy={() => actions.copy("javascript")}
          />
          <Menu label={t.text("detail.copy-as")} name="copy" stays>
            {DIALECTS.map((dialect) => (
              <CopyButton
                key={dialect}
                label={t.text(`copy.${dialect}`)}
                name={`copy-${dialect}`}
                of={subject}
                copy={() => actions.copy(dialect)}
              />
            ))}
          </Menu>
          {!row.problem && <WatchMenu />}
        </span>
      </div>
      {filteredOut && <p class="hint">{t.text("detail.filtered")}</p>}
      <PartBar />
      <RevealBar />
      <Tabs />
      <div
        class="panel"
        role="tabpanel"
        id="panel"
        aria-labelledby={`tab-${tab}`}
        tabIndex={tab === "value" && model.detail.tree ? -1 : 0}
      >
        {tab === "value" && <ValueView row={row} />}
        {tab === "raw" && <RawView row={row} />}
        {tab === "changes" && <ChangesView row={row} />}
        {tab === "history" && <HistoryView row={row} />}
        {tab === "why" && <WhyView row={row} />}
      </div>
    </>
  );
}

/** Keeps the variable on top of the table. What could not be read has no name to keep it by. */
function PinButton({ row }: { row: Row }): JSX.Element | null {
  const { model, t } = useView();
  if (row.problem) return null;
  const { name, scope } = row;
  return (
    <button
      type="button"
      class="small"
      name="pin"
      aria-pressed={model.table.isPinned(name, scope)}
      title={t.text("detail.pin-title")}
      onClick={() => void model.table.togglePin(name, scope)}
    >
      {t.text("detail.pin")}
    </button>
  );
}

/** Says which part of the value is chosen, and leads back to the whole. */
function PartBar(): JSX.Element | null {
  const { model, t } = useView();
  const { row, part } = model.detail;
  if (!row || part.path.length === 0) return null;
  return (
    <p class="part-bar">
      <span class="muted">{t.text("detail.part")}</span>{" "}
      <span class="mono ellipsis">
        <ShownText text={formatPath([row.name, ...part.keys])} />
      </span>
      <button type="button" class="link" onClick={() => void model.detail.choose({ path: [], keys: [] })}>
        {t.text("detail.whole")}
      </button>
    </p>
  );
}

function Tabs(): JSX.Element {
  const { model, t } = useView();
  const { tab } = model.detail;
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLElement }): void => {
    const next = neighbour(tab, event);
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    const list = event.currentTarget;
    model.detail.setTab(next);
    list.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={t.text("detail.label")} onKeyDown={onKeyDown}>
      {TABS.map((name) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={`tab-${name}`}
          aria-selected={name === tab}
          aria-controls="panel"
          tabIndex={name === tab ? 0 : -1}
          onClick={() => model.detail.setTab(name)}
        >
          {t.text(`detail.${name}`)}
          {name === "changes" && (model.detail.changes?.changes.length ?? 0) > 0 && (
            <span class="dot" aria-hidden="true" />
          )}
          {name === "why" && (model.detail.row?.hides ?? 0) > 0 && <span class="dot" aria-hidden="true" />}
        </button>
      ))}
    </div>
  );
}

function neighbour(tab: DetailTab, event: KeyboardEvent): DetailTab | undefined {
  const at = TABS.indexOf(tab);
  const step = isRtl(event.currentTarget) ? -1 : 1;
  switch (event.key) {
    case "ArrowRight":
      return TABS[(at + step + TABS.length) % TABS.length];
    case "ArrowLeft":
      return TABS[(at - step + TABS.length) % TABS.length];
    case "Home":
      return TABS[0];
    case "End":
      return TABS.at(-1);
    default:
      return undefined;
  }
}
