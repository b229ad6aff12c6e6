/**
 * Builds dist/: the npm package's files and the stand-alone page. Skips what has not changed.
 *
 * `--dev` builds the engine quickly, without optimisation; `--server` builds the sandbox at the same time.
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { bundleAll, bundles } from "./lib/bundle.mjs";
import { watchEngine } from "./lib/glue.mjs";
import { thirdPartyLicenses } from "./lib/licenses.mjs";
import { cargoTarget, dist, exe, hashFiles, nodeTool, root, unlessFresh, wasmFile, work } from "./lib/paths.mjs";
import { ask, program, run, runNode, seconds } from "./lib/run.mjs";
import { setup } from "./setup.mjs";
import { checkSizes } from "./sizes.mjs";

const ENGINE = "cognigy_session_debugger.wasm";
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
/** Strings are looked at sixteen bytes at a time; without it the engine works the same, and takes a third longer to load. */
const SIMD = "-Ctarget-feature=+simd128";

export async function build({ dev = false, server = false } = {}) {
  const since = performance.now();
  // Fetched first, since the engine's flags name where the sources of the crates are.
  await run("fetching crates", "cargo", ["fetch", "--locked"]);
  await Promise.all([compileEngine(dev), compileTools(server)]);
  mkdirSync(dist, { recursive: true });
  const engine = await makeEngineFiles(dev);
  const copied = copyFiles();
  await makeBundles();
  await makeLicenses();
  removeOthers([LICENSES, ...engine, ...copied, ...bundles.map((bundle) => bundle.file)]);
  console.log(`dist/ is ready after ${seconds(since)}.`);
  if (!dev) checkSizes();
}

function compileEngine(dev) {
  const args = ["build", "--package", "cognigy-session-debugger", "--lib", "--target", "wasm32-unknown-unknown"];
  const env = { CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS: [SIMD, ...pathPrefixes()].join(" ") };
  return run("compiling the engine", "cargo", dev ? args : [...args, "--release"], { env });
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
  const source = join(cargoTarget, "wasm32-unknown-unknown", dev ? "debug" : "release", ENGINE);
  const writer = join(cargoTarget, "debug", `bindgen${exe}`);
  const inputs = `${dev} ${FEATURES} ${hashFiles([source, writer, ...["scripts/build.mjs", "scripts/lib/glue.mjs", "Cargo.lock"].map((path) => join(root, path))])}`;
  const outputs = files.map((file) => join(dist, file));
  await unlessFresh("engine", inputs, outputs, async () => {
    const glue = join(work, "glue");
    rmSync(glue, { recursive: true, force: true });
    await run("writing the glue", writer, [source, glue, ...(dev ? ["--debug"] : [])]);
    await copyGlue(join(glue, "core.js"), join(dist, "core.js"), dev);
    if (dev) copyFileSync(join(glue, "core_bg.wasm"), join(dist, wasmFile));
    else await optimise(join(glue, "core_bg.wasm"), join(dist, wasmFile));
    const base64 = readFileSync(join(dist, wasmFile)).toString("base64");
    writeFileSync(join(dist, "inline-wasm.js"), `export default "${base64}";\n`);
  });
  return files;
}

/** The glue, watched, without its comments and long names; classes keep theirs, since people meet them in a debugger. */
async function copyGlue(source, target, dev) {
  const glue = watchEngine(readFileSync(source, "utf8"));
  if (dev) return writeFileSync(target, glue);
  const { minify } = await import("rolldown/utils");
  // With its lines: programs print the one that threw, and it should not be all of them.
  const mangle = { keepNames: { function: false, class: true } };
  const options = { module: true, mangle, codegen: { removeWhitespace: false } };
  const { code, errors } = await minify("core.js", glue, options);
  if (errors.length > 0) throw new Error(`minifying the glue: ${errors[0].message}`);
  writeFileSync(target, code);
}

/** Measured: -O3 makes this engine no faster than -Oz, and inlining after the compiler's own adds 3 % after gzip. */
export const OPTIMISE = [
  ...["-Oz", "--skip-pass=inlining-optimizing", "--strip-debug", "--strip-producers"],
  ...["--mvp-features", ...FEATURES.map((feature) => `--enable-${feature}`)],
];

const optimise = (input, output) =>
  runNode("optimising the engine", nodeTool("binaryen/bin/wasm-opt"), [input, "-o", output, ...OPTIMISE]);

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
