/** What is profiled inside a page. */
import { makeRound, runRounds } from "./profile-tasks.mjs";

/** Named here, so that the types of what is built are not asked for. */
const ENTRY = new URL("../dist/index.js", import.meta.url).href;

let round;

export async function prepare(kind, size, text, warmups) {
  const engine = await import(ENTRY);
  await engine.default();
  if (warmups === 0) await engine.warmUp({ bytes: size * 540 });
  round = makeRound(engine, kind, size, text);
  for (let turn = 0; turn < warmups; turn++) round();
}

/** One round where no time is given. */
export const measure = (milliseconds) => (milliseconds ? runRounds(round, milliseconds) : [round()]);
