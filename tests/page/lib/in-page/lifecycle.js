/** One debugger of a page, to be used while the page is hidden, frozen, killed, left, or without a network. */

export async function start(options = {}) {
  const engine = await import("/index.js");
  await engine.default();
  const sessions = new engine.SessionDebugger({ baseUrl: location.origin, path: "/own/{sessionId}", ...options });
  const use = { sessions, engine, watched: 0, watching: undefined };
  Object.assign(globalThis, { use });
  await read("first");
}

const outcomes = (session) =>
  globalThis.use.sessions
    .auditTrail()
    .filter(({ sessionId }) => sessionId === session)
    .map(({ outcome }) => outcome);

/** Reads one session: its value or the error's code, the records of it, and how long it took. */
export async function read(sessionId) {
  const since = performance.now();
  const done = (what) => ({ ...what, records: outcomes(sessionId), ms: performance.now() - since });
  try {
    const snapshot = await globalThis.use.sessions.snapshot({ sessionId });
    const value = snapshot.get("age").value;
    snapshot.free();
    return done({ value });
  } catch (error) {
    return done({ code: error.code });
  }
}

/** Reads many sessions: how many came. */
export async function readMany(prefix, count) {
  const queries = Array.from({ length: count }, (_, number) => ({ sessionId: `${prefix}${number}` }));
  let came = 0;
  for await (const { snapshot } of globalThis.use.sessions.snapshots(queries)) {
    came += snapshot ? 1 : 0;
    snapshot?.free();
  }
  return came;
}

/** Begins to watch; `watched` then says how often it has read. */
export function watch(intervalMs) {
  const { use } = globalThis;
  const controller = new AbortController();
  use.watching = controller;
  (async () => {
    for await (const snapshot of use.sessions.watch(
      { sessionId: "watched" },
      { intervalMs, signal: controller.signal },
    )) {
      use.watched += 1;
      snapshot.free();
    }
  })();
}
