/**
 * The table: which rows of the snapshot are shown, in which order, and where the keyboard stands.
 */
import { proxy } from "comlink";
import type { RowsWindow } from "../../entry/index.js";
import type { FirstHits, HostApi, RowKey, TableHead, TableRow, TableView, Turn } from "../../worker/protocol.js";
import { faultOf, unwrap } from "../engine/engine-link.js";
import { HitsModel } from "./hits-model.js";
import { RowCache } from "./row-cache.js";
import { keyOf, partOfRow } from "./row-key.js";

/** How long what changed is marked in passing, in ms; the styles fade it as long. */
const FLASH_MS = 1_200;
/** A search is told of when it takes longer than so many ms; most are over by then. */
const SEARCH_MS = 150;
/** So many rows may flash at once, or such a part of all. */
const MOST_FLASHING = { rows: 20, part: 0.3 };
const NO_CHANGES = { added: 0, changed: 0 };

export type SortColumn = "name" | "type" | "scope" | "size";

/** Row −1 is the header; column −1 is the row as a whole. */
export interface ActiveCell {
  row: number;
  column: number;
}

export class TableModel {
  view: TableView = { filter: "", sort: "order", shadowed: false, groupBy: "none", pins: [] };
  active: ActiveCell = { row: 0, column: -1 };
  rows: RowCache | undefined;
  /** Whether what changed has only just come. */
  flashing = false;
  readonly hits: HitsModel;
  #host: HostApi | undefined;
  #snapshot: number | undefined;
  #opening: Promise<void> | undefined;
  #again = false;
  /** What the rows that are shown were asked for by. */
  #shown: { snapshot: number; filter: string } | undefined;
  /** Whether a view has been opening for a while. */
  #late = false;
  #turning: Promise<void> = Promise.resolve();
  #flash: ReturnType<typeof setTimeout> | undefined;
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
    this.hits = new HitsModel(changed);
  }

  /** How many rows there are. */
  get total(): number {
    return this.rows?.head.total ?? 0;
  }

  /** How many variables the filter lets through. */
  get selected(): number {
    return this.rows?.head.selected ?? 0;
  }

  /** Whether rows are being searched for, and have been for a while: those that are shown are of the search before, or the first. */
  get searching(): boolean {
    return this.counting || (this.#late && this.view.filter !== "");
  }

  /** Whether the rows are the first hits of a search that is not over. */
  get counting(): boolean {
    return this.rows?.head.counting === true;
  }

  row(index: number): TableRow | undefined {
    return this.rows?.row(index);
  }

  /** Shows another snapshot. Resolves when its first rows are there; until then the old rows stay. */
  show(host: HostApi, snapshot: number): Promise<void> {
    this.#host = host;
    this.#snapshot = snapshot;
    return this.#reopen();
  }

  /** Marks what changed in passing, unless that were most of what is seen. A row that is marked already is not marked once more. */
  flash(): void {
    const { added, changed } = this.rows?.head.changes ?? NO_CHANGES;
    const many = Math.max(MOST_FLASHING.rows, MOST_FLASHING.part * this.selected);
    if (added + changed === 0 || added + changed > many || document.visibilityState !== "visible") return;
    clearTimeout(this.#flash);
    this.flashing = true;
    this.#flash = setTimeout(() => {
      this.flashing = false;
      this.#changed();
    }, FLASH_MS);
  }

  /** Reads what is shown again. */
  refresh(): Promise<void> {
    return this.#reopen();
  }

  clear(): void {
    this.#snapshot = undefined;
    this.rows = undefined;
    this.#shown = undefined;
    this.active = { row: 0, column: -1 };
    this.hits.clear();
    this.#changed();
  }

  /** Changes the view; the row that has the keyboard keeps it where it is still shown. */
  async setView(patch: Partial<TableView>): Promise<void> {
    const before = this.view.filter;
    this.view = { ...this.view, ...patch };
    if (this.view.filter !== before) this.hits.expect(this.view.filter !== "");
    this.#changed();
    await this.#reopen();
  }

  /** Moves the keyboard, inside the bounds. */
  moveTo(row: number, column = this.active.column): void {
    const last = this.total - 1;
    this.active = { row: Math.max(-1, Math.min(last, row)), column };
    this.#changed();
  }

  window(): RowsWindow {
    const { filter, sort, shadowed } = this.view;
    return { filter, sort, shadowed };
  }

  /** Whether the filter and the switches let a variable through, whatever is folded. */
  async selects(name: string, scope: string): Promise<boolean> {
    if (!this.#host || this.#snapshot === undefined) return false;
    return unwrap(await this.#host.locate(this.#snapshot, this.window(), name, scope)) !== undefined;
  }

  /** Opens or closes a row, or all that stand beside it. */
  turn(index: number, how: Turn): Promise<void> {
    const row = this.row(index);
    if (!row) return Promise.resolve();
    const key = keyOf(row);
    // The next key may come before the rows do.
    if (row.expanded !== undefined && how !== "siblings") row.expanded = how === "expand";
    return this.#act(async (host) => unwrap(await host.turn(key, how)));
  }

  /** Goes to a row, opening what it is in. Tells whether there is such a row. */
  async reveal(key: RowKey): Promise<boolean> {
    let found = false;
    await this.#act(async (host) => {
      const head = unwrap(await host.reveal(key));
      found = head.at !== undefined;
      return head;
    });
    return found;
  }

  /** Goes to the next variable that changed, or to the one before. Tells whether there is one. */
  async toChange(forward: boolean): Promise<boolean> {
    const row = this.row(this.active.row);
    let found = false;
    await this.#act(async (host) => {
      const head = unwrap(await host.nextChange(row && keyOf(row), forward));
      found = head.at !== undefined;
      return head;
    });
    return found;
  }

  /** Goes to the row that a row stands below of. */
  async toParent(index: number): Promise<void> {
    const row = this.row(index);
    await this.#turning;
    const at = row && this.#host && unwrap(await this.#host.parent(keyOf(row)));
    if (at !== undefined) this.moveTo(at, -1);
  }

  /** Pins a variable on top, or takes the pin away. */
  async togglePin(name: string, scope: string | undefined): Promise<void> {
    const others = this.view.pins.filter((pin) => pin.name !== name || (pin.scope ?? scope) !== scope);
    const pinned = others.length < this.view.pins.length;
    await this.setView({ pins: pinned ? others : [...others, { name, ...(scope !== undefined && { scope }) }] });
  }

  isPinned(name: string, scope: string): boolean {
    return this.view.pins.some((pin) => pin.name === name && (pin.scope ?? scope) === scope);
  }

  /** Goes to the next hit of the filter or the one before, wherever it is. Tells whether there is one. */
  async stepHit(forward: boolean): Promise<boolean> {
    await this.#opening;
    const host = this.#host;
    if (!host || !this.rows || this.view.filter === "") return false;
    const hit = await this.hits.step(forward);
    if (!hit) return false;
    const { entry, steps, removed } = hit;
    return this.reveal({ name: "", entry, steps, ...(removed && { removed }) });
  }

  /** One after the other: each is about the rows that the one before has left. */
  #act(call: (host: HostApi) => Promise<TableHead>): Promise<void> {
    const act = async (): Promise<void> => {
      await this.#opening;
      const [host, snapshot] = [this.#host, this.#snapshot];
      if (host && snapshot !== undefined) await this.#take(host, snapshot, await call(host));
    };
    // What has been replaced meanwhile need not be turned any more.
    this.#turning = this.#turning.then(act).catch(() => undefined);
    return this.#turning;
  }

  /** One view is opened at a time; of those asked for meanwhile only the last is. */
  #reopen(): Promise<void> {
    if (this.#opening) {
      this.#again = true;
      // Nobody waits for what is searched just now.
      void this.#host?.giveUpSearch();
      return this.#opening;
    }
    const late = setTimeout(() => this.#setLate(true), SEARCH_MS);
    this.#opening = this.#openUntilSettled().finally(() => {
      this.#opening = undefined;
      clearTimeout(late);
      this.#setLate(false);
    });
    return this.#opening;
  }

  #setLate(late: boolean): void {
    if (this.#late === late) return;
    this.#late = late;
    this.#changed();
  }

  async #openUntilSettled(): Promise<void> {
    do {
      this.#again = false;
      const snapshot = this.#snapshot;
      try {
        await this.#open();
      } catch (error) {
        // What is no longer shown need not be readable any more, and what was given up for another view not searched.
        if (snapshot === this.#snapshot && !(this.#again && faultOf(error).code === "STALE")) throw error;
      }
    } while (this.#again);
  }

  async #open(): Promise<void> {
    const [host, snapshot, view] = [this.#host, this.#snapshot, this.view];
    if (!host || snapshot === undefined) return;
    const before = this.row(this.active.row);
    const asked = { snapshot, filter: view.filter };
    const former = { rows: this.rows, shown: this.#shown };
    let [sawFirst, isOver] = [false, false];
    const onFirst = (first: FirstHits): void => {
      const head = this.rows?.head;
      if (!head || isOver || this.#again || snapshot !== this.#snapshot) return;
      sawFirst = true;
      this.#shown = asked;
      this.#takeFirst(first, head, before);
    };
    const how = [snapshot, view, before && keyOf(before)] as const;
    const arranging = this.#mayShowFirst(asked) ? host.arrange(...how, proxy(onFirst)) : host.arrange(...how);
    const answer = await arranging;
    isOver = true;
    if ("fault" in answer && sawFirst && snapshot === this.#snapshot) {
      // The others never come, and what is shown would be counted for ever.
      [this.rows, this.#shown] = [former.rows, former.shown];
      this.#changed();
    }
    const head = unwrap(answer);
    // Whoever has read the first hits meanwhile stays among them.
    await this.#take(host, snapshot, head, sawFirst ? this.active.row : head.at);
    if (this.rows?.head !== head) return;
    this.#shown = asked;
    this.hits.restart(host, head.view, view.filter !== "");
  }

  /** Where the same is searched for once more, or in another snapshot, the rows that are shown stay until all are there. */
  #mayShowFirst({ snapshot, filter }: { snapshot: number; filter: string }): boolean {
    return filter !== "" && this.#shown?.snapshot === snapshot && this.#shown.filter !== filter;
  }

  /** Shows the first hits. The row that has the keyboard keeps it if it is one of them. */
  #takeFirst({ rows, misread, sought }: FirstHits, shown: TableHead, before: TableRow | undefined): void {
    const { at: _, sought: __, ...head } = shown;
    const [total, selected] = [rows.length, rows.length];
    const told = { ...head, total, selected, misread, ...(sought && { sought }), counting: true as const };
    this.rows = RowCache.of(rows, this.#changed, told);
    const part = partOfRow(before);
    const at = rows.findIndex((row) => part !== undefined && partOfRow(row)?.entry === part.entry);
    if (this.active.row >= 0) this.active = { ...this.active, row: Math.max(0, at) };
    this.#changed();
  }

  /** Takes the rows as they are now; the keyboard goes to the row that the call was about. */
  async #take(host: HostApi, snapshot: number, head: TableHead, at = head.at): Promise<void> {
    const near = at ?? this.active.row;
    const fetch = async (offset: number, limit: number) => unwrap(await host.rows(head.version, offset, limit));
    const rows = await RowCache.open(fetch, this.#changed, head, near);
    if (snapshot !== this.#snapshot) return;
    this.rows = rows;
    this.active = { ...this.active, row: this.#nearest(near) };
    this.#changed();
  }

  #nearest(row: number): number {
    if (row < 0) return this.active.row < 0 ? -1 : 0;
    return Math.max(0, Math.min(this.total - 1, row));
  }
}
