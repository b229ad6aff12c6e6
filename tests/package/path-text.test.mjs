/** Paths in the languages that people paste them into, read back by those languages. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createContext, runInContext } from "node:vm";
import { loadPacked } from "./support.mjs";

const { engine: api } = await loadPacked();

const NAMES = [
  "items",
  "unit price",
  "a.b",
  "",
  "0",
  "it's",
  'say "x"',
  "back\\slash",
  "~1/~0",
  "é",
  "line\n",
  "__proto__",
  "\u2028",
];
const CONTROLS = ["\b\f\r\t", "\u0001"];

/** A value with one leaf under the name in an element of a list, and the path to it. */
const cases = (names) =>
  names.map((name) => ({ name, value: [{ other: 0, ...Object.fromEntries([[name, "leaf"]]) }], path: [0, name] }));

test("a JSON Pointer leads to the value, by RFC 6901", () => {
  for (const { name, value, path } of cases([...NAMES, ...CONTROLS])) {
    const pointer = api.pathText("json-pointer", { name: "v", path });
    /** @type {any} */
    let found = value;
    for (const token of pointer.split("/").slice(1)) {
      const key = token.replaceAll("~1", "/").replaceAll("~0", "~");
      assert.ok(Object.hasOwn(found, key), `${name}: ${pointer}`);
      found = Object.getOwnPropertyDescriptor(found, key)?.value;
    }
    assert.equal(found, "leaf", pointer);
  }
  assert.equal(api.pathText("json-pointer", { name: "v" }), "");
});

test("a JSONPath leads to the value, by the library that this package answers it with", async () => {
  for (const { value, path } of cases([...NAMES, "\b\f\r\t"])) {
    const snapshot = api.Snapshot.parse(JSON.stringify({ variables: [{ name: "v", value, scope: "user" }] }));
    const expression = api.pathText("json-path", { name: "v", path });
    const { nodes } = await api.queryJsonPath(snapshot, "v", expression);
    assert.deepEqual(
      nodes.map((node) => [node.part?.value, node.pathText]),
      [["leaf", expression]],
    );
    snapshot.free();
  }
  assert.equal(api.pathText("json-path", { name: "v", path: ["\u0001"] }), "$['\\u0001']");
});

test("JavaScript and expressions read the value", () => {
  for (const name of [...NAMES, ...CONTROLS]) {
    const place = { name, scope: "context", path: [0, name] };
    const context = Object.fromEntries([[name, [Object.fromEntries([[name, "leaf"]])]]]);
    const sandbox = createContext({ context });
    const path = api.pathText("javascript", place);
    assert.equal(runInContext(path.startsWith("[") ? `context${path}` : `context.${path}`, sandbox), "leaf", path);
    const expression = api.pathText("expression", place);
    assert.match(expression, /^\{\{.*\}\}$/);
    assert.equal(runInContext(expression.slice(2, -2), sandbox), "leaf", expression);
  }
  assert.equal(api.pathText("expression", { name: "a", scope: "user" }), undefined);
});

test("what is no place is refused", () => {
  for (const [dialect, place] of [
    ["xpath", { name: "a" }],
    ["json-path", {}],
    ["json-path", { name: 1 }],
    ["json-path", { name: "a", path: "b" }],
    ["json-path", { name: "a", path: [-1] }],
    ["json-path", { name: "a", steps: [] }],
  ]) {
    assert.throws(() => api.pathText(dialect, place), { name: "DebuggerError", code: "INPUT_INVALID" });
  }
});
