/** Bytes, all resolved, first 50 rows: the engine and the JavaScript variants. Runs in Node and in pages. */
import { makeBody } from "./body.mjs";
import { firstPage as scanned } from "./javascript/byte-scanner.mjs";
import { firstPage as idiomatic } from "./javascript/idiomatic.mjs";
import { firstPage as parsed } from "./javascript/json-parse.mjs";
import { assertSame, interleave } from "./measure.mjs";

const LIMIT = 50;

export const OURS = "this engine";
export const SCANNER = "JS byte scanner, nested validated";
export const PARSE = "JS tuned `JSON.parse`";
export const IDIOMATIC = "JS idiomatic with zod";

/** Every variant turns bytes into `{total, entries, rows}`; the lazy ones look into nested JSON of shown rows only. */
export function variants(engine) {
  return {
    [OURS]: (body) => firstPageOf(engine, body),
    "this engine, nested validated": (body) => judgedPageOf(engine, body),
    [SCANNER]: (body) => scanned(body),
    "JS byte scanner, one byte at a time": (body) => scanned(body, { words: false }),
    "JS byte scanner, nested not looked at": (body) => scanned(body, { validate: false }),
    [PARSE]: (body) => parsed(body),
    "JS tuned `JSON.parse`, nested not parsed": (body) => parsed(body, { nested: false }),
    [IDIOMATIC]: (body) => idiomatic(body),
  };
}

function firstPageOf(engine, body) {
  const snapshot = engine.Snapshot.parse(body);
  const { total, rows } = snapshot.rows({ limit: LIMIT });
  return { total, entries: snapshot.entryCount, rows, snapshot };
}

/** A search by type asks of every text in brackets whether it is JSON. */
function judgedPageOf(engine, body) {
  const page = firstPageOf(engine, body);
  page.snapshot.rows({ filter: "type:object", limit: 1 });
  return page;
}

/** What all variants must agree on: the totals, and of every shown row these four. */
export function comparable({ total, entries, rows }) {
  return { total, entries, rows: rows.map(({ name, scope, type, text }) => ({ name, scope, type, text })) };
}

/** Throws where a variant shows something else than the others. */
export function assertAgreement(engine, body) {
  const pages = Object.entries(variants(engine)).map(([name, firstPage]) => {
    const page = firstPage(body);
    const compared = comparable(page);
    page.snapshot?.free();
    return [name, compared];
  });
  assertSame("first page", Object.fromEntries(pages));
}

/**
 * @param {any} engine @param {Uint8Array} body
 * @param {{ rounds?: number, warmups?: number, more?: import("./measure.mjs").Task[] }} [options]
 */
export async function measureLoad(engine, body, { rounds, warmups, more = [] } = {}) {
  assertAgreement(engine, body);
  // As in a program that shows variables, some of each kind live on: an engine drops the fast code of classes that have none.
  const small = makeBody(100);
  const kept = Object.values(variants(engine)).map((firstPage) => firstPage(small));
  const tasks = Object.entries(variants(engine)).map(([name, firstPage]) => ({
    name,
    run: () => firstPage(body),
    after: (page) => page.snapshot?.free(),
  }));
  const measured = await interleave([...tasks, ...more], { rounds, warmups });
  for (const page of kept) page.snapshot?.free();
  return measured;
}
