/** A webhook whose outbox was to outlive the page, in a browser that stores nothing: the page says what would be lost. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { row, stage } from "./lib/stage.mjs";

const { open } = stage();

const NOTICE = /webhook kept in memory only/;

/** How a browser blocks IndexedDB, in the worker, before the engine is there. */
const BLOCKED = {
  "that is missing": 'Object.defineProperty(globalThis, "indexedDB", { value: undefined });',
  "that refuses": 'IDBFactory.prototype.open = () => { throw new DOMException("No.", "SecurityError"); };',
};

/** Reads a session in a page whose snapshots are posted; `hook` answers the deliveries. */
async function read({ blocked = "", storage = "persistent", hook = () => 204, ...options }) {
  const opened = await open(options);
  const { page, view } = opened;
  await page.route("**/worker.js", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: blocked + (await response.text()) });
  });
  await page.route("**/hook", (route) => route.fulfill({ status: hook() }));
  // The worker that is there already was not changed.
  await page.reload();
  await view.evaluate((element, storage) => {
    element.options = { webhook: { url: new URL("/hook", location.href).href, storage } };
    return element.load("sess_shop_4711");
  }, storage);
  await row(view, "tenant_name").waitFor();
  return { ...opened, status: view.locator(".status") };
}

for (const [how, blocked] of Object.entries(BLOCKED)) {
  test(`IndexedDB ${how}: the page says that the webhook's outbox is in memory, and how many wait`, async () => {
    let answer = 503;
    const colorScheme = how === "that refuses" ? "dark" : "light";
    const { view, status, expected, close } = await read({ blocked, hook: () => answer, width: 320, colorScheme });
    expected.push(/the server responded with a status of 503/);
    await status.getByText(/webhook kept in memory only: 1 waiting/).waitFor();
    await view.getByRole("status").getByText(NOTICE).waitFor();
    const box = await status.evaluate(({ scrollWidth, clientWidth }) => ({ scrollWidth, clientWidth }));
    assert.ok(box.scrollWidth <= box.clientWidth, `${box.scrollWidth} of ${box.clientWidth} px`);
    const height = (await status.boundingBox()).height;
    // It is sent again after some seconds, and counted again.
    answer = 204;
    await status.getByText(/webhook kept in memory only: 0 waiting/).waitFor({ timeout: 30_000 });
    assert.equal((await status.boundingBox()).height, height);
    await close();
  });
}

for (const options of [{ storage: "persistent" }, { storage: "memory", blocked: BLOCKED["that is missing"] }]) {
  test(`where the outbox is as the host wants it (${options.storage}) the page says nothing of it`, async () => {
    let delivered = () => undefined;
    const delivery = new Promise((resolve) => (delivered = resolve));
    const hook = () => {
      delivered(undefined);
      return 204;
    };
    const { status, close } = await read({ ...options, hook });
    await delivery;
    assert.doesNotMatch(await status.innerText(), /webhook/);
    await close();
  });
}
