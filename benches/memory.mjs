/**
 * WebAssembly's memory after loads, beside retained snapshots, and after many rounds, in a process of its own:
 * `node --expose-gc benches/memory.mjs <variables> <rounds>`. Prints JSON.
 */
import { pathToFileURL } from "node:url";
import { makeBody } from "./body.mjs";

/** Named here, so that the types of what is built are not asked for. */
const ENTRY = new URL("../dist/node.js", import.meta.url).href;

const PAGE = 65536;
const RETAINED = 4;
const HISTORY = { snapshots: 100, variables: 10_000 };

/** Loads the engine and gives its memory too, which the package itself does not show. */
async function engineWithMemory() {
  const instantiate = WebAssembly.instantiate;
  /** @type {WebAssembly.Memory | undefined} */
  let memory;
  WebAssembly.instantiate = /** @type {any} */ (
    async (...args) => {
      const made = await Reflect.apply(instantiate, WebAssembly, args);
      memory = (made.instance ?? made).exports.memory;
      return made;
    }
  );
  const engine = await import(ENTRY);
  await engine.default();
  WebAssembly.instantiate = instantiate;
  if (!memory) throw new Error("The engine shows no memory.");
  return { engine, pages: () => /** @type {any} */ (memory).buffer.byteLength / PAGE };
}

/** A hundred snapshots of 10,000 variables, of which a hundredth changes from one to the next. */
function measureHistory(engine, pages) {
  const { variables } = JSON.parse(new TextDecoder().decode(makeBody(HISTORY.variables)));
  const history = new engine.History({ count: HISTORY.snapshots, bytes: 2 ** 31 });
  const push = () => {
    const snapshot = engine.Snapshot.parse(new TextEncoder().encode(JSON.stringify({ variables })));
    history.push(snapshot);
    snapshot.free();
  };
  push();
  const [one, before] = [history.bytes, pages()];
  for (let turn = 1; turn < HISTORY.snapshots; turn++) {
    for (let step = 0; step < variables.length / 100; step++) {
      const variable = variables[(turn * 37 + step * 101) % variables.length];
      variable.value = String(variable.value).replace(/.?$/, (last) => String((Number(last) + 1) % 10 || 0));
    }
    push();
  }
  const ratio = history.bytes / one;
  const what = `a history of ${HISTORY.snapshots} snapshots of ${HISTORY.variables.toLocaleString("en")} variables, 1 % changed`;
  const told = `${ratio.toFixed(2)} × the memory of one, ${(one / 1e6).toFixed(1)} MB`;
  history.free();
  return { ratio, lines: [[what, pages(), `${told}; ${pages() - before} pages grown`]] };
}

/** @param {{ count: number, rounds: number }} options */
async function measureMemory({ count, rounds }) {
  const { engine, pages } = await engineWithMemory();
  const body = makeBody(count);
  const lines = [["after start", pages(), ""]];
  const bodyPages = body.length / PAGE;
  const load = () => {
    const snapshot = engine.Snapshot.parse(body);
    snapshot.rows({ limit: 50 });
    return snapshot;
  };
  const first = load();
  const one = pages() / bodyPages;
  const ratio = (grown, times = 1) => `${(grown / times / bodyPages).toFixed(2)} × the body`;
  lines.push([`with one snapshot of ${count.toLocaleString("en")} variables`, pages(), ratio(pages())]);
  first.free();
  load().free();
  lines.push(["after it was freed, and one more load and free", pages(), ratio(pages())]);
  const small = makeBody(Math.min(count, 10_000));
  const before = pages();
  const kept = Array.from({ length: RETAINED }, load);
  const each = (pages() - before) / (RETAINED - 1);
  lines.push([`with ${RETAINED} snapshots kept`, pages(), `${ratio(each)} for each after the first`]);
  for (const snapshot of kept) snapshot.free();
  const settled = pages();
  globalThis.gc?.();
  const heap = process.memoryUsage().heapUsed;
  for (let round = 0; round < rounds; round++) {
    const snapshot = engine.Snapshot.parse(round % 100 === 0 ? body : small);
    snapshot.rows({ limit: 50, offset: round });
    snapshot.free();
  }
  globalThis.gc?.();
  const grown = ((process.memoryUsage().heapUsed - heap) / 1024).toFixed(0);
  lines.push([
    `after ${rounds.toLocaleString("en")} more load-and-free rounds`,
    pages(),
    `${pages() - settled} pages grown; JS heap ${grown} kB`,
  ]);
  const afterRounds = pages() - settled;
  const history = measureHistory(engine, pages);
  lines.push(...history.lines);
  return { bodyPages, lines, ratio: one, grown: afterRounds, history: history.ratio };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [count, rounds] = process.argv.slice(2).map(Number);
  console.log(JSON.stringify(await measureMemory({ count, rounds })));
}
