/**
 * Puts a connection together from the element's attributes and properties.
 */
import type {
  CoercionPolicy,
  DebuggerOptions,
  HistoryOptions,
  MaskOptions,
  Source,
  TokenProvider,
} from "../entry/index.js";
import type { Callbacks, ConnectOptions, Protection } from "../worker/protocol.js";
import type { WorkerSource } from "./engine/worker-pool.js";
import type { Connection } from "./model/session-model.js";

/** What the host has set. */
export interface HostSettings {
  baseUrl: string | null;
  tokenUrl: string | null;
  path: string | null;
  policy: string | null;
  options: DebuggerOptions | undefined;
  token: string | TokenProvider | undefined;
  source: Source | undefined;
  worker: string | URL | Worker | undefined;
  mask: string | null;
  maskRules: MaskOptions | undefined;
  reveal: string | null;
}

/** What is hidden. An unknown word hides rather than shows. */
export function readProtection({ mask, maskRules, reveal }: HostSettings): Protection {
  const words = { on: true, reason: { reason: "required" }, off: false } as const;
  return {
    mode: mask === "off" || mask === "strict" ? mask : "on",
    rules: maskRules,
    reveal: reveal === null ? undefined : reveal === "on" || reveal === "reason" ? words[reveal] : words.off,
  };
}

/** A function cannot follow into the worker, and without it more would be shown than the host wants. */
export function refuseSanitize(rules: object | boolean | undefined): void {
  const given = typeof rules === "object" && (rules as { sanitize?: unknown } | null)?.sanitize;
  if (given) throw new TypeError("The element takes no mask.sanitize.");
}

const BYTES: Readonly<Record<string, number>> = { kb: 1_000, mb: 1_000_000, mib: 1_048_576 };
/** The engine counts in 32 bits. */
const MOST = 0xffff_ffff;

/**
 * How much is kept of a session's reads: a count, a size, or both, as in `100 16MB`. The defaults are the engine's. `undefined` where
 * a part of it is neither.
 */
export function readKeep(text: string | null): HistoryOptions | undefined {
  const keep: HistoryOptions = {};
  for (const part of text?.match(/\S+/g) ?? []) {
    const [, number, unit] = /^(\d+(?:\.\d+)?)([km]b|mib)?$/i.exec(part) ?? [];
    const value = Number(number);
    if (unit !== undefined) keep.bytes = Math.min(MOST, Math.round(value * (BYTES[unit.toLowerCase()] ?? 1)));
    else if (Number.isInteger(value)) keep.count = Math.min(MOST, Math.max(1, value));
    else return undefined;
  }
  return keep;
}

/** A connection, or `undefined` where there is nothing yet to connect to. */
export function readConnection(settings: () => HostSettings): Connection | undefined {
  const now = settings();
  const { token: tokenOption, source: sourceOption, ...plain } = now.options ?? {};
  const options: ConnectOptions = { ...plain };
  if (now.baseUrl !== null) options.baseUrl = now.baseUrl;
  if (options.baseUrl !== undefined) options.baseUrl = absolute(options.baseUrl);
  if (now.path !== null) options.path = now.path;
  if (now.policy !== null) options.policy = now.policy as CoercionPolicy;
  const token = now.token ?? now.tokenUrl ?? tokenOption;
  if (typeof token === "string") options.tokenUrl = absolute(token);
  else if (token) options.tokenCallback = true;
  const source = now.source ?? sourceOption;
  if (source) options.sourceCallback = true;
  if (options.baseUrl === undefined && !source) return undefined;
  return { options, callbacks: hostCallbacks(settings), worker: workerSource(now.worker) };
}

/** The engine may run in a worker, whose own address is another; so relative URLs are resolved here. */
function absolute(url: string): string {
  return URL.canParse(url, document.baseURI) ? new URL(url, document.baseURI).href : url;
}

/** The worker that a setting names. */
export function workerSource(worker: HostSettings["worker"]): WorkerSource {
  return typeof worker === "string" ? new URL(worker, document.baseURI) : worker;
}

/** Reads the host's functions when they are called, so that replacing one needs no new connection. */
function hostCallbacks(settings: () => HostSettings): Callbacks {
  const calls = new Map<number, AbortController>();
  const run = async <T>(call: number, request: (signal: AbortSignal) => T | Promise<T>): Promise<T> => {
    const controller = new AbortController();
    calls.set(call, controller);
    try {
      return await request(controller.signal);
    } finally {
      calls.delete(call);
    }
  };
  return {
    token: (call, reason) =>
      run(call, (signal) => {
        const { token, options } = settings();
        const provider = token ?? options?.token;
        if (typeof provider !== "function") throw new Error("There is no token function.");
        return provider({ reason, signal });
      }),
    source: (call, query) =>
      run(call, async (signal) => {
        const { source, options } = settings();
        const read = source ?? options?.source;
        if (!read) throw new Error("There is no source.");
        return read({ ...query, signal });
      }),
    abort: (call) => calls.get(call)?.abort(),
  };
}
