/** R17 in Chromium: memory over a day, and of one large body. Each in a page of its own. */
import { test } from "node:test";
import { BODY_BYTES, checkPeak, checkPolling, READS } from "../support/polling.mjs";
import { ownStage } from "./lib/own-stage.mjs";

const stage = ownStage((_, __, send) => send(404));

async function inItsOwnPage(name, argument) {
  const page = await stage.browser.newPage();
  await page.goto(`${stage.address}/tab`);
  const result = await page.evaluate(
    async ({ name, argument }) => {
      // The engine is loaded when the clocks are another's, and its files by the page's own `fetch`.
      const wasm = await (await fetch("/cognigy_session_debugger_bg.wasm")).arrayBuffer();
      const load = async () => {
        const engine = await import(`${location.origin}/index.js`);
        await engine.default(wasm);
        return engine;
      };
      return (await import(`${location.origin}/in-page/polling.js`))[name](load, argument);
    },
    { name, argument },
  );
  await page.close();
  return result;
}

test("R17: memory does not grow while sessions are polled", { timeout: 3_600_000 }, async () =>
  checkPolling("Chromium", await inItsOwnPage("poll", READS)),
);

test("R17: a body of 8 MiB", async () => checkPeak("Chromium", await inItsOwnPage("peak", BODY_BYTES)));
