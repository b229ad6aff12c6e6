/** Watchpoints: added from what the details show, counted, told to the host without values, and taken away. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { row, stage } from "./lib/stage.mjs";

const { open } = stage();

const body = (total, lang) => ({
  variables: [
    { name: "cart", value: { total, secret: "canary-4711" }, scope: "user" },
    { name: "lang", value: lang, scope: "bot" },
  ],
});

async function openReads(bodies, options = {}) {
  const opened = await open(options);
  await opened.view.evaluate(
    async (element, bodies) => {
      let at = 0;
      globalThis.told = [];
      document.addEventListener("watch-hit", (event) => globalThis.told.push(event.detail));
      element.source = () => bodies[Math.min(at++, bodies.length - 1)];
      await element.load("sess_watch");
    },
    bodies.map((body) => JSON.stringify(body)),
  );
  const { view } = opened;
  const watch = async (condition, operand) => {
    if (!(await view.locator("select[name=condition]").isVisible())) await view.locator(".watch-menu").click();
    await view.locator("select[name=condition]").selectOption(condition);
    if (operand !== undefined) await view.locator("input[name=operand]").fill(operand);
    await view.locator("button[name=watch]").click();
  };
  return { ...opened, watch, refresh: () => view.evaluate((element) => element.refresh().then(() => undefined)) };
}

test("a part of a value is watched from its row on, hits are counted and told without values", async () => {
  const { page, view, watch, refresh, close } = await openReads([
    body(90, "en"),
    body(110, "en"),
    body(95, "de"),
    body(95, "de"),
  ]);
  await row(view, "cart").locator(".twisty").click();
  await row(view, "total").click();
  await view.locator(".part-bar").getByText("cart.total").waitFor();
  await watch("crosses", "100");
  await row(view, "lang").click();
  await watch("equals", "de");
  await view.getByText("2 watched, 0 met").waitFor();
  await refresh();
  await view.getByText("2 watched, 1 met").waitFor();
  await refresh();
  await view.getByText("2 watched, 3 met").waitFor();
  await refresh();
  const told = await page.evaluate(() => globalThis.told);
  assert.deepEqual(
    told.map(({ watchpoint, hits }) => [watchpoint, hits]),
    [
      [{ name: "cart", path: ["total"], when: { crosses: 100 } }, 1],
      [{ name: "cart", path: ["total"], when: { crosses: 100 } }, 2],
      [{ name: "lang", path: [], when: { equals: "de" } }, 1],
    ],
  );
  assert.ok(told.every(({ takenAt }) => takenAt > 1.7e12));
  await view.locator(".watches-menu").click();
  const lines = await view.locator(".watches li").allInnerTexts();
  assert.match(lines[0].replace(/\s+/g, " "), /cart\.total.* crosses 100 met 2 times · /);
  assert.match(lines[1].replace(/\s+/g, " "), /lang.* equals de met once · /);
  await view.getByRole("button", { name: "Stop watching cart" }).click();
  await view.getByText("1 watched, 1 met").waitFor();
  // An older snapshot is looked at by the reader and not by the watchpoints.
  await view.locator("select[name=moment]").selectOption({ index: 2 });
  await row(view, "lang").locator(".cell.value").getByText("en").waitFor();
  assert.equal((await page.evaluate(() => globalThis.told)).length, 3);
  await close();
});

test("a hidden value cannot be asked for by watching, its changes can", async () => {
  const { view, watch, refresh, close } = await openReads([body(1, "en"), body(2, "en")]);
  await row(view, "cart").click();
  await watch("contains", "canary");
  await view.getByRole("alert").getByText("This cannot be watched for.").waitFor();
  await watch("changes");
  await view.getByText("1 watched, 0 met").waitFor();
  await refresh();
  await view.getByText("1 watched, 1 met").waitFor();
  await close();
});

test("what can never be met is refused in words, by keys alone, at 320 px too", async () => {
  const { page, view, watch, close } = await openReads([body(1, "en")], { width: 320, height: 640 });
  await row(view, "lang").click();
  await watch("crosses", "many");
  await view.getByRole("alert").getByText("This cannot be watched for.").waitFor();
  assert.equal(await view.locator(".watches-menu").count(), 0);
  const box = await view.locator(".watch-form").boundingBox();
  assert.ok(box.x >= 0 && box.x + box.width <= 320, JSON.stringify(box));
  await view.locator("input[name=operand]").fill("0");
  await page.keyboard.press("Enter");
  await view.getByRole("alert").waitFor({ state: "detached" });
  await page.keyboard.press("Escape");
  await view.locator(".watch-form").waitFor({ state: "hidden" });
  await close();
});

test("what is watched is part of the view state: restored before the first read, counted on, and in no link", async () => {
  const { view, refresh, close } = await openReads([body(90, "en"), body(110, "en"), body(95, "de")]);
  const wanted = [
    { name: "cart", path: ["total"], when: { crosses: 100 } },
    { name: "lang", path: [], when: { equals: "canary-4711" } },
  ];
  const junk = [null, 7, {}, { name: "lang" }, { name: "lang", when: "sometimes" }];
  await view.evaluate(
    (element, state) => {
      element.viewState = state;
    },
    { watchpoints: [...wanted, ...junk] },
  );
  await view.getByText("2 watched, 0 met").waitFor();
  const state = () => view.evaluate((element) => JSON.parse(JSON.stringify(element.viewState)).watchpoints);
  assert.deepEqual(await state(), wanted);
  await refresh();
  await view.getByText("2 watched, 1 met").waitFor();
  // What is there already goes on counting.
  await view.evaluate(
    (element, state) => {
      element.viewState = state;
    },
    { watchpoints: [wanted[0], { name: "lang", when: "changes" }] },
  );
  await view.getByText("2 watched, 1 met").waitFor();
  await refresh();
  await view.getByText("2 watched, 3 met").waitFor();
  const link = await view.evaluate((element) => element.viewLink());
  assert.ok(!link.includes("cart") && !link.includes("canary"), link);
  // Another engine has them as well.
  await view.evaluate((element) => element.destroy());
  assert.equal((await state()).length, 2);
  await view.evaluate((element) => element.load("sess_watch").then(() => undefined));
  await view.getByText("2 watched, 0 met").waitFor();
  await close();
});

test("a whole number beyond what JSON holds is watched, and left out of the view state", async () => {
  const { view, watch, close } = await openReads([body(90, "en")]);
  await row(view, "lang").click();
  await watch("equals", "9007199254740993");
  await view.getByText("1 watched, 0 met").waitFor();
  assert.deepEqual(await view.evaluate((element) => element.viewState.watchpoints), []);
  await close();
});
