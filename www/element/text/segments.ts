/**
 * Makes characters visible that a reader could not see or that would reorder what stands around them.
 */

/** A run of text; `hidden` is its code point in words of Unicode, for example `U+202E`. */
export interface Segment {
  text: string;
  hidden?: string;
}

/**
 * Emoji come first so that their joiners and variation selectors stay as they are. Then: control characters, whatever
 * is ignored by default (bidi controls, zero-width characters, fillers, tags), separators, annotations, spaces that look
 * like a space but are none, and lone surrogates.
 */
const SPECIAL = new RegExp(
  String.raw`\p{RGI_Emoji}|([\p{Cc}\p{Default_Ignorable_Code_Point}\p{Surrogate}\u2028\u2029\ufff9-\ufffb` +
    String.raw`\u00a0\u1680\u2000-\u200a\u202f\u205f])`,
  "gv",
);
const PLAIN = /^[\x20-\x7e]*$/;
const LAYOUT = /[\n\t]/;

/**
 * Splits a text into runs that can be shown as they are and single characters that need a chip.
 *
 * @param keepLayout Leave line feeds and tabs alone, for text that is shown with its own lines.
 */
export function segments(text: string, keepLayout = false): Segment[] {
  if (PLAIN.test(text)) return text === "" ? [] : [{ text }];
  const found: Segment[] = [];
  let start = 0;
  for (const match of text.matchAll(SPECIAL)) {
    const special = match[1];
    if (special === undefined || (keepLayout && LAYOUT.test(special))) continue;
    if (match.index > start) found.push({ text: text.slice(start, match.index) });
    found.push({ text: special, hidden: codePoint(special) });
    start = match.index + special.length;
  }
  if (start < text.length) found.push({ text: text.slice(start) });
  return found;
}

function codePoint(character: string): string {
  const value = character.codePointAt(0) ?? 0;
  return `U+${value.toString(16).toUpperCase().padStart(4, "0")}`;
}

/** What a chip says: a sign where there is a customary one, else the code point. */
export function chipText(hidden: string): string {
  return SIGNS[hidden] ?? `⟨${hidden}⟩`;
}

/** The character's name, for those that are met most. */
export function hiddenName(hidden: string): string | undefined {
  return NAMES[hidden];
}

const SIGNS: Readonly<Record<string, string>> = { "U+000A": "↵", "U+0009": "⇥", "U+000D": "␍", "U+0000": "␀" };

const NAMES: Readonly<Record<string, string>> = {
  "U+0000": "null",
  "U+0009": "tab",
  "U+000A": "line feed",
  "U+000D": "carriage return",
  "U+001B": "escape",
  "U+007F": "delete",
  "U+00A0": "no-break space",
  "U+00AD": "soft hyphen",
  "U+061C": "Arabic letter mark",
  "U+200B": "zero-width space",
  "U+200C": "zero-width non-joiner",
  "U+200D": "zero-width joiner",
  "U+200E": "left-to-right mark",
  "U+200F": "right-to-left mark",
  "U+2028": "line separator",
  "U+2029": "paragraph separator",
  "U+202A": "left-to-right embedding",
  "U+202B": "right-to-left embedding",
  "U+202C": "pop directional formatting",
  "U+202D": "left-to-right override",
  "U+202E": "right-to-left override",
  "U+202F": "narrow no-break space",
  "U+2060": "word joiner",
  "U+2066": "left-to-right isolate",
  "U+2067": "right-to-left isolate",
  "U+2068": "first strong isolate",
  "U+2069": "pop directional isolate",
  "U+FEFF": "byte order mark",
};
