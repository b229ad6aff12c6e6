/**
 * A link that holds what a reader has set up: which session and scope, how its rows are filtered and sorted, and, where the host
 * allows it, which variable is selected. It holds no values. It stands in the fragment of an address, which is sent to no server.
 */
import { TABS } from "./detail-model.js";
import { GROUPINGS, type ViewState } from "./view-state.js";

/** Names the links of this version; those of another one are left alone. */
const [KEY, VERSION] = ["csd", "1"];
const SORT = /^-?(order|changed|name|type|scope|size)$/;
/** A longer text was not typed by a person. */
const LONGEST = 2_000;

/** Says of each text whether a rule hides it. */
export type Hides = (texts: readonly string[]) => Promise<readonly boolean[]>;

/**
 * The address with the link in it, instead of its own fragment. What a rule hides is left out: a filter may hold what a reader was
 * looking for, and an id or a name may be a secret.
 */
export async function writeViewLink(
  address: string,
  state: ViewState,
  { selection, hides }: { selection: boolean; hides: Hides },
): Promise<string> {
  const { sessionId, scope = "", includeSystem } = state.query;
  const texts: [name: string, text: string][] = [
    ["session", sessionId],
    ["scope", scope],
    ["filter", state.filter],
  ];
  if (selection && state.selected) texts.push(["name", state.selected.name], ["in", state.selected.scope]);
  const hidden = await hides(texts.map(([, text]) => text));
  const parameters = new URLSearchParams({ [KEY]: VERSION });
  texts.forEach(([name, text], at) => {
    if (text !== "" && hidden[at] === false) parameters.set(name, text);
  });
  if (includeSystem !== undefined) parameters.set("system", includeSystem ? "1" : "0");
  if (state.shadowed) parameters.set("shadowed", "1");
  if (state.groupBy !== "none") parameters.set("group", state.groupBy);
  if (state.sort !== "order") parameters.set("sort", state.sort);
  if (state.tab !== "value") parameters.set("tab", state.tab);
  const link = new URL(address);
  link.hash = parameters.toString();
  return link.href;
}

/** What a link says; `undefined` where the address holds none. Anything may stand in an address, so only what is known is taken. */
export function readViewLink(address: string): Partial<ViewState> | undefined {
  const parameters = new URLSearchParams(new URL(address).hash.slice(1));
  if (parameters.get(KEY) !== VERSION) return undefined;
  const text = (name: string): string => (parameters.get(name) ?? "").slice(0, LONGEST);
  const [sessionId, scope, sort] = [text("session"), text("scope"), text("sort")];
  const name = parameters.get("name");
  return {
    version: 1,
    ...(sessionId !== "" && {
      query: {
        sessionId,
        ...(scope !== "" && { scope }),
        ...(parameters.has("system") && { includeSystem: parameters.get("system") !== "0" }),
      },
    }),
    filter: text("filter"),
    sort: SORT.test(sort) ? sort : "order",
    shadowed: parameters.has("shadowed"),
    groupBy: GROUPINGS.find((by) => by === text("group")) ?? "none",
    tab: TABS.find((tab) => tab === text("tab")) ?? "value",
    ...(name !== null && { selected: { name, scope: text("in") } }),
  };
}
