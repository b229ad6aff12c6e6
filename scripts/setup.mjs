/** Brings what building needs, and with `--tests` what testing needs. Does nothing where all is there. */
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { findChrome, findChromedriver } from "./lib/chrome.mjs";
import { exe, hashFiles, lockedVersion, root, tools, unlessFresh } from "./lib/paths.mjs";
import { ask, program, run } from "./lib/run.mjs";

const TARGET = "wasm32-unknown-unknown";
const RUST = [1, 88];

export async function setup({ tests = false } = {}) {
  checkNode();
  checkRust();
  await Promise.all([addWasmTarget(), installPackages()]);
  if (!tests) return;
  await Promise.all([installBrowser(), installTestRunner()]);
}

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new Error(`Node ${process.versions.node} is too old: 20.19 or later is needed (https://nodejs.org).`);
  }
}

function checkRust() {
  const version = ask("cargo", ["--version"])?.match(/(\d+)\.(\d+)/);
  if (!version) throw new Error("Rust is missing: install it from https://rustup.rs, then run this again.");
  const [major, minor] = [Number(version[1]), Number(version[2])];
  if (major === RUST[0] && minor < RUST[1]) {
    throw new Error(`Rust ${major}.${minor} is too old: run "rustup update" to get ${RUST.join(".")} or later.`);
  }
}

async function addWasmTarget() {
  const libraries = ask("rustc", ["--print", "target-libdir", "--target", TARGET]);
  if (libraries && existsSync(libraries)) return;
  if (!ask("rustup", ["--version"]))
    throw new Error(`Rust's ${TARGET} target is missing, and rustup is not here to add it.`);
  await run(`adding Rust's ${TARGET} target`, "rustup", ["target", "add", TARGET]);
}

/** npm names its own program in the environment; through it no shell is needed on any platform. */
async function installPackages() {
  const npm = process.env.npm_execpath?.endsWith("js") ? process.env.npm_execpath : undefined;
  const lock = hashFiles([join(root, "package-lock.json")]);
  await unlessFresh("npm-ci", lock, [join(root, "node_modules/.package-lock.json")], async () => {
    const args = ["ci", "--no-audit", "--no-fund"];
    if (npm) await run("installing npm packages", process.execPath, [npm, ...args]);
    else await run("installing npm packages", "npm", args, { shell: process.platform === "win32" });
  });
}

async function installBrowser() {
  if (findChrome() && findChromedriver()) return;
  const named = ["CHROME_PATH", "CHROMEDRIVER"].find((name) => process.env[name] && !existsSync(process.env[name]));
  if (named) throw new Error(`${named} names a file that does not exist.`);
  if (process.getuid?.() !== 0 || !ask("apt-get", ["--version"])) {
    throw new Error(
      "The tests need Chrome or Chromium and the chromedriver of the same version. Install both " +
        "(Debian, Ubuntu: chromium chromium-driver), or name them by CHROME_PATH and CHROMEDRIVER.",
    );
  }
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await run("updating package lists", "apt-get", ["update"], { env });
  const packages = ["chromium", "chromium-driver"];
  await run("installing Chromium", "apt-get", ["install", "-y", "--no-install-recommends", ...packages], { env });
  if (!findChrome() || !findChromedriver()) throw new Error("Chromium was installed but is not on the PATH.");
}

/** The test runner must be of exactly the engine's version. Built without optimisation: twice as quick to build. */
async function installTestRunner() {
  const version = lockedVersion("wasm-bindgen");
  if (!version) throw new Error("Cargo.lock does not name wasm-bindgen.");
  const installed = ask(join(tools, "bin", `wasm-bindgen-test-runner${exe}`), ["--version"]);
  if (installed?.split(" ").at(-1) === version) return;
  const args = ["install", "wasm-bindgen-cli", "--version", version, "--locked", "--debug", "--force", "--root", tools];
  // Its own target directory: a build that was stopped goes on where it was.
  const folder = join(tools, "build");
  await run(`building wasm-bindgen-test-runner ${version}, once`, "cargo", args, { env: { CARGO_TARGET_DIR: folder } });
  rmSync(folder, { recursive: true, force: true });
}

program(import.meta, async (args) => {
  await setup({ tests: args.includes("--tests") });
  console.log("Everything needed is there.");
});
