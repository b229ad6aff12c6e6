/**
 * Checks two rules of the house: JavaScript's crates are named only where the engine meets JavaScript, and imports
 * point down the list of layers.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./lib/paths.mjs";
import { program } from "./lib/run.mjs";

/** From the top down. A module may use those below it; modules of one layer do not know each other. */
const LAYERS = [["bindings"], ["client"], ["snapshot"], ["ingest"], ["scope", "value", "query"], ["error"]];
/** `platform` stands beside the client: above the errors, below the client and the bindings. */
const ALLOWED = new Map([["platform", ["error"]]]);
for (const [index, layer] of LAYERS.entries()) {
  const below = LAYERS.slice(index + 1).flat();
  for (const name of layer) ALLOWED.set(name, index < 2 ? [...below, "platform"] : below);
}

const JAVASCRIPT = /\b(wasm_bindgen\w*|serde_wasm_bindgen|web_sys|js_sys|gloo\w*)\b/;
const MEETS_JAVASCRIPT = /^(bindings\/|bindings\.rs$|platform\/browser)/;

/** The source with comments and the contents of strings blanked, line by line as it was. */
export function code(source) {
  const token = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|r(#*)"[\s\S]*?"\1|"(?:\\[\s\S]|[^"\\])*"|'(?:\\.[^']*|[^'\\])'/g;
  return source.replace(token, (text) => text.replace(/[^\n]/g, " "));
}

/** The modules of this crate that a source names, each with its line. */
export function uses(source, reexports) {
  const found = [];
  for (const match of source.matchAll(/\bcrate::(\w+|\{[^;]*\})/g)) {
    const line = source.slice(0, match.index).split("\n").length;
    const names = match[1].startsWith("{") ? topLevelNames(match[1].slice(1, -1)) : [match[1]];
    for (const name of names) found.push({ line, module: reexports.get(name) ?? name });
  }
  return found;
}

/** `a::b, c::{d, e}` names `a` and `c`. */
function topLevelNames(group) {
  let flat = group;
  while (flat.includes("{")) flat = flat.replace(/\{[^{}]*\}/g, "");
  return flat.split(",").flatMap((part) => part.trim().match(/^\w+/)?.[0] ?? []);
}

/** What `lib.rs` re-exports: a name at the crate's root belongs to the module that it comes from. */
function reexportsOf(lib) {
  const found = new Map();
  for (const [, module, names] of lib.matchAll(/pub use (?:crate::|self::)?(\w+)(?:::\w+)*::(\{[^}]*\}|\w+);/g)) {
    for (const name of names.match(/\w+/g) ?? []) found.set(name, module);
  }
  return found;
}

export function problemsOf(path, source, reexports) {
  const text = code(source);
  const problems = [];
  if (!MEETS_JAVASCRIPT.test(path)) {
    text.split("\n").forEach((line, index) => {
      const crate = line.match(JAVASCRIPT)?.[1];
      if (crate) problems.push(`src/${path}:${index + 1}: ${crate} belongs into bindings/ and platform/browser*`);
    });
  }
  const own = path.match(/^\w+/)?.[0] ?? "";
  if (own === "lib") return problems;
  const allowed = ALLOWED.get(own);
  if (!allowed) return [...problems, `src/${path}: module ${own} has no place in the list of layers`];
  for (const { line, module } of uses(text, reexports)) {
    const known = module === own || allowed.includes(module);
    if (!known) problems.push(`src/${path}:${line}: ${own} may not use ${module}`);
  }
  return problems;
}

program(import.meta, async () => {
  const folder = join(root, "src");
  const read = (path) => readFileSync(join(folder, path), "utf8");
  const reexports = reexportsOf(code(read("lib.rs")));
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".rs"));
  const problems = files.flatMap((path) => problemsOf(path.replaceAll("\\", "/"), read(path), reexports));
  if (problems.length > 0) throw new Error(problems.join("\n"));
  console.log(`Layering holds in ${files.length} files.`);
});
