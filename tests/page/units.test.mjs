/** The parts of the page that need no browser. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { importModule } from "./lib/bundle-module.mjs";

const { segments, chipText } = await importModule("element/text/segments.ts");
const { runs } = await importModule("element/text/marks.ts");
const { formatPath } = await importModule("element/text/paths.ts");
const { layOut, MAX_HEIGHT } = await importModule("element/views/geometry.ts");
const { Translator } = await importModule("element/text/translator.ts");
const { english } = await importModule("element/text/messages.ts");
const { RowCache, BLOCK } = await importModule("element/model/row-cache.ts");
const { readViewLink, writeViewLink } = await importModule("element/model/view-link.ts");
const { EngineLink } = await importModule("element/engine/engine-link.ts");
const { readKeep } = await importModule("element/config.ts");
const { SessionModel } = await importModule("element/model/session-model.ts");
const { applyViewState, readViewState } = await importModule("element/model/view-state.ts");
const { WatchModel } = await importModule("element/model/watch-model.ts");
const { errorKey, faultValues, meaningOf } = await importModule("element/views/notice.tsx");
const { phaseText, progressParts } = await importModule("element/views/status-bar.tsx");
const { Table } = await importModule("worker/table.ts");
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

test("marks: what is looked for is found in any letter case, and nothing of the text is lost", () => {
  const marked = (text, sought) => runs(text, sought).map(({ text: part, hit }) => (hit ? `[${part}]` : part));
  const cases = [
    ["Order_Order", ["order"], "[Order]_[Order]"],
    ["ÄPFEL und Birnen", ["äpfel", "irn"], "[ÄPFEL] und B[irn]en"],
    ["aaaa", ["aa", "aaa"], "[aaaa]"],
    ["abc", ["ab", "bc"], "[abc]"],
    ["İstanbul", ["stan"], "İstanbul"],
    ["x", ["", "y"], "x"],
    ["", ["a"], ""],
    ["none", [], "none"],
  ];
  for (const [text, sought, expected] of cases) {
    assert.equal(marked(text, sought).join(""), expected);
    assert.equal(
      runs(text, sought)
        .map((run) => run.text)
        .join(""),
      text,
    );
  }
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

test("words: a wait in the queue tells how long it takes and how many go before", () => {
  const t = new Translator({}, "en");
  const counts = { page: 1, variables: 0, bytes: 0, attempt: 1, attempts: 4, requestsUsed: 100, requestsAllowed: 100 };
  const queued = { ...counts, phase: "queued", waitFor: "rate-limit", waitMs: 12_000, ahead: 3 };
  assert.equal(phaseText(t, queued, 11_200), "Own request budget used up. Next request in 0:12");
  assert.deepEqual(progressParts(t, queued), ["3 requests go before", "100 of 100 requests used"]);
  // Behind a request under way, whose end nobody knows.
  const { waitMs: _, ...behind } = { ...queued, ahead: 1 };
  assert.equal(phaseText(t, behind, 0), "Waiting for a free slot");
  assert.deepEqual(progressParts(t, behind)[0], "1 request goes before");
  assert.deepEqual(progressParts(t, { ...queued, ahead: 0 }), ["100 of 100 requests used"]);
  const waiting = { ...counts, phase: "waiting", waitFor: "server", waitMs: 2_000 };
  assert.match(phaseText(t, waiting, 2_000), /the server asked for a pause\. Next try in 0:02$/);
});

test("words: every error code of the contract has a meaning and an advice", async () => {
  const { readFileSync } = await import("node:fs");
  const contract = readFileSync(new URL("../../www/entry/error.d.ts", import.meta.url), "utf8");
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
    return Array.from({ length: count }, (_, at) => ({ entry: offset + at }));
  };
  const settle = () => new Promise((resolve) => setTimeout(resolve));
  const cache = await RowCache.open(fetch, () => undefined, { total }, 50_000);
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
  groupBy: "prefix",
  selected: { name: "a.b[0]&", scope: "" },
  tab: "why",
};
const none = async (texts) => texts.map(() => false);

test("links: what is written is read again, and the address around it stays", async () => {
  const link = await writeViewLink("https://host.example/a?b=c#old", VIEW, { selection: true, hides: none });
  assert.ok(link.startsWith("https://host.example/a?b=c#csd=1&"), link);
  const { userId: _, name: __, ...query } = VIEW.query;
  assert.deepEqual(readViewLink(link), { ...VIEW, query });
  const plain = {
    version: 1,
    query: { sessionId: "s" },
    filter: "",
    sort: "order",
    shadowed: false,
    groupBy: "none",
    tab: "value",
  };
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
  assert.equal(readViewLink("https://h.example/#csd=1&group=colour").groupBy, "none");
  assert.deepEqual(
    [odd.sort, odd.tab, odd.filter.length, odd.query, odd.selected],
    ["order", "value", 2_000, undefined, undefined],
  );
});

test("engine: where neither the worker's file nor the engine's is there, the worker's address is told", async () => {
  class Missing extends EventTarget {
    constructor() {
      super();
      queueMicrotask(() => this.dispatchEvent(new Event("error", { cancelable: true })));
    }
    postMessage() {}
    terminate() {}
  }
  const before = [globalThis.Worker, globalThis.document];
  Object.assign(globalThis, { Worker: Missing, document: new EventTarget() });
  try {
    const protection = { mode: "on", rules: undefined, reveal: undefined };
    const opening = EngineLink.open(
      new URL("https://page.example/app/worker.js?v=1"),
      protection,
      undefined,
      undefined,
    );
    await assert.rejects(opening, {
      code: "WORKER_BLOCKED",
      message: "The worker could not be loaded from https://page.example/app/worker.js.",
    });
  } finally {
    [globalThis.Worker, globalThis.document] = before;
  }
});

test("errors: a token that was never sent has not expired, and a wrong path is not blamed on the base URL", () => {
  const t = new Translator({}, "en");
  const words = (fault, options) => {
    const meaning = meaningOf(fault, { options, callbacks: {}, worker: undefined });
    return `${t.text(errorKey(meaning))} ${t.text(errorKey(meaning, ".do"), faultValues(fault))}`;
  };
  const refused = { code: "UNAUTHENTICATED", message: "The tenant refused the token (401).", retryable: false };
  const baseUrl = "https://tenant.example";
  assert.match(words(refused, { baseUrl }), /token-url/);
  assert.doesNotMatch(words(refused, { baseUrl }), /expired|refused/);
  for (const options of [
    { baseUrl, tokenUrl: "/token" },
    { baseUrl, tokenCallback: true },
  ]) {
    assert.match(words(refused, options), /^Sign-in expired/);
  }
  const wrongPath = { code: "CONFIG_INVALID", message: "The path must begin with a slash.", retryable: false };
  assert.doesNotMatch(words(wrongPath, { baseUrl }), /base URL/);
  assert.match(words(wrongPath, { baseUrl }), /The path must begin/);
});

test("max-history: whole parts alone, in any case, and never more than the engine can count", () => {
  const cases = [
    [null, {}],
    [" ", {}],
    ["7", { count: 7 }],
    ["0", { count: 1 }],
    ["100 16MB", { count: 100, bytes: 16_000_000 }],
    ["16mb\n3", { count: 3, bytes: 16_000_000 }],
    ["64MiB", { bytes: 67_108_864 }],
    ["1.5MB", { bytes: 1_500_000 }],
    ["5kb", { bytes: 5_000 }],
    ["4300MB 99999999999", { count: 0xffffffff, bytes: 0xffffffff }],
  ];
  for (const [text, keep] of cases) assert.deepEqual(readKeep(text), keep, String(text));
  for (const wrong of ["16 MB", "1.5", "-3", "3 GB", "many", "3,4", "1e3"])
    assert.equal(readKeep(wrong), undefined, wrong);
});

test("max-history: a wrong one fails the read, and says what is right", async () => {
  const told = [];
  const model = new SessionModel({
    changed() {},
    failed: ({ code }) => told.push(code),
  });
  model.query = { sessionId: "sess_1" };
  model.keep = readKeep("16 MB");
  await assert.rejects(model.load(), { code: "CONFIG_INVALID", message: /max-history/ });
  assert.deepEqual(told, ["CONFIG_INVALID"]);
});

test("view state: what is shown by a mask's name is kept by nobody, for it means another variable elsewhere", async () => {
  const masked = "[masked:email#2]";
  const watchpoints = [
    { name: masked, path: [], when: "changes" },
    { name: "a", scope: masked, path: [], when: "changes" },
    { name: "a", path: [masked], when: "changes" },
    { name: "b", path: [0], when: "changes" },
  ];
  const pins = [{ name: masked, scope: "user" }, { name: "a", scope: masked }, { name: "c" }];
  const model = new SessionModel({ changed() {} });
  await model.watchAll(watchpoints);
  await model.table.setView({ pins });
  model.detail.row = { name: masked, scope: "user" };
  const state = readViewState(model);
  assert.deepEqual([state.watchpoints, state.pins, state.selected], [[watchpoints[3]], [pins[2]], undefined]);
  model.detail.row = { name: "d", scope: "user" };
  assert.deepEqual(readViewState(model).selected, { name: "d", scope: "user" });

  const other = new SessionModel({ changed() {} });
  await applyViewState(other, { watchpoints, pins });
  assert.deepEqual([other.watches.watchpoints, other.table.view.pins], [[watchpoints[3]], [pins[2]]]);
});

/** A host whose answers come when they are asked for. */
function slowHost() {
  const [watched, answers] = [new Set(), []];
  let id = 0;
  const host = {
    watch: () =>
      new Promise((resolve) => {
        answers.push(() => {
          watched.add(++id);
          resolve({ value: { id, hits: [] } });
        });
      }),
    unwatch: async (gone) => void watched.delete(gone),
  };
  const answerAll = async () => {
    for (let quiet = 0; quiet < 20; quiet += 1) {
      answers.shift()?.();
      await null;
    }
  };
  return { host, watched, answers, answerAll };
}

test("watches: what is set twice in a row is watched once, and is told while it is not answered yet", async () => {
  const { host, watched, answerAll } = slowHost();
  const model = new WatchModel(
    () => undefined,
    () => undefined,
  );
  const [one, two] = ["one", "two"].map((name) => ({ name, path: [], when: "changes" }));
  const setAll = async (watchpoints) => {
    await model.set(host, watchpoints);
    await model.start(host, 1);
  };
  const both = [setAll([one, two]), setAll([{ ...one }, { ...two }])];
  assert.deepEqual(model.watchpoints, [one, two]);
  await null;
  await null;
  await null;
  assert.deepEqual(model.watchpoints, [one, two], "while they start");
  await answerAll();
  await Promise.all(both);
  assert.deepEqual(
    model.list.map(({ watchpoint }) => watchpoint),
    [one, two],
  );
  assert.equal(watched.size, 2);
});

test("watches: what is given up before its answer is not watched", async () => {
  const { host, watched, answers, answerAll } = slowHost();
  const model = new WatchModel(
    () => undefined,
    () => undefined,
  );
  await model.set(host, [{ name: "one", path: [], when: "changes" }]);
  const starting = model.start(host, 1);
  while (answers.length === 0) await null;
  await model.set(host, []);
  await answerAll();
  await starting;
  assert.deepEqual([model.watchpoints, watched.size], [[], 0]);
});

test("table: where the engine has broken down, the next one shows the snapshot; other errors are told", () => {
  let shows = 0;
  class Arrangement {
    pins = [];
    length = 3;
    selected = 3;
    show() {
      shows += 1;
      if (shows === 2) throw Object.assign(new Error("lost"), { name: "DebuggerError", code: "WASM_TRAP" });
      if (shows === 4) throw new TypeError("other");
    }
  }
  const engine = { Arrangement, isDebuggerError: (error) => error.name === "DebuggerError" };
  const table = new Table();
  const show = () =>
    table.show(engine, {}, { earlier: undefined, mask: false }, { ...VIEW, filter: "", pins: [] }, undefined);
  const first = show();
  const second = show();
  assert.deepEqual([first.total, second.total, shows], [3, 3, 3]);
  assert.ok(second.view > first.view && second.version > first.version);
  assert.throws(show, TypeError);
  assert.throws(() => table.rows(first.version, 0, 10), "rows of another version are refused");
});
