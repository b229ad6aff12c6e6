/** Why a value won: the ladder, what makes it less certain, another order, and namespaces side by side. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { focused, row, stage } from "./lib/stage.mjs";

const { open } = stage();

const turn = (order) => [
  ...order.map((scope) => ({ name: "lang", value: scope === "user" ? "7" : 7, scope })),
  { name: "lang", value: "x", scope: "odd" },
  { name: "Lang", value: "y", scope: "bot" },
  { name: "apiKey", value: "canary-4711", scope: "user" },
  { name: "apiKey", value: "canary-4712", scope: "bot" },
];

async function openWhy(bodies, name, options = {}, settings = {}) {
  const opened = await open({ permissions: ["clipboard-read", "clipboard-write"], ...options });
  await opened.view.evaluate(
    async (element, [bodies, settings]) => {
      let at = 0;
      element.options = settings;
      element.source = () => JSON.stringify(bodies[Math.min(at++, bodies.length - 1)]);
      await element.load("sess_why");
    },
    [bodies, settings],
  );
  await row(opened.view, name).first().click();
  await opened.view.getByRole("tab", { name: "Why" }).click();
  return { ...opened, panel: opened.view.getByRole("tabpanel") };
}

const ladder = (panel) =>
  panel.locator(".step").evaluateAll((steps) =>
    steps.map((step) => {
      const text = (part) =>
        step
          .querySelector(part)
          ?.textContent.replace(/[\u2066-\u2069]/g, "")
          .trim();
      return [text(".badge bdi") ?? text(".badge"), text(".status-word")];
    }),
  );

test("each scope has one status, and warnings stand beside the sentence", async () => {
  const { view, panel, close } = await openWhy(
    [{ variables: turn(["bot", "session"]) }, { variables: turn(["bot", "session", "user"]) }],
    "lang",
  );
  await view.getByRole("button", { name: "Refresh" }).click();
  await panel.getByText(/^user \(rank 3\) wins over/).waitFor();
  assert.deepEqual(await ladder(panel), [
    ["user", "wins"],
    ["session", "overridden by user"],
    ["bot", "overridden by user"],
    ["global", "not set"],
    ["odd", "unknown scope, ranked last"],
  ]);
  const sentence = await panel.locator(".sentence").innerText();
  const warnings = await panel.locator(".warnings li").allInnerTexts();
  assert.equal(warnings.length, 2, warnings.join("\n"));
  assert.ok(
    warnings.some((warning) => /Lang/.test(warning)),
    "the name that looks alike is told",
  );
  for (const warning of warnings) assert.ok(!sentence.includes(warning.split("\n")[1].slice(0, 40)), sentence);
  await panel.getByText("page 1, item 3").waitFor();
  await close();
});

test("another order is tried by keys, says so, and goes back", async () => {
  const { page, view, panel, close } = await openWhy([{ variables: turn(["bot", "session", "user"]) }], "lang");
  await panel.getByText("What if the order were another?").click();
  await panel.getByRole("button", { name: "Lower user" }).focus();
  await page.keyboard.press("Enter");
  await panel.getByText(/^Under the other rule: session \(rank \d\) wins over/).waitFor();
  assert.equal((await ladder(panel))[0].join(), "session,wins");
  assert.equal((await focused(page)).name, "down-1", "the focus stays with the scope that was moved");
  await page.keyboard.press("Enter");
  await panel.getByText(/^Under the other rule: session/).waitFor();
  await page.waitForFunction(
    () => document.querySelector("cognigy-session-debugger").shadowRoot.activeElement?.name === "down-2",
  );
  // The table still shows what the snapshot's own rule says.
  assert.match(await row(view, "lang").first().innerText(), /user/);
  await panel.getByRole("button", { name: "Back to the rule" }).click();
  await panel.getByText(/^user \(rank 3\) wins over/).waitFor();
  assert.equal((await ladder(panel))[0].join(), "user,wins");
  await close();
});

test("the explanation is copied with its statuses and without values", async () => {
  const { page, panel, close } = await openWhy([{ variables: turn(["user"]) }], "apiKey");
  await panel.getByRole("button", { name: "Copy explanation" }).click();
  await panel.getByRole("button", { name: "Copied" }).waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(copied, /^apiKey: user \(rank 3\) wins over bot \(rank 1\)\./);
  assert.match(copied, /\n- user \(3\): wins\n- session \(2\): not set\n- bot \(1\): overridden by user\n/);
  assert.ok(!copied.includes("canary"), copied);
  await close();
});

test("side by side nothing wins, and each namespace has the words that read it", async () => {
  const bundle = { context: { order: { id: 1 } }, profile: { order: { id: 2 } }, input: { other: 2 } };
  const { panel, close } = await openWhy([bundle], "order");
  await panel.getByText(/have the name with different values\. Scopes stand side by side; nothing wins\./).waitFor();
  assert.deepEqual(
    (await panel.locator(".step code").allInnerTexts()).map((text) => text.replace(/[\u2066-\u2069]/g, "")),
    ["context.order", "profile.order"],
  );
  assert.deepEqual((await ladder(panel)).slice(0, 3), [
    ["input", "not set"],
    ["context", "shown"],
    ["profile", "shown"],
  ]);
  await close();
});
