/** What a text means under the policy `lossless`, and what a row shows of it: for the rows that are shown, in every variant. */

const MOST_CHARACTERS = 200;
const MOST_CHILDREN = 3;
const MOST_CHILD_CHARACTERS = 32;
const SAFE_LENGTH = 16;
const NUMBER = /^-?(?:0|[1-9]\d*)(\.\d+)?(?:[eE][+-]?\d+)?$/;
const DECLARED = new Map(
  Object.entries({
    string: ["string", "str", "text", "varchar", "char"],
    integer: ["integer", "int", "long", "short", "int32", "int64", "bigint"],
    number: ["number", "float", "double", "decimal", "numeric", "real", "float32", "float64"],
    boolean: ["boolean", "bool"],
    object: ["object", "dict", "dictionary", "map"],
    array: ["array", "list", "tuple"],
    null: ["null", "none", "nonetype", "nil"],
  }).flatMap(([type, names]) => names.map((name) => [name, type])),
);

/**
 * The type of a text.
 *
 * @param {string} text
 * @param {string | undefined} declared
 * @param {(text: string) => boolean} isJson Whether a text in braces is JSON; asked for nothing else.
 */
export function typeOf(text, declared, isJson) {
  const wanted = declared === undefined ? undefined : DECLARED.get(declared.trim().toLowerCase());
  if (wanted === "string") return "string";
  const type = undeclared(text, isJson);
  const met = wanted === undefined || type === wanted || (type === "integer" && wanted === "number");
  return met ? type : "string";
}

function undeclared(text, isJson) {
  const braced = text.match(/^[ \t\n\r]*([{[])/);
  if (braced) return isJson(text) ? (braced[1] === "{" ? "object" : "array") : "string";
  if (text === "true" || text === "false") return "boolean";
  if (text === "null") return "null";
  const number = text.match(NUMBER);
  if (!number || text === "-0") return "string";
  if (/^-?\d+$/.test(text)) return "integer";
  return number[1] !== undefined && isPlain(text, number[1]) ? "number" : "string";
}

/** Whether writing the number gives the same text: no exponent, no zeros at the end, no lost digits. */
function isPlain(text, fraction) {
  if (/[eE]/.test(text)) return false;
  if (text.length <= SAFE_LENGTH) return fraction === ".0" || !fraction.endsWith("0");
  const written = String(Number(text));
  return written === text || `${written}.0` === text;
}

/** The first characters of a text; a pair of surrogates is one. */
function cut(text, most) {
  if (text.length <= most) return text;
  let end = 0;
  for (let count = 0; count < most && end < text.length; count++) end += text.codePointAt(end) > 0xffff ? 2 : 1;
  return text.slice(0, end);
}

/** What the cell of a row shows. */
export function shownText(text, type) {
  if (type !== "object" && type !== "array") return cut(text, MOST_CHARACTERS);
  const source = text.trim();
  const { total, children } = childrenOf(source, 0, MOST_CHILDREN);
  const parts = children.map(({ key, start, end }) => {
    if (key !== undefined) return shortened(key);
    const first = source[start];
    return first === "{" ? "{…}" : first === "[" ? "[…]" : shortened(source.slice(start, end));
  });
  if (total > parts.length) parts.push(`… ${total - parts.length} more`);
  return cut(`${source[0]}${parts.join(", ")}${source.at(-1)}`, MOST_CHARACTERS);
}

function shortened(text) {
  const first = cut(text, MOST_CHILD_CHARACTERS);
  return first === text ? text : `${first}…`;
}

/** Counts the children of valid JSON source, and gives the first `most` of them as spans. */
export function childrenOf(source, from, most) {
  const object = source[from] === "{";
  const children = [];
  let total = 0;
  let depth = 0;
  let key;
  let start = from + 1;
  const finish = (at) => {
    if (source.slice(start, at).trim() === "") return;
    if (total++ >= most) return;
    const value = source.slice(start, at);
    const leading = value.length - value.trimStart().length;
    children.push({ key, start: start + leading, end: at - (value.length - value.trimEnd().length) });
  };
  for (let at = from; at < source.length; at++) {
    switch (source.charCodeAt(at)) {
      case 0x22: {
        const end = endOfString(source, at);
        if (object && depth === 1 && key === undefined) {
          key = total < most ? JSON.parse(source.slice(at, end)) : "";
          start = source.indexOf(":", end) + 1;
          at = start - 1;
        } else at = end - 1;
        break;
      }
      case 0x5b:
      case 0x7b:
        depth++;
        break;
      case 0x5d:
      case 0x7d:
        if (--depth === 0) {
          finish(at);
          return { total, children, end: at + 1 };
        }
        break;
      case 0x2c:
        if (depth !== 1) break;
        finish(at);
        key = undefined;
        start = at + 1;
    }
  }
  return { total, children, end: source.length };
}

function endOfString(source, start) {
  let at = start;
  for (;;) {
    at = source.indexOf('"', at + 1);
    let back = at - 1;
    while (source.charCodeAt(back) === 0x5c) back--;
    if ((at - back) % 2 === 1) return at + 1;
  }
}
