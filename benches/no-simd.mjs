/** What a load takes without SIMD: both engines in one process, in turn. After `npm run build`: `node benches/no-simd.mjs`. */
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { dist, fallbackWasmFile } from "../scripts/lib/paths.mjs";
import { program } from "../scripts/lib/run.mjs";
import { makeBody } from "./body.mjs";
import { interleave } from "./measure.mjs";

const SIZES = [1_000, 10_000, 100_000];

program(import.meta, async () => {
  // A module has one engine: the other one needs a module of its own.
  const other = mkdtempSync(join(tmpdir(), "no-simd-"));
  cpSync(dist, other, { recursive: true });
  const load = async (folder, wasm) => {
    const engine = await import(pathToFileURL(join(folder, "node.js")).href);
    await engine.default(wasm);
    return engine;
  };
  const engines = {
    "with SIMD": await load(dist, undefined),
    without: await load(other, readFileSync(join(dist, fallbackWasmFile))),
  };
  rmSync(other, { recursive: true });
  for (const size of SIZES) {
    const body = makeBody(size);
    const tasks = Object.entries(engines).map(([name, engine]) => ({
      name,
      run: () => {
        const snapshot = engine.Snapshot.parse(body);
        snapshot.rows({ limit: 50 });
        return snapshot;
      },
      after: (snapshot) => snapshot.free(),
    }));
    const taken = await interleave(tasks, { rounds: 21, warmups: 5 });
    const [one, two] = Object.keys(engines).map((name) => taken[name].median);
    console.log(
      `${size.toLocaleString("en")} variables: ${one.toFixed(2)} ms, without SIMD ${two.toFixed(2)}: ${(two / one).toFixed(2)}x`,
    );
  }
});
