/** Bodies that are still on their way: an engine made ready for them, and rows before the last byte. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, test } from "node:test";
import { loadPacked, NAME } from "./support.mjs";

const { packed, engine } = await loadPacked();

const url = (path) => JSON.stringify(new URL(path, import.meta.url).href);
/** The beginning of a program that loads the engine and watches its memory. */
const WITH_MEMORY = `
    const { gripMemory } = await import(${url("../page/lib/in-page/memory-grip.js")});
    const { makeBody } = await import(${url("../../benches/body.mjs")});
    const memory = gripMemory();
    const engine = await import("${NAME}");
    await engine.default();`;

const row = (number) => JSON.stringify({ name: `name_${number}`, value: String(number), scope: "user" });
const rows = (from, to) => Array.from({ length: to - from }, (_, step) => row(from + step)).join(",");

test("warming up takes the memory that it is told of, and changes no answer", async () => {
  await engine.warmUp({ bytes: 3_000_000 });
  await engine.warmUp();
  assert.equal(engine.Snapshot.parse(`{"variables":[${rows(0, 300)}]}`).size, 300);
  for (const bytes of [-1, 1.5, "many"]) {
    await assert.rejects(engine.warmUp({ bytes }), { name: "DebuggerError", code: "INPUT_INVALID" });
  }
});

test("a body for which the engine was warmed up needs next to no more memory, and neither do its columns", () => {
  const code = `${WITH_MEMORY}
    const body = makeBody(20_000);
    const sizes = [memory().byteLength];
    if (process.argv[1] === "warm") await engine.warmUp({ bytes: body.length });
    sizes.push(memory().byteLength);
    engine.Snapshot.parse(body);
    sizes.push(memory().byteLength);
    console.log(JSON.stringify({ body: body.length, sizes }));`;
  const [cold, warm] = ["cold", "warm"].map((how) => JSON.parse(packed.program(code, [how]).stdout));
  const grown = ({ sizes }) => sizes[2] - sizes[1];
  const columns = grown(cold) - cold.body;
  assert.ok(columns > 0, "a load takes memory where nobody warmed up");
  // Columns leave pieces behind while they grow.
  assert.ok(grown(warm) < columns / 3, JSON.stringify([cold, warm]));
  assert.ok(warm.sizes[2] <= cold.sizes[2] * 1.05, JSON.stringify([cold, warm]));
});

test("a body of unknown length keeps no room that it does not fill", () => {
  const code = `${WITH_MEMORY}
    const body = makeBody(17_000);
    const pieces = () => {
      let at = 0;
      return new ReadableStream({
        pull(controller) {
          if (at === body.length) return controller.close();
          controller.enqueue(body.slice(at, (at = Math.min(at + 65_536, body.length))));
        },
      });
    };
    const headers = { "content-type": "application/json" };
    globalThis.fetch = async () => new Response(pieces(), { headers });
    const sessions = new engine.SessionDebugger({ baseUrl: "https://tenant.example" });
    const kept = [];
    const sizes = [];
    for (let turn = 0; turn < 5; turn++) {
      kept.push(await sessions.snapshot({ sessionId: "s" + turn }));
      sizes.push(memory().byteLength / body.length);
    }
    console.log(JSON.stringify(sizes));`;
  const { stdout, stderr } = packed.program(code);
  const sizes = JSON.parse(stdout || JSON.stringify(stderr));
  // In bodies. The first one moves while it grows, and later ones use the places that it left.
  assert.ok(sizes[0] <= 5 && sizes[4] - sizes[0] <= 4 * 2, String(sizes));
});

test("the first rows are there before the last", async () => {
  /** @type {(() => void) | undefined} */
  let goOn;
  const server = createServer((_request, response) => {
    response.setHeader("content-type", "application/json");
    response.write(`{"variables":[${rows(0, 80)},`);
    goOn = () => response.end(`${rows(80, 200)}]}`);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  after(() => server.close());
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const sessions = new engine.SessionDebugger({ baseUrl: `http://127.0.0.1:${port}` });
  const given = [];
  const onFirstRows = (first) => {
    given.push([first.complete, first.size, first.rows({ limit: 50 }).rows.at(-1).name]);
    first.free();
    goOn?.();
  };
  const whole = await sessions.snapshot({ sessionId: "s" }, { onFirstRows });
  assert.deepEqual(given, [[false, 80, "name_49"]]);
  assert.deepEqual([whole.complete, whole.size], [true, 200]);
  await assert.rejects(sessions.snapshot({ sessionId: "s" }, { onFirstRows: 7 }), { code: "INPUT_INVALID" });
});
