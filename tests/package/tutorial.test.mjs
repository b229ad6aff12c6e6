/** The tutorial's example against the sandbox, as a program of its own. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { startSandbox } from "../../scripts/lib/sandbox.mjs";
import { installPacked, root } from "./support.mjs";

let sandbox;
before(async () => {
  sandbox = await startSandbox();
});
after(() => sandbox.stop());

function example(...args) {
  const child = spawn(process.execPath, [join(root, "examples/tutorial.mjs"), ...args]);
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  child.stderr.resume();
  return new Promise((resolve) => child.on("close", (status) => resolve({ status, lines: output.trim().split("\n") })));
}

const posts = async () => (await (await fetch(`${sandbox.address}/sandbox/webhook`)).json()).posts;

test("it prints the user's variables and posts them to the webhook", async () => {
  const { status, lines } = await example(sandbox.address);
  assert.equal(status, 0);
  const count = Number(lines[0].match(/^(\d+) variables, average latency \d+\.\d ms$/)?.[1]);
  assert.ok(count > 0, lines[0]);
  assert.equal(lines.length, count + 1);
  for (const line of lines.slice(1))
    assert.match(line, /^user_\w+ \[user\] \((str|string|integer|number|boolean|null|array|object)\): ./);

  const [post] = await posts();
  const { event, session_id, timestamp, data } = post.body;
  assert.deepEqual([event, session_id, typeof timestamp], ["variable_snapshot", "sess_9f8e7d6c5b4a3210", "number"]);
  assert.equal(Object.keys(data).length, count);
});

test("it ends with 1 where no tenant answers", async () => {
  const { status } = await example("http://127.0.0.1:9");
  assert.equal(status, 1);
});

test("the installed package recovers from a refused token", async () => {
  const packed = installPacked();
  after(() => packed.remove());
  const { default: init, SessionDebugger } = await packed.load();
  await init();
  const cookie = (await fetch(`${sandbox.address}/`)).headers.getSetCookie()[0].split(";")[0];
  const reasons = [];
  const token = async ({ reason, signal }) => {
    reasons.push(reason);
    const answer = await fetch(`${sandbox.address}/debug/token`, { method: "POST", headers: { cookie }, signal });
    return reasons.length === 1 ? "not-a-token-of-the-tenant" : answer.json();
  };
  const sessions = new SessionDebugger({ baseUrl: sandbox.address, token });
  const snapshot = await sessions.snapshot({ sessionId: "sess_9f8e7d6c5b4a3210" });
  assert.ok(snapshot.size > 0);
  assert.deepEqual(reasons, ["initial", "rejected"]);
  const outcomes = sessions
    .auditTrail()
    .filter((record) => record.action === "read")
    .map((record) => record.outcome);
  assert.equal(outcomes[0], "UNAUTHENTICATED");
  assert.equal(outcomes.at(-1), "OK");
});
