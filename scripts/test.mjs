/**
 * Runs all tests, or the parts named: lint, native, fuzz, wasm, package, page. Ends with the totals.
 */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "./build.mjs";
import { findChrome, findChromedriver } from "./lib/chrome.mjs";
import { nodeTool, readJson, root, sandboxBinary, work } from "./lib/paths.mjs";
import { program, run, seconds } from "./lib/run.mjs";
import { setup } from "./setup.mjs";

const WASM = ["--target", "wasm32-unknown-unknown"];
const ENGINE = ["--package", "cognigy-session-debugger"];
const WITHOUT_SIMD = "-Ctarget-feature=-simd128";
const STRICT = ["--", "-D", "warnings"];

const cargo = (...args) => ["cargo", args];
const node = (script, ...args) => [process.execPath, [script, ...args]];
const typeCheck = (project) => node(nodeTool("typescript/bin/tsc"), "--project", project);

/** What each lint runs. Every one counts as a test. */
const LINTS = {
  "Rust format": cargo("fmt", "--all", "--check"),
  "Rust lints, native": cargo("clippy", "--workspace", "--all-targets", ...STRICT),
  "Rust lints, WebAssembly": cargo("clippy", ...ENGINE, "--all-targets", ...WASM, ...STRICT),
  "Rust documentation": cargo("doc", "--workspace", "--no-deps", "--document-private-items"),
  layering: node("scripts/check-layering.mjs"),
  "JavaScript format and lints": node(
    nodeTool("@biomejs/biome/bin/biome"),
    "ci",
    "--colors=off",
    "--error-on-warnings",
  ),
  "types of the page": typeCheck("tsconfig.json"),
  "types of the scripts": typeCheck("scripts/tsconfig.json"),
  "examples in the documentation": node("scripts/check-docs.mjs"),
};

/** Each part returns what its programs wrote, for the totals. */
const PARTS = {
  async lint() {
    const failed = [];
    for (const [name, [command, args]] of Object.entries(LINTS)) {
      await run(name, command, args, { env: { RUSTDOCFLAGS: "-D warnings" } }).catch((error) =>
        failed.push(error.message),
      );
    }
    for (const message of failed) console.error(message);
    return { passed: Object.keys(LINTS).length - failed.length, failed: failed.length };
  },
  native: () => counted(run("native tests", "cargo", ["test", "--workspace"], { show: true })),
  /** Ten million bodies, the same ones every time: under two minutes of processor time, optimised for speed, unlike what is shipped. */
  fuzz: () =>
    counted(
      run("fuzz", "cargo", ["test", ...ENGINE, "--release", "--test", "fuzz", "--", "--nocapture"], {
        show: true,
        env: { FUZZ_INPUTS: process.env.FUZZ_INPUTS ?? "10000000", CARGO_PROFILE_RELEASE_OPT_LEVEL: "3" },
      }),
    ),
  async wasm() {
    const names = readdirSync(join(root, "tests")).flatMap((file) => file.match(/^(wasm_\w+)\.rs$/)?.[1] ?? []);
    const args = ["test", ...ENGINE, ...WASM, ...names.flatMap((name) => ["--test", name])];
    const shipped = () =>
      run("WebAssembly tests in Node and Chromium", "cargo", args, { show: true, env: browserEnvironment() });
    // What is not shipped but works the same, for platforms without vectors.
    const portable = () =>
      run("WebAssembly tests without SIMD", "cargo", ["test", ...ENGINE, ...WASM, "--test", "wasm_node"], {
        show: true,
        env: { RUSTFLAGS: WITHOUT_SIMD, ENGINE_WITHOUT_SIMD: "1" },
      });
    const results = [await counted(shipped()), await counted(portable())];
    const sum = (key) => results.reduce((total, result) => total + result[key], 0);
    return { passed: sum("passed"), failed: sum("failed") };
  },
  async package() {
    await build({ server: true, fallback: true });
    return counted(nodeTests("package"));
  },
  async page() {
    await build({ server: true, fallback: true });
    // Much of it waits: for a second of a limit, for a browser that starts.
    return counted(nodeTests("page", "--test-concurrency=2"));
  },
};

/** What makes a test run for many minutes, where somebody asks for it. */
const LONG = ["MEMORY_READS", "OUTBOX_KILLS"];
/** A file of tests that hangs fails after so many ms. The longest takes two minutes. */
const FILE_MS = LONG.some((name) => process.env[name]) ? 3_600_000 : 900_000;

function nodeTests(folder, ...options) {
  const files = readdirSync(join(root, "tests", folder)).filter((name) => name.endsWith(".test.mjs"));
  const args = [
    "--test",
    "--test-reporter=spec",
    `--test-timeout=${FILE_MS}`,
    ...options,
    ...files.map((name) => join("tests", folder, name)),
  ];
  const env = { CHROME_PATH: findChrome(), SANDBOX_BINARY: sandboxBinary };
  return run(`tests/${folder}`, process.execPath, args, { show: true, env });
}

/** chromedriver reads its browser and arguments from a file; the browser's place differs between machines. */
function browserEnvironment() {
  const file = join(work, "webdriver.json");
  const settings = readJson("webdriver.json");
  settings["goog:chromeOptions"].binary = findChrome();
  mkdirSync(work, { recursive: true });
  writeFileSync(file, JSON.stringify(settings));
  return { CHROMEDRIVER: findChromedriver(), WASM_BINDGEN_TEST_WEBDRIVER_JSON: file };
}

/** Adds up the result lines of Rust's and Node's test runners. A failure that counts no test still counts as one. */
async function counted(running) {
  /** @type {Error | undefined} */
  let failure;
  const output = await running.catch((error) => {
    failure = error;
    return error.output;
  });
  const sum = (pattern) => [...output.matchAll(pattern)].reduce((total, match) => total + Number(match[1]), 0);
  const passed = sum(/test result: \w+\. (\d+) passed/g) + sum(/^ℹ pass (\d+)/gm);
  const failed = sum(/passed; (\d+) failed/g) + sum(/^ℹ fail (\d+)/gm);
  if (failure) console.error(failure.message);
  if (!failure && passed === 0) console.error("No test ran.");
  return { passed, failed: Math.max(failed, failure || passed === 0 ? 1 : 0) };
}

program(import.meta, async (args) => {
  const unknown = args.filter((name) => !(name in PARTS));
  if (unknown.length > 0)
    throw new Error(`Unknown part ${unknown.join(", ")}; parts are ${Object.keys(PARTS).join(", ")}.`);
  const names = args.length > 0 ? args : Object.keys(PARTS);
  await setup({ tests: names.some((name) => name === "wasm" || name === "page") });

  const total = { passed: 0, failed: 0 };
  const lines = [];
  for (const name of names) {
    const since = performance.now();
    const result = await PARTS[name]().catch((error) => {
      console.error(error.message);
      return { passed: 0, failed: 1 };
    });
    lines.push(`${name}: ${result.passed} passed, ${result.failed} failed (${seconds(since)})`);
    total.passed += result.passed;
    total.failed += result.failed;
  }
  console.log(`\n${lines.join("\n")}\n${total.passed} passed, ${total.failed} failed`);
  if (total.failed > 0) process.exitCode = 1;
});
