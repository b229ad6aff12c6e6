/** What programs give: maps, bodies and options that are not what they should be. Each is a clear error, and the engine lives on. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadPacked } from "./support.mjs";

const { engine: api } = await loadPacked();

const ROW = { name: "a", value: 1, scope: "s" };
const own = new RangeError("the caller's own");
const throws = () => {
  throw own;
};
const getter = (name, of = {}) => Object.defineProperty({ ...of }, name, { enumerable: true, get: throws });
/** @type {any} */
const circle = { ...ROW };
circle.value = circle;
const nested = (levels) => {
  /** @type {unknown} */
  let value = 1;
  for (let level = 0; level < levels; level += 1) value = [value];
  return value;
};
const revoked = () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};

function refused(work, code, cause) {
  assert.throws(work, (/** @type {any} */ error) => {
    assert.equal(error.name, "DebuggerError", String(error));
    assert.equal(error.code, code, String(error));
    if (cause) assert.equal(error.cause, cause);
    return true;
  });
}

const map = (rows) => api.Snapshot.parse('{"vars":[1]}', { map: rows });
const told = (snapshot) => snapshot.rows().rows.map(({ name, text, problem }) => [name, text, problem?.path]);

test("types of variables that declare none are given by name, to the debugger as well", async () => {
  const schema = api.Snapshot.parse('{"schema":{"age":"number","__proto__":"string"},"details":[]}');
  const types = Object.fromEntries(schema.names().map((name) => [name, schema.get(name).raw]));
  assert.deepEqual(Object.keys(types), ["age", "__proto__"]);
  const body = '{"profile":{"age":"unknown","__proto__":1,"other":2},"contactIds":["c-1"]}';
  const notes = (snapshot) => ["age", "__proto__", "other"].map((name) => snapshot.get(name).note?.code);
  const unmet = "declared-type-not-met";
  assert.deepEqual(notes(api.Snapshot.parse(body)), [undefined, undefined, undefined]);
  assert.deepEqual(notes(api.Snapshot.parse(body, { types })), [unmet, unmet, undefined]);
  const sessions = new api.SessionDebugger({ source: () => body, types });
  assert.deepEqual(notes(await sessions.snapshot({ sessionId: "s" })), [unmet, unmet, undefined]);
  assert.deepEqual(notes(sessions.ingest(body)), [unmet, unmet, undefined]);
  assert.deepEqual(notes(sessions.ingest(body, { types: { other: "string" } })), [undefined, undefined, unmet]);
  sessions.free();
  const mapped = api.Snapshot.parse('{"vars":{"a":1}}', { types: { a: "string" }, map: () => [ROW] });
  assert.equal(mapped.get("a").note?.code, unmet);
  for (const wrong of [
    new Map([["age", "number"]]),
    "number",
    7,
    { a: 1 },
    ["number", 7],
    { a: null },
    { "\ud800": "number" },
  ])
    refused(() => api.Snapshot.parse(body, { types: wrong }), "INPUT_INVALID");
  refused(() => api.Snapshot.parse(body, { types: getter("age") }), "INPUT_INVALID", own);
  refused(() => api.Snapshot.parse(body, { types: revoked() }), "INPUT_INVALID");
  refused(() => new api.SessionDebugger({ source: () => body, types: { a: 1 } }), "CONFIG_INVALID");
});

test("what is no list of rows is refused", () => {
  for (const given of [undefined, null, 5, "rows", true, {}, () => 1, Symbol("x"), 5n, Promise.resolve([ROW])])
    refused(() => map(() => given), "INPUT_INVALID");
  for (const given of [{ [Symbol.iterator]: 5 }, { [Symbol.iterator]: () => 5 }])
    refused(() => map(() => given), "INPUT_INVALID");
});

test("what a map or its rows throw is the cause", () => {
  refused(() => map(throws), "SOURCE_FAILED", own);
  refused(() => map(() => ({ [Symbol.iterator]: throws })), "SOURCE_FAILED", own);
  refused(() => map(() => getter(Symbol.iterator)), "SOURCE_FAILED", own);
  function* generator() {
    yield ROW;
    throw own;
  }
  refused(() => map(generator), "SOURCE_FAILED", own);
  refused(() => map((body) => body.missing.vars.map(String)), "SOURCE_FAILED");
  refused(() => map((body) => body.vars[7].name.split(".")), "SOURCE_FAILED");
  refused(() => map(revoked), "SOURCE_FAILED");
  for (const name of ["name", "value", "scope"]) refused(() => map(() => [getter(name, ROW)]), "INPUT_INVALID", own);
  refused(() => map(() => [{ ...ROW, value: { toJSON: throws } }]), "INPUT_INVALID", own);
  for (const row of [circle, revoked(), { ...ROW, value: nested(200_000) }])
    refused(() => map(() => [row]), "INPUT_INVALID");
});

test("a number that is not finite is refused, and never told as null", () => {
  const body = (value) => ({ variables: [{ ...ROW, value }] });
  for (const value of [Number.NaN, Infinity, [1, { a: -Infinity }], [5n, Infinity]]) {
    refused(() => map(() => [{ ...ROW, value }]), "INPUT_INVALID");
    refused(() => new api.SessionDebugger({ source: () => "{}" }).ingest(body(value)), "INPUT_INVALID");
  }
  refused(
    () => api.Snapshot.parse('{"vars":[{"n":1e400}]}', { map: ({ vars }) => [{ ...ROW, value: vars[0].n }] }),
    "INPUT_INVALID",
  );
  const whole = map(() => [{ ...ROW, value: [null, 5n, "null", 1.5] }]);
  assert.equal(whole.toJsonText().includes('[null,5,"null",1.5]'), true);
});

test("rows without end break the limit of variables", () => {
  function* endless() {
    for (;;) yield ROW;
  }
  const limits = { variables: 50 };
  refused(() => api.Snapshot.parse("{}", { map: endless, limits }), "TOO_MANY_VARIABLES");
  refused(() => map(() => ({ [Symbol.iterator]: () => ({ next: () => 5 }) })), "TOO_MANY_VARIABLES");
});

test("a row of wrong kinds is unreadable, and the others stay", () => {
  const odd = [
    [null, ""],
    [() => 1, ""],
    [5n, ""],
    [[ROW], ""],
    [{ ...ROW, name: 5 }, ".name"],
    [{ ...ROW, scope: null }, ".scope"],
    [{ ...ROW, value: undefined }, ""],
    [{ ...ROW, value: Symbol("x") }, ""],
    [{ ...ROW, type: 5 }, ".type"],
    [{ ...ROW, isSystem: "yes" }, ".isSystem"],
    [{ ...ROW, value: "\ud800" }, ".value"],
    [{ ...ROW, name: "\ud800" }, ".name"],
    [Object.create(ROW), ""],
  ];
  for (const [row, path] of odd) {
    const snapshot = map(() => [ROW, row, { ...ROW, name: "b" }]);
    const [first, bad, last] = told(snapshot);
    assert.deepEqual(
      [first, last],
      [
        ["a", "1", undefined],
        ["b", "1", undefined],
      ],
    );
    assert.equal(bad[2], `$.variables[1]${path}`);
    snapshot.free();
  }
});

test("half a surrogate pair in a text spoils the item that has it, escaped or not, and what stays is exact", () => {
  const neighbour = '{"name":"é\ufffd😀","value":"\ufffd","scope":"s"}';
  for (const half of ["\ud83d", "\ude00", "\\ud83d", "\ude00\ud83d", "\ufffd\ud83d\ufffd", "\\\\\ud83d"]) {
    const rows = `{"variables":[${neighbour},{"name":"a","value":"${half}","scope":"s"},{"name":"b","value":1,"scope":"s"}]}`;
    const snapshot = api.Snapshot.parse(rows);
    assert.deepEqual([snapshot.size, snapshot.unreadableCount], [2, 1], half);
    assert.equal(snapshot.get("é\ufffd😀").raw, "\ufffd");
    const { problem } = snapshot.rows().rows[1];
    assert.equal(problem.path, "$.variables[1].value");
    assert.match(problem.reason, /surrogate/);
    const context = api.Snapshot.parse(`{"context":{"b":1,"${half}":1,"a":"${half}"},"profile":{}}`);
    assert.deepEqual([context.names(), context.unreadableCount], [["b"], 2], half);
  }
  // Halves that become one character when escapes are read are that character, as for JSON.parse.
  for (const pair of ["\ud83d\\ude00", "\\ud83d\ude00"])
    assert.equal(api.Snapshot.parse(`{"context":{"a":"${pair}"}}`).get("a").raw, "😀");
  for (const [body, offset] of [
    ['{"context":{"a":"\\\ud83d"}}', 18],
    ['{"context":{"a":\ud83d}}', 16],
  ]) {
    assert.throws(() => api.Snapshot.parse(body), { code: "JSON_SYNTAX", offset });
    assert.throws(() => api.Snapshot.parse(body, { map: () => [ROW] }), { code: "JSON_SYNTAX", offset });
  }
});

test("a body with half a surrogate pair, or nested as deeply as it likes, reaches the map", () => {
  const byName = ({ vars }) => Object.entries(vars).map(([name, value]) => ({ ...ROW, name, value }));
  const big = "12345678901234567890";
  for (const half of ["\ud83d", "\\ud83d"])
    for (const number of ["1", big]) {
      const snapshot = api.Snapshot.parse(`{"vars":{"a":"${half}","b":${number},"${half}":1,"c":[["${half}"]]}}`, {
        map: (body) => {
          assert.equal(/** @type {any} */ (body).vars.a, "\ud83d");
          return byName(/** @type {any} */ (body));
        },
      });
      assert.deepEqual([snapshot.names(), snapshot.unreadableCount, snapshot.get("b").raw], [["b"], 3, number]);
    }
  for (const number of ["1", big]) {
    const deep = (levels) => `{"vars":{"a":${"[".repeat(levels)}${"]".repeat(levels)},"b":${number}}}`;
    const snapshot = api.Snapshot.parse(deep(600), { map: byName });
    assert.deepEqual([snapshot.get("a").note.code, snapshot.get("b").raw], ["too-deep", number]);
    const limited = api.Snapshot.parse(deep(5), { map: byName, limits: { depth: 4 } });
    assert.deepEqual([limited.get("a").note.code, limited.get("b").raw], ["too-deep", number]);
    const left = api.Snapshot.parse(deep(100_000), { map: ({ vars }) => byName({ vars: { b: vars.b } }) });
    assert.deepEqual(left.names(), ["b"]);
  }
  const bytes = new Uint8Array([0x5b, 0x22, 0xff, 0x22, 0x5d]);
  const message = /not UTF-8/;
  assert.throws(() => api.Snapshot.parse(bytes, { map: () => [ROW] }), { code: "JSON_SYNTAX", offset: 2, message });
});

test("names of prototypes, big integers, odd iterables and deep values are rows like others", () => {
  const names = ["__proto__", "constructor", "toString", "a.b[0]", ""];
  const snapshot = map(() => new Set(names.map((name) => ({ ...ROW, name, value: 2n ** 70n }))));
  assert.deepEqual(snapshot.names(), names);
  assert.equal(snapshot.get("__proto__").value, 2n ** 70n);
  assert.equal({}.polluted, undefined);
  const deep = map(() => [{ ...ROW, value: nested(600) }]).get("a");
  assert.deepEqual([deep.type, deep.note.code], ["string", "too-deep"]);
});

test("a map is a function", () => {
  for (const given of [5, "x", {}, [], Symbol("x"), true, revoked()]) refused(() => map(given), "INPUT_INVALID");
  refused(() => map(class {}), "SOURCE_FAILED");
});

test("what is no body is refused", () => {
  const odd = [
    undefined,
    null,
    5,
    5n,
    Symbol("x"),
    () => 1,
    circle,
    revoked(),
    new Date(0),
    new Map(),
    new Uint16Array(2),
  ];
  for (const body of [...odd, new DataView(new ArrayBuffer(3)), new String("{}"), getter("context")])
    for (const options of [undefined, { map: () => [ROW] }])
      refused(() => api.Snapshot.parse(/** @type {any} */ (body), options), "INPUT_INVALID");
  const buffer = new ArrayBuffer(8);
  const view = new Uint8Array(buffer);
  structuredClone(buffer, { transfer: [buffer] });
  for (const body of [buffer, view, new Uint8Array(0), ""]) refused(() => api.Snapshot.parse(body), "BODY_EMPTY");
});

test("options that are none, are not known, or throw are refused, and the engine lives on", () => {
  const before = api.Snapshot.parse('{"context":{"a":1}}');
  const parse = (options) => api.Snapshot.parse('{"context":{"a":1}}', /** @type {any} */ (options)).free();
  for (const name of ["sessionId", "policy", "precedence", "shape", "limits", "map"])
    refused(() => parse(getter(name)), "INPUT_INVALID", own);
  refused(() => parse({ limits: getter("depth") }), "INPUT_INVALID", own);
  refused(() => before.rows(getter("filter")), "INPUT_INVALID", own);
  refused(() => parse(new Proxy({}, { ownKeys: throws })), "INPUT_INVALID", own);
  refused(() => parse(new Proxy({}, { get: throws })), "INPUT_INVALID", own);
  const odd = [
    5,
    "x",
    [],
    () => 1,
    Symbol("x"),
    revoked(),
    { nope: 1 },
    JSON.parse('{"__proto__":1}'),
    { constructor: 1 },
    { sessionId: 5 },
    { sessionId: "\ud800" },
    { policy: "constructor" },
    { policy: 5 },
    { shape: "__proto__" },
    { precedence: {} },
    { precedence: [5] },
    { limits: 5 },
    { limits: { depth: -1 } },
    { limits: { depth: Number.NaN } },
    { limits: { variables: 1.5 } },
    { limits: { depth: 513 } },
    { limits: { bodyBytes: Number.POSITIVE_INFINITY } },
    { limits: { depth: "5" } },
    { limits: { depth: 5n } },
    { limits: { nope: 1 } },
  ];
  for (const options of odd) refused(() => parse(options), "INPUT_INVALID");
  const plain = { shape: "plain-object", sessionId: undefined, [Symbol("x")]: 1 };
  for (const options of [undefined, null, {}, plain, Object.freeze(plain), Object.assign(Object.create(null), plain)])
    parse(options);
  assert.equal(before.get("a").value, 1, "nothing that was held is lost");
});
