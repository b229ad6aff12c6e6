/** A browser without SIMD for WebAssembly: the engine is the other file, in the worker and in the page. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fallbackWasmFile, wasmFile } from "../../scripts/lib/paths.mjs";
import { filter, row, stage } from "./lib/stage.mjs";

/** V8 takes SIMD away where the processor seems to lack SSSE3. */
const { open } = stage({ args: ["--js-flags=--no-enable-ssse3"] });
const skip = process.arch !== "x64" && "Chromium can do without SIMD on x64 alone";

const SHOP = "/?session=sess_shop_4711";

/** Loads the page under another policy. Gives the engines' files that were fetched by the time the rows are there. */
async function loadUnder({ page, view }, change) {
  await page.route("**/?session=*", async (route) => {
    const response = await route.fetch();
    const headers = response.headers();
    const policy = change(headers["content-security-policy"]);
    await route.fulfill({ response, headers: { ...headers, "content-security-policy": policy } });
  });
  const fetched = new Set();
  page.on("request", (request) => fetched.add(new URL(request.url()).pathname));
  await page.goto(new URL(SHOP, page.url()).href);
  await filter(view, "voucher_code");
  assert.match(await row(view, "voucher_code").innerText(), /"007"\s*leading zero[\s\S]*string/);
  return [...fetched].filter((path) => path.endsWith(".wasm"));
}

test("in a browser without SIMD the worker fetches the engine that needs none", { skip }, async () => {
  const opened = await open();
  assert.deepEqual(await loadUnder(opened, (policy) => policy), [`/${fallbackWasmFile}`]);
  assert.equal(opened.page.workers().length, 1);
  await opened.close();
});

test("so does the page where it has no worker, and the usual engine would not compile", { skip }, async () => {
  const opened = await open();
  const { page, expected, close } = opened;
  expected.push(/worker/i);
  const inPage = (policy) =>
    policy
      .replace("worker-src 'self'", "worker-src 'none'")
      .replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'");
  assert.deepEqual(await loadUnder(opened, inPage), [`/${fallbackWasmFile}`]);
  assert.equal(page.workers().length, 0);
  const usual = await page.evaluate(
    (file) => WebAssembly.compileStreaming(fetch(file)).then(() => "compiles", String),
    `/${wasmFile}`,
  );
  assert.match(usual, /CompileError: .*SIMD unsupported/);
  await close();
});
