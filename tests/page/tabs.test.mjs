/** Five real tabs of one origin share what a tenant allows, and one token. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { findChrome } from "../../scripts/lib/chrome.mjs";
import { dist } from "../../scripts/lib/paths.mjs";
import { BROWSER_ARGS } from "./lib/stage.mjs";

const TABS = 5;
const TYPES = { ".js": "text/javascript", ".wasm": "application/wasm" };
const TOKEN = "a-token-that-nobody-else-may-see";
const VALUE = "a-value-that-nobody-else-may-see";
const BODY = JSON.stringify({ variables: [{ name: "greeting", value: VALUE, scope: "user" }] });

/** A tenant that refuses what is beyond its limit in any window of a second, its token endpoint, and the package's own files. */
class Tenant {
  #server = createServer((request, response) => this.#answer(request, response));
  allowed = Number.POSITIVE_INFINITY;

  async start() {
    await new Promise((resolve) => this.#server.listen(0, "127.0.0.1", () => resolve(undefined)));
    const address = this.#server.address();
    assert.ok(address && typeof address === "object");
    this.origin = `http://127.0.0.1:${address.port}`;
  }

  stop() {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  begin(allowed) {
    Object.assign(this, { allowed, times: [], answered: 0, refused: 0, tokens: 0, asking: 0, mostAsking: 0 });
  }

  async #answer(request, response) {
    const { pathname } = new URL(request.url, "http://any");
    const send = (status, type, body) => response.writeHead(status, { "content-type": type }).end(body);
    if (pathname === "/tab") return send(200, "text/html", "<!doctype html><title>tab</title>");
    if (pathname === "/token") {
      this.tokens += 1;
      this.asking += 1;
      this.mostAsking = Math.max(this.mostAsking, this.asking);
      await new Promise((resolve) => setTimeout(resolve, 100));
      this.asking -= 1;
      return send(
        200,
        "application/json",
        JSON.stringify({ access_token: TOKEN, token_type: "Bearer", expires_in: 600 }),
      );
    }
    if (pathname.startsWith("/api/")) return this.#variables(send);
    try {
      const file = await readFile(join(dist, pathname.slice(1)));
      send(200, TYPES[extname(pathname)] ?? "application/octet-stream", file);
    } catch {
      send(404, "text/plain", "");
    }
  }

  #variables(send) {
    const now = performance.now();
    this.times = this.times.filter((time) => now - time < 1_000);
    if (this.times.length >= this.allowed) {
      this.refused += 1;
      return send(429, "application/json", "{}");
    }
    this.times.push(now);
    this.answered += 1;
    return send(200, "application/json", BODY);
  }
}

const tenant = new Tenant();
let browser;
before(async () => {
  await tenant.start();
  browser = await chromium.launch({ executablePath: findChrome(), args: BROWSER_ARGS });
});
after(async () => {
  await browser?.close();
  tenant.stop();
});

/** Opens the tabs, lets each read so many sessions, and gives all words that went over their channels. */
async function readAll(sessions, options) {
  const context = await browser.newContext();
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
      await page.goto(`${tenant.origin}/tab`);
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
            token: `${location.origin}/token`,
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
