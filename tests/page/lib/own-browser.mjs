/** A browser of our own: it can be killed like a process that crashes, and its pages may be hidden, as those of playwright may not. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { findChrome } from "../../../scripts/lib/chrome.mjs";
import { BROWSER_ARGS } from "./stage.mjs";

const START_MS = 30_000;

export class OwnBrowser {
  #profile = mkdtempSync(join(tmpdir(), "own-browser-"));
  /** @type {import("node:child_process").ChildProcess | undefined} */
  #process;

  /** Opens one page. Its process leads a group, so that nothing of it outlives a kill. */
  start(url, ...more) {
    const args = [...BROWSER_ARGS, "--headless=new", "--hide-crash-restore-bubble", `--user-data-dir=${this.#profile}`];
    this.#process = spawn(String(findChrome()), [...args, ...more, url], { stdio: "ignore", detached: true });
  }

  /** Starts it with playwright as an onlooker, which changes nothing. */
  async connect(...more) {
    this.start("about:blank", "--remote-debugging-port=0", ...more);
    const file = join(this.#profile, "DevToolsActivePort");
    for (const since = performance.now(); !existsSync(file) || !readFileSync(file, "utf8").includes("\n"); ) {
      if (performance.now() - since > START_MS) throw new Error("The browser does not start.");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const [port] = readFileSync(file, "utf8").split("\n");
    const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`, { noDefaults: true });
    return browser.contexts()[0];
  }

  /** `SIGKILL`: nothing is saved, nobody is told. */
  async kill() {
    const child = this.#process;
    if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    process.kill(-child.pid, "SIGKILL");
    await ended;
  }

  async remove() {
    await this.kill();
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}
