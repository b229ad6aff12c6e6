/**
 * The rows of one view that have come from the engine: blocks near the visible window, never all of them.
 */
import type { Misread, Row } from "../../entry/index.js";
import type { RowsAnswer } from "../../worker/protocol.js";

export const BLOCK = 100;
const KEPT_BLOCKS = 24;
const IN_FLIGHT = 2;

export type FetchRows = (offset: number, limit: number) => Promise<RowsAnswer>;

export class RowCache {
  total: number;
  unfiltered: number;
  readonly misread: Misread[];
  readonly #fetch: FetchRows;
  readonly #arrived: () => void;
  readonly #blocks = new Map<number, Row[]>();
  readonly #asked = new Set<number>();
  #wanted: number[] = [];

  private constructor(fetch: FetchRows, arrived: () => void, first: RowsAnswer) {
    this.#fetch = fetch;
    this.#arrived = arrived;
    this.total = first.total;
    this.unfiltered = first.unfiltered;
    this.misread = first.misread ?? [];
  }

  /** Opens a view with the block that holds row `near` already there. */
  static async open(fetch: FetchRows, arrived: () => void, near: number): Promise<RowCache> {
    const block = Math.max(0, Math.floor(near / BLOCK));
    let answer = await fetch(block * BLOCK, BLOCK);
    const last = Math.max(0, Math.ceil(answer.total / BLOCK) - 1);
    const at = Math.min(block, last);
    if (at !== block) answer = await fetch(at * BLOCK, BLOCK);
    const cache = new RowCache(fetch, arrived, answer);
    cache.#blocks.set(at, answer.rows);
    return cache;
  }

  row(index: number): Row | undefined {
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

  #touch(block: number, rows: Row[]): void {
    this.#blocks.delete(block);
    this.#blocks.set(block, rows);
  }

  #pump(): void {
    while (this.#asked.size < IN_FLIGHT) {
      const block = this.#wanted.shift();
      if (block === undefined) return;
      this.#asked.add(block);
      this.#fetch(block * BLOCK, BLOCK)
        .then((answer) => this.#take(block, answer))
        .catch(() => undefined)
        .finally(() => {
          this.#asked.delete(block);
          this.#pump();
        });
    }
  }

  #take(block: number, answer: RowsAnswer): void {
    this.#blocks.set(block, answer.rows);
    for (const oldest of this.#blocks.keys()) {
      if (this.#blocks.size <= KEPT_BLOCKS) break;
      this.#blocks.delete(oldest);
    }
    this.#arrived();
  }
}
