/** Webhooks as a receiver of Standard Webhooks gets them. */
import assert from "node:assert/strict";
import { verify } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { Webhook } from "standardwebhooks";
import { installPacked } from "./support.mjs";

const packed = installPacked();
const SECRET = Buffer.from("a secret that only tests may know");
const webhook = new Webhook(SECRET.toString("base64"));
const sessions = Array.from({ length: 20 }, (_, number) => `s${number}`);

let engine;
let seen;
let url;
const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  seen.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
  response.writeHead(204).end();
});

before(async () => {
  engine = await packed.load();
  await engine.default();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  url = `http://127.0.0.1:${address.port}/hook`;
});
after(() => {
  server.close();
  packed.remove();
});

async function deliver(options) {
  seen = [];
  const source = () => '{"variables":[{"name":"stadt","value":"Köln ✓","scope":"user"}]}';
  const made = new engine.SessionDebugger({ source, webhook: { url, ...options } });
  for (const sessionId of sessions) await made.snapshot({ sessionId });
  while ((await made.outbox()).waiting > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual(await made.outbox(), { waiting: 0, dead: 0, durable: false, refused: 0, disabled: false });
  assert.equal(await made.replay(), 0);
}

/** Each verifies by itself, in order, and not with another body. */
function verifyAll() {
  const told = seen.map(({ headers, body }) => Object(webhook.verify(body, headers)).session_id);
  assert.deepEqual(told, sessions);
  assert.equal(new Set(seen.map(({ headers }) => headers["webhook-id"])).size, sessions.length);
  for (const { headers, body } of seen) assert.throws(() => webhook.verify(`${body} `, headers));
}

test("deliveries that the host signs are verified by standardwebhooks", async () => {
  const sign = ({ id, timestamp, body }) => webhook.sign(id, new Date(Number(timestamp) * 1_000), body);
  await deliver({ sign });
  verifyAll();
});

test("deliveries that a key signs, which nobody can read, are verified by standardwebhooks", async () => {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const other = await crypto.subtle.generateKey(algorithm, false, ["sign"]);
  const key = await crypto.subtle.importKey("raw", SECRET, algorithm, false, ["sign"]);
  await deliver({ keys: [other, key], storage: "memory" });
  verifyAll();
});

test("deliveries that a key of Ed25519 signs are verified by its public half, and not with another body", async () => {
  const { privateKey, publicKey } = await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
  await deliver({ keys: [privateKey] });
  assert.equal(seen.length, sessions.length);
  const pem = Buffer.from(await crypto.subtle.exportKey("spki", publicKey)).toString("base64");
  const key = `-----BEGIN PUBLIC KEY-----\n${pem}\n-----END PUBLIC KEY-----`;
  for (const { headers, body } of seen) {
    const [version, signature] = headers["webhook-signature"].split(",");
    assert.equal(version, "v1a");
    const holds = (text) => {
      const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${text}`;
      return verify(null, Buffer.from(signed), key, Buffer.from(signature, "base64"));
    };
    assert.deepEqual([holds(body), holds(`${body} `)], [true, false]);
  }
});

test("a key that receivers would not know, or that scripts can read, is refused when the debugger is made", async () => {
  const { subtle } = crypto;
  const hmac = (hash, extractable) => subtle.generateKey({ name: "HMAC", hash }, extractable, ["sign"]);
  const edwards = await subtle.generateKey("Ed25519", true, ["sign", "verify"]);
  const curve = await subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
  const good = await hmac("SHA-256", false);
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const ofBytes = (count) => subtle.importKey("raw", new Uint8Array(count).fill(7), algorithm, false, ["sign"]);
  const refused = [
    await hmac("SHA-512", false),
    await hmac("SHA-1", false),
    await hmac("SHA-256", true),
    edwards.privateKey,
    edwards.publicKey,
    curve.privateKey,
    await ofBytes(1),
    await ofBytes(23),
    await ofBytes(65),
    "whsec_c2VjcmV0",
    null,
  ];
  const made = (keys) => new engine.SessionDebugger({ source: () => "{}", webhook: { url, keys, storage: "memory" } });
  for (const key of refused) {
    for (const keys of [[key], [good, key]]) {
      const fields = {
        name: "DebuggerError",
        code: "CONFIG_INVALID",
        message: /webhook\.keys .*HMAC with SHA-256 and 24 to 64 bytes.*Ed25519/,
      };
      assert.throws(() => made(keys), fields, `number ${refused.indexOf(key)}`);
    }
  }
  for (const key of [good, await ofBytes(24), await ofBytes(64)]) made([key]).free();
});

test("a thin event is verified by standardwebhooks, and holds no value", async () => {
  const sign = ({ id, timestamp, body }) => webhook.sign(id, new Date(Number(timestamp) * 1_000), body);
  await deliver({ sign, payload: "thin" });
  const events = seen.map(({ headers, body }) => Object(webhook.verify(body, headers)));
  assert.deepEqual(
    events.map((event) => event.data.session_id),
    sessions,
  );
  for (const { type, timestamp, data } of events) {
    assert.deepEqual(
      [type, Object.keys(data), data.count, data.hash.length],
      ["variable_snapshot", ["session_id", "count", "changedCount", "changedNames", "hash"], 1, 64],
    );
    assert.equal(new Date(timestamp).toISOString(), timestamp);
  }
  for (const { body } of seen) assert.doesNotMatch(body, /Köln/);
  const source = () => "{}";
  const wrong = { source, webhook: { url, payload: "fat" } };
  assert.throws(() => new engine.SessionDebugger(wrong), { code: "CONFIG_INVALID" });
});

test("a payload has its limit, order is optional, and checkpoints are posted where that is asked for", {
  timeout: 60_000,
}, async () => {
  const source = () => '{"variables":[]}';
  const wrong = [{ maxBytes: 0 }, { maxBytes: 20_000_001 }, { maxBytes: 1.5 }, { ordered: "no" }, { checkpoints: 1 }];
  for (const options of wrong) {
    const made = () => new engine.SessionDebugger({ source, webhook: { url, ...options } });
    assert.throws(made, { code: "CONFIG_INVALID" }, JSON.stringify(options));
  }
  seen = [];
  const webhook = { url, storage: "memory", ordered: false, maxBytes: 200, checkpoints: true };
  const made = new engine.SessionDebugger({ source, webhook });
  await made.snapshot({ sessionId: "s".repeat(200) });
  assert.equal((await made.outbox()).refused, 1);
  assert.ok(made.auditTrail().some(({ action, outcome }) => action === "webhook" && outcome === "BODY_TOO_LARGE"));
  for (let record = 0; record < 100; record++) made.ingest('{"variables":[]}').free();
  while (seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual(await new engine.SessionDebugger({ source }).deliveries(), []);
  while ((await made.deliveries()).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const [{ attempt, status, outcome }] = await made.deliveries();
  assert.deepEqual([attempt, status, outcome], [1, 204, "OK"]);
  const { type, data } = JSON.parse(seen[0].body);
  assert.deepEqual([type, data.hash], ["audit_checkpoint", made.auditTrail()[data.seq - 1].hash]);
});

test("a read can be kept from the receiver", async () => {
  seen = [];
  const source = () => '{"variables":[]}';
  const made = new engine.SessionDebugger({ source, webhook: { url, storage: "memory" } });
  const quiet = await made.snapshot({ sessionId: "quiet" }, { post: false });
  assert.equal(quiet.sessionId, "quiet");
  assert.equal((await made.outbox()).waiting, 0);
  await made.snapshot({ sessionId: "told" }, { post: true });
  while ((await made.outbox()).waiting > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual(
    seen.map(({ body }) => JSON.parse(body).session_id),
    ["told"],
  );
  await assert.rejects(async () => made.snapshot({ sessionId: "s" }, { post: "no" }), { code: "INPUT_INVALID" });
});

test("a debugger that was freed keeps no program running, whatever its receiver does", () => {
  const program = (free) => `
    import { createServer } from "node:http";
    import init, { SessionDebugger } from "cognigy-session-debugger";
    await init();
    let attempts = 0;
    const server = createServer((request, response) => {
      attempts += 1;
      request.resume();
      response.writeHead(503, { connection: "close" }).end();
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = "http://127.0.0.1:" + server.address().port;
    const source = () => '{"variables":[{"name":"a","value":"1","scope":"user"}]}';
    const sessions = new SessionDebugger({ source, webhook: { url }, onCheckpoint: () => {} });
    await sessions.snapshot({ sessionId: "s" });
    while (attempts === 0 || sessions.auditTrail().length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    ${free}
    server.close();
    server.unref();
    // Runs only where something else does.
    setTimeout(() => { console.log("held"); process.exit(); }, 3_000).unref();
  `;
  assert.equal(packed.program(program("")).stdout, "held", "one that was not freed goes on trying");
  const freed = packed.program(program("sessions.free();"));
  assert.deepEqual([freed.status, freed.stdout, freed.stderr], [0, "", ""]);
});
