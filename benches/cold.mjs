/** One first load in this process: `node benches/cold.mjs <variant> <file with the body>`. Prints milliseconds as JSON. */
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

/** Named here, so that the types of what is built are not asked for. */
const ENTRY = new URL("../dist/node.js", import.meta.url).href;

const [variant, file] = process.argv.slice(2);

/** Starts one variant alone, as a program that uses nothing else would. */
const STARTS = {
  async ours() {
    const engine = await import(ENTRY);
    await engine.default();
    return (body) => {
      const snapshot = engine.Snapshot.parse(body);
      return snapshot.rows({ limit: 50 }).rows;
    };
  },
  scanner: async () => (await import("./javascript/byte-scanner.mjs")).firstPage,
  parse: async () => (await import("./javascript/json-parse.mjs")).firstPage,
  idiomatic: async () => (await import("./javascript/idiomatic.mjs")).firstPage,
};

export const COLD = Object.keys(STARTS);

/** @returns {Promise<{ start: number, load: number }>} Importing and compiling; then the first load. */
export async function coldLoad(name, body) {
  const since = performance.now();
  const firstPage = await STARTS[name]();
  const started = performance.now();
  firstPage(body);
  return { start: started - since, load: performance.now() - started };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const bytes = readFileSync(file);
  const body = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  console.log(JSON.stringify(await coldLoad(variant, body)));
}
