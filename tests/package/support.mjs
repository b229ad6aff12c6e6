/** Packs the package and installs it, without a network, into a project of its own. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { after } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
export const NAME = "cognigy-session-debugger";

function npm(args, cwd) {
  const script = process.env.npm_execpath;
  const [command, first] = script?.endsWith("js") ? [process.execPath, [script]] : ["npm", []];
  return execFileSync(command, [...first, ...args], { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

/** A project that depends on the packed package. `files` is what the tarball holds. */
export function installPacked() {
  const folder = mkdtempSync(join(tmpdir(), "packed-"));
  const [packed] = JSON.parse(npm(["pack", "--json", "--ignore-scripts", "--pack-destination", folder], root));
  const project = { name: "consumer", private: true, type: "module" };
  writeFileSync(join(folder, "package.json"), JSON.stringify(project));
  npm(["install", "--offline", "--no-audit", "--no-fund", join(folder, packed.filename)], folder);
  const installed = join(folder, "node_modules", NAME);
  const require = createRequire(join(folder, "main.js"));
  return {
    folder,
    installed,
    files: packed.files.map((file) => file.path).sort(),
    /** The module behind a specifier, found as any program in the project would find it. */
    load: (specifier = NAME) => import(pathToFileURL(require.resolve(specifier)).href),
    resolve: (specifier) => require.resolve(specifier),
    /** Runs a module in a process of its own, since an engine that was loaded stays loaded. `flags` are for Node. */
    program(code, args = [], flags = []) {
      const options = [...flags, "--input-type=module", "--eval", code, ...args];
      const { status, stdout, stderr } = spawnSync(process.execPath, options, { cwd: folder, encoding: "utf8" });
      return { status, stdout: stdout.trim(), stderr };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The engine of the package, ready, as a program of such a project gets it. The project goes when the file's tests are done. */
export async function loadPacked() {
  const packed = installPacked();
  after(() => packed.remove());
  const engine = await packed.load();
  await engine.default();
  return { packed, engine };
}
