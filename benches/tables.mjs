/** Figures as Markdown. */

/** Milliseconds with as many digits as mean something. */
export const ms = (value) =>
  value === undefined || Number.isNaN(value) ? "–" : value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2);

export const times = (value) => (Number.isFinite(value) ? `${value.toFixed(value >= 10 ? 1 : 2)}×` : "–");

/** @param {string[]} head @param {(string | number)[][]} rows */
export function table(head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, at) => (at === 0 ? "---" : "--:"))), ...rows.map(line)].join("\n");
}

/** One line a variant, two columns a size: the median, and how many times ours it takes. */
export function loadTable(results, ours) {
  const sizes = Object.keys(results);
  const names = Object.keys(results[sizes[0]]);
  const head = ["warm", ...sizes.flatMap((size) => [`${Number(size).toLocaleString("en")}, ms`, "÷ ours"])];
  const rows = names.map((name) => [
    name,
    ...sizes.flatMap((size) => {
      const { median } = results[size][name];
      return [ms(median), times(median / results[size][ours].median)];
    }),
  ]);
  return table(head, rows);
}

/** How many times as long as a floor the variants take: what an engine of that time would reach. */
export function floorTable(results, floors, names) {
  const sizes = Object.keys(results);
  const head = ["floor", ...sizes.flatMap((size) => [`${Number(size).toLocaleString("en")}, ms`, ...names])];
  const rows = Object.entries(floors).map(([title, timeOf]) => [
    title,
    ...sizes.flatMap((size) => {
      const medians = (name) => results[size][name].median;
      const floor = timeOf(medians);
      return [ms(floor), ...names.map((name) => times(medians(name) / floor))];
    }),
  ]);
  return table(head, rows);
}

/** The same for first loads, where starting is told apart. */
export function coldTable(results, labels) {
  const sizes = Object.keys(results);
  const names = Object.keys(results[sizes[0]]);
  const head = [
    "cold",
    "start, ms",
    ...sizes.flatMap((size) => [`${Number(size).toLocaleString("en")}, ms`, "÷ ours"]),
  ];
  const rows = names.map((name) => [
    labels[name],
    ms(results[sizes[0]][name].start),
    ...sizes.flatMap((size) => {
      const { load } = results[size][name];
      return [ms(load), times(load / results[size].ours.load)];
    }),
  ]);
  return table(head, rows);
}

export function viewTable(results) {
  const head = ["", "this engine, ms", "best JS, ms", "JS ÷ ours", "other JS, ms"];
  const rows = Object.entries(results).map(([title, tasks]) => {
    const ours = tasks.ours.median;
    const best = tasks["best JS"].median;
    return [title, ms(ours), ms(best), times(best / ours), ms(tasks["other JS"]?.median)];
  });
  return table(head, rows);
}

const QUESTIONS = { filter: "filter `order`", sort: "sort by name", diff: "differences", open: "open 1 MiB" };

/** The first question of each kind: milliseconds, and how many times ours JavaScript takes. */
export function firstViewTable(results) {
  const sizes = Object.keys(results);
  const head = ["first", ...sizes.flatMap((size) => [`${Number(size).toLocaleString("en")}, ms`, "JS ÷ ours"])];
  const rows = Object.entries(QUESTIONS).map(([question, title]) => [
    title,
    ...sizes.flatMap((size) => {
      const { ours, js } = results[size];
      return [ms(ours[question]), times(js[question] / ours[question])];
    }),
  ]);
  return table(head, rows);
}

/** The goals, each beside what was measured. */
export function goalTable(goals) {
  const rows = goals.map(({ what, goal, value, atMost }) => {
    const met = atMost ? value <= goal : value >= goal;
    const unit = atMost?.unit ?? "×";
    return [what, `${atMost ? "≤" : "≥"} ${goal}${unit}`, `${value.toFixed(2)}${unit}`, met ? "yes" : "**no**"];
  });
  return table(["goal", "wanted", "measured", "met"], rows);
}
