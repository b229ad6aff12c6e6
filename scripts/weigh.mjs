/**
 * What the engine's WebAssembly weighs, by section, by crate or module, and function by function.
 *
 * `npm run weigh [-- functions]` weighs what the last build left: optimised as it is shipped, but with its names kept.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { OPTIMISE } from "./build.mjs";
import { nodeTool, work } from "./lib/paths.mjs";
import { program, runNode } from "./lib/run.mjs";

const SECTIONS = ["custom", "type", "import", "function", "table", "memory", "global", "export", "start", "element"];
const [CUSTOM, IMPORT, CODE] = [0, 2, 10];
const SECTION_NAMES = [...SECTIONS, "code", "data", "data count"];

/** Reads the binary format: bytes, LEB128 numbers, names. */
class Reader {
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }
  number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.bytes[this.at++];
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  }
  name() {
    const length = this.number();
    const text = Buffer.from(this.bytes.subarray(this.at, this.at + length)).toString();
    this.at += length;
    return text;
  }
}

/** Every section: its number, where its content begins and ends. */
function sections(bytes) {
  const reader = new Reader(bytes, 8);
  const found = [];
  while (reader.at < bytes.length) {
    const id = bytes[reader.at++];
    const size = reader.number();
    found.push({ id, start: reader.at, end: reader.at + size });
    reader.at += size;
  }
  return found;
}

function importedFunctions(bytes, section) {
  const reader = new Reader(bytes, section.start);
  let functions = 0;
  for (let count = reader.number(); count > 0; count--) {
    reader.name();
    reader.name();
    const kind = bytes[reader.at++];
    if (kind === 0) {
      functions++;
      reader.number();
    } else {
      // A table has a type and limits, memory limits, a global a type and whether it may change.
      if (kind === 1) reader.at++;
      const limited = reader.number();
      if (kind === 3) reader.at++;
      else for (let bounds = limited & 1 ? 2 : 1; bounds > 0; bounds--) reader.number();
    }
  }
  return functions;
}

function functionNames(bytes, all) {
  for (const section of all.filter(({ id }) => id === CUSTOM)) {
    const reader = new Reader(bytes, section.start);
    if (reader.name() !== "name") continue;
    while (reader.at < section.end) {
      const kind = bytes[reader.at++];
      const end = reader.number() + reader.at;
      if (kind === 1) {
        const names = new Map();
        for (let count = reader.number(); count > 0; count--) names.set(reader.number(), reader.name());
        return names;
      }
      reader.at = end;
    }
  }
  return new Map();
}

function functionSizes(bytes, all) {
  const names = functionNames(bytes, all);
  const imports = all.find(({ id }) => id === IMPORT);
  const first = imports ? importedFunctions(bytes, imports) : 0;
  const reader = new Reader(bytes, all.find(({ id }) => id === CODE).start);
  const sizes = [];
  const count = reader.number();
  for (let index = 0; index < count; index++) {
    const size = reader.number();
    sizes.push({ name: names.get(first + index) ?? "?", size });
    reader.at += size;
  }
  return sizes;
}

/** `<a::b::C as d::E>::f::h0123` counts for `a::b`, whatever it implements; our own code by module. */
export function groupOf(name) {
  const plain = name.replace(/::h[0-9a-f]{16}$/, "").replace(/^[<&(]*(?:mut |dyn |\*const |\*mut |\[)*/, "");
  const parts = (plain.match(/^[\w$]+(?:::[\w$]+)*/)?.[0] ?? plain).split("::");
  const depth = parts[0] === "cognigy_session_debugger" ? 3 : ["core", "alloc", "std"].includes(parts[0]) ? 2 : 1;
  return parts.slice(0, depth).join("::");
}

const table = (rows) => {
  for (const [name, size] of rows) console.log(`${size.toLocaleString("en").padStart(10)}  ${name}`);
};
const largest = (sums) => [...sums].sort((one, other) => other[1] - one[1]);

program(import.meta, async (args) => {
  const named = join(work, "weigh.wasm");
  const source = join(work, "glue/core_bg.wasm");
  const options = OPTIMISE.filter((option) => option !== "--strip-debug");
  await runNode("optimising with names", nodeTool("binaryen/bin/wasm-opt"), [source, "-o", named, "-g", ...options]);
  const bytes = readFileSync(named);
  const all = sections(bytes);

  console.log("\nSections, bytes and after gzip");
  for (const { id, start, end } of all.filter((section) => section.id !== CUSTOM)) {
    const packed = gzipSync(bytes.subarray(start, end), { level: 9 }).length;
    console.log(
      `${(end - start).toLocaleString("en").padStart(10)} ${packed.toLocaleString("en").padStart(10)}  ${SECTION_NAMES[id]}`,
    );
  }
  const sizes = functionSizes(bytes, all);
  if (sizes.every(({ name }) => name === "?")) throw new Error("the build kept no names; build again");
  if (args.includes("functions")) {
    console.log("\nFunctions");
    table(largest(sizes.map(({ name, size }) => [name, size])).slice(0, 150));
    return;
  }
  const groups = new Map();
  for (const { name, size } of sizes) groups.set(groupOf(name), (groups.get(groupOf(name)) ?? 0) + size);
  console.log(`\n${sizes.length} functions, bytes of code by module`);
  table(largest(groups).slice(0, 80));
});
