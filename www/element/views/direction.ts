/**
 * Which way the reader's language runs.
 */
export function isRtl(target: EventTarget | null): boolean {
  return target instanceof Element && getComputedStyle(target).direction === "rtl";
}
