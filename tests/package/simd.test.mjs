/** The engine for platforms without SIMD: it is loaded where there is none, and says the same as the other one. */
import assert from "node:assert/strict";
import { readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { installPacked, NAME, root } from "./support.mjs";

const packed = installPacked();
after(() => packed.remove());

const FILES = ["cognigy_session_debugger_bg.wasm", "cognigy_session_debugger_no_simd_bg.wasm"];
const [STANDARD, FALLBACK] = FILES.map((file) => join(packed.installed, "dist", file));
/** V8 takes SIMD away where the processor seems to lack SSSE3; other processors always have it. */
const WITHOUT_SIMD = ["--no-enable-ssse3"];
const skip = process.arch !== "x64" && "V8 can do without SIMD on x64 alone";

/** What a program prints as JSON. */
function result(code, flags) {
  const { stdout, stderr } = packed.program(code, [], flags);
  return stdout ? JSON.parse(stdout) : assert.fail(stderr);
}

/** Rows, hits, documents and readings of bodies with all that strings can hold, and whether the other file would do, too. */
const ASK = `
  import { createHash } from "node:crypto";
  import { readFile } from "node:fs/promises";
  import { makeBody } from ${JSON.stringify(pathToFileURL(join(root, "benches/body.mjs")).href)};
  import init, { coerce, Snapshot } from "${NAME}";
  await init();
  const standard = await readFile(${JSON.stringify(STANDARD)}).then(WebAssembly.compile).then(() => true, ({ name }) => name);
  const answers = [];
  const odd = ["\\u0000\\u001f\\u2028", "x".repeat(63) + '"', "\\\\".repeat(65), "\\ud83d\\ude00".repeat(40), "\\ud800", "\\u00df".repeat(33)];
  const variables = odd.flatMap((value, row) => [{ name: value, value, scope: "user" }, { name: String(row), value, scope: "bot" }]);
  for (const body of [makeBody(3_000), JSON.stringify({ variables }), '{"variables":[{"name":"a","value":"\\xff'] ) {
    try {
      const snapshot = Snapshot.parse(body);
      for (const filter of ["", "order", "Straße", "type:object path:cart", "size>1kb", "zzz"]) answers.push(snapshot.rows({ filter, limit: 10_000 }));
      answers.push(snapshot.toJsonText(), snapshot.export("csv"), snapshot.names());
    } catch ({ code, offset }) {
      answers.push({ code, offset });
    }
  }
  answers.push(["007", "1e3", "true", '{"a":[1]}'].map((text) => coerce(text).type));
  const text = JSON.stringify(answers, (_, value) => typeof value === "bigint" ? String(value) : value);
  console.log(JSON.stringify({ standard, length: text.length, hash: createHash("sha256").update(text).digest("hex") }));`;

test("where there is no SIMD the other engine is loaded, and gives the same rows, documents and errors", {
  skip,
}, () => {
  const [usual, without] = [result(ASK), result(ASK, WITHOUT_SIMD)];
  assert.deepEqual([usual.standard, without.standard], [true, "CompileError"]);
  assert.ok(usual.length > 1_000_000);
  assert.deepEqual({ ...without, standard: true }, usual);
});

test("a platform that says it has no SIMD is asked for no other file", () => {
  renameSync(FALLBACK, `${FALLBACK}.away`);
  try {
    const code = `
      import init from "${NAME}";
      WebAssembly.validate = () => false;
      const { code, cause } = await init().catch((error) => error);
      console.log(JSON.stringify([code, cause.code, cause.path]));`;
    assert.deepEqual(result(code), ["WASM_NOT_LOADED", "ENOENT", FALLBACK]);
  } finally {
    renameSync(`${FALLBACK}.away`, FALLBACK);
  }
});

for (const entry of [NAME, `${NAME}/inline`]) {
  test(`${entry}: an engine that the platform cannot run is told as such, and the other one may be given`, {
    skip,
  }, () => {
    const code = `
      import { readFile } from "node:fs/promises";
      import init, { coerce } from "${entry}";
      const file = (name) => readFile(new URL(import.meta.resolve("${NAME}/" + name)));
      const { code, message, cause } = await init(${entry === NAME ? `file("${FILES[0]}")` : ""}).catch((error) => error);
      await init(file("${FILES[1]}"));
      console.log(JSON.stringify([code, message, cause.name, coerce("42").value]));`;
    const [errorCode, message, cause, value] = result(code, WITHOUT_SIMD);
    assert.deepEqual([errorCode, cause, value], ["WASM_NOT_LOADED", "CompileError", 42]);
    assert.match(message, /no SIMD.*cognigy_session_debugger_no_simd_bg\.wasm/);
  });
}

test("both engines want the same of their glue", async () => {
  const [one, other] = await Promise.all([STANDARD, FALLBACK].map((file) => WebAssembly.compile(readFileSync(file))));
  const described = (list) => list.map(({ module, name, kind }) => [module, name, kind].join(" ")).sort();
  const { imports, exports } = WebAssembly.Module;
  assert.ok(imports(one).length > 50);
  assert.deepEqual(described(imports(other)), described(imports(one)));
  assert.deepEqual(described(exports(other)), described(exports(one)));
});
