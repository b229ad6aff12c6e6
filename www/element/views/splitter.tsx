/**
 * The bar between list and details; the keyboard moves it too. It comes after both in the order of Tab stops.
 */
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { useView } from "./context.js";
import { isRtl } from "./direction.js";

const STEP = 16;
const SMALLEST = 240;
const DEFAULT = 400;
const LIST_NEEDS = 360;

export function Splitter(): JSX.Element {
  const { t } = useView();
  const size = useRef(DEFAULT);
  const set = (bar: HTMLElement, width: number): void => {
    const main = bar.parentElement;
    if (!main) return;
    size.current = Math.max(SMALLEST, Math.min(main.clientWidth - LIST_NEEDS, Math.round(width)));
    main.style.setProperty("--_detail-size", `${String(size.current)}px`);
    bar.setAttribute("aria-valuenow", String(size.current));
  };
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLElement }): void => {
    const bar = event.currentTarget;
    const towardsStart = isRtl(bar) ? "ArrowRight" : "ArrowLeft";
    const towardsEnd = isRtl(bar) ? "ArrowLeft" : "ArrowRight";
    if (event.key === towardsStart) set(bar, size.current + STEP);
    else if (event.key === towardsEnd) set(bar, size.current - STEP);
    else if (event.key === "Home") set(bar, Number.MAX_SAFE_INTEGER);
    else if (event.key === "End") set(bar, SMALLEST);
    else return;
    event.preventDefault();
  };
  const onPointerMove = (event: PointerEvent & { currentTarget: HTMLElement }): void => {
    const bar = event.currentTarget;
    if (!bar.hasPointerCapture(event.pointerId)) return;
    const box = bar.parentElement?.getBoundingClientRect();
    if (box) set(bar, isRtl(bar) ? event.clientX - box.left : box.right - event.clientX);
  };
  return (
    <div
      class="splitter"
      role="separator"
      aria-orientation="vertical"
      aria-label={t.text("detail.resize")}
      aria-valuemin={SMALLEST}
      aria-valuenow={DEFAULT}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={onPointerMove}
      onDblClick={(event) => set(event.currentTarget, DEFAULT)}
    />
  );
}
