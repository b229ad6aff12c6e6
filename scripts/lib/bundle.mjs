/** Bundles the TypeScript of the page into one file each, with what they share left as imports between them. */
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { dist, root } from "./paths.mjs";

const source = (path) => join(root, "www", path);

/** Each source and its file in dist/. `page.js` is the stand-alone page's own and is no part of the package. */
export const bundles = [
  { source: source("entry/jsonpath.ts"), file: "jsonpath.js" },
  { source: source("element/element.ts"), file: "element.js" },
  { source: source("element/define.ts"), file: "define.js" },
  { source: source("worker/worker.ts"), file: "worker.js" },
  { source: source("worker/in-page.ts"), file: "in-page.js" },
  { source: source("page.ts"), file: "page.js" },
].filter((bundle) => bundle.file !== "page.js" || existsSync(bundle.source));

/** Sources that stay a file of their own beside the bundle, so that there is one engine and one element class. */
const siblings = new Map(
  /** @type {[string, string][]} */ ([
    [source("entry/index.js"), "./index.js"],
    ...bundles.map((bundle) => [bundle.source, `./${bundle.file}`]),
  ]),
);

/** Turns imports of a sibling, by whatever path, into an import of its file in dist/. */
const keepSiblings = {
  name: "keep-siblings",
  resolveId(specifier, importer) {
    if (importer === undefined) return null;
    if (specifier === "cognigy-session-debugger") return { id: "./index.js", external: true };
    if (!specifier.startsWith(".")) return null;
    const path = resolve(dirname(importer), specifier);
    const sibling = siblings.get(path) ?? siblings.get(path.replace(/\.js$/, ".ts"));
    return sibling ? { id: sibling, external: true } : null;
  },
};

/** Takes the white space and the comments out of the styles, which the minifier takes for texts. */
const shrinkStyles = {
  name: "shrink-styles",
  transform(code, id) {
    if (!id.startsWith(source("element/styles"))) return null;
    return code.replace(/(?<=\/\* css \*\/ `)[^`]*/, (css) =>
      css
        .replace(/\/\*.*?\*\//gs, "")
        .replace(/\s+/g, " ")
        .replace(/ ?([{};,>]) ?/g, "$1")
        .replaceAll(";}", "}")
        .replace(/(?<=[{;][\w-]+): /g, ":"),
    );
  },
};

export async function bundleAll() {
  const { build } = await import("rolldown");
  await Promise.all(
    bundles.map(({ source: input, file }) =>
      build({
        input,
        cwd: root,
        platform: "browser",
        plugins: [keepSiblings, shrinkStyles],
        transform: { target: "es2022", define: { "process.env.NODE_ENV": '"production"' } },
        output: {
          file: join(dist, file),
          format: "esm",
          minify: true,
          codeSplitting: false,
          comments: { legal: true },
        },
        onLog(level, log) {
          if (level === "warn") throw new Error(`bundling ${file}: ${log.message}`);
        },
      }),
    ),
  );
}
