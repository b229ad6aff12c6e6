/** Filter, sort, differences and opening a large value: the engine against JavaScript. Runs in Node and in pages. */
import { makeBody, makeLargeValue } from "./body.mjs";
import * as js from "./javascript/table-view.mjs";
import { comparable } from "./load.mjs";
import { assertSame, interleave } from "./measure.mjs";

const LIMIT = 50;
const CHILDREN = 100;
export const NEEDLES = ["order", "invoice_1", "müller", "zzzz", "e", "qx"];

/** The rows of the last few questions are kept; so many others in between make each of ours count. */
const forget = (snapshot) => () => {
  for (let other = 0; other < 8; other++) snapshot.rows({ limit: 1, scope: `no scope ${other}` });
};

/** Each group is one line of the table: answers that must be the same, and tasks. */
function filters(snapshot, table) {
  const lower = js.makeLowerCase(table);
  return NEEDLES.map((text) => ({
    title: `filter \`${text}\``,
    tasks: [
      { name: "ours", before: forget(snapshot), run: () => snapshot.rows({ filter: text, limit: LIMIT }) },
      { name: "best JS", run: () => js.filter(table, text, LIMIT) },
      { name: "other JS", run: () => js.filterLowerCase(table, lower, text, LIMIT) },
    ],
    answer: ({ total, rows }) => comparable({ total, entries: 0, rows }),
  }));
}

const sort = (snapshot, table) => ({
  title: "sort by name",
  tasks: [
    { name: "ours", before: forget(snapshot), run: () => snapshot.rows({ sort: "name", limit: LIMIT }) },
    { name: "best JS", run: () => js.sortByName(table, LIMIT) },
  ],
  answer: ({ total, rows }) => comparable({ total, entries: 0, rows }),
});

const diff = (later, earlier, laterTable, earlierTable) => ({
  title: "differences of two snapshots",
  tasks: [
    { name: "ours", run: () => later.diff(earlier) },
    { name: "best JS", run: () => js.diff(laterTable, earlierTable) },
  ],
  answer: ({ added, removed, changed, unchangedCount }) => ({
    ...{ added, removed, unchangedCount },
    changed: changed.map(({ name, kinds, before, after }) => [name, kinds, before.type, after.type, after.raw]),
  }),
});

function opening(engine) {
  const body = makeLargeValue();
  const snapshot = engine.Snapshot.parse(body);
  const { values } = js.makeTable(body);
  const [entry] = snapshot.rows({ limit: 1 }).rows;
  return {
    title: "open a nested value of 1 MiB",
    tasks: [
      { name: "ours", run: () => snapshot.children(entry.entry, [], { limit: CHILDREN }) },
      { name: "best JS", run: () => js.open(values[0], CHILDREN) },
      { name: "other JS", run: () => js.openParsed(values[0], CHILDREN), differs: true },
    ],
    answer: ({ total, nodes }) => ({
      total,
      nodes: nodes.map(({ key, type, text, childCount }) => ({ key, type, text, childCount })),
    }),
    free: () => snapshot.free(),
  };
}

/**
 * Medians of every group, by title and name of the task.
 *
 * @param {any} engine @param {number} count
 * @param {{ rounds?: number, warmups?: number }} [options]
 */
export async function measureView(engine, count, options) {
  const bodies = [makeBody(count), makeBody(count, { revision: 1 })];
  const [snapshot, later] = bodies.map((body) => engine.Snapshot.parse(body));
  const [table, laterTable] = bodies.map(js.makeTable);
  const groups = [
    ...filters(snapshot, table),
    sort(snapshot, table),
    diff(later, snapshot, laterTable, table),
    opening(engine),
  ];
  const results = {};
  for (const { title, tasks, answer, free } of groups) {
    const same = tasks.filter((task) => !task.differs).map((task) => [task.name, answer(task.run())]);
    assertSame(title, Object.fromEntries(same));
    results[title] = await interleave(tasks, options);
    free?.();
  }
  snapshot.free();
  later.free();
  return results;
}
