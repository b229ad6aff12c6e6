/** The types that the package ships, under each way to resolve them. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import ts from "typescript";
import { installPacked } from "./support.mjs";

const packed = installPacked();
after(() => packed.remove());

const USE = `
import init, { coerce, isDebuggerError, SessionDebugger, Snapshot } from "cognigy-session-debugger";
import type { Explanation, Row, TokenProvider, Variable } from "cognigy-session-debugger";
import initInline from "cognigy-session-debugger/inline";
import * as element from "cognigy-session-debugger/element";
import "cognigy-session-debugger/define";

await init();
await initInline(new Uint8Array());
const token: TokenProvider = async ({ reason, signal }) => (signal.aborted ? "" : { access_token: reason });
const sessions = new SessionDebugger({ baseUrl: "https://tenant.example", token });
const snapshot: Snapshot = await sessions.snapshot({ sessionId: "s" }, { onProgress: (p) => p.phase.length });
for await (const outcome of sessions.snapshots([{ sessionId: "s" }])) outcome.error?.code;
const variable: Variable | undefined = snapshot.get("name", "user");
const explanation: Explanation | undefined = snapshot.explain("name");
const rows: Row[] = snapshot.rows({ sort: "-size" }).rows;
export const used = [variable, explanation, rows, coerce("1", { policy: "json" }).note?.code, element];
try { snapshot.free(); } catch (error) { if (isDebuggerError(error) && error.code === "RATE_LIMITED") error.retryAfterMs?.toFixed(); }

// @ts-expect-error a session id is needed
await sessions.snapshot({});
// @ts-expect-error no such policy
coerce("1", { policy: "guess" });
// @ts-expect-error snapshots are not made by hand
new Snapshot();
// @ts-expect-error a value is unknown until it is looked at
coerce("1").value.length;
const caught: unknown = undefined;
if (isDebuggerError(caught)) {
  caught.code === "RATE_LIMITED";
  // @ts-expect-error no such code
  caught.code === "NO_SUCH_CODE";
}
`;

const MODES = {
  bundler: { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler },
  nodenext: { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext },
};
const LIBRARIES = { es2022: ["lib.es2022.d.ts", "lib.dom.d.ts"], esnext: ["lib.esnext.d.ts", "lib.dom.d.ts"] };

for (const [mode, resolution] of Object.entries(MODES)) {
  for (const [library, lib] of Object.entries(LIBRARIES)) {
    test(`types hold under ${mode} with ${library}`, () => {
      const main = join(packed.folder, "main.ts");
      writeFileSync(main, USE);
      const options = {
        ...resolution,
        lib,
        target: ts.ScriptTarget.ES2022,
        strict: true,
        skipLibCheck: false,
        noEmit: true,
        types: [],
      };
      const program = ts.createProgram([main], options);
      const words = ts.getPreEmitDiagnostics(program).map((found) => {
        const line = found.file?.getLineAndCharacterOfPosition(found.start ?? 0).line ?? 0;
        return `${found.file?.fileName}:${line + 1} ${ts.flattenDiagnosticMessageText(found.messageText, " ")}`;
      });
      assert.deepEqual(words, []);
    });
  }
}

test("no type is any, and none of the glue's own names is shipped", () => {
  for (const path of packed.files.filter((file) => file.endsWith(".d.ts"))) {
    const text = readFileSync(join(packed.installed, path), "utf8");
    assert.doesNotMatch(text, /__wbg|InitOutput/, path);
    const lines = [];
    const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
    const visit = (node) => {
      if (node.kind === ts.SyntaxKind.AnyKeyword) lines.push(source.getLineAndCharacterOfPosition(node.pos).line + 1);
      ts.forEachChild(node, visit);
    };
    visit(source);
    assert.deepEqual(lines, [], `${path} says any`);
  }
});

test("what the types promise is there at run time", async () => {
  const program = ts.createProgram([join(packed.installed, "dist/index.d.ts")], { ...MODES.nodenext, types: [] });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(join(packed.installed, "dist/index.d.ts"));
  assert.ok(source);
  const isValue = (symbol) => (symbol.flags & ts.SymbolFlags.Value) !== 0;
  const symbol = checker.getSymbolAtLocation(source);
  assert.ok(symbol);
  const promised = checker.getExportsOfModule(symbol).filter(isValue);
  for (const entry of ["cognigy-session-debugger", "cognigy-session-debugger/inline"]) {
    const module = await packed.load(entry);
    assert.deepEqual(Object.keys(module).sort(), promised.map((found) => found.name).sort(), entry);
    await module.default();
    for (const found of promised.filter((one) => one.flags & ts.SymbolFlags.Class)) {
      const members = [...(found.members?.keys() ?? [])].map(String).filter((name) => /^[a-z]/.test(name));
      const missing = members.filter((name) => !(name in module[found.name].prototype));
      assert.deepEqual(missing, [], `${entry}: ${found.name}`);
    }
  }
});
