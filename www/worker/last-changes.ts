/**
 * The last reads of one query, kept by the engine as what differs between them, and what changed from one to another: from the one
 * before, unless the reader chooses one of them, or something else altogether.
 */
import type { DiffSide, History, HistoryOptions, MaskChoice, Snapshot, VariableQuery } from "../entry/index.js";
import type { Engine } from "./engine-host.js";
import { isTrap } from "./fault.js";
import type { ChangedSide, Changes, Moments, PastValue } from "./protocol.js";

/** So many characters of a value are shown. */
const MOST_TEXT = 2_000;
/** So many changes are shown. */
const MOST_CHANGES = 200;

export class LastChanges {
  #history: History | undefined;
  #query = "";
  /** The host's snapshots that are of this history, each with its moment. */
  readonly #shown = new Map<Snapshot, number>();
  /** What is compared with, where the reader has chosen it; else it is the moment before. */
  #chosen: number | undefined;
  /** Our own hold on the newest snapshot, and on the one that was compared with last. */
  #newest: Held | undefined;
  #base: Held | undefined;
  /** Of another session, or of a file. */
  #other: Snapshot | undefined;

  /** A query has been read. What another one brought cannot be compared. */
  add(engine: Engine, tenant: string, query: VariableQuery, snapshot: Snapshot, keep: HistoryOptions): number {
    const asked = JSON.stringify([tenant, query]);
    if (asked !== this.#query) this.clear();
    this.#query = asked;
    try {
      return this.#push(engine, snapshot, keep);
    } catch (error) {
      if (!isTrap(engine, error)) throw error;
      // The history stood in an engine that has broken down.
      this.#history = undefined;
      this.#newest = undefined;
      this.#other = undefined;
      return this.#push(engine, snapshot, keep);
    }
  }

  #push(engine: Engine, snapshot: Snapshot, keep: HistoryOptions): number {
    this.#history ??= new engine.History(keep);
    const moment = this.#history.push(snapshot);
    // It need not be made again from the history.
    this.#base?.snapshot.free();
    this.#base = this.#newest;
    this.#newest = this.#hold(moment);
    this.#chosen = undefined;
    this.#shown.set(snapshot, moment);
    return moment;
  }

  /** What is kept, the oldest first, and how many were let go. */
  moments(mask: MaskChoice): Moments {
    return { moments: this.#history?.moments({ mask }) ?? [], evicted: this.#history?.evicted ?? 0 };
  }

  /** Says of the newest one what turn it shows. */
  label(turn: string | undefined): boolean {
    return this.#newest !== undefined && this.#history?.label(this.#newest.moment, turn) === true;
  }

  /** A snapshot that is kept, as it was; it is the caller's. */
  open(moment: number): Snapshot | undefined {
    const snapshot = this.#history?.snapshot(moment);
    if (snapshot) this.#shown.set(snapshot, moment);
    return snapshot;
  }

  /** The host has let go of a snapshot. */
  forget(snapshot: Snapshot | undefined): void {
    if (snapshot) this.#shown.delete(snapshot);
  }

  /** Chooses the moment that is compared with; without one it is the moment before. */
  compareWith(moment: number | undefined): void {
    this.compareWithOther(undefined);
    this.#chosen = moment;
  }

  /** Takes a snapshot to compare with instead. */
  compareWithOther(other: Snapshot | undefined): void {
    this.#other?.free();
    this.#other = other;
  }

  /** What is compared with, where it is no read of these. */
  get other(): Snapshot | undefined {
    return this.#other;
  }

  /** What a snapshot is compared with. It stays ours. */
  before(snapshot: Snapshot): Snapshot | undefined {
    if (this.#other) return this.#other;
    const moment = this.#shown.get(snapshot);
    const wanted = this.#chosen ?? (moment === undefined ? undefined : moment - 1);
    if (moment === undefined || wanted === undefined || wanted === moment) return undefined;
    if (this.#base?.moment !== wanted) {
      this.#base?.snapshot.free();
      this.#base = this.#hold(wanted);
    }
    return this.#base?.snapshot;
  }

  #hold(moment: number): Held | undefined {
    const snapshot = this.#history?.snapshot(moment);
    return snapshot && { moment, snapshot };
  }

  /** `undefined` where there is nothing to compare with. */
  of(engine: Engine, snapshot: Snapshot, name: string, scope: string, mask: MaskChoice): Changes | undefined {
    const earlier = this.before(snapshot);
    if (!earlier) return undefined;
    const diff = snapshot.diffValue(earlier, name, { scope, mask, limit: MOST_CHANGES });
    if (!diff) return { since: earlier.takenAt, kinds: [], changes: [], lists: [], complete: true };
    const changes = diff.changes.map(({ kinds, before, after }) => {
      const pieces = isShortText(before) && isShortText(after) ? engine.diffText(before.value, after.value) : undefined;
      return { kinds, before: side(before), after: side(after), pieces };
    });
    return { ...diff, since: earlier.takenAt, changes };
  }

  /** What became of a variable, the oldest first. */
  past(name: string, scope: string | undefined, mask: MaskChoice): PastValue[] {
    const told = this.#history?.variable(name, { mask, ...(scope !== undefined && { scope }) }) ?? [];
    return told.map(({ kinds, variable, ...moment }) => {
      if (!variable) return { moment, kinds };
      const { scope, type, raw } = variable;
      return { moment, kinds, value: { scope, type, text: raw.slice(0, MOST_TEXT), cut: raw.length > MOST_TEXT } };
    });
  }

  clear(): void {
    this.#history?.free();
    for (const held of [this.#newest?.snapshot, this.#base?.snapshot, this.#other]) held?.free();
    this.#other = undefined;
    this.#history = undefined;
    this.#newest = undefined;
    this.#base = undefined;
    this.#chosen = undefined;
    this.#shown.clear();
    this.#query = "";
  }
}

interface Held {
  moment: number;
  snapshot: Snapshot;
}

function side(side: DiffSide | undefined): ChangedSide | undefined {
  if (!side) return undefined;
  const { path, type, raw } = side;
  return { path, type, text: raw.slice(0, MOST_TEXT), cut: raw.length > MOST_TEXT };
}

function isShortText(side: DiffSide | undefined): side is DiffSide & { value: string } {
  return typeof side?.value === "string" && side.raw.length <= MOST_TEXT;
}
