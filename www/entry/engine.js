/** One engine, loaded once, made anew where it has broken down, and a clear word for those who use it before. */
import * as core from "./core.js";
import { isBroken, onBreakdown } from "./trap.js";

/** @type {Promise<void> | undefined} */
let loading;
let loaded = false;
/** @type {Promise<typeof import("./origin.js")> | undefined} */
let origin;

/** What browsers and Node say where a policy forbids WebAssembly; their errors have nothing else to be told by. */
const FORBIDDEN = /content security policy|unsafe-eval|wasm code generation|call to WebAssembly/i;

/** `(module (func (result v128) (i8x16.popcnt (i8x16.splat (i32.const 0)))))`: nothing but SIMD, the last instruction that it got included. */
const VECTORS = new Uint8Array([
  ...[0, 97, 115, 109, 1, 0, 0, 0], // a module
  ...[1, 5, 1, 96, 0, 1, 123], // of the type of functions that give a vector
  ...[3, 2, 1, 0], // has one
  ...[10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11], // with this body
]);

/** Whether the platform runs the engine as it is; else it needs the one without SIMD. */
const hasSimd = () => WebAssembly.validate(VECTORS);

/** Loads the engine from what `locate` gives, which is told whether there is SIMD. Later calls share the first load; a failed one is forgotten. */
export function load(locate) {
  loading ??= instantiate(locate).catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function instantiate(locate) {
  // The first request waits for what tabs share, so it is fetched along with the engine.
  loadOrigin().catch(() => {});
  try {
    await core.default({ module_or_path: await locate(hasSimd()) });
  } catch (cause) {
    throw notLoaded(cause);
  }
  adopt();
  loaded = true;
}

/** What a load rejects with. */
function notLoaded(cause) {
  // A type error is of a fetch, which a policy may forbid as well.
  if (cause?.name !== "TypeError" && FORBIDDEN.test(cause?.message)) {
    return named(
      "WASM_BLOCKED",
      "A content security policy forbids WebAssembly: add 'wasm-unsafe-eval' to script-src.",
      { cause },
    );
  }
  if (cause?.name === "CompileError" && !hasSimd()) {
    const fallback = "give init() the file cognigy_session_debugger_no_simd_bg.wasm of the package.";
    return named("WASM_NOT_LOADED", `This platform has no SIMD for WebAssembly: ${fallback}`, { cause });
  }
  const words = "The engine's .wasm file could not be loaded, or is none of this version; the reason is the cause.";
  return named("WASM_NOT_LOADED", `${words} It belongs beside the entry, unless init() is told where it is.`, {
    cause,
  });
}

function named(code, message, options) {
  const fields = { name: "DebuggerError", code, retryable: code === "WASM_NOT_LOADED" };
  return Object.assign(new Error(message, options), fields);
}

function loadOrigin() {
  origin = import("./origin.js");
  return origin;
}

/** What each engine is told at first. */
function adopt() {
  core.setOriginLoader(loadOrigin);
  // Its locks would otherwise stay with it until the page is closed.
  onBreakdown(() => origin?.then(({ abandon }) => abandon()));
}

/** Throws where the engine is not loaded; makes it anew where it has broken down. */
export function requireEngine() {
  if (loaded) {
    if (!isBroken()) return;
    core.__wbg_reset_state();
    adopt();
    return;
  }
  throw named(
    "CONFIG_INVALID",
    "The engine is not loaded. Call init() of cognigy-session-debugger and await it first.",
  );
}
