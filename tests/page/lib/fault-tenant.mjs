/**
 * A tenant, its token endpoint and a receiver of webhooks on loopback, which have each fault of a request that a server can have.
 *
 * The host's first label says which kind of fault it is, and the session what becomes of each attempt at it: `fault>good~2` meets the
 * fault at first and is well from then on; what follows `~` only keeps two sessions apart. `held-…` is kept waiting until `release`.
 */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { root } from "../../../scripts/lib/paths.mjs";
import { textOf } from "./own-origin.mjs";

/** All that an answer may hold, in bytes. */
export const BODY_BYTES = 1_048_576;
/** A tenant that asks for this pause, and calls that end before it is over, in ms. */
const HINT_MS = 5_000;
const HASTY_MS = 4_900;
/** What keeps clients from coming back together adds up to so much, in ms. */
const SPREAD_MS = 1_000;
/** After the second failure in a row a source of tokens is left alone for so long at most, in ms. */
const TOKEN_PAUSE_MS = 2_000;
/** Of an answer that does not come, in ms. */
const TOO_LONG_MS = 2_500;

const CORS = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "*",
  "access-control-max-age": "600",
};
const ROWS = {
  good: "1",
  large: Array.from({ length: 160_000 }, () => Math.random().toString(36).slice(2, 5)).join(" "),
};
const rows = (value, more = {}) =>
  JSON.stringify({
    variables: [
      { name: "age", value: "42", scope: "user" },
      { name: "note", value, scope: "user" },
    ],
    ...more,
  });
const GOOD = rows(ROWS.good);

const send = (response, status, headers = {}, body = "") =>
  response
    .writeHead(status, { "content-type": "application/json", connection: "close", ...CORS, ...headers })
    .end(body);
const status = (status, headers, body) => (response) => send(response, status, headers, body);
const json = (body, headers) => status(200, headers, body);
/** The beginning of a body, which is announced in full or not at all, and what comes after it. */
const part = (announced, after) => (response) => {
  const length = announced ? { "content-length": GOOD.length } : {};
  response.writeHead(200, { "content-type": "application/json", connection: "close", ...CORS, ...length });
  response.write(GOOD.slice(0, 30), () => after(response));
};
const reset = (response) => response.socket.resetAndDestroy();

/**
 * `as` is the kind in virtual time of which it is one in a browser, and whose consequence it has to have. `token`: how often the token
 * endpoint has it in a row, when the tenant has refused the token.
 *
 * @type {{ name: string, as?: string, give?: (response: import("node:http").ServerResponse) => void, refuses?: boolean, token?: number, pauseMs?: number, options?: object }[]}
 */
const FAULTS = [
  // A page cannot tell these from each other, nor from a name that is not known.
  { name: "refused", as: "no answer", refuses: true },
  { name: "reset", as: "no answer", give: reset },
  { name: "closed early", as: "no answer", give: (response) => response.socket.end() },
  {
    name: "429 without CORS",
    as: "no answer",
    give: (response) => response.writeHead(429, { connection: "close" }).end(),
  },
  { name: "redirect", as: "no answer", give: status(302, { location: "/good" }) },
  { name: "silence", give: () => undefined, options: { timeoutMs: TOO_LONG_MS } },
  { name: "stall", give: part(true, () => undefined), options: { stallMs: TOO_LONG_MS } },
  { name: "broken body", give: part(false, reset) },
  { name: "short body", give: part(true, (response) => response.socket.end()) },
  { name: "short body, unannounced", give: part(false, (response) => response.end()) },
  { name: "HTML", give: status(200, { "content-type": "text/html" }, "<p>") },
  { name: "HTML as JSON", give: json("<!doctype html>") },
  { name: "204", give: (response) => response.writeHead(204, { connection: "close", ...CORS }).end() },
  ...[400, 401, 403, 404, 408, 410, 413, 425, 429].map((code) => ({ name: String(code), give: status(code) })),
  { name: "422", as: "400", give: status(422) },
  {
    name: "429 with a hint",
    as: "429, come back tomorrow",
    give: status(429, { "retry-after": String(HINT_MS / 1_000) }),
    pauseMs: HINT_MS + SPREAD_MS,
    options: { deadlineMs: HASTY_MS },
  },
  ...[500, 501, 503, 504].map((code) => ({ name: String(code), give: status(code) })),
  { name: "502 with HTML", give: status(502, { "content-type": "text/html" }, "<html>") },
  { name: "503 with a hint", give: status(503, { "retry-after": "1" }) },
  { name: "bad UTF-8", give: json(Buffer.from('{"variables":\xff}', "latin1")) },
  { name: "more than the limit", give: json(" ".repeat(BODY_BYTES + 1)) },
  { name: "a bomb", give: json(gzipSync(Buffer.alloc(16 * BODY_BYTES, " ")), { "content-encoding": "gzip" }) },
  { name: "sixty thousand brackets", give: json(`{"data":${"[".repeat(30_000)}${"]".repeat(30_000)}}`) },
  { name: "no shape", give: json("[]") },
  { name: "pages elsewhere", give: json(rows("1", { pagination: { next: "https://elsewhere.example/" } })) },
  {
    name: "pages in a circle",
    give: (response) => send(response, 200, {}, rows("1", { pagination: { next: response.req.url } })),
  },
  { name: "token endpoint down", give: reset, token: 3, pauseMs: TOKEN_PAUSE_MS },
  {
    name: "token of another kind",
    give: json('{"access_token":"secret","token_type":"mac"}'),
    token: 1,
    pauseMs: TOKEN_PAUSE_MS,
  },
];

/** What the kinds of virtual time lead to, by their names: `Ends`, `Passes` or `Renews`, and the code. */
function virtualKinds() {
  const text = readFileSync(join(root, "tests/support/kinds.rs"), "utf8");
  const kind = /\b(?:tenant|token)\("([^"]+)", (?:(Ends|Passes|Renews)\b(?:\(Code::(\w+)\))?|Code::(\w+))/g;
  const inJavaScript = (code) => code.replace(/\B[A-Z]/g, "_$&").toUpperCase();
  return new Map(
    [...text.matchAll(kind)].map(([, name, then = "Ends", code, token]) => [
      name,
      { then, code: inJavaScript(code ?? token ?? "Unauthenticated") },
    ]),
  );
}

const known = virtualKinds();

/** Every fault with what it leads to. */
export const REQUEST_FAULTS = FAULTS.map((fault) => {
  const consequence = known.get(fault.as ?? fault.name);
  if (!consequence) throw new Error(`tests/support/kinds.rs does not know ${fault.as ?? fault.name}`);
  return { pauseMs: 0, options: {}, ...fault, ...consequence };
});

/** What becomes of each attempt; the last of them of all that come after it. */
export const stepsOf = (session) => session.split("~")[0].split(">");

/** One tenant for all hosts; a fault that refuses connections has a tenant of its own. */
export class FaultTenant {
  /** What each attempt at a session met, what tokens were answered with, and what was delivered, by host. */
  #books = new Map();
  #held = [];
  #tokenFaults = new Map();
  #server = createServer((request, response) => this.#answer(request, response));
  port = 0;

  async up() {
    await once(this.#server.listen(this.port, "127.0.0.1"), "listening");
    this.port = /** @type {import("node:net").AddressInfo} */ (this.#server.address()).port;
  }

  /** Nobody listens there from now on. */
  async down() {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  book(host) {
    if (!this.#books.has(host)) this.#books.set(host, { met: {}, tokens: [], delivered: [] });
    return this.#books.get(host);
  }

  /** How many wait. */
  get holding() {
    return this.#held.length;
  }

  release() {
    for (const answer of this.#held.splice(0)) answer();
  }

  async #answer(request, response) {
    const [host] = String(request.headers.host).split(".");
    const book = this.book(host);
    const { pathname } = new URL(request.url, "http://any");
    if (request.method === "OPTIONS") {
      const allowed = {
        "access-control-allow-headers": "authorization, content-type, webhook-id, webhook-timestamp, webhook-signature",
      };
      return response.writeHead(204, { ...CORS, ...allowed, connection: "close" }).end();
    }
    const fault = REQUEST_FAULTS[Number(host.slice(1))];
    if (pathname === "/hook") {
      book.delivered.push(JSON.parse(await textOf(request)).session_id);
      return response.writeHead(204, { connection: "close", ...CORS }).end();
    }
    if (pathname === "/token") {
      const left = this.#tokenFaults.get(host) ?? 0;
      this.#tokenFaults.set(host, left - 1);
      book.tokens.push(left > 0 ? "fault" : "good");
      return left > 0
        ? fault.give?.(response)
        : send(response, 200, {}, '{"access_token":"t","token_type":"Bearer","expires_in":300}');
    }
    const session = decodeURIComponent(pathname.slice(1));
    const steps = stepsOf(session);
    book.met[session] ??= [];
    const step = steps[Math.min(book.met[session].length, steps.length - 1)];
    const what = step.replace(/^held-/, "");
    book.met[session].push(what);
    const answer = () => this.#give(host, fault, what, response);
    if (what === step) answer();
    else this.#held.push(answer);
  }

  #give(host, fault, what, response) {
    if (response.destroyed) return;
    if (what !== "fault") return send(response, 200, {}, what === "large" ? rows(ROWS.large) : GOOD);
    if (!fault.token) return fault.give(response);
    this.#tokenFaults.set(host, fault.token);
    send(response, 401);
  }
}
