/**
 * Keeps the focus inside when the thing that has it goes away.
 */
/** Watches one frame; returns the end of watching. */
export function keepFocus(frame: HTMLElement): () => void {
  const root = frame.getRootNode() as ShadowRoot;
  let last: HTMLElement | undefined;
  let inDetail = false;
  const onFocus = (event: FocusEvent): void => {
    last = event.target instanceof HTMLElement ? event.target : undefined;
    inDetail = last?.closest(".detail") != null;
  };
  const onBlur = (): void => {
    // A reader who leaves does so from something that is still there and still shown.
    queueMicrotask(() => {
      if (last && !root.activeElement && isShown(last)) last = undefined;
    });
  };
  const removals = new MutationObserver(() => {
    if (!last || isShown(last) || isShown(root.activeElement)) return;
    last = undefined;
    const tab = frame.querySelector<HTMLElement>("[role=tab][aria-selected=true]");
    const stop = frame.querySelector<HTMLElement>("[role=treegrid] [tabindex='0']");
    const places = inDetail ? [tab, stop] : [stop, tab];
    places.find(isShown)?.focus({ preventScroll: true });
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

function isShown(element: Element | null): boolean {
  return element?.checkVisibility({ visibilityProperty: true }) === true;
}
