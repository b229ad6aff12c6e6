/** Tuned JavaScript over `JSON.parse`: one pass over the rows, a map of winners, nested JSON parsed where a text looks like it. */
import { shownText, typeOf } from "./reading.mjs";

const RANKS = new Map([
  ["global", 0],
  ["bot", 1],
  ["session", 2],
  ["user", 3],
]);
const decoder = new TextDecoder();

const rank = (scope) => RANKS.get(scope) ?? -1;
const mayBeNested = /^[ \t\n\r]*[{[]/;

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The rows of a body with their nested values, and the winner of every name, in order of the rows. */
export function parseBody(bytes, { nested = true } = {}) {
  const { variables } = JSON.parse(decoder.decode(bytes));
  const winners = new Map();
  const values = new Array(variables.length);
  for (let at = 0; at < variables.length; at++) {
    const { name, value, scope } = variables[at];
    if (nested) {
      const first = value.charCodeAt(0);
      const braced = first === 0x7b || first === 0x5b || (first <= 0x20 && mayBeNested.test(value));
      values[at] = braced ? parsed(value) : undefined;
    }
    const winner = winners.get(name);
    if (winner === undefined || rank(scope) > rank(variables[winner].scope)) winners.set(name, at);
  }
  return { variables, values, winners };
}

export function firstPage(bytes, { limit = 50, nested = true } = {}) {
  const { variables, values, winners } = parseBody(bytes, { nested });
  const rows = [];
  for (let at = 0; rows.length < limit && at < variables.length; at++) {
    const { name, value, scope, type: declared } = variables[at];
    if (winners.get(name) !== at) continue;
    const type = typeOf(value, declared, () => (nested ? values[at] : parsed(value)) !== undefined);
    rows.push({ name, scope, type, text: shownText(value, type) });
  }
  return { total: winners.size, entries: variables.length, rows };
}
