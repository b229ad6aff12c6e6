import type { ChangeKind } from "./differences.js";
import type { DebuggerError } from "./error.js";
import type { HandOnOptions, MaskChoice } from "./mask.js";
import type { Snapshot, Variable } from "./snapshot.js";

/** How much a {@link History} keeps. */
export interface HistoryOptions {
  /** So many snapshots at most, from 1. Default: 50. */
  count?: number;
  /**
   * So many bytes at most, the newest snapshot and all indexes included. The newest is kept whatever it takes.
   * Default: 67,108,864 (64 MiB).
   */
  bytes?: number;
}

/** A snapshot that is kept. */
export interface Moment {
  /** Its number in this history, from 1. It stays the same when older ones are let go. */
  id: number;
  /** {@link Snapshot.takenAt}. */
  takenAt: number;
  /** What the host said of it: the turn of the conversation, for example. */
  turn?: string;
  /** {@link Snapshot.complete}. */
  complete: boolean;
  /** {@link Snapshot.size}. */
  size: number;
  /** Variables that are new since the snapshot before; of the first one 0, as the two below. */
  added: number;
  removed: number;
  changed: number;
}

/** A snapshot in which a variable is not what it was in the one before. */
export interface VariableMoment extends Moment {
  /** What changed; empty where the variable is new or gone. */
  kinds: ChangeKind[];
  /** Absent where it is gone. */
  variable?: Variable;
}

/**
 * The last snapshots of one session, in little more room than the newest takes: of older ones only that is kept which differs from the
 * next newer one, and each is made again as it was when it is asked for. A hundred snapshots of 10,000 variables of which a hundredth
 * changes from one to the next take about twice the memory of one.
 *
 * Values are the program's own, and masked where `mask` says so; that something changed is told either way.
 *
 * @example
 * import init, { History, type SessionDebugger } from "cognigy-session-debugger";
 * async function follow(sessions: SessionDebugger, sessionId: string, signal: AbortSignal) {
 *   await init();
 *   using history = new History({ count: 100 });
 *   for await (const snapshot of sessions.watch({ sessionId }, { intervalMs: 5_000, signal })) {
 *     const id = history.push(snapshot, { turn: "user: I want a refund" });
 *     snapshot.free(); // The history has its own hold on it.
 *     const earlier = history.snapshot(id - 1);
 *     if (earlier) console.log(history.snapshot(id)?.diff(earlier).changed);
 *   }
 *   for (const { takenAt, turn, kinds, variable } of history.variable("cart")) {
 *     console.log(new Date(takenAt), turn, kinds, variable?.raw ?? "gone");
 *   }
 * }
 */
export class History {
  /** @throws {@link DebuggerError} `INPUT_INVALID` for options that are not known, no whole numbers, or a count of 0. */
  constructor(options?: HistoryOptions);
  /**
   * Keeps a snapshot as the newest one, and gives its number. The oldest ones are let go where that is too much. The snapshot stays the
   * program's, which may free it.
   *
   * @throws {@link DebuggerError} `INPUT_INVALID` for a snapshot of another session, or one that was freed.
   */
  push(snapshot: Snapshot, options?: { turn?: string }): number;
  /** Says of a snapshot what turn it shows; nothing takes the label away. `false` where that snapshot is not kept. */
  label(id: number, turn?: string): boolean;
  /** What is kept, the oldest first. */
  moments(options?: HandOnOptions): Moment[];
  /** A snapshot as it was, to be freed by whoever asks; `undefined` where it is not kept. */
  snapshot(id: number): Snapshot | undefined;
  /**
   * What a variable was in the oldest snapshot that has it, and every snapshot in which it came, changed or went. Without a scope it
   * is the one that the name resolved to. A snapshot whose pages are missing, or for which another scope was asked, is no sign that it
   * is gone.
   */
  variable(name: string, options?: { scope?: string; mask?: MaskChoice }): VariableMoment[];
  /** Bytes that all of it takes, without what is made of the newest snapshot when it is searched or sorted. */
  readonly bytes: number;
  /** How many snapshots are kept. */
  readonly length: number;
  /** How many were let go. */
  readonly evicted: number;
  /** Gives the memory back at once. Later calls throw. */
  free(): void;
  [Symbol.dispose](): void;
}
