/** The parts of the page that need no browser. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { importModule } from "./lib/bundle-module.mjs";

const { segments, chipText } = await importModule("element/text/segments.ts");
const { formatPath } = await importModule("element/text/paths.ts");
const { layOut, MAX_HEIGHT } = await importModule("element/views/geometry.ts");
const { Translator } = await importModule("element/text/translator.ts");
const { english } = await importModule("element/text/messages.ts");
const { RowCache, BLOCK } = await importModule("element/model/row-cache.ts");
const { readViewLink, writeViewLink } = await importModule("element/model/view-link.ts");
const { nextSort } = await importModule("element/views/grid-header.tsx");

const hidden = (text, lines) => segments(text, lines).flatMap((segment) => segment.hidden ?? []);
const visible = (text) => segments(text).map((segment) => segment.hidden ?? segment.text);

test("segments: nothing of a text is lost, whatever it holds", () => {
  for (const text of ["", "plain", "a\u202eb", "\u0000", "x\ud83d", "\u200b\u200b", "é\u0301", "a\n\tb", "👩‍👩‍👧 ok"]) {
    assert.equal(
      segments(text)
        .map((segment) => segment.text)
        .join(""),
      text,
    );
  }
});

test("segments: characters that hide or reorder get a chip", () => {
  const cases = [
    "\u202e",
    "\u2066",
    "\u200b",
    "\u200f",
    "\ufeff",
    "\u00ad",
    "\u0007",
    "\u001b",
    "\u007f",
    "\u2028",
    "\u00a0",
  ];
  for (const character of cases) {
    const name = `U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
    assert.deepEqual(visible(`a${character}b`), ["a", name, "b"]);
  }
  assert.deepEqual(hidden("tag \u{e0041}"), ["U+E0041"]);
  assert.deepEqual(hidden("half \ud83d"), ["U+D83D"]);
});

test("segments: emoji, letters and marks stay whole", () => {
  for (const text of ["👩‍👩‍👧", "✈️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "1️⃣", "مرحبا", "日本語", "e\u0301"]) assert.deepEqual(visible(text), [text]);
  assert.deepEqual(hidden("a\u200db"), ["U+200D"], "a joiner between letters is not part of an emoji");
});

test("segments: lines and tabs are layout only where asked", () => {
  assert.deepEqual(hidden("a\nb\tc"), ["U+000A", "U+0009"]);
  assert.deepEqual(hidden("a\nb\tc\rd", true), ["U+000D"]);
  assert.equal(chipText("U+000A"), "↵");
  assert.equal(chipText("U+202E"), "⟨U+202E⟩");
});

test("paths: what is no identifier is quoted", () => {
  assert.equal(formatPath(["cart", "items", 0, "price"]), "cart.items[0].price");
  assert.equal(formatPath(["a.b", 'say "x"', ""]), '["a.b"]["say \\"x\\""][""]');
  assert.equal(formatPath(["0"]), '["0"]', "a member called 0 is not the element 0");
  assert.equal(formatPath(["größe", "$x", "_y"]), "größe.$x._y");
});

test("geometry: a short list has its real height and shows all its rows", () => {
  const geometry = layOut(10, 24, { top: 0, height: 400 });
  assert.equal(geometry.height, 240);
  assert.deepEqual([geometry.first, geometry.last], [0, 9]);
  assert.equal(geometry.offset(9), 216);
});

test("geometry: a window of a long list", () => {
  const geometry = layOut(10_000, 24, { top: 24_000, height: 480 });
  assert.ok(geometry.first <= 1_000 && geometry.first > 980);
  assert.ok(geometry.last >= 1_019 && geometry.last < 1_040);
  assert.equal(geometry.offset(1_000), 24_000);
  assert.equal(geometry.reveal(1_005), 24_000, "a row that is visible moves nothing");
  assert.equal(geometry.reveal(0), 0);
  assert.equal(geometry.reveal(1_020), 24_024, "the row below comes in at the bottom edge");
});

test("geometry: a million rows fit under the browsers' limit, and both ends can be reached", () => {
  const [rows, height, view] = [1_000_000, 24, 480];
  const start = layOut(rows, height, { top: 0, height: view });
  assert.equal(start.height, MAX_HEIGHT);
  assert.equal(start.first, 0);
  const bottom = MAX_HEIGHT - view;
  const end = layOut(rows, height, { top: bottom, height: view });
  assert.equal(end.last, rows - 1);
  assert.equal(end.offset(rows - 1), MAX_HEIGHT - height, "the last row ends where the list ends");
  assert.ok(end.first > rows - 60);
  assert.ok(Math.abs(end.reveal(rows - 1) - bottom) < 1);
  const middle = layOut(rows, height, { top: bottom / 2, height: view });
  const first = middle.first + 6;
  assert.ok(Math.abs(middle.offset(first) - bottom / 2) <= height, "visible rows stand where the window is");
});

test("words: plural forms, numbers and values that look like placeholders", () => {
  const t = new Translator({}, "en");
  assert.equal(t.text("status.variables", { count: 1 }), "1 variable");
  assert.equal(t.text("status.variables", { count: 10_000 }), "10,000 variables");
  assert.equal(t.text("empty.filter", { filter: "{count} $& {filter}" }), "No match for {count} $& {filter}");
  const polish = new Translator(
    { "status.variables": { one: "{count} a", few: "{count} b", other: "{count} c" } },
    "pl",
  );
  assert.deepEqual(
    [1, 3, 5].map((count) => polish.text("status.variables", { count })),
    ["1 a", "3 b", "5 c"],
  );
  assert.equal(new Translator({}, "no such language").text("query.load"), "Load");
});

test("words: sizes and countdowns", () => {
  const t = new Translator({}, "en");
  assert.deepEqual(
    [0, 999, 1_000, 312_400, 999_999, 7_400_000].map((count) => t.bytes(count)),
    ["0 B", "999 B", "1 kB", "312 kB", "1 MB", "7.4 MB"],
  );
  assert.deepEqual(
    [-5, 0, 1, 17_000, 61_000].map((ms) => t.countdown(ms)),
    ["0:00", "0:00", "0:01", "0:17", "1:01"],
  );
});

test("words: every error code of the contract has a meaning and an advice", async () => {
  const { readFileSync } = await import("node:fs");
  const contract = readFileSync(new URL("../../www/entry/index.d.ts", import.meta.url), "utf8");
  const union = contract.match(/export type ErrorCode =([^;]+);/)[1];
  const codes = [...union.matchAll(/"([A-Z_]+)"/g)].map((match) => match[1]);
  assert.ok(codes.length >= 30);
  for (const code of codes) {
    assert.ok(english[`error.${code}`], code);
    assert.ok(english[`error.${code}.do`], code);
  }
});

test("sorting: each column goes round, sizes begin with the largest", () => {
  assert.deepEqual(
    ["order", "name", "-name"].map((sort) => nextSort(sort, "name")),
    ["name", "-name", "order"],
  );
  assert.deepEqual(
    ["order", "-size", "size"].map((sort) => nextSort(sort, "size")),
    ["-size", "size", "order"],
  );
  assert.equal(nextSort("-size", "name"), "name");
});

test("row cache: asks for what is missing, keeps few blocks, and opens near a row past the end", async () => {
  const total = 10_000;
  const asked = [];
  const fetch = async (offset, limit) => {
    asked.push(offset);
    const count = Math.max(0, Math.min(limit, total - offset));
    return { total, unfiltered: total, rows: Array.from({ length: count }, (_, at) => ({ entry: offset + at })) };
  };
  const settle = () => new Promise((resolve) => setTimeout(resolve));
  const cache = await RowCache.open(fetch, () => undefined, 50_000);
  assert.equal(cache.row(total - 1).entry, total - 1);
  cache.want(0, 250);
  await settle();
  assert.equal(cache.row(250).entry, 250);
  const before = asked.length;
  cache.want(0, 250);
  await settle();
  assert.equal(asked.length, before, "what is there is not asked for again");
  for (let at = 0; at < total; at += BLOCK) {
    cache.want(at, at + 10);
    await settle();
  }
  const kept = Array.from({ length: total / BLOCK }, (_, block) => cache.row(block * BLOCK)).filter(Boolean).length;
  assert.ok(kept <= 24, `${kept} blocks kept`);
});

const VIEW = {
  version: 1,
  query: { sessionId: "sess/1 ü#?&", scope: "user", includeSystem: true, userId: "u-1", name: "n" },
  filter: 'value~"a b" -x&y=#%',
  sort: "-size",
  shadowed: true,
  selected: { name: "a.b[0]&", scope: "" },
  tab: "why",
};
const none = async (texts) => texts.map(() => false);

test("links: what is written is read again, and the address around it stays", async () => {
  const link = await writeViewLink("https://host.example/a?b=c#old", VIEW, { selection: true, hides: none });
  assert.ok(link.startsWith("https://host.example/a?b=c#csd=1&"), link);
  const { userId: _, name: __, ...query } = VIEW.query;
  assert.deepEqual(readViewLink(link), { ...VIEW, query });
  const plain = { version: 1, query: { sessionId: "s" }, filter: "", sort: "order", shadowed: false, tab: "value" };
  const short = await writeViewLink("https://host.example/", plain, { selection: true, hides: none });
  assert.equal(short, "https://host.example/#csd=1&session=s");
  assert.deepEqual(readViewLink(short), plain);
});

test("links: a selection needs leave, and what a rule hides is left out", async () => {
  const link = await writeViewLink("https://host.example/", VIEW, { selection: false, hides: none });
  assert.equal(readViewLink(link).selected, undefined);
  assert.ok(!link.includes("a.b"));
  for (const secret of [VIEW.query.sessionId, VIEW.filter, VIEW.selected.name]) {
    const hides = async (texts) => texts.map((text) => text === secret);
    const masked = await writeViewLink("https://host.example/", VIEW, { selection: true, hides });
    const { query, filter, selected } = readViewLink(masked);
    assert.ok(![query?.sessionId, filter, selected?.name].includes(secret), masked);
  }
});

test("links: anything may stand in an address", () => {
  for (const address of [
    "https://h.example/",
    "https://h.example/#",
    "https://h.example/#csd=2&session=s",
    "https://h.example/#top",
  ]) {
    assert.equal(readViewLink(address), undefined, address);
  }
  const odd = readViewLink(
    `https://h.example/#csd=1&sort=__proto__&tab=constructor&filter=${"x".repeat(9_999)}&%E0%A4`,
  );
  assert.deepEqual(
    [odd.sort, odd.tab, odd.filter.length, odd.query, odd.selected],
    ["order", "value", 2_000, undefined, undefined],
  );
});
