/**
 * The benchmark: `npm run bench`. `--quick` is a smoke run of small bodies; `--node` leaves the browser out, `--streamed` all but what
 * a page fetches. Prints Markdown.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { dist, root, wasmFile } from "../scripts/lib/paths.mjs";
import { program, seconds } from "../scripts/lib/run.mjs";
import { makeBody } from "./body.mjs";
import { withChromium } from "./chromium.mjs";
import { coldGoals, memoryGoals, streamGoals, viewGoals, warmGoals } from "./goals.mjs";
import { assembleScan, limitTasks } from "./limits.mjs";
import { IDIOMATIC, measureLoad, OURS, PARSE, SCANNER } from "./load.mjs";
import { figures, shuffled } from "./measure.mjs";
import { ENDS, TURN } from "./page-cold.mjs";
import { STARTS } from "./starts.mjs";
import { coldTable, goalTable, loadTable, ms, table, viewTable } from "./tables.mjs";
import { ownTime } from "./trace.mjs";
import { measureView } from "./view.mjs";

const COLD = Object.keys(STARTS);
const LABELS = { ours: OURS, scanner: SCANNER, parse: PARSE, idiomatic: IDIOMATIC };
const FULL = { sizes: [1_000, 10_000, 100_000], rounds: 9, warmups: 3, cold: 9, memory: 1_000 };
const QUICK = { sizes: [1_000], rounds: 3, warmups: 1, cold: 1, memory: 100 };

/** More rounds for small bodies, which chance disturbs more. */
const roundsFor = (plan, size) => ({
  rounds: size <= 10_000 ? plan.rounds * 2 + 3 : plan.rounds,
  warmups: plan.warmups,
});

const largestOf = (plan) => Math.max(...plan.sizes);
/** The view is measured at the two largest; goals are about the largest. */
const viewSizes = (plan) => plan.sizes.slice(-2);

/** What each of them comes to, one after the other. */
async function inTurn(sizes, measure) {
  const all = [];
  for (const size of sizes) all.push([size, await measure(size)]);
  return all;
}

async function warm(plan, measure) {
  const results = {};
  for (const size of plan.sizes) results[size] = await measure(size, roundsFor(plan, size));
  return results;
}

/** Medians of first loads, each in a process or page of its own, in random order. */
async function cold(plan, measure) {
  const results = {};
  for (const size of plan.sizes) {
    const samples = Object.fromEntries(COLD.map((name) => [name, /** @type {any[]} */ ([])]));
    for (let round = 0; round < plan.cold; round++) {
      for (const name of shuffled(COLD)) samples[name].push(await measure(name, size));
    }
    results[size] = Object.fromEntries(Object.entries(samples).map(([name, taken]) => [name, medians(taken)]));
  }
  return results;
}

/** The median of each field. */
function medians(samples) {
  const fields = Object.keys(samples[0]);
  return Object.fromEntries(fields.map((field) => [field, figures(samples.map((sample) => sample[field])).median]));
}

const runJson = (args) => JSON.parse(execFileSync(process.execPath, args.map(String), { encoding: "utf8" }));

async function inNode(plan) {
  const engine = await import(pathToFileURL(join(dist, "node.js")).href);
  await engine.default();
  const memory = runJson(["--expose-gc", join(root, "benches/memory.mjs"), largestOf(plan), plan.memory]);
  const scan = await assembleScan();
  const loads = await warm(plan, async (size, options) => {
    const body = makeBody(size);
    return measureLoad(engine, body, { ...options, more: await limitTasks(scan, body) });
  });
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const file = (size) => join(folder, `${size}.json`);
  for (const size of plan.sizes) writeFileSync(file(size), makeBody(size));
  const script = join(root, "benches/cold.mjs");
  const first = await cold(plan, async (name, size) => runJson([script, name, file(size)]));
  rmSync(folder, { recursive: true });
  const views = await inTurn(viewSizes(plan), (size) => measureView(engine, size, roundsFor(plan, size)));
  return { memory, loads, first, views };
}

/** The times of one page, and what another one worked, since tracing takes time. */
async function streamOf(freshPage, name, size) {
  const [page, other] = [await freshPage(), await freshPage()];
  const times = await page.call("page-cold.mjs", "streamed", name, size);
  await page.close();
  const { result, trace } = await other.traced("page-cold.mjs", "streamed", name, size, true);
  await other.close();
  return { ...times, ...ownTime(trace, { turn: TURN, last: ENDS, end: result.afterLastByte }) };
}

async function inChromium(plan) {
  return withChromium(async (freshPage, version) => {
    const used = async (module, name, ...args) => {
      const page = await freshPage();
      const result = await page.call(module, name, ...args);
      await page.close();
      return result;
    };
    const loads = await warm(plan, (size, options) => used("page.mjs", "warmLoad", size, options));
    const first = await cold(plan, (name, size) => used("page-cold.mjs", "coldLoad", name, size));
    const views = await inTurn(viewSizes(plan), (size) => used("page.mjs", "warmView", size, roundsFor(plan, size)));
    return { version, loads, first, views, streams: await streams(plan, freshPage) };
  });
}

/** Medians of what pages fetch, each in one of its own, in random order. */
async function streams(plan, freshPage) {
  /** @type {Record<string, any[]>} */
  const samples = { ours: [], untold: [], scanner: [] };
  for (let round = 0; round < plan.cold; round++) {
    for (const name of shuffled(Object.keys(samples))) {
      samples[name].push(await streamOf(freshPage, name, largestOf(plan)));
    }
  }
  return Object.fromEntries(Object.entries(samples).map(([name, taken]) => [name, medians(taken)]));
}

function report(where, { loads, first, views }) {
  console.log(`\n### ${where}\n\nBytes to all resolved to the first 50 rows:\n\n${loadTable(loads, OURS)}`);
  console.log(`\nThe first load of a fresh process or page:\n\n${coldTable(first, LABELS)}`);
  for (const [size, view] of views)
    console.log(`\nThe view, ${size.toLocaleString("en")} variables:\n\n${viewTable(view)}`);
}

function reportStreams({ ours, untold, scanner }, size) {
  const row = (name, stream) => [
    name,
    ...[stream.beforeRequest, stream.firstByte, stream.firstRows, stream.total].map(ms),
    ...[stream.afterLastByte, stream.workAfterLastByte, stream.longestTask, stream.longestGap].map(ms),
  ];
  const fromRequest = ["first byte", "first 50 rows", "all rows"].map((what) => `request to ${what}`);
  const times = ["call to request", ...fromRequest, "last byte to rows", "of these worked"];
  const head = ["", ...[...times, "longest work in one go", "longest gap"].map((time) => `${time}, ms`)];
  const lines = [
    row(OURS, ours),
    row(`${OURS}, no length told`, untold),
    row("JS byte scanner after `arrayBuffer()`", scanner),
  ];
  console.log(`\nFetched from loopback, ${size.toLocaleString("en")} variables, fresh page:\n\n${table(head, lines)}`);
}

function reportMemory({ bodyPages, lines }) {
  console.log(
    `\n### Memory\n\nThe body is ${bodyPages.toFixed(0)} pages of 64 KiB.\n\n${table(["", "pages", ""], lines)}`,
  );
}

program(import.meta, async (args) => {
  if (!existsSync(join(dist, wasmFile))) throw new Error("There is no dist/ yet: run `npm run build` first.");
  setFlagsFromString("--expose-gc");
  setFlagsFromString("--no-flush-bytecode");
  globalThis.gc = runInNewContext("gc");
  const since = performance.now();
  const plan = args.includes("--quick") ? QUICK : FULL;
  const size = largestOf(plan);
  const load = () =>
    loadavg()
      .map((value) => value.toFixed(1))
      .join(", ");
  const machine = `${cpus()[0]?.model ?? "?"} × ${cpus().length}`;
  console.log(`Node ${process.versions.node} (V8 ${process.versions.v8}), ${machine}, load ${load()} at the start.`);
  console.log(`The engine has ${statSync(join(dist, wasmFile)).size.toLocaleString("en")} B of wasm.`);
  if (args.includes("--streamed")) {
    reportStreams(await withChromium((freshPage) => streams(plan, freshPage)), size);
    return;
  }
  const node = await inNode(plan);
  report(`Node ${process.versions.node}`, node);
  const goals = [...warmGoals("Node", node.loads), ...coldGoals("Node", node.first), ...viewGoals("Node", node.views)];
  if (!args.includes("--node")) {
    const browser = await inChromium(plan);
    report(`Chromium ${browser.version}`, browser);
    reportStreams(browser.streams, size);
    goals.push(...warmGoals("Chromium", browser.loads), ...coldGoals("Chromium", browser.first));
    goals.push(...viewGoals("Chromium", browser.views), ...streamGoals(browser.streams));
  }
  reportMemory(node.memory);
  goals.push(...memoryGoals(node.memory));
  // They are meant for large bodies, and for medians of many rounds.
  if (plan === FULL) console.log(`\n### Goals\n\n${goalTable(goals)}`);
  console.log(`\nTook ${seconds(since)}, load ${load()} at the end.`);
});
