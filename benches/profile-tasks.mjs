/** What is profiled: each a function named `profiled`, so that a profile tells its samples from all others. */
import { makeBody, makeLargeValue } from "./body.mjs";
import { firstPage as scanned } from "./javascript/byte-scanner.mjs";
import { firstPage as idiomatic } from "./javascript/idiomatic.mjs";
import { firstPage as parsed } from "./javascript/json-parse.mjs";

const LIMIT = 50;
const OTHERS = { scanner: scanned, parse: parsed, idiomatic };

/** The rows of the last questions are kept; so many others in between make each one count. */
const forget = (snapshot) => {
  for (let other = 0; other < 8; other++) snapshot.rows({ limit: 1, scope: `no scope ${other}` });
};

/** One kind of work: what is profiled, and what comes before and after it. */
const TASKS = {
  load(engine, size) {
    const body = makeBody(size);
    const profiled = () => {
      const snapshot = engine.Snapshot.parse(body);
      snapshot.rows({ limit: LIMIT });
      return snapshot;
    };
    return { profiled, after: (snapshot) => snapshot.free() };
  },
  rows(engine, size) {
    const snapshot = engine.Snapshot.parse(makeBody(size));
    const profiled = () => snapshot.rows({ limit: LIMIT });
    return { profiled };
  },
  filter(engine, size, text) {
    const snapshot = engine.Snapshot.parse(makeBody(size));
    const profiled = () => snapshot.rows({ filter: text, limit: LIMIT });
    return { profiled, before: () => forget(snapshot) };
  },
  first(engine, size, text) {
    const body = makeBody(size);
    let snapshot = engine.Snapshot.parse(body);
    const before = () => {
      snapshot.free();
      snapshot = engine.Snapshot.parse(body);
      snapshot.rows({ limit: LIMIT });
    };
    const profiled = () => snapshot.rows({ filter: text, limit: LIMIT });
    return { profiled, before };
  },
  diff(engine, size) {
    const [earlier, later] = [makeBody(size), makeBody(size, { revision: 1 })].map((body) =>
      engine.Snapshot.parse(body),
    );
    const profiled = () => later.diff(earlier);
    return { profiled };
  },
  open(engine) {
    const values = 6;
    const snapshot = engine.Snapshot.parse(makeLargeValue(1 << 20, values));
    const { rows } = snapshot.rows({ limit: values });
    let turn = 0;
    const profiled = () => snapshot.children(rows[turn++ % values].entry, [], { limit: 100 });
    return { profiled };
  },
};

for (const [name, firstPage] of Object.entries(OTHERS)) {
  TASKS[name] = (_, size) => {
    const body = makeBody(size);
    const profiled = () => firstPage(body);
    return { profiled };
  };
}

export const KINDS = Object.keys(TASKS);

/** A round: the milliseconds of what is profiled in it. */
export function makeRound(engine, kind, size, text) {
  const { before, profiled, after } = TASKS[kind](engine, size, text);
  return () => {
    before?.();
    const since = performance.now();
    const result = profiled();
    const taken = performance.now() - since;
    after?.(result);
    return taken;
  };
}

/** Rounds for so many milliseconds, sorted by what they took. */
export function runRounds(round, milliseconds) {
  const taken = [];
  for (const end = performance.now() + milliseconds; performance.now() < end; ) taken.push(round());
  return taken.sort((one, other) => one - other);
}
