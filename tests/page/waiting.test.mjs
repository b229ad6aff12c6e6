/** What a reader is told while a request waits for the rate limit. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ownStage } from "./lib/own-stage.mjs";

const BODY = JSON.stringify({ variables: [{ name: "age", value: "42", scope: "user" }] });
const stage = ownStage((_, __, send) => send(200, BODY));

test("a wait for the rate limit counts down at the bottom, is spoken once, and moves nothing", async (context) => {
  const page = await stage.browser.newPage();
  context.after(() => page.close());
  await page.goto(`${stage.address}/tab`);
  await page.evaluate(async () => {
    await import(`${location.origin}/define.js`);
    const view = document.createElement("cognigy-session-debugger");
    view.options = {
      baseUrl: location.origin,
      path: "/own/{sessionId}",
      rateLimit: { requests: 1, windowMs: 6_000 },
      tabs: false,
    };
    document.body.append(view);
    await view.load("one");
    const spoken = [];
    const region = view.shadowRoot.querySelector("[role=status].spoken");
    new MutationObserver(() => spoken.push(region.textContent)).observe(region, {
      childList: true,
      subtree: true,
      characterData: true,
    });
    Object.assign(globalThis, { spoken, second: view.load("two") });
  });
  const view = page.locator("cognigy-session-debugger");
  const [status, phase] = [view.locator("footer.status"), view.locator("footer .phase.limited")];
  await phase.waitFor();
  const told = [];
  for (const end = performance.now() + 2_500; performance.now() < end; await page.waitForTimeout(200)) {
    const [text, box] = [await phase.textContent(), await status.boundingBox()];
    told.push([text, box?.y, box?.height].join("|"));
  }
  const texts = new Set(told.map((line) => line.split("|")[0]));
  assert.ok(texts.size >= 3, [...texts].join(", "));
  for (const text of texts) assert.match(text, /^Own request budget used up\. Next request in 0:0[1-6]$/);
  assert.equal(new Set(told.map((line) => line.slice(line.indexOf("|")))).size, 1, told.join("\n"));
  const spoken = await page.evaluate(async () => {
    await globalThis.second;
    return globalThis.spoken;
  });
  assert.equal(new Set(spoken.filter((text) => text.includes("Next request"))).size, 1, spoken.join("\n"));
});
