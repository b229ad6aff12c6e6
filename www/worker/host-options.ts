/**
 * Builds the engine's debugger from options that came by message, with the page's functions behind callbacks.
 */
import type { DebuggerOptions, SessionDebugger } from "../entry/index.js";
import type { Engine } from "./engine-host.js";
import type { Callbacks, ConnectOptions } from "./protocol.js";

let lastCall = 0;

export function connectDebugger(
  engine: Engine,
  options: ConnectOptions,
  callbacks: Callbacks | undefined,
): SessionDebugger {
  const { tokenUrl, tokenCallback, sourceCallback, ...plain } = options;
  const full: DebuggerOptions = plain;
  if (tokenCallback && callbacks) {
    full.token = ({ reason, signal }) => ask(callbacks, signal, (call) => callbacks.token(call, reason));
  } else if (tokenUrl !== undefined) {
    full.token = tokenUrl;
  }
  if (sourceCallback && callbacks) {
    full.source = ({ signal, ...query }) => ask(callbacks, signal, (call) => callbacks.source(call, query));
  }
  return new engine.SessionDebugger(full);
}

/** An AbortSignal cannot cross threads, so its abort is sent as a message that names the call. */
async function ask<T>(callbacks: Callbacks, signal: AbortSignal, request: (call: number) => Promise<T>): Promise<T> {
  const call = ++lastCall;
  const onAbort = (): void => void callbacks.abort(call);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await request(call);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
