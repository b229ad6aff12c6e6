/**
 * The History tab: each read of the session in which the variable came, changed or went, the newest first.
 */
import type { JSX } from "preact";
import type { Row } from "../../entry/index.js";
import type { PastValue } from "../../worker/protocol.js";
import { useView } from "./context.js";
import { ScopeBadge } from "./marks.js";
import { ShownText } from "./shown-text.js";

export function HistoryView({ row }: { row: Row }): JSX.Element {
  const { model, t } = useView();
  const { past, explanation } = model.detail;
  if (row.problem || past.length === 0) return <p class="placeholder">{t.text("history.none")}</p>;
  const ranks = new Map(explanation?.candidates.map(({ scope, rank }) => [scope, rank]));
  const newestFirst = past.map((one, at) => ({ one, came: at === 0 || past[at - 1]?.value === undefined })).reverse();
  return (
    <ol class="ladder past" aria-label={t.text("detail.history")}>
      {newestFirst.map(({ one, came }) => (
        <Past key={one.moment.id} past={one} came={came} ranks={ranks} />
      ))}
    </ol>
  );
}

interface Props {
  past: PastValue;
  /** Whether it was not there before. */
  came: boolean;
  ranks: ReadonlyMap<string, number>;
}

function Past({ past, came, ranks }: Props): JSX.Element {
  const { model, t } = useView();
  const { moment, kinds, value } = past;
  const kindWords = kinds.map((kind) => t.text(`changes.${kind}`)).join(", ");
  const what = value === undefined ? t.text("changes.removed") : came ? t.text("changes.added") : kindWords;
  return (
    <li class="change">
      <button
        type="button"
        class="link"
        title={t.fullTime(moment.takenAt)}
        aria-label={t.text("history.show", { moment: moment.id, time: t.time(moment.takenAt) })}
        aria-current={moment.id === model.summary?.moment || undefined}
        onClick={() => void model.openMoment(moment.id).catch(() => undefined)}
      >
        #{t.number(moment.id)} {t.time(moment.takenAt)}
      </button>{" "}
      {moment.turn !== undefined && <ShownText text={moment.turn} />} <span class="muted">{what}</span>
      {value && (
        <span class="change-texts mono">
          <span class={`type-${value.type}`}>
            <ShownText text={value.text} />
            {value.cut && "…"}
          </span>{" "}
          <span class="muted">{t.text(`type.${value.type}`)}</span>{" "}
          <ScopeBadge scope={value.scope} rank={ranks.get(value.scope) ?? -1} />
        </span>
      )}
    </li>
  );
}
