/** A server of a test's own: an empty page, the package's files, modules that a page runs, and what the test answers. */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { dist, root } from "../../../scripts/lib/paths.mjs";

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };
const EMPTY = '<!doctype html><title>tab</title><link rel="icon" href="data:,">';
const IN_PAGE = "/in-page/";
const HERE = join(root, "tests/page/lib/in-page");

/**
 * The answer of a test: the first argument is the path.
 *
 * @typedef {(path: URL, request: import("node:http").IncomingMessage, send: Send, response: import("node:http").ServerResponse) => unknown} Answer
 * @typedef {(status: number, body?: string | Buffer, type?: string) => void} Send
 */

/**
 * `/tab` is an empty page, `/in-page/` the folder of that name, `/own/…` is answered by the test, all else are the package's files.
 *
 * @param {Answer} answer
 */
export async function startOrigin(answer) {
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://any");
    /** @type {Send} */
    const send = (status, body = "", type = "application/json") =>
      void response.writeHead(status, { "content-type": type }).end(body);
    if (url.pathname.startsWith("/own/")) return answer(url, request, send, response);
    if (url.pathname === "/tab") return send(200, EMPTY, "text/html");
    const file = url.pathname.startsWith(IN_PAGE)
      ? join(HERE, url.pathname.slice(IN_PAGE.length))
      : join(dist, url.pathname.slice(1));
    try {
      send(200, await readFile(file), TYPES[extname(file)] ?? "application/octet-stream");
    } catch {
      send(404, "", "text/plain");
    }
  });
  // A browser that is killed leaves its connections behind.
  server.on("clientError", (_, socket) => socket.destroy());
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    address: `http://127.0.0.1:${address.port}`,
    /** Waits until all that a browser sent before it was killed has been read, and its connections have ended. */
    async ended() {
      const count = () => new Promise((resolve) => server.getConnections((_, open) => resolve(open ?? 0)));
      while ((await count()) > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    },
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The body of a request. */
export async function textOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
