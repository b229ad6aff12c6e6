/** Debuggers of one page, one for each pair of faults, which all take the same step at a time, and what a page can do to itself. */
import { gripMemory } from "./memory-grip.js";
import { abortWrites, blockDatabase } from "./storage-faults.js";

const rest = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const all = async (of) =>
  Object.fromEntries(await Promise.all([...use.pairs.keys()].map(async (host) => [host, await of(host)])));
const use = {
  engine: undefined,
  memory: () => new ArrayBuffer(0),
  pairs: new Map(),
  /** Requests that have left for a session, by host. */
  sent: {},
  /** Why transactions were aborted. */
  aborted: new Set(),
  /** For so long no timer was heard. */
  longestGapMs: 0,
};

export async function start(pairs) {
  use.memory = gripMemory();
  use.engine = await import("/index.js");
  await use.engine.default();
  countRequests();
  noteAborts();
  for (const pair of pairs) open(pair);
}

/** A debugger, in the place of the one before it. */
function open({ host, ...pair }) {
  const address = `http://${host}.localhost:${pair.port}`;
  const sessions = new use.engine.SessionDebugger({
    baseUrl: address,
    path: "/{sessionId}",
    token: `${address}/token`,
    retry: { attempts: 2, baseDelayMs: 10, throttleDelayMs: 50, maxDelayMs: 200, outlastMs: 0 },
    rateLimit: { requests: 100, windowMs: 1_000 },
    timeoutMs: 60_000,
    deadlineMs: 120_000,
    limits: { bodyBytes: pair.bodyBytes },
    mask: false,
    tabs: pair.shares ? { name: host } : false,
    webhook: { url: `${address}/hook`, maxBytes: 1_000_000 },
    ...pair.options,
  });
  use.pairs.set(host, { host, ...pair, sessions, earlier: use.pairs.get(host)?.sessions });
}

export function reopen() {
  for (const pair of [...use.pairs.values()]) open(pair);
}

function countRequests() {
  const { fetch } = globalThis;
  globalThis.fetch = (request, ...more) => {
    const { hostname, pathname } = new URL(request.url ?? request);
    const key = `${hostname.split(".")[0]} ${decodeURIComponent(pathname.slice(1))}`;
    use.sent[key] = (use.sent[key] ?? 0) + 1;
    return fetch(request, ...more);
  };
}

function noteAborts() {
  const { transaction } = IDBDatabase.prototype;
  IDBDatabase.prototype.transaction = function (...args) {
    const made = transaction.apply(this, args);
    made.addEventListener("abort", () => use.aborted.add(made.error?.name ?? "by the page"));
    return made;
  };
}

/** Each debugger reads the session that its host has in `sessions`: the value, or the error's code after the pause that it leads to. */
export const take = (sessions) =>
  all(async (host) => {
    const { sessions: debuggers, pauseMs } = use.pairs.get(host);
    try {
      const snapshot = await debuggers.snapshot({ sessionId: sessions[host] });
      const { value } = snapshot.get("age");
      snapshot.free();
      return value;
    } catch (error) {
      if (error.code !== "WASM_TRAP") await rest(pauseMs);
      return error.code;
    }
  });

const recordsOf = (sessions) =>
  sessions?.auditTrail().map(({ action, sessionId, outcome }) => ({ action, sessionId, outcome })) ?? [];
export const trails = () =>
  all((host) => [use.pairs.get(host).earlier, use.pairs.get(host).sessions].flatMap(recordsOf));

/** Waits until every debugger has a record of that session with that outcome. */
export const recorded = ([sessions, outcome]) =>
  all(async (host) => {
    const has = (record) => record.sessionId === sessions[host] && record.outcome === outcome;
    while (!recordsOf(use.pairs.get(host).sessions).some(has)) await rest(5);
  });

/** Waits until all is delivered, and says whether it was stored. */
export const drained = () =>
  all(async (host) => {
    const { sessions } = use.pairs.get(host);
    for (;;) {
      const { waiting, dead, durable } = await sessions.outbox();
      if (waiting === 0) return { dead, durable };
      await rest(5);
    }
  });

const FAULTS = {
  aborted: abortWrites,
  blocked: blockDatabase,
  /** Room for all that is small and nothing that is large. The browser looks how much there is when it first stores something. */
  async overQuota() {
    await globalThis.setQuota(500_000);
    return () => globalThis.setQuota();
  },
  async offline() {
    await globalThis.setOffline(true);
    return () => globalThis.setOffline(false);
  },
};
const ends = {};

export async function begin(name) {
  ends[name] = await FAULTS[name]();
}

export const end = (name) => ends[name]?.();

/** The engine traps: with what next comes to it. */
export function trap() {
  new Uint8Array(use.memory()).fill(0xff);
  try {
    [...use.pairs.values()][0].sessions.metrics();
  } catch (error) {
    return error.code;
  }
}

/** From now on notes for how long no timer is heard, as in a page that is frozen. */
export function tick() {
  let before = performance.now();
  setInterval(() => {
    const now = performance.now();
    use.longestGapMs = Math.max(use.longestGapMs, now - before);
    before = now;
  }, 5);
}

export const seen = () => ({ sent: use.sent, aborted: [...use.aborted], longestGapMs: use.longestGapMs });
