/** An origin and a browser for the tests of one file. */
import { after, before } from "node:test";
import { chromium } from "playwright-core";
import { findChrome } from "../../../scripts/lib/chrome.mjs";
import { startOrigin } from "./own-origin.mjs";
import { BROWSER_ARGS } from "./stage.mjs";

/**
 * Starts both before the tests and stops them after; until then the stage is empty.
 *
 * @param {import("./own-origin.mjs").Answer} answer What the origin answers for the test.
 */
export function ownStage(answer) {
  /** @type {{ address: string, browser: import("playwright-core").Browser }} */
  const stage = /** @type {any} */ ({});
  let origin;
  before(async () => {
    origin = await startOrigin(answer);
    stage.address = origin.address;
    stage.browser = await chromium.launch({ executablePath: findChrome(), args: BROWSER_ARGS });
  });
  after(async () => {
    await stage.browser?.close();
    origin.stop();
  });
  return stage;
}
