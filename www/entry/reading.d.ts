import type { DebuggerError } from "./error.js";

/** What a value is, in the words of JSON Schema. */
export type ValueType = "null" | "boolean" | "integer" | "number" | "string" | "array" | "object";

/**
 * Which readings of a text are allowed.
 *
 * - `lossless` (default for rows of text): only where writing the typed value back gives the same text.
 * - `reference`: the rules of Python's `int`, `float` and JSON, as the tutorial's client applies them.
 * - `json`: a scalar as JSON writes it, without space around it, or a whole document; else the text.
 * - `none`: a text stays a text (default where the shape carries typed JSON).
 */
export type CoercionPolicy = "lossless" | "reference" | "json" | "none";

/** Why a text was not read as a type, or what its reading would lose. */
export type NoteCode =
  | "leading-zero"
  | "plus-sign"
  | "negative-zero"
  | "surrounding-space"
  | "digit-grouping"
  | "foreign-digits"
  | "exponent"
  | "bare-point"
  | "trailing-zero"
  | "precision"
  | "overflow"
  | "non-finite"
  | "letter-case"
  | "json-string"
  | "too-deep"
  | "declared-type-not-met"
  | "declared-type-unknown";

/** A remark about a reading. */
export interface ReadingNote {
  code: NoteCode;
  /** One sentence for people. Contains no part of the value. */
  message: string;
  /** What the text would read as under the `reference` policy, where that differs. `text` is the value written out. */
  wouldBe?: { type: ValueType; text: string };
}

/** The typed interpretation of a text. */
export interface Reading {
  /**
   * The value. Integers outside ±(2^53−1) are `BigInt`; objects never carry a name into a prototype. Other numbers inside of
   * objects and lists are JavaScript's: what one of them loses its own `note` tells, in {@link Snapshot.children} and `at`.
   */
  value: unknown;
  type: ValueType;
  /** The text that was read, unchanged. */
  raw: string;
  note?: ReadingNote;
}

/**
 * Reads a text as a typed value.
 *
 * @param options `policy`: default `"lossless"`. `declaredType`: what the data says the value is, in JSON Schema's or
 * Python's words; `string` keeps the text.
 * @throws {@link DebuggerError} `INPUT_INVALID` for an unknown policy or option.
 * @example
 * import init, { coerce } from "cognigy-session-debugger";
 * await init();
 * coerce("42").value; // 42
 * coerce("007").value; // "007", and the note says that it would read as 7
 */
export function coerce(text: string, options?: { policy?: CoercionPolicy; declaredType?: string }): Reading;
