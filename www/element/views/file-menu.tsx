/**
 * Saves what is shown, masked, and opens what was saved.
 */
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { SAVE_FORMS } from "../model/saving.js";
import type { MessageKey } from "../text/messages.js";
import { useView } from "./context.js";
import { Menu } from "./menu.js";

export function FileMenu(): JSX.Element {
  const { model, t, actions } = useView();
  return (
    <Menu label={t.text("file.menu")} name="file">
      <OpenButton />
      {model.summary && <p class="menu-note">{t.text("file.all", { count: model.summary.entryCount })}</p>}
      {SAVE_FORMS.map((form) => (
        <button
          key={form}
          type="button"
          name={`save-${form}`}
          title={t.text("file.masked")}
          disabled={!model.summary}
          onClick={() => actions.save(form)}
        >
          {t.text(`file.save-${form}`)}
        </button>
      ))}
    </Menu>
  );
}

interface OpenProps {
  label?: MessageKey;
  /** Default: it is shown. */
  open?: (file: File) => void;
}

/** Asks the reader for a file. */
export function OpenButton({ label = "file.open", open }: OpenProps): JSX.Element {
  const { t, actions } = useView();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" name="open-file" onClick={() => input.current?.click()}>
        {t.text(label)}
      </button>
      <input
        type="file"
        name="file"
        ref={input}
        hidden
        accept=".json,application/json"
        onChange={({ currentTarget }) => {
          const [file] = currentTarget.files ?? [];
          if (file) (open ?? actions.openFile)(file);
          // The same file may be chosen again.
          currentTarget.value = "";
        }}
      />
    </>
  );
}
