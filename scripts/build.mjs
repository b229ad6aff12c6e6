/**
 * Builds dist/: the npm package's files and the stand-alone page. Skips what has not changed.
 *
 * `--dev` builds the engine quickly, without optimisation; `--server` builds the sandbox at the same time. Neither makes the
 * engine for platforms without SIMD, which is for what is packed and tested, and needs as much time again.
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { bundleAll, bundles } from "./lib/bundle.mjs";
import { watchEngine } from "./lib/glue.mjs";
import { thirdPartyLicenses } from "./lib/licenses.mjs";
import {
  cargoTarget,
  dist,
  exe,
  fallbackWasmFile,
  hashFiles,
  nodeTool,
  root,
  unlessFresh,
  wasmFile,
  work,
} from "./lib/paths.mjs";
import { ask, program, run, runNode, seconds } from "./lib/run.mjs";
import { setup } from "./setup.mjs";
import { checkSizes } from "./sizes.mjs";

const COMPILED = "cognigy_session_debugger.wasm";
const ENTRIES = [
  "index",
  "node",
  "inline",
  "shared",
  "debugger",
  "engine",
  "trap",
  "origin",
  "adapters",
  "audit",
  "presets",
].map((name) => `${name}.js`);
const ENTRY_TYPES = readdirSync(join(root, "www/entry")).filter((name) => name.endsWith(".d.ts"));
const LICENSES = "THIRD_PARTY_LICENSES.txt";
const STATIC = /\.(html|css|svg|ico|png|webmanifest)$/;
/** Named one by one: what the engine may use is decided here, not by the optimiser. */
const FEATURES = [
  "bulk-memory",
  "multivalue",
  "mutable-globals",
  "nontrapping-float-to-int",
  "reference-types",
  "sign-ext",
  "simd",
];
/**
 * Memory for calls within the engine as it is shipped; one for development keeps the linker's MiB. Nothing in it recurses by its input;
 * `tests/package/memory.test.mjs` measures what it needs.
 */
export const STACK_BYTES = 2 ** 18;
/**
 * Strings are looked at sixteen bytes at a time. Platforms that cannot do so are given an engine that works the same, and takes
 * three times as long to read a large body. Each is compiled in a directory of its own, both at once.
 */
const ENGINE = { file: wasmFile, simd: true, target: cargoTarget, glue: join(work, "glue") };
const FALLBACK = {
  file: fallbackWasmFile,
  simd: false,
  target: join(cargoTarget, "no-simd"),
  glue: join(work, "glue-no-simd"),
};

export async function build({ dev = false, server = false, fallback = !dev && !server } = {}) {
  const since = performance.now();
  // Fetched first, since the engine's flags name where the sources of the crates are.
  await run("fetching crates", "cargo", ["fetch", "--locked"]);
  await Promise.all([
    compileEngine(ENGINE, dev),
    ...(fallback ? [compileEngine(FALLBACK, false)] : []),
    compileTools(server),
  ]);
  mkdirSync(dist, { recursive: true });
  const engine = await makeEngineFiles(dev);
  if (fallback) engine.push(await makeFallback());
  const copied = copyFiles();
  await makeBundles();
  await makeLicenses();
  removeOthers([LICENSES, ...engine, ...copied, ...bundles.map((bundle) => bundle.file)]);
  console.log(`dist/ is ready after ${seconds(since)}.`);
  if (!dev) checkSizes();
}

function compileEngine({ simd, target }, dev) {
  const options = ["--package", "cognigy-session-debugger", "--lib", "--target", "wasm32-unknown-unknown"];
  const args = ["build", ...options, "--target-dir", target, ...(dev ? [] : ["--release"])];
  const stack = dev ? [] : [`-Clink-arg=-zstack-size=${STACK_BYTES}`];
  const flags = [`-Ctarget-feature=${simd ? "+" : "-"}simd128`, ...stack, ...pathPrefixes()];
  const env = { CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS: flags.join(" ") };
  return run(simd ? "compiling the engine" : "compiling the engine without SIMD", "cargo", args, { env });
}

/** What is shipped tells nothing of the machine that built it, and is the same wherever it is built. */
function pathPrefixes() {
  const registry = join(process.env.CARGO_HOME ?? join(homedir(), ".cargo"), "registry/src");
  const indexes = existsSync(registry) ? readdirSync(registry).map((index) => join(registry, index)) : [];
  return [
    ...indexes.map((index) => `--remap-path-prefix=${index}=crates`),
    `--remap-path-prefix=${root}=.`,
    ...standardLibraryPrefix(),
  ];
}

/** Where the sources of the standard library are installed, as editors want them, the compiler names these instead. */
function standardLibraryPrefix() {
  const sources = join(ask("rustc", ["--print", "sysroot"]) ?? "", "lib/rustlib/src/rust");
  const commit = ask("rustc", ["-vV"])?.match(/^commit-hash: (\w+)$/m)?.[1];
  return commit && existsSync(sources) ? [`--remap-path-prefix=${sources}=/rustc/${commit}`] : [];
}

/**
 * Native programs are built in the development profile, which locks another directory than the engine's, so both builds
 * run at once. One program after the other: together their dependencies would have other features, and so be built anew.
 */
async function compileTools(server) {
  await run("compiling the glue writer", "cargo", ["build", "--package", "bindgen"]);
  if (!server) return;
  await run("compiling the sandbox", "cargo", ["build", "--package", "session-debugger-server", "--bin", "sandbox"]);
}

/** The engine's wasm, its glue, and the wasm as base64 for the inline entry. */
async function makeEngineFiles(dev) {
  const files = ["core.js", wasmFile, "inline-wasm.js"];
  const outputs = files.map((file) => join(dist, file));
  await unlessFresh("engine", engineInputs(ENGINE, dev), outputs, async () => {
    writeFileSync(join(dist, "core.js"), await makeWasm(ENGINE, dev));
    const base64 = readFileSync(join(dist, wasmFile)).toString("base64");
    writeFileSync(join(dist, "inline-wasm.js"), `export default "${base64}";\n`);
  });
  return files;
}

/** The wasm without SIMD, which comes without glue: that of the other one has to fit it. */
async function makeFallback() {
  const inputs = engineInputs(FALLBACK, false, join(dist, "core.js"));
  await unlessFresh("fallback", inputs, [join(dist, FALLBACK.file)], async () => {
    const glue = await makeWasm(FALLBACK, false);
    if (glue !== readFileSync(join(dist, "core.js"), "utf8"))
      throw new Error("The engines with and without SIMD need different glue, and core.js fits only one of them.");
  });
  return FALLBACK.file;
}

const compiled = ({ target }, dev) => join(target, "wasm32-unknown-unknown", dev ? "debug" : "release", COMPILED);
const glueWriter = join(cargoTarget, "debug", `bindgen${exe}`);

function engineInputs(engine, dev, ...others) {
  const sources = ["scripts/build.mjs", "scripts/lib/glue.mjs", "Cargo.lock"].map((path) => join(root, path));
  return `${dev} ${FEATURES} ${hashFiles([compiled(engine, dev), glueWriter, ...sources, ...others])}`;
}

/** Writes an engine's wasm into dist/ and returns its glue. */
async function makeWasm(engine, dev) {
  const { file, glue } = engine;
  rmSync(glue, { recursive: true, force: true });
  await run("writing the glue", glueWriter, [compiled(engine, dev), glue, ...(dev ? ["--debug"] : [])]);
  const code = await finishGlue(readFileSync(join(glue, "core.js"), "utf8"), dev);
  if (dev) copyFileSync(join(glue, "core_bg.wasm"), join(dist, file));
  else await optimise(engine);
  return code;
}

/** The glue, watched, without its comments and long names; classes keep theirs, since people meet them in a debugger. */
async function finishGlue(written, dev) {
  const glue = watchEngine(written);
  if (dev) return glue;
  const { minify } = await import("rolldown/utils");
  // With its lines: programs print the one that threw, and it should not be all of them.
  const mangle = { keepNames: { function: false, class: true } };
  const options = { module: true, mangle, codegen: { removeWhitespace: false } };
  const { code, errors } = await minify("core.js", glue, options);
  if (errors.length > 0) throw new Error(`minifying the glue: ${errors[0].message}`);
  return code;
}

/** Measured: -O3 makes this engine no faster than -Oz, and inlining after the compiler's own adds 3 % after gzip. */
export const OPTIMISE = [
  ...["-Oz", "--skip-pass=inlining-optimizing", "--strip-debug", "--strip-producers"],
  ...["--mvp-features", ...FEATURES.map((feature) => `--enable-${feature}`)],
];

/** Fails where the engine without SIMD has any. */
function optimise({ file, simd, glue }) {
  const options = OPTIMISE.filter((option) => simd || option !== "--enable-simd");
  const files = [join(glue, "core_bg.wasm"), "-o", join(dist, file)];
  const label = simd ? "optimising the engine" : "optimising the engine without SIMD";
  return runNode(label, nodeTool("binaryen/bin/wasm-opt"), [...files, ...options]);
}

/** Files that go out as they are: entries, types, and the page's own. */
function copyFiles() {
  const types = readdirSync(join(root, "www/element")).filter((name) => name.endsWith(".d.ts"));
  const page = readdirSync(join(root, "www")).filter((name) => STATIC.test(name));
  const sources = [
    ...[...ENTRIES, ...ENTRY_TYPES].map((name) => ["www/entry", name]),
    ...types.map((name) => ["www/element", name]),
    ...page.map((name) => ["www", name]),
  ];
  for (const [folder, name] of sources) copyFileSync(join(root, folder, name), join(dist, name));
  return sources.map(([, name]) => name);
}

async function makeBundles() {
  const sources = readdirSync(join(root, "www"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  const inputs = hashFiles([...sources.sort(), join(root, "package-lock.json"), join(root, "scripts/lib/bundle.mjs")]);
  const outputs = bundles.map((bundle) => join(dist, bundle.file));
  await unlessFresh("bundles", inputs, outputs, bundleAll);
}

function makeLicenses() {
  const inputs = hashFiles(
    ["Cargo.lock", "package-lock.json", "scripts/lib/licenses.mjs"].map((path) => join(root, path)),
  );
  const output = join(dist, LICENSES);
  return unlessFresh("licenses", inputs, [output], async () => writeFileSync(output, thirdPartyLicenses()));
}

/** What an earlier build left must not be served or packed. */
function removeOthers(files) {
  const known = new Set(files);
  for (const name of readdirSync(dist)) {
    if (!known.has(name)) rmSync(join(dist, name), { recursive: true });
  }
}

program(import.meta, async (args) => {
  await setup();
  await build({ dev: args.includes("--dev"), server: args.includes("--server") });
});
