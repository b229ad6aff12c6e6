/**
 * Prints the sizes of what a browser loads, and fails above the budgets of sizes.json. `--readme` writes them into the
 * README.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { dist, fallbackWasmFile, readJson, root } from "./lib/paths.mjs";
import { program } from "./lib/run.mjs";

const number = (value) => value.toLocaleString("en");

/** Raw, gzip and brotli sizes of a file in bytes, as a web server would send it at its best. */
export function measure(name) {
  const bytes = readFileSync(join(dist, name));
  return {
    name,
    raw: bytes.length,
    gzip: gzipSync(bytes, { level: 9 }).length,
    brotli: brotliCompressSync(bytes).length,
  };
}

export function printSizes() {
  const { budgets } = readJson("scripts/sizes.json");
  const built = Object.keys(budgets).filter((name) => name !== fallbackWasmFile || existsSync(join(dist, name)));
  const rows = built.map(measure);
  const width = Math.max(...rows.map((row) => row.name.length));
  console.log(`${"".padEnd(width)}        raw     gzip   brotli   budget (gzip)`);
  for (const { name, raw, gzip, brotli } of rows) {
    const columns = [number(raw).padStart(11), number(gzip).padStart(9), number(brotli).padStart(9)];
    console.log(name.padEnd(width) + columns.join("") + number(budgets[name]).padStart(9));
  }
  return rows.filter((row) => row.gzip > budgets[row.name]).map((row) => row.name);
}

export function checkSizes() {
  const large = printSizes();
  if (large.length > 0) throw new Error(`Larger than the budget in scripts/sizes.json: ${large.join(", ")}`);
}

/** Writes the sizes into the README, between its two marks. */
function writeReadme() {
  const path = join(root, "README.md");
  const { budgets } = readJson("scripts/sizes.json");
  const cell = (bytes) => `${number(bytes)} B`;
  const rows = Object.keys(budgets)
    .map(measure)
    .map(({ name, raw, gzip, brotli }) => `| \`${name}\` | ${cell(raw)} | ${cell(gzip)} | ${cell(brotli)} |`);
  const table = ["| file | raw | gzip | brotli |", "|---|---|---|---|", ...rows].join("\n");
  const marked = /(<!-- sizes -->\n)[\s\S]*?(<!-- \/sizes -->)/;
  writeFileSync(path, readFileSync(path, "utf8").replace(marked, `$1${table}\n$2`));
}

program(import.meta, async (args) => {
  checkSizes();
  if (args.includes("--readme")) writeReadme();
});
