/** What calls of the engine leave behind: references to values of JavaScript, and how much of the stack they used. For Node. */
import { gripEngine } from "../page/lib/in-page/memory-grip.js";

const BODY = JSON.stringify({
  variables: [
    { name: "order", value: '{"id":12345678901234567890,"items":[1,2]}', scope: "user", type: "object" },
    { name: "order", value: "x", scope: "session" },
    { name: "email", value: "somebody@example.com", scope: "user" },
  ],
});
const OTHER = BODY.replace("[1,2]", "[1,3]");
/** JSON of a depth that is still taken apart; the number is beyond what `JSON.parse` can hold. */
const DEPTH = 512;
const DEEP = [
  (depth) => `${"[".repeat(depth)}12345678901234567890${"]".repeat(depth)}`,
  (depth) => `${'{"accessToken":'.repeat(depth)}12345678901234567890${"}".repeat(depth)}`,
  (depth) => `${'[{"a":'.repeat(depth / 2)}"\\ud83d\\ude00"${"}]".repeat(depth / 2)}`,
];

/** Everything that is asked of a snapshot, by its name. */
function questions(engine, { snapshot, other, name, mask }) {
  const options = mask === undefined ? {} : { mask };
  return {
    rows: () => snapshot.rows({ limit: 50, ...options }),
    "rows, filtered": () => snapshot.rows({ filter: "user value:1", sort: "name", earlier: other, ...options }),
    get: () => snapshot.get(name, undefined, options)?.value,
    explain: () => snapshot.explain(name, options),
    position: () => snapshot.position(name, undefined, options),
    hits: () => snapshot.hits("1", options),
    children: () => snapshot.children(snapshot.rows(options).rows[0].entry, [], options),
    diff: () => snapshot.diff(other, options),
    patch: () => snapshot.patch(other, options),
    text: () => snapshot.toJsonText(options),
    file: () => snapshot.toFile(options),
    csv: () => snapshot.export("csv", options),
    markdown: () => snapshot.export("markdown", options),
    arrangement: () => {
      const arrangement = new engine.Arrangement();
      arrangement.show(snapshot, { ...options, earlier: other });
      arrangement.expand({ name });
      arrangement.rows();
      arrangement.free();
    },
    history: () => {
      const history = new engine.History();
      history.push(other);
      history.push(snapshot);
      history.variable(name, options);
      history.moments();
      history.free();
    },
    watchpoints: () => {
      const watchpoints = new engine.Watchpoints();
      watchpoints.add({ name, when: "changes" }, options);
      watchpoints.check(other, options);
      watchpoints.check(snapshot, options);
      watchpoints.free();
    },
  };
}

async function start(load) {
  const grip = gripEngine();
  const engine = await load();
  await engine.default();
  return { engine, exports: grip() };
}

/** By the name of each call that leaves references behind: how many, in so many calls. */
export async function references(load, calls) {
  const { engine, exports } = await start(load);
  const table = exports.__wbindgen_externrefs;
  // A free place holds `null`.
  const taken = () => {
    let count = 0;
    for (let place = 0; place < table.length; place++) if (table.get(place) !== null) count += 1;
    return count;
  };
  const [snapshot, other] = [BODY, OTHER].map((body) => engine.Snapshot.parse(body));
  const mask = new engine.Mask();
  const at = { snapshot, other, name: "order" };
  const sessions = new engine.SessionDebugger({ source: () => BODY, rateLimit: { requests: 1e6, windowMs: 1000 } });
  const all = {
    parse: () => engine.Snapshot.parse(BODY).free(),
    ...questions(engine, at),
    ...Object.fromEntries(
      Object.entries(questions(engine, { ...at, mask })).map(([name, ask]) => [`${name}, masked`, ask]),
    ),
    coerce: () => engine.coerce("42"),
    url: () => engine.buildVariablesUrl("https://tenant.example", { sessionId: "s" }),
    read: async () => (await sessions.snapshot({ sessionId: "s" })).free(),
    metrics: () => sessions.metrics(),
    audit: () => sessions.auditTrail(),
  };
  const left = {};
  for (const [name, call] of Object.entries(all)) {
    await call();
    const before = taken();
    for (let count = 0; count < calls; count++) await call();
    if (taken() !== before) left[name] = taken() - before;
  }
  return { calls: Object.keys(all).length, left };
}

/** Bytes of the stack that calls with the deepest values have used at most. It stands first in memory and grows towards 0. */
export async function stack(load, size) {
  const { engine, exports } = await start(load);
  await engine.warmUp({ bytes: 1e6 });
  for (const make of DEEP) {
    const bodyOf = (value) => {
      const text = JSON.stringify(value);
      return `{"variables":[{"name":"deep","value":${value},"scope":"user"},{"name":"deep","value":${text},"scope":"session"}]}`;
    };
    const value = make(DEPTH);
    const [snapshot, other] = [value, value.replace("12", "13").replace("de00", "de01")].map((text) =>
      engine.Snapshot.parse(bodyOf(text)),
    );
    const mask = new engine.Mask();
    for (const options of [{}, { mask }]) {
      for (const ask of Object.values(questions(engine, { snapshot, other, name: "deep", ...options }))) ask();
    }
    const sessions = new engine.SessionDebugger({ source: () => bodyOf(value) });
    (await sessions.snapshot({ sessionId: "deep" })).get("deep");
  }
  const bytes = new Uint8Array(exports.memory.buffer, 0, size);
  const lowest = bytes.findIndex((byte, at) => at >= 16 && byte !== 0);
  return lowest < 0 ? 0 : size - lowest;
}
