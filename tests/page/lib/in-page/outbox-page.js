/** Takes snapshots into two outboxes and tells the test which of them the engine has acknowledged. Is killed at any moment. */
import { passOverWaits } from "./virtual-clock.js";

const REFUSED = ["OUTBOX_FULL", "STORAGE_UNAVAILABLE"];
const [fetchNow, timeout] = [fetch.bind(globalThis), setTimeout.bind(globalThis)];
const rest = (ms) => new Promise((resolve) => timeout(resolve, ms));
const ask = async (path) => (await fetchNow(`/own/${path}`)).json();

const { startMs, secret, endpoints } = await ask("begin");
passOverWaits({ startMs, breathe: () => rest(1) });
const engine = await import("/index.js");
await engine.default();
const algorithm = { name: "HMAC", hash: "SHA-256" };
const key = await crypto.subtle.importKey("raw", Uint8Array.from(secret), algorithm, false, ["sign"]);
const source = ({ sessionId }) =>
  JSON.stringify({ variables: [{ name: "turn", value: `Zug ${sessionId} ✓`, scope: "user" }] });

async function fill(endpoint) {
  const webhook = { url: `${location.origin}/own/hook/${endpoint}`, keys: [key] };
  const sessions = new engine.SessionDebugger({ source, webhook });
  let kept = "";
  for (;;) {
    const { number } = await ask(`next/${endpoint}?kept=${kept}`);
    if (number === null) break;
    await sessions.snapshot({ sessionId: String(number) });
    const refused = sessions
      .auditTrail()
      .some(({ sessionId, outcome }) => sessionId === String(number) && REFUSED.includes(outcome));
    kept = refused ? "" : String(number);
  }
  for (;;) {
    const { waiting, dead, durable } = await sessions.outbox();
    await ask(`status/${endpoint}?waiting=${waiting}&dead=${dead}&durable=${durable}`);
    await rest(20);
  }
}

await Promise.all(endpoints.map(fill));
