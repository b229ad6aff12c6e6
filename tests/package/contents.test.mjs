/** What the tarball holds, and what it says about itself. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { publint } from "publint";
import { installPacked, NAME, root } from "./support.mjs";

const packed = installPacked();
after(() => packed.remove());
const read = (path) => readFileSync(join(root, path), "utf8");

test("the tarball holds these files and no other", () => {
  assert.deepEqual(packed.files, [
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "dist/THIRD_PARTY_LICENSES.txt",
    "dist/adapters.d.ts",
    "dist/adapters.js",
    "dist/arrangement.d.ts",
    "dist/audit.d.ts",
    "dist/audit.js",
    "dist/cognigy_session_debugger_bg.wasm",
    "dist/cognigy_session_debugger_no_simd_bg.wasm",
    "dist/core.js",
    "dist/debugger.d.ts",
    "dist/debugger.js",
    "dist/define.d.ts",
    "dist/define.js",
    "dist/differences.d.ts",
    "dist/element.d.ts",
    "dist/element.js",
    "dist/engine.js",
    "dist/error.d.ts",
    "dist/explanation.d.ts",
    "dist/history.d.ts",
    "dist/in-page.js",
    "dist/index.d.ts",
    "dist/index.js",
    "dist/inline-wasm.js",
    "dist/inline.d.ts",
    "dist/inline.js",
    "dist/json-path.d.ts",
    "dist/jsonpath.js",
    "dist/mask.d.ts",
    "dist/metrics.d.ts",
    "dist/node.js",
    "dist/origin.js",
    "dist/presets.d.ts",
    "dist/presets.js",
    "dist/query.d.ts",
    "dist/reading.d.ts",
    "dist/rows.d.ts",
    "dist/shared.js",
    "dist/snapshot-options.d.ts",
    "dist/snapshot.d.ts",
    "dist/token.d.ts",
    "dist/trap.js",
    "dist/watchpoints.d.ts",
    "dist/webhook.d.ts",
    "dist/worker.js",
    "package.json",
  ]);
});

test("nothing has to be installed with it, and nothing runs when it is", () => {
  const manifest = JSON.parse(readFileSync(join(packed.installed, "package.json"), "utf8"));
  for (const kind of ["dependencies", "peerDependencies", "optionalDependencies"])
    assert.equal(manifest[kind], undefined);
  for (const script of ["preinstall", "install", "postinstall"]) assert.equal(manifest.scripts[script], undefined);
});

test("publint finds nothing", async () => {
  const { messages } = await publint({ pkgDir: packed.installed, level: "suggestion", strict: true, pack: false });
  assert.deepEqual(messages, []);
});

test("these paths can be imported and no other", () => {
  const { exports } = JSON.parse(readFileSync(join(packed.installed, "package.json"), "utf8"));
  for (const path of Object.keys(exports)) assert.ok(packed.resolve(join(NAME, path)));
  assert.throws(() => packed.resolve(`${NAME}/dist/core.js`), { code: "ERR_PACKAGE_PATH_NOT_EXPORTED" });
});

test("one file names the WebAssembly for bundlers", () => {
  const names = /new URL\(\s*["'`][^"'`]*\.wasm/;
  const naming = packed.files.filter(
    (path) => path.endsWith(".js") && names.test(readFileSync(join(packed.installed, path), "utf8")),
  );
  assert.deepEqual(naming, ["dist/index.js", "dist/node.js"], "node.js is for Node alone");
});

test("nothing tells where it was built", () => {
  for (const path of packed.files) {
    const text = readFileSync(join(packed.installed, path), "latin1");
    for (const place of [root, homedir(), "/rustlib/src/"]) assert.ok(!text.includes(place), `${path}: ${place}`);
  }
});

test("all versions are one", async () => {
  const { default: init, version } = await packed.load();
  await init();
  const cargo = read("Cargo.toml").match(/\[workspace\.package\][^[]*?\nversion = "([^"]+)"/)?.[1];
  const changelog = read("CHANGELOG.md").match(/^## \[(\d[^\]]*)\]/m)?.[1];
  const { version: npm } = JSON.parse(read("package.json"));
  assert.deepEqual({ cargo, changelog, engine: version() }, { cargo: npm, changelog: npm, engine: npm });
});
