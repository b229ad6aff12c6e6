/** The search of the rows, as a program asks it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadPacked } from "./support.mjs";

const { engine: api } = await loadPacked();

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

test("every field and every operator is read", () => {
  const rows = [
    ...ROWS,
    { name: "zip", value: "01067", scope: "user" },
    { name: "total", value: "21.5", scope: "user" },
    { name: "_trace", value: true, scope: "global" },
    { name: "broken", value: 1, scope: 5 },
  ];
  const [earlier, snapshot] = [parse([...ROWS, { name: "former", value: 1, scope: "user" }]), parse(rows)];
  const found = (filter) => names(snapshot, { filter, earlier, mask: true }).join(" ");
  for (const [filter, expected] of [
    ["name:AN", "lang lang"],
    ["name=lang|zip", "lang lang zip"],
    ["name~t*l", "total"],
    ["name!=lang scope:user", "cart password zip total"],
    ["scope:session|global", "lang _trace"],
    ["scope~*o*", "lang lang _trace"],
    ["type:object|boolean", "cart _trace"],
    ["type!=string scope:user", "cart total"],
    ["value:21", "cart total"],
    ["value=21.50", "total"],
    ["value>21.4 value<21.6", "total"],
    ["value>=21.5 value<=21.5", "total"],
    ["path:items[0]", "cart"],
    ["path=cart.total", "cart"],
    ["path~cart.*.sku", "cart"],
    ["items[0].sku", "cart"],
    ["system:yes", "_trace"],
    ["shadowed:yes", "lang"],
    ["masked:yes -unreadable:yes", "password"],
    ["-added:yes changed:no unreadable:no", "lang lang cart password"],
    ["added:yes", "zip total _trace"],
    ["changed:yes", ""],
    ["removed:yes", "former"],
    ["removed:yes scope:bot", ""],
    ["removed:no name=zip", "zip"],
    ["size>30 scope:user", "cart"],
    ["size<=0.007kb -masked:yes scope:user", "zip total"],
    ["note:leading", "zip"],
    ["note:yes", "zip"],
  ]) {
    assert.equal(snapshot.rows({ filter, earlier }).misread, undefined, filter);
    assert.equal(found(filter), expected, filter);
  }
  const unreadable = snapshot.rows({ filter: "unreadable:yes" });
  assert.deepEqual([unreadable.total, unreadable.rows[0].type], [1, "unreadable"]);
});

test("what cannot be read is a text, and told in UTF-16 units", () => {
  const answer = parse(ROWS).rows({ filter: "😀 size>large" });
  assert.equal(answer.total, 0);
  assert.deepEqual(answer.misread, [{ start: 3, end: 13, why: answer.misread[0].why }]);
  assert.equal(parse(ROWS).rows({ filter: "lang" }).misread, undefined);
});

test("what is looked for in texts is told, folded, for whoever marks it", () => {
  const sought = (filter) => parse(ROWS).rows({ filter, limit: 0 }).sought;
  assert.deepEqual(sought('Cart "GIFT wrap" -old name:Ze scope:user value=A|B -name:c'), {
    names: ["cart", "gift wrap", "ze"],
    values: ["cart", "gift wrap", "a", "b"],
  });
  assert.deepEqual(sought("size>1kb"), { names: [], values: [] });
  assert.equal(sought(" "), undefined);
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

test("rows are sorted by what is asked for, names as people count", () => {
  const snapshot = parse([
    { name: "n10", value: "a text", scope: "global" },
    { name: "_s", value: true, scope: "odd" },
    { name: "n2", value: 7, scope: "user" },
    { name: "list", value: [1, 2, 3], scope: "bot" },
    { name: "N9", value: "abc", scope: "session" },
  ]);
  const expected = {
    order: "n10 _s n2 list N9",
    name: "list n2 N9 n10 _s",
    "-name": "_s n10 N9 n2 list",
    scope: "n2 N9 list n10 _s",
    "-size": "n10 list N9 _s n2",
  };
  for (const [sort, order] of Object.entries(expected)) assert.equal(names(snapshot, { sort }).join(" "), order, sort);
  const types = snapshot.rows({ sort: "type" }).rows.map((row) => row.type);
  assert.equal(types.filter((type, at) => type !== types[at - 1]).length, 4, types.join(" "));
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

/** A search behind a mask takes some slices: each of these holds a document. */
const MANY = Array.from({ length: 20_000 }, (_, number) => ({
  name: `cart_${number}`,
  value: { owner: `user${number}@mail.example`, items: [number, `part ${number % 7}`] },
  scope: "user",
}));

test("a search in slices finds the same, shows the first before it knows all, and leaves the thread to others", async () => {
  const [snapshot, other] = [parse(MANY), parse(MANY)];
  const window = { filter: "part 3", mask: true };
  const events = [];
  const tick = () => {
    if (events.at(-1) === "end") return;
    events.push("tick");
    setImmediate(tick);
  };
  setImmediate(tick);
  const onFirstRows = (first) => events.push(first);
  const total = await api.searchRows(snapshot, { ...window, onFirstRows });
  events.push("end");
  const expected = other.rows({ ...window, limit: 50 });
  assert.equal(total, expected.total);
  const at = events.findIndex((event) => typeof event === "object");
  const { total: _, ...withoutTotal } = expected;
  assert.deepEqual(events[at], withoutTotal);
  assert.ok(events.slice(at).includes("tick"), "others had their turn after the first rows and before the count");
  assert.ok(events.slice(0, -1).filter((event) => event === "tick").length > 5);
  assert.deepEqual(snapshot.rows({ ...window, offset: total - 1 }), other.rows({ ...window, offset: total - 1 }));
});

test("what was searched in slices is not searched again", async () => {
  let asked = 0;
  const sanitize = ({ text }) => {
    asked += 1;
    return text;
  };
  const mask = new api.Mask({ sanitize });
  const snapshot = parse(MANY.slice(0, 500));
  const window = { filter: "value:part", mask, limit: 10 };
  const total = await api.searchRows(snapshot, window);
  const searched = asked;
  assert.ok(searched >= 500, String(searched));
  assert.equal(snapshot.rows(window).total, total);
  assert.ok(asked - searched < 100, `${asked - searched} more for ten rows`);
});

test("a search is given up by its signal, at once and on the way, and one that cannot be is refused", async () => {
  const snapshot = parse(MANY);
  const reason = new Error("another one");
  const window = { filter: "part 3", mask: true };
  await assert.rejects(api.searchRows(snapshot, { ...window, signal: AbortSignal.abort(reason) }), reason);
  const aborts = new AbortController();
  const searching = api.searchRows(snapshot, { ...window, signal: aborts.signal });
  setImmediate(() => aborts.abort(reason));
  await assert.rejects(searching, reason);
  await assert.rejects(api.searchRows(snapshot, { sort: "colour" }), { code: "INPUT_INVALID" });
  await assert.rejects(api.searchRows(snapshot, { onFirstRows: "me" }), { code: "INPUT_INVALID" });
  await assert.rejects(api.searchRows({}, {}), { code: "INPUT_INVALID" });
  // What is freed meanwhile is searched to the end.
  const lasts = api.searchRows(snapshot, { filter: "part 3", mask: true });
  snapshot.free();
  assert.ok((await lasts) > 2_000);
});
