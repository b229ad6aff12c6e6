import type { DebuggerError } from "./error.js";
import type { Mask, MaskChoice, MaskedValue } from "./mask.js";
import type { ValueType } from "./reading.js";
import type { Snapshot } from "./snapshot.js";

/**
 * What a watchpoint looks out for. What changes, appears, disappears, wins or crosses is told between one look and the next, so
 * that the first look never meets it. The others are met when they begin to be so, which may be at the first look.
 *
 * - `changes`: another value; another spelling of the same is no change, and to come or go is none either.
 * - `appears`, `disappears`: there was nothing and now there is something, or the other way round.
 * - `type-changes`: the value is of another type.
 * - `winner-changes`: the name resolves to another scope.
 * - `equals`: the value, compared as JSON: numbers exactly, whatever their spelling; the order of members counts.
 * - `contains`: the text, or a text or name anywhere inside a document, contains this text, letter for letter.
 * - `crosses`: the number is reached or passed, in either direction; compared exactly.
 * - `exceeds`: the value as it came is longer than this, in bytes.
 * - `unchangedFor`: the value is the same in so many looks in a row, from 1.
 */
export type WatchCondition =
  | "changes"
  | "appears"
  | "disappears"
  | "type-changes"
  | "winner-changes"
  | { equals: unknown }
  | { contains: string }
  | { crosses: number | bigint }
  | { exceeds: number }
  | { unchangedFor: number };

/** A variable, or a part of its value, with what to look out for. */
export interface Watchpoint {
  name: string;
  /** Default: whatever the name resolves to. */
  scope?: string;
  /** The way down into the value: names of members and positions from 0. Default: the whole value. */
  path?: readonly (string | number)[];
  when: WatchCondition;
}

/** What stood at the place of a watchpoint. */
export interface Observed {
  value: unknown;
  type: ValueType;
  /** The scope that the name resolved to. */
  scope: string;
  /** How long it is as it came; where something of it is masked, the fewest of its size class. */
  bytes: number;
  /** What a mask did to it, where one hid something. */
  masked?: MaskedValue;
}

/** A watchpoint's condition was met. The values are the program's own, and masked where `mask` says so. */
export interface WatchEvent {
  /** What {@link Watchpoints.add} gave. */
  id: number;
  /** How often it has been hit, this time included. */
  hits: number;
  /** Of the snapshot, in ms since 1970. */
  takenAt: number;
  /** What the last look found; absent where there was nothing, or no look. */
  before?: Observed;
  /** Absent where there is nothing now. */
  after?: Observed;
}

/**
 * Looks out for what a session does, snapshot by snapshot. Keeps what it saw last, and no snapshot.
 *
 * A snapshot that cannot tell, since pages are missing, another scope was asked for, or the item could not be read, is passed
 * over for that watchpoint: it is no sign that something is gone. A snapshot of another session begins anew, so give each
 * session watchpoints of its own, and let all its snapshots come from one query.
 *
 * @example
 * import init, { type SessionDebugger, Watchpoints } from "cognigy-session-debugger";
 * async function follow(sessions: SessionDebugger, sessionId: string, signal: AbortSignal) {
 *   await init();
 *   using watchpoints = new Watchpoints();
 *   const total = watchpoints.add({ name: "cart", path: ["total"], when: { crosses: 100 } });
 *   watchpoints.add({ name: "language", when: "winner-changes" });
 *   for await (const snapshot of sessions.watch({ sessionId }, { intervalMs: 5_000, signal })) {
 *     for (const event of watchpoints.check(snapshot)) {
 *       console.log(event.id === total ? "expensive" : "overridden", event.before?.value, event.after?.value);
 *     }
 *   }
 * }
 */
export class Watchpoints {
  constructor();
  /**
   * Adds a watchpoint and gives its number, from 1. With a {@link Mask} the names in it may be those that it has shown in the
   * place of hidden ones; what is told of them stays masked by what {@link check} is given.
   *
   * @throws {@link DebuggerError} `INPUT_INVALID` for a condition that is not known or cannot be met, a value that JSON cannot
   * hold, and more than 1,000 watchpoints.
   */
  add(watchpoint: Watchpoint, options?: { mask?: MaskChoice }): number;
  /** Takes one away; `false` where there is no such number. */
  remove(id: number): boolean;
  /** How often it has been hit; `undefined` where there is no such number. */
  hits(id: number): number | undefined;
  /**
   * What a watchpoint looks at, by names as they are and not as a mask has shown them: whoever makes it anew without that mask has to
   * know. `undefined` where there is no such number.
   *
   * @example
   * import init, { Mask, Watchpoints } from "cognigy-session-debugger";
   * await init();
   * const mask = new Mask();
   * const watchpoints = new Watchpoints();
   * // The name of a row that was read through the mask.
   * const id = watchpoints.add({ name: "[masked:email#1]", when: "changes" }, { mask });
   * const again = new Watchpoints();
   * again.add({ ...watchpoints.place(id)!, when: "changes" });
   */
  place(id: number): Pick<Watchpoint, "name" | "scope" | "path"> | undefined;
  /** Looks at the next snapshot, and tells what was met, in the order in which the watchpoints were added. */
  check(snapshot: Snapshot, options?: { mask?: MaskChoice }): WatchEvent[];
  /** Gives the memory back at once. Later calls throw. */
  free(): void;
  [Symbol.dispose](): void;
}
