/** Makes one TypeScript module of the page importable here. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "rolldown";
import { dist, root } from "../../../scripts/lib/paths.mjs";

const ENGINE = /entry\/index\.js$/;

/**
 * Without an engine, as where its file is missing.
 *
 * @param {string} path Below `www/`.
 * @param {{ withEngine?: boolean }} [options] With the engine as Node has it, where the module asks for it.
 */
export async function importModule(path, { withEngine = false } = {}) {
  const engine = withEngine ? pathToFileURL(join(dist, "node.js")).href : "entry/index.js";
  const { output } = await build({
    input: join(root, "www", path),
    cwd: root,
    write: false,
    plugins: [{ name: "engine", resolveId: (id) => (ENGINE.test(id) ? { id: engine, external: true } : null) }],
    output: { format: "esm", codeSplitting: false },
  });
  return import(`data:text/javascript;base64,${Buffer.from(output[0].code).toString("base64")}`);
}
