/** What happens first in this process: `node benches/cold.mjs load <variant> <file>` or `… view <variant> <variables>`. Prints ms as JSON. */
import { readFileSync } from "node:fs";
import { coldLoad } from "./starts.mjs";
import { coldView } from "./view-cold.mjs";

const entry = new URL("../dist/node.js", import.meta.url).href;
const [what, variant = "", of = ""] = process.argv.slice(2);

function load() {
  const bytes = readFileSync(of);
  return coldLoad(variant, entry, new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length));
}

console.log(JSON.stringify(await (what === "load" ? load() : coldView(variant, entry, Number(of)))));
