/** Names and values that try to be something else. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { row, stage } from "./lib/stage.mjs";

const { open } = stage();

const HOSTILE = [
  ["<img src=x onerror=globalThis.ran=1>", "<script>globalThis.ran=1</script>"],
  ["markup", '"><svg onload=globalThis.ran=1><a href="javascript:globalThis.ran=1">x</a>'],
  ["link", "javascript:globalThis.ran=1"],
  ["__proto__", "polluted"],
  ["constructor", "c"],
  ["toString", "t"],
  ["", "the name is empty"],
  ["a.b", "dots"],
  ["bidi", "abc\u202egnp.exe"],
  ["zero\u200bwidth", "a\u200bb"],
  ["control", "bell\u0007"],
  ["nested", '{"<b>k</b>":"<i>v</i>","__proto__":{"x":1},"twice":1,"twice":2}'],
  ["big", "9007199254740993"],
  ["plain_one", "1.0"],
];

async function show({ view }) {
  await view.evaluate(async (element, items) => {
    const variables = items.map(([name, value]) => ({ name, value, scope: "user" }));
    element.source = () => JSON.stringify({ variables });
    await element.load("hostile");
  }, HOSTILE);
  await row(view, "markup").waitFor();
}

test("every one is a row, none becomes markup, none runs", async () => {
  const opened = await open();
  const { page, view, close } = opened;
  await show(opened);
  assert.equal(await view.locator("[role=treegrid] .row").count(), HOSTILE.length);
  for (let index = 0; index < HOSTILE.length; index += 1) {
    await view.locator(`[role=row][aria-rowindex="${index + 2}"]`).click();
    for (const tab of ["Raw", "Why", "Value"]) await view.getByRole("tab", { name: tab }).click();
  }
  const found = await view.evaluate((element) => ({
    tags: [...new Set([...element.shadowRoot.querySelectorAll("*")].map((node) => node.localName))],
    links: element.shadowRoot.querySelectorAll("[href],[src],[style*=url],[onload],[onerror]").length,
    polluted: {}.polluted !== undefined || Object.prototype.x !== undefined,
  }));
  for (const tag of ["script", "img", "svg", "a", "b", "i", "iframe", "style"])
    assert.ok(!found.tags.includes(tag), tag);
  assert.equal(found.links, 0);
  assert.equal(found.polluted, false);
  assert.equal(await page.evaluate(() => globalThis.ran), undefined);
  await close();
});

test("texts are shown as they are written, and what hides is made visible", async () => {
  const opened = await open();
  const { view, close } = opened;
  await show(opened);
  const text = async (name) => await row(view, name).innerText();
  assert.match(await text("markup"), /"><svg onload=/);
  assert.match(await text("bidi"), /abc⟨U\+202E⟩gnp\.exe/);
  assert.match(await text("control"), /bell⟨U\+0007⟩/);
  assert.match(await view.locator(".rows").innerText(), /zero⟨U\+200B⟩width/);
  assert.match(await text("big"), /9007199254740993[\s\S]*integer/);
  assert.match(await text("plain_one"), /1\.0/);
  assert.ok((await view.locator(".row bdi").count()) >= HOSTILE.length);
  await close();
});

test("a name given twice in an object shows both, and which one JSON.parse keeps", async () => {
  const opened = await open();
  const { view, close } = opened;
  await show(opened);
  await row(view, "nested").click();
  const twice = view.getByRole("treeitem", { name: /twice/ });
  await twice.nth(1).waitFor();
  assert.match(await twice.nth(0).innerText(), /duplicate[\s\S]*drops[\s\S]*1/);
  assert.match(await twice.nth(1).innerText(), /duplicate[\s\S]*keeps[\s\S]*2/);
  assert.equal(await view.getByRole("treeitem", { name: "<b>k</b>" }).count(), 1);
  await view.getByRole("treeitem", { name: "__proto__" }).waitFor();
  await close();
});

test("what the platform put in the place of a value says so, in rows and inside of values, and so does what is too deep", async () => {
  const opened = await open();
  const { view, close } = opened;
  const overflow = { error: "Cannot add value to context for key big: exceeded maximum context size." };
  await view.evaluate(async (element, overflow) => {
    const context = { stars: "*****", big: overflow, all: { within: "****", large: overflow, fine: "*" } };
    const deep = `${"[".repeat(513)}${"]".repeat(513)}`;
    element.source = () =>
      `{"context":${JSON.stringify(context).slice(0, -1)},"deep":${deep},"numbers":{"huge":1E400}}}`;
    await element.load("replaced");
  }, overflow);
  await row(view, "stars").waitFor();
  assert.match(await row(view, "stars").innerText(), /masked by the platform/);
  assert.match(await row(view, "big").innerText(), /too large for the platform/);
  assert.match(await row(view, "deep").innerText(), /too deep/);
  assert.doesNotMatch(await row(view, "all").innerText(), /platform/);
  await row(view, "all").click();
  const inside = async (name) => await view.getByRole("treeitem", { name }).innerText();
  await view.getByRole("treeitem", { name: /within/ }).waitFor();
  assert.match(await inside(/within/), /masked by the platform/);
  assert.match(await inside(/large/), /too large for the platform/);
  assert.doesNotMatch(await inside(/fine/), /platform/);
  await row(view, "numbers").click();
  await view.getByRole("treeitem", { name: /huge/ }).waitFor();
  assert.match(await inside(/huge/), /1E400[\s\S]*overflow/);
  await close();
});
