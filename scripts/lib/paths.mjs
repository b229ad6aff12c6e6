/** Where things are, from the root of the project. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
export const dist = join(root, "dist");
/** What cargo builds; `CARGO_TARGET_DIR` moves it. */
export const cargoTarget = resolve(root, process.env.CARGO_TARGET_DIR ?? "target");
/** What the scripts keep between runs. */
export const work = join(root, "target");
export const tools = join(work, "tools");
export const wasmFile = "cognigy_session_debugger_bg.wasm";
/** The engine for platforms without SIMD. */
export const fallbackWasmFile = "cognigy_session_debugger_no_simd_bg.wasm";
export const exe = process.platform === "win32" ? ".exe" : "";
export const sandboxBinary = join(cargoTarget, "debug", `sandbox${exe}`);

/** A file of a development dependency, to be run with Node: works on every platform and needs no shell. */
export const nodeTool = (path) => join(root, "node_modules", path);

export const readJson = (path) => JSON.parse(readFileSync(join(root, path), "utf8"));

/** The version of a package in Cargo.lock. */
export function lockedVersion(name) {
  const lock = readFileSync(join(root, "Cargo.lock"), "utf8").replaceAll("\r\n", "\n");
  return lock.match(new RegExp(`\\[\\[package\\]\\]\\nname = "${name}"\\nversion = "([^"]+)"`))?.[1];
}

export function hashFiles(paths) {
  const hash = createHash("sha256");
  for (const path of paths) hash.update(`${path}\0`).update(readFileSync(path));
  return hash.digest("hex");
}

/** Runs a step unless its inputs are those of the last run and its outputs exist. Says whether it ran. */
export async function unlessFresh(name, inputs, outputs, step) {
  const stamp = join(work, "stamps", name);
  if (outputs.every(existsSync) && existsSync(stamp) && readFileSync(stamp, "utf8") === inputs) return false;
  await step();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, inputs);
  return true;
}
