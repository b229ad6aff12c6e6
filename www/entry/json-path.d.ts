import type { DebuggerError } from "./error.js";
import type { ValuePart } from "./rows.js";
import type { Snapshot } from "./snapshot.js";

/** One place that a JSONPath expression selects. */
export interface JsonPathNode {
  /** Names and positions from the value down. */
  path: (string | number)[];
  /** The normalized path of RFC 9535, section 2.7, for example `$['items'][0]`. */
  pathText: string;
  /** What stands there. Absent only where a name on the way holds half a surrogate pair. */
  part?: ValuePart;
}

/** What a JSONPath expression selects of one value. */
export interface JsonPathResult {
  /** How many places it selects. */
  total: number;
  /** The first of them, in the order of RFC 9535. */
  nodes: JsonPathNode[];
  /**
   * `true` where the expression has a filter and the value has a number that a double may not hold: filters compare
   * doubles, as RFC 9535 demands no more than I-JSON's range. What stands in `nodes` is exact all the same.
   */
  rounded: boolean;
}

/**
 * Selects parts of one variable's value by a JSONPath expression (RFC 9535). Resolves with `undefined` where the snapshot
 * has no such variable. The library for it, `jsonpath.js`, is a separate file that is loaded with the first question.
 *
 * `match()` and `search()` use the regular expressions of JavaScript, whose time has no bound: ask for expressions of
 * people, not of data. One rule of the RFC is not met: a control character written as `\u000B` inside the quotes of a name
 * is refused; `$.*` and wildcards find such names.
 *
 * @param name The variable.
 * @param options `scope` as in {@link Snapshot.get}. `limit`: so many nodes at most. Default: 1,000.
 * @throws Rejects with {@link DebuggerError} `INPUT_INVALID` and `offset` where the expression is not well-formed or valid.
 * @example
 * import init, { queryJsonPath, Snapshot } from "cognigy-session-debugger";
 * await init();
 * const snapshot = Snapshot.parse('{"variables":[{"name":"cart","value":{"items":[{"n":1},{"n":2}]},"scope":"user"}]}');
 * const found = await queryJsonPath(snapshot, "cart", "$.items[?@.n > 1]");
 * found?.nodes[0]?.pathText; // "$['items'][1]"
 */
export function queryJsonPath(
  snapshot: Snapshot,
  name: string,
  expression: string,
  options?: { scope?: string; limit?: number },
): Promise<JsonPathResult | undefined>;
