/** Measures tasks beside each other: interleaved in random order, with the garbage collected before each. */

/**
 * @typedef {object} Task
 * @property {string} name
 * @property {() => any} run What is timed. May be a promise.
 * @property {() => void} [before] Not timed.
 * @property {(result: any) => void} [after] Not timed.
 */

/** @typedef {{ median: number, low: number, high: number }} Figures Milliseconds; a quarter lies below `low`, above `high`. */

const collect = () => globalThis.gc?.();

/**
 * @param {Task[]} tasks
 * @param {{ rounds?: number, warmups?: number }} [options]
 * @returns {Promise<Record<string, Figures>>}
 */
export async function interleave(tasks, { rounds = 9, warmups = 2 } = {}) {
  /** @type {Map<string, number[]>} */
  const samples = new Map(tasks.map((task) => [task.name, []]));
  for (let round = 0; round < warmups + rounds; round++) {
    for (const task of shuffled(tasks)) {
      task.before?.();
      collect();
      const since = performance.now();
      let result = task.run();
      if (result instanceof Promise) result = await result;
      const taken = performance.now() - since;
      task.after?.(result);
      if (round >= warmups) samples.get(task.name)?.push(taken);
    }
    await new Promise((resolve) => setTimeout(resolve));
  }
  return Object.fromEntries([...samples].map(([name, taken]) => [name, figures(taken)]));
}

/** @param {number[]} samples @returns {Figures} */
export function figures(samples) {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
  return { median: at(0.5), low: at(0.25), high: at(0.75) };
}

/** @template T @param {T[]} list @returns {T[]} */
export function shuffled(list) {
  const copy = [...list];
  for (let at = copy.length - 1; at > 0; at--) {
    const other = Math.floor(Math.random() * (at + 1));
    [copy[at], copy[other]] = [copy[other], copy[at]];
  }
  return copy;
}

/** Fails where the answers of tasks that do the same differ. */
export function assertSame(what, answers) {
  const [[first, expected], ...others] = Object.entries(answers);
  const text = JSON.stringify(expected);
  for (const [name, answer] of others) {
    const other = JSON.stringify(answer);
    if (other === text) continue;
    let at = 0;
    while (other[at] === text[at]) at++;
    const near = (source) => source.slice(Math.max(0, at - 60), at + 60);
    throw new Error(`${what}: ${first} and ${name} differ: …${near(text)}… and …${near(other)}…`);
  }
}
