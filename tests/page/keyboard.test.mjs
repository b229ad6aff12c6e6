/** Everything without a mouse. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { focused, row, stage } from "./lib/stage.mjs";

const { open } = stage();
const SHOP = "/?session=sess_shop_4711";

test("a walk from the session field to a value's part and back", async () => {
  const { page, view, close } = await open();
  await page.locator("body").press("Tab");
  for (let tries = 0; tries < 12 && (await focused(page)).name !== "session"; tries += 1)
    await page.keyboard.press("Tab");
  await page.keyboard.type("sess_shop_4711");
  await page.keyboard.press("Enter");
  await row(view, "tenant_name").waitFor();
  for (let tries = 0; tries < 12 && (await focused(page)).role !== "row"; tries += 1) await page.keyboard.press("Tab");
  assert.equal((await focused(page)).row, 2, "one Tab stop, on the first row");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  assert.equal((await focused(page)).row, 4);
  await page.keyboard.press("ArrowRight");
  assert.equal((await focused(page)).role, "rowheader");
  await page.keyboard.press("ArrowRight");
  assert.equal((await focused(page)).role, "gridcell");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  assert.equal((await focused(page)).role, "row");
  await page.keyboard.press("/");
  assert.equal((await focused(page)).name, "filter");
  await page.keyboard.type("support_hours");
  await view.locator(".shown").filter({ hasText: /^1 of/ }).waitFor();
  await page.keyboard.press("Tab");
  for (let tries = 0; tries < 12 && (await focused(page)).role !== "row"; tries += 1) await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await view.getByRole("tree").waitFor();
  for (let tries = 0; tries < 6 && (await focused(page)).role !== "treeitem"; tries += 1)
    await page.keyboard.press("Tab");
  await page.keyboard.press("ArrowRight");
  await view.locator("[role=treeitem][aria-level='2']").first().waitFor();
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction(
    () => document.querySelector("cognigy-session-debugger").shadowRoot.activeElement?.ariaLevel === "2",
  );
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Escape");
  await page.waitForFunction(
    () => document.querySelector("cognigy-session-debugger").shadowRoot.activeElement?.role === "row",
  );
  await close();
});

test("the table has one Tab stop, wherever the keyboard stands in it", async () => {
  const { page, view, close } = await open({ path: SHOP });
  await view.getByRole("row").nth(4).click();
  for (const key of ["ArrowDown", "ArrowRight", "End", "PageDown", "Home", "ArrowUp", "ArrowUp"]) {
    await page.keyboard.press(key);
    await page.waitForTimeout(30);
    assert.equal(await view.locator("[role=treegrid] [tabindex='0']").count(), 1, key);
  }
  await close();
});

test("headers sort from the keyboard", async () => {
  const { page, view, close } = await open({ path: SHOP });
  await view.getByRole("row").nth(1).click();
  await page.keyboard.press("ArrowUp");
  assert.equal((await focused(page)).role, "columnheader");
  await page.keyboard.press("Enter");
  await view.locator("[role=columnheader][aria-sort=ascending]").waitFor();
  assert.equal((await focused(page)).role, "columnheader");
  await close();
});

test("the focus follows its variable through sorting, filtering and refreshing", async () => {
  const { page, view, close } = await open({ path: SHOP });
  await row(view, "vat_rate_reduced").click();
  assert.match((await focused(page)).text, /vat_rate_reduced/);
  await page.keyboard.press("s");
  await page.keyboard.press("r");
  await view.locator(".status").getByText(/taken/).waitFor();
  await page.waitForTimeout(300);
  assert.match((await focused(page)).text, /vat_rate_reduced/);
  await view.evaluate((element) => {
    element.viewState = { sort: "-name" };
  });
  await page.waitForFunction(
    () =>
      Number(
        document.querySelector("cognigy-session-debugger").shadowRoot.activeElement?.getAttribute("aria-rowindex"),
      ) !== 6,
  );
  assert.match((await focused(page)).text, /vat_rate_reduced/);
  await close();
});

test("an empty result leaves the focus on the header, not on the page", async () => {
  const { page, view, close } = await open({ path: SHOP });
  await row(view, "tenant_name").click();
  await view.evaluate((element) => {
    element.viewState = { filter: "nothing has this text" };
  });
  await view.getByText("No match for").waitFor();
  await page.waitForTimeout(100);
  assert.equal((await focused(page)).role, "columnheader");
  await close();
});

test("? lists the keys, Escape closes the list and gives the focus back", async () => {
  const { page, view, close } = await open({ path: SHOP });
  await view.getByRole("row").nth(2).click();
  await page.keyboard.press("?");
  await view.getByRole("dialog").getByText("Next or previous row").waitFor();
  await page.keyboard.press("Escape");
  await view.getByRole("dialog").waitFor({ state: "hidden" });
  assert.equal((await focused(page)).role, "row");
  await close();
});

test("F6 goes round the regions", async () => {
  const { page, view, close } = await open({ path: SHOP });
  await view.getByRole("row").nth(2).click();
  const seen = [];
  for (let step = 0; step < 4; step += 1) {
    await page.keyboard.press("F6");
    const { tag, role, name } = await focused(page);
    seen.push(role || name || tag);
  }
  assert.equal(new Set(seen).size, 4, seen.join());
  assert.equal(seen[3], "row");
  await close();
});

test("the accessibility tree has rows, row headers, cells and sort states", async () => {
  const { view, close } = await open({ path: SHOP });
  await row(view, "tenant_name").waitFor();
  const first = view.locator("[role=row][aria-rowindex='2']");
  assert.equal(await first.getByRole("rowheader").count(), 1);
  assert.equal(await first.getByRole("gridcell").count(), 4);
  assert.equal(await first.getAttribute("aria-level"), "1");
  assert.equal(await first.getAttribute("aria-expanded"), null, "a row without children is no collapsed parent");
  assert.equal(await view.locator("[role=row][aria-rowindex='9']").getAttribute("aria-posinset"), "8");
  await close();
});

test("from the filter, ↓ goes to the first row; Escape clears it, then goes back to the table", async () => {
  const { page, view, close } = await open({ path: SHOP });
  await row(view, "tenant_name").waitFor();
  await view.getByRole("searchbox").fill("phone");
  await view.locator(".hits").waitFor();
  await page.keyboard.press("ArrowDown");
  await page.waitForFunction(
    () => document.querySelector("cognigy-session-debugger").shadowRoot.activeElement?.role === "row",
  );
  assert.equal((await focused(page)).row, 2);
  await page.keyboard.press("/");
  await page.keyboard.press("Escape");
  assert.equal(await view.getByRole("searchbox").inputValue(), "");
  assert.equal((await focused(page)).name, "filter");
  await page.keyboard.press("Escape");
  assert.equal((await focused(page)).role, "row");
  await close();
});

test("a name that is cut in its middle is announced whole, once", async () => {
  const { view, close } = await open({ path: SHOP });
  await row(view, "tenant_name").waitFor();
  await view.evaluate((element) => {
    element.source = () => '{"variables":[{"name":"a_name_of_more_than_twenty_letters","value":"1","scope":"user"}]}';
    return element.load("pushed");
  });
  await view.getByRole("rowheader", { name: "a_name_of_more_than_twenty_letters", exact: true }).waitFor();
  await close();
});
