/**
 * The hits of the filter: how many there are, as far as they have been counted, and which one the reader is at.
 */
import type { Hit, HitPlace, HitSlice } from "../../entry/index.js";
import type { HitsWindow, HostApi } from "../../worker/protocol.js";
import { unwrap } from "../engine/engine-link.js";

type AskHits = (window: HitsWindow) => Promise<HitSlice>;

/** Nothing stands behind it, so that whoever goes back from it comes to the last hit. */
const END: HitPlace = { row: 4_294_967_295, hit: 0 };

export class HitsModel {
  /** As far as they are counted. */
  count = 0;
  /** Whether that is all of them. */
  complete = true;
  /** The one that the reader is at. */
  current: Hit | undefined;
  /** Its number, from 1; `undefined` until they are counted. */
  number: number | undefined;
  #turn = 0;
  #ask: AskHits | undefined;
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Other rows are shown: counts anew, and begins at the first hit again. */
  restart(host: HostApi, view: number, isSearch: boolean): void {
    this.expect(isSearch);
    if (!isSearch) return;
    this.#ask = async (window) => unwrap(await host.hits(view, window));
    void this.#tally(this.#ask, this.#turn).catch(() => undefined);
  }

  /** Another search is asked for: none of its hits is counted yet. */
  expect(isSearch: boolean): void {
    this.clear();
    this.complete = !isSearch;
  }

  clear(): void {
    this.#turn += 1;
    this.count = 0;
    this.complete = true;
    this.current = undefined;
    this.number = undefined;
    this.#ask = undefined;
  }

  /** Goes to the next hit or the one before, and round at the ends. */
  async step(forward: boolean): Promise<Hit | undefined> {
    const [turn, from, ask] = [this.#turn, this.current, this.#ask];
    if (!ask) return undefined;
    const find = async (place: HitPlace | undefined): Promise<Hit | undefined> => {
      const window = forward ? { limit: 1, ...(place && { after: place }) } : { limit: 1, before: place ?? END };
      const { hits, rest } = await ask(window);
      // A slice may end before it has found one.
      return hits[0] ?? (rest && find(rest));
    };
    const hit = (await find(from)) ?? (from && (await find(undefined)));
    if (!hit || turn !== this.#turn) return undefined;
    const wrapped = from === undefined || (forward ? isBefore(hit, from) : isBefore(from, hit));
    if (!wrapped) this.number = this.number && this.number + (forward ? 1 : -1);
    else if (forward) this.number = 1;
    else this.number = this.complete ? this.count : undefined;
    this.current = hit;
    this.#changed();
    return hit;
  }

  /** Counts in slices, so that whatever else is asked for has its turn between them. */
  async #tally(ask: AskHits, turn: number): Promise<void> {
    let after: HitPlace | undefined;
    do {
      const slice = await ask({ limit: 0, ...(after && { after }) });
      if (turn !== this.#turn) return;
      this.count += slice.count;
      after = slice.rest;
      this.complete = after === undefined;
      this.#changed();
    } while (!this.complete);
  }
}

function isBefore(one: HitPlace, other: HitPlace): boolean {
  return one.row === other.row ? one.hit <= other.hit : one.row < other.row;
}
