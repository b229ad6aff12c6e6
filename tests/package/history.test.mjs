/** The history of a session as a program keeps it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadPacked } from "./support.mjs";

const { engine: api } = await loadPacked();

const turn = (total, scope = "session") =>
  api.Snapshot.parse(`{"variables":[{"name":"total","value":${total},"scope":"${scope}"}]}`);

test("snapshots are kept with their turns, given back and compared, and outlive what was pushed", () => {
  const history = new api.History({ count: 3 });
  for (const [at, total] of ["1.10", "1.1", "7", "9007199254740993"].entries()) {
    const snapshot = turn(total);
    assert.equal(history.push(snapshot, at > 0 ? { turn: `turn ${at}` } : undefined), at + 1);
    snapshot.free();
  }
  assert.deepEqual([history.length, history.evicted], [3, 1]);
  assert.ok(history.bytes > 0 && history.bytes < 100_000);
  const moments = history.moments();
  assert.deepEqual(
    moments.map(({ takenAt, ...moment }) => typeof takenAt === "number" && moment),
    [2, 3, 4].map((id) => ({ id, turn: `turn ${id - 1}`, complete: true, size: 1, added: 0, removed: 0, changed: 1 })),
  );
  const [second, last] = [history.snapshot(2), history.snapshot(4)];
  assert.equal(second.get("total").raw, "1.1");
  assert.deepEqual(last.diff(second).changed[0].after.value, 9007199254740993n);
  assert.equal(history.snapshot(1), undefined);
  assert.deepEqual([history.label(3, "refund"), history.label(4), history.label(1, "x")], [true, true, false]);
  assert.deepEqual(
    history.moments().map((moment) => moment.turn),
    ["turn 1", "refund", undefined],
  );
  history.free();
  assert.equal(last.get("total").raw, "9007199254740993", "what was given is the program's");
  assert.throws(() => history.moments());
});

test("what takes too many bytes goes, the oldest first, and never the newest", () => {
  const large = (letter) => turn(JSON.stringify(letter.repeat(100_000)));
  const one = new api.History();
  one.push(large("x"));
  const bytes = 4 * one.bytes;
  const history = new api.History({ bytes });
  for (const letter of "abcdefgh") {
    history.push(large(letter));
    assert.ok(history.bytes <= bytes, `${history.bytes} of ${bytes}`);
  }
  assert.ok(history.length > 1 && history.evicted > 0 && history.length + history.evicted === 8);
  assert.equal(history.moments().at(-1).id, 8);
  const least = new api.History({ bytes: 0 });
  least.push(large("x"));
  assert.equal(least.length, 1);
});

test("the history of a variable tells each change, and when it went", () => {
  const history = new api.History();
  for (const snapshot of [turn('"1"'), turn("1"), turn("1", "user"), turn('"x"', "user")]) history.push(snapshot);
  history.push(api.Snapshot.parse('{"variables":[]}'));
  assert.deepEqual(
    history.variable("total").map(({ id, kinds, variable }) => [id, kinds, variable?.value]),
    [
      [1, [], 1],
      [2, ["raw"], 1],
      [3, ["winner"], 1],
      [4, ["value", "type"], "x"],
      [5, [], undefined],
    ],
  );
  assert.deepEqual(
    history.variable("total", { scope: "session" }).map(({ id }) => id),
    [1, 2, 3],
  );
  assert.deepEqual(history.variable("none"), []);
});

test("what cannot be kept is refused", () => {
  for (const options of [{ count: 0 }, { count: 1.5 }, { bytes: -1 }, { size: 3 }, 3]) {
    assert.throws(() => new api.History(options), { name: "DebuggerError", code: "INPUT_INVALID" });
  }
  const history = new api.History();
  const freed = turn(1);
  freed.free();
  for (const snapshot of [undefined, null, {}, freed]) {
    assert.throws(() => history.push(snapshot), { code: "INPUT_INVALID" });
  }
  assert.throws(() => history.push(turn(1), { turn: 5 }), { code: "INPUT_INVALID" });
  const of = (sessionId) => api.Snapshot.parse('{"variables":[]}', { sessionId });
  history.push(of("one"));
  assert.throws(() => history.push(of("other")), { code: "INPUT_INVALID" });
  assert.equal(history.length, 1);
});
