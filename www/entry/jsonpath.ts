/** JSONPath over one value. A file of its own: it is loaded when somebody asks for the first time. */
import { JSONPathEnvironment, JSONPathError, type JSONPathNode, type JSONValue } from "json-p3";
import type { JsonPathNode, JsonPathResult, Snapshot } from "./index.js";

export interface Question {
  name: string;
  expression: string;
  scope?: string | undefined;
  limit: number;
}

/** Nested values have at most 512 levels. */
const environment = new JSONPathEnvironment({ maxRecursionDepth: 1_024 });

/** Nothing where the snapshot has no such variable. */
export function evaluate(snapshot: Snapshot, { name, expression, scope, limit }: Question): JsonPathResult | undefined {
  const whole = snapshot.at(name, [], scope);
  if (whole === undefined) return undefined;
  const nested = whole.type === "object" || whole.type === "array";
  const root: JSONValue = nested ? JSON.parse(whole.raw) : asDouble(whole.value);
  const nodes: JsonPathNode[] = [];
  let total = 0;
  for (const found of select(root, expression)) {
    total += 1;
    if (total <= limit) nodes.push(exact(snapshot, name, scope, found));
  }
  const compares = expression.includes("?");
  return { total, nodes, rounded: compares && (nested ? mayRound(whole.raw) : typeof whole.value === "bigint") };
}

/** The library knows doubles only. */
function asDouble(value: unknown): JSONValue {
  return typeof value === "bigint" ? Number(value) : (value as JSONValue);
}

function* select(root: JSONValue, expression: string) {
  try {
    yield* environment.lazyQuery(expression, root);
  } catch (error) {
    if (!(error instanceof JSONPathError)) throw error;
    const offset = error.token.index;
    const message = `The JSONPath expression is not well-formed and valid as RFC 9535 asks, at character ${offset + 1}.`;
    throw Object.assign(new Error(message), { name: "DebuggerError", code: "INPUT_INVALID", retryable: false, offset });
  }
}

/** The place as the engine has it, since the library has seen rounded numbers. */
function exact(snapshot: Snapshot, name: string, scope: string | undefined, found: JSONPathNode): JsonPathNode {
  const path = found.location;
  const pathText = found.getPath({ form: "canonical" });
  const part = path.every(isWellFormed) ? snapshot.at(name, path, scope) : undefined;
  return part === undefined ? { path, pathText } : { path, pathText, part };
}

/** Half a surrogate pair is no Unicode text, and cannot be asked for. */
const isWellFormed = (step: string | number) => typeof step === "number" || !/\p{Surrogate}/u.test(step);

/** Whether a number outside of texts has more digits, or a larger exponent, than a double is sure to hold. */
function mayRound(json: string) {
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/gs)) {
    if (token.startsWith('"')) continue;
    const [digits = "", exponent = "0"] = token.toLowerCase().split("e");
    if (digits.replace(/\D/g, "").length > 15 || Math.abs(Number(exponent)) > 290) return true;
  }
  return false;
}
