/**
 * What the reader watches, and how often it was met.
 */
import type { Watchpoint } from "../../entry/index.js";
import type { HostApi, WatchHit } from "../../worker/protocol.js";
import { unwrap } from "../engine/engine-link.js";

export interface Watched {
  id: number;
  watchpoint: Watchpoint;
  hits: number;
  /** When it was met last, in ms since 1970. */
  lastHit?: number;
}

export class WatchModel {
  list: readonly Watched[] = [];
  /** Those that wait for a snapshot. */
  #waiting: readonly Watchpoint[] = [];
  /** One start goes after the other. */
  #started: Promise<void> = Promise.resolve();
  /** Which engine it is; the answers of one that is gone count for nothing. */
  #era = 0;
  readonly #hit: (watched: Watched) => void;
  readonly #changed: () => void;

  /** `hit` is told of each watchpoint that is met. */
  constructor(hit: (watched: Watched) => void, changed: () => void) {
    this.#hit = hit;
    this.#changed = changed;
  }

  async add(host: HostApi, watchpoint: Watchpoint, snapshot: number): Promise<void> {
    this.#watch(watchpoint, unwrap(await host.watch(watchpoint, snapshot)));
  }

  async remove(host: HostApi, id: number): Promise<void> {
    this.list = this.list.filter((watched) => watched.id !== id);
    this.#changed();
    await host.unwatch(id);
  }

  /** Counts what was met. */
  take(hits: readonly WatchHit[]): void {
    for (const { id, takenAt } of hits) {
      this.list = this.list.map((watched) =>
        watched.id === id ? { ...watched, hits: watched.hits + 1, lastHit: takenAt } : watched,
      );
      const watched = this.list.find((one) => one.id === id);
      if (watched) this.#hit(watched);
    }
  }

  /** All of them. */
  get watchpoints(): readonly Watchpoint[] {
    return [...this.list.map(({ watchpoint }) => watchpoint), ...this.#waiting];
  }

  /** Keeps those of these that it has, with what they have met; the others wait for {@link start}. */
  async set(host: HostApi | undefined, watchpoints: readonly Watchpoint[]): Promise<void> {
    const wanted = new Map(watchpoints.map((one) => [identity(one), one]));
    const gone = this.list.filter(({ watchpoint }) => !wanted.delete(identity(watchpoint)));
    this.#waiting = [...wanted.values()];
    if (host) for (const { id } of gone) await this.remove(host, id);
  }

  /** Those that wait have their first look at a snapshot. What cannot be watched for is dropped. */
  start(host: HostApi, snapshot: number): Promise<void> {
    const era = this.#era;
    this.#started = this.#started.then(() => this.#startEach(host, snapshot, era));
    return this.#started;
  }

  /** Each of them waits until its answer, so that it is told all the time. */
  async #startEach(host: HostApi, snapshot: number, era: number): Promise<void> {
    for (;;) {
      const next = era === this.#era ? this.#waiting[0] : undefined;
      if (!next) return;
      const answer = await host.watch(next, snapshot).catch(() => undefined);
      if (era !== this.#era) return;
      const rest = this.#waiting.filter((one) => identity(one) !== identity(next));
      const wanted = rest.length < this.#waiting.length;
      this.#waiting = rest;
      if (!answer || "fault" in answer) continue;
      if (wanted) this.#watch(next, answer.value);
      else await host.unwatch(answer.value.id);
    }
  }

  #watch(watchpoint: Watchpoint, { id, hits }: { id: number; hits: WatchHit[] }): void {
    this.list = [...this.list, { id, watchpoint, hits: 0 }];
    this.take(hits);
    this.#changed();
  }

  /** The engine is gone; with the next one they start anew. */
  stop(): void {
    this.#waiting = this.watchpoints;
    this.list = [];
    this.#era += 1;
    this.#started = Promise.resolve();
  }
}

function identity({ name, scope, path = [], when }: Watchpoint): string {
  return JSON.stringify([name, scope, path, when], (_, value: unknown) =>
    typeof value === "bigint" ? `${value}n` : value,
  );
}
