/** The audit trail in a real browser's IndexedDB: one chain of several tabs, checked by the package's own verifier. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { findChrome } from "../../scripts/lib/chrome.mjs";
import { startOrigin } from "./lib/own-origin.mjs";
import { BROWSER_ARGS } from "./lib/stage.mjs";

const TABS = 5;
const READS = 60;

let browser;
before(async () => {
  browser = await chromium.launch({ executablePath: findChrome(), args: BROWSER_ARGS });
});
after(() => browser?.close());

/** Pages of one origin, which keep what they store until the test is over. */
async function tabs(context, count) {
  const origin = await startOrigin((_where, _request, send) => send(404));
  const window = await browser.newContext();
  context.after(async () => {
    await window.close();
    origin.stop();
  });
  const pages = await Promise.all(Array.from({ length: count }, () => window.newPage()));
  await Promise.all(pages.map((page) => prepare(page, window, origin)));
  return { pages, address: origin.address };
}

async function prepare(page, window, origin) {
  const protocol = await window.newCDPSession(page);
  await page.exposeFunction("clearData", () =>
    protocol.send("Storage.clearDataForOrigin", { origin: origin.address, storageTypes: "indexeddb" }),
  );
  await page.goto(`${origin.address}/tab`);
}

function inPage(page, name, ...args) {
  return page.evaluate(
    async ({ name, args }) => {
      const engine = await import(`${location.origin}/index.js`);
      await engine.default();
      const result = await (await import(`${location.origin}/in-page/stored-audit.js`))[name](engine, ...args);
      return name === "write" ? undefined : result;
    },
    { name, args },
  );
}

test("five tabs write one chain, which a later visit reads, goes on with and checks", async (context) => {
  const { pages, address } = await tabs(context, TABS);
  await Promise.all(pages.map((page) => inPage(page, "write", READS)));
  await pages[0].close();
  await pages[1].goto(`${address}/tab`);
  const { trail, checkpoints, ofSession, verdicts } = await inPage(pages[1], "check");
  assert.equal(trail.length, TABS * READS + 101);
  assert.equal(new Set(trail.map(({ tab }) => tab)).size, TABS + 1);
  assert.equal(new Set(trail.map(({ trail }) => trail)).size, 1);
  assert.equal(trail[0].prev, "0".repeat(64));
  assert.ok(trail.every(({ sessionId, sessionRef }) => sessionId === undefined && /^[0-9a-f]{32}$/.test(sessionRef)));
  assert.equal(new Set(trail.map(({ sessionRef }) => sessionRef)).size, 7);
  assert.equal(ofSession, trail.filter(({ sessionRef }) => sessionRef === trail[3].sessionRef).length);
  assert.ok(checkpoints.length > 0 && checkpoints.every(({ trail: name }) => name === trail[0].trail));
  assert.deepEqual(verdicts, { whole: "whole", without: 6, changed: 4, cut: 51, own: "whole", ownByStored: 1 });
});

test("a trail that was cleared is not taken for the one before it", async (context) => {
  const { pages } = await tabs(context, 1);
  assert.deepEqual(await inPage(pages[0], "cleared"), { alone: "whole", known: 1 });
});

test("where the browser keeps nothing the own trail goes on, and the stored one says so", async (context) => {
  const { pages } = await tabs(context, 1);
  assert.deepEqual(await inPage(pages[0], "refused"), { row: 42, code: "STORAGE_UNAVAILABLE", own: 1 });
});
