/** Filter, sort, differences and opening a large value: the engine against JavaScript. Runs in Node and in pages. */
import { makeBody, makeLargeValue } from "./body.mjs";
import * as js from "./javascript/table-view.mjs";
import { comparable } from "./load.mjs";
import { assertSame, interleave } from "./measure.mjs";

const LIMIT = 50;
const CHILDREN = 100;
const TYPED = ["or", "ord", "orde", "order"];
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

/** A search with fields: what is asked of each is a test of its own. */
function fields(snapshot, table) {
  const [scope, name] = ["user", "order"];
  const filter = `scope:${scope} name:${name}`;
  return {
    title: `fields \`${filter}\``,
    tasks: [
      { name: "ours", before: forget(snapshot), run: () => snapshot.rows({ filter, limit: LIMIT }) },
      { name: "best JS", run: () => js.filterFields(table, { scope, name }, LIMIT) },
    ],
    answer: ({ total, rows }) => comparable({ total, entries: 0, rows }),
  };
}

/** What is typed letter by letter; each search goes on from the one before. */
function typing(snapshot, table) {
  const last = (search) => TYPED.map(search).at(-1);
  return {
    title: `type \`${TYPED.at(-1)}\`, ${TYPED.length} keys`,
    tasks: [
      {
        name: "ours",
        before: forget(snapshot),
        run: () => last((text) => snapshot.rows({ filter: text, limit: LIMIT })),
      },
      { name: "best JS", run: () => last((text) => js.filter(table, text, LIMIT)) },
    ],
    answer: ({ total, rows }) => comparable({ total, entries: 0, rows }),
  };
}

/** The engine makes its index when a snapshot is asked for the first time: each round asks another snapshot. */
function first(title, parse, ask, best) {
  let fresh;
  const renew = () => {
    fresh?.free();
    fresh = parse();
    fresh.rows({ limit: LIMIT });
  };
  renew();
  return {
    title,
    tasks: [
      { name: "ours", before: renew, run: () => ask(fresh) },
      { name: "best JS", run: best },
    ],
    answer: ({ total, rows }) => comparable({ total, entries: 0, rows }),
    free: () => fresh.free(),
  };
}

const byName = (snapshot) => snapshot.rows({ sort: "name", limit: LIMIT });

const sortAgain = (snapshot, table) => ({
  title: "sort by name again",
  tasks: [
    { name: "ours", before: forget(snapshot), run: () => byName(snapshot) },
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

/** The engine keeps what was opened last; with so many values in turn it has none of them. */
function opening(engine, title, values) {
  const body = makeLargeValue(1 << 20, values);
  const snapshot = engine.Snapshot.parse(body);
  const table = js.makeTable(body);
  const { rows } = snapshot.rows({ limit: values });
  let turn = 0;
  const next = () => turn++ % values;
  return {
    title,
    tasks: [
      { name: "ours", run: () => snapshot.children(rows[next()].entry, [], { limit: CHILDREN }) },
      { name: "best JS", run: () => js.open(table.values[0], CHILDREN) },
      { name: "other JS", run: () => js.openParsed(table.values[0], CHILDREN), differs: true },
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
  const parse = () => engine.Snapshot.parse(bodies[0]);
  const [table, laterTable] = bodies.map(js.makeTable);
  const groups = [
    ...filters(snapshot, table),
    fields(snapshot, table),
    typing(snapshot, table),
    first(
      `first filter of a snapshot, \`${NEEDLES[0]}\``,
      parse,
      (fresh) => fresh.rows({ filter: NEEDLES[0], limit: LIMIT }),
      () => js.filter(table, NEEDLES[0], LIMIT),
    ),
    first("sort by name, a snapshot's first", parse, byName, () => js.sortByName(table, LIMIT)),
    sortAgain(snapshot, table),
    diff(later, snapshot, laterTable, table),
    opening(engine, "open a nested value of 1 MiB", 6),
    opening(engine, "turn its pages", 1),
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
