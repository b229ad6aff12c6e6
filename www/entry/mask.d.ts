import type { SessionDebugger } from "./debugger.js";
import type { DebuggerError } from "./error.js";

/** A mask where one is asked for: `true` stands for the standard rules, `false` for none. */
export type MaskChoice = boolean | MaskOptions | Mask;

/**
 * What is hidden in what leaves: by the name that a value stands under (passwords, keys, tokens, cards, …) and by what is in
 * it (JWT, Bearer, keys of known makers, URLs with a password, cards, IBAN, e-mail and IP addresses, and names of secrets that are given
 * something, as in `password = x`). What was meant to be JSON and is none is hidden whole. A rule finds what looks like a secret; it is no promise that nothing else is one.
 */
export interface MaskOptions {
  /** Further names to hide, by their words: `"customer number"` hides `customerNumber` and `old_customer_number`. */
  names?: readonly string[];
  /** Names that no rule of names hides. */
  safeNames?: readonly string[];
  /** Scopes to hide whole. */
  scopes?: readonly string[];
  /** Further values to hide, by how they begin and what follows. */
  values?: readonly MaskValueRule[];
  /** Telephone numbers too. Default: `false`, since order numbers look alike. */
  phone?: boolean;
  /**
   * Only these variables pass, and of them only what no rule hides. Of the others names, scopes and values are hidden; how many there
   * are, and of what types, is not. An empty list lets nothing pass. Default: all.
   */
  allow?: readonly string[];
  /**
   * Is asked about every text, number and word that the rules leave, also inside of values and of JSON in texts, and returns what is shown:
   * what it was given, something with another `value`, or `null` for nothing. What it returns goes through the rules again. Whatever
   * else it does, as to throw, hides what it was asked about (`[masked:sanitized]`); a promise does, too. It is asked as often as
   * something is shown, sent or searched, and has to answer alike. Make a {@link Mask} of it once: what is found through it is kept. Inside of it whatever it asks for through its own mask is hidden.
   *
   * Names are not asked about, nor what cannot be read, which is hidden. The element takes no such function: it cannot follow into a worker.
   *
   * @example
   * import init, { Mask, Snapshot } from "cognigy-session-debugger";
   * await init();
   * const snapshot = Snapshot.parse('{"variables":[{"name":"order","value":{"for":"Max","n":2},"scope":"user"}]}');
   * using mask = new Mask({ sanitize: (leaf) => (leaf.path.at(-1) === "for" ? { ...leaf, value: "M." } : leaf) });
   * snapshot.get("order", undefined, { mask })?.raw; // '{"for":"M.","n":2}'
   */
  sanitize?: (leaf: MaskLeaf) => Pick<MaskLeaf, "value"> | null;
}

/** A part of a value that is no object and no list, and is about to be shown. */
export interface MaskLeaf {
  /** The variable's name, as it is. */
  name: string;
  /** The variable's scope. */
  scope: string;
  /** The names that lead to it inside of the value; an element goes by the name of its list. */
  path: string[];
  /** A text itself; of anything else its JSON source. */
  value: string;
}

/** A rule of the host for values: a text that has `prefix`, and behind it from `least` to `most` characters of one kind. */
export interface MaskValueRule {
  /** Its name, of letters, digits and hyphens, which stands where the value was. */
  rule: string;
  /** In this letter case. Default: none, then only the characters count. */
  prefix?: string;
  /** Default: `any`. `token` is letters, digits, `_-.~+/=`. */
  characters?: "digits" | "letters" | "alphanumeric" | "hex" | "token" | "any";
  /** Default: 1. */
  least?: number;
  /** And then something else, or the end. Default: 1,024, which is the most. */
  most?: number;
}

/** What a mask did to a value that is shown. How long the value is stays hidden. */
export interface MaskedValue {
  /** The rule that hid something; of several the first. */
  rule: string;
  /** Whether the value is hidden as a whole: its text is four dots then, always. Else parts of it are hidden. */
  whole: boolean;
  /** How many parts are hidden. */
  parts: number;
  /** Less than 64 bytes, less than 4,096, or more. */
  size: "small" | "medium" | "large";
}

/** How often a rule hid something. */
export interface MaskCount {
  rule: string;
  count: number;
}

/** What is handed on, and what is told of it. */
export interface HandOnOptions {
  mask?: MaskChoice;
  /** Is told once, when the text is made, what was hidden in it. What it throws comes out of the call. */
  onMasked?: (rules: MaskCount[]) => void;
}

/** Whether and how long hidden values may be shown. */
export interface RevealOptions {
  /** In ms, at most an hour. Default: 30,000. */
  forMs?: number;
  /** With `required` a reveal without a reason is refused. Default: `optional`. */
  reason?: "required" | "optional";
}

/** A hidden value that a reader of the element wants to see, as its event `before-reveal` tells it. Names are told as far as no rule hides them. */
export interface RevealRequest {
  /** The variable's name. */
  name: string;
  /** The variable's scope. */
  scope: string;
  /** The way down to a part of the value; empty for all of it. */
  path: (string | number)[];
  /** The rule that hides it. */
  rule: string;
  /** Why the reader wants to see it, where the host asks for a reason. */
  reason?: string;
}

/**
 * A mask that is made once, for what is displayed again and again. It gives each hidden name a number of its own
 * (`[masked:email#1]`), which stays the same in every snapshot and stands for the name in calls with this mask; and it knows what is
 * revealed ({@link SessionDebugger.reveal}).
 *
 * @example
 * import init, { Mask, Snapshot } from "cognigy-session-debugger";
 * await init();
 * const snapshot = Snapshot.parse('{"variables":[{"name":"pin","value":4711,"scope":"user"}]}');
 * using mask = new Mask({ names: ["customer number"], values: [{ rule: "policy", prefix: "POL-", characters: "digits", least: 6 }] });
 * const [row] = snapshot.rows({ mask }).rows;
 * row?.text; // "••••"
 * row?.type; // "integer"
 * row?.masked; // { rule: "one-time-code", whole: true, parts: 1, size: "small" }
 * snapshot.export("csv", { mask, onMasked: (rules) => console.log(rules) }); // [{ rule: "one-time-code", count: 1 }]
 */
export class Mask {
  /**
   * @param rules Default: the standard rules. Another mask: its rules and names, with nothing revealed.
   * @throws {@link DebuggerError} `INPUT_INVALID`.
   */
  constructor(rules?: MaskChoice);
  /** Hides again whatever is revealed: to be called when the page is hidden, or its window is left. */
  hide(): void;
  free(): void;
  [Symbol.dispose](): void;
}
