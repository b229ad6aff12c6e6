/** Differences as a program asks for them, and patches as another library applies them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import jsonPatch from "fast-json-patch";
import { loadPacked } from "./support.mjs";

const { engine: api } = await loadPacked();

const parse = (rows, options) => api.Snapshot.parse(JSON.stringify({ variables: rows }), options);
const row = (name, value, scope = "user") => ({ name, value, scope });

test("differences inside a value cross with both ways, kinds, exact numbers and how lists were matched", () => {
  const turn = (value) => api.Snapshot.parse(`{"variables":[{"name":"cart","value":${value},"scope":"user"}]}`);
  const earlier = turn('{"items":[{"id":1,"n":2},{"id":2,"n":1.10}],"big":9007199254740993,"__proto__":1}');
  const later = turn('{"items":[{"id":2,"n":1.1}],"big":9007199254740995,"__proto__":1,"tags":["x"]}');
  const diff = later.diffValue(earlier, "cart");
  assert.deepEqual(diff.kinds, ["value"]);
  assert.equal(diff.complete, true);
  assert.deepEqual(diff.lists, [{ path: ["items"], by: "key", key: "id" }]);
  assert.deepEqual(diff.changes, [
    { kinds: [], before: { path: ["items", 0], value: { id: 1, n: 2 }, type: "object", raw: '{"id":1,"n":2}' } },
    {
      kinds: ["raw"],
      before: { path: ["items", 1, "n"], value: 1.1, type: "number", raw: "1.10" },
      after: { path: ["items", 0, "n"], value: 1.1, type: "number", raw: "1.1" },
    },
    {
      kinds: ["value"],
      before: { path: ["big"], value: 9007199254740993n, type: "integer", raw: "9007199254740993" },
      after: { path: ["big"], value: 9007199254740995n, type: "integer", raw: "9007199254740995" },
    },
    { kinds: [], after: { path: ["tags"], value: ["x"], type: "array", raw: '["x"]' } },
  ]);
  const byPosition = later.diffValue(earlier, "cart", { listKeys: [], limit: 1, scope: "user" });
  assert.deepEqual([byPosition.lists, byPosition.complete], [[{ path: ["items"], by: "position" }], false]);
  assert.equal(later.diffValue(earlier, "none"), undefined);
  for (const options of [{ listKeys: "id" }, { listKeys: [1] }, { limit: -1 }, { scope: 1 }, { keys: [] }]) {
    assert.throws(() => later.diffValue(earlier, "cart", options), { code: "INPUT_INVALID" });
  }
  assert.throws(() => later.patch(earlier, { scope: "user" }), { code: "INPUT_INVALID" });
});

test("two sessions are compared, and each kind of difference says which it is", () => {
  const one = parse([row("a", { x: 1, y: 2 }), row("b", "1"), row("c", "x", "bot"), row("d", 1), row("e", "1")]);
  const other = parse([row("a", { y: 2, x: 1 }), row("b", "x"), row("c", "x"), row("d", "1"), row("f", "1")]);
  const diff = other.diff(one);
  assert.deepEqual([diff.added, diff.removed, diff.unchangedCount], [["f"], ["e"], 0]);
  const kinds = Object.fromEntries(diff.changed.map((change) => [change.name, change.kinds]));
  assert.deepEqual(kinds, { a: ["order"], b: ["value", "type"], c: ["winner"], d: ["raw"] });
});

test("a mask hides what it hides from both", () => {
  const [one, other] = ["canary-1", "canary-2"].map((password) =>
    parse([row("login", { password, n: password.length })]),
  );
  const shown = JSON.stringify(other.diffValue(one, "login", { mask: true })) + other.patch(one, { mask: true });
  assert.ok(!shown.includes("canary"));
  assert.match(other.patch(one), /canary-2/);
});

/** A small generator, so that a failure can be repeated. */
function random(seed) {
  let state = seed;
  const next = (most) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * most);
  };
  const value = (depth) => {
    const kind = next(depth > 3 ? 4 : 6);
    if (kind === 0) return null;
    if (kind === 1) return next(2) === 0;
    if (kind === 2) return next(5) / 2;
    if (kind === 3) return ["", "a/b", "~x", "é😀"][next(4)];
    if (kind === 4) return Array.from({ length: next(4) }, () => value(depth + 1));
    return Object.fromEntries(
      Array.from({ length: next(4) }, () => [["a", "b/c", "~", ""][next(4)], value(depth + 1)]),
    );
  };
  return { next, value };
}

test("fast-json-patch makes each of a thousand documents the next one", () => {
  const { next, value } = random(20_260_201);
  const names = ["one", "two/three", "~", "", "ü"];
  const rows = () =>
    names.filter(() => next(3) > 0).map((name) => row(name, { in: value(0) }, ["bot", "user"][next(2)]));
  for (let round = 0; round < 1_000; round++) {
    const precedence = round % 2 === 0 ? "layered" : "side-by-side";
    const document = (rows) => {
      const out = {};
      for (const { name, value, scope } of rows) {
        if (precedence === "layered") out[name] = value;
        else out[scope] = { ...out[scope], [name]: value };
      }
      return structuredClone(out);
    };
    const [before, after] = [rows(), rows()];
    const [earlier, later] = [before, after].map((rows) => parse(rows, { precedence }));
    const patch = JSON.parse(later.patch(earlier));
    const patched = jsonPatch.applyPatch(document(before), patch, true).newDocument;
    assert.deepEqual(patched, document(after), `round ${round}`);
    if (round % 2 === 0 && before[0] && after.some(({ name }) => name === before[0].name)) {
      const { name, value } = before[0];
      const single = JSON.parse(later.patch(earlier, { name }));
      assert.deepEqual(jsonPatch.applyPatch(structuredClone(value), single, true).newDocument, later.get(name).value);
    }
    earlier.free();
    later.free();
  }
});

test("texts are compared word by word", () => {
  const pieces = api.diffText("Größe: 4711 \u{1f600} jetzt", "Größe: 4712 \u{1f600} jetzt!");
  assert.deepEqual(pieces, [
    { kind: "same", text: "Größe: " },
    { kind: "removed", text: "4711" },
    { kind: "added", text: "4712" },
    { kind: "same", text: " \u{1f600} jetzt" },
    { kind: "added", text: "!" },
  ]);
  assert.deepEqual(api.diffText("", ""), []);
  assert.throws(() => api.diffText("a", 1), { name: "DebuggerError", code: "INPUT_INVALID" });
});
