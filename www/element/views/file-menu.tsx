/**
 * Saves what is shown, masked, opens what was saved, and copies a link to the view.
 */
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { SAVE_FORMS } from "../model/saving.js";
import type { MessageKey } from "../text/messages.js";
import { type CopyResult, useView } from "./context.js";
import { CopyButton, copyText } from "./copy-button.js";
import { Menu } from "./menu.js";

export function FileMenu(): JSX.Element {
  const { model, t, actions } = useView();
  const [wanted, setWanted] = useState(false);
  const filtered = model.table.view.filter.trim() !== "";
  const found = wanted && filtered;
  // The next filter is another question.
  if (wanted && !filtered) setWanted(false);
  return (
    <Menu label={t.text("file.menu")} name="file">
      <LinkButton />
      <OpenButton />
      {model.summary && filtered && (
        <label class="menu-switch" data-stays>
          <input
            type="checkbox"
            name="save-found"
            checked={wanted}
            onChange={({ currentTarget }) => setWanted(currentTarget.checked)}
          />
          {t.text("file.found")}
        </label>
      )}
      {model.summary && (
        <p class="menu-note">
          {found ? t.text("file.found-note") : t.text("file.all", { count: model.summary.entryCount })}
        </p>
      )}
      {SAVE_FORMS.map((form) => (
        <button
          key={form}
          type="button"
          name={`save-${form}`}
          title={t.text("file.masked")}
          disabled={!model.summary}
          onClick={() => actions.save(form, found)}
        >
          {t.text(`file.save-${form}`)}
        </button>
      ))}
    </Menu>
  );
}

/** Copies a link to the view. */
function LinkButton(): JSX.Element | null {
  const { model, t, link } = useView();
  if (!link) return null;
  const copy = async (): Promise<CopyResult> => {
    const text = await link().catch(() => undefined);
    return text !== undefined && (await copyText(text)) ? "copied" : "failed";
  };
  const of = JSON.stringify([model.query, model.table.view]);
  return (
    <span data-stays>
      <CopyButton label={t.text("view.link")} name="copy-link" of={of} copy={copy} />
    </span>
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
