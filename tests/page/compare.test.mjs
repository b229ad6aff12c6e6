/** Two sessions compared: another one of the tenant or a saved file as the other side. */
import assert from "node:assert/strict";
import { test } from "node:test";
import init, { Snapshot } from "../../dist/node.js";
import { deferred, openModel } from "./lib/model-here.mjs";
import { startOrigin, textOf } from "./lib/own-origin.mjs";
import { row, stage } from "./lib/stage.mjs";

const { open } = stage();

const SESSIONS = {
  sess_a: [
    { name: "same", value: 1, scope: "user" },
    { name: "lang", value: "de", scope: "user" },
    { name: "only_a", value: true, scope: "bot" },
    { name: "apiKey", value: "canary-of-a", scope: "bot" },
  ],
  sess_b: [
    { name: "same", value: 1, scope: "user" },
    { name: "lang", value: "en", scope: "user" },
    { name: "only_b", value: true, scope: "bot" },
    { name: "apiKey", value: "canary-of-b", scope: "bot" },
  ],
};

async function openA(options = {}) {
  const opened = await open(options);
  await opened.view.evaluate(async (element, sessions) => {
    globalThis.asked = [];
    element.source = ({ sessionId, scope, includeSystem }) => {
      globalThis.asked.push({ sessionId, scope, includeSystem });
      if (!sessions[sessionId]) throw new Error("no such session");
      return { variables: sessions[sessionId] };
    };
    await element.load("sess_a");
  }, SESSIONS);
  await row(opened.view, "lang").waitFor();
  return opened;
}

const marks = (view) =>
  view
    .locator("[role=row]:has(.change-mark)")
    .evaluateAll((rows) =>
      rows.map((row) => [row.querySelector(".name .ellipsis").textContent, row.querySelector(".change-mark").title]),
    );
const marked = async (view, wanted) => {
  await assert.doesNotReject(
    view
      .page()
      .waitForFunction(
        ([element, count]) => element.shadowRoot.querySelectorAll(".change-mark").length === count,
        [await view.elementHandle(), wanted.length],
      ),
  );
  assert.deepEqual(await marks(view), wanted);
};
const DIFFERENT = [
  ["lang", "changed"],
  ["only_a", "only here"],
  ["apiKey", "changed"],
  ["only_b", "only in the other"],
];

test("another session is the other side, by keys alone, until the reader has seen enough", async () => {
  const { page, view, close } = await openA();
  await view.locator(".compare-menu").focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.type("sess_b");
  await page.keyboard.press("Enter");
  await view.locator(".moments").getByText("sess_b").waitFor();
  await marked(view, DIFFERENT);
  await view.locator(".status").getByText("+1 ~2 −1").waitFor();
  await row(view, "lang").click();
  await view.getByRole("tab", { name: "Changes" }).click();
  const panel = view.getByRole("tabpanel");
  await panel.getByText(/Compared with .*sess_b.*: value/).waitFor();
  assert.deepEqual(await panel.locator("del, ins").allInnerTexts(), ["en", "de"]);
  await row(view, "apiKey").click();
  await panel.getByText(/Compared with .*: value/).waitFor();
  assert.ok(!(await view.locator(".frame").innerText()).includes("canary"));
  // A refresh of the one keeps the other.
  await page.evaluate(() => globalThis.asked.splice(0));
  await view.getByRole("button", { name: "Refresh" }).click();
  await view.locator("select[name=moment]").waitFor();
  assert.deepEqual(await page.evaluate(() => globalThis.asked.map(({ sessionId }) => sessionId)), ["sess_a"]);
  await marked(view, DIFFERENT);
  await view.getByRole("button", { name: "Compare with the one before again" }).click();
  await marked(view, []);
  await panel.getByText("no change").waitFor();
  await close();
});

test("a saved file is the other side, and another session ends it", async () => {
  const { view, close } = await openA();
  await init();
  const saved = Snapshot.parse(JSON.stringify({ variables: SESSIONS.sess_b }), { sessionId: "sess_of_file" }).toFile();
  await view.evaluate((element, text) => element.compareWith(new Blob([text])), saved);
  await view.locator(".moments").getByText("sess_of_file").waitFor();
  // What is masked in the file is another text than what is here.
  await marked(view, DIFFERENT);
  // The reader chooses the same file.
  await view.evaluate((element) => element.compareWith());
  await marked(view, []);
  await view.locator(".compare-menu").click();
  await view
    .locator(".compare-menu ~ .menu-items input[type=file]")
    .setInputFiles({ name: "b.json", mimeType: "application/json", buffer: Buffer.from(saved) });
  await view.locator(".moments").getByText("sess_of_file").waitFor();
  await view.locator(".compare-menu ~ .menu-items").waitFor({ state: "hidden" });
  await view.evaluate((element) => element.load("sess_b"));
  await row(view, "only_b").waitFor();
  assert.equal(await view.locator(".moments").count(), 0);
  await marked(view, []);
  await close();
});

test("what cannot be read as the other side is said there, and what is shown stays; it is read with the same scope", async () => {
  const { page, view, close } = await openA({ width: 320, height: 640 });
  await view.evaluate(async (element) => {
    element.viewState = { query: { sessionId: "sess_a", scope: "user", includeSystem: true } };
  });
  await page.waitForFunction(() => globalThis.asked.at(-1).scope === "user");
  await view.locator(".compare-menu").click();
  const form = view.locator(".compare-menu ~ .menu-items");
  await form.getByRole("textbox").fill("sess_nowhere");
  await form.getByRole("button", { name: "Compare" }).click();
  await form.getByRole("alert").getByText("The page's own source failed.").waitFor();
  const box = await form.boundingBox();
  assert.ok(box.x >= 0 && box.x + box.width <= 320, JSON.stringify(box));
  assert.equal(await view.locator(".notice").count(), 0);
  await row(view, "lang").waitFor();
  assert.deepEqual(await page.evaluate(() => globalThis.asked.at(-1)), {
    sessionId: "sess_nowhere",
    scope: "user",
    includeSystem: true,
  });
  const error = await view.evaluate((element) => element.compareWith("sess_nowhere").catch(({ code }) => code));
  assert.equal(error, "SOURCE_FAILED");
  await close();
});

test("a comparison ends no load that is under way, and a load ends the comparison", async () => {
  const { view, close } = await openA();
  const outcome = await view.evaluate(async (element, rows) => {
    const [slow, asked, other] = [0, 1, 2].map(() => Promise.withResolvers());
    element.source = ({ sessionId }) => {
      if (sessionId !== "sess_slow") return { variables: rows };
      asked.resolve();
      return slow.promise;
    };
    const load = element.load("sess_slow");
    await asked.promise;
    await element.compareWith("sess_b");
    slow.resolve({ variables: rows });
    const { sessionId } = await load;
    element.source = ({ sessionId }) => {
      if (sessionId !== "sess_b") return { variables: rows };
      other.resolve();
      return new Promise(() => undefined);
    };
    const compared = element.compareWith("sess_b").catch(({ code }) => code);
    await other.promise;
    await element.refresh();
    return [sessionId, await compared];
  }, SESSIONS.sess_a);
  assert.deepEqual(outcome, ["sess_slow", "ABORTED"]);
  await close();
});

/** What is shown of what, and by what: rows with their changes, and the other side. */
const sides = async ({ host, table, summary }) => [
  summary?.sessionId,
  summary?.other?.sessionId,
  (await host.rows(table.rows.head.version, 0, 100)).value.map(({ kind, row }) => [row.name, row.change ?? kind]),
];
const quiet = () => new Promise((resolve) => setTimeout(resolve, 30));

/** A model that shows one session of two, and notes what is asked for. */
async function openSided(options) {
  const asked = [];
  const source = ({ sessionId, scope, includeSystem }) => {
    asked.push([sessionId, scope, includeSystem === true]);
    if (!SESSIONS[sessionId]) throw new Error("no such session");
    return { variables: SESSIONS[sessionId].filter((row) => scope === undefined || row.scope === scope) };
  };
  const opened = await openModel(source, options);
  await opened.load("sess_a");
  const ask = async (change) => {
    opened.model.query = { ...opened.model.query, ...change };
    await opened.model.load();
    await quiet();
  };
  return { ...opened, asked, ask };
}

test("another scope, or system variables, are asked of both sides; and a comparison that has ended is not taken up again", async () => {
  const { model, asked, ask } = await openSided();
  await model.comparison.withOther("sess_b");
  asked.splice(0);
  await ask({ scope: "user" });
  assert.deepEqual(asked, [
    ["sess_a", "user", false],
    ["sess_b", "user", false],
  ]);
  assert.deepEqual(await sides(model), [
    "sess_a",
    "sess_b",
    [
      ["same", "variable"],
      ["lang", "changed"],
    ],
  ]);
  // Changed twice in a row: what is shown last counts.
  asked.splice(0);
  model.query = { ...model.query, includeSystem: true };
  const first = model.load().catch(() => undefined);
  await ask({ scope: "bot" });
  await first;
  assert.deepEqual(asked.at(-1), ["sess_b", "bot", true]);
  assert.deepEqual((await sides(model))[2], [
    ["only_a", "added"],
    ["apiKey", "changed"],
    ["only_b", "removed"],
  ]);
  await model.comparison.withMoment(undefined);
  asked.splice(0);
  await ask({ scope: "user" });
  assert.deepEqual(asked, [["sess_a", "user", true]]);
  assert.equal(model.summary.other, undefined);
  await model.comparison.withOther("sess_b");
  await ask({ sessionId: "sess_b" });
  assert.equal(model.summary.other, undefined);
  model.close();
});

test("a file stays the other side under another scope; a session that is gone by then ends the comparison, and says so", async () => {
  const { model, told, ask } = await openSided();
  await init();
  const saved = Snapshot.parse(JSON.stringify({ variables: SESSIONS.sess_b }), { sessionId: "of_file" }).toFile();
  await model.comparison.withOther(new Blob([saved]));
  await ask({ scope: "user" });
  assert.deepEqual((await sides(model)).slice(0, 2), ["sess_a", "of_file"]);
  const { sess_b } = SESSIONS;
  await model.comparison.withOther("sess_b");
  delete SESSIONS.sess_b;
  await ask({ scope: "bot" });
  SESSIONS.sess_b = sess_b;
  assert.deepEqual((await sides(model)).slice(0, 2), ["sess_a", undefined]);
  assert.deepEqual([model.fault.code, told.faults.length], ["SOURCE_FAILED", 1]);
  model.close();
});

test("what was chosen last counts, though the other side comes later", async () => {
  const slow = deferred();
  const { model, load } = await openModel(async ({ sessionId }) => {
    if (sessionId === "sess_b") await slow.promise;
    return { variables: SESSIONS[sessionId] };
  });
  await load("sess_a");
  const late = model.comparison.withOther("sess_b").catch(({ code }) => code);
  await new Promise(setImmediate);
  await model.comparison.withMoment(undefined);
  slow.resolve();
  assert.equal(await late, "ABORTED");
  assert.equal(model.summary.other, undefined);
  assert.deepEqual(
    (await sides(model))[2].map(([, change]) => change),
    ["variable", "variable", "variable", "variable"],
  );
  model.close();
});

test("the other side is no news for a webhook", async () => {
  const posted = [];
  const heard = [];
  const receiver = await startOrigin(async (_, request, send) => {
    posted.push(JSON.parse(await textOf(request)).session_id);
    send(204, "");
    heard.shift()?.();
  });
  const post = () => new Promise((resolve) => heard.push(resolve));
  const first = post();
  const { model, load } = await openSided({ webhook: { url: `${receiver.address}/own/hook` } });
  await first;
  await model.comparison.withOther("sess_b");
  const second = post();
  await load("sess_a");
  await second;
  await quiet();
  assert.deepEqual(posted, ["sess_a", "sess_a"]);
  assert.equal((await model.host.audit()).value.filter(({ action }) => action === "source").length, 3);
  model.close();
  receiver.stop();
});
