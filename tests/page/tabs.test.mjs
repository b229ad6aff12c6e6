/** Five real tabs of one origin share what a tenant allows, and one token. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ownStage } from "./lib/own-stage.mjs";

const TABS = 5;
const TOKEN = "a-token-that-nobody-else-may-see";
const VALUE = "a-value-that-nobody-else-may-see";
const BODY = JSON.stringify({ variables: [{ name: "greeting", value: VALUE, scope: "user" }] });

/** A tenant that refuses what is beyond its limit in any window of a second, and its token endpoint. */
class Tenant {
  allowed = Number.POSITIVE_INFINITY;

  begin(allowed) {
    Object.assign(this, { allowed, times: [], answered: 0, refused: 0, tokens: 0, asking: 0, mostAsking: 0 });
  }

  async answer({ pathname }, _, send) {
    if (pathname !== "/own/token") return this.#variables(send);
    this.tokens += 1;
    this.asking += 1;
    this.mostAsking = Math.max(this.mostAsking, this.asking);
    await new Promise((resolve) => setTimeout(resolve, 100));
    this.asking -= 1;
    send(200, JSON.stringify({ access_token: TOKEN, token_type: "Bearer", expires_in: 86_400 }));
  }

  #variables(send) {
    const now = performance.now();
    this.times = this.times.filter((time) => now - time < 1_000);
    if (this.times.length >= this.allowed) {
      this.refused += 1;
      return send(429, "{}");
    }
    this.times.push(now);
    this.answered += 1;
    return send(200, BODY);
  }
}

const tenant = new Tenant();
const stage = ownStage((...asked) => tenant.answer(...asked));

/** Opens the tabs, lets each read so many sessions, and gives all words that went over their channels. */
async function readAll(sessions, options) {
  const context = await stage.browser.newContext();
  await context.addInitScript(() => {
    const say = BroadcastChannel.prototype.postMessage;
    const words = [];
    Object.assign(globalThis, { words });
    BroadcastChannel.prototype.postMessage = function (word) {
      words.push(word);
      return say.call(this, word);
    };
  });
  const tabs = await Promise.all(
    Array.from({ length: TABS }, async () => {
      const page = await context.newPage();
      await page.goto(`${stage.address}/tab`);
      return page;
    }),
  );
  const results = await Promise.all(
    tabs.map((page) =>
      page.evaluate(
        async ({ sessions, options }) => {
          const engine = await import(`${location.origin}/index.js`);
          await engine.default();
          const debug = new engine.SessionDebugger({
            baseUrl: location.origin,
            path: "/own/{sessionId}",
            token: `${location.origin}/own/token`,
            deadlineMs: 600_000,
            ...options,
          });
          const queries = Array.from({ length: sessions }, (_, number) => ({ sessionId: `s${number}` }));
          let read = 0;
          for await (const { snapshot } of debug.snapshots(queries)) {
            read += snapshot?.get("greeting") ? 1 : 0;
            snapshot?.free();
          }
          return { read, words: globalThis.words };
        },
        { sessions, options },
      ),
    ),
  );
  await context.close();
  for (const { read } of results) assert.equal(read, sessions);
  return results.flatMap(({ words }) => words);
}

test("R4: five tabs keep one limit", { timeout: 240_000 }, async () => {
  const rateLimit = { requests: 20, windowMs: 1_000 };
  tenant.begin(rateLimit.requests);
  const since = performance.now();
  const words = await readAll(40, { rateLimit });
  const seconds = (performance.now() - since) / 1_000;
  assert.equal(tenant.refused, 0);
  assert.equal(tenant.answered, TABS * 40);
  assert.ok(words.length > 0, "they talk with each other");
  for (const word of words) assert.ok(!word.includes(VALUE) && !word.includes(TOKEN), word);

  tenant.begin(rateLimit.requests);
  assert.equal((await readAll(40, { rateLimit, tabs: false })).length, 0);
  assert.ok(tenant.refused > 0, "each for itself, they are refused");
  console.log(
    `R4: ${TABS} tabs, ${TABS * 40} sessions at 20 a second: 0 x 429 (asked: 0) in ${seconds.toFixed(1)} s; ${tenant.refused} x 429 where each is alone`,
  );
});

test("R9: five tabs with 2,000 sessions each", { timeout: 400_000 }, async () => {
  const options = { rateLimit: { requests: 1_000_000, windowMs: 1_000 }, maxConcurrent: 50 };
  tenant.begin(Number.POSITIVE_INFINITY);
  await readAll(2_000, { ...options, tabs: { shareToken: true } });
  assert.equal(tenant.tokens, 1);
  tenant.begin(Number.POSITIVE_INFINITY);
  const words = await readAll(20, options);
  assert.equal(tenant.tokens, TABS);
  assert.equal(tenant.mostAsking, 1, "one after the other");
  for (const word of words) assert.ok(!word.includes(TOKEN), word);
  console.log(
    "R9: 5 tabs x 2,000 sessions: 1 request for a token where it may travel (asked: 1), else one each, never two at once",
  );
});
