/** The reads of a session that are kept: any of them shown, any two compared, and what changed marked. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { focused, row, stage } from "./lib/stage.mjs";

const { open } = stage();

const rows = (step) => [
  ...Array.from({ length: 300 }, (_, at) => ({
    name: `n${at}`,
    value: at % 100 === 50 ? `${at}-${step}` : "same",
    scope: "user",
  })),
  { name: "cart", value: { total: step, note: step > 1 ? "x" : "y" }, scope: "user" },
  ...(step === 2 ? [{ name: "once", value: step, scope: "bot" }] : []),
];

async function openReads(count, options = {}) {
  const opened = await open(options);
  const bodies = Array.from({ length: count }, (_, at) => JSON.stringify({ variables: rows(at + 1) }));
  await opened.view.evaluate(async (element, bodies) => {
    let at = 0;
    element.source = () => bodies[at++];
    await element.load("sess_moments");
    for (let read = 1; read < bodies.length; read += 1) await element.refresh();
  }, bodies);
  return opened;
}

const marked = (view) => view.locator("[role=row].changed, [role=row].added").count();

test("any read can be shown again, and any two compared", async () => {
  const { page, view, close } = await openReads(3);
  const [shown, compared] = [view.locator("select[name=moment]"), view.locator("select[name=compared]")];
  const texts = (await shown.locator("option").allInnerTexts()).map((text) => text.replace(/\s+/g, " "));
  assert.equal(texts.length, 3);
  assert.match(texts[0], /^#3 .+ ~4 −1$/);
  assert.match(texts[1], /^#2 .+ \+1 ~4$/);
  assert.match(texts[2], /^#1 [^+~−]+$/);
  await row(view, "n299").waitFor({ state: "detached" });
  await view.getByLabel("Changed first").check();
  await row(view, "cart").click();
  await view.getByRole("tab", { name: "Changes" }).click();
  const panel = view.getByRole("tabpanel");
  await panel.locator(".change").getByText("cart.total").waitFor();
  assert.equal(await panel.locator(".change").count(), 1);
  // The second read, compared with the first: the note changed then.
  await shown.selectOption({ index: 1 });
  await row(view, "once").getByText("new").waitFor();
  await panel.locator(".change").getByText("cart.note").waitFor();
  assert.equal(await row(view, "cart").getAttribute("aria-selected"), "true", "the selection stays");
  assert.equal(await marked(view), 5);
  // The third with the first.
  await view.locator(".scroller").focus();
  await page.keyboard.press("]");
  await row(view, "once").waitFor({ state: "detached" });
  await compared.selectOption({ label: (await compared.locator("option").last().innerText()).trim() });
  await panel.locator(".change").getByText("cart.note").waitFor();
  assert.equal(await panel.locator(".change").count(), 2);
  await compared.selectOption("");
  await panel.locator(".change").getByText("cart.note").waitFor({ state: "detached" });
  await panel.locator(".change").getByText("cart.total").waitFor();
  assert.equal(await panel.locator(".change").count(), 1);
  // A refresh shows the newest, compared with the one before it.
  await page.keyboard.press("[");
  await row(view, "once").waitFor();
  await close();
});

test("n and N go from change to change, and what is open stays open on the way", async () => {
  const { page, view, close } = await openReads(2);
  await row(view, "n0").first().click();
  const at = async (name) => {
    await page.waitForFunction((name) => {
      const active = document.querySelector("cognigy-session-debugger").shadowRoot.activeElement;
      return active?.role === "row" && active.querySelector("[role=rowheader]").textContent.includes(name);
    }, name);
    assert.equal((await focused(page)).role, "row");
  };
  await page.keyboard.press("n");
  await at("n50");
  await page.keyboard.press("n");
  await at("n150");
  await page.keyboard.press("N");
  await at("n50");
  await page.keyboard.press("N");
  await at("once");
  await page.keyboard.press("N");
  await at("cart");
  await page.keyboard.press("ArrowRight");
  await row(view, "total").waitFor();
  await page.keyboard.press("n");
  await at("once");
  await page.keyboard.press("n");
  await at("n50");
  await close();
});

test("what a history lets go of is said", { timeout: 120_000 }, async () => {
  const { view, close } = await openReads(53);
  await view.getByText("3 older ones were let go").waitFor();
  const shown = view.locator("select[name=moment]");
  assert.equal(await shown.locator("option").count(), 50);
  await shown.selectOption({ index: 49 });
  await row(view, "n0").first().waitFor();
  // The one before the oldest is gone, so nothing is compared.
  await view.locator(".change-mark").first().waitFor({ state: "detached" });
  assert.equal(await view.getByLabel("Changed first").count(), 0);
  await close();
});

test("at 320 px and for a session that is read once there is no bar in the way", async () => {
  const { view, close } = await openReads(1, { width: 320, height: 640 });
  await row(view, "n0").first().waitFor();
  assert.equal(await view.locator(".moments").count(), 0);
  await view.evaluate(
    async (element, body) => {
      element.source = () => body;
      await element.refresh();
    },
    JSON.stringify({ variables: rows(2) }),
  );
  await view.locator(".moments").waitFor();
  const wide = await view.locator(".layout").evaluate((box) => box.scrollWidth - box.clientWidth);
  assert.equal(wide, 0, "nothing overflows sideways");
  await close();
});

test("the history of a variable tells each change with its kind, when it came and went, masked, and leads back", async () => {
  const { view, close } = await open();
  const reads = [
    [{ name: "lang", value: "en", scope: "bot" }],
    [
      { name: "lang", value: "en", scope: "bot" },
      { name: "lang", value: 7, scope: "user" },
    ],
    [{ name: "lang", value: 7, scope: "user" }],
    [],
    [
      { name: "lang", value: 8, scope: "user" },
      { name: "apiKey", value: "canary-4711", scope: "user" },
    ],
  ].map((variables) => JSON.stringify({ variables: [...variables, { name: "other", value: 1, scope: "bot" }] }));
  await view.evaluate(async (element, bodies) => {
    let at = 0;
    element.source = () => bodies[at++];
    await element.load("sess_history");
    for (let read = 1; read < bodies.length; read += 1) await element.refresh();
  }, reads);
  await row(view, "lang").click();
  await view.getByRole("tab", { name: "History" }).click();
  const told = () =>
    view
      .locator(".past .change")
      .evaluateAll((lines) =>
        lines.map((line) => [
          line.querySelector("button").textContent.slice(0, 2),
          line.querySelector(":scope > .muted").textContent,
          line.querySelector(".change-texts > span")?.textContent.replace(/[\u2066-\u2069]/g, "") ?? "",
        ]),
      );
  await view.locator(".past").getByText("#1").waitFor();
  assert.deepEqual(await told(), [
    ["#5", "new", "8"],
    ["#4", "gone", ""],
    ["#2", "value, type, winner", "7"],
    ["#1", "new", "en"],
  ]);
  await view.getByRole("button", { name: /Show snapshot 2/ }).click();
  await row(view, "lang").locator(".cell.type").getByText("integer").waitFor();
  await view.locator(".past [aria-current]").getByText("#2").waitFor();
  await view.locator("select[name=moment]").selectOption({ index: 0 });
  await row(view, "apiKey").click();
  await view.locator(".past .change").first().getByText("[masked:api-key]").waitFor();
  assert.ok(!(await view.locator(".past").innerText()).includes("canary"));
  await close();
});

/** The rows that flash in the frame after a refresh, and what moves them. */
const flashing = (view) =>
  view.evaluate(async (element) => {
    await element.refresh();
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    return [...element.shadowRoot.querySelectorAll(".row.flash")].map((row) => ({
      name: row.querySelector(".name .ellipsis").textContent,
      animation: getComputedStyle(row).animationName,
    }));
  });

test("what changed flashes once after a refresh, and stands still for those who want no motion", async () => {
  for (const reducedMotion of ["no-preference", "reduce"]) {
    const { view, close } = await open({ reducedMotion });
    await view.evaluate(async (element) => {
      let at = 0;
      element.source = () => {
        at += 1;
        const names = ["same", "cart", ...(at > 1 ? ["once"] : [])];
        return { variables: names.map((name) => ({ name, value: name === "cart" ? at : 1, scope: "user" })) };
      };
      await element.load("sess_flash");
    });
    assert.equal(await view.locator(".row.flash").count(), 0, "nothing changed with the first read");
    const animation = reducedMotion === "reduce" ? "none" : "flash";
    assert.deepEqual(await flashing(view), [
      { name: "cart", animation },
      { name: "once", animation },
    ]);
    await view.locator(".row.flash").first().waitFor({ state: "detached" });
    assert.equal(await row(view, "cart").locator(".change-mark").count(), 1, "the mark stays");
    await view.locator(".status").getByText("+1 ~1").waitFor();
    await close();
  }
});

test("what is gone stays as a ghost until the next refresh, by the same filter, masked", async () => {
  const { page, view, close } = await open();
  await view.evaluate(async (element) => {
    let at = 0;
    const gone = ["apiKey", "cart", "coupon"].map((name) => ({ name, value: "canary-4711", scope: "bot" }));
    element.source = () => {
      at += 1;
      return { variables: [{ name: "here", value: at, scope: "user" }, ...(at > 1 ? [] : gone)] };
    };
    await element.load("sess_ghosts");
    element.viewState = { pins: [{ name: "coupon" }] };
    await element.refresh();
  });
  const rows = view.locator("[role=treegrid] .rows [role=row]");
  const names = async (...wanted) => {
    await page.waitForFunction(
      ([element, count]) => element.shadowRoot.querySelector("[role=treegrid]").ariaRowCount === String(count + 1),
      [await view.elementHandle(), wanted.length],
    );
    assert.deepEqual(await rows.locator(".name .ellipsis").allInnerTexts(), wanted);
  };
  await names("coupon", "here", "apiKey", "cart");
  await row(view, "cart").getByText("canary-4711").waitFor();
  assert.equal(await row(view, "apiKey").getByText("canary").count(), 0, "a secret that is gone is one still");
  await row(view, "cart").locator(".change-mark").getByText("gone").waitFor();
  await row(view, "here").click();
  await page.keyboard.press("End");
  await view.locator(".detail").getByText("This snapshot does not have the variable.").waitFor();
  assert.match((await focused(page)).text, /cart/);
  const box = view.getByRole("searchbox");
  await box.fill("removed:yes");
  await names("coupon", "apiKey", "cart");
  await box.fill("added:yes");
  await names("coupon");
  await box.fill("value:canary");
  await names("coupon", "cart");
  await box.fill("");
  await names("coupon", "here", "apiKey", "cart");
  await view.getByRole("button", { name: "Refresh" }).click();
  await names("coupon", "here");
  await close();
});

test("where most of it changed nothing flashes; how much it was is said", async () => {
  const { view, close } = await open();
  await view.evaluate(async (element) => {
    let at = 0;
    element.source = () => {
      at += 1;
      return { variables: Array.from({ length: 60 }, (_, n) => ({ name: `n${n}`, value: at, scope: "user" })) };
    };
    await element.load("sess_all_new");
  });
  assert.deepEqual(await flashing(view), []);
  await view.locator(".status").getByText("~60").waitFor();
  await view.getByRole("status").getByText("60 variables loaded, 60 changed").waitFor();
  await close();
});

test("the host names turns, masked in list and history, and says how many reads are kept", async () => {
  const { view, close } = await open();
  const labelled = await view.evaluate(async (element) => {
    let at = 0;
    element.setAttribute("max-history", "3 16MB");
    element.source = () => ({ variables: [{ name: "n", value: ++at, scope: "user" }] });
    const early = await element.labelTurn("nothing is read yet");
    await element.load("sess_turns");
    for (let read = 0; read < 4; read += 1) await element.refresh();
    return [early, await element.labelTurn("max@example.com")];
  });
  assert.deepEqual(labelled, [false, true]);
  await view.getByText("2 older ones were let go").waitFor();
  const texts = await view.locator("select[name=moment] option").allInnerTexts();
  assert.equal(texts.length, 3);
  assert.match(texts[0], /^#5 .+masked:email/s);
  assert.ok(texts.every((text) => !text.includes("max@example.com")));
  await row(view, "n").click();
  await view.getByRole("tab", { name: "History" }).click();
  await view.locator(".past").getByText("[masked:email]").waitFor();
  assert.equal(await view.evaluate((element) => element.labelTurn()), true);
  await view.locator("select[name=moment]").getByText("masked").first().waitFor({ state: "detached" });
  await close();
});
