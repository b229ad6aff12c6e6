/**
 * What a reader has set up, as plain data that a host may store: no values and no tokens.
 */
import type { VariableQuery } from "../../entry/index.js";
import { type DetailTab, TABS } from "./detail-model.js";
import type { SessionModel } from "./session-model.js";

export interface ViewState {
  version: 1;
  query: VariableQuery;
  filter: string;
  sort: string;
  shadowed: boolean;
  selected?: { name: string; scope: string };
  tab: DetailTab;
}

export function readViewState(model: SessionModel): ViewState {
  const { filter, sort, shadowed } = model.table.view;
  const { row, tab } = model.detail;
  return {
    version: 1,
    query: { ...model.query },
    filter,
    sort,
    shadowed,
    ...(row && { selected: { name: row.name, scope: row.scope } }),
    tab,
  };
}

/** Takes what it understands of a state; a state can come from an older or newer version. */
export async function applyViewState(model: SessionModel, state: Partial<ViewState>): Promise<void> {
  if (state.query && typeof state.query.sessionId === "string") model.query = { ...state.query };
  if (state.tab && TABS.includes(state.tab)) model.detail.setTab(state.tab);
  const { filter, sort, shadowed, selected } = state;
  await model.table.setView({
    ...(typeof filter === "string" && { filter }),
    ...(typeof sort === "string" && { sort }),
    ...(typeof shadowed === "boolean" && { shadowed }),
  });
  if (selected) await model.selectVariable(selected.name, selected.scope);
}
