/** Two public corpora asked of the compiled engine, each case in every place that a text or a value can have: as `corpora.rs` does natively. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

const POLICIES = ["lossless", "reference", "json", "none"];
/** What is no JSON, or JSON that is no body. Anything else would be a fault of the engine's. */
const REFUSALS = new Set(["JSON_SYNTAX", "JSON_TOO_DEEP", "BODY_EMPTY", "SHAPE_UNKNOWN", "SCHEMA_MISMATCH"]);
const GOOD = '{"name":"good","value":1,"scope":"user"}';

const file = (name) => JSON.parse(readFileSync(new URL(`../data/${name}`, import.meta.url), "utf8")).cases;
const bytesOf = (...parts) => Buffer.concat(parts.map((part) => Buffer.from(part)));

function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** @returns {{ name: string, bytes: Buffer, text: string | undefined, verdict: "accept" | "refuse" | "either" }[]} `text` is absent where it is no UTF-8. */
export function corpora() {
  const known = new Map(file("json-test-suite-bytes.json").map(({ name, hex }) => [name, Buffer.from(hex, "hex")]));
  const suite = file("json-test-suite.json").map(({ name, unit = "", times = 0, rest = "", text }) => {
    const source = text ?? unit.repeat(times) + rest;
    const bytes = known.get(name) ?? Buffer.from(source);
    const verdict = { y: "accept", n: "refuse" }[name.split("_")[0]] ?? "either";
    return { name, bytes, text: known.has(name) ? undefined : source, verdict };
  });
  const naughty = file("naughty-strings.json").map((text, at) => {
    return { name: `string ${at}`, bytes: Buffer.from(text), text, verdict: isJson(text) ? "accept" : "refuse" };
  });
  return [...suite, ...naughty];
}

/** As a string of JSON; what is no UTF-8 stands in it as it is. */
function quoted(bytes) {
  const latin = bytes.toString("latin1");
  // Each byte as a character of its own: what has to be escaped is ASCII.
  const escaped = JSON.stringify(latin).replace(/\\u00([89a-f][0-9a-f])/g, (_, hex) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(escaped, "latin1");
}

/** Asks an engine all cases in one place and after each one a good body; gives how many there were. */
function each(engine, ask) {
  const count = { accept: 0, refuse: 0, either: 0 };
  for (const one of corpora()) {
    ask(one);
    count[one.verdict] += 1;
    assert.equal(engine.Snapshot.parse(`{"variables":[${GOOD}]}`).get("good").value, 1, `after ${one.name}`);
  }
  return count;
}

/** Every place, with what is asked of the engine there. */
export function places(engine) {
  /** The snapshot of a body, or the code of the refusal. */
  const read = (body, options) => {
    try {
      return { snapshot: engine.Snapshot.parse(body, options) };
    } catch (error) {
      assert.ok(engine.isDebuggerError(error) && REFUSALS.has(error.code), `${error.name} ${error.code}`);
      return { code: error.code };
    }
  };
  const good = (body, options) => read(body, options).snapshot ?? assert.fail(body.toString());
  /** Everything that a page asks, and frees it. */
  const use = (snapshot, name) => {
    const { rows } = snapshot.rows({ filter: "", shadowed: true });
    assert.ok(rows.length <= snapshot.entryCount + snapshot.unreadableCount, name);
    for (const row of rows) {
      assert.equal(snapshot.children(row.entry, []).total, row.childCount ?? 0, name);
      snapshot.text(row.entry, [], { offset: 3, limit: 10 });
      snapshot.explain(row.name);
    }
    snapshot.rows({ filter: "é", mask: true });
    assert.equal(Object.keys(JSON.parse(snapshot.toJsonText()).variables).length, snapshot.size, name);
    for (const form of ["csv", "ndjson", "markdown"]) snapshot.export(form);
    snapshot.free();
  };
  /** One row that nobody can read, and the one beside it. */
  const checkNotUtf8 = (body, name) => {
    const snapshot = good(body);
    assert.deepEqual([snapshot.size, snapshot.unreadableCount, snapshot.get("good").value], [1, 1, 1], name);
    use(snapshot, name);
  };
  const rowOf = ({ name, text, bytes, verdict }) => {
    const body = bytesOf('{"variables":[{"name":"case","value":', bytes, `,"scope":"user"},${GOOD}]}`);
    if (text === undefined && verdict === "either" && !bytes.includes(0)) return checkNotUtf8(body, name);
    const { snapshot, code } = read(body);
    if (verdict === "refuse") assert.equal(code, "JSON_SYNTAX", name);
    if (verdict === "accept") {
      const { raw } = snapshot.get("case");
      const [source, value] = [text.replace(/^[ \t\n\r]+|[ \t\n\r]+$/g, ""), JSON.parse(text)];
      assert.ok(raw === source || raw === value, `${name}: ${raw}`);
    }
    if (!snapshot) return;
    assert.equal(snapshot.get("good").raw, "1", name);
    use(snapshot, name);
  };
  return {
    "as a body": () =>
      each(engine, ({ name, bytes, verdict }) => {
        const { snapshot, code } = read(bytes);
        const isRefused = code === "JSON_SYNTAX" || code === "BODY_EMPTY";
        if (verdict !== "either") assert.equal(isRefused, verdict === "refuse", `${name}: ${code}`);
        if (snapshot) use(snapshot, name);
      }),
    "as a raw value in a row": () => each(engine, rowOf),
    "as a raw value in a context, plain and in a text": () =>
      each(engine, ({ name, bytes, verdict }) => {
        const document = bytesOf('{"case":', bytes, ',"good":1}');
        const plain = read(bytesOf('{"context":', document, ',"profile":{"good":1}}'));
        const packed = good(bytesOf('{"context":', quoted(document), ',"profile":{"good":1}}'));
        assert.equal(packed.get("good", "profile").raw, "1", name);
        if (verdict === "refuse") assert.deepEqual([plain.code, packed.unreadableCount], ["JSON_SYNTAX", 1], name);
        if (verdict === "accept") {
          assert.deepEqual(plain.snapshot.get("case"), packed.get("case"), name);
          assert.equal(packed.get("good", "context").raw, "1", name);
        }
        if (plain.snapshot) use(plain.snapshot, name);
        use(packed, name);
      }),
    "as a text value under four policies": () =>
      each(engine, ({ name, bytes, text }) => {
        const body = bytesOf(`{"variables":[${GOOD},{"name":"case","value":`, quoted(bytes), ',"scope":"user"}]}');
        if (text === undefined) return checkNotUtf8(body, name);
        for (const policy of POLICIES) {
          const snapshot = good(body, { policy });
          assert.equal(snapshot.get("case").raw, text, name);
          use(snapshot, name);
        }
      }),
    "as a name": () =>
      each(engine, ({ name, bytes, text }) => {
        const word = quoted(bytes);
        const row = bytesOf('{"name":', word, ',"value":1,"scope":', word, "}");
        if (text === undefined) {
          checkNotUtf8(bytesOf('{"variables":[', row, `,${GOOD}]}`), name);
          return checkNotUtf8(bytesOf('{"context":{', word, ':1,"good":1},"profile":{}}'), name);
        }
        for (const body of [bytesOf('{"variables":[', row, "]}"), bytesOf('{"context":{', word, ':1},"profile":{}}')]) {
          const snapshot = good(body);
          assert.deepEqual([snapshot.names(), snapshot.get(text).name], [[text], text], name);
          use(snapshot, name);
        }
      }),
  };
}
