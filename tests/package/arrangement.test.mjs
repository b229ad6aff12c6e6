/** Rows as a tree table, walked as a program walks them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadPacked } from "./support.mjs";

const { engine: api } = await loadPacked();

const parse = (variables) => api.Snapshot.parse(JSON.stringify({ variables }));
const first = [
  { name: "cart.items", value: [{ price: 1 }, { price: 2, __proto__x: null }], scope: "user" },
  { name: "cart.total", value: 3, scope: "bot" },
  { name: "lang", value: "de", scope: "bot" },
];
const told = (arrangement) =>
  arrangement.rows().map((row) => {
    const sign = row.expanded === undefined ? "" : row.expanded ? "-" : "+";
    const text = {
      group: () => `${row.group.kind} ${row.group.label} (${row.count})`,
      variable: () => `${row.row.name}${row.row.change ? ` ${row.row.change}` : ""}`,
      member: () => `${row.path.at(-1)} = ${row.node.text}`,
      removed: () => `${row.row.name} removed`,
      gone: () => `${row.name} gone${row.notLoaded ? "?" : ""}`,
    }[row.kind]();
    return `${" ".repeat(row.depth)}${row.pinned ? "!" : ""}${sign}${text}`;
  });

test("groups, open values, pins and changes cross, and outlive the snapshot", () => {
  const arrangement = new api.Arrangement();
  assert.deepEqual([arrangement.length, arrangement.rows(), arrangement.pins], [0, [], []]);
  const before = parse(first);
  arrangement.show(before, { groupBy: "prefix" });
  assert.deepEqual(told(arrangement), ["-prefix cart (2)", " +cart.items", " cart.total", "-no-prefix  (1)", " lang"]);
  assert.equal(arrangement.expand({ name: "cart.items" }), true);
  assert.equal(arrangement.expand({ name: "cart.items", scope: "user", path: [1] }), true);
  assert.equal(arrangement.collapse({ group: { kind: "no-prefix", label: "" } }), true);
  assert.deepEqual(told(arrangement).slice(1), [
    " -cart.items",
    "  +0 = {price}",
    "  -1 = {price, __proto__x}",
    "   price = 2",
    "   __proto__x = null",
    " cart.total",
    "+no-prefix  (1)",
  ]);
  assert.deepEqual([arrangement.parent(4), arrangement.parent(1), arrangement.parent(0)], [3, 0, undefined]);
  assert.equal(arrangement.position({ group: { kind: "no-prefix", label: "" } }), 7);
  assert.equal(arrangement.pin({ name: "lang", scope: "bot" }), true);
  assert.equal(arrangement.pin({ name: "gone" }), true);
  const later = parse([{ name: "lang", value: "ar", scope: "bot" }, first[0], { name: "n", value: 1, scope: "bot" }]);
  arrangement.show(later, { earlier: before, sort: "changed" });
  assert.deepEqual(told(arrangement).slice(0, 4), ["!lang changed", "!gone gone", "n added", "-cart.items"]);
  assert.equal(told(arrangement).at(-1), "cart.total removed");
  assert.deepEqual(arrangement.pins, [{ name: "lang", scope: "bot" }, { name: "gone" }]);
  // What is shown is held, whoever frees it.
  later.free();
  before.free();
  assert.equal(arrangement.expandSiblings(4), 1);
  assert.equal(arrangement.length, 4 + 2 + 1 + 2 + 1);
  assert.equal(arrangement.unpin({ name: "gone" }), true);
  assert.equal(arrangement.unpin({ name: "gone" }), false);
  arrangement.hide();
  assert.deepEqual([arrangement.length, arrangement.rows(), arrangement.pins.length], [0, [], 1]);
  const again = parse(first);
  arrangement.show(again);
  assert.deepEqual(told(arrangement).slice(0, 3), ["!lang", "-cart.items", " -0 = {price}"]);
  again.free();
  arrangement.free();
});

test("groups by scope come highest first, and fold", () => {
  const snapshot = parse(first);
  const arrangement = new api.Arrangement();
  arrangement.show(snapshot, { groupBy: "scope", sort: "name" });
  const user = { group: { kind: "scope", label: "user" } };
  assert.deepEqual(told(arrangement), ["-scope user (1)", " +cart.items", "-scope bot (2)", " cart.total", " lang"]);
  assert.deepEqual([arrangement.collapse(user), arrangement.collapse(user)], [true, false]);
  assert.deepEqual(told(arrangement).slice(0, 2), ["+scope user (1)", "-scope bot (2)"]);
  assert.deepEqual(
    arrangement.rows({ offset: 1, limit: 2 }).map((row) => [row.kind, row.depth, row.position, row.siblings]),
    [
      ["group", 0, 1, 2],
      ["variable", 1, 0, 2],
    ],
  );
  arrangement.free();
  snapshot.free();
});

test("the next change is found from any row, and round the ends", () => {
  const earlier = parse(first);
  const later = parse([first[0], { ...first[1], value: 4 }, first[2], { name: "new", value: 1, scope: "bot" }]);
  const arrangement = new api.Arrangement();
  arrangement.show(later, { earlier });
  assert.deepEqual(
    [0, 1, 2, 3].map((row) => [arrangement.nextChange(row), arrangement.nextChange(row, true)]),
    [
      [1, 3],
      [3, 3],
      [3, 1],
      [1, 1],
    ],
  );
  arrangement.show(earlier);
  assert.equal(arrangement.nextChange(0), undefined);
  arrangement.free();
});

test("hits inside closed values are revealed one by one", () => {
  const rows = Array.from({ length: 200 }, (_, at) => ({
    name: `variable_${at}`,
    value: JSON.stringify({ list: [{ note: at % 7 === 0 ? "the needle" : "hay" }] }),
    scope: at % 2 ? "user" : "bot",
  }));
  const snapshot = parse(rows);
  const arrangement = new api.Arrangement();
  const window = { filter: "needle", sort: "-name" };
  arrangement.show(snapshot, { ...window, groupBy: "scope" });
  assert.equal(arrangement.selected, 29);
  let [after, found, last] = [undefined, 0, -1];
  for (;;) {
    const [hit] = arrangement.hits({ limit: 1, ...(after ? { after } : {}) }).hits;
    if (!hit) break;
    const at = arrangement.reveal(hit);
    const [row] = arrangement.rows({ offset: at, limit: 1 });
    assert.deepEqual([row.kind, row.entry, row.steps, row.node.text], ["member", hit.entry, [0, 0, 0], "the needle"]);
    assert.equal(arrangement.position(hit), at);
    assert.deepEqual(arrangement.hits({ limit: 1, before: hit }).hits[0], after);
    assert.ok(at > last, "hits come in the order of the rows");
    [after, last] = [hit, at];
    found += 1;
  }
  assert.equal(found, 29);
  arrangement.free();
  snapshot.free();
});

test("what cannot be used is refused", () => {
  const arrangement = new api.Arrangement();
  const snapshot = parse(first);
  const freed = parse(first);
  freed.free();
  const wrong = [
    () => arrangement.show(snapshot, { groupBy: "colour" }),
    () => arrangement.show(snapshot, { offset: 1 }),
    () => arrangement.show(snapshot, { sort: "colour" }),
    () => arrangement.show(freed),
    () => arrangement.show({}),
    () => arrangement.rows({ limit: -1 }),
    () => arrangement.expand({ name: 1 }),
    () => arrangement.expand({ entry: 0 }),
    () => arrangement.collapse({ group: { kind: "colour", label: "" } }),
    () => arrangement.pin({ name: "a", colour: 1 }),
    () => arrangement.position({ entry: -1 }),
    () => arrangement.hits({ limit: -1 }),
    () => arrangement.hits({ filter: "a" }),
    () => arrangement.position({ name: "cart.items", path: [{}] }),
  ];
  for (const call of wrong) assert.throws(call, { name: "DebuggerError", code: "INPUT_INVALID" }, String(call));
  arrangement.free();
});

test("what is gone stands behind all others, and hits go on into it", () => {
  const parse = (variables) => api.Snapshot.parse(JSON.stringify({ variables }));
  const [earlier, later] = [
    parse([
      { name: "gone", value: { for: "Ada" }, scope: "bot" },
      { name: "here", value: "Ada", scope: "bot" },
    ]),
    parse([{ name: "here", value: "Ada!", scope: "bot" }]),
  ];
  const arrangement = new api.Arrangement();
  arrangement.show(later, { earlier, filter: "ada" });
  assert.deepEqual([arrangement.length, arrangement.selected, arrangement.unfiltered], [2, 2, 2]);
  const [here, gone] = arrangement.rows();
  assert.deepEqual([here.kind, gone.kind, gone.row.name, gone.row.change], ["variable", "removed", "gone", "removed"]);
  const { hits } = arrangement.hits();
  assert.deepEqual(
    hits.map(({ row, removed, where, steps }) => [row, removed, where, steps]),
    [
      [0, undefined, "value", []],
      [1, true, "value", [0]],
    ],
  );
  assert.deepEqual(
    hits.map((hit) => arrangement.reveal(hit)),
    [0, 1],
  );
  assert.equal(arrangement.position({ entry: gone.row.entry, removed: true }), 1);
  assert.throws(() => arrangement.expand({ entry: gone.row.entry, removed: true }), { code: "INPUT_INVALID" });
  assert.deepEqual([arrangement.nextChange(0), arrangement.nextChange(1), arrangement.parent(1)], [1, 0, undefined]);
  // They are shown whoever frees the snapshot before.
  earlier.free();
  assert.equal(arrangement.rows({ offset: 1 })[0].row.text, "{for}");
});

test("a view goes into a text and comes back, without what the mask hides", () => {
  const secret = "max.c4n4ry@mail.example";
  const variables = [...first, { name: secret, value: [1], scope: "user" }];
  const snapshot = parse(variables);
  const arrangement = new api.Arrangement();
  const options = {
    filter: "-name:zzz",
    sort: "-size",
    scope: "user",
    system: false,
    shadowed: true,
    groupBy: "scope",
  };
  arrangement.show(snapshot, options);
  arrangement.expand({ name: "cart.items", path: [] });
  arrangement.expand({ name: "cart.items", path: [1] });
  arrangement.expand({ name: secret });
  arrangement.pin({ name: "lang" });
  arrangement.pin({ name: secret });
  const place = { name: "cart.items", scope: "user", path: [1, "price"] };
  const told = [];
  const state = arrangement.stateText({ place, onMasked: (rules) => told.push(rules) });
  assert.ok(!state.includes("c4n4ry"), state);
  assert.deepEqual(told, [[{ rule: "email", count: 2 }]]);
  assert.ok(arrangement.stateText({ mask: false }).includes(secret));

  const other = new api.Arrangement();
  const restored = other.restore(state);
  assert.deepEqual(restored, { options, place });
  other.show(parse(variables), restored.options);
  assert.deepEqual(other.pins, [{ name: "lang" }]);
  assert.deepEqual(other.rows({ limit: 1 })[0].row.name, "lang");
  const [row] = other.rows({ offset: other.reveal(restored.place), limit: 1 });
  assert.deepEqual([row.path, row.node.text], [[1, "price"], "2"]);

  const before = other.rows();
  const refused = (text, code) =>
    assert.throws(() => other.restore(text), { name: "DebuggerError", code }, String(text));
  refused('{"view":2}', "FILE_TOO_NEW");
  for (const text of ["", "{}", '{"view":1,"sort":"colour"}', state.slice(0, -1)]) refused(text, "FILE_INVALID");
  for (const text of [undefined, 1, {}]) refused(text, "INPUT_INVALID");
  assert.throws(() => other.stateText({ colour: 1 }), { code: "INPUT_INVALID" });
  assert.throws(() => other.stateText({ place: { path: [] } }), { code: "INPUT_INVALID" });
  assert.deepEqual(other.rows(), before);
  arrangement.free();
  other.free();
});

test("a row that changed tells what it was, and what is hidden in that stays hidden", () => {
  const turn = (total, mail) =>
    parse([
      { name: "total", value: total, scope: "user" },
      { name: "mail", value: mail, scope: "user" },
      { name: "same", value: 1, scope: "user" },
    ]);
  const [earlier, later] = [turn("41", "max@mail.example"), turn(42, "none")];
  const arrangement = new api.Arrangement();
  arrangement.show(later, { earlier, mask: true });
  const [total, mail, same] = arrangement.rows().map(({ row }) => row);
  const { change, before } = total;
  assert.deepEqual(
    [change, before.text, before.type, before.entry, before.change],
    ["changed", "41", "integer", 0, undefined],
  );
  assert.deepEqual([mail.before.text, mail.before.masked.rule, mail.text], ["••••", "email", "none"]);
  assert.ok(!("before" in same) && !("change" in same));
  assert.equal(later.rows({ earlier }).rows[1].before.text, "max@mail.example");
  assert.ok(later.rows().rows.every((row) => !("before" in row)));
  arrangement.free();
});
