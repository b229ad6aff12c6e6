/**
 * The table of one element: what is open, folded and pinned in it, over the snapshot that is shown.
 */
import type {
  ArrangedPart,
  ArrangedTarget,
  Arrangement,
  FirstRows,
  HitSlice,
  Mask,
  Row,
  Snapshot,
} from "../entry/index.js";
import type { Engine } from "./engine-host.js";
import { isTrap, Stale } from "./fault.js";
import type { ChangeCounts, FirstHits, HitsWindow, RowKey, TableHead, TableRow, TableView, Turn } from "./protocol.js";

/** What a snapshot is seen through, and compared with. */
interface Seen {
  earlier: Snapshot | undefined;
  mask: Mask | false;
}

/** How many rows stand side by side, for `aria-setsize`. */
const UNKNOWN = -1;

export class Table {
  #arrangement: Arrangement | undefined;
  #snapshot: Snapshot | undefined;
  #searching: { snapshot: Snapshot; aborts: AbortController } | undefined;
  #head: TableHead = { version: 0, view: 0, total: 0, selected: 0, unfiltered: 0, misread: [] };
  #counted: { snapshot: Snapshot; earlier: Snapshot; counts: ChangeCounts } | undefined;
  /** Names of variables that may be open; `undefined` where any may be. */
  #opened: Set<string> | undefined = new Set();

  /**
   * Searches before a snapshot is shown, in slices, so that what is asked meanwhile is answered. One search at a time: another one, and
   * {@link Table.giveUp}, end it. `onFirst` is given the first hits where the search goes on after them.
   *
   * @throws {@link Stale} where it was ended.
   */
  async search(
    engine: Engine,
    snapshot: Snapshot,
    { earlier, mask }: Seen,
    view: TableView,
    onFirst?: (first: FirstHits) => void,
  ): Promise<void> {
    this.giveUp();
    if (view.filter === "") return;
    const { pins, groupBy, ...window } = view;
    const aborts = new AbortController();
    const { signal } = aborts;
    this.#searching = { snapshot, aborts };
    let telling: ReturnType<typeof setTimeout> | undefined;
    const onFirstRows = (first: FirstRows): void => {
      const rows = this.#asArranged(first.rows);
      if (!onFirst || rows.length === 0 || groupBy !== "none" || pins.length > 0) return;
      const { misread = [], sought } = first;
      // A search that ends with this slice has all rows at once.
      telling = setTimeout(() => {
        if (!signal.aborted) onFirst({ rows, misread, ...(sought && { sought }) });
      });
    };
    try {
      await engine.searchRows(snapshot, { ...window, mask, signal, onFirstRows, ...(earlier && { earlier }) });
    } catch (error) {
      if (signal.aborted) throw new Stale();
      if (!isTrap(engine, error)) throw error;
      // Whoever shows it starts the next engine.
    } finally {
      clearTimeout(telling);
    }
    if (signal.aborted) throw new Stale();
  }

  /** Rows as they will be arranged in one list, up to the first that may be open, since what is in it has rows of its own. */
  #asArranged(rows: readonly Row[]): TableRow[] {
    const opened = rows.findIndex(({ name }) => this.#opened?.has(name) !== false);
    return rows.slice(0, opened < 0 ? rows.length : opened).map((row, position) => {
      const opens = (row.childCount ?? 0) > 0 && row.masked?.whole !== true;
      const place = { depth: 0, position, siblings: UNKNOWN, pinned: false };
      return { kind: "variable", row, ...place, ...(opens && { expanded: false }) };
    });
  }

  /** Ends a search that is under way. */
  giveUp(): void {
    this.#searching?.aborts.abort();
    this.#searching = undefined;
  }

  /** Shows a snapshot; changes are told by the one before. */
  show(engine: Engine, ...how: [Snapshot, Seen, TableView, RowKey | undefined]): TableHead {
    try {
      return this.#show(engine, ...how);
    } catch (error) {
      if (!isTrap(engine, error)) throw error;
      // It stood in an engine that has broken down; the next one has nothing open.
      this.#arrangement = undefined;
      this.#opened = new Set();
      return this.#show(engine, ...how);
    }
  }

  #show(
    engine: Engine,
    snapshot: Snapshot,
    { earlier, mask }: Seen,
    { pins, groupBy, ...window }: TableView,
    keep: RowKey | undefined,
  ): TableHead {
    const arrangement = this.#arrangement ?? new engine.Arrangement();
    const sameSnapshot = this.#snapshot === snapshot;
    this.#arrangement = arrangement;
    this.#snapshot = snapshot;
    for (const pin of arrangement.pins) if (!pins.some((wanted) => isSame(pin, wanted))) arrangement.unpin(pin);
    for (const pin of pins) arrangement.pin(pin);
    const how = { ...window, mask, ...(earlier && { earlier }) };
    arrangement.show(snapshot, { ...how, groupBy });
    const { selected, unfiltered } = arrangement;
    const { misread = [], sought } = window.filter === "" ? {} : snapshot.rows({ ...how, limit: 0 });
    const { version, total, view } = this.#head;
    const changes = earlier && this.#count(snapshot, earlier);
    const told = { ...(changes && { changes }), ...(sought && { sought }) };
    this.#head = { version, total, view: view + 1, selected, unfiltered, misread, ...told };
    // What is gone has its number in the snapshot before, which may be another one now.
    return this.#now(keep && this.#position(keep, sameSnapshot && !("removed" in keep)));
  }

  /** Once for two snapshots: the view does not matter. */
  #count(snapshot: Snapshot, earlier: Snapshot): ChangeCounts {
    const known = this.#counted;
    if (known?.snapshot === snapshot && known.earlier === earlier) return known.counts;
    const many = (filter: string): number => snapshot.rows({ filter, earlier, limit: 0 }).total;
    const counts = { added: many("added:yes"), changed: many("changed:yes -added:yes"), removed: many("removed:yes") };
    this.#counted = { snapshot, earlier, counts };
    return counts;
  }

  /** Lets go of a snapshot that is shown or searched. */
  forget(snapshot: Snapshot | undefined): void {
    if (snapshot === this.#searching?.snapshot) this.giveUp();
    if (snapshot !== this.#snapshot) return;
    this.#snapshot = undefined;
    this.#counted = undefined;
    try {
      this.#arrangement?.hide();
    } catch {
      // It went with an engine that has broken down.
      this.#arrangement = undefined;
    }
  }

  free(): void {
    this.giveUp();
    this.#arrangement?.free();
    this.#arrangement = undefined;
    this.#snapshot = undefined;
    this.#counted = undefined;
  }

  rows(version: number, offset: number, limit: number): TableRow[] {
    if (version !== this.#head.version) throw new Stale();
    return this.#arrangement?.rows({ offset, limit }) ?? [];
  }

  turn(key: RowKey, how: Turn): TableHead {
    const arrangement = this.#arrangement;
    if (how === "siblings") this.#opened = undefined;
    else if (how === "expand" && "name" in key) this.#opened?.add(key.name);
    if (how === "siblings") {
      const at = this.#position(key, true);
      if (at !== undefined) arrangement?.expandSiblings(at);
    } else if (how === "expand") arrangement?.expand(lasting(key, false));
    else arrangement?.collapse(lasting(key, false));
    return this.#now(this.#position(key, true));
  }

  reveal(key: RowKey): TableHead {
    const at = this.#arrangement?.reveal(lasting(key, true));
    const row = at === undefined ? undefined : this.#arrangement?.rows({ offset: at, limit: 1 })[0];
    if (row?.kind === "member") this.#opened?.add(row.name);
    return this.#now(at);
  }

  parent(key: RowKey): number | undefined {
    const at = this.#position(key, true);
    return at === undefined ? undefined : this.#arrangement?.parent(at);
  }

  /** Goes to the next variable that changed, from a row or from the top. */
  nextChange(key: RowKey | undefined, forward: boolean): TableHead {
    const at = (key && this.#position(key, true)) ?? 0;
    const top = key === undefined && forward ? this.#arrangement?.rows({ limit: 1 })[0] : undefined;
    if ((top?.kind === "variable" || top?.kind === "removed") && top.row.change !== undefined) return this.#now(0);
    return this.#now(this.#arrangement?.nextChange(at, !forward));
  }

  variable(entry: number): Row | undefined {
    const at = this.#arrangement?.position({ entry });
    const row = at === undefined ? undefined : this.#arrangement?.rows({ offset: at, limit: 1 })[0];
    return row?.kind === "variable" ? row.row : undefined;
  }

  hits(view: number, window: HitsWindow): HitSlice {
    if (view !== this.#head.view) throw new Stale();
    return this.#arrangement?.hits(window) ?? { hits: [], count: 0 };
  }

  #now(at: number | undefined): TableHead {
    const { at: _, ...head } = this.#head;
    const [version, total] = [head.version + 1, this.#arrangement?.length ?? 0];
    this.#head = { ...head, version, total, ...(at !== undefined && { at }) };
    return this.#head;
  }

  /** Where a row is now; of a part that does not show, the nearest above it that does. */
  #position(key: RowKey, sameSnapshot: boolean): number | undefined {
    const arrangement = this.#arrangement;
    if (!arrangement) return undefined;
    if ("group" in key) return arrangement.position(key);
    for (let depth = key.steps?.length ?? 0; depth >= 0; depth -= 1) {
      const at = arrangement.position(lasting(key, sameSnapshot, depth));
      if (at !== undefined) return at;
    }
    return undefined;
  }
}

/** The key as it can be used: numbers are those of one snapshot. */
function lasting(key: RowKey, sameSnapshot: false): ArrangedTarget;
function lasting(key: RowKey, sameSnapshot: boolean, depth?: number): ArrangedTarget | ArrangedPart;
function lasting(key: RowKey, sameSnapshot: boolean, depth?: number): ArrangedTarget | ArrangedPart {
  if ("group" in key) return key;
  const { name, scope, path = [], entry, steps = [], removed } = key;
  if (sameSnapshot && entry !== undefined && removed) return { entry, removed };
  if (sameSnapshot && entry !== undefined) return { entry, steps: steps.slice(0, depth) };
  return { name, path: path.slice(0, depth), ...(scope !== undefined && { scope }) };
}

function isSame(one: { name: string; scope?: string }, other: { name: string; scope?: string }): boolean {
  return one.name === other.name && one.scope === other.scope;
}
