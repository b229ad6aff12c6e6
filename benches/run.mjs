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
import { measure as sizesOf } from "../scripts/sizes.mjs";
import { makeBody } from "./body.mjs";
import { withChromium } from "./chromium.mjs";
import { coldGoals, memoryGoals, sizeGoals, streamGoals, viewGoals, warmGoals } from "./goals.mjs";
import { assembleScan, limitTasks } from "./limits.mjs";
import { IDIOMATIC, measureLoad, OURS, PARSE, SCANNER } from "./load.mjs";
import { figures, shuffled } from "./measure.mjs";
import { ENDS, TURN } from "./page-cold.mjs";
import { report, reportMemory, reportSizes, reportStreams } from "./reports.mjs";
import { STARTS } from "./starts.mjs";
import { goalTable } from "./tables.mjs";
import { ownTime } from "./trace.mjs";
import { measureView } from "./view.mjs";

const COLD = Object.keys(STARTS);
const LABELS = { ours: OURS, scanner: SCANNER, parse: PARSE, idiomatic: IDIOMATIC };
const VIEWS = ["ours", "js"];
const FULL = { sizes: [1_000, 10_000, 100_000], rounds: 9, warmups: 3, cold: 9, firstViews: 5, memory: 1_000 };
const QUICK = { sizes: [1_000], rounds: 3, warmups: 1, cold: 1, firstViews: 1, memory: 100 };
/** What else a page fetches: for the engine, and for the element. */
const GLUE = ["core.js"];
const ELEMENT = ["element.js", "worker.js"];

/** More rounds for small bodies, which chance disturbs more. */
const roundsFor = (plan, size) => ({
  rounds: size <= 10_000 ? plan.rounds * 2 + 3 : plan.rounds,
  warmups: plan.warmups,
});

const bodies = (ratio) => `${ratio.toFixed(2)} × the body`;
const largestOf = (plan) => Math.max(...plan.sizes);

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

/** Medians of what happens first, each in a process or page of its own, in random order. */
async function cold(sizes, rounds, names, measure) {
  const results = {};
  for (const size of sizes) {
    const samples = Object.fromEntries(names.map((name) => [name, /** @type {any[]} */ ([])]));
    for (let round = 0; round < rounds; round++) {
      for (const name of shuffled(names)) samples[name].push(await measure(name, size));
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
const bench = (name) => join(root, "benches", name);

/** `measure(function of memory.mjs, options)`, in a process or page of its own. */
async function memoryOf(plan, measure) {
  const count = largestOf(plan);
  const memory = await measure("measureMemory", { count });
  const rounds = await measure("measureRounds", { count, rounds: plan.memory });
  const untold = await measure("measureArriving", { count, told: false });
  const told = await measure("measureArriving", { count, told: true });
  const others = [
    ["with one that was fetched, its length told", told],
    ["with one that was fetched, its length not told", untold],
  ];
  const smaller = [];
  for (const size of plan.sizes.filter((each) => each < count)) {
    const one = await measure("measureOne", { count: size });
    smaller.push([size, one.ratio]);
    others.push([`with one of ${size.toLocaleString("en")} variables`, one]);
  }
  const lines = others.map(([what, { pages, ratio }]) => [what, pages, bodies(ratio)]);
  return {
    ...memory,
    lines: [...memory.lines, ...rounds.lines, ...lines],
    grown: rounds.grown,
    untold: untold.ratio,
    smaller,
  };
}

async function inNode(plan) {
  const engine = await import(pathToFileURL(join(dist, "node.js")).href);
  await engine.default();
  const memory = await memoryOf(plan, async (name, options) =>
    runJson(["--expose-gc", bench("memory-run.mjs"), name, JSON.stringify(options)]),
  );
  const scan = await assembleScan();
  const loads = await warm(plan, async (size, options) => {
    const body = makeBody(size);
    return measureLoad(engine, body, { ...options, more: await limitTasks(scan, body) });
  });
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const file = (size) => join(folder, `${size}.json`);
  for (const size of plan.sizes) writeFileSync(file(size), makeBody(size));
  const alone = (...args) => runJson([bench("cold.mjs"), ...args]);
  const first = await cold(plan.sizes, plan.cold, COLD, async (name, size) => alone("load", name, file(size)));
  rmSync(folder, { recursive: true });
  const firstViews = await cold(plan.sizes, plan.firstViews, VIEWS, async (name, size) => alone("view", name, size));
  const views = await inTurn(plan.sizes, (size) => measureView(engine, size, roundsFor(plan, size)));
  return { memory, loads, first, views, firstViews };
}

/** The times of one page, and what another one worked, since tracing takes time. */
async function streamOf(freshPage, name, size) {
  const [page, other] = [await freshPage(), await freshPage()];
  const times = await page.call("page-cold.mjs", "streamed", name, size);
  await page.close();
  const { result, trace } = await other.traced("page-cold.mjs", "streamed", name, size, { marks: true });
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
    const memory = await memoryOf(plan, (name, options) => used("page-memory.mjs", name, options));
    const loads = await warm(plan, (size, options) => used("page.mjs", "warmLoad", size, options));
    const first = await cold(plan.sizes, plan.cold, COLD, (name, size) =>
      used("page-cold.mjs", "coldLoad", name, size),
    );
    const firstViews = await cold(plan.sizes, plan.firstViews, VIEWS, (name, size) =>
      used("page-cold.mjs", "coldView", name, size),
    );
    const views = await inTurn(plan.sizes, (size) => used("page.mjs", "warmView", size, roundsFor(plan, size)));
    return { version, memory, loads, first, views, firstViews, streams: await streams(plan, freshPage) };
  });
}

/** Medians of what pages fetch, each in one of its own, in random order. @returns {Promise<any>} */
async function streams(plan, freshPage) {
  /** @type {Record<string, any[]>} */
  const samples = { ours: [], untold: [], scanner: [] };
  for (let round = 0; round < plan.cold; round++) {
    for (const name of shuffled(Object.keys(samples))) {
      samples[name].push(await streamOf(freshPage, name, largestOf(plan)));
    }
  }
  return Object.fromEntries(
    Object.entries(samples).map(([name, taken]) => {
      const longest = Math.max(...taken.map(({ longestTask }) => longestTask));
      return [name, { ...medians(taken), longestOfAll: longest }];
    }),
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
  report(`Node ${process.versions.node}`, node, LABELS);
  const memories = [["Node", node.memory]];
  const goals = [...warmGoals("Node", node.loads), ...coldGoals("Node", node.first), ...viewGoals("Node", node.views)];
  if (!args.includes("--node")) {
    const browser = await inChromium(plan);
    report(`Chromium ${browser.version}`, browser, LABELS);
    reportStreams(browser.streams, size);
    goals.push(...warmGoals("Chromium", browser.loads), ...coldGoals("Chromium", browser.first));
    goals.push(...viewGoals("Chromium", browser.views), ...streamGoals(browser.streams));
    memories.push(["Chromium", browser.memory]);
  }
  reportMemory(memories);
  const [engine, glue, element] = [[wasmFile], GLUE, ELEMENT].map((files) =>
    files.reduce((sum, file) => sum + sizesOf(file).gzip / 1000, 0),
  );
  reportSizes({ engine, glue, element });
  goals.push(...memories.flatMap(([where, memory]) => memoryGoals(where, memory)), ...sizeGoals(engine));
  // They are meant for large bodies, and for medians of many rounds.
  if (plan === FULL) console.log(`\n### Goals\n\n${goalTable(goals)}`);
  console.log(`\nTook ${seconds(since)}, load ${load()} at the end.`);
});
