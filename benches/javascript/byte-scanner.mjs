/**
 * The best JavaScript that we know: a scanner over the bytes that keeps spans in columns, copies nothing and throws nothing
 * on its way. It checks every string and every nested JSON, resolves names, and makes objects for the shown rows only.
 */
import { endOfString, QUOTE, seen, wordsOf } from "./byte-strings.mjs";
import { endOfNested, endOfValue, skipEscapedSpace, skipSpace } from "./byte-values.mjs";
import { grown, Names } from "./names.mjs";
import { shownText, typeOf } from "./reading.mjs";
import { textIn } from "./text.mjs";

export const SCOPES = ["global", "bot", "session", "user"];
const NOT_ASKED = 0;
const IS_JSON = 1;
const NO_JSON = 2;

function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * The variables of a body in columns. `validate: false` judges nested JSON by its first and last byte alone, `words: false`
 * looks at one byte at a time.
 */
export class Variables {
  count = 0;
  unreadable = 0;
  #validate;
  #words;
  #capacity = 2048;
  nameIds = new Int32Array(2048);
  valueStarts = new Int32Array(2048);
  valueEnds = new Int32Array(2048);
  scopes = new Int32Array(2048);
  nested = new Uint8Array(2048);
  declaredStarts = new Int32Array(2048);
  declaredEnds = new Int32Array(2048);
  winners = new Int32Array(2048).fill(-1);

  constructor(bytes, { validate = true, words = true } = {}) {
    this.bytes = bytes;
    this.names = new Names(bytes);
    this.otherScopes = new Map();
    this.#validate = validate;
    this.#words = wordsOf(words ? bytes : bytes.subarray(0, 0));
    this.#readBody();
    this.#resolve();
  }

  #readBody() {
    const bytes = this.bytes;
    let at = skipSpace(bytes, 0);
    if (bytes[at] !== 0x7b) throw new SyntaxError("The body is no object.");
    at = skipSpace(bytes, at + 1);
    while (bytes[at] === QUOTE) {
      const end = endOfString(bytes, this.#words, at + 1);
      const isRows = textIn(bytes, at + 1, end) === "variables";
      at = this.#behindColon(end);
      at = isRows ? this.#readRows(at) : endOfValue(bytes, this.#words, at);
      if (at < 0) break;
      at = skipSpace(bytes, at);
      if (bytes[at] === 0x2c) at = skipSpace(bytes, at + 1);
    }
    if (bytes[at] !== 0x7d || skipSpace(bytes, at + 1) !== bytes.length) throw new SyntaxError(`Not JSON at ${at}.`);
  }

  #behindColon(end) {
    const colon = skipSpace(this.bytes, end + 1);
    return end >= 0 && this.bytes[colon] === 0x3a ? skipSpace(this.bytes, colon + 1) : -1;
  }

  #readRows(from) {
    const bytes = this.bytes;
    if (bytes[from] !== 0x5b) return -1;
    let at = skipSpace(bytes, from + 1);
    if (bytes[at] === 0x5d) return at + 1;
    for (;;) {
      at = this.#readRow(at);
      if (at < 0) return -1;
      at = skipSpace(bytes, at);
      if (bytes[at] === 0x5d) return at + 1;
      if (bytes[at] !== 0x2c) return -1;
      at = skipSpace(bytes, at + 1);
    }
  }

  /** Behind the row, or -1. A member of a wrong kind makes the row unreadable. */
  #readRow(from) {
    const bytes = this.bytes;
    const words = this.#words;
    const row = this.count;
    if (row === this.#capacity) this.#grow();
    let nameStart = -1;
    let nameEnd = -1;
    let nameEscaped = false;
    let scope = -1;
    let valueStart = -1;
    if (bytes[from] !== 0x7b) return -1;
    this.declaredStarts[row] = -1;
    let at = skipSpace(bytes, from + 1);
    while (bytes[at] === QUOTE) {
      const key = at + 1;
      const keyEnd = endOfString(bytes, words, key);
      at = this.#behindColon(keyEnd);
      if (at < 0) return -1;
      const start = at + 1;
      const first = bytes[key];
      if (bytes[at] !== QUOTE) {
        at = endOfValue(bytes, words, at);
        if (at < 0) return -1;
      } else if (first === 0x76 && keyEnd - key === 5) {
        valueStart = start;
        const end = this.#endOfText(row, start);
        if (end < 0) return -1;
        this.valueEnds[row] = end;
        at = end + 1;
      } else {
        const end = endOfString(bytes, words, start);
        if (end < 0) return -1;
        if (first === 0x6e && keyEnd - key === 4) {
          nameStart = start;
          nameEnd = end;
          nameEscaped = seen.escapes;
        } else if (first === 0x73 && keyEnd - key === 5) scope = this.#scope(start, end);
        else if (first === 0x74 && keyEnd - key === 4) {
          this.declaredStarts[row] = start;
          this.declaredEnds[row] = end;
        }
        at = end + 1;
      }
      at = skipSpace(bytes, at);
      if (bytes[at] !== 0x2c) break;
      at = skipSpace(bytes, at + 1);
    }
    if (bytes[at] !== 0x7d) return -1;
    if (nameStart < 0 || scope < 0 || valueStart < 0) this.unreadable++;
    else {
      const { names } = this;
      this.nameIds[row] = nameEscaped ? names.internEscaped(nameStart, nameEnd) : names.intern(nameStart, nameEnd);
      this.scopes[row] = scope;
      this.valueStarts[row] = valueStart;
      this.count++;
    }
    return at + 1;
  }

  /** The end of a value's text. What may be JSON is checked on the way; where it is, its end is known too. */
  #endOfText(row, start) {
    const bytes = this.bytes;
    const begins = skipEscapedSpace(bytes, start);
    const braced = bytes[begins] === 0x7b || bytes[begins] === 0x5b;
    if (braced && this.#validate) {
      const end = endOfNested(bytes, this.#words, begins);
      const closing = end < 0 ? -1 : skipEscapedSpace(bytes, end);
      if (closing >= 0 && bytes[closing] === QUOTE) {
        this.nested[row] = IS_JSON;
        return closing;
      }
    }
    const end = endOfString(bytes, this.#words, start);
    if (!braced) this.nested[row] = NOT_ASKED;
    else if (!this.#validate) this.nested[row] = bytes[end - 1] === bytes[begins] + 2 ? IS_JSON : NO_JSON;
    else this.nested[row] = seen.escapes && isJson(textIn(bytes, start, end)) ? IS_JSON : NO_JSON;
    return end;
  }

  /** Rank of a known scope by its first letter and length; others stand behind, all of one rank. */
  #scope(start, end) {
    const first = this.bytes[start];
    const length = end - start;
    if (first === 0x67 && length === 6) return 0;
    if (first === 0x62 && length === 3) return 1;
    if (first === 0x73 && length === 7) return 2;
    if (first === 0x75 && length === 4) return 3;
    const name = textIn(this.bytes, start, end);
    if (!this.otherScopes.has(name)) this.otherScopes.set(name, SCOPES.length + this.otherScopes.size);
    return this.otherScopes.get(name);
  }

  #grow() {
    this.#capacity *= 2;
    for (const column of [
      "nameIds",
      "valueStarts",
      "valueEnds",
      "scopes",
      "nested",
      "declaredStarts",
      "declaredEnds",
    ]) {
      this[column] = grown(this[column], 2);
    }
  }

  /** The highest scope wins, the first of equals. */
  #resolve() {
    const winners = new Int32Array(this.names.size).fill(-1);
    for (let row = 0; row < this.count; row++) {
      const winner = winners[this.nameIds[row]];
      if (winner < 0 || this.rank(row) > this.rank(winner)) winners[this.nameIds[row]] = row;
    }
    this.winners = winners;
  }

  rank(row) {
    return this.scopes[row] < SCOPES.length ? this.scopes[row] : -1;
  }

  name(row) {
    const id = this.nameIds[row];
    return textIn(this.bytes, this.names.starts[id], this.names.ends[id]);
  }

  value(row) {
    return textIn(this.bytes, this.valueStarts[row], this.valueEnds[row]);
  }

  scope(row) {
    return SCOPES[this.scopes[row]] ?? [...this.otherScopes.keys()][this.scopes[row] - SCOPES.length];
  }

  /** What a table shows of a variable. */
  row(row) {
    const declared = this.declaredStarts[row];
    const word = declared < 0 ? undefined : textIn(this.bytes, declared, this.declaredEnds[row]);
    const value = this.value(row);
    const type = typeOf(value, word, () => this.nested[row] === IS_JSON);
    return { name: this.name(row), scope: this.scope(row), type, text: shownText(value, type) };
  }
}

/** The first `limit` rows that no other hides, and the totals. */
export function firstPage(bytes, { limit = 50, validate = true, words = true } = {}) {
  const variables = new Variables(bytes, { validate, words });
  const rows = [];
  for (let row = 0; rows.length < limit && row < variables.count; row++) {
    if (variables.winners[variables.nameIds[row]] === row) rows.push(variables.row(row));
  }
  return { total: variables.names.size, entries: variables.count, rows, variables };
}
