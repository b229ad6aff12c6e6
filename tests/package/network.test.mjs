/** What Node tells of a network that is broken, and a tenant that asks for a token. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { installPacked } from "./support.mjs";

const packed = installPacked();
let engine;

before(async () => {
  engine = await packed.load();
  await engine.default();
});
after(() => packed.remove());

/** A server on loopback, and where it is. */
async function serve(answer) {
  const server = createServer(answer);
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  return { server, baseUrl: `http://127.0.0.1:${address.port}` };
}

async function failure(options) {
  const sessions = new engine.SessionDebugger({ retry: { attempts: 1 }, ...options });
  return Object(await sessions.snapshot({ sessionId: "sess_secret_id" }).catch((error) => error));
}

test("a refused connection and an unknown host are told by Node's own word, apart from our message", async () => {
  const { server, baseUrl } = await serve(() => {});
  server.close();
  await once(server, "close");
  const refused = await failure({ baseUrl });
  assert.equal(refused.code, "NETWORK_OR_CORS");
  assert.match(refused.problem, /ECONNREFUSED/);
  const unknown = await failure({ baseUrl: "https://nobody.invalid" });
  assert.match(unknown.problem, /ENOTFOUND|EAI_AGAIN/);
  const noToken = await failure({ baseUrl, token: `${baseUrl}/token` });
  assert.equal(noToken.code, "TOKEN_PROVIDER_FAILED");
  assert.match(noToken.problem, /ECONNREFUSED/);
  for (const { message, problem } of [refused, unknown, noToken]) {
    assert.doesNotMatch(message, /CORS|browser|ECONN|ENOTFOUND/);
    assert.doesNotMatch(message + problem, /sess_secret_id/);
  }
});

test("an answer that breaks off says why, too", async () => {
  const { server, baseUrl } = await serve((_, response) => {
    response.writeHead(200, { "content-type": "application/json", "content-length": "100" });
    response.write('{"variables":[', () => response.destroy());
  });
  const broken = await failure({ baseUrl });
  assert.equal(broken.code, "BODY_TRUNCATED");
  assert.match(broken.problem, /UND_ERR|closed|ECONNRESET/);
  server.close();
});

test("a tenant that asks for a token where none is configured says what to do", async () => {
  const { server, baseUrl } = await serve((_, response) => response.writeHead(401).end());
  const refused = await failure({ baseUrl });
  assert.deepEqual([refused.code, refused.status], ["UNAUTHENTICATED", 401]);
  assert.match(refused.message, /none is configured.*option token/);
  server.close();
});

test("what a token function says of its life may be missing, a number or its digits, and nothing else", async () => {
  const { server, baseUrl } = await serve((_, response) => {
    response.setHeader("content-type", "application/json").end('{"variables":[]}');
  });
  const read = async (life) => {
    const sessions = new engine.SessionDebugger({ baseUrl, token: () => ({ access_token: "abc", ...life }) });
    return sessions.snapshot({ sessionId: "s" }).then(
      () => "read",
      (error) => error.code,
    );
  };
  for (const life of [{}, { expires_in: null }, { expires_in: 60 }, { expires_in: "60" }]) {
    assert.equal(await read(life), "read", JSON.stringify(life));
  }
  for (const expires_in of ["soon", "", "1e3", -1, Number.NaN, true, {}]) {
    assert.equal(await read({ expires_in }), "TOKEN_INVALID", String(expires_in));
  }
  server.close();
});
