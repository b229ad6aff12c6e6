/** S10 in Chromium: an engine that breaks down is replaced, nobody waits for it for ever, and the outbox is intact. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { dist, wasmFile } from "../../scripts/lib/paths.mjs";
import { boundMemory } from "../support/bounded-wasm.mjs";
import { BREAKDOWNS, MEMORY } from "../support/breakdown.mjs";
import { textOf } from "./lib/own-origin.mjs";
import { ownStage } from "./lib/own-stage.mjs";

/** What the receiver got, and those whom it has not answered yet. */
const seen = [];
const answers = [];
let open = false;

async function answer({ pathname }, request, send) {
  switch (pathname) {
    case "/own/engine.wasm":
      return send(200, Buffer.from(boundMemory(await readFile(join(dist, wasmFile)), MEMORY)), "application/wasm");
    case "/own/seen":
      return send(200, JSON.stringify(seen));
    case "/own/answer":
      open = true;
      for (const late of answers.splice(0)) late();
      return send(200, "{}");
    default: {
      seen.push([JSON.parse(await textOf(request)).session_id, request.headers["webhook-id"]]);
      if (open) return send(204);
      answers.push(() => send(204));
    }
  }
}

const stage = ownStage(answer);

/** Makes a breakdown happen in a page of its own, where nothing else may go wrong. */
async function happen(context, name) {
  const page = await (await stage.browser.newContext()).newPage();
  const wrong = [];
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("console", (message) => wrong.push(message.text()));
  context.after(() => page.context().close());
  await page.goto(`${stage.address}/tab`);
  const result = await page.evaluate(async (name) => {
    const breakdown = await import(`${location.origin}/in-page/breakdown.js`);
    const { gripMemory } = await import(`${location.origin}/in-page/memory-grip.js`);
    const memory = gripMemory();
    const spoil = () => new Uint8Array(memory()).fill(0xff);
    const engine = await import(`${location.origin}/index.js`);
    await engine.default("/own/engine.wasm");
    return breakdown[name](engine, spoil);
  }, name);
  assert.deepEqual(wrong, []);
  return result;
}

for (const { name, happen: way, check } of BREAKDOWNS) {
  test(`S10: ${name}`, async (context) => check(await happen(context, way)));
}

test("S10: the outbox is intact", { timeout: 60_000 }, async (context) => {
  const { error, kept, seen } = await happen(context, "withAnOutbox");
  assert.equal(error.code, "WASM_TRAP");
  assert.deepEqual(kept, { waiting: 2, dead: 0, durable: true, refused: 0, disabled: false });
  const [[, id]] = seen;
  assert.deepEqual(
    seen.map(([session]) => session),
    ["a", "a", "b"],
  );
  assert.equal(seen[1][1], id, "what was under way comes again, under its id");
  console.log("S10: a trap, no memory, no stack: WASM_TRAP, the next call works; 2 of 2 deliveries kept");
});
