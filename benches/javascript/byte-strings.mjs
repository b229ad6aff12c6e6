/** Strings of JSON in bytes: where they end, and whether they are well formed UTF-8 without control characters. */

export const QUOTE = 0x22;
export const BACKSLASH = 0x5c;

/** 0 for what may stand in a string as it is; everything else needs a second look. */
const PLAIN = 0;
const ENDS = 1;
const ESCAPES = 2;
const WRONG = 3;
const LEADS = 4;
export const kinds = new Uint8Array(256);
for (let byte = 0; byte < 256; byte++) kinds[byte] = byte < 0x20 ? WRONG : byte < 0x80 ? PLAIN : LEADS;
kinds[QUOTE] = ENDS;
kinds[BACKSLASH] = ESCAPES;

const hexadecimal = new Uint8Array(256);
for (const digit of "0123456789abcdefABCDEF") hexadecimal[digit.charCodeAt(0)] = 1;

export const isHex = (bytes, at) =>
  (hexadecimal[bytes[at]] & hexadecimal[bytes[at + 1]] & hexadecimal[bytes[at + 2]] & hexadecimal[bytes[at + 3]]) === 1;

/** The bytes four at a time; a body that does not begin at a multiple of four is read byte by byte. */
export function wordsOf(bytes) {
  const aligned = bytes.byteOffset % 4 === 0;
  return new Int32Array(
    aligned ? bytes.buffer : new ArrayBuffer(0),
    aligned ? bytes.byteOffset : 0,
    aligned ? bytes.length >> 2 : 0,
  );
}

/** Length of the UTF-8 sequence at `at`, 0 where it is none. */
export function sequence(bytes, at) {
  const first = bytes[at];
  const second = bytes[at + 1];
  if (first < 0xe0) return first >= 0xc2 && (second & 0xc0) === 0x80 ? 2 : 0;
  if ((bytes[at + 2] & 0xc0) !== 0x80) return 0;
  if (first < 0xf0) {
    const low = first === 0xe0 ? 0xa0 : 0x80;
    const high = first === 0xed ? 0x9f : 0xbf;
    return second >= low && second <= high ? 3 : 0;
  }
  if (first > 0xf4 || (bytes[at + 3] & 0xc0) !== 0x80) return 0;
  const low = first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xf4 ? 0x8f : 0xbf;
  return second >= low && second <= high ? 4 : 0;
}

/** Set by the last call of {@link endOfString}: whether the string has escapes. */
export const seen = { escapes: false };

/**
 * The place of the closing quote of the string whose contents begin at `from`, or -1.
 *
 * Four bytes at a time are plain where none is below a space, a quote, a backslash or beyond ASCII. A borrow between the
 * bytes can only make plain ones look suspicious.
 */
export function endOfString(bytes, words, from) {
  let at = from;
  let escapes = false;
  const last = words.length;
  for (;;) {
    if ((at & 3) === 0 && at >> 2 < last) {
      let word = at >> 2;
      while (word < last) {
        const x = words[word];
        const suspicious = x | (x - 0x20202020) | ((x ^ 0x22222222) - 0x01010101) | ((x ^ 0x5c5c5c5c) - 0x01010101);
        if ((suspicious & 0x80808080) !== 0) break;
        word++;
      }
      at = word << 2;
    }
    const kind = kinds[bytes[at]];
    if (kind === PLAIN) at++;
    else if (kind === LEADS) {
      const length = sequence(bytes, at);
      if (length === 0) return -1;
      at += length;
    } else if (kind === ENDS) {
      seen.escapes = escapes;
      return at;
    } else if (kind === ESCAPES) {
      escapes = true;
      const next = bytes[at + 1];
      if (next === 0x75) {
        if (!isHex(bytes, at + 2)) return -1;
        at += 6;
      } else if (isShortEscape(next)) at += 2;
      else return -1;
    } else return -1;
  }
}

/** `"`, `\`, `/`, `b`, `f`, `n`, `r` or `t` after a backslash. */
export const isShortEscape = (byte) =>
  byte === QUOTE ||
  byte === BACKSLASH ||
  byte === 0x2f ||
  byte === 0x62 ||
  byte === 0x66 ||
  byte === 0x6e ||
  byte === 0x72 ||
  byte === 0x74;
