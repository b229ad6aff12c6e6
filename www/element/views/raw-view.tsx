/**
 * The Raw tab: what came, unchanged, in pieces.
 */
import type { JSX } from "preact";
import type { Row } from "../../entry/index.js";
import { useView } from "./context.js";
import { ShownText } from "./shown-text.js";

export function RawView({ row }: { row: Row }): JSX.Element | null {
  const { model, t } = useView();
  const { raw } = model.detail;
  if (!raw) return row.problem ? <p class="placeholder">{row.problem.reason}</p> : null;
  const { isText } = model.detail;
  const rest = raw.total - raw.text.length;
  return (
    <>
      {raw.masked ? (
        <p class="raw-kind muted">{t.text("mask.raw")}</p>
      ) : (
        !row.problem && <p class="raw-kind muted">{t.text(isText ? "raw.text" : "raw.json", { count: raw.total })}</p>
      )}
      <pre class={`text raw-text${isText && !raw.masked ? " quoted" : ""}${rest > 0 ? " part" : ""}`} dir="auto">
        {raw.total === 0 ? <span class="nothing">{t.text("value.empty")}</span> : <ShownText text={raw.text} lines />}
      </pre>
      {rest > 0 && (
        <p class="more">
          <button type="button" class="small" name="more-raw" onClick={() => void model.detail.moreRaw()}>
            {t.text("value.more-text", { size: t.number(Math.min(rest, 4_096)) })}
          </button>
          {!raw.masked && (
            <span class="muted">{t.text("value.remaining", { shown: raw.text.length, all: raw.total })}</span>
          )}
        </p>
      )}
    </>
  );
}
