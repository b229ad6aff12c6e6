/** A sandbox, a browser and pages that note everything that must not happen. */
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { chromium } from "playwright-core";
import { findChrome } from "../../../scripts/lib/chrome.mjs";
import { startSandbox } from "../../../scripts/lib/sandbox.mjs";

export const BROWSER_ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts both before the tests of a file and ends them after; `args` are the browser's, beside the usual ones. */
export function stage({ args = [] } = {}) {
  const state = {};
  before(async () => {
    state.sandbox = await startSandbox();
    state.browser = await chromium.launch({ executablePath: findChrome(), args: [...BROWSER_ARGS, ...args] });
  });
  after(async () => {
    await state.browser?.close();
    await state.sandbox?.stop();
  });

  /** Opens the page; `check()` fails on any console error, page error or policy violation so far. */
  async function open({ path = "/", width = 1280, height = 800, ...options } = {}) {
    await send("/sandbox/reset");
    const context = await state.browser.newContext({ viewport: { width, height }, ...options });
    const page = await context.newPage();
    const wrong = [];
    const expected = [];
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) wrong.push(`${message.text()} ${message.location().url}`);
    });
    page.on("pageerror", (error) => wrong.push(String(error)));
    await page.exposeBinding("noteViolation", (_, text) => wrong.push(`violation ${text}`));
    await page.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) =>
        globalThis.noteViolation(`${event.effectiveDirective} ${event.blockedURI}`),
      );
    });
    await page.goto(state.sandbox.address + path);
    const check = () =>
      assert.deepEqual(
        wrong.filter((text) => !expected.some((pattern) => pattern.test(text))),
        [],
      );
    const close = async () => {
      check();
      await context.close();
    };
    return { page, view: page.locator("cognigy-session-debugger").first(), wrong, expected, check, close };
  }

  async function send(path, body) {
    const response = await fetch(state.sandbox.address + path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    assert.ok(response.ok, `${path}: ${response.status} ${await response.text()}`);
  }

  const requests = async () => (await (await fetch(`${state.sandbox.address}/sandbox/log`)).json()).requests;
  return { open, send, requests, state };
}

/** What a browser itself writes to the console about an answer that a test has ordered. */
export const failedRequest = /Failed to load resource: the server responded with a status of/;

/** The row of a variable. */
export const row = (view, name) =>
  view.getByRole("row").filter({ has: view.page().getByRole("rowheader", { name, exact: false }) });

/** Filters by a text and waits for the count that says so. */
export async function filter(view, text) {
  await view.getByRole("searchbox").fill(text);
  await view.locator(".hits").waitFor();
}

/** The element that has the focus, inside shadow roots as well. */
export const focused = (page) =>
  page.evaluate(() => {
    let active = document.activeElement;
    while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
    const { tagName, name = "", className = "" } = active ?? {};
    const owner = active?.closest?.("[role=row]");
    return {
      tag: tagName,
      name,
      className,
      role: active?.getAttribute("role") ?? "",
      text: active?.textContent?.slice(0, 80) ?? "",
      row: owner ? Number(owner.getAttribute("aria-rowindex")) : undefined,
    };
  });
