/** Saving what is shown, opening it again, and copying parts of it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { filter, row, stage } from "./lib/stage.mjs";

const { open } = stage();
const SHOP = "/?session=sess_shop_4711";
const SECRET = "s3cr3t-canary";
const BODY = {
  session_id: "sess_file_1",
  variables: [
    { name: "total", value: 1.5, scope: "context" },
    { name: "clientSecret", value: SECRET, scope: "bot" },
    { name: "login", value: { password: SECRET, user: "max" }, scope: "context" },
    { name: "broken" },
  ],
};

/** An element without a tenant and with a source of its own. */
const addElement = (page, body) =>
  page.evaluate((given) => {
    const element = document.createElement("cognigy-session-debugger");
    if (given) element.source = () => given;
    element.id = "second";
    document.querySelector("main").replaceChildren(element);
  }, body);

async function save(page, view, name) {
  await view.locator("summary", { hasText: "File" }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    view.getByRole("button", { name, exact: true }).click(),
  ]);
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), "utf8") };
}

test("what is shown is saved masked, and opens again without any network", async () => {
  const { page, view, close } = await open({ acceptDownloads: true });
  await addElement(page, BODY);
  await view.evaluate((element) => element.load("sess_file_1"));
  await row(view, "total").waitFor();
  const file = await save(page, view, "Save snapshot, to open here again");
  assert.match(file.name, /^variables-\d{4}-\d\d-\d\dT[\d-]+\.session\.json$/);
  assert.ok(!file.text.includes(SECRET));
  assert.equal(JSON.parse(file.text).format, "cognigy-session-debugger");
  for (const [name, extension] of [
    ["Save table as Markdown", "md"],
    ["Save table as CSV", "csv"],
    ["Save resolved values as JSON", "json"],
    ["Save rows as JSON lines", "ndjson"],
  ]) {
    const document = await save(page, view, name);
    assert.ok(document.name.endsWith(`.${extension}`), document.name);
    assert.ok(document.text.includes("total") && !document.text.includes(SECRET), name);
  }

  // All of it, and that is said there.
  await filter(view, "total");
  await view.locator("summary", { hasText: "File" }).click();
  await view.getByText(/^All \d+ variables, .* whatever the filter shows$/).waitFor();
  await page.keyboard.press("Escape");
  assert.ok((await save(page, view, "Save table as CSV")).text.includes("clientSecret"));

  // Or what the filter finds, which the list stays open for; the snapshot is whole all the same.
  await view.locator("summary", { hasText: "File" }).click();
  await view.getByRole("checkbox", { name: "Only what the filter finds" }).check();
  await view.getByText("Without what is gone. The snapshot is saved as a whole.").waitFor();
  await page.keyboard.press("Escape");
  for (const name of ["Save table as CSV", "Save rows as JSON lines", "Save resolved values as JSON"]) {
    const { text } = await save(page, view, name);
    assert.ok(text.includes("total") && !text.includes("clientSecret") && !text.includes("login"), text);
  }
  assert.ok((await save(page, view, "Save snapshot, to open here again")).text.includes("clientSecret"));

  // A fresh element that knows no tenant, in a page that reaches nothing any more.
  await addElement(page);
  await view.locator(".empty button[name=open-file]").waitFor();
  const asked = [];
  page.on("request", (request) => /variables|token/.test(request.url()) && asked.push(request.url()));
  await view
    .locator(".empty input[type=file]")
    .setInputFiles({ name: "bug.session.json", mimeType: "application/json", buffer: Buffer.from(file.text) });
  await row(view, "total").waitFor();
  await view.locator(".status").getByText("opened from bug.session.json").waitFor();
  assert.equal(await view.getByRole("row").count(), 5);
  assert.equal(await row(view, "clientSecret").locator(".masked .rule").innerText(), "secret");
  await view.locator(".status").getByText("1 unreadable").waitFor();
  assert.equal(await view.locator("button[name=refresh]").getAttribute("aria-disabled"), "true");
  assert.deepEqual(asked, []);
  await close();
});

/** Drops a file onto the element, as the browser tells it. */
const drop = (view, name, text) =>
  view.locator(".frame").evaluate(
    (frame, given) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([given.text], given.name, { type: "application/json" }));
      const event = (type) => new DragEvent(type, { dataTransfer, bubbles: true, composed: true, cancelable: true });
      const over = event("dragover");
      frame.dispatchEvent(over);
      frame.dispatchEvent(event("drop"));
      return over.defaultPrevented;
    },
    { name, text },
  );

test("a file is dropped; a broken and a newer one say so and leave what is shown", async () => {
  const { page, view, close } = await open({ path: SHOP });
  await row(view, "tenant_name").waitFor();
  const head = { format: "cognigy-session-debugger", version: 1, sessionId: "sess_old", takenAt: 0, complete: true };
  const rules = { shape: "variable-rows", policy: "lossless", stringifiedPolicy: "lossless", precedence: "layered" };
  const saved = { ...head, ...rules, depth: 512, variables: BODY.variables };
  assert.ok(await drop(view, "broken.json", JSON.stringify(saved).slice(0, 200)));
  await view.getByRole("alert").getByText("The file cannot be opened.").waitFor();
  await view.getByText("FILE_INVALID").waitFor();
  assert.ok(await row(view, "tenant_name").count());
  await drop(view, "newer.json", JSON.stringify({ ...saved, version: 2 }));
  await view.getByRole("alert").getByText("The file is of a newer version.").waitFor();
  await drop(view, "old.json", JSON.stringify(saved));
  await row(view, "clientSecret").waitFor();
  assert.equal(await row(view, "tenant_name").count(), 0);
  assert.equal(await view.getByRole("alert").count(), 0);
  assert.equal(new URL(page.url()).searchParams.get("session"), "sess_shop_4711", "a file is no address");
  // And back to the tenant.
  await view.getByRole("button", { name: "Load" }).click();
  await row(view, "tenant_name").waitFor();
  assert.equal(await view.locator(".status").getByText("opened from").count(), 0);
  await close();
});

test("parts are copied in every language, masked", async () => {
  const { page, view, close } = await open({ permissions: ["clipboard-read", "clipboard-write"] });
  await addElement(page, BODY);
  await view.evaluate((element) => element.load("sess_file_1"));
  await filter(view, "login");
  await row(view, "login").click();
  const copies = async (name, text) => {
    await page.evaluate(() => navigator.clipboard.writeText(""));
    await view.getByRole("button", { name, exact: true }).click();
    await page.waitForFunction((wanted) => navigator.clipboard.readText().then((found) => found === wanted), text);
  };
  await copies("Copy value", '{"password":"[masked:password]","user":"max"}');
  await view.getByRole("button", { name: "✓ Copied, secrets hidden", exact: true }).waitFor();
  await view.getByRole("treeitem", { name: /password/ }).click();
  await copies("Copy value", "[masked:password]");
  await view.locator("summary", { hasText: "Copy as" }).click();
  await copies("JSON Pointer", "/password");
  await copies("JSONPath", "$['password']");
  await copies("JavaScript path", "login.password");
  await copies("Flow expression", "{{context.login.password}}");
  await view.getByRole("button", { name: "JSONPath", exact: true }).waitFor();
  await page.keyboard.press("Escape");
  assert.equal(await view.getByRole("button", { name: "JSONPath", exact: true }).isVisible(), false);
  await filter(view, "clientSecret");
  await row(view, "clientSecret").click();
  await view.locator("summary", { hasText: "Copy as" }).click();
  await view.getByRole("button", { name: "Flow expression", exact: true }).click();
  await view.getByRole("button", { name: "There is no such path" }).waitFor();
  await close();
});

test("a link leads back to the view, and holds no value and nothing that is hidden", async () => {
  const { page, view, close } = await open({ path: SHOP, permissions: ["clipboard-read", "clipboard-write"] });
  await row(view, "tenant_name").waitFor();
  await filter(view, "phone scope:global|user");
  await view.getByRole("columnheader", { name: "Name" }).click();
  await view.getByRole("checkbox", { name: "Overridden" }).check();
  await row(view, "support_phone").click();
  await view.getByRole("tab", { name: "Why" }).click();
  await view.locator("summary", { hasText: "File" }).click();
  await view.getByRole("button", { name: "Copy link to this view" }).click();
  await view.getByRole("button", { name: "Copied" }).waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  assert.ok(link.includes("#csd=1&session=sess_shop_4711&filter=phone"), link);
  assert.ok(!link.includes("support_phone") && !link.includes("4791100"), link);

  const fresh = await page.context().newPage();
  await fresh.goto(link);
  const again = fresh.locator("cognigy-session-debugger").first();
  await row(again, "support_phone").waitFor();
  const { selected, ...state } = await view.evaluate((element) => element.getViewState());
  assert.equal(selected.name, "support_phone");
  assert.deepEqual(await again.evaluate((element) => element.getViewState()), state);

  // With the host's leave the selected variable goes along.
  const withName = await view.evaluate((element) => {
    element.setAttribute("links", "selection");
    return element.viewLink();
  });
  assert.ok(withName.includes("name=support_phone"), withName);
  await fresh.goto("about:blank");
  await fresh.goto(withName);
  await again.locator(".detail h2").getByText("support_phone").waitFor();

  // A secret that somebody looked for is no part of a link; without a word of the host there are none.
  await view.getByRole("searchbox").fill("sk-ant-api03-abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJ");
  const secret = await view.evaluate((element) => element.viewLink());
  assert.ok(!secret.includes("api03") && !secret.includes("filter="), secret);
  await view.evaluate((element) => element.removeAttribute("links"));
  await view.locator("button[name=copy-link]").waitFor({ state: "detached" });
  await close();
});
