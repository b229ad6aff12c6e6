/**
 * The column headers; pressing one sorts by it.
 */
import type { JSX } from "preact";
import type { SortColumn } from "../model/table-model.js";
import { useView } from "./context.js";

export type Column = "name" | "value" | "type" | "scope" | "size";
export const COLUMNS: readonly Column[] = ["name", "value", "type", "scope", "size"];

/** The column's sort key; values have no order that would mean something. */
export function sortKey(column: Column): SortColumn | undefined {
  return column === "value" ? undefined : column;
}

/** First press: ascending (sizes: largest first); second: the other way; third: the order in which they came. */
export function nextSort(sort: string, key: SortColumn): string {
  const first = key === "size" ? "-size" : key;
  const second = key === "size" ? "size" : `-${key}`;
  if (sort === first) return second;
  return sort === second ? "order" : first;
}

export function GridHeader(): JSX.Element {
  const { model, t } = useView();
  const { table } = model;
  const { row, column: at } = table.active;
  const onHeader = row < 0 || table.total === 0;
  return (
    <div class="header" part="header" role="row" aria-rowindex={1}>
      {COLUMNS.map((column, index) => {
        const key = sortKey(column);
        const active = onHeader && Math.max(0, at) === index;
        return (
          <div
            key={column}
            role="columnheader"
            class={`cell ${column}${key ? " sortable" : ""}`}
            aria-colindex={index + 1}
            aria-sort={key && direction(table.view.sort, key)}
            tabIndex={active ? 0 : -1}
            title={key && t.text("column.sort", { column: t.text(`column.${column}`) })}
            onFocus={() => !active && table.moveTo(-1, index)}
            onClick={() => key && void table.setView({ sort: nextSort(table.view.sort, key) })}
          >
            {t.text(`column.${column}`)}
            {key && <span class="arrow" aria-hidden="true" />}
          </div>
        );
      })}
    </div>
  );
}

function direction(sort: string, key: SortColumn): "ascending" | "descending" | "none" {
  if (sort === key) return "ascending";
  return sort === `-${key}` ? "descending" : "none";
}
