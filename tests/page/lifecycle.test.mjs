/** A page that is hidden, frozen, killed, left and come back to, or without a network: nothing hangs, and it goes on. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { OwnBrowser } from "./lib/own-browser.mjs";
import { startOrigin } from "./lib/own-origin.mjs";

const BODY = JSON.stringify({ variables: [{ name: "age", value: "42", scope: "user" }] });
/** As long as a tab waits for one that leads and says nothing, in ms. */
const ALONE_MS = 10_000;

/** Refuses what is beyond its limit in any window. */
const tenant = {
  limit: { requests: Number.POSITIVE_INFINITY, windowMs: 1_000 },
  times: [],
  refused: 0,
  begin(limit) {
    Object.assign(this, { limit, times: [], refused: 0 });
  },
  answer(_, __, send) {
    const now = performance.now();
    tenant.times = tenant.times.filter((time) => now - time < tenant.limit.windowMs);
    if (tenant.times.length >= tenant.limit.requests) {
      tenant.refused += 1;
      return send(429, "{}");
    }
    tenant.times.push(now);
    send(200, BODY);
  },
};

const own = new OwnBrowser();
let browser;
before(async () => {
  browser = await own.connect();
});
after(async () => {
  await browser?.browser()?.close();
  await own.remove();
});

/** Calls a function of `lifecycle.js` in a page. */
const call = (page, name, ...args) =>
  page.evaluate(async ({ name, args }) => (await import("/in-page/lifecycle.js"))[name](...args), { name, args });

/** Pages of an origin of their own, each with its debugger. */
async function openTabs(context, count, options) {
  const origin = await startOrigin(tenant.answer);
  const tabs = [];
  context.after(async () => {
    await Promise.all(tabs.map((page) => page.close()));
    origin.stop();
  });
  for (let number = 0; number < count; number++) {
    const page = await browser.newPage();
    tabs.push(page);
    await page.goto(`${origin.address}/tab`);
    await call(page, "start", options);
  }
  return tabs;
}

const OK = { value: 42, records: ["OK"] };
const facts = ({ ms, ...rest }) => rest;

test("R12: offline: OFFLINE, a record for the attempt and one for the wait, the next call works, and one with time goes on by itself", async (context) => {
  tenant.begin({ requests: Number.POSITIVE_INFINITY, windowMs: 1_000 });
  context.after(() => browser.setOffline(false));
  const [hasty] = await openTabs(context, 1, { deadlineMs: 1_000 });
  const [patient] = await openTabs(context, 1, { deadlineMs: 30_000 });
  await browser.setOffline(true);
  assert.deepEqual(facts(await call(hasty, "read", "bad")), { code: "OFFLINE", records: ["OFFLINE", "OFFLINE"] });
  await browser.setOffline(false);
  assert.deepEqual(facts(await call(hasty, "read", "good")), OK);

  await browser.setOffline(true);
  const waiting = call(patient, "read", "waiting");
  await patient.waitForFunction(() =>
    globalThis.use.sessions.auditTrail().some(({ sessionId }) => sessionId === "waiting"),
  );
  await browser.setOffline(false);
  assert.deepEqual(facts(await waiting), { value: 42, records: ["OFFLINE", "OK"] });
});

test("R12: the tab that leads is killed: the next one goes on, within the limit", async (context) => {
  const rateLimit = { requests: 5, windowMs: 1_000 };
  tenant.begin(rateLimit);
  const [leads, other] = await openTabs(context, 2, { rateLimit });
  const dead = new Promise((resolve) => leads.once("crash", resolve));
  const reading = call(leads, "readMany", "lost", 100).catch(() => "killed");
  await call(other, "read", "before");
  const protocol = await browser.newCDPSession(leads);
  protocol.send("Page.crash").catch(() => undefined);
  await dead;
  const after = await call(other, "read", "after");
  assert.deepEqual(facts(after), OK);
  assert.equal(await call(other, "readMany", "more", 10), 10);
  assert.equal(tenant.refused, 0);
  await leads.close();
  assert.equal(await reading, "killed");
  console.log(`R12: the tab that leads is killed: the next one reads after ${after.ms.toFixed(0)} ms, 0 x 429`);
});

test("R12: the tab that leads is frozen: it has no timers any more, and others go on, within the limit", async (context) => {
  const rateLimit = { requests: 5, windowMs: 1_000 };
  tenant.begin(rateLimit);
  const [leads, other] = await openTabs(context, 2, { rateLimit });
  const protocol = await browser.newCDPSession(leads);
  await protocol.send("Page.setWebLifecycleState", { state: "frozen" });
  const first = await call(other, "read", "other");
  assert.deepEqual(facts(first), OK);
  const since = performance.now();
  assert.equal(await call(other, "readMany", "many", 15), 15);
  const seconds = (performance.now() - since) / 1_000;
  assert.equal(tenant.refused, 0);
  await protocol.send("Page.setWebLifecycleState", { state: "active" });
  await leads.bringToFront();
  assert.deepEqual(await Promise.all([call(leads, "readMany", "l", 10), call(other, "readMany", "o", 10)]), [10, 10]);
  assert.equal(tenant.refused, 0);
  console.log(
    `R12: the tab that leads is frozen: the other one reads after ${first.ms.toFixed(0)} ms, and 15 more at 5 a second in ${seconds.toFixed(1)} s; both go on when it is back; 0 x 429`,
  );
});

test("R12: the tab that leads is halted: others wait ten seconds for it, then go on alone; and share again when it is back", async (context) => {
  const rateLimit = { requests: 5, windowMs: 1_000 };
  tenant.begin(rateLimit);
  const [leads, other] = await openTabs(context, 2, { rateLimit });
  const protocol = await browser.newCDPSession(leads);
  await protocol.send("Debugger.enable");
  const halted = new Promise((resolve) => protocol.once("Debugger.paused", resolve));
  await protocol.send("Debugger.pause");
  await leads.bringToFront();
  const alone = await call(other, "read", "alone");
  await halted;
  assert.deepEqual(facts(alone), OK);
  assert.ok(alone.ms > ALONE_MS - 1_000 && alone.ms < ALONE_MS + 10_000, `${alone.ms}`);
  const next = await call(other, "read", "next");
  assert.deepEqual(facts(next), OK);
  assert.ok(next.ms < ALONE_MS / 2, "nobody waits twice");
  await protocol.send("Debugger.resume");
  await protocol.send("Debugger.disable");
  const both = (prefix) =>
    Promise.all([call(leads, "readMany", `${prefix}l`, 10), call(other, "readMany", `${prefix}o`, 10)]);
  assert.deepEqual(await both("a"), [10, 10]);
  // The other one asks before it goes on alone: it hears that the one that leads is back, but for what was under way.
  const { refused } = tenant;
  assert.ok(refused <= 3, `${refused}`);
  assert.deepEqual(await both("b"), [10, 10]);
  assert.equal(tenant.refused, refused);
  console.log(
    `R12: the tab that leads is halted: the other one reads after ${(alone.ms / 1_000).toFixed(1)} s, then after ${next.ms.toFixed(0)} ms; when it is back ${refused} x 429 in the first window (at most 3), then 0`,
  );
});

test("a hidden page pauses its watch, and goes on when it is looked at", async (context) => {
  tenant.begin({ requests: Number.POSITIVE_INFINITY, windowMs: 1_000 });
  const [page] = await openTabs(context, 1, {});
  const watched = () => page.evaluate(() => globalThis.use.watched);
  await call(page, "watch", 50);
  await page.waitForFunction(() => globalThis.use.watched >= 3);
  const other = await browser.newPage();
  context.after(() => other.close());
  assert.equal(await page.evaluate(() => document.visibilityState), "hidden");
  // The read that is under way comes to its end.
  await other.waitForTimeout(1_000);
  const before = await watched();
  await other.waitForTimeout(2_500);
  assert.equal(await watched(), before);
  assert.deepEqual(facts(await call(page, "read", "asked-for")), OK);
  await page.bringToFront();
  await page.waitForFunction((before) => globalThis.use.watched >= before + 3, before);
});

test("the tab that leads is left: others go on, and it does when one comes back to it", async (context) => {
  const rateLimit = { requests: 5, windowMs: 1_000 };
  tenant.begin(rateLimit);
  const [leads, other] = await openTabs(context, 2, { rateLimit });
  await leads.goto(`${new URL(leads.url()).origin}/tab?elsewhere`);
  const next = await call(other, "read", "other");
  assert.deepEqual(facts(next), OK);
  assert.ok(next.ms < ALONE_MS, `${next.ms}`);
  assert.equal(await call(other, "readMany", "many", 10), 10);
  await leads.goBack({ waitUntil: "commit" });
  const kept = await leads.evaluate(() => "use" in globalThis);
  if (!kept) await call(leads, "start", { rateLimit });
  assert.deepEqual(await Promise.all([call(leads, "readMany", "l", 10), call(other, "readMany", "o", 10)]), [10, 10]);
  assert.equal(tenant.refused, 0);
  console.log(
    `back/forward cache: the tab that leads is ${kept ? "kept" : "dropped"}, the other one reads after ${next.ms.toFixed(0)} ms, 0 x 429`,
  );
});

for (const [name, tabs] of /** @type {const} */ ([
  ["one that shares with others", true],
  ["one that is alone", false],
])) {
  test(`a page that is left and come back to goes on: ${name}`, async (context) => {
    tenant.begin({ requests: Number.POSITIVE_INFINITY, windowMs: 1_000 });
    const [page] = await openTabs(context, 1, { tabs });
    await call(page, "watch", 50);
    await page.waitForFunction(() => globalThis.use.watched >= 3);
    await page.goto(`${new URL(page.url()).origin}/tab?elsewhere`);
    await page.goBack({ waitUntil: "commit" });
    const kept = await page.evaluate(() => "use" in globalThis);
    if (!kept) await call(page, "start", { tabs });
    assert.deepEqual(facts(await call(page, "read", "again")), OK);
    if (kept) {
      const before = await page.evaluate(() => globalThis.use.watched);
      await page.waitForFunction((before) => globalThis.use.watched >= before + 3, before);
    }
    console.log(`back/forward cache, ${name}: the page is ${kept ? "kept, and its watch goes on" : "made anew"}`);
  });
}
