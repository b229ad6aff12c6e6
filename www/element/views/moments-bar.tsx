/**
 * The reads of the session that are kept: which one is shown, and which one changes are told by.
 */
import type { JSX } from "preact";
import type { Moment } from "../../entry/index.js";
import type { Translator } from "../text/translator.js";
import { useView } from "./context.js";
import { ShownText } from "./shown-text.js";
import { changeCounts } from "./status-bar.js";

export function MomentsBar(): JSX.Element | null {
  const { model, t } = useView();
  const { moments, evicted } = model.moments;
  const { moment: shown, other } = model.summary ?? {};
  const several = moments.length > 1 && shown !== undefined;
  if (!several && !other) return null;
  const newestFirst = [...moments].reverse();
  const options = newestFirst.map((moment) => (
    <option key={moment.id} value={moment.id}>
      {momentText(t, moment)}
    </option>
  ));
  return (
    <div class="bar moments" data-region part="snapshots">
      {several && (
        <label class="field" title={t.text("moments.shown-title")}>
          <span>{t.text("moments.shown")}</span>
          <select
            name="moment"
            value={shown}
            onChange={(event) => void model.openMoment(Number(event.currentTarget.value)).catch(() => undefined)}
          >
            {options}
          </select>
        </label>
      )}
      {other ? (
        <span class="field">
          {t.text("moments.compared")}{" "}
          <span class="mono ellipsis other" title={t.fullTime(other.takenAt)}>
            <ShownText text={other.sessionId} />
          </span>
          {t.time(other.takenAt)}
          <button
            type="button"
            class="quiet"
            name="compare-own"
            aria-label={t.text("compare.own")}
            title={t.text("compare.own")}
            onClick={() => void model.comparison.withMoment(undefined)}
          >
            ✕
          </button>
        </span>
      ) : (
        <label class="field">
          <span>{t.text("moments.compared")}</span>
          <select
            name="compared"
            value={model.comparison.moment ?? ""}
            onChange={(event) => {
              const { value } = event.currentTarget;
              void model.comparison.withMoment(value === "" ? undefined : Number(value)).catch(() => undefined);
            }}
          >
            <option value="">{t.text("moments.before")}</option>
            {options}
          </select>
        </label>
      )}
      {evicted > 0 && <span class="muted">{t.text("moments.evicted", { count: evicted })}</span>}
    </div>
  );
}

/** When it was read, what was new, other and gone then, and what the host said of it. */
function momentText(t: Translator, moment: Moment): string {
  const { id, takenAt, turn } = moment;
  return [`#${t.number(id)}`, t.time(takenAt), changeCounts(t, moment), turn].filter(Boolean).join("  ");
}
