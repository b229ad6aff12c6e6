/** One first load in this process: `node benches/cold.mjs <variant> <file with the body>`. Prints milliseconds as JSON. */
import { readFileSync } from "node:fs";
import { coldLoad } from "./starts.mjs";

const [variant, file] = process.argv.slice(2);
const bytes = readFileSync(file);
const body = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
console.log(JSON.stringify(await coldLoad(variant, new URL("../dist/node.js", import.meta.url).href, body)));
