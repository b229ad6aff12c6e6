/** Measures writes into the outbox, and says in what order things happen. */

/** Every transaction that writes: how durable it asked to be, how long it took, and whether it is over. */
const writes = [];
let whenWriting = () => undefined;

function watchWrites() {
  const { transaction } = IDBDatabase.prototype;
  IDBDatabase.prototype.transaction = function (names, mode, options) {
    const made = transaction.call(this, names, mode, options);
    if (mode !== "readwrite") return made;
    const write = { durability: made.durability, since: performance.now(), ms: Number.NaN, over: false };
    writes.push(write);
    made.addEventListener("complete", () => Object.assign(write, { ms: performance.now() - write.since, over: true }));
    whenWriting(made);
    return made;
  };
}

/** So many snapshots, one after the other, to a receiver that does not answer: all writes are of snapshots that are stored. */
export async function measure(engine, count) {
  watchWrites();
  const source = () => '{"variables":[{"name":"age","value":"42","scope":"user"}]}';
  const rateLimit = { requests: 1_000_000, windowMs: 1_000 };
  const webhook = { url: `${location.origin}/own/silent`, timeoutMs: 600_000 };
  const sessions = new engine.SessionDebugger({ source, rateLimit, webhook });
  // The first one opens the database, and its delivery, which does not end, is claimed.
  await sessions.snapshot({ sessionId: "first" });
  while (!writes[1]?.over) await new Promise((resolve) => setTimeout(resolve, 5));
  writes.length = 0;
  let early = 0;
  for (let number = 0; number < count; number++) {
    await sessions.snapshot({ sessionId: `s${number}` });
    if (writes.length !== number + 1 || !writes[number].over) early += 1;
  }
  const { waiting, durable } = await sessions.outbox();
  const times = writes.map(({ ms }) => ms);
  const durabilities = [...new Set(writes.map(({ durability }) => durability))];

  // A transaction that goes on for longer keeps its caller waiting.
  let held = false;
  let saidEarly = false;
  whenWriting = (made) => {
    held = true;
    const until = performance.now() + 200;
    const goOn = () => {
      const request = made.objectStore("notes").get("none");
      request.onsuccess = () => (performance.now() < until ? goOn() : Object.assign(globalThis, { released: true }));
    };
    goOn();
  };
  await sessions.snapshot({ sessionId: "held" });
  saidEarly = !("released" in globalThis);
  return { times, durabilities, early, waiting, durable, held, saidEarly };
}
