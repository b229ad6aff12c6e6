/** The same as a front-end team would write it: a schema, typed variables, groups by name, rows for a table. */
import { z } from "zod";
import { shownText, typeOf } from "./reading.mjs";

const SCOPES = ["global", "bot", "session", "user"];

const Row = z.object({
  name: z.string(),
  value: z.string(),
  scope: z.string(),
  type: z.string().optional(),
  isSystem: z.boolean().optional(),
});
const Body = z.object({ variables: z.array(Row) });

function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const typed = (variable) => ({ ...variable, kind: typeOf(variable.value, variable.type, isJson) });

function winnerOf(variables) {
  return variables.reduce((best, next) => (SCOPES.indexOf(next.scope) > SCOPES.indexOf(best.scope) ? next : best));
}

export function firstPage(bytes, { limit = 50 } = {}) {
  const body = Body.parse(JSON.parse(new TextDecoder().decode(bytes)));
  const variables = body.variables.map(typed);
  const groups = new Map();
  for (const variable of variables) {
    const group = groups.get(variable.name);
    if (group) group.push(variable);
    else groups.set(variable.name, [variable]);
  }
  const winners = new Set([...groups.values()].map(winnerOf));
  const shown = variables.filter((variable) => winners.has(variable));
  const rows = shown.slice(0, limit).map(({ name, scope, kind, value }) => {
    return { name, scope, type: kind, text: shownText(value, kind) };
  });
  return { total: shown.length, entries: variables.length, rows };
}
