/**
 * A button that opens a short list of buttons.
 */
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

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
    <details class="menu" ref={box} onKeyDown={onKeyDown} onFocusOut={onFocusOut}>
      <summary class={`${name}-menu`}>{label}</summary>
      {/* biome-ignore lint/a11y: the buttons inside are what is pressed; this only closes the list behind them. */}
      <div class="menu-items" onClick={() => !stays && close(true)}>
        {children}
      </div>
    </details>
  );
}
