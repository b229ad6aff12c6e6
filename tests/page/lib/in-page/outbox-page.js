/** Takes snapshots into two outboxes and tells the test which of them the engine has acknowledged. Is killed at any moment. */
import { passOverWaits } from "./virtual-clock.js";

const REFUSED = ["OUTBOX_FULL", "STORAGE_UNAVAILABLE"];
const [fetchNow, timeout] = [fetch.bind(globalThis), setTimeout.bind(globalThis)];
const rest = (ms) => new Promise((resolve) => timeout(resolve, ms));
const ask = async (path) => (await fetchNow(`/own/${path}`)).json();

const { startMs, secret, endpoints } = await ask(`begin?stored=${await storedSoFar()}`);
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
    const { durable } = await sessions.outbox();
    const { number } = await ask(`next/${endpoint}?kept=${kept}&durable=${durable}&now=${Date.now()}`);
    if (number === null) break;
    await sessions.snapshot({ sessionId: String(number) });
    const refused = sessions
      .auditTrail()
      .some(({ sessionId, outcome }) => sessionId === String(number) && REFUSED.includes(outcome));
    kept = refused ? "" : String(number);
  }
  for (;;) {
    const { waiting, dead, durable } = await sessions.outbox();
    await ask(`status/${endpoint}?waiting=${waiting}&dead=${dead}&durable=${durable}&now=${Date.now()}`);
    await rest(20);
  }
}

await Promise.all(endpoints.map(fill));

/** How many records were ever stored, as the browser has it; -1 where there is no database. */
async function storedSoFar() {
  const [database] = await indexedDB.databases();
  if (!database) return -1;
  // One that was killed may still be giving it back.
  for (let attempt = 1; ; attempt += 1) {
    try {
      const db = await result(indexedDB.open(database.name));
      const totals = await result(db.transaction("notes").objectStore("notes").get(""));
      db.close();
      return totals?.number ?? 0;
    } catch (error) {
      if (attempt > 10) throw error;
      await rest(200);
    }
  }
}

function result(request) {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
  });
}
