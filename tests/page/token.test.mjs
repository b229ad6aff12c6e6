/** A token is forgotten when the user logs out, and when the page is closed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ownStage } from "./lib/own-stage.mjs";

const BODY = JSON.stringify({ variables: [{ name: "age", value: "42", scope: "user" }] });

/** What was asked for: sessions, and tokens. */
let asked = [];
const stage = ownStage(({ pathname }, _, send) => {
  const what = pathname.slice("/own/".length);
  asked.push(what);
  send(200, what === "token" ? JSON.stringify({ access_token: `t${asked.length}`, expires_in: 3_600 }) : BODY);
});

/** An empty page, and what went wrong in it. */
async function open(context) {
  asked = [];
  const page = await stage.browser.newPage();
  context.after(() => page.close());
  const wrong = [];
  page.on("pageerror", (error) => wrong.push(String(error)));
  await page.goto(`${stage.address}/tab`);
  return { page, wrong };
}

test("the element forgets its token in the worker when the host logs out", async (context) => {
  const { page } = await open(context);
  const kind = await page.evaluate(async () => {
    await import(`${location.origin}/define.js`);
    const view = document.createElement("cognigy-session-debugger");
    view.setAttribute("base-url", location.origin);
    view.setAttribute("path", "/own/{sessionId}");
    view.setAttribute("token-url", "/own/token");
    // There is none yet.
    await view.dropToken();
    document.body.append(view);
    await view.load("one");
    await view.load("two");
    await view.dropToken();
    await view.load("three");
    return (await view.ready).kind;
  });
  assert.equal(kind, "worker");
  assert.deepEqual(asked, ["token", "one", "two", "token", "three"]);
});

for (const tabs of [false, true]) {
  test(`a page that is closed forgets its token, one that is kept does not: ${tabs ? "with" : "without"} tabs`, async (context) => {
    const { page, wrong } = await open(context);
    await page.evaluate(async (tabs) => {
      const engine = await import(`${location.origin}/index.js`);
      await engine.default();
      const leave = (persisted) => dispatchEvent(new PageTransitionEvent("pagehide", { persisted }));
      const baseUrl = location.origin;
      const sessions = new engine.SessionDebugger({ baseUrl, path: "/own/{sessionId}", token: "/own/token", tabs });
      const read = async (sessionId) => (await sessions.snapshot({ sessionId })).free();
      await read("one");
      leave(true);
      await read("two");
      leave(false);
      await read("three");
      sessions.free();
      leave(false);
    }, tabs);
    assert.deepEqual(asked, ["token", "one", "two", "token", "three"]);
    assert.deepEqual(wrong, []);
  });
}
