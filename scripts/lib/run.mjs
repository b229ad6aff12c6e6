/** Runs programs and says what is going on. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { root } from "./paths.mjs";

const HEARTBEAT_MS = 10_000;
const QUIET_MS = 1_000;

export const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/**
 * Runs a program to its end and returns what it wrote. Prints the label, a heartbeat while it takes long, and the
 * program's own words only where it fails.
 */
export function run(label, command, args, options = {}) {
  const since = performance.now();
  const env = { ...process.env, ...options.env };
  const child = spawn(command, args, { cwd: root, shell: false, ...options, env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  const keep = (chunk) => {
    output += chunk;
    if (options.show) process.stdout.write(chunk);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  if (options.show) console.log(`\n— ${label}`);
  const announce = options.show ? undefined : setTimeout(() => console.log(`${label} …`), QUIET_MS);
  const heartbeat = setInterval(() => {
    const last = options.show
      ? ""
      : ` ${
          output
            .trimEnd()
            .split(/[\r\n]/)
            .at(-1)
            ?.trim()
            .slice(0, 100) ?? ""
        }`;
    console.log(`  … ${label}: ${seconds(since)}${last}`);
  }, HEARTBEAT_MS);

  return new Promise((resolve, reject) => {
    child.on("error", (error) => finish(error.message));
    child.on("close", (code, signal) => finish(code === 0 ? undefined : `ended with ${signal ?? code}`));
    function finish(problem) {
      clearTimeout(announce);
      clearInterval(heartbeat);
      if (problem === undefined) {
        if (!options.show && performance.now() - since > QUIET_MS) console.log(`${label}: ${seconds(since)}`);
        return resolve(output);
      }
      if (!options.show) process.stderr.write(output);
      reject(Object.assign(new Error(`${label}: ${command} ${problem}`), { output }));
    }
  });
}

/** Runs a JavaScript program with this Node. */
export const runNode = (label, script, args = [], options = {}) =>
  run(label, process.execPath, [script, ...args], options);

/** What a program prints, or `undefined` where it is missing or fails. */
export function ask(command, args) {
  const { status, stdout } = spawnSync(command, args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 });
  return status === 0 ? stdout.trim() : undefined;
}

/** Runs `main` where the module is the program, and not where it is imported; a failure is one line, not a stack. */
export function program(meta, main) {
  const started = process.argv[1];
  if (!started || !existsSync(started) || pathToFileURL(realpathSync(started)).href !== meta.url) return;
  main(process.argv.slice(2)).catch((error) => {
    console.error(`\n${error.message}`);
    process.exitCode = 1;
  });
}
