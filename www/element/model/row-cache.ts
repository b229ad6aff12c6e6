/**
 * The rows of one version of the table that have come from the engine: blocks near the visible window, never all of them.
 */
import type { TableHead, TableRow } from "../../worker/protocol.js";

export const BLOCK = 100;
const KEPT_BLOCKS = 24;
const IN_FLIGHT = 2;

export type FetchRows = (offset: number, limit: number) => Promise<TableRow[]>;

export class RowCache {
  readonly head: TableHead;
  readonly #fetch: FetchRows;
  readonly #arrived: () => void;
  readonly #blocks = new Map<number, TableRow[]>();
  readonly #asked = new Set<number>();
  #wanted: number[] = [];

  private constructor(fetch: FetchRows, arrived: () => void, head: TableHead) {
    this.#fetch = fetch;
    this.#arrived = arrived;
    this.head = head;
  }

  /** Opens the rows with the block that holds row `near` already there. */
  static async open(fetch: FetchRows, arrived: () => void, head: TableHead, near: number): Promise<RowCache> {
    const last = Math.max(0, Math.ceil(head.total / BLOCK) - 1);
    const block = Math.max(0, Math.min(last, Math.floor(near / BLOCK)));
    const cache = new RowCache(fetch, arrived, head);
    cache.#blocks.set(block, await fetch(block * BLOCK, BLOCK));
    return cache;
  }

  /** Rows that are there already, fewer than a block, and all that there are for now. */
  static of(rows: TableRow[], arrived: () => void, head: TableHead): RowCache {
    const cache = new RowCache(async () => [], arrived, head);
    cache.#blocks.set(0, rows);
    return cache;
  }

  row(index: number): TableRow | undefined {
    return this.#blocks.get(Math.floor(index / BLOCK))?.[index % BLOCK];
  }

  /** Says which rows are visible; what is missing is asked for, the newest wish first. */
  want(first: number, last: number): void {
    this.#wanted = [];
    for (let block = Math.floor(first / BLOCK); block <= Math.floor(last / BLOCK); block += 1) {
      const rows = this.#blocks.get(block);
      if (rows) this.#touch(block, rows);
      else if (!this.#asked.has(block)) this.#wanted.push(block);
    }
    this.#pump();
  }

  #touch(block: number, rows: TableRow[]): void {
    this.#blocks.delete(block);
    this.#blocks.set(block, rows);
  }

  #pump(): void {
    while (this.#asked.size < IN_FLIGHT) {
      const block = this.#wanted.shift();
      if (block === undefined) return;
      this.#asked.add(block);
      this.#fetch(block * BLOCK, BLOCK)
        .then((rows) => this.#take(block, rows))
        .catch(() => undefined)
        .finally(() => {
          this.#asked.delete(block);
          this.#pump();
        });
    }
  }

  #take(block: number, rows: TableRow[]): void {
    this.#blocks.set(block, rows);
    for (const oldest of this.#blocks.keys()) {
      if (this.#blocks.size <= KEPT_BLOCKS) break;
      this.#blocks.delete(oldest);
    }
    this.#arrived();
  }
}
