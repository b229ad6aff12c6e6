/**
 * The realistic body: variable rows as a bot session has them. The same bytes in every run and on every platform.
 *
 * Of the values, 35 % are short texts, 15 % integers, 10 % decimals, 10 % booleans, 15 % nested JSON of 100 to 2,000 bytes,
 * 5 % long texts of 1 to 10 kB, 5 % phones and ids with leading zeros, 5 % dates. 30 % of the rows repeat a name in another
 * scope, 8 % of the names begin with `_`, 30 % of the rows declare a type, a quarter of the texts is not ASCII alone.
 */

const SCOPES = ["global", "bot", "session", "user"];
const WORDS =
  "order invoice customer status pending shipped refund address street number delivery appointment booking claim policy " +
  "agent transfer language greeting confirmed please contact support account premium discount voucher item quantity price " +
  "total currency payment method card region country city tomorrow morning reply question answer flow intent score entity";
const FOREIGN = "Müller Straße größer Zürich café naïve señor mañana Łódź приве́т заказ 注文 確認 مرحبا 😀 🚚 – €";
const words = WORDS.split(" ");
const foreign = FOREIGN.split(" ");
const SEED = 0x5eed;
const ADDED = 0.02;
const CHANGED = 0.032;
const REMOVED = 0.01;

/** Small generator (mulberry32): numbers from 0 up to 1. Every row has its own, so that rows can change by themselves. */
export function generator(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const below = (random, limit) => Math.floor(random() * limit);
const pick = (random, list) => list[below(random, list.length)];
const digits = (random, count) => {
  let text = String(1 + below(random, 9));
  while (text.length < count) text += below(random, 10);
  return text;
};

function text(random, length) {
  const mixed = random() < 0.25;
  let made = "";
  while (made.length < length) {
    made += made === "" ? "" : random() < 0.01 ? "\n" : random() < 0.01 ? ' "' : " ";
    made += mixed && random() < 0.2 ? pick(random, foreign) : pick(random, words);
  }
  return made;
}

function integer(random) {
  const long = random() < 0.03;
  return (random() < 0.1 ? "-" : "") + digits(random, long ? 18 + below(random, 14) : 1 + below(random, 9));
}

function decimal(random) {
  const mantissa = `${below(random, 10000)}.${digits(random, 1 + below(random, 4))}`;
  return random() < 0.1 ? `${mantissa}e${below(random, 20) - 6}` : mantissa;
}

function leaf(random) {
  const kind = below(random, 6);
  if (kind < 3) return text(random, 4 + below(random, 30));
  if (kind === 3) return below(random, 100000);
  return kind === 4 ? random() < 0.5 : Number(`${below(random, 1000)}.${digits(random, 2)}`);
}

function member(random) {
  if (random() > 0.2) return leaf(random);
  if (random() < 0.5) return Array.from({ length: 1 + below(random, 4) }, () => leaf(random));
  return { [pick(random, words)]: leaf(random), id: below(random, 1e6), tags: [pick(random, words)] };
}

/** About `length` characters of JSON: two thirds of them objects. */
export function nested(random, length) {
  const parts = [];
  const object = random() < 0.67;
  let size = 2;
  while (size < length) {
    const source = JSON.stringify(member(random));
    const part = object ? `"${pick(random, words)}_${parts.length}":${source}` : source;
    parts.push(part);
    size += part.length + 1;
  }
  return object ? `{${parts.join(",")}}` : `[${parts.join(",")}]`;
}

function phoneOrId(random) {
  return random() < 0.5 ? `+49${digits(random, 10)}` : `0${digits(random, 4 + below(random, 5))}`;
}

function date(random) {
  const two = (limit) => String(1 + below(random, limit)).padStart(2, "0");
  const day = `20${10 + below(random, 20)}-${two(12)}-${two(28)}`;
  return random() < 0.5 ? day : `${day}T${two(23)}:${two(59)}:${two(59)}Z`;
}

/** A value and the type that it would be declared as. */
function value(random) {
  const kind = random() * 100;
  if (kind < 35) return [text(random, 3 + below(random, 54)), "string"];
  if (kind < 50) return [integer(random), random() < 0.5 ? "integer" : "int"];
  if (kind < 60) return [decimal(random), random() < 0.5 ? "number" : "float"];
  if (kind < 70) return [pick(random, ["true", "false", "true", "false", "True", "FALSE"]), "boolean"];
  if (kind < 85) {
    const json = nested(random, 100 + below(random, 1800));
    return [json, json.startsWith("{") ? "object" : "array"];
  }
  if (kind < 90) return [text(random, 1000 + below(random, 8900)), "string"];
  if (kind < 95) return [phoneOrId(random), "string"];
  return [date(random), "string"];
}

function newName(random, index) {
  const system = random() < 0.08 ? "_" : "";
  return `${system}${pick(random, words)}_${pick(random, words)}_${index}`;
}

/**
 * The bytes of a body. `revision: 1` is the same session later: 2 % more rows, 3.2 % of the values others, 1 % of the rows gone.
 *
 * @param {number} count
 * @param {{ revision?: 0 | 1 }} [options]
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function makeBody(count, { revision = 0 } = {}) {
  const rows = [];
  const total = revision === 0 ? count : Math.round(count * (1 + ADDED));
  const made = [];
  for (let index = 0; index < total; index++) {
    const random = generator(Math.imul(index + 1, 0x9e3779b1) ^ SEED);
    const before = index > 0 && random() < 0.3 ? made[below(random, Math.min(index, count))] : undefined;
    const name = before?.name ?? newName(random, index);
    const others = SCOPES.filter((scope) => scope !== before?.scope);
    const scope = pick(random, others);
    made.push({ name, scope });
    const declares = random() < 0.3;
    const fate = random();
    if (revision === 1 && index < count && fate < REMOVED) continue;
    const changed = revision === 1 && fate < REMOVED + CHANGED;
    const [content, type] = value(changed ? generator(index ^ 0x77777777) : random);
    rows.push(JSON.stringify(declares ? { name, value: content, scope, type } : { name, value: content, scope }));
  }
  return encode(rows);
}

/** A body with variables whose value is an object of about a mebibyte, as a text: the same for each. */
export function makeLargeValue(length = 1 << 20, variables = 1) {
  const value = nested(generator(SEED), length);
  return encode(
    Array.from({ length: variables }, (_, index) => JSON.stringify({ name: `large_${index}`, value, scope: "user" })),
  );
}

/** In parts: one text of all rows would be longer than some engines like. */
function encode(rows) {
  const encoder = new TextEncoder();
  const parts = ['{"variables":['];
  for (let at = 0; at < rows.length; at += 1000) {
    parts.push(rows.slice(at, at + 1000).join(",") + (at + 1000 < rows.length ? "," : ""));
  }
  parts.push("]}");
  const encoded = parts.map((part) => encoder.encode(part));
  const body = new Uint8Array(encoded.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of encoded) {
    body.set(part, at);
    at += part.length;
  }
  return body;
}
