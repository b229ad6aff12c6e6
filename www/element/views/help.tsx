/**
 * The list of keys.
 */
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { MessageKey } from "../text/messages.js";
import { useView } from "./context.js";

const KEYS: readonly (readonly [string, MessageKey])[] = [
  ["↑ ↓", "help.move"],
  ["Home End", "help.ends"],
  ["PgUp PgDn", "help.page"],
  ["→ ←", "help.cells"],
  ["Enter", "help.open"],
  ["/", "help.filter"],
  ["Esc", "help.clear"],
  ["r", "help.refresh"],
  ["s", "help.shadowed"],
  ["Ctrl C", "help.copy"],
  ["Ctrl Shift C", "help.copy-path"],
  ["F6", "help.region"],
  ["?", "help.help"],
];

/** A dialog while `open`; the browser keeps the focus inside and gives it back. */
export function Help({ open, close }: { open: boolean; close: () => void }): JSX.Element {
  const { t } = useView();
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    if (open && !dialog.current?.open) dialog.current?.showModal();
    if (!open && dialog.current?.open) dialog.current.close();
  }, [open]);
  return (
    <dialog ref={dialog} part="dialog" aria-labelledby="help-title" onClose={close}>
      <header class="detail-head">
        <h2 id="help-title">{t.text("help.title")}</h2>
        <button type="button" class="quiet" aria-label={t.text("help.close")} onClick={close}>
          ✕
        </button>
      </header>
      <dl class="keys">
        {KEYS.map(([keys, text]) => (
          <div key={text}>
            <dt>
              {keys.split(" ").map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{t.text(text)}</dd>
          </div>
        ))}
      </dl>
    </dialog>
  );
}
