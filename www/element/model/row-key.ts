/**
 * What identifies a row of the table, and what it is about.
 */
import type { RowKey, TableRow } from "../../worker/protocol.js";
import { formatPath } from "../text/paths.js";

export function keyOf(row: TableRow): RowKey {
  switch (row.kind) {
    case "group":
      return { group: row.group };
    case "variable":
      return { name: row.row.name, scope: row.row.scope, entry: row.row.entry };
    case "removed":
      return { name: row.row.name, scope: row.row.scope, entry: row.row.entry, removed: true };
    case "member":
      return { name: row.name, scope: row.scope, path: row.path, entry: row.entry, steps: row.steps };
    case "gone":
      return { name: row.name, ...(row.scope !== undefined && { scope: row.scope }) };
  }
}

/** The number of the variable that a row is of, and the way down into its value. */
export function partOfRow(row: TableRow | undefined): { entry: number; steps: readonly number[] } | undefined {
  if (row?.kind === "variable") return { entry: row.row.entry, steps: [] };
  return row?.kind === "member" ? { entry: row.entry, steps: row.steps } : undefined;
}

/** The way to what stands in a row, as a reader would write it. */
export function pathOfRow(row: TableRow): string {
  if (row.kind === "group") return row.group.label;
  if (row.kind === "variable" || row.kind === "removed") return row.row.name;
  return formatPath([row.name, ...(row.kind === "member" ? row.path : [])]);
}
