/**
 * The watchpoints of one element. Each looks by itself, so that one that is added has its first look at once.
 */
import type { Mask, Snapshot, Watchpoint, Watchpoints } from "../entry/index.js";
import type { Engine } from "./engine-host.js";
import { isTrap } from "./fault.js";
import type { WatchHit } from "./protocol.js";

/** The number of the one watchpoint that each has. */
const ONLY = 1;

interface Kept {
  watchpoint: Watchpoint;
  engine: Watchpoints;
}

export class WatchList {
  readonly #kept = new Map<number, Kept>();
  #last = 0;

  /** Adds one, which looks at what is shown; gives its number. */
  add(
    engine: Engine,
    watchpoint: Watchpoint,
    { shown, mask }: { shown: Snapshot | undefined; mask: Mask | false },
  ): { id: number; hits: WatchHit[] } {
    const watchpoints = start(engine, watchpoint, mask);
    // The mask may break down with its engine, and with it what its names stand for.
    const kept = { watchpoint: { ...watchpoint, ...watchpoints.place(ONLY) }, engine: watchpoints };
    const id = ++this.#last;
    this.#kept.set(id, kept);
    return { id, hits: shown ? look(id, kept, shown) : [] };
  }

  remove(id: number): void {
    this.#kept.get(id)?.engine.free();
    this.#kept.delete(id);
  }

  /** What the next snapshot meets. */
  check(engine: Engine, snapshot: Snapshot): WatchHit[] {
    return [...this.#kept].flatMap(([id, kept]) => {
      try {
        return look(id, kept, snapshot);
      } catch (error) {
        if (!isTrap(engine, error)) throw error;
        // It stood in an engine that has broken down.
        kept.engine = start(engine, kept.watchpoint, false);
        return look(id, kept, snapshot);
      }
    });
  }

  free(): void {
    for (const { engine } of this.#kept.values()) engine.free();
    this.#kept.clear();
  }
}

/** Whether a watchpoint's condition is about what the value is, rather than about its changes. */
export function asksForValue({ when }: Watchpoint): boolean {
  return typeof when === "object" && !("unchangedFor" in when);
}

/** Whether the mask hides something of what a watchpoint is about. */
export function isHidden(snapshot: Snapshot, { name, scope, path = [] }: Watchpoint, mask: Mask): boolean {
  const hides = (part: { entry: number; steps: number[] } | undefined): boolean =>
    part !== undefined && snapshot.copyText(part.entry, part.steps, "value", { mask })?.masked !== false;
  const find = (way: typeof path) => snapshot.at(name, way, scope) ?? snapshot.at(name, way, scope, { mask });
  // Where the way there is hidden, so is what it leads to.
  return hides(find(path) ?? find([]));
}

function start(engine: Engine, watchpoint: Watchpoint, mask: Mask | false): Watchpoints {
  const watchpoints = new engine.Watchpoints();
  watchpoints.add(watchpoint, { mask });
  return watchpoints;
}

/** Hits without what was met: values stay in the engine. */
function look(id: number, { engine }: Kept, snapshot: Snapshot): WatchHit[] {
  return engine.check(snapshot).map(({ takenAt }) => ({ id, takenAt }));
}
