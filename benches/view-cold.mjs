/** The first filter, sort, difference and opening of a fresh process or page: of the engine, or of JavaScript. */
import { makeBody, makeLargeValue } from "./body.mjs";
import * as js from "./javascript/table-view.mjs";

const LIMIT = 50;
const CHILDREN = 100;

/** What has to be there before anybody looks; then each question, asked once. */
const PREPARED = {
  async ours(entry, bodies, large) {
    const engine = await import(entry);
    await engine.default();
    await engine.warmUp({ bytes: bodies[0].length });
    const [earlier, later, one] = [...bodies, large].map((body) => engine.Snapshot.parse(body));
    const [row] = one.rows({ limit: 1 }).rows;
    return {
      filter: () => earlier.rows({ filter: "order", limit: LIMIT }),
      sort: () => earlier.rows({ sort: "name", limit: LIMIT }),
      diff: () => later.diff(earlier),
      open: () => one.children(row.entry, [], { limit: CHILDREN }),
    };
  },
  async js(_entry, bodies, large) {
    const [earlier, later, one] = [...bodies, large].map(js.makeTable);
    return {
      filter: () => js.filter(earlier, "order", LIMIT),
      sort: () => js.sortByName(earlier, LIMIT),
      diff: () => js.diff(later, earlier),
      open: () => js.open(one.values[0], CHILDREN),
    };
  },
};

/** Milliseconds of each first question. */
export async function coldView(name, entry, count) {
  const bodies = [makeBody(count), makeBody(count, { revision: 1 })];
  const questions = await PREPARED[name](entry, bodies, makeLargeValue(1 << 20, 1));
  await new Promise((resolve) => setTimeout(resolve, 100));
  const taken = {};
  for (const [what, ask] of Object.entries(questions)) {
    const since = performance.now();
    ask();
    taken[what] = performance.now() - since;
  }
  return taken;
}
