/** The element in other people's pages. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { row, stage } from "./lib/stage.mjs";

const { open } = stage();
const SHOP = "/?session=sess_shop_4711";

/** Adds a second element to the page. */
const addElement = (page, attributes) =>
  page.evaluate((given) => {
    const element = document.createElement("cognigy-session-debugger");
    for (const [name, value] of Object.entries(given)) element.setAttribute(name, value);
    element.id = "second";
    document.querySelector("main").append(element);
  }, attributes);

test("two elements share one worker and do not disturb each other", async () => {
  const { page, view, close } = await open({ path: SHOP });
  await row(view, "tenant_name").waitFor();
  await addElement(page, { "base-url": "/", "token-url": "/debug/token", "session-id": "sess_travel_88" });
  const second = page.locator("#second");
  await second.getByRole("row").nth(3).waitFor();
  assert.equal(page.workers().length, 1);
  await second.getByRole("searchbox").fill("booking_number");
  await second
    .locator(".shown")
    .filter({ hasText: /^\d of/ })
    .waitFor();
  assert.equal(await view.getByRole("searchbox").inputValue(), "");
  assert.ok(await row(view, "tenant_name").count());
  await close();
});

test("what the first request waits for is fetched along with the engine, and what only a page without workers needs is not", async () => {
  const { page, expected, close } = await open({ path: "/icon.svg" });
  expected.push(/favicon/);
  const files = [];
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (pathname !== "/debug/token") files.push(pathname.includes("/botsessions/") ? "the first request" : pathname);
  });
  // The engine comes once the shared part has been asked for; were that to wait for the engine, neither would come.
  const shared = page.waitForRequest("**/origin.js");
  await page.route("**/*.wasm", async (route) => {
    await shared;
    await route.continue();
  });
  const first = page.waitForRequest("**/botsessions/**");
  await page.goto(new URL(SHOP, page.url()).href);
  await first;
  const engine = files.findIndex((path) => path.endsWith(".wasm"));
  assert.ok(engine >= 0);
  const own = (path) => path.endsWith(".js") || path === "the first request";
  const [next] = files.slice(engine).filter((path) => own(path) && path !== "/origin.js");
  assert.equal(next, "the first request", files.join(" "));
  assert.ok(!files.includes("/in-page.js"));
  await close();
});

test("an element that is removed and put back shows what it showed, without asking the tenant again", async () => {
  const { page, view, close } = await open({ path: SHOP });
  await row(view, "tenant_name").click();
  const asked = [];
  page.on("request", (request) => request.url().includes("/variables") && asked.push(request.url()));
  await page.evaluate(async () => {
    const element = document.querySelector("cognigy-session-debugger");
    const parent = element.parentNode;
    element.remove();
    await new Promise((resolve) => setTimeout(resolve, 50));
    if (element.shadowRoot.childElementCount > 0) throw new Error("still drawn while out of the document");
    parent.append(element);
  });
  await row(view, "tenant_name").waitFor();
  assert.equal(await row(view, "tenant_name").getAttribute("aria-selected"), "true");
  assert.deepEqual(asked, []);
  await close();
});

test("destroy gives everything back; the last element's worker ends; a later load starts anew", async () => {
  const { page, view, close } = await open({ path: SHOP });
  await row(view, "tenant_name").waitFor();
  assert.equal(page.workers().length, 1);
  const ended = page.workers()[0].waitForEvent("close");
  await view.evaluate((element) => element.destroy());
  await ended;
  await row(view, "tenant_name").waitFor({ state: "detached" });
  const size = await view.evaluate(async (element) => (await element.load("sess_claim_2093")).size);
  assert.ok(size > 60);
  await row(view, "claims_phone").waitFor();
  await close();
});

test("events tell of the engine, the snapshot, the selection and the view, and hold no values", async () => {
  const { page, view, close } = await open();
  await page.evaluate(() => {
    globalThis.told = [];
    for (const type of ["ready", "progress", "snapshot", "select", "view-state"]) {
      document.addEventListener(type, (event) => globalThis.told.push([type, event.detail]));
    }
  });
  await view.evaluate((element) => element.load("sess_shop_4711"));
  await row(view, "support_phone").click();
  await page.waitForFunction(() => globalThis.told.some(([type]) => type === "select"));
  const told = await page.evaluate(() => globalThis.told);
  const of = (type) => told.filter(([name]) => name === type).map(([, detail]) => detail);
  assert.deepEqual(of("select"), [{ name: "support_phone", scope: "global" }]);
  assert.equal(of("snapshot").length, 1);
  assert.ok(of("snapshot")[0].size > 60);
  assert.ok(of("progress").length > 0);
  assert.equal(of("view-state").at(-1).selected.name, "support_phone");
  assert.ok(!JSON.stringify(told).includes("4791100"), "a value got into an event");
  await close();
});

test("a view state restores query, filter, sort and selection in a fresh element", async () => {
  const { page, view, close } = await open({ path: SHOP });
  await row(view, "tenant_name").waitFor();
  await view.getByRole("searchbox").fill("phone");
  await row(view, "support_phone").click();
  await view.getByRole("tab", { name: "Why" }).click();
  const state = await view.evaluate((element) => element.getViewState());
  await addElement(page, { "base-url": "/", "token-url": "/debug/token" });
  const second = page.locator("#second");
  await second.evaluate((element, given) => {
    element.viewState = given;
  }, state);
  await second.locator(".sentence").waitFor();
  assert.equal(await second.getByRole("searchbox").inputValue(), "phone");
  assert.deepEqual(await second.evaluate((element) => element.getViewState()), state);
  await close();
});

test("tokens from a function reach the tenant and nothing else", async () => {
  const { page, view, close } = await open();
  const sent = [];
  page.on("request", (request) => {
    if (request.url().includes("/variables")) sent.push(request.headers().authorization);
  });
  const size = await view.evaluate(async (element) => {
    element.token = async () => {
      const answer = await (await fetch("/debug/token", { method: "POST" })).json();
      globalThis.given = answer.access_token;
      return answer;
    };
    return (await element.load("sess_shop_4711")).size;
  });
  assert.ok(size > 60);
  const given = await page.evaluate(() => globalThis.given);
  assert.ok(given.length > 10);
  assert.ok(sent.length > 0);
  assert.deepEqual([...new Set(sent)], [`Bearer ${given}`]);
  assert.ok(!(await page.content()).includes(given));
  assert.ok(!(await view.evaluate((element) => element.shadowRoot.textContent)).includes(given));
  await close();
});

test("words can be replaced, numbers follow the language, right-to-left turns the arrows", async () => {
  const { page, view, close } = await open({ path: "/?session=sess_large_10000" });
  await view.evaluate((element) => {
    element.lang = "de";
    element.dir = "rtl";
    element.messages = {
      "query.load": "Laden",
      "status.variables": { one: "{count} Variable", other: "{count} Variablen" },
    };
  });
  await view.getByRole("button", { name: "Laden" }).waitFor();
  await view
    .locator(".status")
    .getByText(/\d+\.\d{3} Variablen/)
    .waitFor();
  await view.getByRole("row").nth(3).click();
  await page.keyboard.press("ArrowLeft");
  const role = await page.evaluate(() => document.activeElement.shadowRoot.activeElement.getAttribute("role"));
  assert.equal(role, "rowheader");
  await close();
});

test("without a tenant it says what to give it", async () => {
  const { page, close } = await open();
  await addElement(page, {});
  await page.locator("#second").getByText("Connect this debugger to a tenant").waitFor();
  await close();
});

test("where the worker is refused the page says which directive, and why nothing works without wasm", async () => {
  const { page, expected, close, view } = await open();
  expected.push(/./);
  await page.route("**/?session=*", async (route) => {
    const response = await route.fetch();
    const headers = response.headers();
    const policy = headers["content-security-policy"].replace("worker-src 'self'", "worker-src 'none'");
    await route.fulfill({ response, headers: { ...headers, "content-security-policy": policy } });
  });
  await page.goto(new URL(SHOP, page.url()).href);
  const alert = view.getByRole("alert").filter({ hasText: "blocks WebAssembly" });
  await alert.waitFor();
  assert.match(await alert.innerText(), /worker-src/);
  assert.match(await alert.innerText(), /'wasm-unsafe-eval'/);
  assert.equal(page.workers().length, 0);
  await close();
});

test("where the worker's file is missing it says where it was looked for, and blames no policy", async () => {
  const { expected, close, view } = await open();
  expected.push(/./);
  await view.evaluate((element) => {
    element.workerUrl = "/nope/worker.js?token=1";
  });
  await view.evaluate((element) => element.load("sess_shop_4711").catch(() => undefined));
  const alert = view.getByRole("alert").filter({ hasText: "WORKER_BLOCKED" });
  await alert.waitFor();
  const text = await alert.innerText();
  assert.match(text, /could not be loaded from http:\/\/[^ ]+\/nope\/worker\.js\. /);
  assert.match(text, /dist\/.*workerUrl/);
  assert.doesNotMatch(text, /unsafe-eval|'self'|policy/);
  await close();
});

test("where only the worker is refused the engine runs in the page, and the status line says so", async () => {
  const { page, view, expected, close } = await open();
  expected.push(/worker/i);
  await page.route("**/?session=*", async (route) => {
    const response = await route.fetch();
    const policy = response.headers()["content-security-policy"];
    assert.match(policy, /worker-src 'self'/);
    const changed = policy
      .replace("worker-src 'self'", "worker-src 'none'")
      .replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'");
    await route.fulfill({ response, headers: { ...response.headers(), "content-security-policy": changed } });
  });
  const file = page.waitForRequest("**/in-page.js");
  await page.goto(new URL(SHOP, page.url()).href);
  await file;
  await row(view, "tenant_name").waitFor();
  await view
    .locator(".status")
    .getByText(/engine runs in the page: worker-src/)
    .waitFor();
  assert.equal(page.workers().length, 0);
  await close();
});

test("what the host's own function throws comes back to the host, and is shown as text", async () => {
  const { page, view, close } = await open();
  const failures = await view.evaluate(async (element) => {
    const seen = [];
    element.addEventListener("error", (event) => seen.push(event.detail.cause));
    const load = () => element.load("pushed").catch(({ code, cause }) => seen.push([code, cause.name, cause.message]));
    element.source = () => {
      throw new TypeError("no <b>reader</b>");
    };
    await load();
    element.source = undefined;
    element.token = async () => {
      throw new RangeError("signed out");
    };
    await load();
    return seen;
  });
  assert.deepEqual(failures, [
    { name: "TypeError", message: "no <b>reader</b>" },
    ["SOURCE_FAILED", "TypeError", "no <b>reader</b>"],
    { name: "RangeError", message: "signed out" },
    ["TOKEN_PROVIDER_FAILED", "RangeError", "signed out"],
  ]);
  await view.getByRole("alert").getByText("RangeError: signed out").waitFor();
  await view.getByRole("button", { name: "Try again" }).waitFor();
  assert.equal(page.workers().length, 1, "the engine ran in the worker");
  await close();
});

test("a session without a tenant is an error event, and is read once there is a tenant", async () => {
  const { page, close } = await open();
  await page.evaluate(() => {
    globalThis.codes = [];
    document.addEventListener("error", (event) => globalThis.codes.push(event.detail?.code));
  });
  await addElement(page, { "session-id": "sess_shop_4711" });
  await page.locator("#second").getByText("Connect this debugger to a tenant").waitFor();
  assert.deepEqual(await page.evaluate(() => globalThis.codes), ["CONFIG_INVALID"]);
  await page.evaluate(() => {
    const second = document.querySelector("#second");
    second.setAttribute("token-url", "/debug/token");
    second.setAttribute("base-url", "/");
  });
  await row(page.locator("#second"), "tenant_name").waitFor();
  await close();
});
