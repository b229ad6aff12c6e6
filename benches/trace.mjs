/** What a page worked itself, by the browser's own trace: other programs that have the processor meanwhile do not count. */

/** What has to be traced for it. */
export const CATEGORIES = ["-*", "blink.user_timing"];

/**
 * How long a page's thread worked, in milliseconds of its own time: at most between two of its turns, and in the last `end`
 * milliseconds before its last mark.
 *
 * @param {Uint8Array} trace As the browser writes it.
 * @param {{ turn: string, last: string, end: number }} marks The names of the marks: one at each turn, one when all is there.
 */
export function ownTime(trace, { turn, last, end }) {
  const { traceEvents } = JSON.parse(new TextDecoder().decode(trace));
  const marks = (name) => traceEvents.filter((event) => event.name === name).sort((one, other) => one.ts - other.ts);
  const [all] = marks(last);
  const turns = marks(turn).filter((mark) => mark.pid === all?.pid);
  const late = turns.find((mark) => mark.ts >= all?.ts - end * 1000);
  if (!late) throw new Error("The trace has no marks of the page.");
  // Now and then the thread's clock runs ahead of the wall's.
  const work = (one, other) => Math.min(other.tts - one.tts, other.ts - one.ts) / 1000;
  const worked = turns.slice(1).map((mark, place) => work(turns[place], mark));
  return {
    longestTask: worked.reduce((one, other) => Math.max(one, other)),
    workAfterLastByte: Math.max(0, work(late, all)),
  };
}
