/**
 * The table: which rows of the snapshot are shown, in which order, and where the keyboard stands.
 */
import type { Row, RowsWindow } from "../../entry/index.js";
import type { HostApi } from "../../worker/protocol.js";
import { unwrap } from "../engine/engine-link.js";
import { RowCache } from "./row-cache.js";

export type SortColumn = "name" | "type" | "scope" | "size";

/** What is shown of a snapshot. */
export interface TableView {
  filter: string;
  /** `order`, or a column; a leading `-` reverses. */
  sort: string;
  /** Show variables that a higher scope hides. */
  shadowed: boolean;
}

/** Row −1 is the header; column −1 is the row as a whole. */
export interface ActiveCell {
  row: number;
  column: number;
}

export class TableModel {
  view: TableView = { filter: "", sort: "order", shadowed: false };
  active: ActiveCell = { row: 0, column: -1 };
  rows: RowCache | undefined;
  #host: HostApi | undefined;
  #snapshot: number | undefined;
  #opening: Promise<void> | undefined;
  #again = false;
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get total(): number {
    return this.rows?.total ?? 0;
  }

  row(index: number): Row | undefined {
    return this.rows?.row(index);
  }

  /** Shows another snapshot. Resolves when its first rows are there; until then the old rows stay. */
  show(host: HostApi, snapshot: number): Promise<void> {
    this.#host = host;
    this.#snapshot = snapshot;
    return this.#reopen();
  }

  clear(): void {
    this.#snapshot = undefined;
    this.rows = undefined;
    this.active = { row: 0, column: -1 };
    this.#changed();
  }

  /** Changes the view; the row that has the keyboard keeps it where it is still shown. */
  async setView(patch: Partial<TableView>): Promise<void> {
    this.view = { ...this.view, ...patch };
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

  /** Where a variable stands in this view. */
  async locate(name: string, scope: string): Promise<number | undefined> {
    if (!this.#host || this.#snapshot === undefined) return undefined;
    const place = unwrap(await this.#host.locate(this.#snapshot, this.window(), name, scope));
    return place?.index;
  }

  /** One view is opened at a time; of those asked for meanwhile only the last is. */
  #reopen(): Promise<void> {
    if (this.#opening) {
      this.#again = true;
      return this.#opening;
    }
    this.#opening = this.#openUntilSettled().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async #openUntilSettled(): Promise<void> {
    do {
      this.#again = false;
      const snapshot = this.#snapshot;
      try {
        await this.#open();
      } catch (error) {
        // What is no longer shown need not be readable any more.
        if (snapshot === this.#snapshot) throw error;
      }
    } while (this.#again);
  }

  async #open(): Promise<void> {
    const [host, snapshot] = [this.#host, this.#snapshot];
    if (!host || snapshot === undefined) return;
    const before = this.row(this.active.row);
    const window = this.window();
    const fetch = async (offset: number, limit: number) =>
      unwrap(await host.rows(snapshot, { ...window, offset, limit }));
    const place = before ? unwrap(await host.locate(snapshot, window, before.name, before.scope)) : undefined;
    const near = place?.index ?? this.active.row;
    const rows = await RowCache.open(fetch, this.#changed, near);
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
