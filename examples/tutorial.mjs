/**
 * The tutorial's own example: the user's variables of one session, resolved, printed, and posted to a webhook.
 *
 *     npm start                                # in another terminal: the sandbox and its address
 *     node examples/tutorial.mjs [address] [webhook]
 */
import init, { SessionDebugger } from "cognigy-session-debugger";

const [
  address = process.env.SANDBOX_URL ?? "http://127.0.0.1:4173",
  webhook = `${new URL("/sandbox/webhook", address)}`,
] = process.argv.slice(2);

/** A browser has its user's cookie already; a program gets it as the page would, and asks for a token with it. */
async function token({ reason, signal }) {
  const page = await fetch(new URL("/", address), { signal });
  const cookie = page.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
  const body = new URLSearchParams({ reason });
  const answer = await fetch(new URL("/debug/token", address), { method: "POST", headers: { cookie }, body, signal });
  if (!answer.ok) throw new Error(`The token endpoint answered ${answer.status}.`);
  return answer.json();
}

try {
  await init();
  const sessions = new SessionDebugger({ baseUrl: address, token, webhook: { url: webhook } });
  const snapshot = await sessions.snapshot({
    sessionId: "sess_9f8e7d6c5b4a3210",
    name: "user_",
    scope: "user",
    includeSystem: true,
  });
  const { metrics } = JSON.parse(snapshot.toJsonText());
  const latency = (metrics.avg_latency * 1000).toFixed(1);
  console.log(`${metrics.total_retrieved} variables, average latency ${latency} ms`);
  const winners = snapshot.names().flatMap((name) => snapshot.get(name) ?? []);
  for (const { name, raw, scope, type } of winners) {
    // What came is exact whatever it is; a number of JavaScript would round long ones.
    console.log(`${name} [${scope}] (${type}): ${type === "string" ? JSON.stringify(raw) : raw}`);
  }
} catch (error) {
  console.error(error.code ? `${error.code}: ${error.message}` : error);
  const cause = error.cause?.cause ?? error.cause;
  if (cause)
    console.error(`Cause: ${cause.message ?? cause}. Is \`npm start\` running, and is ${address} its address?`);
  process.exitCode = 1;
}
