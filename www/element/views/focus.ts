/**
 * Keeps the focus inside when the thing that has it goes away.
 */
import { focusActive } from "./grid.js";

/** Watches one frame; returns the end of watching. */
export function keepFocus(frame: HTMLElement): () => void {
  const root = frame.getRootNode() as ShadowRoot;
  let last: HTMLElement | undefined;
  const onFocus = (event: FocusEvent): void => {
    last = event.target instanceof HTMLElement ? event.target : undefined;
  };
  const onBlur = (): void => {
    // A reader who leaves does so from something that is still there and still shown.
    queueMicrotask(() => {
      if (last?.isConnected && !root.activeElement && isShown(last)) last = undefined;
    });
  };
  const removals = new MutationObserver(() => {
    if (!last || root.activeElement || (last.isConnected && isShown(last))) return;
    const place = frame.querySelector<HTMLElement>(".frame.open [role=tab][aria-selected=true]");
    last = undefined;
    if (place && isShown(place)) place.focus();
    else focusActive(frame);
  });
  frame.addEventListener("focusin", onFocus);
  frame.addEventListener("focusout", onBlur);
  removals.observe(frame, { childList: true, subtree: true, attributes: true, attributeFilter: ["class", "disabled"] });
  return () => {
    frame.removeEventListener("focusin", onFocus);
    frame.removeEventListener("focusout", onBlur);
    removals.disconnect();
  };
}

function isShown(element: HTMLElement): boolean {
  return element.checkVisibility({ visibilityProperty: true });
}
