/**
 * What a reader has set up, as plain data that a host may store: no values and no tokens.
 */
import type { Grouping, Pin, VariableQuery, Watchpoint } from "../../entry/index.js";
import { type DetailTab, TABS } from "./detail-model.js";
import type { SessionModel } from "./session-model.js";

/** Each way to group rows. */
export const GROUPINGS: readonly Grouping[] = ["none", "scope", "prefix"];

export interface ViewState {
  version: 1;
  query: VariableQuery;
  filter: string;
  sort: string;
  shadowed: boolean;
  groupBy: Grouping;
  pins: readonly Pin[];
  selected?: { name: string; scope: string };
  tab: DetailTab;
  watchpoints: readonly Watchpoint[];
}

export function readViewState(model: SessionModel): ViewState {
  const { filter, sort, shadowed, groupBy, pins } = model.table.view;
  const { row, tab } = model.detail;
  return {
    version: 1,
    query: { ...model.query },
    filter,
    sort,
    shadowed,
    groupBy,
    pins: pins.filter(isLasting),
    ...(row && isLasting(row) && { selected: { name: row.name, scope: row.scope } }),
    tab,
    watchpoints: model.watches.watchpoints.filter(isPlain).filter(isLasting),
  };
}

/** Takes what it understands of a state; a state can come from an older or newer version. */
export async function applyViewState(model: SessionModel, state: Partial<ViewState>): Promise<void> {
  if (state.query && typeof state.query.sessionId === "string") model.query = { ...state.query };
  if (state.tab && TABS.includes(state.tab)) model.detail.setTab(state.tab);
  const { filter, sort, shadowed, groupBy, pins, selected, watchpoints } = state;
  if (Array.isArray(watchpoints))
    await model.watchAll(watchpoints.filter(isWatchpoint).map(plainWatchpoint).filter(isLasting));
  await model.table.setView({
    ...(typeof filter === "string" && { filter }),
    ...(typeof sort === "string" && { sort }),
    ...(typeof shadowed === "boolean" && { shadowed }),
    ...(groupBy && GROUPINGS.includes(groupBy) && { groupBy }),
    ...(Array.isArray(pins) && { pins: pins.filter(isPin).map(plainPin).filter(isLasting) }),
  });
  if (selected && isLasting(selected)) await model.selection.variable(selected.name, selected.scope);
}

/** Whether it means the same elsewhere: the names that a mask gives are numbered anew by each mask. */
function isLasting({ name, scope, path = [] }: { name: string; scope?: string; path?: Watchpoint["path"] }): boolean {
  return ![name, scope, ...path].some((part) => typeof part === "string" && part.startsWith("[masked:"));
}

/** Whether JSON can hold it. */
function isPlain({ when }: Watchpoint): boolean {
  return typeof when === "string" || !("equals" in when) || typeof when.equals !== "bigint";
}

function isWatchpoint(watchpoint: Partial<Watchpoint> | null): boolean {
  return typeof watchpoint?.name === "string" && watchpoint.when !== undefined;
}

function plainWatchpoint({ name, scope, path = [], when }: Watchpoint): Watchpoint {
  return { name, ...(scope !== undefined && { scope }), path, when };
}

function isPin(pin: Partial<Pin> | null): boolean {
  return typeof pin?.name === "string" && (pin.scope === undefined || typeof pin.scope === "string");
}

function plainPin({ name, scope }: Pin): Pin {
  return { name, ...(scope !== undefined && { scope }) };
}
