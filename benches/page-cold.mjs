/** One first load in this page, of one variant alone; and a load that is read while it arrives. */
import { coldLoad as coldLoadOf } from "./starts.mjs";
import { coldView as coldViewOf } from "./view-cold.mjs";

/** Named here, so that the types of what is built are not asked for. */
const ENTRY = new URL("../dist/index.js", import.meta.url).href;

/** Milliseconds of starting and of the first load. */
export async function coldLoad(name, count) {
  const body = new Uint8Array(await (await fetch(`/body/${count}`)).arrayBuffer());
  return coldLoadOf(name, ENTRY, body);
}

export const coldView = (name, count) => coldViewOf(name, ENTRY, count);

/** Marks for the trace of the browser: each turn of the page, and the last row. */
export const TURN = "turn";
export const ENDS = "all rows";

/** Is seen by a profiler that samples, as the moment when all is there. */
function showEnd() {
  for (const end = performance.now() + 10; performance.now() < end; );
}

/** Notes the longest time in which the page could do nothing else, or did not get a processor to do it. */
function watchTasks({ marks }) {
  const { port1, port2 } = new MessageChannel();
  let longest = 0;
  let last = performance.now();
  let going = true;
  port1.onmessage = () => {
    const now = performance.now();
    if (marks) performance.mark(TURN);
    longest = Math.max(longest, now - last);
    last = now;
    if (going) port2.postMessage(0);
  };
  port2.postMessage(0);
  return () => {
    going = false;
    return longest;
  };
}

const timing = (path) =>
  /** @type {PerformanceResourceTiming} */ (performance.getEntriesByName(new URL(path, location.href).href).at(-1));

/** From the call to the request, and from there to the first 50 rows, as a page would ask for them. */
export async function streamed(name, count, marks = false) {
  const engine = await import(ENTRY);
  await engine.default();
  const { firstPage } = await import("./javascript/byte-scanner.mjs");
  const folder = name === "untold" ? "/untold/body" : "/body";
  const sessions = new engine.SessionDebugger({ baseUrl: location.origin, path: `${folder}/{sessionId}` });
  const path = `${folder}/${count}`;
  performance.clearResourceTimings();
  const longest = watchTasks({ marks });
  const since = performance.now();
  let rows;
  let firstRows = Number.NaN;
  if (name !== "scanner") {
    const onFirstRows = (first) => {
      if (first.rows({ limit: 50 }).rows.length === 50) firstRows = performance.now();
      first.free();
    };
    const snapshot = await sessions.snapshot({ sessionId: String(count) }, { onFirstRows });
    rows = snapshot.rows({ limit: 50 }).rows;
  } else rows = firstPage(new Uint8Array(await (await fetch(path)).arrayBuffer())).rows;
  const done = performance.now();
  if (rows.length !== 50) throw new Error(`${rows.length} rows came.`);
  performance.mark(ENDS);
  if (marks) showEnd();
  await new Promise((resolve) => setTimeout(resolve, 50));
  const { startTime, responseStart, responseEnd } = timing(path);
  return {
    beforeRequest: startTime - since,
    firstByte: responseStart - startTime,
    firstRows: firstRows - startTime,
    total: done - startTime,
    afterLastByte: done - responseEnd,
    longestGap: longest(),
  };
}
