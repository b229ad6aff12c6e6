/** R17 in Node: memory over a day, and of one large body. Each in a process of its own, whose clocks are not Node's. */
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { BODY_BYTES, checkPeak, checkPolling, READS } from "../support/polling.mjs";
import { installPacked, NAME } from "./support.mjs";

const packed = installPacked();
after(() => packed.remove());
const polling = fileURLToPath(new URL("../page/lib/in-page/polling.js", import.meta.url));

function inItsOwnProcess(name, argument) {
  const { stdout, stderr } = packed.program(`
    const { ${name} } = await import(${JSON.stringify(polling)});
    console.log(JSON.stringify(await ${name}(() => import("${NAME}"), ${argument})));`);
  if (!stdout) throw new Error(stderr);
  return JSON.parse(stdout);
}

test("R17: memory does not grow while sessions are polled", { timeout: 3_600_000 }, () =>
  checkPolling("Node", inItsOwnProcess("poll", READS)),
);

test("R17: a body of 8 MiB", () => checkPeak("Node", inItsOwnProcess("peak", BODY_BYTES)));
