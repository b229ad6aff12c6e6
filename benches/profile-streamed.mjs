/**
 * What a page works between the last byte of an answer and its rows: `node benches/profile-streamed.mjs [told|untold] [pages]`, a fresh
 * page each. The engine is that of `profile.mjs`, with its names.
 */
import { loadavg } from "node:os";
import { join } from "node:path";
import { work } from "../scripts/lib/paths.mjs";
import { program } from "../scripts/lib/run.mjs";
import { withChromium } from "./chromium.mjs";
import { figures } from "./measure.mjs";

const MICROSECONDS = 50;
const VARIABLES = 100_000;
const LINES = 20;

/** By the innermost function that is one of these. @type {[string, RegExp][]} */
const PARTS = [
  ["50 rows of the whole snapshot", /^snapshot_rows$/],
  [
    "reading: what came last, names, columns that move",
    /^ingest::|^snapshot::(?:builder|room|store)|^value::json|foldhash/,
  ],
  ["the client: record, limits, what it lets go of", /(?:^|<)client::|sha2|platform::/],
  ["asking the browser for more", /read \(|ReadableStream|getReader|byobRequest|pull/],
  ["idle", /^\(idle\)$/],
  ["the browser itself", /^\(program\)$/],
  ["garbage", /^\(garbage collector\)$/],
];
const OTHERS = "promises, bindings, JavaScript";

const shortName = ({ functionName, url }) => {
  const own = functionName
    .replace(/\[[0-9a-f]{16}\]|::h[0-9a-f]{16}$/g, "")
    .replaceAll("cognigy_session_debugger::", "");
  return url.endsWith(".js") || url.endsWith(".mjs") ? `${own || "(anonymous)"} (${url.split("/").pop()})` : own;
};

/** Milliseconds by part and by function, from the last byte to the rows. */
function afterLastByte({ nodes, samples, timeDeltas, startTime }, milliseconds) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const partOf = (id) => {
    for (let at = id; at !== undefined; at = parents.get(at)) {
      const name = shortName(byId.get(at).callFrame);
      const part = PARTS.find(([, functions]) => functions.test(name));
      if (part) return part[0];
    }
    return OTHERS;
  };
  let now = startTime;
  const times = timeDeltas.map((delta) => (now += delta));
  const seen = samples.findIndex((id) => byId.get(id).callFrame.functionName === "showEnd");
  if (seen < 0) throw new Error("The profiler has not seen the end.");
  const end = times[seen];
  const sums = { parts: new Map(), functions: new Map() };
  samples.forEach((id, place) => {
    if (times[place] > end || times[place] < end - milliseconds * 1000) return;
    const time = ((times[place + 1] ?? times[place]) - times[place]) / 1000;
    const name = shortName(byId.get(id).callFrame);
    for (const [sum, key] of [
      [sums.parts, partOf(id)],
      [sums.functions, name],
    ])
      sum.set(key, (sum.get(key) ?? 0) + time);
  });
  return sums;
}

program(import.meta, async ([what = "told", pages = "9"]) => {
  const name = what === "untold" ? "untold" : "ours";
  const all = { parts: new Map(), functions: new Map() };
  const taken = [];
  await withChromium(
    async (freshPage) => {
      for (let turn = 0; turn < Number(pages); turn++) {
        const page = await freshPage();
        const send = await page.inspected();
        await send("Profiler.enable");
        await send("Profiler.setSamplingInterval", { interval: MICROSECONDS });
        await send("Profiler.start");
        const result = await page.call("page-cold.mjs", "streamed", name, VARIABLES, true);
        const { profile } = await send("Profiler.stop");
        await page.close();
        taken.push(result.afterLastByte);
        for (const [kind, sums] of Object.entries(afterLastByte(profile, result.afterLastByte))) {
          for (const [key, time] of sums) all[kind].set(key, (all[kind].get(key) ?? 0) + time);
        }
      }
    },
    { wasm: join(work, "weigh.wasm") },
  );
  const { median, low, high } = figures(taken);
  console.log(
    `From the last byte to the rows ${median.toFixed(1)} ms (${low.toFixed(1)} to ${high.toFixed(1)}), ${pages} pages, load ${loadavg()[0].toFixed(1)}`,
  );
  for (const sums of [all.parts, all.functions]) {
    const whole = [...sums.values()].reduce((one, other) => one + other, 0);
    const sorted = [...sums].sort((one, other) => other[1] - one[1]).slice(0, LINES);
    console.log(
      sorted.map(([key, time]) => `${((100 * time) / whole).toFixed(1).padStart(5)} %  ${key}`).join("\n"),
      "\n",
    );
  }
});
