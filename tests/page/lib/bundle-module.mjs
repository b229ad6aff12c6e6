/** Makes one TypeScript module of the page importable here. */
import { join } from "node:path";
import { build } from "rolldown";
import { root } from "../../../scripts/lib/paths.mjs";

export async function importModule(path) {
  const { output } = await build({
    input: join(root, "www", path),
    cwd: root,
    write: false,
    external: [/entry\/index\.js$/],
    output: { format: "esm", codeSplitting: false },
  });
  return import(`data:text/javascript;base64,${Buffer.from(output[0].code).toString("base64")}`);
}
