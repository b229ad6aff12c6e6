import type { queryJsonPath } from "./json-path.js";
import type { HandOnOptions, MaskChoice, MaskCount, MaskedValue } from "./mask.js";
import type { Reading, ReadingNote, ValueType } from "./reading.js";
import type { Snapshot } from "./snapshot.js";

/**
 * What the platform put in the place of a value.
 *
 * - `masked-by-platform`: nothing but asterisks.
 * - `overflow`: the error object that stands where a value was too large.
 */
export type Origin = "masked-by-platform" | "overflow";

/**
 * How rows are sorted; a leading `-` reverses. `order` is the order of first appearance; `name` is the natural order, `n2` before
 * `n10`, in any letter case and with `_` in front last; `changed` is what changed since `earlier`, then what is new, then the rest.
 */
export type Sort = SortKey | `-${SortKey}`;
export type SortKey = "order" | "name" | "scope" | "type" | "size" | "changed";

/** A part of the rows of a snapshot. */
export interface RowsWindow {
  /** First row, from 0. Default: 0. */
  offset?: number;
  /** At most so many rows. Default: 100, at most 1,000. */
  limit?: number;
  /**
   * Only rows that pass this search. Words have to stand in the name, in the value, or, like `items[0].price`, in the path to a part
   * of it, in any letter case (Unicode's simple folding), escaped or not; quotes keep spaces and signs as they are (`"a b"`, in them
   * `\"` and `\\`) and ask no paths, a minus in front excludes, and fields ask for a part:
   *
   * - `name:` `value:` `path:` contain a text, `=` is one, `!=` is none, `~` is like one with `*` for anything; a path is written
   *   `cart.items[0].price`; `value>` `>=` `<` `<=` compare numbers, exactly;
   * - `scope:` is a scope, `type:` a type, `note:` has a {@link ReadingNote} (`yes`, `no`, or a part of its code);
   * - `size>1kb` compares what came, in `b`, `kb`, `mb` (1,000);
   * - `system:` `shadowed:` `unreadable:` `masked:` `changed:` `added:` `removed:` are `yes` or `no`; the last four need `mask` and
   *   `earlier`. Of `removed:yes` the rows are those of `earlier` whose variables are gone, in {@link Snapshot.rows} alone; what was not
   *   asked for, or not read to its end, is not said to be gone.
   *
   * `|` stands between values of a field: `scope:user|session`. What cannot be read is a text, and told as `misread`. Default: all.
   */
  filter?: string;
  /** What `changed:` and `added:` in the filter, the sort `changed` and {@link Row.change} compare with. Default: nothing has changed. */
  earlier?: Snapshot;
  /** What these rules hide is neither shown nor found; {@link Row.masked} says so. Default: `false`, rows come as they are. */
  mask?: MaskChoice;
  /** Default: `order`. */
  sort?: string;
  /** Only this scope. Default: all. */
  scope?: string;
  /** Show system variables. Default: `true`. */
  system?: boolean;
  /** Show variables that a higher scope hides. Default: `false`. */
  shadowed?: boolean;
}

/** Which rows a document has, and how they are handed on. */
export interface ExportOptions extends Omit<RowsWindow, "offset" | "limit" | "mask">, HandOnOptions {
  /** Write variables that a higher scope hides, too. Default: `true`; `json` has none of them. */
  shadowed?: boolean;
}

/** Where a hit stands: its row among those that pass the search, and its number in the row, both from 0. */
export interface HitPlace {
  row: number;
  hit: number;
}

/** Something that a search found. */
export interface Hit extends HitPlace {
  /** {@link Row.entry}. */
  entry: number;
  /** The variable is gone, and `entry` its number in the snapshot before; only of an {@link Arrangement}. */
  removed?: true;
  /** What of the variable; `key` is a member's name, `row` the whole, where no part was asked for more than another. */
  where: "name" | "scope" | "type" | "note" | "size" | "path" | "value" | "key" | "row";
  /** With `path`, `value` and `key`: the positions that lead down to the part, as {@link Snapshot.children} takes them. */
  steps: number[];
}

/** Which hits are asked for, in which rows. */
export interface HitsOptions extends Omit<RowsWindow, "offset" | "limit" | "filter"> {
  /** At most so many hits. Default: 50, at most 1,000. `0` counts. */
  limit?: number;
  /** Only what follows this place. Default: from the first one on. */
  after?: HitPlace;
  /** Only what comes before this place, the nearest first. Instead of `after`; a place behind all rows begins at the end. */
  before?: HitPlace;
}

/** Some of the hits of a search. */
export interface HitSlice {
  hits: Hit[];
  /** How many there are in what was looked at: as many as `hits`, or with `limit: 0` those that were counted. */
  count: number;
  /** Where to go on, as `after` (or `before`, when going backwards); absent where everything has been looked at. */
  rest?: HitPlace;
}

/** A part of a filter that looks like a field, cannot be read as one, and was taken for a text. */
export interface Misread {
  /** Where it begins in the filter, in UTF-16 units. */
  start: number;
  /** Where it ends. */
  end: number;
  /** What is wrong with it. */
  why: string;
}

/** The texts that a filter looks for, letter case folded, for whoever marks them in what is shown. What is to be left out is not among them. */
export interface Sought {
  /** In names. */
  names: string[];
  /** In values. */
  values: string[];
}

/** What a table shows of one variable. Texts are shortened for display; the whole is in {@link Snapshot.text}. */
export interface Row {
  /** Identifies the row within its snapshot. */
  entry: number;
  name: string;
  scope: string;
  /** Place of the scope in the order of precedence, from 0; −1 for an unknown scope. */
  rank: number;
  /** `unreadable` where the item could not be read; then `problem` says why. */
  type: ValueType | "unreadable";
  /** The typed value as shown: numbers in their own spelling, containers as a preview. At most 200 characters. */
  text: string;
  truncated: boolean;
  /** What came, where it differs from what is shown: the text of a re-read value, with its own spelling. */
  raw?: string;
  note?: ReadingNote;
  /** Absent where the value is the flow's own. */
  origin?: Origin;
  isSystem: boolean;
  /** Whether the data said so or the name begins with `_`. */
  systemSource: "declared" | "name";
  /** How many variables this one hides. */
  hides: number;
  /** Whether another variable hides this one. */
  hidden: boolean;
  /** Bytes of the value in the body; where something of it is masked, the fewest of its size class: 0, 64 or 4,096. */
  size: number;
  /** Members of an object, elements of an array. */
  childCount?: number;
  problem?: Problem;
  /**
   * What became of it since {@link RowsWindow.earlier}; absent without one, and where it is the same. A row that is `removed` is one of
   * that snapshot: {@link entry} is its number there.
   */
  change?: "added" | "changed" | "removed";
  /**
   * What it was, where it `changed`: its row in {@link RowsWindow.earlier}, through the same mask, with {@link entry} as its number there.
   * What is revealed now is hidden in it.
   *
   * @example
   * import init, { Snapshot } from "cognigy-session-debugger";
   * await init();
   * const turn = (total: string) => Snapshot.parse(`{"variables":[{"name":"total","value":${total},"scope":"user"}]}`);
   * const [row] = turn("42").rows({ earlier: turn('"41"') }).rows;
   * `${row?.text}, was ${row?.before?.type} ${row?.before?.text}`; // "42, was integer 41"
   */
  before?: Row;
  /** What a mask did to the value, where one hid something of it. */
  masked?: MaskedValue;
}

/** Why an item could not be read. */
export interface Problem {
  /** One sentence for people. */
  reason: string;
  /** JSON path in its page. */
  path: string;
  /** Byte offset in its page, from 0. */
  offset: number;
  /** The page, from 1. */
  page: number;
}

/** One member of an object or element of an array. */
export interface ValueNode {
  /** Position among its siblings, from 0; the step of a path. */
  ordinal: number;
  /** The member's name; absent in arrays. */
  key?: string;
  type: ValueType;
  /** The value as shown, in its own spelling. At most 200 characters. */
  text: string;
  truncated: boolean;
  /** Bytes in the body; where something of it is masked, the fewest of its size class. */
  size: number;
  /** Members or elements; absent for scalars. */
  childCount?: number;
  /** Set where the object has this name more than once: `JSON.parse` keeps the last. */
  duplicate?: "kept" | "dropped";
  /** What a number of JavaScript loses of this one: `precision` or `overflow`. */
  note?: ReadingNote;
  /** Absent where the value is the flow's own. */
  origin?: Origin;
  /** What a mask did to the value, where one hid something of it. */
  masked?: MaskedValue;
}

/** A value, or a part of one, as {@link Snapshot.at} and {@link queryJsonPath} find it. */
export interface ValuePart {
  /** The value, as in {@link Reading.value}. */
  value: unknown;
  type: ValueType;
  /** Its JSON source exactly as it came; of a whole variable that is a text, the text. */
  raw: string;
  /** What `value` loses of `raw`, or what its declared type does not allow. Numbers inside of it have notes of their own. */
  note?: ReadingNote;
  /** {@link Row.entry} of the variable. */
  entry: number;
  /** The path as positions among siblings, for {@link Snapshot.children} and {@link Snapshot.text}. */
  steps: number[];
  /** What a mask did to the value, where one hid something of it. */
  masked?: MaskedValue;
}

/** The first rows of a search that is still counting: as {@link Snapshot.rows} gives them, without `total`. */
export interface FirstRows {
  rows: Row[];
  misread?: Misread[];
  sought?: Sought;
  masked?: MaskCount[];
}

/** What is searched for, and what is told meanwhile. `offset` and `limit` do not matter. */
export interface SearchOptions extends RowsWindow {
  /** Gives the search up. */
  signal?: AbortSignal;
  /**
   * Is given the first 50 rows, or all where there are fewer, once, as soon as they are known: in the order of the body before all is
   * searched, in another one at the end. What it throws comes up as an unhandled rejection and changes nothing else.
   */
  onFirstRows?: (first: FirstRows) => void;
}

/**
 * Searches a snapshot in slices that aim at 4 ms, between which everything else in the thread has its turn; only sorting, at the end, is
 * one piece. It is for searches behind a mask, which take a second and more in 100,000 variables. {@link Snapshot.rows} with the same
 * search then does not search again, and {@link Arrangement.show} only among what is gone since `earlier`. What is freed meanwhile is
 * searched to the end.
 *
 * @returns how many rows there are. Rejects with the signal's reason where that was aborted, and with {@link DebuggerError}
 *   `INPUT_INVALID` for an option that cannot be used.
 * @example
 * import { type Row, type Snapshot, searchRows } from "cognigy-session-debugger";
 * async function find(snapshot: Snapshot, filter: string, show: (rows: Row[]) => void, signal: AbortSignal) {
 *   const search = { filter, mask: true };
 *   const total = await searchRows(snapshot, { ...search, signal, onFirstRows: ({ rows }) => show(rows) });
 *   return { total, second: snapshot.rows({ ...search, offset: 50 }).rows };
 * }
 */
export function searchRows(snapshot: Snapshot, search?: SearchOptions): Promise<number>;
