import type { DebuggerError } from "./error.js";
import type { HandOnOptions } from "./mask.js";
import type { Hit, HitPlace, HitSlice, Row, RowsWindow, ValueNode } from "./rows.js";
import type { Snapshot } from "./snapshot.js";

/** What puts rows into groups: nothing, their scope (the highest first), or how their names begin (`cart` of `cart.total` and `cart_id`). */
export type Grouping = "none" | "scope" | "prefix";

/** Which rows an {@link Arrangement} has, and how they are arranged. */
export interface ArrangeOptions extends Omit<RowsWindow, "offset" | "limit"> {
  /** Default: `none`. */
  groupBy?: Grouping;
}

/** What the rows of a group have in common. `label` is the scope or the prefix; empty where `kind` says it all. */
export interface RowGroup {
  kind: "scope" | "prefix" | "no-prefix" | "unreadable";
  label: string;
}

/** A variable, or a part of its value, by its name: it outlives the snapshot. */
export interface ArrangedPlace {
  name: string;
  /** Default: that of the variable which the name resolves to in the snapshot that is shown. */
  scope?: string;
  /** Names of members and positions, from the value down. Default: the variable itself. */
  path?: readonly (string | number)[];
}

/** A variable, or a part of its value, in the snapshot that is shown: as {@link Hit} tells it. */
export interface ArrangedPart {
  /** {@link Row.entry}. */
  entry: number;
  /** Positions that lead down, as {@link Snapshot.children} takes them. Default: the variable itself. */
  steps?: readonly number[];
  /** Whether it is a variable that is gone, and `entry` its number in {@link RowsWindow.earlier}. Default: `false`. */
  removed?: boolean;
}

/** What can be opened and closed: a value, by its name, or a group. */
export type ArrangedTarget = ArrangedPlace | { group: RowGroup };

/** A variable that stays on top. */
export interface Pin {
  name: string;
  /** Default: whatever the name resolves to. */
  scope?: string;
}

/** What {@link Arrangement.restore} tells. */
export interface RestoredView {
  /** How rows were shown: for {@link Arrangement.show}, with `mask` and `earlier` of your own. */
  options: Omit<ArrangeOptions, "earlier" | "mask">;
  /** Where the reader was, if that was said: for {@link Arrangement.reveal}. */
  place?: ArrangedPlace;
}

/** Where a row stands in the tree. */
export interface ArrangedRowBase {
  /** From 0. What is in a group stands one deeper than its header. */
  depth: number;
  /** Its place among the rows that stand beside it, from 0. */
  position: number;
  /** How many stand side by side, in the window or not. */
  siblings: number;
  /** Whether what is below it is shown; absent where nothing is below it. */
  expanded?: boolean;
  /** Whether it is pinned, or inside something that is. */
  pinned: boolean;
}

/** One row of an {@link Arrangement}. */
export type ArrangedRow = ArrangedRowBase &
  (
    | {
        kind: "group";
        group: RowGroup;
        /** How many variables are in it, the pinned ones not counted. */
        count: number;
      }
    | { kind: "variable"; row: Row }
    /** A variable that {@link RowsWindow.earlier} has and this snapshot does not, and its row there; behind all others. */
    | { kind: "removed"; row: Row }
    | {
        kind: "member";
        /** {@link Row.entry} of the variable. */
        entry: number;
        /** The variable. */
        name: string;
        scope: string;
        /** The way down, as {@link ArrangedPlace} takes it. */
        path: (string | number)[];
        /** The same by positions, which tells two members of one name apart. */
        steps: number[];
        node: ValueNode;
      }
    | {
        /** A pinned variable that the snapshot does not have. */
        kind: "gone";
        name: string;
        scope?: string;
        /** Whether it may exist all the same: pages are missing, or another scope was asked for. */
        notLoaded: boolean;
      }
  );

/**
 * The rows of a tree table over one snapshot after the other: in groups, with pins on top, and with members where values are open.
 * What is open, folded and pinned is kept by name, so that it survives a refresh, and even a snapshot without the variable.
 *
 * A window costs what is in it, and not what is in the snapshot. Both snapshots of {@link Arrangement.show} are held until the next call.
 *
 * @example
 * import init, { Arrangement, Snapshot } from "cognigy-session-debugger";
 * await init();
 * const turn = (total: number) =>
 *   Snapshot.parse(`{"variables":[
 *     {"name":"cart","value":{"items":[{"price":${total}}]},"scope":"user"},
 *     {"name":"lang","value":"de","scope":"bot"}]}`);
 * using arrangement = new Arrangement();
 * const first = turn(1);
 * arrangement.show(first, { groupBy: "scope" });
 * arrangement.expand({ name: "cart" });
 * arrangement.rows().map((row) => row.depth); // [0, 1, 2, 0, 1]: user, cart, items, bot, lang
 *
 * // After a refresh what was open is open, and what changed says so.
 * arrangement.pin({ name: "lang" });
 * arrangement.show(turn(2), { earlier: first, sort: "changed" });
 * for (const row of arrangement.rows({ offset: 0, limit: 50 })) {
 *   if (row.kind === "variable") console.log(row.pinned, row.row.name, row.row.change); // true "lang"; false "cart" "changed"
 *   if (row.kind === "member") console.log(row.path, row.node.text);
 * }
 */
export class Arrangement {
  constructor();
  /**
   * Shows a snapshot in the place of the one before: the rows that filter, sort and switches select. Pinned variables are shown even
   * where the filter would hide them. What is gone since {@link RowsWindow.earlier} stands behind all others, by the same filter.
   *
   * @throws {@link DebuggerError} `INPUT_INVALID` for an option that cannot be used, or a snapshot that was freed.
   */
  show(snapshot: Snapshot, options?: ArrangeOptions): void;
  /** Lets go of the snapshots; there are no rows then. What is open, folded and pinned stays for the next one. */
  hide(): void;
  /** How many rows there are, those of groups and open values included. */
  readonly length: number;
  /** How many variables filter and switches select, those that are gone and not pinned included. */
  readonly selected: number;
  /** How many there would be without the filter. */
  readonly unfiltered: number;
  /**
   * Some of the rows: from `offset` on (default 0), at most `limit` (default 100, at most 1,000).
   *
   * @throws {@link DebuggerError} `INPUT_INVALID` for an option that cannot be used.
   */
  rows(window?: { offset?: number; limit?: number }): ArrangedRow[];
  /**
   * Opens a value or unfolds a group. `false` where it was open. Variables that share name and scope open together.
   *
   * @throws {@link DebuggerError} `INPUT_INVALID` for what is no place and no group.
   */
  expand(target: ArrangedTarget): boolean;
  /** Closes a value or folds a group; what is open inside is open again with it. `false` where it was closed. */
  collapse(target: ArrangedTarget): boolean;
  /** Opens all that stand beside a row, and the row; tells how many were closed. Of more than a thousand those next to the row. */
  expandSiblings(row: number): number;
  /**
   * The row of the next variable after a row that changed, is new or is gone since {@link RowsWindow.earlier}, or of the one before it;
   * its group is unfolded, and the ends are joined. `undefined` where nothing changed.
   */
  nextChange(row: number, backward?: boolean): number | undefined;
  /** Pins a variable below those that are pinned; `false` where it is pinned already. */
  pin(pin: Pin): boolean;
  /** Takes a pin away; `false` where there is none. */
  unpin(pin: Pin): boolean;
  /** The pins, uppermost first. */
  readonly pins: Pin[];
  /** The row of a place, from 0; `undefined` where it is not there, or does not show as the rows are now. */
  position(target: ArrangedTarget | ArrangedPart): number | undefined;
  /**
   * Opens whatever has to be open for a place to show, and gives its row; `undefined` where it is not there or was not selected.
   *
   * @example
   * import type { Arrangement, HitPlace } from "cognigy-session-debugger";
   * function nextHit(arrangement: Arrangement, after?: HitPlace) {
   *   const [hit] = arrangement.hits({ limit: 1, after }).hits;
   *   return hit && { hit, row: arrangement.reveal(hit) };
   * }
   */
  reveal(target: ArrangedTarget | ArrangedPart): number | undefined;
  /**
   * The hits of the filter as {@link Snapshot.hits} gives them, in the order in which the variables stand here: pins first, then group
   * by group, folded or not, and at last what is gone. {@link HitPlace.row} counts variables then, and not the rows of the tree.
   *
   * @throws {@link DebuggerError} `INPUT_INVALID` for an option that cannot be used.
   */
  hits(options?: { limit?: number; after?: HitPlace; before?: HitPlace }): HitSlice;
  /**
   * What is set up, as a text to be kept, or handed on in a link: filter, sort, groups and switches of what is shown; what is open,
   * folded and pinned; and `place`, where the reader is. It holds no values but what the filter asks for, and nothing that the mask hides
   * (default: the standard rules): such a filter, scope, name or member is left out, and `onMasked` tells how many were. So is a folded
   * prefix, unless a name that is not hidden begins with it. Hidden names have other numbers in another
   * mask, so they are left out with their numbers. With {@link MaskOptions.allow} only what is listed is told.
   *
   * @throws {@link DebuggerError} `INPUT_INVALID` for an option that cannot be used.
   *
   * @example
   * import init, { Arrangement, Snapshot } from "cognigy-session-debugger";
   * await init();
   * const snapshot = Snapshot.parse('{"variables":[{"name":"cart","value":{"items":[1]},"scope":"user"}]}');
   * using arrangement = new Arrangement();
   * arrangement.show(snapshot, { sort: "-size", mask: true });
   * arrangement.expand({ name: "cart" });
   * const link = new URL("https://console.example/bots/7");
   * link.hash = encodeURIComponent(arrangement.stateText({ place: { name: "cart", path: ["items"] } }));
   *
   * // Somewhere else, later:
   * using other = new Arrangement();
   * const { options, place } = other.restore(decodeURIComponent(link.hash.slice(1)));
   * other.show(snapshot, { ...options, mask: true });
   * place && other.reveal(place); // 1
   */
  stateText(options?: HandOnOptions & { place?: ArrangedPlace }): string;
  /**
   * Sets up what such a text holds in the place of what is open, folded and pinned, and gives the rest for the next {@link Arrangement.show}.
   *
   * @throws {@link DebuggerError} `FILE_INVALID` for what is no such text or is damaged, `FILE_TOO_NEW` where a newer version wrote it;
   * nothing changes then.
   */
  restore(state: string): RestoredView;
  /** The row that a row stands below in the tree; `undefined` for those on top. */
  parent(row: number): number | undefined;
  /** Gives the memory back at once. Later calls throw. */
  free(): void;
  [Symbol.dispose](): void;
}
