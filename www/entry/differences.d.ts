import type { DebuggerError } from "./error.js";
import type { MaskChoice } from "./mask.js";
import type { Reading, ValueType } from "./reading.js";
import type { Snapshot, Variable } from "./snapshot.js";

/**
 * What differs between two snapshots, of one session or of two: what only the later one has, what only the earlier one has, what
 * both have otherwise, and how many names are the same.
 */
export interface SnapshotDiff {
  added: string[];
  removed: string[];
  changed: VariableChange[];
  unchangedCount: number;
}

/** A difference of one variable. */
export interface VariableChange {
  name: string;
  before: Variable;
  after: Variable;
  kinds: ChangeKind[];
}

/**
 * What differs in a variable or in a part of its value.
 *
 * - `value`: the typed value; with `type` where it is one of another type.
 * - `raw` alone: the same value in another spelling, or members that others of the same name hide.
 * - `order` alone: an object's members come in another order, or a list's elements where a key tells them apart.
 * - `winner`: the name resolves to another scope.
 */
export type ChangeKind = "value" | "type" | "raw" | "order" | "winner";

/** How {@link Snapshot.diffValue} compares. */
export interface DiffValueOptions {
  /** Default: whatever the name resolves to; side by side the first in the rule's order. */
  scope?: string;
  /**
   * Members by which elements of lists are matched, the best first: the first one that every element of both lists has as a text or
   * a whole number, and none twice. Where there is none, elements are matched by position. Default: `id`, `_id`, `uuid`, `key`,
   * `name`. An empty list: always by position.
   */
  listKeys?: readonly string[];
  /** So many changes are told at most. Default: 1,000. */
  limit?: number;
  /** What of both values is told. Default: all of it, since a program reads what is its own. */
  mask?: MaskChoice;
}

/** Where two values of one variable differ. */
export interface ValueDiff {
  /**
   * What differs in the variable as a whole, whatever is hidden; empty where one side has none. Spacing, and members that others of
   * the same name hide, are told here alone.
   */
  kinds: ChangeKind[];
  /**
   * Inside each container: what is gone, what changed, what is new. Of what the mask hides it is told that it changed, with the mark of
   * the rule on both sides, and of what it hides as a whole no more than that. A container of more than 262,144 children, or so large and deep that
   * it would have to be read too often, is told as a whole.
   */
  changes: ValueChange[];
  /** The lists that were looked into, and how their elements were matched. */
  lists: ListMatch[];
  /** `false` where there are more changes than were asked for. */
  complete: boolean;
}

/** A difference inside of a value. What is new has no `before`, what is gone no `after`; `kinds` is empty then. */
export interface ValueChange {
  kinds: ChangeKind[];
  before?: DiffSide;
  after?: DiffSide;
}

/** One side of a difference. */
export interface DiffSide {
  /** The way to it in the value of its own side: names of members and positions from 0. Empty: the whole value. */
  path: (string | number)[];
  /** As in {@link Reading.value}. */
  value: unknown;
  type: ValueType;
  /** Its JSON source exactly as it came; of a text variable the text as JSON. */
  raw: string;
}

/** How the elements of a list were matched. */
export interface ListMatch {
  /** The way to the list in the later value. */
  path: (string | number)[];
  by: "key" | "position";
  /** The member that tells the elements apart. */
  key?: string;
}

/** What {@link Snapshot.patch} is asked for. */
export interface PatchOptions {
  /** One variable, whose value is the whole document then. Default: all of them. */
  name?: string;
  /** Of that variable. Default: whatever the name resolves to. */
  scope?: string;
  /** What it hides is hidden in the patch, its change included. Default: nothing. */
  mask?: MaskChoice;
}

/** A piece of two texts that were compared. */
export interface TextPiece {
  /** Which text has it: `same` both, `removed` the earlier one, `added` the later one. */
  kind: "same" | "removed" | "added";
  text: string;
}

/**
 * Compares two texts word by word, or line by line where they are longer than 4 MiB or more than 20,000 words differ, and as one
 * where they are longer than 16 MiB or more lines differ. All pieces but
 * the added ones are the earlier text, all but the removed ones the later. The texts are the program's own, and not masked.
 *
 * @throws {@link DebuggerError} `INPUT_INVALID` for what is no text.
 * @example
 * import { diffText } from "cognigy-session-debugger";
 * diffText("pay now", "pay later");
 * // [{ kind: "same", text: "pay " }, { kind: "removed", text: "now" }, { kind: "added", text: "later" }]
 */
export function diffText(before: string, after: string): TextPiece[];
