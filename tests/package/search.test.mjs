/** The search of the rows, as a program asks it. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { installPacked } from "./support.mjs";

const packed = installPacked();
after(() => packed.remove());
let api;
before(async () => {
  api = await packed.load();
  await api.default();
});

const ROWS = [
  { name: "lang", value: "de", scope: "session" },
  { name: "lang", value: "en", scope: "bot" },
  { name: "cart", value: { items: [{ sku: "A-1" }], total: 21.5 }, scope: "user" },
  { name: "password", value: "hunter2", scope: "user" },
];
const parse = (rows) => api.Snapshot.parse(JSON.stringify({ variables: rows }));
const names = (snapshot, window) => snapshot.rows({ shadowed: true, ...window }).rows.map((row) => row.name);

test("fields, alternatives and a minus", () => {
  const snapshot = parse(ROWS);
  assert.deepEqual(names(snapshot, { filter: "scope:user|bot -type:object" }), ["lang", "password"]);
  assert.deepEqual(names(snapshot, { filter: "path:items[0].sku" }), ["cart"]);
  assert.deepEqual(names(snapshot, { filter: "shadowed:yes" }), ["lang"]);
});

test("what cannot be read is a text, and told in UTF-16 units", () => {
  const answer = parse(ROWS).rows({ filter: "😀 size>large" });
  assert.equal(answer.total, 0);
  assert.deepEqual(answer.misread, [{ start: 3, end: 13, why: answer.misread[0].why }]);
  assert.equal(parse(ROWS).rows({ filter: "lang" }).misread, undefined);
});

test("the snapshot before tells what changed, and stays its owner's", () => {
  const earlier = parse(ROWS);
  const later = parse([{ ...ROWS[0], value: "fr" }, ROWS[2], { name: "new", value: 1, scope: "user" }]);
  assert.deepEqual(names(later, { filter: "changed:yes", earlier }), ["lang"]);
  assert.deepEqual(names(later, { filter: "added:yes", earlier }), ["new"]);
  assert.equal(earlier.size, 3);
  earlier.free();
  assert.throws(() => later.rows({ filter: "added:yes", earlier }), { code: "INPUT_INVALID" });
});

test("the filter does not look behind the mask", () => {
  const snapshot = parse(ROWS);
  assert.deepEqual(names(snapshot, { filter: "hunter2" }), ["password"]);
  assert.deepEqual(names(snapshot, { filter: "hunter2", mask: true }), []);
  assert.deepEqual(names(snapshot, { filter: "masked:yes", mask: true }), ["password"]);
});

test("a variable has a place among all rows, however many there are", () => {
  const many = Array.from({ length: 60_000 }, (_, at) => ({ name: `n${at}`, value: at, scope: "user" }));
  const snapshot = parse(many);
  assert.equal(snapshot.position("n59999"), 59_999);
  assert.equal(snapshot.position("n59999", "user", { sort: "-name", limit: 5 }), 0);
  assert.equal(snapshot.position("n7", undefined, { filter: "name=n7" }), 0);
  assert.equal(snapshot.position("n7", "bot"), undefined);
  assert.equal(snapshot.position("n7", undefined, { filter: "-name=n7" }), undefined);
});
