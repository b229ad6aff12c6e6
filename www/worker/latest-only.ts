/**
 * Passes on the latest of many values, at most once in an interval; the first at once.
 */
export function latestOnly<T extends { phase: string }>(
  deliver: (value: T) => void,
  intervalMs: number,
): { push: (value: T) => void; stop: () => void } {
  let pending: T | undefined;
  let phase: string | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const flush = (): void => {
    timer = undefined;
    if (!pending) return;
    deliver(pending);
    pending = undefined;
    timer = setTimeout(flush, intervalMs);
  };
  const push = (value: T): void => {
    pending = value;
    // A new phase is news; more of the same can wait.
    if (value.phase !== phase) clearTimeout(timer);
    else if (timer !== undefined) return;
    phase = value.phase;
    flush();
  };
  const stop = (): void => {
    clearTimeout(timer);
    if (pending) deliver(pending);
    pending = undefined;
  };
  return { push, stop };
}
