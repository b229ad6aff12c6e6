/** What goes wrong on the way, and how the page comes back. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { failedRequest, row, stage } from "./lib/stage.mjs";

const { open, send } = stage();
const SHOP = "/?session=sess_shop_4711";
const refresh = (view) => view.getByRole("button", { name: "Refresh" }).click();

test("429: says who asked for the pause, counts down, and recovers by itself", async () => {
  const { view, expected, close } = await open({ path: SHOP });
  expected.push(failedRequest);
  await row(view, "tenant_name").waitFor();
  await send("/sandbox/faults", { kind: "rate-limit", count: 1, retryAfter: "3" });
  await refresh(view);
  const limited = view.locator(".status .limited");
  await limited.filter({ hasText: /server asked for a pause. Next try in 0:03/ }).waitFor();
  await limited.filter({ hasText: /0:01/ }).waitFor();
  assert.match(await view.locator(".status").innerText(), /attempt \d of 4/);
  assert.equal(await row(view, "tenant_name").count(), 1, "the last snapshot stays");
  await limited.waitFor({ state: "detached" });
  await view
    .locator(".status")
    .getByText(/\d+ variables/)
    .waitFor();
  assert.equal(await view.getByRole("alert").count(), 0);
  await close();
});

test("401: a fresh token is fetched without the reader doing anything", async () => {
  const { view, expected, close } = await open({ path: SHOP });
  expected.push(failedRequest);
  await row(view, "tenant_name").waitFor();
  const taken = await view.locator(".status").innerText();
  await send("/sandbox/faults", { kind: "expired-token", count: 1 });
  await view.page().waitForTimeout(1_100);
  await refresh(view);
  await view.page().waitForFunction((before) => {
    const status = document.querySelector("cognigy-session-debugger").shadowRoot.querySelector(".status").innerText;
    return status !== before && /taken/.test(status);
  }, taken);
  assert.equal(await view.getByRole("alert").count(), 0);
  assert.equal(await row(view, "tenant_name").count(), 1);
  await close();
});

test("404: says what to do, once, never shows one session under the id of another, and leads back", async () => {
  const { view, expected, close } = await open({ path: SHOP });
  expected.push(failedRequest);
  await row(view, "tenant_name").waitFor();
  await view.getByRole("textbox", { name: "Session" }).fill("sess_not_there");
  await view.getByRole("textbox", { name: "Session" }).press("Enter");
  const alert = view.getByRole("alert");
  await alert.filter({ hasText: "Session not found." }).waitFor();
  assert.match(await alert.innerText(), /Check the id/);
  assert.match(await alert.innerText(), /NOT_FOUND · HTTP 404/);
  assert.equal(await alert.count(), 1);
  assert.equal(await view.locator(".row").count(), 0, "rows of the session before");
  assert.doesNotMatch(await view.locator(".status").innerText(), /sess_shop_4711|variables/);
  assert.equal(await view.getByRole("button", { name: "Try again" }).count(), 0);
  await view.getByRole("button", { name: "Dismiss" }).click();
  await alert.waitFor({ state: "detached" });
  await view.getByRole("button", { name: "Back to sess_shop_4711" }).click();
  await row(view, "tenant_name").waitFor();
  assert.equal(await view.getByRole("textbox", { name: "Session" }).inputValue(), "sess_shop_4711");
  await close();
});

test("the server's own words are text: markup in them is shown, and never becomes part of the page", async () => {
  const { page, view, expected, close } = await open({ path: SHOP });
  expected.push(failedRequest);
  await row(view, "tenant_name").waitFor();
  const detail = '<img src=x onerror="globalThis.stolen = 1"><b>gone</b> \u202eevil';
  const body = JSON.stringify({
    type: "about:blank",
    title: "<script>globalThis.stolen = 1</script>",
    status: 403,
    detail,
  });
  await page.route("**/variables*", (route) =>
    route.fulfill({ status: 403, contentType: "application/problem+json", body }),
  );
  await refresh(view);
  const alert = view.getByRole("alert").filter({ hasText: "FORBIDDEN · HTTP 403" });
  await alert.waitFor();
  assert.match(await alert.innerText(), /<img src=x onerror="globalThis\.stolen = 1"><b>gone<\/b>/);
  const found = await alert.evaluate((element) => [
    element.querySelectorAll("img, b, script").length,
    element.getRootNode().querySelectorAll("img, script").length,
    "stolen" in globalThis,
  ]);
  assert.deepEqual(found, [0, 0, false]);
  await close();
});

test("a broken body is named with its place, and the next try works", async () => {
  const { view, close } = await open();
  await send("/sandbox/faults", { kind: "bad-json", count: 4 });
  await view.getByRole("textbox", { name: "Session" }).fill("sess_shop_4711");
  await view.getByRole("button", { name: "Load" }).click();
  await view
    .getByRole("alert")
    .filter({ hasText: /broken JSON.*byte \d/ })
    .waitFor();
  await fetch(new URL("/sandbox/faults", view.page().url()), { method: "DELETE" });
  await view.getByRole("button", { name: "Try again" }).click();
  await row(view, "tenant_name").waitFor();
  await view.getByRole("alert").waitFor({ state: "detached" });
  await close();
});

test("an answer of an unknown layout is told by its members, masked as all names", async () => {
  const { view, close } = await open();
  const answer = (members) =>
    view.evaluate((element, body) => {
      element.source = () => body;
      return element.load("sess_1").catch(({ code }) => code);
    }, JSON.stringify(members));
  assert.equal(await answer({ payload: 1, "max@mail.example": 2, "<b>x</b>": 3 }), "SHAPE_UNKNOWN");
  const alert = view.getByRole("alert");
  await alert.getByText("Its members are payload, [masked:email#1], <b>x</b>", { exact: true }).waitFor();
  assert.ok(!(await alert.innerText()).includes("mail.example"));
  await close();
});

test("a long wait can be cancelled, and the focus stays inside", async () => {
  const { page, view, expected, close } = await open({ path: SHOP });
  expected.push(failedRequest);
  await row(view, "tenant_name").waitFor();
  await send("/sandbox/faults", { kind: "delay", count: 1, delayMs: 20_000 });
  await refresh(view);
  const cancel = view.locator(".status").getByRole("button", { name: "Cancel" });
  await cancel.focus();
  await page.keyboard.press("Enter");
  await view.getByText("Cancelled.").waitFor();
  const inside = await page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.tagName);
  assert.ok(inside, "the focus fell out of the element");
  assert.equal(await row(view, "tenant_name").count(), 1);
  await close();
});

test("while another session loads its predecessor's rows are gone; the status names the session of the rows", async () => {
  const { view, close } = await open({ path: SHOP });
  await row(view, "tenant_name").click();
  await view.locator(".status").getByText("sess_shop_4711").waitFor();
  await send("/sandbox/faults", { kind: "delay", count: 1, delayMs: 1_500 });
  await view.getByRole("textbox", { name: "Session" }).fill("sess_claim_2093");
  assert.equal(await row(view, "tenant_name").count(), 1, "an id that is only typed changes nothing");
  await view.getByRole("textbox", { name: "Session" }).press("Enter");
  await view.locator(".status").getByRole("button", { name: "Cancel" }).waitFor();
  assert.equal(await view.locator(".row").count(), 0);
  assert.equal(await view.locator(".detail h2").count(), 0);
  assert.equal(await view.getByRole("button", { name: "Cancel" }).count(), 1, "one way to cancel");
  await row(view, "claims_phone").waitFor();
  await view.locator(".status").getByText("sess_claim_2093").waitFor();
  await close();
});

test("a failed refresh of the same session keeps its rows and is never spoken as a success", async () => {
  const { page, view, expected, close } = await open({ path: SHOP });
  expected.push(failedRequest);
  await row(view, "tenant_name").waitFor();
  const live = view.locator(".spoken[role=status]");
  await live.filter({ hasText: /variables loaded/ }).waitFor();
  await page.evaluate(() => {
    globalThis.spoken = [];
    const region = document.querySelector("cognigy-session-debugger").shadowRoot.querySelector(".spoken[role=status]");
    const note = () => globalThis.spoken.push(region.textContent);
    new MutationObserver(note).observe(region, { childList: true, characterData: true, subtree: true });
  });
  await send("/sandbox/faults", { kind: "server-error", count: 8 });
  await view.getByRole("textbox", { name: "Session" }).fill("typed_but_not_loaded");
  await refresh(view);
  await view.getByRole("alert").filter({ hasText: "The tenant failed." }).waitFor({ timeout: 30_000 });
  assert.equal(await row(view, "tenant_name").count(), 1);
  await view.locator(".status").getByText("sess_shop_4711").waitFor();
  await view.getByRole("button", { name: "Dismiss" }).click();
  await page.waitForTimeout(2_300);
  assert.deepEqual(
    (await page.evaluate(() => globalThis.spoken)).filter((text) => /loaded/.test(text)),
    [],
  );
  await fetch(new URL("/sandbox/faults", page.url()), { method: "DELETE" });
  await refresh(view);
  await live.filter({ hasText: /variables loaded/ }).waitFor();
  await close();
});

test("only an error that another try can mend offers one", async () => {
  const { view, expected, close } = await open({ path: "/?session=sess_other_tenant_1" });
  expected.push(failedRequest);
  await view.getByRole("alert").filter({ hasText: "FORBIDDEN" }).waitFor();
  assert.equal(await view.getByRole("button", { name: "Try again" }).count(), 0);
  assert.equal(await view.locator(".empty").count(), 0, "nothing more is said under an error");
  await close();
});

test("the page's own header does not describe a session whose rows are gone", async () => {
  const { page, view, expected, close } = await open({ path: SHOP });
  expected.push(failedRequest);
  const sentence = page.locator("#sentence");
  await sentence.getByText("A shop").waitFor();
  await view.evaluate((element) => element.load("sess_not_there").catch(() => undefined));
  await sentence.waitFor({ state: "hidden" });
  await close();
});
