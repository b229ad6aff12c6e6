/** What is hidden on the page stays hidden wherever one looks, and is shown for a while only. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { filter, row, stage } from "./lib/stage.mjs";

const { open } = stage();
const CANARY = "c4n4ry";
const BEARER = `Bearer ${CANARY}-${CANARY}-${CANARY}`;
const NESTED = { list: [{ note: BEARER, password: `${CANARY}${CANARY}` }], [BEARER]: 1 };
const body = (turn) => ({
  variables: [
    { name: "accessToken", value: `${CANARY}-${turn}`, scope: "user" },
    { name: "accessToken", value: `${CANARY}-bot`, scope: "bot" },
    { name: "nested", value: { ...NESTED, turn }, scope: "user" },
    { name: "text", value: JSON.stringify(NESTED), scope: "user" },
    { name: `${CANARY}@mail.example`, value: "1", scope: "user" },
    { name: "scoped", value: "x", scope: BEARER },
    { name: "credentials", value: { id: CANARY }, scope: "session" },
    { name: "note", value: "harmless", scope: "session" },
    { name: "password", value: CANARY },
  ],
});

/** Loads the session twice in an element whose worker's messages are noted. */
async function load(options = {}) {
  const opened = await open({ permissions: ["clipboard-read", "clipboard-write"], ...options });
  const { page, view } = opened;
  await page.evaluate(
    ({ bodies, attributes }) => {
      globalThis.heard = [];
      const element = document.createElement("cognigy-session-debugger");
      const { get } = Object.getOwnPropertyDescriptor(MessageEvent.prototype, "data");
      Object.defineProperty(MessageEvent.prototype, "data", {
        get() {
          const data = get.call(this);
          // What the page itself asks of the worker stands in no message to the page.
          globalThis.heard.push(
            JSON.stringify(data, (_, value) => (value instanceof MessagePort ? null : value)) ?? "",
          );
          return data;
        },
      });
      for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
      let turn = 0;
      element.source = () => JSON.stringify(bodies[Math.min(turn++, bodies.length - 1)]);
      globalThis.events = [];
      for (const type of ["ready", "snapshot", "select", "progress", "error", "view-state", "before-reveal"]) {
        element.addEventListener(type, (event) => globalThis.events.push(JSON.stringify(event.detail)));
      }
      document.querySelector("cognigy-session-debugger").replaceWith(element);
    },
    { bodies: [body(1), body(2)], attributes: { links: "selection", ...options.attributes } },
  );
  await view.evaluate((element) => element.load("sess_mask"));
  return opened;
}

/** All that the page holds: texts, attributes, the accessibility tree, messages of the worker, events, the link. */
async function everything({ page, view }) {
  const seen = await view.evaluate(async (element) => {
    const parts = [];
    const walk = (node) => {
      if (node.nodeType === Node.TEXT_NODE) parts.push(node.data);
      for (const { value } of node.attributes ?? []) parts.push(value);
      if ("value" in node) parts.push(String(node.value));
      node.shadowRoot?.childNodes.forEach(walk);
      node.childNodes.forEach(walk);
    };
    walk(document.documentElement);
    parts.push(...globalThis.heard, ...globalThis.events, await element.viewLink(), document.title);
    return parts.join("\n");
  });
  const cdp = await page.context().newCDPSession(page);
  const { nodes } = await cdp.send("Accessibility.getFullAXTree");
  return seen + JSON.stringify(nodes);
}

test("a secret in any field is in no text, attribute, accessible name, message, event, link, copy or file of the page", async () => {
  const opened = await load();
  const { page, view, close } = opened;
  await row(view, "accessToken").waitFor();
  await view.evaluate((element) => element.refresh());
  await page.keyboard.press("s");
  const rows = await view.getByRole("row").count();
  assert.ok(rows >= 9, String(rows));
  const sample = view.locator(".row .masked").first();
  assert.equal(await sample.locator(".rule").innerText(), "token");
  assert.match(await sample.innerText(), /^••••/);
  assert.equal(await row(view, "accessToken").first().locator(".cell.size").innerText(), "small");
  let all = "";
  for (let at = 1; at < rows; at += 1) {
    const line = view.getByRole("row").nth(at);
    await line.click();
    for (const tab of ["Value", "Raw", "Changes", "Why", "History"]) {
      await view.getByRole("tab", { name: tab }).click();
      await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
      all += await everything(opened);
    }
    for (const name of ["Copy value", "Copy path"]) {
      const button = view.getByRole("button", { name, exact: true });
      await button.click();
      await view.locator("button.copied, button.failed").first().waitFor();
      all += await page.evaluate(() => navigator.clipboard.readText());
    }
    // What can be opened in the table.
    await line.focus();
    await page.keyboard.press("ArrowRight");
  }
  await filter(view, CANARY);
  // Nothing is counted any more.
  await view
    .locator(".hits")
    .filter({ hasText: /^\s*\d+\b/ })
    .waitFor();
  assert.equal(
    await view
      .locator(".hits")
      .innerText()
      .then((text) => /^0\b/.test(text)),
    true,
  );
  await view.getByRole("searchbox").fill("");
  all += await everything(opened);
  // What the reader has typed is not told, and nor is what it looks for.
  const isTyped = (before) => /filter[\s\S]{0,34}$|"sought":\{"names":\["[^"]*(?:"\],"values":\[")?$/.test(before);
  const told = all.replaceAll(CANARY, (found, at) => (isTyped(all.slice(at - 60, at)) ? "" : found));
  const at = told.indexOf(CANARY);
  assert.equal(at, -1, told.slice(Math.max(0, at - 300), at + 60));
  assert.ok(all.includes("masked, token") && all.includes("harmless"));
  assert.ok((await page.evaluate(() => globalThis.heard.length)) > 100);
  await close();
});

test("a value is revealed in the details alone, spoken, and hidden by the window that is left, by time and by another read", async () => {
  const opened = await load();
  const { page, view, close } = opened;
  await page.clock.install();
  await row(view, "accessToken").click();
  const panel = view.getByRole("tabpanel");
  const reveal = view.locator("button[name=reveal]");
  const isShown = async () => (await panel.innerText()).includes(CANARY);
  const show = async () => {
    await reveal.click();
    await panel.getByText(`${CANARY}-1`).waitFor();
  };
  assert.equal(await isShown(), false);
  await show();
  assert.equal(
    await view
      .locator(".grid")
      .innerText()
      .then((text) => text.includes(CANARY)),
    false,
  );
  await view.locator("[role=status]").getByText("Shown for 30 s").waitFor({ state: "attached" });
  await view.getByRole("tab", { name: "Raw" }).click();
  assert.equal(await isShown(), true);
  await view.getByRole("button", { name: "Copy value", exact: true }).click();
  await page.waitForFunction(
    () => navigator.clipboard.readText().then((text) => text === "[masked:token]"),
    undefined,
    {
      polling: 50,
    },
  );
  await page.evaluate(() => window.dispatchEvent(new Event("blur")));
  await panel.getByText("[masked:token]").waitFor();
  await view.getByRole("tab", { name: "Value" }).click();
  await show();
  await page.clock.runFor(30_000);
  await panel.getByText("token", { exact: true }).waitFor();
  assert.equal(await isShown(), false);
  await show();
  const becomes = (state) =>
    page.evaluate((value) => {
      Object.defineProperty(document, "visibilityState", { value, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, state);
  await becomes("hidden");
  await panel.getByText("token", { exact: true }).waitFor();
  await becomes("visible");
  // The key, and another read.
  await row(view, "accessToken").click();
  await page.keyboard.press("m");
  await panel.getByText(`${CANARY}-1`).waitFor();
  await view.evaluate((element) => element.refresh());
  await panel.getByText("token", { exact: true }).waitFor();
  assert.equal(await isShown(), false);
  const part = row(view, "nested");
  await part.click();
  await view.getByRole("treeitem", { name: /list/ }).click();
  await view.getByRole("treeitem", { name: /^0/ }).click();
  await view.getByRole("treeitem", { name: /^password/ }).click();
  await reveal.click();
  await view
    .getByRole("treeitem", { name: /^password/ })
    .getByText(`${CANARY}${CANARY}`)
    .waitFor();
  assert.equal(await view.getByRole("treeitem", { name: /^note/ }).getByText(CANARY).count(), 0);
  await close();
});

test("the host forbids a reveal, asks for a reason, or prevents it; strict and off are what they say", async () => {
  const { page, view, close } = await load({ attributes: { reveal: "reason" } });
  const panel = view.getByRole("tabpanel");
  await row(view, "accessToken").click();
  const reveal = view.locator("button[name=reveal]");
  assert.equal(await reveal.isDisabled(), true);
  await view.evaluate((element) =>
    element.addEventListener("before-reveal", (event) => event.preventDefault(), { once: true }),
  );
  await view.locator("input[name=reveal-reason]").fill("ticket 7");
  await reveal.click();
  // The worker has recorded the refusal, and answered so.
  await page.waitForFunction(() => globalThis.heard.some((message) => message.includes("REVEAL_REFUSED")));
  // The reader is told, and so is the host.
  await view.getByRole("alert").getByText("This value stays hidden.").waitFor();
  assert.ok(await page.evaluate(() => globalThis.events.some((detail) => detail.includes('"REVEAL_REFUSED"'))));
  await view.getByRole("button", { name: "Dismiss" }).click();
  assert.equal(await view.locator(".masked").first().isVisible(), true);
  assert.equal((await panel.innerText()).includes(CANARY), false);
  await reveal.click();
  await panel.getByText(`${CANARY}-1`).waitFor();
  for (const [name, value] of [
    ["reveal", "off"],
    ["mask", "strict"],
  ]) {
    await view.evaluate((element, [name, value]) => element.setAttribute(name, value), [name, value]);
    await row(view, "accessToken").click();
    await view.locator(".reveal-bar").waitFor();
    assert.equal(await reveal.count(), 0);
    assert.equal((await panel.innerText()).includes(CANARY), false);
  }
  await view.evaluate((element) => {
    element.maskRules = { names: ["note"] };
  });
  await row(view, "note").locator(".masked").waitFor();
  await view.evaluate((element) => element.setAttribute("mask", "off"));
  await row(view, "accessToken").getByText(`${CANARY}-1`).waitFor();
  await close();
});
