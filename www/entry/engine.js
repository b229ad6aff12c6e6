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

/** Loads the engine from what `locate` gives. Later calls share the first load; a failed one is forgotten. */
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
    await core.default({ module_or_path: await locate() });
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
