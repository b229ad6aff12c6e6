/**
 * WebAssembly's memory after loads, beside retained snapshots, and after many rounds. Memory never shrinks, so each of these needs a
 * process or a page of its own.
 */
import { gripMemory } from "../tests/page/lib/in-page/memory-grip.js";
import { makeBody } from "./body.mjs";

const PAGE = 65536;
const RETAINED = 4;
/** One round of so many has the large body. */
const LARGE = 100;
const HISTORY = { snapshots: 100, variables: 10_000 };

/** Loads the engine and gives its memory too, which the package itself does not show. */
async function engineWithMemory(entry) {
  const memory = gripMemory();
  const engine = await import(entry);
  await engine.default();
  return { engine, pages: () => memory().byteLength / PAGE };
}

/** Bytes of objects of JavaScript. A page tells them only roughly. */
const heapBytes = () =>
  globalThis.process?.memoryUsage().heapUsed ?? /** @type {any} */ (performance).memory.usedJSHeapSize;

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

/** Reads a body as a page does. */
function loader(engine, body) {
  return (offset = 0) => {
    const snapshot = engine.Snapshot.parse(body);
    snapshot.rows({ limit: 50, offset });
    return snapshot;
  };
}

/** @param {string} entry Of the package. @param {{ count: number }} options */
export async function measureMemory(entry, { count }) {
  const { engine, pages } = await engineWithMemory(entry);
  const body = makeBody(count);
  const lines = [["after start", pages(), ""]];
  const bodyPages = body.length / PAGE;
  const load = loader(engine, body);
  const first = load();
  const one = pages() / bodyPages;
  const ratio = (grown, times = 1) => `${(grown / times / bodyPages).toFixed(2)} × the body`;
  lines.push([`with one snapshot of ${count.toLocaleString("en")} variables`, pages(), ratio(pages())]);
  first.free();
  load().free();
  lines.push(["after it was freed, and one more load and free", pages(), ratio(pages())]);
  const before = pages();
  const kept = Array.from({ length: RETAINED }, load);
  const each = (pages() - before) / (RETAINED - 1);
  lines.push([`with ${RETAINED} snapshots kept`, pages(), `${ratio(each)} for each after the first`]);
  for (const snapshot of kept) snapshot.free();
  const history = measureHistory(engine, pages);
  lines.push(...history.lines);
  return { bodyPages, lines, ratio: one, history: history.ratio };
}

/** Memory that rounds of loading and freeing leave taken, after one load and free: of the body alone, and of it among smaller ones. */
export async function measureRounds(entry, { count, rounds }) {
  const { engine, pages } = await engineWithMemory(entry);
  const large = loader(engine, makeBody(count));
  const small = loader(engine, makeBody(Math.min(count, 10_000)));
  const turns = {
    "load-and-free rounds": () => large,
    [`more, one in ${LARGE} of them with it, the others with 10,000 variables`]: (round) =>
      round % LARGE === 0 ? large : small,
  };
  large().free();
  const lines = [];
  let grown = 0;
  for (const [what, loadOf] of Object.entries(turns)) {
    globalThis.gc?.();
    const [before, heap] = [pages(), heapBytes()];
    for (let round = 0; round < rounds; round++) loadOf(round)(round).free();
    globalThis.gc?.();
    const kilobytes = ((heapBytes() - heap) / 1024).toFixed(0);
    const told = `${pages() - before} pages grown; JS heap ${kilobytes} kB`;
    lines.push([`after ${rounds.toLocaleString("en")} ${what}`, pages(), told]);
    grown += pages() - before;
  }
  return { grown, lines };
}

/** Memory with one snapshot of a body: pages, and bodies. */
export async function measureOne(entry, { count }) {
  const { engine, pages } = await engineWithMemory(entry);
  const body = makeBody(count);
  loader(engine, body)();
  return { pages: pages(), ratio: (pages() * PAGE) / body.length };
}

/** The same after a body that came from somewhere in pieces, with its length told or not. */
export async function measureArriving(entry, { count, told }) {
  const { engine, pages } = await engineWithMemory(entry);
  const body = makeBody(count);
  globalThis.fetch = async () => new Response(inPieces(body), { headers: headersOf(body, told) });
  const sessions = new engine.SessionDebugger({ baseUrl: "https://tenant.example" });
  const snapshot = await sessions.snapshot({ sessionId: "s" });
  snapshot.rows({ limit: 50 });
  return { pages: pages(), ratio: (pages() * PAGE) / body.length };
}

const headersOf = ({ length }, told) => ({
  "content-type": "application/json",
  ...(told ? { "content-length": String(length) } : {}),
});

function inPieces(body) {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= body.length) return controller.close();
      controller.enqueue(body.slice(at, at + PAGE));
      at += PAGE;
    },
  });
}
