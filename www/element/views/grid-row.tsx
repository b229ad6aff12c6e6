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
  /** Absent while it has not come yet. The row's box is the same, so that it keeps the focus. */
  row: Row | undefined;
  /** Distance from the top of the list, in px. */
  top: number;
}

export function GridRow({ index, row, top }: Props): JSX.Element {
  const { model, actions } = useView();
  const { active, total } = model.table;
  const here = active.row === index;
  return (
    <div
      class={rowClass(row)}
      part="row"
      role="row"
      aria-rowindex={index + 2}
      aria-level={1}
      aria-posinset={index + 1}
      aria-setsize={total}
      aria-selected={row !== undefined && model.detail.row?.entry === row.entry}
      aria-busy={row === undefined || undefined}
      tabIndex={here && (active.column < 0 || !row) ? 0 : -1}
      style={{ transform: `translateY(${String(top)}px)` }}
      onClick={() => actions.open(index, false)}
    >
      {row ? <Cells row={row} column={here ? active.column : -1} /> : <Bones />}
    </div>
  );
}

function rowClass(row: Row | undefined): string {
  if (!row) return "row pending";
  return `row${row.hidden ? " hidden" : ""}${row.problem ? " broken" : ""}`;
}

/** The cells of a row; `column` is the one that has the keyboard, or −1. */
function Cells({ row, column }: { row: Row; column: number }): JSX.Element {
  const { t } = useView();
  const cell = (index: number, name: string) => ({
    class: `cell ${name}`,
    part: name,
    role: index === 0 ? ("rowheader" as const) : ("gridcell" as const),
    "aria-colindex": index + 1,
    tabIndex: column === index ? 0 : -1,
  });
  return (
    <>
      <div {...cell(0, "name")}>
        <span class="narrow-only">
          <TypeMark type={row.type} word={false} />
        </span>
        {row.name === "" && row.problem ? <Unnamed path={row.problem.path} /> : <ShownName name={row.name} />}
        <SystemMark row={row} />
        {row.hidden && <HiddenMark />}
        <span class="narrow-only end">
          {row.scope !== "" && <ScopeBadge scope={row.scope} rank={row.rank} short />}
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
    </>
  );
}

/** What stands in a row until it comes. */
function Bones(): JSX.Element {
  return (
    <>
      <div class="cell name" role="rowheader" aria-colindex={1} tabIndex={-1}>
        <span class="bone" />
      </div>
      <div class="cell value" role="gridcell" aria-colindex={2} tabIndex={-1}>
        <span class="bone long" />
      </div>
    </>
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
