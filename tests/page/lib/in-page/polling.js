/** Polls sessions for hours without waiting, and says what memory that takes. For Node and for pages, before the engine is loaded. */
import { gripMemory } from "./memory-grip.js";
import { passOverWaits } from "./virtual-clock.js";

const SESSIONS = 100;
const EVERY_MS = 5_000;
/** So many reads fill what is bounded: the audit trail holds 10,000 records. */
const WARM_UP = 15_000;
const VARIABLES = 40;

/** Answers at once; no body is like the one before. */
function answerAll() {
  let count = 0;
  globalThis.fetch = async () => {
    count += 1;
    const variables = Array.from({ length: VARIABLES }, (_, number) => ({
      name: `variable_${number}`,
      value:
        number % 3 === 0 ? { turn: count, words: "x".repeat((count * 7 + number) % 200) } : `value ${count + number}`,
      scope: number % 2 === 0 ? "user" : "session",
    }));
    return new Response(JSON.stringify({ variables }), { headers: { "content-type": "application/json" } });
  };
}

/** Lets the other tasks of this thread go first. */
function breathe() {
  if (typeof setImmediate === "function") return new Promise((resolve) => setImmediate(resolve));
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve(undefined);
    };
    port2.postMessage(undefined);
  });
}

/** A hundred sessions, each read every five seconds, so many reads in all: memory in bytes after the warm-up and at the end. */
export async function poll(load, reads) {
  const memory = gripMemory();
  answerAll();
  const clock = passOverWaits({ breathe });
  const engine = await load();
  await engine.default();
  const rateLimit = { requests: 100_000, windowMs: 60_000 };
  const sessions = new engine.SessionDebugger({ baseUrl: "https://tenant.example", rateLimit });
  const controllers = [];
  let count = 0;
  let settled = 0;
  let since = 0;
  const follow = async (sessionId) => {
    const controller = new AbortController();
    controllers.push(controller);
    const snapshots = sessions.watch({ sessionId }, { intervalMs: EVERY_MS, signal: controller.signal });
    for await (const snapshot of snapshots) {
      snapshot.rows({ limit: 20 });
      snapshot.free();
      count += 1;
      if (count === WARM_UP) {
        settled = memory().byteLength;
        since = clock.now();
      }
      if (count === WARM_UP + reads) for (const each of controllers) each.abort();
    }
  };
  await Promise.all(Array.from({ length: SESSIONS }, (_, number) => follow(`session ${number}`)));
  const grown = memory().byteLength - settled;
  // A copy of the whole trail takes memory of its own.
  const records = sessions.auditTrail();
  const wrong = records.filter(({ outcome }) => outcome !== "OK" && outcome !== "ABORTED").length;
  return {
    settled,
    grown,
    hours: (clock.now() - since) / 3_600_000,
    wrong,
    records: records.length,
  };
}

/** A body of rows that has at least so many bytes, with values of so many words and up to five times as many. */
function rowsOf(bytes, words) {
  const rows = [];
  for (let size = 15; size < bytes; ) {
    const value = "word ".repeat(words + (rows.length % (4 * words)));
    rows.push(`{"name":"variable_${rows.length}","value":"${value}","scope":"user"}`);
    size += rows[rows.length - 1].length + 1;
  }
  return { rows: rows.length, body: `{"variables":[${rows.join()}]}` };
}

/** One body of so many bytes: memory in bytes at its most, for the memory of WebAssembly never shrinks. */
export async function peak(load, bytes) {
  const memory = gripMemory();
  const { rows, body } = rowsOf(bytes, 20);
  globalThis.fetch = async () => new Response(body, { headers: { "content-type": "application/json" } });
  const engine = await load();
  await engine.default();
  const sessions = new engine.SessionDebugger({ baseUrl: "https://tenant.example" });
  const snapshot = await sessions.snapshot({ sessionId: "large" });
  snapshot.rows({ limit: 50, sort: "name", filter: "word" });
  return { bytes: body.length, size: snapshot.size, rows, peak: memory().byteLength };
}

/** A body of so many bytes that comes in pieces and tells no length, twice: what it adds to memory, in bodies. */
export async function streamed(load, { bytes, piece }) {
  const memory = gripMemory();
  const made = rowsOf(bytes, 35);
  const body = new TextEncoder().encode(made.body);
  globalThis.fetch = async () => {
    let at = 0;
    const pull = (controller) => {
      if (at >= body.length) return controller.close();
      controller.enqueue(body.slice(at, at + piece));
      at += piece;
    };
    return new Response(new ReadableStream({ pull }), { headers: { "content-type": "application/json" } });
  };
  const engine = await load();
  await engine.default();
  const before = memory().byteLength;
  const sessions = new engine.SessionDebugger({ baseUrl: "https://tenant.example" });
  const grown = [];
  for (const sessionId of ["first", "second"]) {
    const snapshot = await sessions.snapshot({ sessionId });
    if (snapshot.size !== made.rows || snapshot.get(`variable_${made.rows - 1}`) === undefined) throw new Error("lost");
    snapshot.free();
    grown.push((memory().byteLength - before) / body.length);
  }
  return grown;
}
