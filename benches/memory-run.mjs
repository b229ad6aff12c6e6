/** What memory a process of its own takes: `node --expose-gc benches/memory-run.mjs <function of memory.mjs> <options>`. Prints JSON. */
import { measureArriving, measureMemory, measureOne, measureRounds } from "./memory.mjs";

const [name = "", options = "{}"] = process.argv.slice(2);
const entry = new URL("../dist/node.js", import.meta.url).href;
const measures = { measureArriving, measureMemory, measureOne, measureRounds };
console.log(JSON.stringify(await measures[name](entry, JSON.parse(options))));
