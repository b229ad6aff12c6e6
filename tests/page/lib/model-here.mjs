/** The page's model over the real engine, both in Node, where each answer of the engine can be held back. */
import { importModule } from "./bundle-module.mjs";

const { SessionModel } = await importModule("element/model/session-model.ts", { withEngine: true });

/** What a page without workers has; nothing more is asked of it here. */
function pretendPage() {
  globalThis.document ??= Object.assign(new EventTarget(), { visibilityState: "hidden" });
}

/**
 * A model that is connected; `told` notes what it told the element.
 *
 * @param {(query: object, call: number) => unknown} source
 * @param {import("../../../www/worker/protocol.js").ConnectOptions} [options] More of the connection.
 */
export async function openModel(source, options = {}) {
  pretendPage();
  const told = { snapshots: [], faults: [] };
  const model = new SessionModel({
    changed() {},
    ready() {},
    progress() {},
    snapshot: ({ sessionId }) => told.snapshots.push(sessionId),
    watchHit() {},
    failed: (fault) => told.faults.push(fault),
    mayReveal: () => true,
  });
  const connection = (from) => ({
    options: { ...options, sourceCallback: true },
    callbacks: { source: async (call, query) => from(query, call), token: () => undefined, abort: () => undefined },
    worker: undefined,
  });
  const connect = (from) => model.connect(connection(from));
  await connect(source);
  const load = (sessionId) => {
    model.query = { ...model.query, sessionId };
    return model.load();
  };
  return { model, told, connect, load };
}

/** A promise that somebody else settles. */
export function deferred() {
  let settle = () => undefined;
  const promise = new Promise((resolve) => {
    settle = resolve;
  });
  return { promise, resolve: settle };
}

/** Holds back the next answer of a method: `ready` settles when there is one, `go` lets it come. */
export function hold(host, method) {
  const [ready, going] = [deferred(), deferred()];
  const real = host[method];
  host[method] = async (...given) => {
    host[method] = real;
    const answer = await real.apply(host, given);
    ready.resolve();
    await going.promise;
    return answer;
  };
  return { ready: ready.promise, go: going.resolve };
}
