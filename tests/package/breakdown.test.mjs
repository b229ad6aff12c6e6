/** S10 in Node: an engine that breaks down is replaced, and nobody waits for it for ever. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gripMemory } from "../page/lib/in-page/memory-grip.js";
import { boundMemory } from "../support/bounded-wasm.mjs";
import { BREAKDOWNS, MEMORY } from "../support/breakdown.mjs";
import { installPacked } from "./support.mjs";

const ways = await import("../page/lib/in-page/breakdown.js");
const packed = installPacked();
after(() => packed.remove());

let engine;
let spoil;
before(async () => {
  const memory = gripMemory();
  spoil = () => new Uint8Array(memory()).fill(0xff);
  engine = await packed.load();
  const wasm = readFileSync(join(packed.installed, "dist/cognigy_session_debugger_bg.wasm"));
  await engine.default(boundMemory(wasm, MEMORY));
});

const happening = new Map(Object.entries(ways));
for (const { name, happen, check } of BREAKDOWNS) {
  test(`S10: ${name}`, async () => check(await happening.get(happen)?.(engine, spoil)));
}
