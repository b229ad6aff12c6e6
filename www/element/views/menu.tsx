/**
 * A button that opens a short list of buttons.
 */
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

/** Kept free beside the frame, in px. */
const EDGE = 4;

interface Props {
  label: string;
  name: string;
  /** Whether the list stays open when something in it is pressed. */
  stays?: boolean;
  children: ComponentChildren;
}

export function Menu({ label, name, stays = false, children }: Props): JSX.Element {
  const box = useRef<HTMLDetailsElement>(null);
  const close = (focus: boolean): void => {
    if (!box.current?.open) return;
    if (focus) box.current.querySelector("summary")?.focus();
    box.current.open = false;
  };
  useEffect(() => {
    const root = box.current?.getRootNode();
    const onPress = (event: Event): void => {
      if (!(event.target instanceof Node && box.current?.contains(event.target))) close(false);
    };
    root?.addEventListener("pointerdown", onPress);
    return () => root?.removeEventListener("pointerdown", onPress);
  }, []);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || !box.current?.open) return;
    event.preventDefault();
    event.stopPropagation();
    close(true);
  };
  const onFocusOut = ({ relatedTarget }: FocusEvent): void => {
    if (relatedTarget instanceof Node && !box.current?.contains(relatedTarget)) close(false);
  };
  return (
    <details class="menu" ref={box} onToggle={keepInside} onKeyDown={onKeyDown} onFocusOut={onFocusOut}>
      <summary class={`${name}-menu`}>{label}</summary>
      {/* biome-ignore lint/a11y: the buttons inside are what is pressed; this only closes the list behind them. */}
      <div class="menu-items" onClick={(event) => !stays && !isStaying(event) && close(true)}>
        {children}
      </div>
    </details>
  );
}

/** Whether what was pressed has something more to say. */
function isStaying({ target }: Event): boolean {
  return target instanceof Element && target.closest("[data-stays]") !== null;
}

/** The button may stand at either end of a row; what would be cut off is moved. */
function keepInside({ currentTarget }: { currentTarget: HTMLElement }): void {
  const items = currentTarget.lastElementChild as HTMLElement;
  items.style.translate = "";
  const [frame, list] = [currentTarget.closest(".frame") ?? items, items].map((box) => box.getBoundingClientRect());
  if (!frame || !list) return;
  const shift = Math.max(frame.left + EDGE - list.left, 0) + Math.min(frame.right - EDGE - list.right, 0);
  if (shift !== 0) items.style.translate = `${shift}px`;
}
