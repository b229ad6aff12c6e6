/** Browsers that lack a part, each taken away in a page: the debugger goes on without it, as the documentation says. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { textOf } from "./lib/own-origin.mjs";
import { ownStage } from "./lib/own-stage.mjs";

const BODY = JSON.stringify({ variables: [{ name: "age", value: "42", scope: "user" }] });

let delivered = [];
async function answer({ pathname }, request, send) {
  if (pathname !== "/own/hook") return send(200, BODY);
  const { "webhook-id": id, "webhook-signature": signature } = request.headers;
  delivered.push({ session: JSON.parse(await textOf(request)).session_id, id, signature });
  send(204);
}

const stage = ownStage(answer);

/** How each part is taken away, before any script of the page runs. */
const PARTS = {
  locks: () => Reflect.deleteProperty(Navigator.prototype, "locks"),
  BroadcastChannel: () => Reflect.deleteProperty(globalThis, "BroadcastChannel"),
  indexedDB: () => Object.defineProperty(globalThis, "indexedDB", { value: undefined }),
  "indexedDB, by its own refusal": () => {
    IDBFactory.prototype.open = () => {
      throw new DOMException("Storage is not allowed here.", "SecurityError");
    };
  },
  "crypto.subtle": () => Reflect.deleteProperty(Crypto.prototype, "subtle"),
  crypto: () => Object.defineProperty(globalThis, "crypto", { value: undefined }),
};

/** Pages of one context without some parts, which say nothing on the console. */
async function openWithout(context, parts, count = 1) {
  const own = await stage.browser.newContext();
  context.after(() => own.close());
  await own.addInitScript(async () => {
    // A key that was made while it could be made.
    const algorithm = { name: "HMAC", hash: "SHA-256" };
    globalThis.key = await crypto.subtle?.generateKey(algorithm, false, ["sign"]);
  });
  for (const part of parts) await own.addInitScript(PARTS[part]);
  const pages = [];
  for (let number = 0; number < count; number++) {
    const page = await own.newPage();
    page.on("pageerror", (error) => assert.fail(String(error)));
    await page.goto(`${stage.address}/tab`);
    await page.waitForFunction(() => globalThis.key);
    pages.push(page);
  }
  return pages;
}

const call = (page, name, ...args) =>
  page.evaluate(
    async ({ name, args }) => {
      const engine = await import("/index.js");
      await engine.default();
      return (await import("/in-page/fallbacks.js"))[name](engine, ...args);
    },
    { name, args },
  );

for (const part of ["locks", "BroadcastChannel"]) {
  test(`without ${part} a tab goes on alone, at once`, async (context) => {
    const pages = await openWithout(context, [part], 2);
    const results = await Promise.all(pages.map((page) => call(page, "read", 5)));
    for (const { values, ms } of results) {
      assert.deepEqual(values, Array(5).fill(42));
      assert.ok(ms < 8_000, `it waited ${ms} ms for others`);
    }
  });
}

/** What becomes of two deliveries: whether they outlive the page, and the outcome of each attempt. */
const DELIVERIES = [
  { without: ["locks"], signing: "key", durable: true },
  { without: ["BroadcastChannel"], signing: "key", durable: true },
  { without: ["indexedDB"], signing: "key", durable: false },
  { without: ["indexedDB, by its own refusal"], signing: "key", durable: false },
  { without: ["crypto.subtle"], signing: "callback", durable: true, audit: "TypeError" },
  { without: ["crypto"], signing: "callback", durable: true, audit: "TypeError" },
  {
    without: ["locks", "BroadcastChannel", "indexedDB", "crypto"],
    signing: "none",
    durable: false,
    audit: "TypeError",
  },
];
for (const { without, signing, durable, audit } of DELIVERIES) {
  test(`without ${without.join(", ")}: deliveries arrive; ${durable ? "they outlive the page" : "they last as long as the page, which is told"}`, async (context) => {
    delivered = [];
    const [page] = await openWithout(context, without);
    const result = await call(page, "deliver", signing);
    assert.deepEqual(result, { durable, waiting: 0, outcomes: ["OK", "OK"], audit });
    assert.deepEqual(
      delivered.map(({ session }) => session),
      ["a", "b"],
    );
    assert.equal(new Set(delivered.map(({ id }) => id)).size, 2);
    for (const { id, signature } of delivered) {
      assert.match(id, /^msg_[0-9A-Za-z]{22}$/);
      if (signing === "none") assert.equal(signature, undefined);
      else assert.match(signature, signing === "key" ? /^v1,[0-9A-Za-z+/]{43}=$/ : new RegExp(`^v1,${id}$`));
    }
  });
}

test("without crypto.subtle a key cannot sign: SIGNING_FAILED, and the delivery waits", async (context) => {
  delivered = [];
  const [page] = await openWithout(context, ["crypto.subtle"]);
  const result = await call(page, "deliver", "key");
  assert.deepEqual(result, { durable: true, waiting: 2, outcomes: ["SIGNING_FAILED"], audit: "TypeError" });
  assert.deepEqual(delivered, []);
});
