/** Watchpoints as a program uses them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadPacked } from "./support.mjs";

const { engine: api } = await loadPacked();

const turn = (value, scope = "session") =>
  api.Snapshot.parse(`{"variables":[{"name":"cart","value":${value},"scope":"${scope}"}]}`);

test("each condition is met by what it says, and told with what was and what is", () => {
  const watchpoints = new api.Watchpoints();
  const add = (when, path) => watchpoints.add({ name: "cart", when, ...(path && { path }) });
  const ids = {
    changes: add("changes", ["items", 0]),
    appears: add("appears", ["items", 1]),
    types: add("type-changes", ["items", 0]),
    winner: add("winner-changes"),
    crosses: add({ crosses: 9007199254740993n }, ["total"]),
    equals: add({ equals: { items: ["a"], total: 1 } }),
    contains: add({ contains: "é" }),
    exceeds: add({ exceeds: 60 }),
    same: add({ unchangedFor: 2 }, ["total"]),
    gone: add("disappears", ["total"]),
  };
  const name = (event) => Object.keys(ids).find((key) => ids[key] === event.id);
  const told = (snapshot) => watchpoints.check(snapshot).map(name);
  assert.deepEqual(told(turn('{"items":["a"],"total":1}')), ["equals"]);
  assert.deepEqual(told(turn('{"items":["b","caf\\u00e9"],"total":1}')), ["changes", "appears", "contains", "same"]);
  const events = watchpoints.check(turn('{"items":[2,"b"],"total":9007199254740993}', "user"));
  assert.deepEqual(events.map(name), ["changes", "types", "winner", "crosses"]);
  const crossed = events.at(-1);
  assert.deepEqual(crossed.before, { value: 1, type: "integer", scope: "session", bytes: 1 });
  assert.deepEqual(crossed.after, { value: 9007199254740993n, type: "integer", scope: "user", bytes: 16 });
  assert.equal(crossed.hits, 1);
  assert.equal(typeof crossed.takenAt, "number");
  assert.deepEqual(told(turn(`{"items":[2,"b"],"note":"${"x".repeat(60)}"}`, "user")), ["exceeds", "gone"]);
  assert.deepEqual(
    [watchpoints.hits(ids.changes), watchpoints.hits(ids.gone), watchpoints.hits(99)],
    [2, 1, undefined],
  );
  assert.equal(watchpoints.remove(ids.gone), true);
  assert.equal(watchpoints.remove(ids.gone), false);
  watchpoints.free();
});

test("the place of a watchpoint is told by names that outlive the mask that has shown it", () => {
  const mask = new api.Mask();
  const snapshot = api.Snapshot.parse(
    '{"variables":[{"name":"cart","value":{"max@mail.example":[1]},"scope":"user"},{"name":"eva@mail.example","value":1,"scope":"bot"}]}',
  );
  const [cart, eva] = snapshot.rows({ mask }).rows;
  const key = snapshot.children(cart.entry, [], { mask }).nodes[0].key;
  const watchpoints = new api.Watchpoints();
  const inside = watchpoints.add({ name: cart.name, path: [key, 0], when: "changes" }, { mask });
  const whole = watchpoints.add({ name: eva.name, scope: "bot", when: "changes" }, { mask });
  assert.match(`${key} ${eva.name}`, /^\[masked:email#1\] \[masked:email#2\]$|^\[masked:email#2\] \[masked:email#1\]$/);
  assert.deepEqual(watchpoints.place(inside), { name: "cart", path: ["max@mail.example", 0] });
  assert.deepEqual(watchpoints.place(whole), { name: "eva@mail.example", scope: "bot", path: [] });
  assert.equal(watchpoints.place(99), undefined);
  for (const made of [mask, snapshot, watchpoints]) made.free();
});

test("what a debugger reads is looked at without any page", async () => {
  let total = 90;
  const source = () => {
    total += 20;
    return `{"variables":[{"name":"cart","value":{"total":${total}},"scope":"user"}]}`;
  };
  const sessions = new api.SessionDebugger({ source });
  const watchpoints = new api.Watchpoints();
  const id = watchpoints.add({ name: "cart", path: ["total"], when: { crosses: 120 } });
  const told = [];
  for (let read = 0; read < 3; read++) {
    const snapshot = await sessions.snapshot({ sessionId: "s" });
    told.push(watchpoints.check(snapshot).map(({ before, after, hits }) => [before.value, after.value, hits]));
    snapshot.free();
  }
  assert.deepEqual(told, [[], [[110, 130, 1]], []]);
  assert.equal(watchpoints.hits(id), 1);
  watchpoints.free();
  sessions.free();
});

test("what cannot be watched is refused", () => {
  const watchpoints = new api.Watchpoints();
  /** @type {unknown[]} */
  const refused = [undefined, null, "x", {}, { name: "a" }, { name: 1, when: "changes" }, { when: "changes" }];
  const conditions = ["change", {}, { equals: () => {} }, { contains: 1 }, { crosses: "5" }, { crosses: Number.NaN }];
  const more = [
    { exceeds: -1 },
    { unchangedFor: 0 },
    { unchangedFor: 1.5 },
    { equals: 1, contains: "a" },
    { __proto__: { equals: 1 } },
  ];
  for (const when of [...conditions, ...more]) refused.push({ name: "a", when });
  refused.push({ name: "a", when: "changes", path: "b" }, { name: "a", when: "changes", pth: [] });
  for (const watchpoint of refused) {
    assert.throws(() => watchpoints.add(watchpoint), { name: "DebuggerError", code: "INPUT_INVALID" });
  }
  assert.equal(watchpoints.add({ name: "a", when: "changes" }), 1);
});
