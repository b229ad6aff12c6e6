/** Starts the sandbox on a free port and says its address. */
import { spawn } from "node:child_process";
import { dist, sandboxBinary } from "./paths.mjs";

const READY_MS = 10_000;

/**
 * @param {string[]} args More arguments of the sandbox.
 * @returns {Promise<{ address: string, stop: () => Promise<void> }>}
 */
export async function startSandbox(args = []) {
  const child = spawn(sandboxBinary, ["--page", dist, "--port", "0", ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise((resolve) => child.once("close", resolve));
  let output = "";
  const address = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => fail("did not say its address"), READY_MS);
    const fail = (problem) => {
      child.kill();
      reject(new Error(`The sandbox ${problem}. It wrote:\n${output}`));
    };
    const read = (chunk) => {
      output += chunk;
      const found = output.match(/https?:\/\/[\w.[\]:-]+/);
      if (!found || !output.includes("\n")) return;
      clearTimeout(timer);
      resolve(found[0]);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("error", (error) => fail(`did not start: ${error.message}`));
    child.once("close", (code) => fail(`ended with ${code}`));
  });
  const stop = async () => {
    child.kill();
    await ended;
  };
  return { address, stop };
}
