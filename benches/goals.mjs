/** What the engine wants to reach. Ratios hold within one run; the table says for each whether this run met it. */

import { SCAN } from "./limits.mjs";
import { IDIOMATIC, OURS, PARSE, SCANNER } from "./load.mjs";

const MILLISECONDS = { unit: " ms" };
const RATIO = { unit: "×" };
const WARM = [
  [100_000, SCANNER, 8],
  [100_000, PARSE, 20],
  [100_000, IDIOMATIC, 35],
  [10_000, SCANNER, 7],
  [1_000, SCANNER, 4],
];
const COLD = [
  [100_000, 4],
  [10_000, 3],
  [1_000, 1],
];

export function warmGoals(where, results) {
  const ratio = (count, name) => results[count][name].median / results[count][OURS].median;
  const goals = WARM.filter(([count]) => results[count]).map(([count, name, goal]) => ({
    what: `${where}, warm, ${count.toLocaleString("en")}: against ${name}`,
    goal,
    value: ratio(count, name),
  }));
  const largest = results[100_000];
  if (!largest) return goals;
  const value = largest[OURS].median / largest[SCAN].median;
  const scan = { value, atMost: RATIO };
  return [
    ...goals,
    { what: `${where}, warm, 100,000: time of copy and bare scan`, goal: 5, ...scan },
    { what: `${where}, warm, 100,000: the same, stretch`, goal: 4, ...scan },
  ];
}

export function coldGoals(where, results) {
  return COLD.filter(([count]) => results[count]).map(([count, goal]) => ({
    what: `${where}, cold, ${count.toLocaleString("en")}: against the byte scanner`,
    goal,
    value: results[count].scanner.load / results[count].ours.load,
  }));
}

/** Of the views, each with its size, the largest. */
export function viewGoals(where, views) {
  const [[, results]] = views.slice(-1);
  const ratio = (title) => results[title]["best JS"].median / results[title].ours.median;
  const filters = Object.keys(results).filter((title) => title.startsWith("filter"));
  return [
    { what: `${where}: filter, the slowest of ${filters.length}`, goal: 3, value: Math.min(...filters.map(ratio)) },
    { what: `${where}: a snapshot's first filter`, goal: 3, value: ratio("first filter of a snapshot, `order`") },
    { what: `${where}: sort by name`, goal: 5, value: ratio("sort by name, a snapshot's first") },
    { what: `${where}: differences`, goal: 2.5, value: ratio("differences of two snapshots") },
  ];
}

const streamGoalsOf = (what, { firstRows, afterLastByte, longestTask, longestOfAll }) => [
  { what: `${what}: from the request to the first 50 rows`, goal: 50, value: firstRows, atMost: MILLISECONDS },
  { what: `${what}: from the last byte to the rows`, goal: 4, value: afterLastByte, atMost: MILLISECONDS },
  { what: `${what}: longest work in one go`, goal: 8, value: longestTask, atMost: MILLISECONDS },
  { what: `${what}: … of all pages`, goal: 8, value: longestOfAll, atMost: MILLISECONDS },
];

export const streamGoals = ({ ours, untold }) => [
  ...streamGoalsOf("Chromium, streamed", ours),
  ...streamGoalsOf("Chromium, streamed, no length told", untold),
];

export const memoryGoals = (where, { ratio, untold, grown, history, smaller }) => [
  { what: `${where}: memory with one snapshot, in bodies`, goal: 1.3, value: ratio, atMost: RATIO },
  ...smaller.map(([size, value]) => ({
    what: `${where}: the same of ${size.toLocaleString("en")} variables`,
    goal: 1.3,
    value,
    atMost: RATIO,
  })),
  { what: `${where}: the same where no length was told`, goal: 1.3, value: untold, atMost: RATIO },
  { what: `${where}: memory grown by load-and-free rounds`, goal: 0, value: grown, atMost: { unit: " pages" } },
  { what: `${where}: memory of 100 snapshots in a history, in snapshots`, goal: 3, value: history, atMost: RATIO },
];

/** Kilobytes of wasm after gzip. An engine of reading, search and client alone, at most 60, is not built: PROFILES.md has its parts. */
export const sizeGoals = (engine) => [
  { what: "size of the whole engine, wasm", goal: 120, value: engine, atMost: { unit: " kB" } },
];
