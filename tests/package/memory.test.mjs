/** R17 in Node: memory over a day, and of one large body. Each in a process of its own, whose clocks are not Node's. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { STACK_BYTES } from "../../scripts/build.mjs";
import { BODY_BYTES, checkPeak, checkPolling, READS } from "../support/polling.mjs";
import { installPacked, NAME } from "./support.mjs";

const packed = installPacked();
after(() => packed.remove());
const polling = fileURLToPath(new URL("../page/lib/in-page/polling.js", import.meta.url));
const calls = fileURLToPath(new URL("../support/calls.mjs", import.meta.url));

function inItsOwnProcess(name, argument, module = polling) {
  const { stdout, stderr } = packed.program(`
    const { ${name} } = await import(${JSON.stringify(module)});
    console.log(JSON.stringify(await ${name}(() => import("${NAME}"), ${JSON.stringify(argument)})));`);
  if (!stdout) throw new Error(stderr);
  return JSON.parse(stdout);
}

test("R17: memory does not grow while sessions are polled", { timeout: 3_600_000 }, () =>
  checkPolling("Node", inItsOwnProcess("poll", READS)),
);

test("R17: a body of 8 MiB", () => checkPeak("Node", inItsOwnProcess("peak", BODY_BYTES)));

/** Bytes of a body, of its pieces, and what it may take in bodies: of a small one whole pages count, each 0.07 of it. */
const STREAMED = [
  [1e6, 16_384, 1.5],
  [1e6, 262_144, 1.5],
  [5e6, 16_384, 1.3],
  [5e6, 1_500_000, 1.3],
  [20e6, 65_536, 1.3],
  [20e6, 262_144, 1.3],
  [54e6, 262_144, 1.3],
];

test("a body whose length nobody tells takes little more than itself", () => {
  for (const [bytes, piece, most] of STREAMED) {
    const [first, second] = inItsOwnProcess("streamed", { bytes, piece });
    console.log(`${bytes / 1e6} MB in pieces of ${piece} bytes: ${first.toFixed(2)} bodies, then ${second.toFixed(2)}`);
    assert.ok(first <= most, `${bytes} in ${piece}: ${first}`);
    assert.ok(second <= most + 0.1, `${bytes} in ${piece}, once more: ${second}`);
  }
});

test("no call leaves a reference to a value of JavaScript behind", () => {
  const { calls: kinds, left } = inItsOwnProcess("references", 200, calls);
  assert.ok(kinds >= 38);
  assert.deepEqual(left, {});
});

test("the deepest values need little of the stack", () => {
  const used = inItsOwnProcess("stack", STACK_BYTES, calls);
  console.log(`stack: ${used} of ${STACK_BYTES} bytes used`);
  assert.ok(used > 0 && used <= STACK_BYTES / 4, `${used}`);
});
