/** What has to become of each breakdown of the engine, be it in Node or in a page. */
import assert from "node:assert/strict";

const TRAP = { name: "DebuggerError", code: "WASM_TRAP", retryable: true, cause: "RuntimeError" };

/** So much memory the engine gets, in bytes. */
export const MEMORY = 16 * 2 ** 20;

/**
 * `happen` is the function of `breakdown.js` that makes it happen, `check` looks at what that answers.
 *
 * @type {{ name: string, happen: string, check: (answer: any) => void }[]}
 */
export const BREAKDOWNS = [
  {
    name: "in a call: WASM_TRAP, the next call works, and what is stale harms nobody",
    happen: "inACall",
    check({ first, second, age, stale, after }) {
      assert.deepEqual([first, second], [TRAP, TRAP]);
      assert.deepEqual(stale, [TRAP, TRAP]);
      assert.deepEqual([age, after], [42, 42]);
    },
  },
  {
    name: "while reads wait: each is told, has one record, and the same debugger goes on",
    happen: "whileReadsWait",
    check({ lost, age, trail, freed }) {
      assert.deepEqual(lost, [TRAP, TRAP, TRAP]);
      assert.equal(age, 42);
      assert.deepEqual(trail, ["a WASM_TRAP", "b WASM_TRAP", "undefined WASM_TRAP", "d OK"]);
      assert.ok(freed, "a debugger that was freed stays so");
    },
  },
  {
    name: "without memory: WASM_TRAP, and the next call works",
    happen: "withoutMemory",
    check({ error, age }) {
      assert.deepEqual(error, TRAP);
      assert.equal(age, 42);
    },
  },
  {
    name: "without stack: the next call works",
    happen: "withoutStack",
    check({ ended, age }) {
      // It is by chance whether the stack ends in the engine or in the host.
      assert.ok(["WASM_TRAP", "RangeError"].includes(ended), ended);
      assert.equal(age, 42);
    },
  },
];
