/** One engine, loaded once, made anew where it has broken down, and a clear word for those who use it before. */
import * as core from "./core.js";
import { isBroken, onBreakdown } from "./trap.js";

/** @type {Promise<void> | undefined} */
let loading;
let loaded = false;
/** @type {Promise<typeof import("./origin.js")> | undefined} */
let origin;

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
  await core.default({ module_or_path: await locate() });
  adopt();
  loaded = true;
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
  const error = new Error("The engine is not loaded. Call init() of cognigy-session-debugger and await it first.");
  throw Object.assign(error, { name: "DebuggerError", code: "CONFIG_INVALID", retryable: false });
}
