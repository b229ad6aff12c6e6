/**
 * Clocks and timers for a page or for Node that pass over every wait, as soon as nothing is under way: no request, no
 * signature, no transaction. To be installed before the engine starts.
 */

/** The earliest timer first; of two at once the one that was set first. */
class Timers {
  #heap = [];
  #live = new Map();
  #last = 0;

  get size() {
    return this.#live.size;
  }

  set(at, call) {
    this.#last += 1;
    const timer = { at, id: this.#last, call };
    this.#live.set(timer.id, timer);
    const heap = this.#heap;
    let place = heap.push(timer) - 1;
    while (place > 0) {
      const above = (place - 1) >> 1;
      if (!before(timer, heap[above])) break;
      heap[place] = heap[above];
      place = above;
    }
    heap[place] = timer;
    return timer.id;
  }

  clear(id) {
    this.#live.delete(id);
  }

  /** Takes the next timer that has not been cleared. */
  take() {
    for (;;) {
      const [first] = this.#heap;
      if (!first) return undefined;
      this.#pop();
      if (this.#live.delete(first.id)) return first;
    }
  }

  #pop() {
    const heap = this.#heap;
    const last = heap.pop();
    if (heap.length === 0) return;
    let place = 0;
    for (;;) {
      const left = 2 * place + 1;
      const right = left + 1;
      const below = right < heap.length && before(heap[right], heap[left]) ? right : left;
      if (below >= heap.length || !before(heap[below], last)) break;
      heap[place] = heap[below];
      place = below;
    }
    heap[place] = last;
  }
}

const before = (one, other) => one.at < other.at || (one.at === other.at && one.id < other.id);

/**
 * Installs them. `startMs`: what the wall clock says at first. `breathe` lets everything else have its turn, and is awaited
 * before time passes.
 *
 * @param {{ startMs?: number, breathe: () => Promise<unknown> }} options
 */
export function passOverWaits({ startMs = Date.now(), breathe }) {
  const timers = new Timers();
  let now = 0;
  let underWay = 0;
  const origin = startMs;
  const RealDate = Date;
  globalThis.Date = class extends RealDate {
    constructor(...args) {
      super(...(args.length === 0 ? [origin + now] : args));
    }
    static now() {
      return origin + now;
    }
  };
  Object.defineProperty(performance, "now", { value: () => now, configurable: true });
  globalThis.setTimeout = (call, ms = 0, ...args) => {
    const id = timers.set(now + Math.max(0, Number(ms) || 0), () => call(...args));
    pass();
    return id;
  };
  globalThis.clearTimeout = (id) => timers.clear(id);

  const track = (promise) => {
    underWay += 1;
    const over = () => {
      underWay -= 1;
      pass();
    };
    promise.then(over, over);
    return promise;
  };
  const tracked = (owner, name, promiseOf = (value) => value) => {
    const call = owner?.[name];
    if (!call) return;
    owner[name] = function (...args) {
      const result = call.apply(this, args);
      track(promiseOf(result));
      return result;
    };
  };
  tracked(globalThis, "fetch");
  tracked(globalThis.SubtleCrypto?.prototype, "sign");
  const ends =
    (...names) =>
    (target) =>
      new Promise((resolve) => {
        for (const name of names) target.addEventListener(name, resolve, { once: true });
      });
  tracked(globalThis.IDBFactory?.prototype, "open", ends("success", "error", "blocked"));
  tracked(globalThis.IDBDatabase?.prototype, "transaction", ends("complete", "abort"));

  let passing = false;
  async function pass() {
    if (passing) return;
    passing = true;
    while (timers.size > 0) {
      await breathe();
      if (underWay > 0) break;
      const timer = timers.take();
      if (!timer) break;
      now = Math.max(now, timer.at);
      timer.call();
    }
    passing = false;
  }
  return { now: () => now };
}
