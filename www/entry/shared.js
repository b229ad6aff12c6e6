/** What all entries share. */
import * as core from "./core.js";
import { SessionDebugger as LastingDebugger } from "./debugger.js";
import { requireEngine } from "./engine.js";
import { orLost } from "./trap.js";

export { fromEndpointReply, fromSocketOutput, fromWebchatEvent } from "./adapters.js";
export { verifyAudit } from "./audit.js";
export { load } from "./engine.js";
export { presets } from "./presets.js";

/** A function or class of the engine that asks for the engine first. */
function guarded(exported) {
  return new Proxy(exported, {
    apply(target, self, args) {
      requireEngine();
      return Reflect.apply(target, self, args);
    },
    construct(target, args, newTarget) {
      requireEngine();
      return Reflect.construct(target, args, newTarget);
    },
    get(target, key) {
      const member = Reflect.get(target, key);
      if (typeof member === "function" && Object.hasOwn(target, key)) requireEngine();
      return member;
    },
  });
}

export const Snapshot = /* @__PURE__ */ guarded(core.Snapshot);
export const SessionDebugger = /* @__PURE__ */ guarded(LastingDebugger);
export const Arrangement = /* @__PURE__ */ guarded(core.Arrangement);
export const diffText = /* @__PURE__ */ guarded(core.diffText);
export const History = /* @__PURE__ */ guarded(core.History);
export const Mask = /* @__PURE__ */ guarded(core.Mask);
export const Watchpoints = /* @__PURE__ */ guarded(core.Watchpoints);
export const buildVariablesUrl = /* @__PURE__ */ guarded(core.buildVariablesUrl);
export const coerce = /* @__PURE__ */ guarded(core.coerce);
export const searchRows = /* @__PURE__ */ guarded(async (snapshot, options) =>
  orLost(core.searchRows(snapshot, options)),
);
export const pathText = /* @__PURE__ */ guarded(core.pathText);
export const version = /* @__PURE__ */ guarded(core.version);
export const warmUp = /* @__PURE__ */ guarded(async (options) => {
  await orLost(core.warmUp(options));
  showSample();
});

/** A value of each kind, in texts that have to be unescaped and some that would be read otherwise. */
const SAMPLE = ["text\n1", "007", "1.5", "true", '{"a":[1,null]}'].map((value, row) => ({
  name: `_${row}`,
  value,
  scope: "user",
  type: row ? undefined : "string",
}));

/** What only calls from JavaScript run, some hundred functions of options and rows, is compiled by its first call, too. */
function showSample() {
  const snapshot = core.Snapshot.parse(new TextEncoder().encode(JSON.stringify({ variables: SAMPLE })));
  snapshot.rows({ limit: SAMPLE.length });
  snapshot.free();
}

/** Errors of another window count, so the class is asked for by its tag. */
export function isDebuggerError(error) {
  return Object.prototype.toString.call(error) === "[object Error]" && error.name === "DebuggerError";
}

/** JSONPath over one value; its library is loaded with the first question. */
export async function queryJsonPath(snapshot, name, expression, options = {}) {
  requireEngine();
  const { evaluate } = await import("./jsonpath.js");
  return evaluate(snapshot, { name, expression, scope: options.scope, limit: options.limit ?? 1_000 });
}
