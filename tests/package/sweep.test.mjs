/** Many sessions at once, as a program asks for them: how far they are, what is tried again, and how they end. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadPacked } from "./support.mjs";

const { engine } = await loadPacked();

const BODY = '{"variables":[{"name":"age","value":"42","scope":"user"}]}';
const sessionsOf = (count) => Array.from({ length: count }, (_, number) => ({ sessionId: `s${number}` }));

/** A debugger with a source, which is told how often the session has been read by now; and the sessions in the order of reads. */
function make(answer = (_query, _time) => /** @type {unknown} */ (BODY)) {
  const reads = [];
  const source = (query) => {
    reads.push(query.sessionId);
    return answer(query, reads.filter((id) => id === query.sessionId).length);
  };
  const rateLimit = { requests: 100_000, windowMs: 60_000 };
  return { reads, sessions: new engine.SessionDebugger({ source, rateLimit, retry: { attempts: 1 } }) };
}

/** A debugger that is answered for the first session alone; `given` are the signals of the others. */
function onlyFirst() {
  const given = new Set();
  const answer = ({ sessionId, signal }) => {
    if (sessionId === "s0") return BODY;
    given.add(signal);
    return new Promise(() => {});
  };
  return { given, ...make(answer) };
}

async function outcomes(iterator) {
  const all = new Map();
  for await (const { query, snapshot, error } of iterator) {
    assert.ok(!all.has(query.sessionId), `${query.sessionId} came twice`);
    all.set(query.sessionId, error?.code ?? snapshot.get("age").value);
    snapshot?.free();
  }
  return all;
}

test("every query has one outcome, and what is told of the progress adds up at each moment", async () => {
  const { sessions } = make(({ sessionId }) => (sessionId === "s3" ? "nonsense" : BODY));
  const told = [];
  const all = await outcomes(sessions.snapshots(sessionsOf(20), { onProgress: (progress) => told.push(progress) }));
  assert.equal(all.size, 20);
  assert.deepEqual([all.get("s0"), all.get("s3")], [42, "JSON_SYNTAX"]);
  assert.equal(told.length, 20, "whenever a read ends");
  for (const [index, { total, done, failed, running, waiting, leftMs }] of told.entries()) {
    assert.deepEqual([total, done + failed, done + failed + running + waiting], [20, index + 1, 20]);
    assert.ok(running <= 5 && leftMs >= 0);
  }
  const { done, failed, running, waiting } = told[19];
  assert.deepEqual({ done, failed, running, waiting }, { done: 19, failed: 1, running: 0, waiting: 0 });
});

test("what may pass is tried again after all others, as often as is asked, and nothing else is", async () => {
  const fails = ({ sessionId }, time) => {
    if (sessionId === "s0" && time <= 2) throw new Error("not yet");
    if (sessionId === "s1") throw new Error("never");
    return sessionId === "s2" ? "nonsense" : BODY;
  };
  const once = make(fails);
  const first = await outcomes(once.sessions.snapshots(sessionsOf(12)));
  assert.deepEqual([first.get("s0"), once.reads.length], ["SOURCE_FAILED", 12], "by default nothing is");
  const { reads, sessions } = make(fails);
  const told = [];
  const options = { retryFailed: 2, onProgress: (progress) => told.push(progress) };
  const all = await outcomes(sessions.snapshots(sessionsOf(12), options));
  assert.deepEqual([all.get("s0"), all.get("s1"), all.get("s2")], [42, "SOURCE_FAILED", "JSON_SYNTAX"]);
  assert.deepEqual(reads.slice(12).sort(), ["s0", "s0", "s1", "s1"]);
  assert.deepEqual(
    reads.slice(0, 12).sort(),
    sessionsOf(12)
      .map(({ sessionId }) => sessionId)
      .sort(),
  );
  const { done, failed } = told.at(-1);
  assert.deepEqual([done, failed, told.length], [10, 2, 16]);
});

test("an abort ends the iteration with the signal's reason, and what is under way with it", async () => {
  const { given, reads, sessions } = onlyFirst();
  const aborting = new AbortController();
  const reason = new Error("enough");
  const whole = [];
  const sweep = async () => {
    for await (const { query, snapshot } of sessions.snapshots(sessionsOf(50), { signal: aborting.signal })) {
      assert.ok(snapshot, "what was under way is no outcome");
      whole.push(query.sessionId);
      aborting.abort(reason);
    }
  };
  await assert.rejects(sweep, (error) => error === reason);
  assert.deepEqual(whole, ["s0"]);
  assert.ok(reads.length < 10 && given.size > 0, `${reads.length} were begun`);
  for (const signal of given) assert.ok(signal.aborted);
  assert.equal((await outcomes(sessions.snapshots([{ sessionId: "s0" }]))).get("s0"), 42, "the next sweep works");
});

test("leaving the loop cancels what is under way and begins nothing more", async () => {
  const { given, reads, sessions } = onlyFirst();
  for await (const { snapshot } of sessions.snapshots(sessionsOf(50))) {
    snapshot.free();
    break;
  }
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.ok(reads.length < 10 && given.size > 0);
  for (const signal of given) assert.ok(signal.aborted);
});

test("nothing is told once the loop has been left", async () => {
  const { sessions } = make(() => new Promise((resolve) => setTimeout(resolve, 20, BODY)));
  const told = [];
  for await (const { query, snapshot } of sessions.snapshots(sessionsOf(50), {
    onProgress: (progress) => told.push(progress),
  })) {
    snapshot.free();
    if (query.sessionId === "s3") break;
  }
  const before = told.length;
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(told.length, before);
  assert.ok(told.every(({ failed }) => failed === 0));
});

test("a watch tells what it lives through, and rejects with what will not pass", { timeout: 20_000 }, async () => {
  const cause = new Error("not now");
  const { reads, sessions } = make((_, time) => {
    if (time === 2) throw cause;
    return time < 4 ? BODY : "nonsense";
  });
  const told = [];
  const { signal } = new AbortController();
  const options = { intervalMs: 10, signal, onError: (trouble) => told.push(trouble) };
  const watch = async () => {
    for await (const snapshot of sessions.watch({ sessionId: "s0" }, options)) snapshot.free();
  };
  await assert.rejects(watch, { name: "DebuggerError", code: "JSON_SYNTAX", retryable: false });
  assert.equal(reads.length, 4);
  assert.equal(told.length, 1);
  const [{ error, retryInMs }] = told;
  assert.deepEqual(
    [error.name, error.code, error.retryable, error.cause],
    ["DebuggerError", "SOURCE_FAILED", true, cause],
  );
  assert.equal(retryInMs, 1000);
  assert.throws(() => sessions.watch({ sessionId: "s0" }, { intervalMs: 10, signal, onError: 1 }), {
    code: "INPUT_INVALID",
    message: "The option onError is not a function.",
  });
});

test("queries and options of the wrong kind are refused before anything is read", () => {
  const { reads, sessions } = make();
  for (const options of [{ retryFailed: -1 }, { retryFailed: 1.5 }, { onProgress: 1 }, { retries: 1 }]) {
    assert.throws(() => sessions.snapshots([], options), { name: "DebuggerError" }, JSON.stringify(options));
  }
  for (const retryFailed of [1e12, -1, "2"]) {
    assert.throws(() => sessions.snapshots([], { retryFailed }), { message: /option retryFailed/ });
  }
  for (const queries of [undefined, 7, [{ sessionId: ".." }, 7], [{ session: "s" }]]) {
    assert.throws(() => sessions.snapshots(queries), { name: "DebuggerError" }, JSON.stringify(queries));
  }
  const cause = new Error("no more");
  const broken = function* () {
    yield { sessionId: "s" };
    throw cause;
  };
  assert.throws(() => sessions.snapshots(broken()), { name: "DebuggerError", code: "INPUT_INVALID", cause });
  assert.deepEqual(reads, []);
});
