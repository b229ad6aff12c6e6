/** The audit trail that the browser keeps, as pages of one origin write it. */

const source = () => JSON.stringify({ variables: [{ name: "age", value: "42", scope: "user" }] });

export function open(engine, options = {}) {
  const rateLimit = { requests: 10_000, windowMs: 60_000 };
  return new engine.SessionDebugger({ source, rateLimit, audit: { storage: "persistent" }, ...options });
}

/** Reads so many sessions at once, and gives the debugger back when all is written. */
export async function write(engine, reads, options) {
  const sessions = open(engine, options);
  await Promise.all(
    Array.from({ length: reads }, (_, number) => sessions.snapshot({ sessionId: `sess_${number % 7}` })),
  );
  await sessions.storedAuditTrail();
  return sessions;
}

/** What a reader of the trail sees, and whether changes to it show. */
export async function check(engine) {
  const checkpoints = [];
  const sessions = await write(engine, 101, { onCheckpoint: (checkpoint) => checkpoints.push(checkpoint) });
  const trail = await sessions.storedAuditTrail();
  const own = sessions.auditTrail();
  const without = trail.filter((_, index) => index !== 5);
  const changed = trail.map((record, index) => (index === 3 ? { ...record, outcome: "TIMEOUT" } : record));
  const bad = async (records, known = checkpoints) => (await engine.verifyAudit(records, known)) ?? "whole";
  return {
    trail,
    checkpoints,
    ofSession: (await sessions.storedAuditTrail({ sessionId: "sess_3" })).length,
    verdicts: {
      whole: await bad(trail),
      without: await bad(without),
      changed: await bad(changed),
      cut: await bad(trail.slice(0, 50)),
      own: await bad(own, []),
      ownByStored: await bad(own),
    },
  };
}

/** Somebody clears what is stored: the trail that is begun then is not the one before it. */
export async function cleared(engine) {
  const checkpoints = [];
  await write(engine, 100, { onCheckpoint: (checkpoint) => checkpoints.push(checkpoint) });
  await globalThis.clearData();
  const after = await (await write(engine, 120)).storedAuditTrail();
  return { alone: (await engine.verifyAudit(after)) ?? "whole", known: await engine.verifyAudit(after, checkpoints) };
}

/** The browser keeps nothing. */
export async function refused(engine) {
  Object.defineProperty(globalThis, "indexedDB", { value: undefined, configurable: true });
  const sessions = open(engine);
  const row = (await sessions.snapshot({ sessionId: "sess_1" })).get("age").value;
  const code = await sessions.storedAuditTrail().catch((error) => error.code);
  return { row, code, own: sessions.auditTrail().length };
}
