/** Type-checks every example: fenced `ts` and `js` blocks of the pages, and `@example` in the types. */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { nodeTool, root, work } from "./lib/paths.mjs";
import { program, runNode } from "./lib/run.mjs";

const TYPES = {
  ".": "www/entry/index.d.ts",
  "./element": "www/element/element.d.ts",
  "./define": "www/element/define.d.ts",
};
/** Types that the entry gives out as its own. */
const PARTS = readdirSync(join(root, "www/entry"))
  .filter((name) => name.endsWith(".d.ts"))
  .map((name) => `www/entry/${name}`)
  .filter((path) => !Object.values(TYPES).includes(path));

/** Fenced blocks of a page, with the line where each begins. */
export function fencedExamples(text) {
  return [...text.matchAll(/^```(ts|typescript|js|javascript|mjs)\b[^\n]*\n([\s\S]*?)^```/gm)].map((match) => ({
    line: lineOf(text, match.index) + 1,
    code: match[2],
  }));
}

/** What follows `@example` in a comment, up to the next tag or the comment's end. */
export function commentExamples(text) {
  const found = [];
  for (const comment of text.matchAll(/\/\*\*[\s\S]*?\*\//g)) {
    const plain = comment[0].slice(3, -2).replace(/^[ \t]*\* ?/gm, "");
    for (const match of plain.matchAll(/^@example[^\n]*\n([\s\S]*?)(?=^@\w|(?![\s\S]))/gm)) {
      const code = match[1].replace(/^```\w*\n?/gm, "");
      found.push({ line: lineOf(text, comment.index) + lineOf(plain, match.index), code });
    }
  }
  return found;
}

const lineOf = (text, index) => text.slice(0, index).split("\n").length;

function collect() {
  const pages = ["README.md", "CONTRIBUTING.md", ...markdownIn("docs")].filter((path) => existsSync(join(root, path)));
  const read = (path) => readFileSync(join(root, path), "utf8");
  const found = pages.flatMap((path) => fencedExamples(read(path)).map((example) => ({ path, ...example })));
  for (const path of [...Object.values(TYPES), ...PARTS]) {
    found.push(...commentExamples(read(path)).map((example) => ({ path, ...example })));
  }
  return found;
}

const markdownIn = (folder) =>
  existsSync(join(root, folder))
    ? readdirSync(join(root, folder))
        .filter((n) => n.endsWith(".md"))
        .map((n) => `${folder}/${n}`)
    : [];

/**
 * One file an example, named after its place so that an error says where it is. The types lie beside each other as in
 * the package, since they import each other so.
 */
function write(folder, examples) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const { path, line, code } of examples) {
    writeFileSync(join(folder, `${path.replace(/\W+/g, "-")}-line-${line}.ts`), `${code}\nexport {};\n`);
  }
  const types = join(folder, "types");
  mkdirSync(types);
  for (const path of PARTS) copyFileSync(join(root, path), join(types, basename(path)));
  const paths = Object.entries(TYPES).map(([name, path]) => {
    copyFileSync(join(root, path), join(types, basename(path)));
    return [`cognigy-session-debugger${name.slice(1)}`, [join(types, basename(path))]];
  });
  const compilerOptions = {
    ...{ target: "ES2022", module: "ESNext", moduleResolution: "bundler", lib: ["ES2023", "DOM", "ESNext.Disposable"] },
    ...{
      strict: true,
      noEmit: true,
      skipLibCheck: false,
      types: ["node"],
      typeRoots: [join(root, "node_modules/@types")],
    },
    paths: Object.fromEntries(paths),
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));
}

program(import.meta, async () => {
  const examples = collect();
  if (examples.length === 0) throw new Error("No example was found.");
  const folder = join(work, "examples");
  write(folder, examples);
  await runNode("checking the examples", nodeTool("typescript/bin/tsc"), ["--project", folder]);
  console.log(`${examples.length} examples are well typed.`);
});
