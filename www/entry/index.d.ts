/// <reference lib="esnext.disposable" />
/// <reference lib="dom" />

/**
 * Inspect the variables of a bot session from any JavaScript program: a page, a worker or Node.
 *
 * Call {@link init} once, then parse what you have with {@link Snapshot.parse} or fetch it with
 * {@link SessionDebugger}.
 *
 * @packageDocumentation
 */

export * from "./adapters.js";
export * from "./arrangement.js";
export * from "./audit.js";
export * from "./debugger.js";
export * from "./differences.js";
export * from "./error.js";
export * from "./explanation.js";
export * from "./history.js";
export * from "./json-path.js";
export * from "./mask.js";
export * from "./metrics.js";
export * from "./presets.js";
export * from "./query.js";
export * from "./reading.js";
export * from "./rows.js";
export * from "./snapshot.js";
export * from "./snapshot-options.js";
export * from "./token.js";
export * from "./watchpoints.js";
export * from "./webhook.js";

/** Where the engine's WebAssembly comes from. Without it, the file beside the entry is used that the platform can run. */
export type InitInput =
  | string
  | URL
  | Request
  | Response
  | BufferSource
  | WebAssembly.Module
  | Promise<Response | BufferSource | WebAssembly.Module>;

/**
 * Loads the engine. May be called any number of times; a failed load may be tried again.
 *
 * Where a platform has no SIMD for WebAssembly (Safari before 16.4, or where it is switched off) the engine is another file, which does the
 * same more slowly: 53 MB are read in some 180 ms instead of 50. The entry chooses; whoever gives `input` chooses by that.
 *
 * @param input Where the WebAssembly comes from. Default: `cognigy_session_debugger_bg.wasm` beside the entry, or
 * `cognigy_session_debugger_no_simd_bg.wasm` where there is no SIMD. `/inline` carries the first of them alone, and has to be given the other.
 * @throws Rejects with a `DebuggerError` whose `cause` is what the platform said: `WASM_BLOCKED` where a content security policy
 * forbids WebAssembly (add `'wasm-unsafe-eval'` to `script-src`), `WASM_NOT_LOADED` where the file cannot be fetched or compiled.
 * @example
 * import init, { version } from "cognigy-session-debugger";
 * await init();
 * console.log(version());
 * @example
 * import init from "cognigy-session-debugger";
 * // Where the files lie elsewhere: the one for all platforms, if this one cannot run the first.
 * await init("/wasm/cognigy_session_debugger_bg.wasm").catch(() => init("/wasm/cognigy_session_debugger_no_simd_bg.wasm"));
 */
export default function init(input?: InitInput): Promise<void>;

/**
 * The version of the package, as in `package.json`.
 *
 * @example
 * import init, { version } from "cognigy-session-debugger";
 * await init();
 * version() satisfies string;
 */
export function version(): string;

/**
 * Gets the engine ready for its first body while that is on its way: works on a small body of its own until the platform has
 * compiled what a load runs, and takes memory for a body of `bytes` and its columns (default: none), in steps of a few milliseconds between which others
 * have their turn. `SessionDebugger` does so by itself; this is for programs that fetch bodies themselves.
 *
 * @throws Rejects with a `DebuggerError`, `INPUT_INVALID`, where `bytes` is no whole number. More than a body may have is
 * not taken.
 * @example
 * import init, { Snapshot, warmUp } from "cognigy-session-debugger";
 * await init();
 * const [response] = await Promise.all([fetch("/variables.json"), warmUp({ bytes: 5_000_000 })]);
 * Snapshot.parse(await response.arrayBuffer());
 */
export function warmUp(options?: { bytes?: number }): Promise<void>;
