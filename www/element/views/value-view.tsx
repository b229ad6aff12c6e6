/**
 * The Value tab: the reading and its note, and the tree where the value has parts.
 */
import type { JSX } from "preact";
import type { Row } from "../../entry/index.js";
import { useView } from "./context.js";
import { ShownText } from "./shown-text.js";
import { TypedText } from "./value-text.js";
import { ValueTree } from "./value-tree.js";

export function ValueView({ row }: { row: Row }): JSX.Element {
  const { model } = useView();
  const { tree, revealedFor } = model.detail;
  if (row.problem) return <ProblemText row={row} />;
  const isContainer = row.type === "object" || row.type === "array";
  const isScalar = !isContainer || (row.masked?.whole && revealedFor === undefined);
  return (
    <>
      <NoteText row={row} />
      {isScalar ? <Scalar row={row} /> : tree && <ValueTree tree={tree} />}
    </>
  );
}

/** A value without parts. Long texts are whole in Raw. */
function Scalar({ row }: { row: Row }): JSX.Element {
  const { model, t } = useView();
  const { raw, revealedFor } = model.detail;
  const revealed = row.masked !== undefined && revealedFor !== undefined;
  const long = raw !== undefined && (revealed || (row.type === "string" && row.truncated));
  return (
    <>
      <pre class="text" dir="auto">
        {long ? (
          <span class={`type-${row.type}`}>
            <ShownText text={raw.text} lines />
          </span>
        ) : (
          <TypedText value={row} />
        )}
      </pre>
      {long && raw.text.length < raw.total && (
        <button type="button" class="small" onClick={() => void model.detail.moreRaw()}>
          {t.text("value.more-text", { size: t.number(raw.total - raw.text.length) })}
        </button>
      )}
      {row.raw !== undefined && row.type !== "string" && (
        <p class="origin">
          <span class="muted">{t.text("value.raw")}</span>{" "}
          <code>
            "<ShownText text={row.raw} />"
          </code>
        </p>
      )}
    </>
  );
}

function NoteText({ row }: { row: Row }): JSX.Element | null {
  const { t } = useView();
  const { note } = row;
  if (!note) return null;
  return (
    <p class="hint">
      {note.message}
      {note.wouldBe && (
        <> {t.text("value.would-read", { type: t.text(`type.${note.wouldBe.type}`), text: note.wouldBe.text })}</>
      )}
    </p>
  );
}

function ProblemText({ row }: { row: Row }): JSX.Element | null {
  const { t } = useView();
  if (!row.problem) return null;
  const { reason, path, offset } = row.problem;
  return (
    <div class="problem-box">
      <strong>⚠ {t.text("value.unreadable")}</strong>
      <p>
        <ShownText text={reason} />
      </p>
      <p class="mono muted">
        <ShownText text={path} /> · {t.text("value.at-byte", { offset })}
      </p>
    </div>
  );
}
