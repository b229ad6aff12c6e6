/** What all entries share: one engine, loaded once, and a clear word for those who use it before. */
import * as core from "./core.js";

export { fromEndpointReply, fromSocketOutput, fromWebchatEvent } from "./adapters.js";
export { verifyAudit } from "./audit.js";
export { presets } from "./presets.js";

/** @type {Promise<void> | undefined} */
let loading;
let loaded = false;

/** Loads the engine from what `locate` gives. Later calls share the first load; a failed one is forgotten. */
export function load(locate) {
  loading ??= instantiate(locate).catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function instantiate(locate) {
  await core.default({ module_or_path: await locate() });
  core.setOriginLoader(() => import("./origin.js"));
  loaded = true;
}

// Rust cannot name a method by a symbol.
core.SnapshotIterator.prototype[Symbol.asyncIterator] = function asyncIterator() {
  return this;
};

function requireLoaded() {
  if (loaded) return;
  const error = new Error("The engine is not loaded. Call init() of cognigy-session-debugger and await it first.");
  throw Object.assign(error, { name: "DebuggerError", code: "CONFIG_INVALID", retryable: false });
}

/** A function or class of the engine that says so when the engine is not loaded. */
function guarded(exported) {
  return new Proxy(exported, {
    apply(target, self, args) {
      requireLoaded();
      return Reflect.apply(target, self, args);
    },
    construct(target, args, newTarget) {
      requireLoaded();
      return Reflect.construct(target, args, newTarget);
    },
    get(target, key) {
      const member = Reflect.get(target, key);
      if (typeof member === "function" && Object.hasOwn(target, key)) requireLoaded();
      return member;
    },
  });
}

export const Snapshot = /* @__PURE__ */ guarded(core.Snapshot);
export const SessionDebugger = /* @__PURE__ */ guarded(core.SessionDebugger);
export const Watchpoints = /* @__PURE__ */ guarded(core.Watchpoints);
export const buildVariablesUrl = /* @__PURE__ */ guarded(core.buildVariablesUrl);
export const coerce = /* @__PURE__ */ guarded(core.coerce);
export const pathText = /* @__PURE__ */ guarded(core.pathText);
export const version = /* @__PURE__ */ guarded(core.version);
export const warmUp = /* @__PURE__ */ guarded(core.warmUp);

/** Errors of another window count, so the class is asked for by its tag. */
export function isDebuggerError(error) {
  return Object.prototype.toString.call(error) === "[object Error]" && error.name === "DebuggerError";
}

/** JSONPath over one value; its library is loaded with the first question. */
export async function queryJsonPath(snapshot, name, expression, options = {}) {
  requireLoaded();
  const { evaluate } = await import("./jsonpath.js");
  return evaluate(snapshot, { name, expression, scope: options.scope, limit: options.limit ?? 1_000 });
}
