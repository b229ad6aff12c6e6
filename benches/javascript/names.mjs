/** Names as spans of bytes, each with a number: a hash table with open addressing and a seed of its own. */

import { textIn } from "./text.mjs";

const MORE = 2;
const encoder = new TextEncoder();

export class Names {
  #bytes;
  #seed = (Math.random() * 0x100000000) | 0;
  #slots = new Int32Array(4096).fill(-1);
  #hashes = new Int32Array(2048);
  starts = new Int32Array(2048);
  ends = new Int32Array(2048);
  size = 0;
  /** Names that were written with escapes, which are rare, by their text. */
  #escaped = new Map();

  constructor(bytes) {
    this.#bytes = bytes;
  }

  /** The number of the name in this span; a new one for a new name. */
  intern(start, end) {
    const bytes = this.#bytes;
    let hash = this.#seed;
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ bytes[at], 0x01000193);
    hash ^= hash >>> 15;
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const found = this.#slots[slot];
      if (found < 0) return this.#escapedAs(start, end) ?? this.#add(slot, hash, start, end);
      if (this.#hashes[found] === hash && this.#same(found, start, end)) return found;
      slot = (slot + 1) & mask;
    }
  }

  #escapedAs(start, end) {
    return this.#escaped.size === 0 ? undefined : this.#escaped.get(textIn(this.#bytes, start, end));
  }

  /** The same for a name with escapes, which may be the same as one without. */
  internEscaped(start, end) {
    const text = textIn(this.#bytes, start, end);
    const bytes = encoder.encode(text);
    for (let id = 0; id < this.size; id++) {
      if (sameBytes(this.#bytes, this.starts[id], this.ends[id], bytes, 0, bytes.length)) return id;
    }
    const id = this.intern(start, end);
    this.#escaped.set(text, id);
    return id;
  }

  #same(found, start, end) {
    return sameBytes(this.#bytes, this.starts[found], this.ends[found], this.#bytes, start, end);
  }

  #add(slot, hash, start, end) {
    if (this.size === this.starts.length) {
      this.#grow();
      return this.intern(start, end);
    }
    const id = this.size++;
    this.#slots[slot] = id;
    this.#hashes[id] = hash;
    this.starts[id] = start;
    this.ends[id] = end;
    return id;
  }

  #grow() {
    this.#hashes = grown(this.#hashes, MORE);
    this.starts = grown(this.starts, MORE);
    this.ends = grown(this.ends, MORE);
    const slots = new Int32Array(this.#slots.length * MORE).fill(-1);
    const mask = slots.length - 1;
    for (let id = 0; id < this.size; id++) {
      let slot = this.#hashes[id] & mask;
      while (slots[slot] >= 0) slot = (slot + 1) & mask;
      slots[slot] = id;
    }
    this.#slots = slots;
  }
}

/** A longer copy of a column. */
export function grown(column, times) {
  const longer = new column.constructor(column.length * times);
  longer.set(column);
  return longer;
}

export function sameBytes(one, start, end, other, otherStart, otherEnd) {
  const length = end - start;
  if (otherEnd - otherStart !== length) return false;
  for (let at = 0; at < length; at++) if (one[start + at] !== other[otherStart + at]) return false;
  return true;
}
