/** What the engine does on behalf of an element, asked as the page asks it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as engine from "../../dist/node.js";
import { importModule } from "./lib/bundle-module.mjs";

await engine.default();
const { EngineHost } = await importModule("worker/engine-host.ts");
const { OutboxRisk } = await importModule("worker/outbox-risk.ts");

const body = (mail) =>
  JSON.stringify({
    session_id: "sess_1",
    variables: [
      { name: "max@mail.example", value: mail, scope: "user" },
      { name: "pin", value: "4711", scope: "bot" },
    ],
  });

/** A host that reads the given bodies, one after the other. */
async function connected(bodies, reveal) {
  const host = new EngineHost(async () => engine);
  let at = 0;
  const callbacks = { source: async () => bodies[Math.min(at++, bodies.length - 1)], abort: () => undefined };
  const connect = (options = {}) => host.connect({ sourceCallback: true, ...options }, callbacks);
  const read = async () => {
    const answer = await host.load({ sessionId: "sess_1" }, {}, () => undefined);
    assert.ok("value" in answer, JSON.stringify(answer));
    return answer.value;
  };
  const protect = (mode, allowed) => host.protect({ mode, rules: undefined, reveal: allowed });
  const show = async (id) => {
    const answer = await host.unmask(id, 1, [], { reason: undefined, prevented: false });
    return answer.value ?? answer.fault.code;
  };
  const trail = async () => (await host.audit()).value;
  return { host, connect, read, protect, show, trail, reveal };
}

test("no record of a reveal is lost when the connection or what is allowed changes, before a connection too", async () => {
  const { host, connect, read, protect, show, trail } = await connected([body("1")]);
  const opened = await host.open(
    new TextEncoder().encode(engine.Snapshot.parse(body("1")).toFile({ mask: false })).buffer,
  );
  assert.equal(await show(opened.value.id), 30_000);
  await protect("on", false);
  assert.equal(await show(opened.value.id), "REVEAL_REFUSED");
  await connect({ reveal: true });
  const { id } = await read();
  assert.equal(await show(id), "REVEAL_REFUSED");
  await protect("on", undefined);
  assert.equal(await show(id), 30_000);
  const requests = (await host.metrics()).value.requests;
  await protect("strict", undefined);
  assert.equal(await show(id), "REVEAL_REFUSED");
  assert.equal((await host.metrics()).value.requests, requests);
  await connect({ path: "/other/{sessionId}" });
  await protect("on", true);
  await read();
  const told = (await trail()).map(({ action, outcome }) => [action, outcome]);
  const [shown, refused] = [
    ["reveal", "OK"],
    ["reveal", "REVEAL_REFUSED"],
  ];
  assert.deepEqual(told, [shown, refused, ["source", "OK"], refused, shown, refused, ["source", "OK"]]);
  assert.equal(await engine.verifyAudit(await trail()), undefined);
  await host.close();
});

test("where the engine cannot be told what may be shown, the page is told, and what was forbidden stays so", async () => {
  const { host, connect, read, protect, show, trail } = await connected([body("1")]);
  const { SessionDebugger } = engine;
  const real = SessionDebugger.prototype.allowReveals;
  await connect();
  const { id } = await read();
  try {
    SessionDebugger.prototype.allowReveals = () => {
      throw Object.assign(new Error("out of bounds"), { name: "DebuggerError", code: "CONFIG_INVALID" });
    };
    assert.deepEqual(await protect("on", false), {
      fault: { code: "CONFIG_INVALID", message: "out of bounds", retryable: false },
    });
    assert.equal(await show(id), "REVEAL_REFUSED");
    assert.deepEqual((await trail()).at(-1).outcome, "REVEAL_REFUSED");
    // One that has broken down is followed by one that knows.
    SessionDebugger.prototype.allowReveals = () => {
      throw Object.assign(new Error("lost"), { name: "DebuggerError", code: "WASM_TRAP" });
    };
    assert.deepEqual(await protect("on", true), { value: undefined });
  } finally {
    SessionDebugger.prototype.allowReveals = real;
    await host.close();
  }
});

test("a variable whose name is hidden is watched as it is shown; a hidden value cannot be asked for", async () => {
  const { host, connect, read } = await connected([body("1"), body("2")]);
  await connect();
  const { id } = await read();
  const head = await host.arrange(id, { filter: "", pins: [], groupBy: "none" }, undefined);
  const rows = (await host.rows(head.value.version, 0, 10)).value.map(({ row }) => row);
  assert.match(rows[0].name, /^\[masked:email#\d+\]$/);
  const watch = (name, scope, when) => host.watch({ name, scope, path: [], when }, id);
  assert.ok("value" in (await watch(rows[0].name, rows[0].scope, { equals: 2 })));
  assert.ok("value" in (await watch("pin", "bot", "changes")));
  assert.ok("fault" in (await watch("pin", "bot", { equals: "4711" })));
  assert.equal((await read()).watchHits.length, 1);
  await host.close();
});

test("where the engine's file is missing it says so", async () => {
  const host = new EngineHost(async () => ({
    default: () => Promise.reject(new TypeError("HTTP status code is not ok")),
  }));
  const { fault } = await host.start();
  assert.match(fault.message, /files could not be loaded/);
  assert.deepEqual([fault.code, fault.retryable], ["WASM_NOT_LOADED", true]);
});

test("what is gone answers the filter as what was removed, and is counted", async () => {
  const bodyOf = (...names) =>
    JSON.stringify({ session_id: "sess_1", variables: names.map((name) => ({ name, value: name, scope: "bot" })) });
  const { host, connect, read } = await connected([bodyOf("a", "b b", "c"), bodyOf("c")]);
  await connect();
  await read();
  const { id } = await read();
  const shown = async (filter) => {
    const { value: head } = await host.arrange(id, { filter, pins: [], groupBy: "none" }, undefined);
    const { value: rows } = await host.rows(head.version, 0, 10);
    assert.equal(head.selected, rows.length, filter);
    assert.equal(head.unfiltered, 3, filter);
    return rows.map(({ row }) => row.name).join();
  };
  const cases = {
    "": "c,a,b b",
    "removed:yes": "a,b b",
    "-removed:no": "a,b b",
    "removed:no": "c",
    "-removed:yes": "c",
    "removed!=YES": "c",
    "changed:yes": "a,b b",
    "changed:no": "c",
    "-changed:yes": "c",
    "added:yes": "",
    "added:no": "c,a,b b",
    'removed:yes name="b b"': "b b",
    'changed:yes "b b"': "b b",
    "name=a": "a",
  };
  for (const [filter, names] of Object.entries(cases)) assert.equal(await shown(filter), names, filter);
  await host.close();
});

test("an explanation that is handed on is masked whatever is displayed", async () => {
  const scope = "bearer canary-4711-canary-4711";
  const variables = [{ name: "x", value: "1", scope }];
  const { host, connect, read, protect } = await connected([JSON.stringify({ session_id: "sess_1", variables })]);
  await connect();
  await protect("off", undefined);
  const { id } = await read();
  const explained = async (handOn) => JSON.stringify((await host.explain(id, "x", undefined, handOn)).value);
  assert.ok((await explained(false)).includes("canary"));
  assert.match(await explained(true), /^(?!.*canary).*\[masked:bearer#1\]/);
  await host.close();
});

test("what changed and is hidden is told as a change", async () => {
  const { host, connect, read } = await connected(
    ["4711", "4712"].map((value) => JSON.stringify({ variables: [{ name: "pin", value, scope: "bot" }] })),
  );
  await connect();
  await read();
  const { id } = await read();
  const { kinds, changes } = (await host.changes(id, "pin", "bot")).value;
  assert.deepEqual([kinds, changes.length, changes[0].kinds], [["value"], 1, ["value"]]);
  const sides = [changes[0].before, changes[0].after].map(({ type, text }) => [type, text]);
  assert.deepEqual(sides, [
    ["integer", '"[masked:one-time-code]"'],
    ["integer", '"[masked:one-time-code]"'],
  ]);
  await host.close();
});

test("what a webhook has not delivered is told where it would be lost with the page, though it was not to be", async () => {
  const { host, connect, read } = await connected([body("1")]);
  const url = "http://127.0.0.1:9/hook";
  const told = async (webhook) => {
    await connect({ webhook });
    const { atRisk } = await read();
    assert.deepEqual((await host.outboxAtRisk()).value, atRisk);
    return atRisk;
  };
  // Node has no IndexedDB.
  assert.deepEqual(await told({ url }), { waiting: 1, dead: 0 });
  assert.equal(await told({ url, storage: "memory" }), undefined);
  assert.equal(await told(undefined), undefined);
  await host.close();
});

test("a token is forgotten, and what nobody has foreseen is a fault without foreign words", async () => {
  const { host, connect } = await connected([]);
  const early = await host.load({ sessionId: "sess_1" }, {}, () => undefined);
  assert.deepEqual(early, { fault: { code: "INTERNAL", message: "Unexpected Error.", retryable: false } });
  assert.deepEqual(await host.dropToken(), { value: undefined });
  await connect();
  const real = engine.SessionDebugger.prototype.dropToken;
  let dropped = 0;
  engine.SessionDebugger.prototype.dropToken = () => {
    dropped += 1;
  };
  try {
    await host.dropToken();
  } finally {
    engine.SessionDebugger.prototype.dropToken = real;
  }
  assert.equal(dropped, 1);
  await host.close();
});

test("an outbox that is stored is asked about once, and one that cannot tell is no risk", async () => {
  const risk = new OutboxRisk();
  const asked = [];
  const debuggerOf = (status) => ({
    outbox: async () => asked.push(status) && (status ?? Promise.reject(new Error())),
  });
  const memory = debuggerOf({ waiting: 0, dead: 3, durable: false });
  const [stored, silent] = [debuggerOf({ waiting: 5, dead: 0, durable: true }), debuggerOf(undefined)];
  risk.connect({ webhook: { url: "https://receiver.example/" } });
  assert.deepEqual(await risk.of(memory), { waiting: 0, dead: 3 });
  for (const sessions of [silent, stored, stored, undefined]) assert.equal(await risk.of(sessions), undefined);
  assert.equal(asked.length, 3);
});

const VIEW = { filter: "", sort: "order", shadowed: false, groupBy: "none", pins: [] };

/** Behind the mask a search through these takes many slices. */
const many = () =>
  JSON.stringify({
    variables: Array.from({ length: 20_000 }, (_, number) => ({
      name: `cart_${number}`,
      value: { owner: `user${number}@mail.example`, items: [number, `part ${number % 7}`] },
      scope: "user",
    })),
  });

test("while a filter is searched for, everything else is answered, and another filter ends the search", async () => {
  const { host, connect, read } = await connected([many()]);
  await connect();
  const { id } = await read();
  const order = [];
  const told = (name, answer) => answer.then((answer) => order.push([name, answer.fault?.code ?? "value"]));
  const first = host.arrange(id, { ...VIEW, filter: '"part 3"' }, undefined);
  const arranged = told("part 3", first);
  await new Promise((resolve) => setImmediate(resolve));
  await told("children", host.children(id, 7, [], { offset: 0, limit: 10 }));
  await told("place", host.locate(id, { filter: "", sort: "order", shadowed: false }, "cart_9", "user"));
  await arranged;
  assert.deepEqual(order, [
    ["children", "value"],
    ["place", "value"],
    ["part 3", "value"],
  ]);
  const { version, selected } = (await first).value;
  assert.equal(selected, Math.ceil((20_000 - 3) / 7));
  assert.equal((await host.rows(version, 0, 5)).value.length, 5);
  order.length = 0;
  // Each key is a filter of its own; only the last is searched to its end.
  await Promise.all(
    ["user1", "user12", "user123@"].map((filter) => told(filter, host.arrange(id, { ...VIEW, filter }, undefined))),
  );
  assert.deepEqual(Object.fromEntries(order), { user1: "STALE", user12: "STALE", "user123@": "value" });
  const given = told("user", host.arrange(id, { ...VIEW, filter: "user" }, undefined));
  await new Promise((resolve) => setImmediate(resolve));
  await host.giveUpSearch();
  await given;
  assert.deepEqual(order.at(-1), ["user", "STALE"]);
  // What is shown is still the view before.
  assert.equal((await host.rows(version, 0, 1)).fault.code, "STALE");
  const released = told("owner", host.arrange(id, { ...VIEW, filter: "owner" }, undefined));
  await new Promise((resolve) => setImmediate(resolve));
  await host.release(id);
  await released;
  assert.deepEqual(order.at(-1), ["owner", "STALE"]);
  await host.close();
});

/** What is told of one arranging, in its order. */
async function arrangedIn(host, id, view) {
  const events = [];
  const onFirst = ({ rows, sought, misread }) => events.push(["first", rows, sought, misread]);
  const answer = await host.arrange(id, { ...VIEW, ...view }, undefined, onFirst);
  events.push(["all", answer]);
  // A timer that is left over would tell now.
  await new Promise((resolve) => setTimeout(resolve, 20));
  return events;
}

test("the first hits come before the count, as they stand once all are there", async () => {
  const { host, connect, read } = await connected([many()]);
  await connect();
  const { id } = await read();
  const [[first, rows, sought, misread], [all, answer], ...rest] = await arrangedIn(host, id, { filter: '"part 3"' });
  assert.deepEqual([first, all, rest, rows.length, misread], ["first", "all", [], 50, []]);
  const { version, selected } = answer.value;
  assert.deepEqual([selected, sought], [2_857, answer.value.sought]);
  const shown = (await host.rows(version, 0, 50)).value;
  // How many stand side by side is not known before.
  assert.deepEqual(
    rows,
    shown.map((row) => ({ ...row, siblings: -1 })),
  );
  // What is open has rows of its own: the first hits are those before it.
  const { name, scope, entry } = rows[2].row;
  await host.turn({ name, scope, entry }, "expand");
  const told = async (view) => {
    const events = await arrangedIn(host, id, view);
    return events.map(([what, rows]) => (what === "first" ? rows.length : what));
  };
  assert.deepEqual(await told({ filter: "part" }), [17, "all"]);
  // Nothing is told where other rows stand above, and where order comes last.
  const nothing = [
    { filter: '"part 4"', groupBy: "prefix" },
    { filter: '"part 4"', pins: [{ name: "cart_9" }] },
    { filter: '"part 5"', sort: "-name" },
    { filter: "" },
  ];
  for (const view of nothing) assert.deepEqual(await told(view), ["all"], JSON.stringify(view));
  await host.close();
});

test("what a search finds first is not told once another one is asked for", async () => {
  const { host, connect, read } = await connected([many()]);
  await connect();
  const { id } = await read();
  const told = [];
  const ask = (filter) => host.arrange(id, { ...VIEW, filter }, undefined, () => told.push(filter));
  const answers = await Promise.all(['"part 1"', '"part 2"', '"part 3"'].map(ask));
  assert.deepEqual([told, answers.map(({ fault }) => fault?.code)], [['"part 3"'], ["STALE", "STALE", undefined]]);
  await host.close();
});

test("beside an earlier read a filter is searched for in slices, too, what is gone included", async () => {
  const whole = JSON.parse(many());
  const { host, connect, read } = await connected([
    JSON.stringify(whole),
    JSON.stringify({ variables: whole.variables.slice(20) }),
  ]);
  await connect();
  await read();
  const { id } = await read();
  const order = [];
  const arranged = host.arrange(id, { ...VIEW, filter: '"part 3"' }, undefined).then((answer) => {
    order.push("arranged");
    return answer.value;
  });
  for (let turn = 0; turn < 5; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    await host.children(id, 7, [], { offset: 0, limit: 10 });
    order.push("children");
  }
  const { selected, changes } = await arranged;
  assert.deepEqual(order.slice(0, 5), Array(5).fill("children"));
  // Of the twenty that are gone three have it.
  assert.deepEqual([selected, changes.removed], [2_854 + 3, 20]);
  await host.close();
});
