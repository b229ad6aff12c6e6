/** What changed in a variable since the session was read before. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { row, stage } from "./lib/stage.mjs";

const { open } = stage();

const turn = (cart, note, more = []) => [
  { name: "cart", value: cart, scope: "session" },
  { name: "note", value: note, scope: "session" },
  { name: "login", value: { user: "max", password: `canary-${note.length}` }, scope: "user" },
  { name: "same", value: "1", scope: "bot" },
  ...more,
];
const FIRST = turn(
  {
    items: [
      { id: 1, n: 2 },
      { id: 2, n: 1 },
    ],
    tags: ["a"],
    gone: true,
  },
  "please pay now",
);
const SECOND = turn({ items: [{ id: 2, n: 3 }], tags: ["a", "<b>"] }, "please pay later", [
  { name: "added", value: "x", scope: "user" },
]);

test("the changes inside a value are told after a second read, word by word, and what is hidden stays hidden", async () => {
  const { view, close } = await open();
  await view.evaluate(
    (element, turns) => {
      let at = 0;
      element.source = () => JSON.stringify({ variables: turns[at++] ?? turns.at(-1) });
    },
    [FIRST, SECOND],
  );
  await view.getByRole("textbox", { name: "Session" }).fill("sess_changes");
  await view.getByRole("button", { name: "Load" }).click();
  await row(view, "cart").click();
  await view.getByRole("tab", { name: "Changes" }).click();
  const panel = view.getByRole("tabpanel");
  await panel.getByText("Read this session again to see what changes.").waitFor();
  await view.getByRole("button", { name: "Refresh" }).click();
  await row(view, "added").waitFor();
  await panel.getByText("matched by id").waitFor();
  const lines = await panel.locator(".change").allInnerTexts();
  assert.deepEqual(
    lines.map((line) => line.replace(/[\s\u2066-\u2069]+/g, " ").trim()),
    ["cart.gone gone true", 'cart.items[0] gone {"id":1,"n":2}', "cart.items[0].n value 1 3", 'cart.tags[1] new "<b>"'],
  );
  assert.match(await panel.innerText(), /^Since .+: value/);
  assert.match(await panel.innerText(), /cart\.items: matched by id[\s\S]*cart\.tags: matched by position/);
  // A row says itself what it was.
  const was = async (name) =>
    (await row(view, name).locator(".was").allInnerTexts()).join().replace(/[\s\u2066-\u2069]+/g, " ");
  assert.equal(await was("note"), 'was "please pay now"');
  assert.equal(await was("cart"), "was {items, tags, gone}");
  assert.deepEqual([await was("same"), await was("added"), await was("login")], ["", "", ""]);
  await row(view, "note").click();
  await panel.locator("del").getByText("now").waitFor();
  assert.deepEqual(await panel.locator("del, ins").allInnerTexts(), ["now", "later"]);
  await row(view, "same").click();
  await panel.getByText("no change").waitFor();
  await row(view, "added").click();
  await panel.getByText("new").waitFor();
  await row(view, "login").click();
  await panel.getByText(/Since .+: value/).waitFor();
  assert.ok(!(await panel.innerText()).includes("canary"), await panel.innerText());
  await close();
});

test("another session is not compared with the one before", async () => {
  const { view, close } = await open({ path: "/?session=sess_shop_4711" });
  await row(view, "tenant_name").click();
  await view.getByRole("tab", { name: "Changes" }).click();
  await view.getByRole("button", { name: "Refresh" }).click();
  const panel = view.getByRole("tabpanel");
  await panel.getByText(/Since .+: no change/).waitFor();
  await view.getByRole("textbox", { name: "Session" }).fill("sess_travel_88");
  await view.getByRole("button", { name: "Load" }).click();
  await row(view, "booking_number").click();
  await panel.getByText("Read this session again to see what changes.").waitFor();
  await close();
});
