/** Each error code is produced at least once: here, or by a test that names it. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { loadPacked, root } from "./support.mjs";

const { engine } = await loadPacked();
const { Mask, SessionDebugger, Snapshot } = engine;

const rows = (...values) => JSON.stringify({ variables: values.map((value) => ({ name: "a", value, scope: "user" })) });
const JSON_TYPE = { "content-type": "application/json" };

/** What the tenant answers to a session of that name, beside one that is named by a status. */
const answers = {
  page: (response) => response.writeHead(200, { "content-type": "text/html" }).end("<p>Sign in</p>"),
  empty: (response) => response.writeHead(200, JSON_TYPE).end(),
  circle: (response) => response.writeHead(200, JSON_TYPE).end('{"variables":[],"pagination":{"nextCursor":"again"}}'),
  broken: (response) => {
    response.writeHead(200, { ...JSON_TYPE, "content-length": "100" });
    response.write('{"variables":[', () => response.destroy());
  },
  silent: () => undefined,
};

let baseUrl;
const server = createServer((request, response) => {
  request.resume();
  const [, , , , session = ""] = (request.url ?? "").split("/");
  const status = Number(session);
  if (request.url === "/hook" || status) return response.writeHead(status || 410, JSON_TYPE).end("{}");
  return (answers[session] ?? answers.silent)(response);
});
before(async () => {
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  baseUrl = `http://127.0.0.1:${address.port}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

const debuggerOf = (options) => new SessionDebugger({ tabs: false, retry: { attempts: 1 }, ...options });
/** Reads a session of the tenant. */
const read = (sessionId, options) => debuggerOf({ baseUrl, ...options }).snapshot({ sessionId });
const host = (source, options) => debuggerOf({ source, ...options }).snapshot({ sessionId: "s" });

/** The outcome of a webhook's first attempt, as the audit trail tells it. */
async function delivered(webhook) {
  const sessions = debuggerOf({ source: () => rows("1"), webhook: { storage: "memory", ...webhook } });
  await sessions.snapshot({ sessionId: "s" });
  const outcome = () => sessions.auditTrail().find(({ action }) => action === "webhook")?.outcome;
  while (!outcome()) await new Promise((resolve) => setTimeout(resolve, 5));
  const code = outcome();
  sessions.free();
  throw Object.assign(new Error(), { code });
}

/** What produces a code: it throws or rejects with it. */
const PRODUCERS = {
  CONFIG_INVALID: () => new SessionDebugger({ baseUrl: "http://tenant.example" }),
  INPUT_INVALID: () => read(".."),
  TOKEN_PROVIDER_FAILED: () => read("200", { token: () => Promise.reject(new Error("no")) }),
  TOKEN_INVALID: () => read("200", { token: () => "two words" }),
  SOURCE_FAILED: () => host(() => Promise.reject(new Error("no"))),
  UNAUTHENTICATED: () => read("401"),
  FORBIDDEN: () => read("403"),
  NOT_FOUND: () => read("404"),
  CONFLICT: () => read("409"),
  REQUEST_REJECTED: () => read("418"),
  RATE_LIMITED: () => read("429"),
  NETWORK_OR_CORS: () => read("s", { baseUrl: "https://nobody.invalid" }),
  BODY_TRUNCATED: () => read("broken"),
  TIMEOUT: () => read("silent", { timeoutMs: 50 }),
  DEADLINE_EXCEEDED: () => read("silent", { deadlineMs: 50 }),
  SERVER_ERROR: () => read("500"),
  BAD_CONTENT_TYPE: () => read("page"),
  BODY_EMPTY: () => read("empty"),
  BODY_TOO_LARGE: () => host(() => rows("1"), { limits: { bodyBytes: 10 } }),
  VALUE_TOO_LARGE: () => host(() => rows("x".repeat(100)), { limits: { valueBytes: 50 } }),
  TOO_MANY_VARIABLES: () => host(() => rows("1", "2"), { limits: { variables: 1 } }),
  JSON_SYNTAX: () => host(() => "{"),
  JSON_TOO_DEEP: () => Snapshot.parse("[".repeat(600) + "]".repeat(600)),
  SHAPE_UNKNOWN: () => host(() => '{"x":1}'),
  SCHEMA_MISMATCH: () => Snapshot.parse(rows("1"), { shape: "conversation" }),
  PAGE_LOOP: () => read("circle"),
  PAGE_LIMIT: async () => {
    const told = [];
    const sessions = debuggerOf({ source: () => '{"variables":[],"pagination":{"nextCursor":"next"}}' });
    await sessions.snapshot({ sessionId: "s" }, { onProgress: ({ missing }) => missing && told.push(missing) });
    throw told[0];
  },
  WEBHOOK_REJECTED: () => delivered({ url: `${baseUrl}/a/b/c/400` }),
  WEBHOOK_DISABLED: () => delivered({ url: `${baseUrl}/hook` }),
  SIGNING_FAILED: () => delivered({ url: `${baseUrl}/hook`, sign: () => Promise.reject(new Error("no")) }),
  STORAGE_UNAVAILABLE: () => debuggerOf({ source: () => "{}", audit: { storage: "persistent" } }).storedAuditTrail(),
  FILE_TOO_NEW: () => Snapshot.open(Snapshot.parse(rows("1")).toFile().replace('"version":1', '"version":2')),
  FILE_INVALID: () => Snapshot.open("no file"),
  REVEAL_REFUSED: () => {
    const snapshot = Snapshot.parse('{"variables":[{"name":"password","value":"x","scope":"user"}]}');
    debuggerOf({ source: () => "{}", reveal: false }).reveal(snapshot, 0, { mask: new Mask() });
  },
};

/** What Node cannot produce in a moment, and the test that does. */
const ELSEWHERE = {
  QUEUE_FULL: "client_limiter.rs",
  OFFLINE: "page/lifecycle.test.mjs",
  ABORTED: "client_audit.rs",
  OUTBOX_FULL: "client_outbox.rs",
  WASM_BLOCKED: "page/policy.test.mjs",
  WASM_NOT_LOADED: "page/policy.test.mjs",
  WASM_TRAP: "support/breakdown.mjs",
  // `fetch` does not tell a redirect from a broken network.
  REDIRECT_REFUSED: "client_calls.rs",
  INTERNAL: "page/host.test.mjs",
};

const union = readFileSync(join(root, "www/entry/error.d.ts"), "utf8").match(/type ErrorCode =([^;]+);/)?.[1] ?? "";
const codes = [...union.matchAll(/"([A-Z_]+)"/g)].map(([, code]) => code);

test("every code is produced here or elsewhere", () => {
  assert.ok(codes.length > 40);
  assert.deepEqual([...Object.keys(PRODUCERS), ...Object.keys(ELSEWHERE)].sort(), codes.sort());
});

for (const [code, produce] of Object.entries(PRODUCERS)) {
  test(`${code} is produced`, () => assert.rejects(async () => void (await produce()), { code }));
}

for (const [code, file] of Object.entries(ELSEWHERE)) {
  test(`${code} is named by ${file}`, () => {
    const variant = code.toLowerCase().replace(/(?:^|_)(\w)/g, (_, letter) => letter.toUpperCase());
    assert.match(readFileSync(join(root, "tests", file), "utf8"), new RegExp(`"${code}"|Code::${variant}\\b`));
  });
}
