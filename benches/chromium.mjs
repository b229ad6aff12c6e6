/** The same measurements in headless Chromium: a page that was used before, and fresh pages. */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { chromium } from "playwright-core";
import { chromeArgs, findChrome } from "../scripts/lib/chrome.mjs";
import { root, wasmFile } from "../scripts/lib/paths.mjs";
import { makeBody } from "./body.mjs";
import { assembleScan } from "./limits.mjs";
import { CATEGORIES } from "./trace.mjs";

const TYPES = {
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
  ".html": "text/html",
};
const FLAGS = "--js-flags=--expose-gc --no-flush-bytecode";
const SERVED = /^\/(dist|benches|tests\/page\/lib\/in-page|node_modules\/zod)\//;
const IMPORTS = JSON.stringify({ imports: { zod: "/node_modules/zod/index.js" } });
const PAGE = `<!doctype html><title>bench</title><script type="importmap">${IMPORTS}</script>`;

/** Isolated pages have clocks of five microseconds. */
const HEADERS = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "timing-allow-origin": "*",
  "cache-control": "no-store",
};

/** @param {string | undefined} wasm Served in the place of the engine's own. */
async function serve(wasm) {
  const bodies = new Map();
  const scan = await assembleScan();
  const contents = (path) => {
    if (path === "/") return [PAGE, ".html"];
    if (path === "/scan.wasm") return [scan, ".wasm"];
    if (wasm && path === `/dist/${wasmFile}`) return [readFileSync(wasm), ".wasm"];
    const [, count] = /^(?:\/untold)?\/body\/(\d+)$/.exec(path) ?? [];
    if (count) {
      if (!bodies.has(count)) bodies.set(count, makeBody(Number(count)));
      return [bodies.get(count), ".json"];
    }
    return SERVED.test(path) ? [readFileSync(join(root, path)), extname(path)] : [undefined, ""];
  };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const [content, extension] = contents(normalize(pathname));
    const type = TYPES[extension] ?? "application/json";
    const length = content === undefined ? 0 : Buffer.byteLength(content);
    // Whoever compresses an answer on its way does not say how long it will be.
    const told = pathname.startsWith("/untold") ? {} : { "content-length": length };
    response.writeHead(content === undefined ? 404 : 200, { ...HEADERS, ...told, "content-type": type });
    response.end(content);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  return { origin: `http://127.0.0.1:${address.port}`, close: () => server.close() };
}

/**
 * Runs `work` with a way to call functions of a module in a page.
 *
 * @template T @param {(freshPage: () => Promise<any>, version: string) => Promise<T>} work
 * @param {{ wasm?: string }} [options] `wasm` is served in the place of the engine's own.
 */
export async function withChromium(work, { wasm } = {}) {
  const server = await serve(wasm);
  const browser = await chromium.launch({ executablePath: findChrome(), args: [...chromeArgs, FLAGS] });
  const freshPage = async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    page.setDefaultTimeout(0);
    await page.goto(server.origin);
    const call = (module, name, ...args) =>
      page.evaluate(
        async ([path, exported, values]) => (await import(path))[exported](...values),
        /** @type {const} */ ([`/benches/${module}`, name, args]),
      );
    /** As `call`, with the browser's trace of it. */
    const traced = async (...args) => {
      await browser.startTracing(page, { categories: CATEGORIES });
      const result = await call(.../** @type {[string, string]} */ (args));
      return { result, trace: await browser.stopTracing() };
    };
    /** Speaks to the page's own profiler. */
    const inspected = async () => {
      const session = await context.newCDPSession(page);
      return (method, params) => session.send(method, params);
    };
    return { call, traced, inspected, close: () => context.close() };
  };
  try {
    return await work(freshPage, browser.version());
  } finally {
    await browser.close();
    server.close();
  }
}
