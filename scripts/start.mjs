/** Sets up, builds, and serves the page with a sandbox tenant. `--port 8787` fixes the port; ctrl-C ends all. */
import { spawn } from "node:child_process";
import { build } from "./build.mjs";
import { dist, root, sandboxBinary } from "./lib/paths.mjs";
import { program, seconds } from "./lib/run.mjs";
import { setup } from "./setup.mjs";

program(import.meta, async (args) => {
  const since = performance.now();
  await setup();
  await build({ server: true });
  console.log(`Ready to start after ${seconds(since)}. Stop with ctrl-C.\n`);
  const sandbox = spawn(sandboxBinary, ["--page", dist, ...args], { cwd: root, stdio: "inherit" });
  // A terminal sends ctrl-C to the sandbox as well; other senders reach this process only.
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]))
    process.on(signal, () => sandbox.kill(signal));
  const code = await new Promise((resolve, reject) => {
    sandbox.on("error", reject);
    sandbox.on("exit", (exitCode, signal) => resolve(signal ? 0 : exitCode));
  });
  if (code !== 0) throw new Error(`The sandbox ended with ${code}.`);
});
