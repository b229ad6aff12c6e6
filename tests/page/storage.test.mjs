/** The outbox and the browser's own storage: how long a write takes, when it is acknowledged, and what happens where it fails. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { findChrome } from "../../scripts/lib/chrome.mjs";
import { startOrigin, textOf } from "./lib/own-origin.mjs";
import { BROWSER_ARGS } from "./lib/stage.mjs";

const WRITES = 500;
/** What nineteen of twenty writes take at most, in ms: other programs that write may disturb some runs, not all. */
const ASKED_MS = 10;
const RUNS = 3;

let delivered = [];
async function answer({ pathname }, request, send) {
  if (pathname === "/own/silent") return;
  delivered.push(JSON.parse(await textOf(request)).session_id);
  send(204);
}

/** Of a lasting profile: what other windows store they keep in memory. */
const profile = mkdtempSync(join(tmpdir(), "storage-test-"));
let browser;
before(async () => {
  browser = await chromium.launchPersistentContext(profile, { executablePath: findChrome(), args: BROWSER_ARGS });
});
after(async () => {
  await browser?.close();
  rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
});

/** Calls a function of a module in a page of an origin of its own, and so with storage of its own. */
async function inPage(context, module, name, ...args) {
  delivered = [];
  const origin = await startOrigin(answer);
  const page = await browser.newPage();
  context.after(async () => {
    await page.close();
    origin.stop();
  });
  const protocol = await browser.newCDPSession(page);
  await page.exposeFunction("setQuota", (quotaSize) =>
    protocol.send("Storage.overrideQuotaForOrigin", { origin: origin.address, quotaSize }),
  );
  await page.exposeFunction("clearData", () =>
    protocol.send("Storage.clearDataForOrigin", { origin: origin.address, storageTypes: "indexeddb" }),
  );
  await page.goto(`${origin.address}/tab`);
  return page.evaluate(
    async ({ module, name, args }) => {
      const engine = await import(`${location.origin}/index.js`);
      await engine.default();
      return (await import(`${location.origin}/in-page/${module}`))[name](engine, ...args);
    },
    { module, name, args },
  );
}

test("R14: a write is strict, and acknowledged when it is complete", { timeout: 240_000 }, async (context) => {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < RUNS && best > ASKED_MS; run++) {
    const result = await inPage(context, "strict-writes.js", "measure", WRITES);
    assert.deepEqual(result.durabilities, ["strict"]);
    assert.deepEqual([result.waiting, result.durable, result.early], [WRITES + 1, true, 0]);
    assert.ok(result.held && !result.saidEarly, "the caller waits for as long as the transaction");
    const sorted = result.times.sort((one, other) => one - other);
    const at = (share) => sorted[Math.floor(share * sorted.length)];
    best = Math.min(best, at(0.95));
    console.log(
      `R14: ${WRITES} strict writes, each acknowledged after it was complete: p50 ${at(0.5).toFixed(1)} ms, p95 ${at(0.95).toFixed(1)} ms (asked: ${ASKED_MS} ms)`,
    );
  }
  assert.ok(best <= ASKED_MS, `p95 of the best of ${RUNS} runs: ${best} ms`);
});

/** What storage that fails leads to: the record of the snapshot that could not be stored, and whether others are kept. */
const FAULTS = [
  { name: "aborted", records: [["STORAGE_UNAVAILABLE"], ["OK"]], delivered: ["first", "good"] },
  { name: "overQuota", records: [["STORAGE_UNAVAILABLE"], ["OK"]], delivered: ["first", "good"] },
  { name: "held", records: [["STORAGE_UNAVAILABLE"], ["OK"]], delivered: ["first", "good"] },
  { name: "cleared", records: [["OK"], ["OK"]], delivered: ["first", "bad", "good"] },
];
for (const fault of FAULTS) {
  test(`R12: IndexedDB is ${fault.name}: one record, the read is not in its way, and the next is delivered`, async (context) => {
    const { bad, good, records, durable, dead } = await inPage(context, "storage-faults.js", fault.name);
    assert.deepEqual([bad, good, durable, dead], [42, 42, true, 0]);
    assert.deepEqual(records, fault.records);
    assert.deepEqual(delivered, fault.delivered);
  });
}

test("R12: IndexedDB is blocked: memory serves, which is told, and the next debugger stores again", async (context) => {
  const { bad, good, records, during, after } = await inPage(context, "storage-faults.js", "blocked");
  assert.deepEqual([bad, good], [42, 42]);
  assert.deepEqual(records, [["OK"], ["OK"]]);
  assert.deepEqual([during, after], [false, true]);
  assert.deepEqual(delivered, ["bad", "good"]);
});

test("a database that does not open at first is opened all the same", async (context) => {
  assert.deepEqual(await inPage(context, "storage-faults.js", "stumbling"), { good: 42, durable: true });
  assert.deepEqual(delivered, ["good"]);
});
