/** JSONPath by the rules and the documents that RFC 9535 itself gives as examples. */
import assert from "node:assert/strict";
import { renameSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { loadPacked, NAME } from "./support.mjs";

const { packed, engine } = await loadPacked();

const snapshotOf = (json, { asText = true } = {}) =>
  engine.Snapshot.parse(
    `{"variables":[{"name":"doc","value":${asText ? JSON.stringify(json) : json},"scope":"user"}]}`,
  );

async function select(json, expression) {
  const snapshot = snapshotOf(json);
  try {
    return await engine.queryJsonPath(snapshot, "doc", expression);
  } finally {
    snapshot.free();
  }
}

const raws = async (json, expression) => (await select(json, expression)).nodes.map(({ part }) => part.raw);

const STORE = `{"store":{"book":[
  {"category":"reference","author":"Nigel Rees","title":"Sayings of the Century","price":8.95},
  {"category":"fiction","author":"Evelyn Waugh","title":"Sword of Honour","price":12.99},
  {"category":"fiction","author":"Herman Melville","title":"Moby Dick","isbn":"0-553-21311-3","price":8.99},
  {"category":"fiction","author":"J. R. R. Tolkien","title":"The Lord of the Rings","isbn":"0-395-19395-8","price":22.99}],
  "bicycle":{"color":"red","price":399}}}`;
const LETTERS = '["a","b","c","d","e","f","g"]';
const FILTERED = `{"a":[3,5,1,2,4,6,{"b":"j"},{"b":"k"},{"b":{}},{"b":"kilo"}],
  "o":{"p":1,"q":2,"r":3,"s":5,"t":{"u":6}},"e":"f"}`;
const DESCENT = '{"o":{"j":1,"k":2},"a":[5,3,[{"j":4},{"k":6}]]}';
const NULLS = '{"a":null,"b":[null],"c":[{}],"null":1}';
const NAMES = `{"o":{"j j":{"k.k":3}},"'":{"@":2}}`;

/** Section of the RFC, document, expression, exact sources of what is selected. */
const SELECTIONS = [
  ["2.3.1.3", NAMES, "$.o['j j']", ['{"k.k":3}']],
  ["2.3.1.3", NAMES, "$.o['j j']['k.k']", ["3"]],
  ["2.3.1.3", NAMES, '$.o["j j"]["k.k"]', ["3"]],
  ["2.3.1.3", NAMES, `$["'"]["@"]`, ["2"]],
  ["2.3.3.3", '["a","b"]', "$[1]", ['"b"']],
  ["2.3.3.3", '["a","b"]', "$[-2]", ['"a"']],
  ["2.3.4.3", LETTERS, "$[1:3]", ['"b"', '"c"']],
  ["2.3.4.3", LETTERS, "$[5:]", ['"f"', '"g"']],
  ["2.3.4.3", LETTERS, "$[1:5:2]", ['"b"', '"d"']],
  ["2.3.4.3", LETTERS, "$[5:1:-2]", ['"f"', '"d"']],
  ["2.3.4.3", LETTERS, "$[::-1]", ['"g"', '"f"', '"e"', '"d"', '"c"', '"b"', '"a"']],
  ["2.3.5.3", FILTERED, "$.a[?@.b == 'kilo']", ['{"b":"kilo"}']],
  ["2.3.5.3", FILTERED, "$.a[?(@.b == 'kilo')]", ['{"b":"kilo"}']],
  ["2.3.5.3", FILTERED, "$.a[?@>3.5]", ["5", "4", "6"]],
  ["2.3.5.3", FILTERED, "$.a[?@.b]", ['{"b":"j"}', '{"b":"k"}', '{"b":{}}', '{"b":"kilo"}']],
  ["2.3.5.3", FILTERED, '$.a[?@<2 || @.b == "k"]', ["1", '{"b":"k"}']],
  ["2.3.5.3", FILTERED, '$.a[?match(@.b, "[jk]")]', ['{"b":"j"}', '{"b":"k"}']],
  ["2.3.5.3", FILTERED, '$.a[?search(@.b, "[jk]")]', ['{"b":"j"}', '{"b":"k"}', '{"b":"kilo"}']],
  ["2.3.5.3", FILTERED, "$.o[?@>1 && @<4]", ["2", "3"]],
  ["2.3.5.3", FILTERED, "$.o[?@.u || @.x]", ['{"u":6}']],
  ["2.3.5.3", FILTERED, "$.a[?@.b == $.x]", ["3", "5", "1", "2", "4", "6"]],
  ["2.5.1.3", LETTERS, "$[0, 3]", ['"a"', '"d"']],
  ["2.5.1.3", LETTERS, "$[0:2, 5]", ['"a"', '"b"', '"f"']],
  ["2.5.1.3", LETTERS, "$[0, 0]", ['"a"', '"a"']],
  ["2.5.2.3", DESCENT, "$.a..[0, 1]", ["5", "3", '{"j":4}', '{"k":6}']],
  ["2.6.1", NULLS, "$.a", ["null"]],
  ["2.6.1", NULLS, "$.a[0]", []],
  ["2.6.1", NULLS, "$.a.d", []],
  ["2.6.1", NULLS, "$.b[0]", ["null"]],
  ["2.6.1", NULLS, "$.b[*]", ["null"]],
  ["2.6.1", NULLS, "$.b[?@]", ["null"]],
  ["2.6.1", NULLS, "$.b[?@==null]", ["null"]],
  ["2.6.1", NULLS, "$.c[?@.d==null]", []],
  ["2.6.1", NULLS, "$.null", ["1"]],
];

for (const [section, document, expression, expected] of SELECTIONS) {
  test(`RFC 9535 section ${section}: ${expression}`, async () => {
    assert.deepEqual(await raws(document, expression), expected);
  });
}

test("RFC 9535: members of objects may come in any order", async () => {
  const sorted = async (document, expression) => (await raws(document, expression)).sort();
  assert.deepEqual(await sorted(DESCENT, "$..j"), ["1", "4"]);
  assert.deepEqual(await sorted(DESCENT, "$..[0]"), ["5", '{"j":4}']);
  assert.deepEqual(await sorted(DESCENT, "$.o..[*, *]"), ["1", "1", "2", "2"]);
  assert.deepEqual(await sorted('{"o":{"j":1,"k":2},"a":[5,3]}', "$.o[*, *]"), ["1", "1", "2", "2"]);
  assert.deepEqual(await sorted(FILTERED, "$.o[?@<3, ?@<3]"), ["1", "1", "2", "2"]);
  assert.equal((await select(DESCENT, "$..[*]")).total, 11);
  assert.equal((await select(FILTERED, "$[?@.*]")).total, 2);
  assert.deepEqual(
    (await select(FILTERED, "$[?@[?@.b]]")).nodes.map(({ path }) => path),
    [["a"]],
  );
  assert.equal((await select(FILTERED, "$.a[?@ == @]")).total, 10);
});

/** Table 2 of section 1.5: how many of the store's parts an expression selects. */
const IN_THE_STORE = {
  "$.store.book[*].author": 4,
  "$..author": 4,
  "$.store.*": 2,
  "$.store..price": 5,
  "$..book[2]": 1,
  "$..book[2].publisher": 0,
  "$..book[0,1]": 2,
  "$..book[:2]": 2,
  "$..book[?@.isbn]": 2,
  "$..book[?@.price<10]": 2,
  "$..*": 27,
};

test("RFC 9535 section 1.5: the book store", async () => {
  for (const [expression, count] of Object.entries(IN_THE_STORE)) {
    assert.equal((await select(STORE, expression)).total, count, expression);
  }
  assert.deepEqual(await raws(STORE, "$..book[2].author"), ['"Herman Melville"']);
  assert.deepEqual(await raws(STORE, "$..book[-1].title"), ['"The Lord of the Rings"']);
});

const TRUE = [
  "$.absent1 == $.absent2",
  "$.absent1 <= $.absent2",
  "$.absent != 'g'",
  "1 <= 2",
  "'a' <= 'b'",
  "$.obj != $.arr",
  "$.obj == $.obj",
  "$.arr == $.arr",
  "$.obj != 17",
  "$.obj <= $.obj",
  "$.arr <= $.arr",
  "true <= true",
];
const FALSE = [
  "$.absent == 'g'",
  "$.absent1 != $.absent2",
  "1 > 2",
  "13 == '13'",
  "'a' > 'b'",
  "$.obj == $.arr",
  "$.obj != $.obj",
  "$.arr != $.arr",
  "$.obj == 17",
  "$.obj <= $.arr",
  "$.obj < $.arr",
  "1 <= $.arr",
  "1 >= $.arr",
  "1 > $.arr",
  "1 < $.arr",
  "true > true",
];

test("RFC 9535 section 2.3.5.2.2: comparisons", async () => {
  const selected = async (comparison) => (await select('{"obj":{"x":"y"},"arr":[2,3]}', `$[?${comparison}]`)).total;
  for (const comparison of TRUE) assert.equal(await selected(comparison), 2, comparison);
  for (const comparison of FALSE) assert.equal(await selected(comparison), 0, comparison);
});

test("RFC 9535 section 2.4.9 and the grammar: what is not well-typed or well-formed is refused", async () => {
  for (const expression of ["$[?length(@) < 3]", "$[?count(@.*) == 1]", "$[?match(@.timezone, 'Europe/.*')]"]) {
    await select("{}", expression);
  }
  for (const expression of [
    "$[?length(@.*) < 3]",
    "$[?count(1) == 1]",
    "$[?match(@.timezone, 'Europe/.*') == true]",
    "$[?value(@..color)]",
    "",
    " $",
    "$.",
    "$[01]",
    "$[-0]",
    "$['a",
    "$.a b",
    "$[9007199254740992]",
    "$[?@.a=1]",
    "$.a[?(@.b)",
  ]) {
    await assert.rejects(select("{}", expression), { name: "DebuggerError", code: "INPUT_INVALID" }, expression);
  }
});

test("RFC 9535 section 2.7: normalized paths", async () => {
  const pathTexts = async (json, expression) => (await select(json, expression)).nodes.map(({ pathText }) => pathText);
  assert.deepEqual(await pathTexts('{"a":1}', "$.a"), ["$['a']"]);
  assert.deepEqual(await pathTexts("[0,1,2,3,4]", "$[-3]"), ["$[2]"]);
  assert.deepEqual(await pathTexts('{"a":{"b":[0,1,2]}}', "$.a.b[1:2]"), ["$['a']['b'][1]"]);
  assert.deepEqual(await pathTexts('{"\\u000b":1}', "$.*"), ["$['\\u000b']"]);
  assert.deepEqual(await pathTexts('{"a":1}', '$["\\u0061"]'), ["$['a']"]);
});

test("names that mean something elsewhere are names", async () => {
  const names = [
    "__proto__",
    "constructor",
    "toString",
    "",
    "a.b",
    "o'k",
    "back\\slash",
    "line\nbreak",
    "\u2028",
    "😀",
    "\\u0041",
  ];
  const document = JSON.stringify(Object.fromEntries(names.map((name, at) => [name, at])));
  const { nodes } = await select(document, "$.*");
  assert.deepEqual(
    nodes.map(({ path, part }) => [path[0], part.value]),
    names.map((name, at) => [name, at]),
  );
  for (const { pathText, part } of nodes) assert.deepEqual(await raws(document, pathText), [part.raw]);
});

test("what is found is exact, and a comparison that may have rounded says so", async () => {
  const document = '{"big":9007199254740993,"price":1.10,"tiny":1e-400}';
  assert.deepEqual(await raws(document, "$.*"), ["9007199254740993", "1.10", "1e-400"]);
  assert.equal((await select(document, "$.big")).rounded, false);
  assert.equal((await select(document, "$[?@ == 9007199254740992]")).rounded, true);
  assert.equal((await select('{"a":"9007199254740993","b":1.5}', "$[?@ > 1]")).rounded, false);
});

test("a place that was found can be opened", async () => {
  const snapshot = snapshotOf('{"a":1,"items":[{"x":1},{"x":[true]}]}', { asText: false });
  const { nodes } = await engine.queryJsonPath(snapshot, "doc", "$.items[1].x", { scope: "user" });
  const { entry, steps } = nodes[0].part;
  assert.deepEqual(steps, [1, 1, 0]);
  assert.equal(snapshot.children(entry, steps).nodes[0].text, "true");
  assert.equal(await engine.queryJsonPath(snapshot, "other", "$"), undefined);
  assert.equal((await engine.queryJsonPath(snapshot, "doc", "$..*", { limit: 2 })).nodes.length, 2);
});

test("a scalar is its own root", async () => {
  const found = await select("just text", "$");
  assert.deepEqual([found.total, found.nodes[0].part.raw, found.nodes[0].pathText], [1, "just text", "$"]);
});

test("the library is loaded with the first question, and not before", () => {
  const file = join(packed.installed, "dist/jsonpath.js");
  renameSync(file, `${file}.away`);
  try {
    const { stdout, stderr } = packed.program(`
      import init, { queryJsonPath, Snapshot } from "${NAME}";
      await init();
      const snapshot = Snapshot.parse('{"variables":[{"name":"a","value":[1],"scope":"user"}]}');
      console.log(snapshot.rows().total, await queryJsonPath(snapshot, "a", "$[0]").catch((error) => error.code));`);
    assert.equal(stdout, "1 ERR_MODULE_NOT_FOUND", stderr);
  } finally {
    renameSync(`${file}.away`, file);
  }
});
