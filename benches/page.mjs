/** What the benchmark runs inside a page. Bodies come from the server that serves this file. */
import engine, * as api from "../dist/index.js";
import { limitTasks } from "./limits.mjs";
import { measureLoad } from "./load.mjs";
import { measureView } from "./view.mjs";

const bytes = async (path) => new Uint8Array(await (await fetch(path)).arrayBuffer());

export async function warmLoad(count, options) {
  await engine();
  const body = await bytes(`/body/${count}`);
  return measureLoad(api, body, { ...options, more: await limitTasks(await bytes("/scan.wasm"), body) });
}

export async function warmView(count, options) {
  await engine();
  return measureView(api, count, options);
}
