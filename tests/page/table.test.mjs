/** The table as a tree: values that open in place, groups, pins, what changed, and the way from hit to hit. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { focused, row, stage } from "./lib/stage.mjs";

const { open } = stage();

const CART = {
  items: [
    { id: 1, title: "needle and thread" },
    { id: 2, tags: ["hay", "needle"] },
  ],
  total: 3,
};
const FIRST = [
  { name: "cart", value: CART, scope: "user" },
  { name: "lang_user", value: "en", scope: "session" },
  { name: "lang_default", value: "de", scope: "bot" },
  { name: "coupon", value: "X-1", scope: "user" },
  { name: "lang_default", value: "fr", scope: "global" },
];
const SECOND = [
  { name: "order", value: "needle", scope: "session" },
  FIRST[2],
  { name: "lang_user", value: "ar", scope: "session" },
  { name: "cart", value: { ...CART, note: "new" }, scope: "user" },
  FIRST[4],
];

/** Opens the page with turns of a session, and reads the first. */
async function openTurns(options = {}, turns = [FIRST, SECOND]) {
  const opened = await open(options);
  await opened.view.evaluate(async (element, bodies) => {
    let at = 0;
    element.source = () => JSON.stringify({ variables: bodies[Math.min(at++, bodies.length - 1)] });
    await element.load("sess_table");
  }, turns);
  await row(opened.view, turns[0][0].name).first().waitFor();
  return opened;
}

/** Each row as a person reads it: indentation, open or closed, name, value. */
async function told(view) {
  return view.locator("[role=treegrid] .rows [role=row]").evaluateAll((rows) =>
    rows
      .sort((one, other) => one.getAttribute("aria-rowindex") - other.getAttribute("aria-rowindex"))
      .map((row) => {
        const sign = { true: "-", false: "+" }[row.getAttribute("aria-expanded")] ?? "";
        const clean = (text) =>
          text
            .replace(/[\u2066-\u2069]/g, "")
            .replace(/\s+/g, " ")
            .trim();
        const name = row.querySelector("[role=rowheader] .ellipsis, [role=rowheader] .split, [role=rowheader] .muted");
        return `${" ".repeat(row.getAttribute("aria-level") - 1)}${sign}${clean(name?.textContent ?? "")}`;
      }),
  );
}

async function shows(view, expected) {
  const until = Date.now() + 20_000;
  while (Date.now() < until && JSON.stringify(await told(view)) !== JSON.stringify(expected)) await pause(25);
  assert.deepEqual(await told(view), expected);
}
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until the row with the keyboard has this name. */
async function keyboardOn(page, name) {
  await page.waitForFunction((wanted) => {
    const active = document.querySelector("cognigy-session-debugger").shadowRoot.activeElement;
    const name = active?.querySelector("[role=rowheader] .ellipsis, [role=rowheader] .split, [role=rowheader] .muted");
    return active?.role === "row" && name?.textContent.replace(/[\u2066-\u2069]/g, "") === wanted;
  }, name);
}

test("values open in place by keys, close again, and lead back to what they are in", async () => {
  const { page, view, close } = await openTurns();
  await row(view, "cart").click();
  await page.keyboard.press("ArrowRight");
  await shows(view, ["-cart", " +items", " total", "lang_user", "lang_default", "coupon"]);
  const items = row(view, "items");
  assert.deepEqual(
    await Promise.all(
      ["aria-level", "aria-posinset", "aria-setsize", "aria-expanded"].map((name) => items.getAttribute(name)),
    ),
    ["2", "1", "2", "false"],
  );
  assert.equal(await row(view, "total").getAttribute("aria-expanded"), null, "a leaf is no collapsed parent");
  assert.equal(await view.getByRole("treegrid").getAttribute("aria-rowcount"), "7");
  await page.keyboard.press("ArrowDown");
  await keyboardOn(page, "items");
  await page.keyboard.press("ArrowRight");
  await shows(view, ["-cart", " -items", "  +0", "  +1", " total", "lang_user", "lang_default", "coupon"]);
  await page.keyboard.press("ArrowDown");
  await keyboardOn(page, "0");
  await page.keyboard.press("*");
  await shows(view, [
    "-cart",
    " -items",
    "  -0",
    "   id",
    "   title",
    "  -1",
    "   id",
    "   +tags",
    " total",
    "lang_user",
    "lang_default",
    "coupon",
  ]);
  await page.keyboard.press("ArrowDown");
  await keyboardOn(page, "id");
  // The details show the part that has the keyboard.
  await view.locator(".part-bar").getByText("cart.items[0].id").waitFor();
  await page.keyboard.press("ArrowLeft");
  await keyboardOn(page, "0");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await keyboardOn(page, "items");
  await page.keyboard.press("ArrowLeft");
  await shows(view, ["-cart", " +items", " total", "lang_user", "lang_default", "coupon"]);
  // On a row without children → leads into the cells, as before.
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowRight");
  assert.equal((await focused(page)).role, "rowheader");
  await close();
});

test("what is open, pinned and under the keyboard survives a refresh, and changes are marked", async () => {
  const { page, view, close } = await openTurns();
  await row(view, "coupon").click();
  await page.keyboard.press("w");
  await shows(view, ["coupon", "+cart", "lang_user", "lang_default"]);
  await keyboardOn(page, "coupon");
  await row(view, "cart").locator(".twisty").click();
  await row(view, "items").locator(".twisty").click();
  await row(view, "1").first().click();
  const before = ["coupon", "-cart", " -items", "  +0", "  +1", " total", "lang_user", "lang_default"];
  await shows(view, before);
  assert.equal(await view.locator(".change-mark").count(), 0);
  await page.keyboard.press("r");
  const cart = ["-cart", " -items", "  +0", "  +1", " total", " note"];
  await shows(view, ["coupon", "order", "lang_default", "lang_user", ...cart]);
  await keyboardOn(page, "1");
  await row(view, "coupon").getByText("not set").waitFor();
  const marks = view.locator("[role=row]:has(.change-mark)");
  assert.deepEqual(
    await marks
      .locator(".name .spoken:not(.pin *)")
      .allInnerTexts()
      .then((texts) => texts.filter((text) => /^(new|changed)$/.test(text)).sort()),
    ["changed", "changed", "new"],
  );
  await view.getByLabel("Changed first").check();
  await shows(view, ["coupon", "lang_user", ...cart, "order", "lang_default"]);
  // The pin stays although its variable is gone; a press on its sign takes it away, and leaves what is gone at the end.
  await row(view, "coupon").locator(".pin").click();
  await shows(view, ["lang_user", ...cart, "order", "lang_default", "coupon"]);
  await close();
});

test("rows are grouped by scope and by prefix, and groups fold", async () => {
  const { page, view, close } = await openTurns();
  await view.getByLabel("Group").selectOption("scope");
  await shows(view, ["-user", " +cart", " coupon", "-session", " lang_user", "-bot", " lang_default"]);
  await view.getByLabel("Overridden").check();
  await shows(view, [
    "-user",
    " +cart",
    " coupon",
    "-session",
    " lang_user",
    "-bot",
    " lang_default",
    "-global",
    " lang_default",
  ]);
  await view.getByLabel("Group").selectOption("prefix");
  await shows(view, ["-lang", " lang_user", " lang_default", " lang_default", "-no prefix", " +cart", " coupon"]);
  const header = view.getByRole("row").filter({ hasText: "no prefix" });
  assert.deepEqual([await header.getAttribute("aria-posinset"), await header.getAttribute("aria-setsize")], ["2", "2"]);
  await header.click();
  await shows(view, ["-lang", " lang_user", " lang_default", " lang_default", "+no prefix"]);
  await page.keyboard.press("Home");
  await keyboardOn(page, "lang");
  await page.keyboard.press("*");
  await shows(view, ["-lang", " lang_user", " lang_default", " lang_default", "-no prefix", " +cart", " coupon"]);
  await page.keyboard.press("ArrowLeft");
  await shows(view, ["+lang", "-no prefix", " +cart", " coupon"]);
  await keyboardOn(page, "lang");
  await close();
});

test("Enter goes from hit to hit, inside of closed values and folded groups, and round at the end", async () => {
  const { page, view, close } = await openTurns({}, [
    SECOND.concat(
      FIRST[0].value ? [{ name: "deep", value: JSON.stringify({ a: [[["a needle"]]] }), scope: "bot" }] : [],
    ),
  ]);
  await view.getByLabel("Group").selectOption("scope");
  // A click goes to where the row is.
  await view.locator("[role=row][aria-expanded=true]").filter({ hasText: "bot" }).click();
  const box = view.getByRole("searchbox");
  await box.fill("needle");
  await view.locator(".hits").getByText("4 hits").waitFor();
  const at = async (text, name, path) => {
    await view.locator(".hits").getByText(text, { exact: true }).waitFor();
    const selected = view.locator("[role=row][aria-selected=true]");
    await selected.getByRole("rowheader").getByText(name, { exact: false }).waitFor();
    if (path) await view.locator(".part-bar").getByText(path, { exact: true }).waitFor();
  };
  await box.press("Enter");
  await at("1 of 4", "title", "cart.items[0].title");
  await box.press("Enter");
  await at("2 of 4", "1", "cart.items[1].tags[1]");
  await box.press("Enter");
  await at("3 of 4", "order");
  await box.press("Enter");
  await at("4 of 4", "0", "deep.a[0][0][0]");
  await box.press("Enter");
  await at("1 of 4", "title", "cart.items[0].title");
  await box.press("Shift+Enter");
  await at("4 of 4", "0", "deep.a[0][0][0]");
  assert.equal((await focused(page)).name, "filter", "the keyboard stays in the box");
  await view.getByRole("status").getByText("Hit 4 of 4: deep.a[0][0][0]").waitFor();
  await view.getByRole("button", { name: "Previous hit" }).click();
  await at("3 of 4", "order");
  await view.getByRole("button", { name: "Next hit" }).click();
  await at("4 of 4", "0", "deep.a[0][0][0]");
  await close();
});

test("parts of the search that cannot be read are told, and what was typed stays in sight", async () => {
  for (const width of [1280, 320]) {
    const { view, close } = await openTurns({ width });
    const box = view.getByRole("searchbox");
    await box.fill('size>large type:"shape');
    await view.locator("#misread").getByText("“size>large” as text: A size is a number").waitFor();
    assert.equal(await box.getAttribute("aria-describedby"), "misread");
    const told = await view.locator(".empty .warning").allInnerTexts();
    assert.equal(told.length, 3, told.join());
    assert.match(told[0], /“size>large” as text: A size is a number/);
    const { width: forText } = await box.boundingBox();
    assert.ok(forText >= 72, `${forText} px are left for what is typed`);
    await close();
  }
});

test("what the filter looks for is marked in names, members and values, and nothing else is", async () => {
  const { page, view, close } = await openTurns({}, [
    [
      { name: "Customer_Order_Number_Of_The_Day", value: "re-ORDER <b>order</b>", scope: "user" },
      { name: "cart", value: { order: [1, "an order"] }, scope: "user" },
      { name: "apiKey", value: "order-4711", scope: "bot" },
    ],
  ]);
  const marks = () => view.locator(".row mark").allInnerTexts();
  await view.getByRole("searchbox").fill("order -draft");
  await row(view, "Customer_Order").locator("mark").first().waitFor();
  assert.deepEqual(await marks(), ["Order", "ORDER", "order", "order"]);
  await row(view, "cart").locator(".twisty").click();
  await row(view, "order").locator("mark").first().waitFor();
  // A name that gives way in its middle is marked on both sides.
  await view.getByRole("searchbox").fill("name:number_of_the_day");
  await page.waitForFunction(
    (element) =>
      [...element.shadowRoot.querySelectorAll(".row mark")].map((mark) => mark.textContent).join("") ===
      "Number_Of_The_Day",
    await view.elementHandle(),
  );
  await view.getByRole("searchbox").fill("scope:user");
  await view.locator(".hits").waitFor();
  await view.locator("mark").first().waitFor({ state: "detached" });
  await view.getByRole("searchbox").fill("");
  await row(view, "apiKey").waitFor();
  assert.deepEqual(await marks(), []);
  await close();
});

test("no match is said, with the filter, below what is pinned; and the list of keys explains the filter", async () => {
  const { page, view, close } = await openTurns();
  await row(view, "coupon").click();
  await page.keyboard.press("w");
  await view.getByRole("searchbox").fill("name:nothing");
  await view.getByText("No match for “name:nothing”").waitFor();
  const [pinned, text] = [await row(view, "coupon").boundingBox(), await view.locator(".empty").boundingBox()];
  assert.ok(text.y >= pinned.y + pinned.height, JSON.stringify([pinned, text]));
  await view.getByRole("button", { name: "Help" }).click();
  const dialog = view.getByRole("dialog");
  for (const example of ['"order status"', "-draft", "scope:user|session", "size>1kb value>=10", "changed:yes"])
    await dialog.getByText(example, { exact: true }).waitFor();
  await close();
});

test("hits far down are counted in slices and scrolled to", async () => {
  const { page, view, close } = await openTurns({}, [
    Array.from({ length: 40_000 }, (_, at) => ({
      name: `n${at}`,
      value: { text: at % 1_000 === 999 ? "a needle" : "hay".repeat(20) },
      scope: "user",
    })),
  ]);
  const box = view.getByRole("searchbox");
  await box.fill("value:needle");
  await view.locator(".hits").getByText("40 hits").waitFor();
  await view.locator(".shown").getByText("40 of 40,000 rows").waitFor();
  await box.fill("needle -hay");
  await box.press("Shift+Enter");
  await view.locator(".hits").getByText("40 of 40", { exact: true }).waitFor();
  const hit = view.locator("[role=row][aria-selected=true][aria-level='2']");
  await hit.getByText("a needle").waitFor();
  await page.waitForFunction(() => {
    const { shadowRoot } = document.querySelector("cognigy-session-debugger");
    const [box, row] = [".scroller", "[role=row][aria-selected=true]"].map((selector) =>
      shadowRoot.querySelector(selector).getBoundingClientRect(),
    );
    return row.top >= box.top && row.bottom <= box.bottom + 1;
  });
  await close();
});

test("groups and pins are part of the view state, and come back with it", async () => {
  const { page, view, close } = await openTurns();
  await view.getByLabel("Group").selectOption("prefix");
  // A click goes to where the row is.
  await shows(view, ["-lang", " lang_user", " lang_default", "-no prefix", " +cart", " coupon"]);
  await row(view, "coupon").click();
  await view.getByRole("button", { name: "Pin", exact: true }).click();
  const state = await view.evaluate((element) => element.getViewState());
  assert.deepEqual([state.groupBy, state.pins], ["prefix", [{ name: "coupon", scope: "user" }]]);
  await view.evaluate((element) => {
    element.viewState = { groupBy: "none", pins: [] };
  });
  await shows(view, ["+cart", "lang_user", "lang_default", "coupon"]);
  await view.evaluate((element, saved) => {
    element.viewState = { groupBy: saved.groupBy, pins: [...saved.pins, { name: 1 }, null] };
  }, state);
  await shows(view, ["coupon", "-lang", " lang_user", " lang_default", "-no prefix", " +cart"]);
  await page.keyboard.press("F6");
  await close();
});

test("right to left the arrows turn, and a narrow element has the tree too", async () => {
  const { page, view, close } = await openTurns({ width: 320, height: 640 });
  await page.evaluate(() => {
    document.documentElement.dir = "rtl";
  });
  await row(view, "cart").focus();
  await page.keyboard.press("ArrowLeft");
  await shows(view, ["-cart", " +items", " total", "lang_user", "lang_default", "coupon"]);
  await page.keyboard.press("ArrowRight");
  await shows(view, ["+cart", "lang_user", "lang_default", "coupon"]);
  const wide = await view.locator(".scroller").evaluate((box) => box.scrollWidth - box.clientWidth);
  assert.equal(wide, 0, "nothing has to be scrolled sideways");
  await close();
});
