/** What a person asks for while something else is under way: what is shown is what was asked for, and can be read to its end. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { deferred, hold, openModel } from "./lib/model-here.mjs";

const list = (...names) => ({ variables: names.map((name) => ({ name, value: name, scope: "user" })) });
/** The names of the table's rows, asked for anew, as a reader does who scrolls. */
const names = async ({ host, table }) =>
  ((await host.rows(table.rows.head.version, 0, 100)).value ?? []).map(({ kind, row }) => [kind, row.name]);
const kept = [
  ["variable", "kept"],
  ["removed", "gone"],
];

test("rows that are gone can be read although a newer read was given up and the next one failed", async () => {
  const bodies = [list("kept", "gone"), list("kept"), list("kept", "new"), undefined];
  const { model, load } = await openModel(() => bodies.shift() ?? Promise.reject(new Error("no network")));
  await load("a");
  await load("a");
  assert.deepEqual(await names(model), kept);
  const late = hold(model.host, "load");
  const third = load("a").catch(({ name }) => name);
  await late.ready;
  const fourth = load("a").catch(({ code }) => code);
  late.go();
  assert.deepEqual([await third, await fourth], ["AbortError", "SOURCE_FAILED"]);
  assert.deepEqual(await names(model), kept);
  // And what else the reader asks of the table is told by the same read.
  await model.table.setView({ sort: "name" });
  assert.deepEqual(await names(model), kept);
  model.close();
});

test("rows that are gone can be read while a comparison ends", async () => {
  const bodies = { a: list("kept"), b: list("kept", "gone") };
  const { model, load } = await openModel(({ sessionId }) => bodies[sessionId]);
  await load("a");
  await model.comparison.withOther("b");
  assert.deepEqual(await names(model), kept);
  const late = hold(model.host, "compareWith");
  const ending = model.comparison.withMoment(undefined);
  await late.ready;
  assert.deepEqual(await names(model), kept);
  late.go();
  await ending;
  assert.deepEqual(await names(model), [["variable", "kept"]]);
  model.close();
});

/** A row as the first hits have it. */
const firstHit = (name) => ({
  kind: "variable",
  row: { entry: 0, name, scope: "user" },
  depth: 0,
  position: 0,
  siblings: -1,
  pinned: false,
});

test("first hits are shown until all are there, and none of a filter that is not asked for any more", async () => {
  const { model, load } = await openModel(() => list("a1", "a2", "b1"));
  await load("s");
  const { host, table } = model;
  const shown = () => [table.counting, table.total, table.row(0)?.row.name];
  const real = host.arrange.bind(host);
  /** Searches that have not ended yet, by filter. */
  const searches = new Map();
  host.arrange = async (id, view, keep, onFirst) => {
    const ended = deferred();
    const tell = (name) => onFirst?.({ rows: [firstHit(name)], misread: [] });
    searches.set(view.filter, { end: ended.resolve, tell });
    await ended.promise;
    return real(id, view, keep);
  };
  const searched = async (filter) => {
    while (!searches.has(filter)) await new Promise((resolve) => setTimeout(resolve, 1));
    return searches.get(filter);
  };
  const all = table.setView({ filter: "a" });
  const first = await searched("a");
  assert.deepEqual(shown(), [false, 3, "a1"], "what was shown stays until there is something");
  first.tell("a1");
  assert.deepEqual([...shown(), table.searching], [true, 1, "a1", true]);
  // Another filter is asked for: what the one before finds is not shown any more.
  void table.setView({ filter: "b" });
  first.tell("a2");
  assert.deepEqual(shown(), [true, 1, "a1"]);
  first.end();
  const second = await searched("b");
  second.tell("b1");
  assert.deepEqual(shown(), [true, 1, "b1"]);
  second.end();
  await all;
  second.tell("late");
  assert.deepEqual([...shown(), table.searching], [false, 1, "b1", false]);
  // A read of the same session shows nothing before all is there.
  searches.clear();
  const again = load("s");
  const third = await searched("b");
  third.tell("b0");
  assert.deepEqual(shown(), [false, 1, "b1"]);
  third.end();
  await again;
  assert.deepEqual(shown(), [false, 1, "b1"]);
  model.close();
});

test("no session is shown while another one is asked for, not even one whose rows are only just coming", async () => {
  const slow = deferred();
  const { model, told, load } = await openModel(({ sessionId }) =>
    sessionId === "c" ? slow.promise : list(`of_${sessionId}`),
  );
  await load("a");
  const rows = hold(model.host, "arrange");
  const second = load("b").catch(({ name }) => name);
  await rows.ready;
  const third = load("c");
  rows.go();
  assert.equal(await second, "AbortError");
  assert.deepEqual([model.summary, model.table.rows, model.answered?.sessionId], [undefined, undefined, undefined]);
  assert.deepEqual(told.snapshots, ["a"]);
  assert.equal(model.before?.sessionId, "a");
  slow.resolve(list("of_c"));
  await third;
  assert.deepEqual([model.summary.sessionId, await names(model)], ["c", [["variable", "of_c"]]]);
  model.close();
});

test("a session is asked for while a file is being shown: the file is not shown in its place", async () => {
  const slow = deferred();
  let reads = 0;
  const { model, load } = await openModel(() => (++reads === 1 ? list("first") : slow.promise));
  await load("a");
  const file = new File([await model.save("file")], "saved.json");
  const rows = hold(model.host, "arrange");
  const opening = model.openFile(file).catch(({ name }) => name);
  await rows.ready;
  const again = load("a");
  rows.go();
  assert.equal(await opening, "AbortError");
  assert.deepEqual([model.summary, model.table.rows], [undefined, undefined]);
  slow.resolve(list("second"));
  await again;
  assert.deepEqual(await names(model), [
    ["variable", "second"],
    ["removed", "first"],
  ]);
  model.close();
});

test("a file is given up for a newer read: what is compared with is still what is said", async () => {
  const { model, load } = await openModel(({ sessionId }) => list("kept", `of_${sessionId}`));
  await load("a");
  const file = new File([await model.save("file")], "saved.json");
  await model.comparison.withOther("b");
  const opened = hold(model.host, "open");
  const opening = model.openFile(file).catch(({ name }) => name);
  await opened.ready;
  const again = load("a");
  opened.go();
  assert.equal(await opening, "AbortError");
  assert.equal(model.summary.other?.sessionId, (await again).other?.sessionId);
  const told = [
    ["variable", "kept"],
    ["variable", "of_a"],
    ["removed", "of_b"],
  ];
  assert.deepEqual(await names(model), told);
  // Shown, it is compared with nothing, and what it came after is not either.
  await model.openFile(file);
  assert.deepEqual([model.summary.other, await names(model)], [undefined, told.slice(0, 2)]);
  model.close();
});

test("a file is given up for a read that fails: the marks go by what the engine compares with", async () => {
  const bodies = [list("one"), list("one", "two"), list("one", "two", "three")];
  const { model, load } = await openModel(() => bodies.shift() ?? Promise.reject(new Error("no network")));
  const { moment } = await load("a");
  const file = new File([await model.save("file")], "saved.json");
  await load("a");
  await load("a");
  const added = async () =>
    (await model.host.rows(model.table.rows.head.version, 0, 100)).value.filter(({ row }) => row.change === "added")
      .length;
  await model.comparison.withMoment(moment);
  assert.equal(await added(), 2);
  const left = hold(model.host, "compareWith");
  const opening = model.openFile(file).catch(({ name }) => name);
  await left.ready;
  const failing = load("a").catch(({ code }) => code);
  left.go();
  assert.deepEqual([await opening, await failing], ["AbortError", "SOURCE_FAILED"]);
  assert.deepEqual([model.comparison.moment, await added()], [undefined, 1]);
  model.close();
});

test("a moment is chosen while the session is read again: the newer read is shown, told by what was chosen last", async () => {
  const bodies = [list("one"), list("one", "two"), list("one", "two", "three")];
  const { model, told, load } = await openModel(() => bodies.shift());
  const { moment } = await load("a");
  await load("a");
  const choosing = hold(model.host, "compareWith");
  const chosen = model.comparison.withMoment(moment);
  await choosing.ready;
  const { id } = await load("a");
  choosing.go();
  await chosen;
  assert.equal(model.summary.id, id);
  assert.equal(model.table.total, 3);
  assert.deepEqual(told.faults, []);
  // The next view can be opened: nothing in it has been let go of.
  await model.table.setView({ filter: "two" });
  assert.deepEqual(await names(model), [["variable", "two"]]);
  model.close();
});

test("a comparison that ends while the session is read again does not come back with what that read says", async () => {
  const { model, load } = await openModel(({ sessionId }) => list(`of_${sessionId}`));
  await load("a");
  await model.comparison.withOther("b");
  const rows = hold(model.host, "arrange");
  const again = load("a");
  await rows.ready;
  const ending = model.comparison.withMoment(undefined);
  await new Promise(setImmediate);
  rows.go();
  await Promise.all([again, ending]);
  assert.deepEqual([model.summary.other, await names(model)], [undefined, [["variable", "of_a"]]]);
  model.close();
});

test("what is chosen while the other session is asked for again counts, and nobody is told that something was cancelled", async () => {
  const slow = deferred();
  const { model, told, load } = await openModel(({ sessionId, scope }) =>
    sessionId === "b" && scope === "user" ? slow.promise : list(`of_${sessionId}`),
  );
  await load("a");
  await model.comparison.withOther("b");
  model.query = { ...model.query, scope: "user" };
  const asking = hold(model.host, "compareWithOther");
  await load("a");
  await model.comparison.withMoment(undefined);
  slow.resolve(list("of_b"));
  await asking.ready;
  asking.go();
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual(told.faults, []);
  await load("a");
  assert.equal(model.summary.other, undefined);
  model.close();
});

test("reads of one session that overtake each other are shown one after the other, and let go of", async () => {
  const bodies = [list("one"), list("two"), list("three")];
  const { model, load } = await openModel(() => bodies.shift());
  const released = [];
  await load("a");
  const { release } = model.host;
  model.host.release = async (id) => {
    released.push(id);
    await release.call(model.host, id);
  };
  const first = model.summary.id;
  const rows = hold(model.host, "arrange");
  const second = load("a");
  await rows.ready;
  const read = hold(model.host, "load");
  const third = load("a");
  await read.ready;
  read.go();
  await new Promise(setImmediate);
  rows.go();
  const [{ id: between }, { id: last }] = await Promise.all([second, third]);
  assert.deepEqual([model.summary.id, released], [last, [first, between]]);
  assert.deepEqual(await names(model), [
    ["variable", "three"],
    ["removed", "two"],
  ]);
  model.close();
});

test("a comparison asked for right after a connection uses that connection", async () => {
  const { model, connect, load } = await openModel(() => list("old"));
  await load("a");
  const connected = connect(() => list("new"));
  await model.comparison.withOther("b");
  await connected;
  assert.deepEqual(await names(model), [
    ["variable", "old"],
    ["removed", "new"],
  ]);
  model.close();
});
