/** Breaks the engine down in every way that a program can meet, and says what the next call makes of it. For Node and for pages. */

const BODY = '{"variables":[{"name":"age","value":"42","scope":"user"}]}';
/** @param {any} error */
const facts = ({ name, code, retryable, cause }) => ({ name, code, retryable, cause: cause?.constructor.name });
const caught = async (call) => {
  try {
    await call();
    return facts({ name: "nothing was thrown" });
  } catch (error) {
    return facts(error);
  }
};
const outcomes = (sessions) => sessions.auditTrail().map(({ sessionId, outcome }) => `${sessionId} ${outcome}`);

/** A trap in a call, with what an earlier engine gave out still in use. */
export async function inACall(engine, spoil) {
  const kept = engine.Snapshot.parse(BODY);
  const other = engine.Snapshot.parse(BODY);
  spoil();
  const first = await caught(() => kept.rows());
  const second = await caught(() => kept.rows());
  const age = engine.Snapshot.parse(BODY).get("age").value;
  const stale = [await caught(() => kept.rows()), await caught(() => engine.Snapshot.parse(BODY).diff(other))];
  const alive = engine.Snapshot.parse(BODY);
  kept.free();
  other.free();
  const after = alive.get("age").value;
  alive.free();
  return { first, second, age, stale, after };
}

/** A trap in what happens by itself, while reads wait for the host's own source and for one another. */
export async function whileReadsWait(engine, spoil) {
  /** @type {((body: string) => void)[]} */
  const answers = [];
  const source = () => new Promise((resolve) => answers.push(resolve));
  const sessions = new engine.SessionDebugger({ source });
  const reads = ["a", "b"].map((sessionId) => caught(() => sessions.snapshot({ sessionId })));
  const many = caught(async () => {
    for await (const outcome of sessions.snapshots([{ sessionId: "c" }])) throw outcome.error;
  });
  while (answers.length < 3) await new Promise((resolve) => setTimeout(resolve, 1));
  spoil();
  answers.shift()?.(BODY);
  const lost = await Promise.all([...reads, many]);
  for (const answer of answers.splice(0)) answer(BODY);
  const again = sessions.snapshot({ sessionId: "d" });
  while (answers.length < 1) await new Promise((resolve) => setTimeout(resolve, 1));
  answers[0](BODY);
  const age = (await again).get("age").value;
  const trail = outcomes(sessions);
  sessions.free();
  const freed = await caught(() => sessions.snapshot({ sessionId: "e" }));
  return { lost, age, trail, freed: freed.code === "INPUT_INVALID" };
}

/** A body for which there is no memory: the engine has been given a module that may have so little. */
export async function withoutMemory(engine) {
  const text = `{"variables":[{"name":"long","value":"${"x".repeat(24_000_000)}","scope":"user"}]}`;
  const body = new TextEncoder().encode(text);
  const error = await caught(() => engine.Snapshot.parse(body));
  return { error, age: engine.Snapshot.parse(BODY).get("age").value };
}

/** A host that calls itself until the stack ends, with the engine on the way. */
export async function withoutStack(engine) {
  const snapshot = engine.Snapshot.parse(BODY);
  const deep = () => {
    snapshot.rows();
    deep();
  };
  let ended;
  try {
    deep();
  } catch (error) {
    ended = error.code ?? error.name;
  }
  return { ended, age: engine.Snapshot.parse(BODY).get("age").value };
}

/** Deliveries wait, and one is under way to a receiver that answers when it is told to. */
export async function withAnOutbox(engine, spoil) {
  const own = async (path) => (await fetch(`/own/${path}`)).json();
  const sessions = new engine.SessionDebugger({ source: () => BODY, webhook: { url: `${location.origin}/own/hook` } });
  for (const sessionId of ["a", "b"]) await sessions.snapshot({ sessionId });
  while ((await own("seen")).length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  spoil();
  const error = await caught(() => sessions.outbox());
  const kept = await sessions.outbox();
  await own("answer");
  while ((await sessions.outbox()).waiting > 0) await new Promise((resolve) => setTimeout(resolve, 1));
  return { error, kept, seen: await own("seen") };
}
