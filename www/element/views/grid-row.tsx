/**
 * One row of the table.
 */
import type { JSX } from "preact";
import type { Row } from "../../entry/index.js";
import { useView } from "./context.js";
import { HidesMark, ScopeBadge, SystemMark, TypeMark } from "./marks.js";
import { ShownName, ShownText } from "./shown-text.js";
import { ValueText } from "./value-text.js";

interface Props {
  index: number;
  row: Row;
  /** Distance from the top of the list, in px. */
  top: number;
}

export function GridRow({ index, row, top }: Props): JSX.Element {
  const { model, t, actions } = useView();
  const { active, total } = model.table;
  const here = active.row === index;
  const selected = model.detail.row?.entry === row.entry;
  const cell = (column: number, name: string) => ({
    class: `cell ${name}`,
    part: name,
    role: column === 0 ? ("rowheader" as const) : ("gridcell" as const),
    "aria-colindex": column + 1,
    tabIndex: here && active.column === column ? 0 : -1,
  });
  return (
    <div
      class={`row${row.hidden ? " hidden" : ""}${row.problem ? " broken" : ""}${index % 2 ? " odd" : ""}`}
      part="row"
      role="row"
      aria-rowindex={index + 2}
      aria-level={1}
      aria-posinset={index + 1}
      aria-setsize={total}
      aria-selected={selected}
      tabIndex={here && active.column < 0 ? 0 : -1}
      style={{ transform: `translateY(${String(top)}px)` }}
      onMouseDown={(event) => placeCursor(event)}
      onClick={() => actions.open(index, false)}
    >
      <div {...cell(0, "name")}>
        <span class="narrow-only">
          <TypeMark type={row.type} word={false} />
        </span>
        {row.name === "" && row.problem ? <Unnamed path={row.problem.path} /> : <ShownName name={row.name} />}
        <SystemMark row={row} />
        {row.hidden && <HiddenMark />}
        <span class="narrow-only end">
          <ScopeBadge scope={row.scope} rank={row.rank} short />
          <HidesMark count={row.hides} />
        </span>
      </div>
      <div {...cell(1, "value")}>
        <ValueText row={row} />
      </div>
      <div {...cell(2, "type")}>
        <TypeMark type={row.type} />
      </div>
      <div {...cell(3, "scope")}>
        {row.scope !== "" && <ScopeBadge scope={row.scope} rank={row.rank} />}
        <HidesMark count={row.hides} />
      </div>
      <div {...cell(4, "size")} title={`${t.number(row.size)} B`}>
        {t.bytes(row.size)}
      </div>
    </div>
  );
}

/** A row that has not come yet. */
export function PlaceholderRow({ index, top }: Omit<Props, "row">): JSX.Element {
  const { active, total } = useView().model.table;
  return (
    <div
      class="row pending"
      role="row"
      aria-rowindex={index + 2}
      aria-level={1}
      aria-posinset={index + 1}
      aria-setsize={total}
      aria-busy="true"
      tabIndex={active.row === index ? 0 : -1}
      style={{ transform: `translateY(${String(top)}px)` }}
    >
      <div class="cell name" role="rowheader" aria-colindex={1}>
        <span class="bone" />
      </div>
      <div class="cell value" role="gridcell" aria-colindex={2}>
        <span class="bone long" />
      </div>
    </div>
  );
}

/** An item without a name is known by its place in the body. */
function Unnamed({ path }: { path: string }): JSX.Element {
  return (
    <span class="muted ellipsis">
      <ShownText text={path} />
    </span>
  );
}

function HiddenMark(): JSX.Element {
  const { t } = useView();
  return (
    <span class="flag" title={t.text("flag.hidden-title")}>
      {t.text("flag.hidden")}
    </span>
  );
}

/** A second click of a double click selects words; the first one must not take the focus from the row. */
function placeCursor(event: MouseEvent): void {
  if (event.detail > 1) event.stopPropagation();
}
