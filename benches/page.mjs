/** What the benchmark runs inside a page. Bodies come from the server that serves this file. */
import { limitTasks } from "./limits.mjs";
import { measureLoad } from "./load.mjs";
import { measureView } from "./view.mjs";

/** Named here, so that the types of what is built are not asked for. */
const engine = await import(new URL("../dist/index.js", import.meta.url).href);

const bytes = async (path) => new Uint8Array(await (await fetch(path)).arrayBuffer());

export async function warmLoad(count, options) {
  await engine.default();
  const body = await bytes(`/body/${count}`);
  return measureLoad(engine, body, { ...options, more: await limitTasks(await bytes("/scan.wasm"), body) });
}

export async function warmView(count, options) {
  await engine.default();
  return measureView(engine, count, options);
}
