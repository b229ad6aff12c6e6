/** What the outbox does where the browser's storage fails, and after it. */

/** What is bad is large as well, and no browser can pack it. */
const source = ({ sessionId }) => {
  const word = () => Math.random().toString(36).slice(2, 6);
  const value = Array.from({ length: sessionId === "bad" ? 100_000 : 1 }, word).join(" ");
  const variables = [
    { name: "age", value: "42", scope: "user" },
    { name: "note", value, scope: "user" },
  ];
  return JSON.stringify({ variables });
};
const rest = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A debugger whose deliveries are taken; `webhook` is what its trail says of them, for one session. */
export function open(engine) {
  const sessions = new engine.SessionDebugger({
    source,
    mask: false,
    webhook: { url: `${location.origin}/own/hook`, maxBytes: 1_000_000 },
  });
  return {
    sessions,
    take: async (sessionId) => (await sessions.snapshot({ sessionId })).get("age").value,
    records: (session) =>
      sessions
        .auditTrail()
        .filter(({ action, sessionId }) => action === "webhook" && sessionId === session)
        .map(({ outcome }) => outcome),
    async drained() {
      while ((await sessions.outbox()).waiting > 0) await rest(5);
    },
  };
}

const nothing = () => undefined;

/** Takes `bad` while the fault is there and `good` after it. What a fault needs before is done with `first`. */
async function throughFault(engine, begin, end) {
  const box = open(engine);
  await box.take("first");
  await box.drained();
  await begin();
  const bad = await box.take("bad");
  await end();
  const good = await box.take("good");
  await box.drained();
  const { durable, dead } = await box.sessions.outbox();
  return { bad, good, records: ["bad", "good"].map(box.records), durable, dead };
}

/** From now on the browser aborts each transaction, after all of its requests have succeeded. Gives what takes this back. */
export function abortWrites() {
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = function (...args) {
    const request = put.apply(this, args);
    if (this.name === "notes") request.addEventListener("success", () => this.transaction.abort());
    return request;
  };
  return () => {
    IDBObjectStore.prototype.put = put;
  };
}

export const aborted = (engine) => {
  let end = nothing;
  const begin = () => {
    end = abortWrites();
  };
  return throughFault(engine, begin, () => end());
};

/** A transaction of another page that hangs keeps all others waiting. */
export async function held(engine) {
  let hangs = true;
  const begin = async () => {
    const opening = indexedDB.open("cognigy-session-debugger", 1);
    await new Promise((resolve) => {
      opening.onsuccess = resolve;
    });
    const store = opening.result.transaction(["heads", "bodies", "notes", "log"], "readwrite").objectStore("notes");
    const hold = () => {
      if (hangs) store.get("-").onsuccess = hold;
    };
    hold();
  };
  return throughFault(engine, begin, () => {
    hangs = false;
  });
}

/** There is no room for what is large. `setQuota` is the test's: it tells the browser. */
export async function overQuota(engine) {
  await globalThis.setQuota(100_000);
  return throughFault(engine, nothing, nothing);
}

/** The reader clears what the site has stored, while the page is open. */
export const cleared = (engine) => throughFault(engine, () => globalThis.clearData(), nothing);

/** Another page keeps the database from being opened. Gives what lets go of it. */
export async function blockDatabase() {
  const request = indexedDB.open("cognigy-session-debugger", 1);
  const stubborn = await new Promise((resolve) => {
    request.onsuccess = () => resolve(request.result);
  });
  indexedDB.deleteDatabase("cognigy-session-debugger");
  return () => stubborn.close();
}

export async function blocked(engine) {
  const end = await blockDatabase();
  const box = open(engine);
  const bad = await box.take("bad");
  await box.drained();
  const during = await box.sessions.outbox();
  end();
  const next = open(engine);
  const good = await next.take("good");
  await next.drained();
  const after = await next.sessions.outbox();
  return {
    bad,
    good,
    records: [box.records("bad"), next.records("good")],
    during: during.durable,
    after: after.durable,
  };
}

/** The browser fails to open the database at first, as one that was killed may when it is started again. */
export async function stumbling(engine) {
  const { open: really } = IDBFactory.prototype;
  IDBFactory.prototype.open = function () {
    IDBFactory.prototype.open = really;
    const request = this.open("another", 1);
    request.addEventListener("upgradeneeded", () => request.transaction.abort());
    return request;
  };
  const box = open(engine);
  const good = await box.take("good");
  await box.drained();
  return { good, durable: (await box.sessions.outbox()).durable };
}
