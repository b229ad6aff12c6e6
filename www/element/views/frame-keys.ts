/**
 * Keys that work anywhere inside the element.
 */
import type { ViewContext } from "./context.js";

export function frameKeys(event: KeyboardEvent, view: ViewContext, frame: HTMLElement | null): void {
  if (!frame || event.defaultPrevented) return;
  const { model, actions } = view;
  if (event.key === "F6") {
    event.preventDefault();
    nextRegion(frame, event.shiftKey ? -1 : 1);
    return;
  }
  const find = event.key.toLowerCase() === "f" && (event.ctrlKey || event.metaKey);
  if (find) {
    event.preventDefault();
    actions.focusFilter();
    return;
  }
  if (event.key === "Escape" && !isTyping(event)) {
    leave(event, view);
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
  if (event.key === "/") actions.focusFilter();
  else if (event.key === "?") actions.toggleHelp();
  else if (event.key === "r" && model.answered && !model.loading) actions.refresh();
  else if (event.key === "m" && model.detail.row) actions.reveal();
  else if (event.key === "[" || event.key === "]") {
    void model.stepMoment(event.key === "[" ? -1 : 1).catch(() => undefined);
  } else if (event.key === "n" || event.key === "N") actions.stepChange(event.key === "n");
  else if (event.key === "s") void model.table.setView({ shadowed: !model.table.view.shadowed });
  else return;
  event.preventDefault();
}

/** Clears the filter, then closes the details. */
function leave(event: KeyboardEvent, view: ViewContext): void {
  const { model, actions } = view;
  const inDetail = event.target instanceof Element && event.target.closest(".detail");
  if (inDetail) actions.closeDetail();
  else if (model.table.view.filter !== "") void model.table.setView({ filter: "" });
  else return;
  event.preventDefault();
}

function isTyping(event: KeyboardEvent): boolean {
  const { target } = event;
  return (
    target instanceof HTMLSelectElement ||
    (target instanceof HTMLInputElement && target.type !== "checkbox") ||
    (target instanceof Element && target.closest("dialog") !== null)
  );
}

/** The next of: query, filter, table, details. */
function nextRegion(frame: HTMLElement, step: 1 | -1): void {
  const regions = [...frame.querySelectorAll<HTMLElement>("[data-region]")];
  const active = (frame.getRootNode() as ShadowRoot).activeElement;
  const at = regions.findIndex((region) => region.contains(active));
  for (let tried = 1; tried <= regions.length; tried += 1) {
    const region = regions[(at + step * tried + regions.length * 2) % regions.length];
    const stops = [
      ...(region?.querySelectorAll<HTMLElement>("[tabindex='0'], input, button:not([tabindex='-1'])") ?? []),
    ];
    const stop = stops.find((one) => one.checkVisibility({ visibilityProperty: true }));
    if (!stop) continue;
    stop.focus();
    return;
  }
}
