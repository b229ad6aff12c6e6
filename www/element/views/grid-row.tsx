/**
 * One row of the table: a variable, a part of its value, the header of a group, or what is gone.
 */
import type { ComponentChildren, JSX } from "preact";
import type { Row, RowGroup, ValueNode } from "../../entry/index.js";
import type { TableRow } from "../../worker/protocol.js";
import { partOfRow } from "../model/row-key.js";
import { useView } from "./context.js";
import { COLUMNS } from "./grid-header.js";
import {
  ChangeMark,
  Duplicate,
  HiddenMark,
  HidesMark,
  NoteMark,
  PinMark,
  ScopeBadge,
  Size,
  SystemMark,
  TypeMark,
} from "./marks.js";
import { PartsMark } from "./masked.js";
import { ShownName, ShownText } from "./shown-text.js";
import { Count, TypedText, ValueText } from "./value-text.js";

interface Props {
  index: number;
  /** Absent while it has not come yet. The row's box is the same, so that it keeps the focus. */
  row: TableRow | undefined;
  /** Distance from the top of the list, in px. */
  top: number;
}

/** Deeper rows are not indented further, or nothing of them would be seen. */
const DEEPEST = 12;

export function GridRow({ index, row, top }: Props): JSX.Element {
  const { model, actions } = useView();
  const { active } = model.table;
  const here = active.row === index;
  return (
    <div
      class={rowClass(row, model.table.flashing)}
      part="row"
      role="row"
      aria-rowindex={index + 2}
      aria-level={(row?.depth ?? 0) + 1}
      aria-posinset={row && row.position + 1}
      aria-setsize={row?.siblings}
      aria-expanded={row?.expanded}
      aria-selected={isSelected(row, model.detail.row, model.detail.part.path)}
      aria-busy={row === undefined || undefined}
      tabIndex={here && (active.column < 0 || !row) ? 0 : -1}
      style={{
        transform: `translateY(${String(top)}px)`,
        "--_depth": String(Math.min(DEEPEST, row?.depth ?? 0)),
      }}
      onClick={({ target }) => {
        const at = target instanceof Element ? target : undefined;
        if (row?.expanded !== undefined && at?.closest(".twisty")) {
          void model.table.turn(index, row.expanded ? "collapse" : "expand");
        } else if (at?.closest(".pin")) actions.togglePin(index);
        else actions.open(index, false);
      }}
    >
      {row ? <Cells row={row} column={here ? active.column : -1} /> : <Bones />}
    </div>
  );
}

function isSelected(row: TableRow | undefined, shown: Row | undefined, path: readonly number[]): boolean {
  const part = partOfRow(row);
  return part !== undefined && part.entry === shown?.entry && part.steps.join() === path.join();
}

function rowClass(row: TableRow | undefined, flashing: boolean): string {
  if (!row) return "row pending";
  const classes = ["row", row.kind];
  if (row.pinned) classes.push("pinned");
  if (row.kind === "variable") {
    if (row.row.hidden) classes.push("hidden");
    if (row.row.problem) classes.push("broken");
    if (row.row.change) classes.push(row.row.change, flashing ? "flash" : "");
  }
  return classes.join(" ");
}

interface CellsProps {
  row: TableRow;
  /** The cell that has the keyboard, or −1. */
  column: number;
}

function Cells({ row, column }: CellsProps): JSX.Element {
  const twisty = <span class={row.expanded === undefined ? "twisty leaf" : "twisty"} aria-hidden="true" />;
  switch (row.kind) {
    case "group":
      return <GroupCell group={row.group} count={row.count} column={column} twisty={twisty} />;
    case "variable":
    case "removed":
      return <VariableCells row={row.row} pinned={row.pinned} column={column} twisty={twisty} />;
    case "member":
      return <MemberCells node={row.node} column={column} twisty={twisty} />;
    case "gone":
      return <GoneCells row={row} column={column} twisty={twisty} />;
  }
}

interface OwnCells {
  column: number;
  /** Opens and closes what is below the row. */
  twisty: JSX.Element;
}

function Cell({ at, column, children }: CellProps): JSX.Element {
  const name = COLUMNS[at] ?? "";
  const cell = {
    class: `cell ${name}`,
    part: name,
    role: at === 0 ? ("rowheader" as const) : ("gridcell" as const),
    "aria-colindex": at + 1,
    tabIndex: column === at ? 0 : -1,
  };
  return <div {...cell}>{children}</div>;
}

interface CellProps {
  at: number;
  column: number;
  children?: ComponentChildren;
}

function VariableCells({ row, pinned, column, twisty }: OwnCells & { row: Row; pinned: boolean }): JSX.Element {
  const sought = useView().model.table.rows?.head.sought;
  return (
    <>
      <Cell at={0} column={column}>
        {twisty}
        <span class="narrow-only">
          <TypeMark type={row.type} word={false} />
        </span>
        {row.name === "" && row.problem ? (
          <Unnamed path={row.problem.path} />
        ) : (
          <ShownName name={row.name} sought={sought?.names} />
        )}
        {row.change && <ChangeMark change={row.change} />}
        {pinned && <PinMark />}
        <SystemMark row={row} />
        {row.hidden && <HiddenMark />}
        <span class="narrow-only end">
          {row.scope !== "" && <ScopeBadge scope={row.scope} rank={row.rank} short />}
          <HidesMark count={row.hides} />
        </span>
      </Cell>
      <Cell at={1} column={column}>
        <ValueText row={row} sought={sought?.values} />
      </Cell>
      <Cell at={2} column={column}>
        <TypeMark type={row.type} />
      </Cell>
      <Cell at={3} column={column}>
        {row.scope !== "" && <ScopeBadge scope={row.scope} rank={row.rank} />}
        <HidesMark count={row.hides} />
      </Cell>
      <SizeCell of={row} column={column} />
    </>
  );
}

/** A member of an object, or an element of a list. */
function MemberCells({ node, column, twisty }: OwnCells & { node: ValueNode }): JSX.Element {
  const sought = useView().model.table.rows?.head.sought?.values;
  return (
    <>
      <Cell at={0} column={column}>
        {twisty}
        <span class="narrow-only">
          <TypeMark type={node.type} word={false} />
        </span>
        {node.key === undefined ? (
          <span class="muted">{node.ordinal}</span>
        ) : (
          <ShownName name={node.key} sought={sought} />
        )}
        {node.duplicate && <Duplicate kind={node.duplicate} />}
      </Cell>
      <Cell at={1} column={column}>
        <span class="ellipsis">
          <TypedText value={node} sought={sought} />
        </span>
        {node.childCount !== undefined && <Count count={node.childCount} />}
        {node.note && <NoteMark note={node.note} />}
        {node.masked && <PartsMark masked={node.masked} />}
      </Cell>
      <Cell at={2} column={column}>
        <TypeMark type={node.type} />
      </Cell>
      <Cell at={3} column={column} />
      <SizeCell of={node} column={column} />
    </>
  );
}

function SizeCell({ of, column }: { of: Row | ValueNode; column: number }): JSX.Element {
  return (
    <Cell at={4} column={column}>
      <Size of={of} />
    </Cell>
  );
}

function GroupCell({ group, count, column, twisty }: OwnCells & { group: RowGroup; count: number }): JSX.Element {
  const { t } = useView();
  const { kind, label } = group;
  return (
    <div
      class="cell group-cell"
      role="rowheader"
      aria-colindex={1}
      aria-colspan={COLUMNS.length}
      tabIndex={column >= 0 ? 0 : -1}
    >
      {twisty}
      <span class="ellipsis">
        {kind === "scope" || kind === "prefix" ? <ShownText text={label} /> : t.text(`group.${kind}`)}
      </span>
      <Count count={count} />
    </div>
  );
}

type Gone = Extract<TableRow, { kind: "gone" }>;

/** A pinned variable that the snapshot does not have. */
function GoneCells({ row, column, twisty }: OwnCells & { row: Gone }): JSX.Element {
  const { t } = useView();
  return (
    <>
      <Cell at={0} column={column}>
        {twisty}
        <ShownName name={row.name} />
        <PinMark />
      </Cell>
      <Cell at={1} column={column}>
        <span class="nothing">
          <span aria-hidden="true">– </span>
          {t.text(row.notLoaded ? "why.not-loaded" : "why.not-set")}
        </span>
      </Cell>
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
