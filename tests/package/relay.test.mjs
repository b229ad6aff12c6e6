/** The example of a relay, between the package and a platform that answers as the real one is documented to. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, test } from "node:test";
import { createRelay } from "../../examples/relay.mjs";
import { loadPacked } from "./support.mjs";

const { engine } = await loadPacked();
const KEY = "key-of-all-rights";
const USER = "user@example.com";

/** @type {{ url: string, key: unknown, accept: unknown }[]} */
const seen = [];
let platformAnswers = (response) => response.end(JSON.stringify(PROFILES));
const PROFILES = {
  items: [
    { _id: "1", contactIds: ["another@example.com"], profile: { firstname: "Else" } },
    { _id: "2", contactIds: [USER], profile: { firstname: "Max", loyalty: 12345678901234567890n.toString() } },
  ],
  total: 2,
};

async function listening(server) {
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  after(() => server.close());
  return `http://127.0.0.1:${server.address().port}`;
}

const api = await listening(
  createServer((request, response) => {
    seen.push({ url: request.url ?? "", key: request.headers["x-api-key"], accept: request.headers.accept });
    response.setHeader("content-type", "application/json");
    platformAnswers(response);
  }),
);
const mayRead = (token, sessionId) => token === "short-lived" && sessionId !== "of-another-team";
const relay = await listening(createRelay({ api, apiKey: KEY, projectId: "p1", pushSecret: "s3cret", mayRead }));

const push = (sessionId, bundle, secret = "s3cret") =>
  fetch(`${relay}/cognigy-debug/${sessionId}`, {
    method: "POST",
    headers: { "x-push-secret": secret, "content-type": "application/json" },
    body: typeof bundle === "string" ? bundle : JSON.stringify(bundle),
  });
const reader = (token = "short-lived", options = {}) =>
  new engine.SessionDebugger({
    ...engine.presets.relay,
    baseUrl: relay,
    token: () => ({ access_token: token, token_type: "Bearer", expires_in: 60 }),
    retry: { attempts: 1 },
    ...options,
  });

test("what a flow has sent is read with the profile of the platform, which is asked with the key", async () => {
  assert.equal(
    (await push("live/1", { userId: USER, input: { text: "hi" }, context: { cart: { total: "1.10" } } })).status,
    404,
  );
  const sent = await push("live%2F1", { userId: USER, input: { text: "hi" }, context: { cart: { total: "1.10" } } });
  assert.equal(sent.status, 204);
  const snapshot = await reader().snapshot({ sessionId: "live/1", userId: USER });
  assert.equal(snapshot.shape, "memory-bundle");
  const scopes = Object.fromEntries(["cart", "text", "firstname"].map((name) => [name, snapshot.get(name).scope]));
  assert.deepEqual(scopes, { cart: "context", text: "input", firstname: "profile" });
  assert.equal(snapshot.at("cart", ["total"]).raw, '"1.10"');
  assert.deepEqual(seen.at(-1), {
    url: "/v2.0/profiles?projectId=p1&filter=user%40example.com&limit=100",
    key: KEY,
    accept: "application/json",
  });
});

test("a profile that the flow has sent is not asked for again, and one alone is a session too", async () => {
  await push("own", { userId: USER, context: {}, profile: { firstname: "Sent" } });
  const before = seen.length;
  assert.equal((await reader().snapshot({ sessionId: "own", userId: USER })).get("firstname").value, "Sent");
  assert.equal(seen.length, before);
  assert.equal((await reader().snapshot({ sessionId: "unknown", userId: USER })).get("firstname").value, "Max");
});

test("who may not read is told so, and the key is in no answer", async () => {
  await push("of-another-team", { context: { secret: 1 } });
  await assert.rejects(reader().snapshot({ sessionId: "of-another-team" }), { code: "UNAUTHENTICATED" });
  await assert.rejects(reader("forged").snapshot({ sessionId: "own" }), { code: "UNAUTHENTICATED" });
  await assert.rejects(reader("short-lived").snapshot({ sessionId: "nothing" }), { code: "NOT_FOUND" });
  await assert.rejects(reader().snapshot({ sessionId: "own", userId: "another@example.com" }), { code: "NOT_FOUND" });
  assert.equal((await push("own", { context: {} }, "wrong")).status, 401);
  assert.equal((await push("own", "[1]")).status, 400);
  assert.equal((await push("own", JSON.stringify({ text: "x".repeat(2 ** 20) }))).status, 413);
  const answer = await fetch(`${relay}/cognigy-debug/own`, { headers: { authorization: "Bearer short-lived" } });
  const told = JSON.stringify([...answer.headers]) + (await answer.text());
  assert.ok(answer.ok && !told.includes(KEY) && !told.includes("s3cret"));
});

test("a pause that the platform asks for reaches the reader, and a wrong key is the relay's own fault", async () => {
  const answered = platformAnswers;
  platformAnswers = (response) => {
    response.writeHead(429, { "retry-after": "7" });
    response.end("{}");
  };
  await assert.rejects(reader().snapshot({ sessionId: "new", userId: USER }), {
    code: "RATE_LIMITED",
    retryAfterMs: 7_000,
  });
  platformAnswers = (response) => {
    response.writeHead(403);
    response.end(`{"detail":"${KEY}"}`);
  };
  const error = await reader()
    .snapshot({ sessionId: "new", userId: USER })
    .catch((caught) => caught);
  assert.deepEqual([error.code, error.status], ["SERVER_ERROR", 502]);
  assert.ok(!JSON.stringify([error.message, error.problem]).includes(KEY));
  platformAnswers = answered;
});

test("pages of other hosts are let in by name alone", async () => {
  const open = await listening(
    createRelay({ api, apiKey: KEY, projectId: "p1", pushSecret: "s", origins: ["https://console.example"], mayRead }),
  );
  const allowed = async (origin) =>
    (await fetch(`${open}/cognigy-debug/x`, { method: "OPTIONS", headers: { origin } })).headers.get(
      "access-control-allow-origin",
    );
  assert.deepEqual(
    [await allowed("https://console.example"), await allowed("https://other.example")],
    ["https://console.example", null],
  );
});
