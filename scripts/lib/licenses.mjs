/** Collects the licenses of what the built files contain, as those licenses ask. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readJson, root } from "./paths.mjs";
import { ask } from "./run.mjs";

/** npm packages that the bundles contain. */
const BUNDLED = ["comlink", "json-p3", "preact"];
/** Of several licenses on offer, the first of these. */
const PREFERRED = [/^LICEN[CS]E[-_.]MIT/i, /^(LICEN[CS]E|COPYING)/i];

/** The text for dist/THIRD_PARTY_LICENSES.txt. */
export function thirdPartyLicenses() {
  const parts = [...cratesOfEngine(), ...BUNDLED.map(npmPackage)];
  const sections = parts.map(({ name, version, license, folder }) => {
    const text = licenseText(folder) ?? `Licensed under ${license}.`;
    return `${name} ${version} (${license})\n\n${text.trim()}\n`;
  });
  return sections.join(`\n${"-".repeat(80)}\n\n`);
}

function npmPackage(name) {
  const { version, license } = readJson(`node_modules/${name}/package.json`);
  return { name, version, license, folder: join(root, "node_modules", name) };
}

/** What is linked into the WebAssembly: everything reachable that is not for building or testing alone. */
function cratesOfEngine() {
  const args = ["metadata", "--format-version", "1", "--locked", "--filter-platform", "wasm32-unknown-unknown"];
  const { packages, resolve } = JSON.parse(ask("cargo", args) ?? "{}");
  const byId = new Map(packages.map((found) => [found.id, found]));
  const nodes = new Map(resolve.nodes.map((node) => [node.id, node]));
  const linked = new Set();
  const visit = (id) => {
    if (linked.has(id) || byId.get(id).targets.some((target) => target.kind.includes("proc-macro"))) return;
    linked.add(id);
    for (const { pkg, dep_kinds: kinds } of nodes.get(id).deps) {
      if (kinds.some(({ kind }) => kind === null)) visit(pkg);
    }
  };
  const engine = packages.find((found) => found.name === "cognigy-session-debugger");
  visit(engine.id);
  linked.delete(engine.id);
  return [...linked]
    .map((id) => byId.get(id))
    .map(({ name, version, license, manifest_path: path }) => ({ name, version, license, folder: dirname(path) }))
    .sort((a, b) => a.name.localeCompare(b.name, "en"));
}

function licenseText(folder) {
  const files = readdirSync(folder).sort();
  const found = PREFERRED.map((pattern) => files.find((name) => pattern.test(name))).find(Boolean);
  return found && readFileSync(join(folder, found), "utf8").replaceAll("\r\n", "\n");
}
