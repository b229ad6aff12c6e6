/** The main job: a person gives a session id and sees its variables. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { filter, row, stage } from "./lib/stage.mjs";

const { open, requests } = stage();
const load = async (view, id) => {
  await view.getByRole("textbox", { name: "Session" }).fill(id);
  await view.getByRole("button", { name: "Load" }).click();
  await view.getByRole("row").nth(3).waitFor();
};

test("the three sessions load one after the other", async () => {
  const { page, view, close } = await open();
  for (const id of ["sess_shop_4711", "sess_claim_2093", "sess_travel_88"]) {
    await load(view, id);
    await page.waitForURL((url) => url.searchParams.get("session") === id);
    await view
      .locator(".status")
      .getByText(/\d+ variables/)
      .waitFor();
    const text = await view.locator(".status").innerText();
    assert.ok(Number(text.match(/(\d+) variables/)[1]) >= 60, text);
  }
  await close();
});

test("a link to a session loads it", async () => {
  const { view, close } = await open({ path: "/?session=sess_shop_4711" });
  await row(view, "tenant_name").waitFor();
  await close();
});

test("a conflict shows its winner, what it hides, and why", async () => {
  const { view, close } = await open({ path: "/?session=sess_shop_4711" });
  await filter(view, "language");
  const winner = row(view, "language");
  assert.match(await winner.innerText(), /en-GB/);
  assert.match(await winner.innerText(), /Overrides 3 values/);
  await winner.click();
  await view.getByRole("tab", { name: "Why" }).click();
  const steps = view.locator(".step");
  assert.match(await view.locator(".sentence").innerText(), /user.*session/);
  assert.match(await steps.nth(0).innerText(), /user[\s\S]*wins[\s\S]*en-GB/);
  assert.match(await steps.nth(1).innerText(), /session[\s\S]*overridden[\s\S]*"en"/);
  assert.match(await steps.nth(3).innerText(), /global[\s\S]*overridden[\s\S]*de-DE/);
  await view.getByRole("checkbox", { name: "Overridden" }).check();
  await view.locator(".row.hidden").nth(2).waitFor();
  assert.equal(await row(view, "language").count(), 4);
  await close();
});

test("phone numbers and leading zeros are shown as the texts that they are", async () => {
  const { view, close } = await open({ path: "/?session=sess_shop_4711" });
  await filter(view, "voucher_code");
  assert.match(await row(view, "voucher_code").innerText(), /"007"\s*leading zero[\s\S]*string/);
  await filter(view, "courier_phone");
  assert.match(await row(view, "courier_phone").innerText(), /"\+4915112345678"[\s\S]*plus sign[\s\S]*string/);
  await row(view, "courier_phone").click();
  await view.locator(".detail .hint").filter({ hasText: "4915112345678" }).waitFor();
  await close();
});

test("a reading that changed a text shows both", async () => {
  const { view, close } = await open({ path: "/?session=sess_shop_4711" });
  await filter(view, "max_cart_items");
  assert.match(await row(view, "max_cart_items").innerText(), /"50"\s*→[\s\S]*50\s+#\s*integer/);
  await close();
});

test("the filter counts, empties with a reason, and clears", async () => {
  const { view, close } = await open({ path: "/?session=sess_shop_4711" });
  await row(view, "tenant_name").waitFor();
  await filter(view, "phone");
  const count = await view.locator(".shown").innerText();
  const [, shown, all] = count.match(/(\d+) of (\d+)/);
  assert.ok(Number(shown) >= 3 && Number(shown) < Number(all), count);
  await filter(view, "no such thing <b>");
  await view.getByText("No match for “no such thing <b>”").waitFor();
  await view.getByRole("button", { name: "Clear filter" }).last().click();
  await row(view, "tenant_name").waitFor();
  assert.equal(await view.getByRole("searchbox").inputValue(), "");
  await close();
});

test("the value tree opens, and raw text and path can be copied", async () => {
  const { page, view, close } = await open({
    path: "/?session=sess_shop_4711",
    permissions: ["clipboard-read", "clipboard-write"],
  });
  await filter(view, "support_hours");
  await row(view, "support_hours").click();
  const branch = view.getByRole("treeitem", { name: /mon-fri/ });
  await branch.waitFor();
  assert.equal(await branch.getAttribute("aria-expanded"), "false");
  await branch.locator(".twisty").click();
  await view.getByRole("treeitem", { name: /08:00/ }).and(view.locator("[aria-level='2']")).click();
  await view.getByRole("button", { name: "Copy path" }).click();
  await view.getByRole("button", { name: "Copied" }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), 'support_hours["mon-fri"][0]');
  await view.getByRole("button", { name: "Whole value" }).click();
  await view.getByRole("tab", { name: "Raw" }).click();
  const raw = '{"mon-fri":["08:00","20:00"],"sat":["09:00","14:00"],"sun":[]}';
  assert.equal(await view.locator(".raw-text").innerText(), raw);
  await view.getByRole("button", { name: "Copy value" }).click();
  await page.waitForFunction((text) => navigator.clipboard.readText().then((found) => found === text), raw);
  await close();
});

test("scope and system variables are asked of the tenant as soon as they are chosen", async () => {
  const { view, close } = await open({ path: "/?session=sess_shop_4711" });
  await row(view, "tenant_name").waitFor();
  await view.getByRole("combobox", { name: "Scope" }).selectOption("user");
  await row(view, "tenant_name").waitFor({ state: "detached" });
  const user = Number((await view.locator(".status").innerText()).match(/(\d+) variables/)[1]);
  await view.getByRole("checkbox", { name: "System variables" }).check();
  await view.locator(".flag").getByText("sys").first().waitFor();
  const system = (await view.locator(".status").innerText()).match(/(\d+) of them system/)[1];
  assert.equal(await view.locator(".row .flag").getByText("sys").count(), Number(system));
  assert.ok(Number((await view.locator(".status").innerText()).match(/(\d+) variables/)[1]) > user);
  const scopes = await view.locator(".row .badge").allInnerTexts();
  assert.ok(scopes.length > 5 && scopes.every((scope) => /^(user|US)\s*3$/.test(scope)), scopes.join());
  const last = (await requests()).at(-1);
  assert.deepEqual(last.queryKeys, ["scope", "includeSystem"]);
  await close();
});

test("columns sort, and say so", async () => {
  const { view, close } = await open({ path: "/?session=sess_shop_4711" });
  await row(view, "tenant_name").waitFor();
  const header = view.getByRole("columnheader", { name: "Name" });
  await header.click();
  await view.locator("[role=columnheader].name[aria-sort=ascending]").waitFor();
  const firstNames = () =>
    view.getByRole("rowheader").evaluateAll((cells) => cells.slice(0, 5).map((cell) => cell.innerText));
  await view.page().waitForTimeout(100);
  const ascending = await firstNames();
  assert.deepEqual(
    ascending,
    [...ascending].sort((a, b) => a.localeCompare(b, "en")),
  );
  await header.click();
  await view.locator("[role=columnheader].name[aria-sort=descending]").waitFor();
  await view.page().waitForTimeout(100);
  assert.notDeepEqual(await firstNames(), ascending);
  await close();
});

test("damaged items are rows of their own among the good ones", async () => {
  const { view, close } = await open({ path: "/?session=sess_damaged_1" });
  await row(view, "before").waitFor();
  const broken = view.locator(".row.broken");
  assert.ok((await broken.count()) >= 10);
  await broken.first().click();
  await view.locator(".problem-box").getByText("$.variables[1]").waitFor();
  await view
    .locator(".status")
    .getByText(/unreadable/)
    .waitFor();
  await filter(view, "good variable at the end");
  await row(view, "after").waitFor();
  await close();
});

const pushed = (view, rows) =>
  view.evaluate((element, variables) => {
    element.source = () => JSON.stringify({ variables });
    return element.load("pushed");
  }, rows);

test("Raw tells a text from JSON", async () => {
  const { view, close } = await open();
  const values = {
    text_null: "null",
    json_null: null,
    text_0: "0",
    json_0: 0,
    text_json: '{"a":"b"}',
    json: { a: "b" },
  };
  await pushed(
    view,
    Object.entries(values).map(([name, value]) => ({ name, value, scope: "user" })),
  );
  const shown = {};
  for (const [name, value] of Object.entries(values)) {
    await view.locator(".row .name").getByText(name, { exact: true }).click();
    await view.getByRole("tab", { name: "Raw" }).click();
    await view.locator(".detail h2").getByText(name, { exact: true }).waitFor();
    const raw = view.locator(".raw-text");
    const text = typeof value === "string" ? value : JSON.stringify(value);
    await raw.getByText(text, { exact: true }).waitFor();
    const quote = await raw.evaluate((node) => getComputedStyle(node, "::after").content);
    shown[name] = [await view.locator(".raw-kind").innerText(), quote !== "none"];
  }
  assert.deepEqual(shown, {
    text_null: ["Came as a text of 4 characters", true],
    json_null: ["Came as JSON, 4 characters", false],
    text_0: ["Came as a text of 1 character", true],
    json_0: ["Came as JSON, 1 character", false],
    text_json: ["Came as a text of 9 characters", true],
    json: ["Came as JSON, 9 characters", false],
  });
  await view.getByRole("tab", { name: "Value" }).click();
  await view.getByRole("treeitem").click();
  await view.getByRole("tab", { name: "Raw" }).click();
  await view.locator(".raw-kind").getByText("Came as a text of 1 character").waitFor();
  await close();
});

test("'Copied' is said of the value that was copied, not of the next one", async () => {
  const { view, close } = await open({
    path: "/?session=sess_shop_4711",
    permissions: ["clipboard-read", "clipboard-write"],
  });
  await row(view, "currency").click();
  await view.getByRole("button", { name: "Copy value" }).click();
  await view.getByRole("button", { name: "Copied" }).waitFor();
  await row(view, "tenant_name").click();
  await view.locator(".detail h2").getByText("tenant_name").waitFor();
  assert.equal(await view.getByRole("button", { name: "Copied" }).count(), 0);
  await close();
});

test("one click on a part opens it, the next one closes it", async () => {
  const { view, close } = await open({ path: "/?session=sess_shop_4711" });
  await filter(view, "support_hours");
  await row(view, "support_hours").click();
  const branch = view.getByRole("treeitem", { name: /mon-fri/ });
  await branch.locator(".key").click();
  await view.locator("[role=treeitem][aria-level='2']").first().waitFor();
  await branch.locator(".key").click();
  await view.locator("[role=treeitem][aria-level='2']").first().waitFor({ state: "detached" });
  await close();
});

test("the words are explained: in titles, in Why, and in the list of signs", async () => {
  const { view, close } = await open({ path: "/?session=sess_shop_4711" });
  await filter(view, "language");
  await row(view, "language")
    .getByRole("img", { name: /scope user, rank 3/ })
    .waitFor();
  await row(view, "language").click();
  await view.getByRole("tab", { name: "Why" }).click();
  await view.locator(".origin").filter({ hasText: "global < bot < session < user" }).waitFor();
  await view.getByRole("button", { name: "Help" }).click();
  await view.getByRole("dialog").getByText("global < bot < session < user; the higher wins").waitFor();
  await close();
});

test("the page lists its sample sessions with whole sentences", async () => {
  for (const width of [1280, 400]) {
    const { page, close } = await open({ width });
    const links = page.getByRole("link");
    await links.filter({ hasText: "sess_shop_4711" }).waitFor();
    assert.match(
      await links.filter({ hasText: "sess_shop_4711" }).innerText(),
      /A shop: a customer at the checkout.*type\./s,
    );
    const cut = await links.evaluateAll((all) => all.filter((link) => link.scrollWidth > link.clientWidth).length);
    assert.equal(cut, 0);
    await links.filter({ hasText: "sess_claim_2093" }).click();
    await page
      .locator("#sentence")
      .getByText(/An insurance claim/)
      .waitFor();
    await close();
  }
});
