/**
 * What happens when the engine breaks down: no memory left, no stack left, a fault of its own. What was in it is lost; those who
 * wait for it are told, and the next call finds a new engine. The build sends every call into the engine through `watched`.
 */

/** What JavaScript calls back, and what only gives something back: nobody is there to catch what these would throw. */
const QUIET = /^wasm_bindgen__convert__closures|_free$|^__wbindgen_(destroy|free)|^__externref_(drop|table_dealloc)/;

/** What such a call answers: no value, and no error. */
const NOTHING = [0, 0];

/** What the glue throws where something was freed, and what is thrown in its place. */
const FREED = "null pointer passed to rust";
const FREED_ALREADY = "This object, or one that it was given, was freed. Make it anew, and free it after its last use.";

/** The engine that there is, and how many calls are in it. */
let engine = { broken: false, depth: 0 };
/** Why an engine broke down at last. */
let cause;
/** What to do when it breaks down. */
const hooks = new Set();

/** What an engine exports, with every function watched. From now on it is the one that there is. */
export function watched(exports) {
  const own = { broken: false, depth: 0 };
  engine = own;
  const members = {};
  for (const [name, member] of Object.entries(exports)) {
    members[name] = typeof member === "function" ? watch(own, member, QUIET.test(name)) : member;
  }
  return members;
}

function watch(own, call, isQuiet) {
  return (...args) => {
    if (!own.broken) {
      own.depth += 1;
      try {
        return call(...args);
      } catch (error) {
        if (!isBreakdown(error)) throw error?.message === FREED ? invalid(FREED_ALREADY) : error;
        breakDown(own, error);
      } finally {
        own.depth -= 1;
      }
    }
    if (!isQuiet) throw lost();
    return NOTHING;
  };
}

/** Traps, and what engines of JavaScript throw where the stack ends. */
const isBreakdown = (error) =>
  error instanceof WebAssembly.RuntimeError || error instanceof RangeError || error?.name === "InternalError";

function breakDown(own, error) {
  if (own.broken) return;
  own.broken = true;
  cause = error;
  const told = [...hooks];
  hooks.clear();
  for (const tell of told) tell();
}

/** Whether the engine has broken down. A new one has to wait for what is still being called in the old one. */
export const isBroken = () => engine.broken && engine.depth === 0;

/** Names the engine that there is. */
export const current = () => engine;

/** Calls `tell` once, should the engine break down. Gives a function that takes this back. */
export function onBreakdown(tell) {
  hooks.add(tell);
  return () => hooks.delete(tell);
}

/** The promise of an engine, rejected where the engine breaks down before it is settled; then `tell` is called as well. */
export function orLost(promise, tell = () => undefined) {
  return new Promise((resolve, reject) => {
    const forget = onBreakdown(() => {
      tell();
      reject(lost());
    });
    promise.finally(forget).then(resolve, reject);
  });
}

/** What is thrown in the place of whatever was lost. */
export function lost() {
  const message = "The engine broke down, and what it held is lost. The next call starts it anew: read again.";
  const error = new Error(message, { cause });
  return Object.assign(error, { name: "DebuggerError", code: "WASM_TRAP", retryable: true });
}

/** What is thrown where the caller gave something that cannot be used. */
export function invalid(message) {
  return Object.assign(new Error(message), { name: "DebuggerError", code: "INPUT_INVALID", retryable: false });
}

/** The same where an object of another class was wanted. */
export const notA = (name) => invalid(`What was given has to be an object of the class ${name}, and is none.`);
