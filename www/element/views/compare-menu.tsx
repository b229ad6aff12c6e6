/**
 * Tells changes by another session or by a saved file, instead of by an earlier read.
 */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Fault } from "../../worker/protocol.js";
import { EngineFailure } from "../engine/engine-link.js";
import { useView } from "./context.js";
import { OpenButton } from "./file-menu.js";
import { Menu } from "./menu.js";
import { errorKey, faultValues, meaningOf } from "./notice.js";

export function CompareMenu(): JSX.Element | null {
  const { model, t } = useView();
  const [sessionId, setSessionId] = useState("");
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault | undefined>();
  if (!model.summary) return null;
  const compare = async (other: string | Blob): Promise<void> => {
    setBusy(true);
    setFault(undefined);
    try {
      await model.comparison.withOther(other);
    } catch (error) {
      if (error instanceof EngineFailure) setFault(error.fault);
    }
    setBusy(false);
  };
  return (
    // It closes when there is something to compare with.
    <Menu key={model.summary.other?.takenAt} label={t.text("compare.menu")} name="compare" stays>
      <form
        class="menu-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (busy) model.cancel();
          else if (sessionId !== "") void compare(sessionId);
        }}
      >
        {model.connection && (
          <>
            <input
              name="other"
              class="mono"
              dir="auto"
              autocomplete="off"
              spellcheck={false}
              aria-label={t.text("compare.session")}
              placeholder={t.text("query.session-hint")}
              value={sessionId}
              onInput={(event) => setSessionId(event.currentTarget.value.trim())}
            />
            <button type="submit" name="compare">
              {t.text(busy ? "query.cancel" : "compare.menu")}
            </button>
          </>
        )}
        <OpenButton label="compare.file" open={(file) => void compare(file)} />
        {fault && (
          <span class="warning" role="alert">
            {t.text(errorKey(meaningOf(fault, model.connection)))}{" "}
            {t.text(errorKey(meaningOf(fault, model.connection), ".do"), faultValues(fault))}
          </span>
        )}
      </form>
    </Menu>
  );
}
