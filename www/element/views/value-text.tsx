/**
 * A value in one line: the reading, and before it the raw text where the reading changed it.
 */
import type { JSX } from "preact";
import type { Row, ValueNode } from "../../entry/index.js";
import { useView } from "./context.js";
import { NoteMark } from "./marks.js";
import { Dots, PartsMark } from "./masked.js";
import { ShownText } from "./shown-text.js";

type Shown = Pick<Row | ValueNode, "type" | "text" | "truncated" | "childCount" | "masked" | "origin">;

interface TypedProps {
  value: Shown & { type: Row["type"] };
  /** What is marked in it. */
  sought?: readonly string[] | undefined;
}

/** The typed value, with quotes around a text. */
export function TypedText({ value, sought }: TypedProps): JSX.Element {
  const { t } = useView();
  if (value.masked?.whole) return <Dots rule={value.masked.rule} />;
  const origin = value.origin && <span class="note">{t.text(`origin.${value.origin}`)}</span>;
  if (value.type === "string") {
    return (
      <span class="type-string">
        <span class="quote">"</span>
        <ShownText text={value.text} sought={sought} />
        {value.truncated ? "…" : <span class="quote">"</span>}
        {value.text === "" && <span class="nothing">{t.text("value.empty")}</span>}
        {origin}
      </span>
    );
  }
  return (
    <span class={`type-${value.type}`}>
      <ShownText text={value.text} sought={sought} />
      {value.truncated && value.childCount === undefined && "…"}
      {origin}
    </span>
  );
}

/** How many members or elements a value has. */
export function Count({ count }: { count: number }): JSX.Element {
  const { t } = useView();
  return <span class="count">{t.number(count)}</span>;
}

export function ValueText({ row, sought }: { row: Row; sought?: readonly string[] | undefined }): JSX.Element {
  const { t } = useView();
  if (row.problem) {
    return (
      <span class="problem">
        <span aria-hidden="true">⚠ </span>
        {t.text("value.unreadable")}: <ShownText text={row.problem.reason} />
      </span>
    );
  }
  return (
    <>
      {row.raw !== undefined && row.type !== "string" && (
        <>
          <span class={row.childCount === undefined ? "raw" : "raw whole"}>
            "{row.childCount === undefined ? <ShownText text={row.raw} sought={sought} /> : "…"}"
          </span>
          <span class="reads" aria-hidden="true">
            →
          </span>
          <span class="spoken">{t.text("value.read-as")}</span>
        </>
      )}
      <span class="ellipsis">
        <TypedText value={row} sought={sought} />
      </span>
      {row.childCount !== undefined && <Count count={row.childCount} />}
      {row.before && <Before row={row} before={row.before} />}
      {row.masked && <PartsMark masked={row.masked} />}
      {row.note && <NoteMark note={row.note} />}
    </>
  );
}

/** What the value was when the session was read before, or is in the other session; not where both look alike. */
function Before({ row, before }: { row: Row; before: Row }): JSX.Element | null {
  const { model, t } = useView();
  if (before.text === row.text && before.type === row.type) return null;
  return (
    <span class="was ellipsis">
      {t.text(model.summary?.other ? "value.there" : "value.was")} <TypedText value={before} />
    </span>
  );
}
