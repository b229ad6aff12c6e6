/**
 * Where texts that are looked for stand in what is shown.
 */

/** A run of text, and whether it is what was looked for. */
export interface Run {
  text: string;
  hit: boolean;
}

/**
 * Splits a text at what is looked for; letter case does not matter. `sought` is folded already.
 */
export function runs(text: string, sought: readonly string[]): Run[] {
  const folded = sought.length === 0 ? "" : text.toLowerCase();
  // A letter that folds into two would move all places behind it.
  if (folded.length !== text.length) return text === "" ? [] : [{ text, hit: false }];
  const hits = new Uint8Array(text.length);
  for (const one of sought) {
    for (let at = folded.indexOf(one); one !== "" && at >= 0; at = folded.indexOf(one, at + one.length)) {
      hits.fill(1, at, at + one.length);
    }
  }
  const found: Run[] = [];
  for (let start = 0, end = 0; start < text.length; start = end) {
    while (end < text.length && hits[end] === hits[start]) end += 1;
    found.push({ text: text.slice(start, end), hit: hits[start] === 1 });
  }
  return found;
}
