/**
 * A relay between the debugger's page and the platform: the page asks it with a short-lived token, and it asks the platform with the
 * API key, which has all rights of its user and so never leaves it. The preset `relay` of the package asks for this route.
 *
 *     COGNIGY_API=https://api-trial.cognigy.ai/new COGNIGY_API_KEY=… COGNIGY_PROJECT=… RELAY_TOKEN=… RELAY_PUSH_SECRET=… \
 *       node examples/relay.mjs [port]
 *
 * No documented route of the platform reads the context of a live session, so the flow hands it over: a node for HTTP requests at its end
 * sends a POST to `/cognigy-debug/{sessionId}` with `x-push-secret` and `{ "userId", "input", "context", "profile" }`. The contact
 * profile is asked of the platform where the flow has sent none. Nothing is stored but the latest of each session, in memory.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";

const ROUTE = /^\/cognigy-debug\/([^/]+)$/;
const MOST_SESSIONS = 1_000;
const MOST_BYTES = 2 ** 20;
const PLATFORM_MS = 10_000;

/** What the caller is answered instead of a session. */
class Refusal extends Error {
  constructor(status, detail, headers = {}) {
    super(detail);
    this.status = status;
    this.headers = headers;
  }
}

const digest = (text) => createHash("sha256").update(text).digest();
/** Takes as long whether the first character is wrong or the last. */
const isSame = (one, other) => timingSafeEqual(digest(one), digest(other));

/**
 * @param {{ api: string, apiKey: string, projectId: string, pushSecret: string, origins?: string[],
 *   mayRead: (token: string, sessionId: string) => boolean | Promise<boolean> }} options `mayRead` is where your own login stands:
 *   whether the short-lived token that your backend has issued may read this session. `origins`: of pages on other hosts.
 */
export function createRelay({ api, apiKey, projectId, pushSecret, origins = [], mayRead }) {
  /** @type {Map<string, Record<string, unknown>>} The latest of each session, the longest untouched first. */
  const latest = new Map();

  async function keep(request, sessionId) {
    if (!isSame(String(request.headers["x-push-secret"] ?? ""), pushSecret))
      throw new Refusal(401, "The push secret is wrong.");
    const bundle = await readObject(request);
    latest.delete(sessionId);
    latest.set(sessionId, bundle);
    if (latest.size > MOST_SESSIONS) latest.delete(latest.keys().next().value ?? "");
    return undefined;
  }

  async function read(request, sessionId, userId) {
    const [, token = ""] = /^Bearer (.+)$/i.exec(request.headers.authorization ?? "") ?? [];
    if (token === "") throw new Refusal(401, "There is no token.", { "www-authenticate": "Bearer" });
    if (!(await mayRead(token, sessionId)))
      throw new Refusal(401, "The token is wrong or over.", { "www-authenticate": 'Bearer error="invalid_token"' });
    const pushed = latest.get(sessionId);
    if (userId && pushed?.userId !== undefined && pushed.userId !== userId)
      throw new Refusal(404, "The session is of another user.");
    const profile = pushed?.profile ?? (userId ? await askProfile(userId) : undefined);
    if (!pushed && !profile)
      throw new Refusal(404, "The flow has sent nothing of this session, and there is no profile.");
    return { sessionId, ...(userId ? { userId } : {}), ...pushed, ...(profile ? { profile } : {}) };
  }

  /** What the filter compares is not documented: the right one is picked here. */
  async function askProfile(userId) {
    const query = new URLSearchParams({ projectId, filter: userId, limit: "100" });
    const { items = [] } = (await ask(`/v2.0/profiles?${query}`)) ?? {};
    return items.find((item) => item.contactIds?.includes(userId))?.profile;
  }

  async function ask(path) {
    const headers = { accept: "application/json", "x-api-key": apiKey };
    const answer = await fetch(api + path, {
      headers,
      redirect: "error",
      signal: AbortSignal.timeout(PLATFORM_MS),
    }).catch(() => {
      throw new Refusal(504, "The platform does not answer.");
    });
    if (answer.ok) return answer.json();
    if (answer.status === 404) return undefined;
    if (answer.status === 429 || answer.status === 503) {
      const after = answer.headers.get("retry-after");
      throw new Refusal(answer.status, "The platform asks for a pause.", after ? { "retry-after": after } : {});
    }
    // Whatever is wrong with the key is not the reader's to mend, and no token of his would help.
    throw new Refusal(502, `The platform answered the relay with ${answer.status}.`);
  }

  return createServer(async (request, response) => {
    const origin = request.headers.origin ?? "";
    const cors = origins.includes(origin)
      ? {
          "access-control-allow-origin": origin,
          "access-control-allow-headers": "authorization",
          "access-control-expose-headers": "retry-after, www-authenticate",
          "access-control-max-age": "7200",
          vary: "origin",
        }
      : {};
    const send = (status, body, headers = {}) => {
      response.writeHead(status, {
        "content-type": "application/json",
        "cache-control": "no-store",
        ...cors,
        ...headers,
      });
      response.end(body === undefined ? undefined : JSON.stringify(body));
    };
    try {
      const { pathname, searchParams } = new URL(request.url ?? "/", "http://relay");
      const [, segment] = ROUTE.exec(pathname) ?? [];
      if (!segment) throw new Refusal(404, "There is no such route.");
      const sessionId = decodeURIComponent(segment);
      if (request.method === "OPTIONS") return send(204);
      if (request.method === "POST") return send(204, await keep(request, sessionId));
      if (request.method !== "GET") throw new Refusal(405, "Sessions are read here.", { allow: "GET, POST, OPTIONS" });
      send(200, await read(request, sessionId, searchParams.get("userId")));
    } catch (error) {
      const { status, headers } = error instanceof Refusal ? error : new Refusal(500, "");
      send(status, { detail: error instanceof Refusal ? error.message : "The relay has failed." }, headers);
    }
  });
}

async function readObject(request) {
  const pieces = [];
  let bytes = 0;
  for await (const piece of request) {
    bytes += piece.length;
    if (bytes > MOST_BYTES) throw new Refusal(413, "That is too much of one session.");
    pieces.push(piece);
  }
  let value;
  try {
    value = JSON.parse(Buffer.concat(pieces).toString("utf8"));
  } catch {
    throw new Refusal(400, "The body is no JSON.");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Refusal(400, "An object is asked for.");
  return value;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const asked = (name) => {
    const value = process.env[name];
    if (!value) throw new Error(`Set ${name}.`);
    return value;
  };
  const token = asked("RELAY_TOKEN");
  const relay = createRelay({
    api: asked("COGNIGY_API"),
    apiKey: asked("COGNIGY_API_KEY"),
    projectId: asked("COGNIGY_PROJECT"),
    pushSecret: asked("RELAY_PUSH_SECRET"),
    origins: (process.env.RELAY_ORIGINS ?? "").split(" ").filter(Boolean),
    // One token for everybody, to try it out: let your own backend issue tokens that are over within minutes.
    mayRead: (given) => isSame(given, token),
  });
  relay.listen(Number(process.argv[2] ?? 4180), () => console.log("Relay ready", relay.address()));
}
