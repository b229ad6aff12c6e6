/** Values of JSON in bytes, without recursion: as they stand, and as the contents of a JSON string, escaped once more. */
import { BACKSLASH, endOfString, isHex, isShortEscape, kinds, QUOTE, sequence } from "./byte-strings.mjs";

const MOST_LEVELS = 512;
/** The bracket that opened each level. One scan at a time uses it. */
const levels = new Uint8Array(MOST_LEVELS + 1);

const isDigit = (byte) => byte >= 0x30 && byte <= 0x39;

export function skipSpace(bytes, from) {
  let at = from;
  while (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09) at++;
  return at;
}

/** Behind the number or word at `at`, or -1. */
function endOfScalar(bytes, from) {
  let at = from;
  switch (bytes[at]) {
    case 0x74:
      return bytes[at + 1] === 0x72 && bytes[at + 2] === 0x75 && bytes[at + 3] === 0x65 ? at + 4 : -1;
    case 0x6e:
      return bytes[at + 1] === 0x75 && bytes[at + 2] === 0x6c && bytes[at + 3] === 0x6c ? at + 4 : -1;
    case 0x66:
      if (bytes[at + 1] !== 0x61 || bytes[at + 2] !== 0x6c || bytes[at + 3] !== 0x73) return -1;
      return bytes[at + 4] === 0x65 ? at + 5 : -1;
    case 0x2d:
      at++;
  }
  if (bytes[at] === 0x30) at++;
  else if (isDigit(bytes[at])) while (isDigit(bytes[at])) at++;
  else return -1;
  if (bytes[at] === 0x2e) {
    if (!isDigit(bytes[++at])) return -1;
    while (isDigit(bytes[at])) at++;
  }
  if (bytes[at] === 0x65 || bytes[at] === 0x45) {
    at++;
    if (bytes[at] === 0x2b || bytes[at] === 0x2d) at++;
    if (!isDigit(bytes[at])) return -1;
    while (isDigit(bytes[at])) at++;
  }
  return at;
}

/** Behind the string that begins at `at`, or -1 where none begins. */
function endOfPlainString(bytes, words, at) {
  if (bytes[at] !== QUOTE) return -1;
  const end = endOfString(bytes, words, at + 1);
  return end < 0 ? -1 : end + 1;
}

/** White space of JSON inside a JSON string. */
export function skipEscapedSpace(bytes, from) {
  let at = from;
  for (;;) {
    if (bytes[at] === 0x20) at++;
    else if (bytes[at] !== BACKSLASH) return at;
    else if (bytes[at + 1] === 0x6e || bytes[at + 1] === 0x72 || bytes[at + 1] === 0x74) at += 2;
    else return at;
  }
}

function endOfEscapedString(bytes, _words, from) {
  if (bytes[from] !== BACKSLASH || bytes[from + 1] !== QUOTE) return -1;
  let at = from + 2;
  for (;;) {
    while (kinds[bytes[at]] === 0) at++;
    if (bytes[at] >= 0x80) {
      const length = sequence(bytes, at);
      if (length === 0) return -1;
      at += length;
    } else if (bytes[at] !== BACKSLASH) return -1;
    else if (bytes[at + 1] === QUOTE) return at + 2;
    else if (bytes[at + 1] === BACKSLASH) {
      at = behindTwiceEscaped(bytes, at + 2);
      if (at < 0) return -1;
    } else if (bytes[at + 1] === 0x2f) at += 2;
    else return -1;
  }
}

/** Behind what follows two backslashes, which are one in the text. */
function behindTwiceEscaped(bytes, at) {
  const escaped = bytes[at];
  if (escaped === BACKSLASH) return bytes[at + 1] === QUOTE || bytes[at + 1] === BACKSLASH ? at + 2 : -1;
  if (escaped === 0x75) return isHex(bytes, at + 1) ? at + 5 : -1;
  return escaped !== QUOTE && isShortEscape(escaped) ? at + 1 : -1;
}

/** Gives what finds the end of a value, or -1 where there is none. Each has its own, so that the engine can inline. */
function makeScan(quote, space, string) {
  const behindKey = (bytes, words, from) => {
    const end = string(bytes, words, from);
    if (end < 0) return -1;
    const colon = space(bytes, end);
    return bytes[colon] === 0x3a ? space(bytes, colon + 1) : -1;
  };
  return (bytes, words, from) => {
    let at = from;
    let depth = 0;
    for (;;) {
      const byte = bytes[at];
      if (byte === 0x7b || byte === 0x5b) {
        if (depth === MOST_LEVELS) return -1;
        levels[depth] = byte;
        at = space(bytes, at + 1);
        if (bytes[at] !== byte + 2) {
          depth++;
          if (byte === 0x7b) at = behindKey(bytes, words, at);
          if (at < 0) return -1;
          continue;
        }
        at++;
      } else {
        at = byte === quote ? string(bytes, words, at) : endOfScalar(bytes, at);
        if (at < 0) return -1;
      }
      for (;;) {
        if (depth === 0) return at;
        at = space(bytes, at);
        const opened = levels[depth - 1];
        if (bytes[at] === 0x2c) {
          at = space(bytes, at + 1);
          if (opened === 0x7b) at = behindKey(bytes, words, at);
          if (at < 0) return -1;
          break;
        }
        if (bytes[at] !== opened + 2) return -1;
        depth--;
        at++;
      }
    }
  };
}

/** Behind the value that begins at `from`. */
export const endOfValue = makeScan(QUOTE, skipSpace, endOfPlainString);

/**
 * The same for JSON that stands inside a JSON string, where quotes are `\\"` and white space may be `\\n`. What is written
 * in another way (`\\u0022`) gives -1, like what is no JSON: it has to be asked for the slow way.
 */
export const endOfNested = makeScan(BACKSLASH, skipEscapedSpace, endOfEscapedString);
