/**
 * Where the time goes, function by function: `npm run profile [-- <kind> [variables] [text]] [--chromium] [--cold]`.
 *
 * The engine is the one that was built last, but with its names kept; `npm run weigh` makes it. Sampled by the engine of JavaScript.
 */
import { existsSync, readFileSync } from "node:fs";
import { Session } from "node:inspector/promises";
import { loadavg } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { setFlagsFromString } from "node:v8";
import { dist, work } from "../scripts/lib/paths.mjs";
import { program } from "../scripts/lib/run.mjs";
import { withChromium } from "./chromium.mjs";
import { KINDS, makeRound, runRounds } from "./profile-tasks.mjs";

const MICROSECONDS = 50;
const MILLISECONDS = 5_000;
const WARMUPS = 8;
const LINES = 25;
const ROWS = "50 rows as objects";

/** A name without its hash, its crate and what it is generic over. */
function shortName({ functionName, url }) {
  if (functionName === "") return "(anonymous)";
  const own = functionName
    .replace(/\[[0-9a-f]{16}\]|::h[0-9a-f]{16}$/g, "")
    .replaceAll("cognigy_session_debugger::", "");
  const file = url.split("/").pop();
  return /\.m?js$/.test(file) ? `${own} (${file})` : own;
}

/**
 * What a load consists of, by the functions that do it; what makes rows is told by who calls it.
 *
 * @type {[string, RegExp][]}
 */
const PARTS = [
  [ROWS, /^snapshot_rows$/],
  ["copy into WebAssembly's memory", /^__wbg_prototypesetcall/],
  ["ends of strings", /json::strings::/],
  ["UTF-8", /json::utf8::/],
  ["rows: what stands between values, hashes of names", /^ingest::|waiting::|foldhash/],
  ["names: asking memory ahead, chains, winners, columns", /store::(?:fill|columns|table|growth)::/],
  ["names: comparing, new ones", /store::names::/],
];
const partOf = (name) => PARTS.find(([, functions]) => functions.test(name))?.[0];

const add = (sums, key, time) => sums.set(key, (sums.get(key) ?? 0) + time);

/** Milliseconds by function and by part of what ran inside of `profiled`; garbage is collected wherever it happens. */
function selfTimes({ nodes, samples, timeDeltas }) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const counted = new Map();
  const visit = (id, within, rows) => {
    const { callFrame, children = [] } = byId.get(id);
    const name = shortName(callFrame);
    const here = within || callFrame.functionName === "profiled";
    const part = rows ?? (partOf(name) === ROWS ? ROWS : undefined);
    if (here || name === "(garbage collector)") counted.set(id, [name, part ?? partOf(name) ?? "the rest"]);
    for (const child of children) visit(child, here, part);
  };
  visit(nodes[0].id, false, undefined);
  const [functions, parts] = [new Map(), new Map()];
  samples.forEach((id, place) => {
    const [name, part] = counted.get(id) ?? [];
    const time = (timeDeltas[place + 1] ?? 0) / 1000;
    if (name === undefined) return;
    add(functions, name, time);
    add(parts, part, time);
  });
  return [functions, parts];
}

function report(profile, taken, kind) {
  const [functions, parts] = selfTimes(profile);
  const all = [...functions.values()].reduce((one, other) => one + other, 0);
  const print = (sums) => {
    const sorted = [...sums].sort((one, other) => other[1] - one[1]).slice(0, LINES);
    for (const [name, time] of sorted) console.log(`${((100 * time) / all).toFixed(1).padStart(5)} %  ${name}`);
  };
  const median = taken[Math.floor(taken.length / 2)];
  console.log(
    `Median of ${taken.length} rounds ${median.toFixed(2)} ms, load ${loadavg()[0].toFixed(1)}; of all samples inside:`,
  );
  print(functions);
  if (kind !== "load") return;
  console.log("\nParts of a load:");
  print(parts);
}

/** Runs `work` under the profiler that `send` speaks to. */
async function underProfiler(send, kind, work) {
  await send("Profiler.enable");
  await send("Profiler.setSamplingInterval", { interval: MICROSECONDS });
  await send("Profiler.start");
  const taken = await work();
  const { profile } = await send("Profiler.stop");
  report(profile, taken, kind);
}

async function inNode(wasm, { kind, size, text, cold }) {
  const engine = await import(pathToFileURL(join(dist, "node.js")).href);
  await engine.default(readFileSync(wasm));
  const round = makeRound(engine, kind, size, text);
  if (cold) await engine.warmUp({ bytes: size * 540 });
  else for (let turn = 0; turn < WARMUPS; turn++) round();
  const session = new Session();
  session.connect();
  const send = (method, params) => session.post(method, params);
  await underProfiler(send, kind, () => (cold ? [round()] : runRounds(round, MILLISECONDS)));
}

const inChromium = (wasm, { kind, size, text, cold }) =>
  withChromium(
    async (freshPage) => {
      const page = await freshPage();
      await page.call("page-profile.mjs", "prepare", kind, size, text, cold ? 0 : WARMUPS);
      const send = await page.inspected();
      await underProfiler(send, kind, () => page.call("page-profile.mjs", "measure", cold ? 0 : MILLISECONDS));
      await page.close();
    },
    { wasm },
  );

program(import.meta, async (args) => {
  const wasm = join(work, "weigh.wasm");
  if (!existsSync(wasm)) throw new Error("There is no engine with names yet: run `npm run weigh` first.");
  const [kind = "load", size = "100000", text = "order"] = args.filter((arg) => !arg.startsWith("--"));
  if (!KINDS.includes(kind)) throw new Error(`Kinds are ${KINDS.join(", ")}.`);
  setFlagsFromString("--no-flush-bytecode");
  const options = { kind, size: Number(size), text, cold: args.includes("--cold") };
  await (args.includes("--chromium") ? inChromium : inNode)(wasm, options);
});
