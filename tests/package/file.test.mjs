/** A snapshot's file, as a program saves and opens it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadPacked } from "./support.mjs";

const { engine } = await loadPacked();

const BODY = `{"session_id":"sess_1","variables":[
  {"name":"total","value":1.10,"scope":"user"},
  {"name":"total","value":"01.1","scope":"bot"},
  {"name":"clientSecret","value":"s3cr3t-canary","scope":"bot"},
  {"name":"__proto__","value":9007199254740993,"scope":"user"},
  {"name":"broken"}
]}`;

test("what is saved whole opens as the same snapshot, from bytes and from a text", async () => {
  const snapshot = engine.Snapshot.parse(BODY);
  const file = snapshot.toFile({ mask: false });
  const bytes = await new Blob([file]).arrayBuffer();
  const everything = { shadowed: true, limit: 1_000 };
  for (const given of [file, bytes, new Uint8Array(bytes)]) {
    const again = engine.Snapshot.open(given);
    assert.ok(again instanceof engine.Snapshot);
    assert.deepEqual(again.rows(everything), snapshot.rows(everything));
    assert.equal(again.toJsonText(), snapshot.toJsonText());
    assert.deepEqual(again.explain("total"), snapshot.explain("total"));
    assert.equal(again.sessionId, "sess_1");
    assert.equal(again.takenAt, snapshot.takenAt);
    again.free();
  }
});

test("without a word a file is masked, and says so", () => {
  const file = engine.Snapshot.parse(BODY).toFile();
  assert.ok(!file.includes("canary"));
  assert.equal(JSON.parse(file).masked, true);
  const again = engine.Snapshot.open(file);
  assert.equal(again.get("clientSecret").value, "[masked:secret]");
  assert.equal(again.get("__proto__").value, 9007199254740993n);
  assert.equal(again.get("total", "bot").raw, "01.1");
  assert.equal(again.unreadableCount, 1);
});

test("a newer file and a broken one are told apart", () => {
  const newer = engine.Snapshot.parse(BODY).toFile().replace('"version":1', '"version":2');
  assert.throws(() => engine.Snapshot.open(newer), { name: "DebuggerError", code: "FILE_TOO_NEW", retryable: false });
  for (const broken of ["", "{}", BODY, newer.slice(0, 30)]) {
    assert.throws(() => engine.Snapshot.open(broken), { code: "FILE_INVALID" });
  }
  assert.throws(() => engine.Snapshot.open(undefined), { code: "INPUT_INVALID" });
  assert.throws(() => engine.Snapshot.open(new Blob([])), { code: "INPUT_INVALID" });
});

test("documents of all four forms hold every variable, and no cell begins a formula", () => {
  const values = ["=1+1", "+1", "-1", "@sum", "\t=1", "a|b *c*"];
  const variables = values.map((value, at) => ({ name: `n${at}`, value, scope: "user" }));
  const snapshot = engine.Snapshot.parse(
    JSON.stringify({ variables: [...variables, { name: "n0", value: "low", scope: "bot" }, 7] }),
  );
  const json = JSON.parse(snapshot.export("json"));
  assert.deepEqual(
    Object.values(json.variables).map(({ value }) => value),
    ["=1+1", "+1", -1, "@sum", "\t=1", "a|b *c*"],
  );
  const lines = snapshot.export("ndjson").trimEnd().split("\n");
  const parsed = lines.map((line) => JSON.parse(line));
  assert.deepEqual([parsed.length, parsed[6].hidden, parsed[7].unreadable.reason], [8, true, "not-an-object"]);
  const cells = [...snapshot.export("csv").matchAll(/"((?:[^"]|"")*)"/g)].map(([, cell]) => cell);
  assert.equal(cells.length, 8 * 7);
  for (const cell of cells) assert.doesNotMatch(cell, /^[=+\-@\t\r\n]/);
  assert.deepEqual(
    cells.filter((_, at) => at % 7 === 3).slice(0, 5),
    values.slice(0, 5).map((value) => `'${value}`),
  );
  const table = snapshot.export("markdown").trimEnd().split("\n");
  assert.equal(table.length, 2 + 8);
  assert.match(table[7], /a\\\|b/);
  assert.throws(() => snapshot.export("xml"), { code: "INPUT_INVALID" });
});

test("a part is copied in five forms", () => {
  const body = '{"context":{"cart":{"items":[{"unit price":1.10}]}}}';
  const snapshot = engine.Snapshot.parse(body, { shape: "debug-event" });
  const { entry } = snapshot.rows().rows.find((row) => row.name === "cart");
  const forms = {
    value: "1.10",
    "json-pointer": "/items/0/unit price",
    "json-path": "$['items'][0]['unit price']",
    javascript: 'cart.items[0]["unit price"]',
    expression: '{{context.cart.items[0]["unit price"]}}',
  };
  for (const [form, text] of Object.entries(forms)) {
    assert.equal(snapshot.copyText(entry, [0, 0, 0], form).text, text, form);
  }
  assert.throws(() => snapshot.copyText(entry, [], "xpath"), { code: "INPUT_INVALID" });
});

test("what is copied is masked, and exact where it is not", () => {
  const rows = '{"name":"login","value":{"password":"s3cr3t-canary","n":1.10},"scope":"context"}';
  const snapshot = engine.Snapshot.parse(`{"variables":[${rows}]}`);
  assert.deepEqual(snapshot.copyText(0, [0], "value"), {
    text: "[masked:password]",
    masked: true,
    rules: [{ rule: "password", count: 1 }],
  });
  assert.deepEqual(snapshot.copyText(0, [1], "value"), { text: "1.10", masked: false, rules: [] });
  assert.equal(snapshot.copyText(0, undefined, "value", { mask: false }).text, '{"password":"s3cr3t-canary","n":1.10}');
  assert.equal(snapshot.copyText(0, [1], "expression").text, "{{context.login.n}}");
  assert.throws(() => snapshot.copyText(0, [7], "value"), { code: "INPUT_INVALID" });
});
