/** The engine by itself in pages whose policy forbids WebAssembly, and where its file is missing. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ownStage } from "./lib/own-stage.mjs";

const POLICY = "default-src 'none'; connect-src 'self'; script-src 'self'";
const PAGES = { "/own/strict": POLICY, "/own/open": `${POLICY} 'wasm-unsafe-eval'` };

const stage = ownStage(({ pathname }, _, send, response) => {
  if (!PAGES[pathname]) return send(404, "", "text/plain");
  response.setHeader("content-security-policy", PAGES[pathname]);
  return send(200, "<!doctype html><title>strict</title>", "text/html");
});

/** What each of the loads comes to, one after the other, in one page: what is 42, or the fields of the error. */
async function load(context, path, entry, ...inputs) {
  const page = await stage.browser.newPage();
  context.after(() => page.close());
  await page.goto(stage.address + path);
  return page.evaluate(
    async ({ entry, inputs }) => {
      const engine = await import(`/${entry}.js`);
      const outcomes = [];
      for (const input of inputs) {
        const loaded = engine.default(input ?? undefined).then(() => engine.coerce("42").value);
        outcomes.push(
          await loaded.catch((error) => {
            const { name, code, retryable, message, cause } = error;
            const known = engine.isDebuggerError(error);
            return { name, code, retryable, known, message, cause: cause.name };
          }),
        );
      }
      return outcomes;
    },
    { entry, inputs },
  );
}

for (const entry of ["index", "inline"]) {
  test(`${entry}: a policy without 'wasm-unsafe-eval' is told as such, again and again`, async (context) => {
    const outcomes = await load(context, "/own/strict", entry, null, null);
    for (const { message, ...fields } of outcomes) {
      assert.deepEqual(fields, {
        name: "DebuggerError",
        code: "WASM_BLOCKED",
        retryable: false,
        known: true,
        cause: "CompileError",
      });
      assert.match(message, /add 'wasm-unsafe-eval' to script-src/);
    }
    assert.equal(outcomes.length, 2);
    assert.deepEqual(await load(context, "/own/open", entry, null), [42], "with it the engine works");
  });
}

test("a file that is missing is told as such, blames no policy, and may be tried again", async (context) => {
  const [missing, elsewhere, again] = await load(
    context,
    "/own/open",
    "index",
    "/own/gone.wasm",
    "https://elsewhere.example/",
    null,
  );
  for (const { message, cause, ...fields } of [missing, elsewhere]) {
    assert.deepEqual(fields, { name: "DebuggerError", code: "WASM_NOT_LOADED", retryable: true, known: true });
    assert.match(cause, /Error$/);
    assert.doesNotMatch(message, /policy|unsafe-eval/);
  }
  assert.equal(
    elsewhere.cause,
    "TypeError",
    "a policy that forbids the request is not told as one that forbids WebAssembly",
  );
  assert.equal(again, 42);
});
