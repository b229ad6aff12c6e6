/** What a debugger does where the browser lacks a part. `setUp` of a test has taken the part away. */

const source = () => '{"variables":[{"name":"age","value":"42","scope":"user"}]}';
const rest = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Reads from the tenant as one of the tabs; how long the first read took. */
export async function read(engine, count) {
  const since = performance.now();
  const rateLimit = { requests: 5, windowMs: 1_000 };
  const sessions = new engine.SessionDebugger({ baseUrl: location.origin, path: "/own/{sessionId}", rateLimit });
  const values = [];
  for (let number = 0; number < count; number++) {
    values.push((await sessions.snapshot({ sessionId: `s${number}` })).get("age").value);
  }
  return { values, ms: performance.now() - since };
}

/** Delivers some snapshots, signed by the host or by a key. */
export async function deliver(engine, signing) {
  const signed = { callback: { sign: ({ id }) => `v1,${id}` }, key: { keys: [globalThis.key] }, none: {} }[signing];
  const webhook = { url: `${location.origin}/own/hook`, ...signed };
  const sessions = new engine.SessionDebugger({ source, webhook });
  for (const sessionId of ["a", "b"]) await sessions.snapshot({ sessionId });
  const records = () => sessions.auditTrail().filter(({ action }) => action === "webhook");
  while (records().length === 0 || (records()[0].outcome === "OK" && (await sessions.outbox()).waiting > 0))
    await rest(5);
  const { durable, waiting } = await sessions.outbox();
  const audit = await engine
    .verifyAudit(sessions.auditTrail(), [sessions.auditCheckpoint()])
    .catch((error) => error.name);
  return { durable, waiting, outcomes: records().map(({ outcome }) => outcome), audit };
}
