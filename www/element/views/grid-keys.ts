/**
 * The table's keys.
 */

import type { ViewContext } from "./context.js";
import { isRtl } from "./direction.js";
import { COLUMNS, nextSort, sortKey } from "./grid-header.js";

/** Handles a key; `page` is how many rows a page has. */
export function gridKeys(event: KeyboardEvent, view: ViewContext, page: number): void {
  const move = target(event, view, page);
  if (!move && !act(event, view)) return;
  event.preventDefault();
  event.stopPropagation();
  if (!move) return;
  view.model.table.moveTo(move.row, move.column);
  if (view.model.table.active.row >= 0) view.actions.select(view.model.table.active.row);
}

interface Target {
  row: number;
  column: number;
}

function target(event: KeyboardEvent, view: ViewContext, page: number): Target | undefined {
  const { active, total } = view.model.table;
  const { row, column } = active;
  const inCell = column >= 0;
  if (event.altKey || event.metaKey) return undefined;
  const control = event.ctrlKey;
  switch (event.key) {
    case "ArrowDown":
      return { row: row + 1, column: row < 0 && !inCell ? -1 : column };
    case "ArrowUp":
      return { row: row - 1, column };
    case "PageDown":
      return { row: row + page, column };
    case "PageUp":
      return { row: Math.max(0, row - page), column };
    case "Home":
      return inCell && !control ? { row, column: 0 } : { row: 0, column };
    case "End":
      return inCell && !control ? { row, column: COLUMNS.length - 1 } : { row: total - 1, column };
    case "ArrowLeft":
    case "ArrowRight": {
      const forward = (event.key === "ArrowRight") !== isRtl(event.currentTarget);
      return inTree(view, forward) ?? { row, column: sideways(view, forward) };
    }
    default:
      return undefined;
  }
}

/** On a row as a whole: opens it, or closes it or goes to what it is in. `undefined` where there is nothing of that to do. */
function inTree(view: ViewContext, forward: boolean): Target | undefined {
  const { table } = view.model;
  const { row: index, column } = table.active;
  const row = column < 0 ? table.row(index) : undefined;
  if (!row) return undefined;
  if (row.expanded === !forward) void table.turn(index, forward ? "expand" : "collapse");
  else if (!forward && row.depth > 0) void table.toParent(index).then(() => view.actions.select(table.active.row));
  else return undefined;
  return { row: index, column };
}

function sideways(view: ViewContext, forward: boolean): number {
  const { row, column } = view.model.table.active;
  const first = row < 0 ? 0 : -1;
  return Math.max(first, Math.min(COLUMNS.length - 1, column + (forward ? 1 : -1)));
}

/** Keys that do something to the row or header they are on. */
function act(event: KeyboardEvent, view: ViewContext): boolean {
  const { model, actions } = view;
  const { row, column } = model.table.active;
  const copy = event.key.toLowerCase() === "c" && (event.ctrlKey || event.metaKey);
  // Marked text is what the reader means to copy.
  if (copy && document.getSelection()?.type === "Range") return false;
  if (copy && row >= 0) {
    void actions.copy(event.shiftKey ? "javascript" : "value");
    return true;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  if (row >= 0 && event.key === "*") {
    void model.table.turn(row, "siblings");
    return true;
  }
  if (row >= 0 && event.key === "w") {
    actions.togglePin(row);
    return true;
  }
  if (event.key !== "Enter" && event.key !== " ") return false;
  if (row >= 0) {
    actions.open(row, event.key === "Enter");
    return true;
  }
  const name = COLUMNS[Math.max(0, column)];
  const key = name && sortKey(name);
  if (key) void model.table.setView({ sort: nextSort(model.table.view.sort, key) });
  return true;
}
