/** What is displayed through a mask, and revealed for a while, as a program asks for it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadPacked } from "./support.mjs";

const { engine: api } = await loadPacked();

const parse = (variables) => api.Snapshot.parse(JSON.stringify({ session_id: "sess_1", variables }));
const rows = [
  { name: "pin", value: "4711", scope: "user" },
  { name: "max@mail.example", value: "1", scope: "user" },
  { name: "cart", value: { total: 1.5, login: { password: "hunter2" } }, scope: "user" },
  { name: "password", value: "hunter2" },
];
const masked = (rule, whole = true, parts = 1) => ({ rule, whole, parts, size: "small" });

test("rows say what is hidden, by which rule, and how large it is", () => {
  const [snapshot, mask] = [parse(rows), new api.Mask()];
  const answer = snapshot.rows({ mask });
  const told = answer.rows.map(({ name, text, type, size, masked }) => ({ name, text, type, size, masked }));
  assert.deepEqual(told, [
    { name: "pin", text: "••••", type: "integer", size: 0, masked: masked("one-time-code") },
    { name: "[masked:email#1]", text: "1", type: "integer", size: 3, masked: undefined },
    { name: "cart", text: "{total, login}", type: "object", size: 0, masked: masked("password", false) },
    { name: "password", text: "••••", type: "unreadable", size: 0, masked: masked("unreadable") },
  ]);
  assert.deepEqual(answer.masked.map(({ rule, count }) => [rule, count]).sort(), [
    ["email", 1],
    ["one-time-code", 1],
    ["password", 1],
    ["unreadable", 1],
  ]);
  assert.equal(snapshot.rows().masked, undefined);
  assert.equal(snapshot.rows().rows[0].text, "4711");
  // The name that was shown is understood again.
  assert.equal(snapshot.explain("[masked:email#1]", { mask }).candidates[0].text, "1");
  assert.equal(snapshot.get("[masked:email#1]", "user", { mask }).value, 1);
  assert.equal(snapshot.position("[masked:email#1]", "user", { mask }), 1);
  assert.equal(snapshot.get("[masked:email#1]"), undefined);
});

test("every answer takes the mask, and every document tells what it hid", () => {
  const [before, snapshot, mask] = [
    parse([{ ...rows[0], value: "0815" }, ...rows.slice(1)]),
    parse(rows),
    new api.Mask(),
  ];
  const listened = [];
  const onMasked = (rules) => listened.push(rules.reduce((sum, { count }) => sum + count, 0));
  const watchpoints = new api.Watchpoints();
  watchpoints.add({ name: "pin", when: "changes" });
  watchpoints.check(before, { mask });
  const history = new api.History();
  history.push(before, { turn: "Bearer c4n4ry.c4n4ry.c4n4ry" });
  history.push(snapshot);
  const shown = JSON.stringify([
    snapshot.children(2, [1], { mask }),
    snapshot.text(2, [], { mask }),
    snapshot.text(3, [], { mask }),
    snapshot.explain("pin", { mask }),
    snapshot.get("cart", undefined, { mask }),
    snapshot.at("cart", ["login", "password"], undefined, { mask }),
    snapshot.diff(before, { mask, onMasked }),
    snapshot.diffValue(before, "pin", { mask }),
    snapshot.patch(before, { mask }),
    watchpoints.check(snapshot, { mask }),
    history.variable("pin", { mask }),
    history.moments({ mask }),
    snapshot.hits("4711", { mask }),
    ...["json", "ndjson", "csv", "markdown"].map((format) => snapshot.export(format, { mask, onMasked })),
    snapshot.toFile({ mask, onMasked }),
    snapshot.toJsonText({ mask, onMasked }),
    snapshot.copyText(0, [], "value", { mask }),
  ]);
  for (const secret of ["4711", "0815", "hunter2", "c4n4ry", "max@"]) assert.ok(!shown.includes(secret), secret);
  assert.equal(listened.length, 7);
  assert.ok(
    listened.every((count) => count > 1),
    listened.join(),
  );
  assert.deepEqual(snapshot.diff(before, { mask }).changed[0].kinds, ["value", "type"]);
  assert.throws(() => snapshot.export("csv", { onMasked: "x" }), { code: "INPUT_INVALID" });
});

test("a reveal is asked for, shown, recorded and over", async (t) => {
  const source = () => "{}";
  const now = performance.now.bind(performance);
  let ahead = 0;
  t.mock.method(performance, "now", () => now() + ahead);
  const sessions = new api.SessionDebugger({ source, reveal: { forMs: 3_600_000, reason: "required" } });
  const [snapshot, mask] = [parse(rows), new api.Mask()];
  const text = () => snapshot.rows({ mask }).rows[0].text;
  assert.throws(() => sessions.reveal(snapshot, 0, { mask }), { code: "REVEAL_REFUSED" });
  assert.throws(() => sessions.reveal(snapshot, 1, { mask, reason: "x" }), { code: "INPUT_INVALID" });
  assert.throws(() => sessions.reveal(snapshot, 0, { mask: true, reason: "x" }), { code: "INPUT_INVALID" });
  const prevented = { mask, reason: "ticket 6", prevented: true };
  assert.throws(() => sessions.reveal(snapshot, 0, prevented), { code: "REVEAL_REFUSED" });
  assert.equal(text(), "••••");
  assert.equal(sessions.reveal(snapshot, 0, { mask, reason: "ticket 7" }), 3_600_000);
  assert.equal(text(), "4711");
  assert.equal(snapshot.text(0, [], { mask }).text, "4711");
  assert.equal(snapshot.copyText(0, [], "value", { mask }).text, "[masked:one-time-code]");
  assert.ok(!snapshot.export("json", { mask }).includes("4711"));
  mask.hide();
  assert.equal(text(), "••••");
  sessions.reveal(snapshot, 2, { mask, steps: [1, 0], reason: "ticket 8" });
  assert.equal(snapshot.children(2, [1], { mask }).nodes[0].text, "hunter2");
  const arrangement = new api.Arrangement();
  arrangement.show(snapshot, { mask });
  arrangement.expand({ name: "cart" });
  arrangement.expand({ name: "cart", path: ["login"] });
  const inTable = () => arrangement.rows().find((row) => row.path?.at(-1) === "password").node.text;
  assert.equal(inTable(), "hunter2");
  ahead = 3_600_000;
  assert.equal(inTable(), "••••");
  const trail = sessions.auditTrail();
  assert.deepEqual(
    trail.map(({ action, outcome, rule, path, reason, sessionId }) => [action, outcome, rule, path, reason, sessionId]),
    [
      ["reveal", "REVEAL_REFUSED", "one-time-code", "pin", undefined, "sess_1"],
      ["reveal", "REVEAL_REFUSED", "one-time-code", "pin", "ticket 6", "sess_1"],
      ["reveal", "OK", "one-time-code", "pin", "ticket 7", "sess_1"],
      ["reveal", "OK", "password", "cart.login.password", "ticket 8", "sess_1"],
    ],
  );
  assert.equal(await api.verifyAudit(trail, [sessions.auditCheckpoint()]), undefined);
  assert.equal(await api.verifyAudit(trail.map((record) => ({ ...record, reason: "y" }))), 1);
});

test("what says nothing of reveals allows none", () => {
  const sessions = new api.SessionDebugger({ source: () => "{}", reveal: undefined });
  const [snapshot, mask] = [parse(rows), new api.Mask()];
  assert.equal(sessions.reveal(snapshot, 0, { mask }), 30_000, "an option that is left out has its default");
  sessions.allowReveals(false);
  for (const odd of [undefined, null, "text", 1]) {
    assert.throws(() => sessions.allowReveals(odd), { name: "DebuggerError", code: "INPUT_INVALID" });
    assert.throws(() => sessions.reveal(snapshot, 0, { mask }), { code: "REVEAL_REFUSED" }, `${odd}`);
  }
});

test("reveals are forbidden later on, and a debugger that replaces another goes on with its records", async () => {
  const make = (reveal) => new api.SessionDebugger({ source: () => "{}", ...(reveal !== undefined && { reveal }) });
  const [snapshot, mask, first, second] = [parse(rows), new api.Mask(), make(), make(false)];
  const ask = (sessions) => sessions.reveal(snapshot, 0, { mask });
  assert.equal(ask(first), 30_000);
  first.allowReveals({ reason: "required" });
  assert.throws(() => ask(first), { code: "REVEAL_REFUSED" });
  assert.throws(() => first.allowReveals({ forMs: 0 }), { code: "CONFIG_INVALID" });
  assert.throws(() => first.allowReveals({ colour: 1 }), { code: "INPUT_INVALID" });
  second.continueFrom(first);
  first.free();
  assert.throws(() => ask(second), { code: "REVEAL_REFUSED" });
  second.allowReveals(true);
  assert.equal(ask(second), 30_000);
  const trail = second.auditTrail();
  assert.deepEqual(
    trail.map(({ seq, outcome }) => [seq, outcome]),
    [
      [1, "OK"],
      [2, "REVEAL_REFUSED"],
      [3, "REVEAL_REFUSED"],
      [4, "OK"],
    ],
  );
  assert.equal(await api.verifyAudit(trail, [second.auditCheckpoint()]), undefined);
  const third = make();
  ask(third);
  assert.throws(() => third.continueFrom(second), { code: "INPUT_INVALID" });
});

test("what a list of names leaves out leads back to its row, and can be watched, by what is shown of it", () => {
  const scopes = ["bot", "user", "session"];
  const turn = (value) =>
    parse([
      ...scopes.map((scope) => ({ name: "x", value: `${value}-${scope}`, scope })),
      { name: "plan", value: "gold", scope: "bot" },
    ]);
  const [mask, before, after] = [new api.Mask({ allow: ["plan"] }), turn("a"), turn("b")];
  const shown = before.rows({ mask, shadowed: true, sort: "-scope" }).rows;
  const hidden = shown.filter(({ name }) => name !== "plan");
  assert.deepEqual([shown.length, new Set(hidden.map(({ name, scope }) => name + scope)).size], [4, 3]);
  assert.ok(hidden.every(({ rank, scope }) => rank === -1 && scope.startsWith("[masked:not-listed")));
  const watchpoints = new api.Watchpoints();
  for (const { entry, name, scope } of hidden) {
    const raw = before.get("x", scopes[entry]).raw;
    assert.equal(before.copyText(before.at(name, [], scope, { mask }).entry, [], "value").text, raw);
    assert.equal(after.at(name, [], scope, { mask }).entry, entry);
    watchpoints.add({ name, scope, when: "changes" }, { mask });
  }
  assert.deepEqual(watchpoints.check(before, { mask }), []);
  const events = watchpoints.check(after, { mask });
  assert.deepEqual([events.length, events[0].after.value], [3, "[masked:not-listed]"]);
  assert.ok(!JSON.stringify(events).includes("a-") && !JSON.stringify(events).includes("session"));
});

test("the host's rules are read once, and refused where they cannot be", () => {
  const values = [{ rule: "policy", prefix: "POL-", characters: "digits", least: 6, most: 8 }];
  const mask = new api.Mask({ names: ["customer number"], safeNames: ["pin"], values });
  const snapshot = parse([
    { name: "customerNumber", value: "7", scope: "user" },
    { name: "note", value: "it is POL-123456.", scope: "user" },
    { name: "pin", value: "4711", scope: "user" },
  ]);
  assert.deepEqual(
    snapshot.rows({ mask }).rows.map((row) => row.masked?.rule),
    ["name", "policy", undefined],
  );
  for (const rules of [
    { values: [{ rule: "a b" }] },
    { values: [{ rule: "a", characters: "runes" }] },
    { values: "x" },
    { x: 1 },
  ]) {
    assert.throws(() => new api.Mask(rules), { code: "INPUT_INVALID" });
  }
  assert.deepEqual(
    snapshot.rows({ mask: new api.Mask({ allow: [] }) }).rows.map((row) => row.text),
    ["••••", "••••", "••••"],
  );
});

test("no error, record, payload or progress tells a secret of the tenant's, nor the token", async (t) => {
  const [token, bearer] = ["own.c4n4ry/token.plain", "Bearer c4n4ry-c4n4ry-c4n4ry"];
  const answers = [];
  const posted = [];
  t.mock.method(globalThis, "fetch", async (request) => {
    // A receiver that is gone is not asked again, which would keep this process for a day.
    if (request.method === "POST") posted.push(await request.text());
    const [status, answer] = request.method === "POST" ? [410, { detail: token, traceId: bearer }] : answers.shift();
    const headers = { "content-type": "application/json", "x-request-id": bearer };
    return new Response(JSON.stringify(answer), { status, headers });
  });
  const told = [];
  const sessions = new api.SessionDebugger({
    baseUrl: "https://tenant.example",
    token: () => token,
    webhook: { url: "https://receiver.example/hook", storage: "memory" },
  });
  const onProgress = (progress) => told.push(progress);
  const secrets = { [token]: bearer, [bearer]: token };
  for (const answer of [
    [400, { detail: `${".".repeat(190)} ${token}`, traceId: token }],
    [403, { title: bearer, traceId: bearer }],
    [200, secrets],
    [200, { variables: secrets }],
    [200, token],
  ]) {
    answers.push(answer);
    const failed = await sessions.snapshot({ sessionId: "s" }, { onProgress }).catch((error) => error);
    assert.equal(failed.name, "DebuggerError");
    for (const name of Object.getOwnPropertyNames(failed)) told.push(failed[name]);
  }
  answers.push([200, { session_id: bearer, variables: [{ name: "note", value: secrets, scope: "user" }] }]);
  const snapshot = await sessions.snapshot({ sessionId: "s" }, { onProgress });
  while (!sessions.auditTrail().some(({ action }) => action === "webhook")) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  told.push(posted, sessions.auditTrail(), sessions.metrics(), await sessions.outbox());
  told.push(snapshot.export("json"), snapshot.toFile(), snapshot.copyText(0, [], "value"));
  const all = JSON.stringify(told);
  assert.ok(!all.includes("c4n4ry"), all);
  assert.ok(all.includes("[masked:own-token") && all.includes("[masked:bearer") && posted.length > 0);
});

test("the host's own function has the last word, but for the rules", () => {
  const snapshot = parse([
    { name: "order", value: { for: "Max", by: ["Max"], n: 2.5, open: true }, scope: "user" },
    { name: "pin", value: "4711", scope: "user" },
  ]);
  const asked = [];
  const raw = (sanitize, name = "order") => snapshot.get(name, undefined, { mask: { sanitize } }).raw;
  const whole = (word) => `{"for":"${word}","by":["${word}"],"n":"${word}","open":"${word}"}`;
  const kept = raw((leaf) => {
    asked.push(leaf);
    return leaf;
  });
  assert.equal(kept, '{"for":"Max","by":["Max"],"n":2.5,"open":true}');
  assert.deepEqual(asked[1], { name: "order", scope: "user", path: ["by"], value: "Max" });
  assert.deepEqual(
    asked.map(({ value }) => value),
    ["Max", "Max", "2.5", "true"],
  );
  assert.equal(
    raw((leaf) => ({ ...leaf, value: "x" })),
    whole("x"),
  );
  assert.equal(
    raw(() => ({ value: "a@mail.example" })),
    whole("[masked:email]"),
  );
  const wrong = [
    () => null,
    () => undefined,
    () => "x",
    () => ({ value: 1 }),
    () => ({}),
    async (leaf) => leaf,
    () => {
      throw new Error("no");
    },
    () => ({
      get value() {
        throw new Error("no");
      },
    }),
  ];
  for (const sanitize of wrong) assert.equal(raw(sanitize), whole("[masked:sanitized]"), String(sanitize));
  // What a rule hides it is not asked about.
  assert.equal(
    raw(() => assert.fail(), "pin"),
    "[masked:one-time-code]",
  );
  for (const sanitize of ["x", {}, null]) {
    assert.throws(() => new api.Mask({ sanitize }), { code: "INPUT_INVALID" });
  }
});

test("from inside of the host's function nothing breaks, and nothing comes back round", () => {
  const snapshot = parse([
    { name: "a", value: "one", scope: "user" },
    { name: "b", value: "two", scope: "user" },
  ]);
  const heard = [];
  const mask = new api.Mask({
    sanitize: (leaf) => {
      mask.hide();
      heard.push(snapshot.get("b", undefined, { mask }).raw, snapshot.rows({ filter: "two", mask }).total);
      return leaf;
    },
  });
  assert.deepEqual(
    snapshot.rows({ mask }).rows.map(({ text }) => text),
    ["one", "two"],
  );
  assert.deepEqual(heard, ["[masked:sanitized]", 0, "[masked:sanitized]", 0]);
  const sessions = new api.SessionDebugger({ source: () => [] });
  // What is shown already and is hidden while something else is being revealed stays hidden.
  const two = parse(["pin", "note"].map((name) => ({ name, value: "4711 two", scope: "user" })));
  let hides = false;
  const other = new api.Mask({
    sanitize: (leaf) => {
      if (hides) other.hide();
      return { ...leaf, value: "x" };
    },
  });
  const shown = () => two.rows({ mask: other }).rows.map(({ name, text }) => name + (text === "4711 two"));
  assert.ok(sessions.reveal(two, 0, { mask: other }) > 0);
  hides = true;
  assert.ok(sessions.reveal(two, 1, { mask: other }) > 0);
  hides = false;
  assert.deepEqual(shown().sort(), ["notetrue", "pinfalse"]);
  const secret = parse([{ name: "login", value: { pin: "4711", n: 1 }, scope: "user" }]);
  assert.ok(sessions.reveal(secret, 0, { mask, steps: [0] }) > 0);
  assert.equal(secret.text(0, [0], { mask }).text, "4711");
});
