/** JSONTestSuite and the Big List of Naughty Strings, asked of both engines of the package: what a trap is shows only there. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { corpora, places } from "../support/corpora.mjs";
import { loadPacked, NAME, root } from "./support.mjs";

const { packed, engine } = await loadPacked();
const ALL = { accept: 116, refuse: 652, either: 57 };
const CASES = corpora();
const KINDS = `${CASES.length} cases, of which ${CASES.filter(({ text }) => text === undefined).length} are no UTF-8`;

for (const [place, ask] of Object.entries(places(engine))) {
  test(`each case ${place}: exact, accepted as the standard says, and the next call works`, (t) => {
    const count = ask();
    t.diagnostic(`corpora ${place}: ${KINDS}; ${JSON.stringify(count)}`);
    assert.deepEqual(count, ALL);
  });
}

test("a body of a million brackets is told by what is wrong with it, closed or not, and the next call works", () => {
  const [open, close] = ["[".repeat(1_000_000), "]".repeat(1_000_000)];
  const refusal = (body) => {
    try {
      engine.Snapshot.parse(body).free();
      return undefined;
    } catch ({ code, offset }) {
      return { code, offset };
    }
  };
  assert.deepEqual(refusal(open + close), { code: "JSON_TOO_DEEP", offset: 0 });
  assert.deepEqual(refusal(`{"a":${open}${close}}`), { code: "JSON_TOO_DEEP", offset: 5 });
  assert.deepEqual(refusal(open), { code: "JSON_SYNTAX", offset: 1_000_000 });
  assert.equal(engine.Snapshot.parse('{"variables":[]}').size, 0);
});

test("the engine without SIMD does the same with every case", (t) => {
  const fallback = join(packed.installed, "dist/cognigy_session_debugger_no_simd_bg.wasm");
  const { stdout, stderr, status } = packed.program(`
    import * as engine from "${NAME}";
    import { readFileSync } from "node:fs";
    import { places } from ${JSON.stringify(pathToFileURL(join(root, "tests/support/corpora.mjs")).href)};
    await engine.default(readFileSync(${JSON.stringify(fallback)}));
    console.log(JSON.stringify(Object.values(places(engine)).map((ask) => ask())));`);
  assert.equal(status, 0, stderr);
  assert.deepEqual(JSON.parse(stdout), Array(5).fill(ALL));
  t.diagnostic(`corpora without SIMD: ${KINDS}, in each of 5 places`);
});
