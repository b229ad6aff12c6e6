/**
 * The Changes tab: what is another inside of the value since the session was read before.
 */
import type { JSX } from "preact";
import type { Row } from "../../entry/index.js";
import type { Change, ChangedSide } from "../../worker/protocol.js";
import { formatPath } from "../text/paths.js";
import { useView } from "./context.js";
import { ShownText } from "./shown-text.js";

export function ChangesView({ row }: { row: Row }): JSX.Element {
  const { model, t } = useView();
  const { changes } = model.detail;
  if (row.problem || !changes) return <p class="placeholder">{t.text("changes.first")}</p>;
  const session = model.summary?.other?.sessionId;
  const time = t.time(changes.since);
  const since = session === undefined ? t.text("changes.since", { time }) : t.text("changes.other", { session });
  const kinds = changes.kinds.map((kind) => t.text(`changes.${kind}`)).join(", ");
  return (
    <>
      <p class="sentence" title={t.fullTime(changes.since)}>
        <ShownText text={since} /> {kinds || (changes.changes.length === 0 && t.text("changes.none"))}
      </p>
      {changes.changes.length > 0 && (
        <ul class="ladder">
          {changes.changes.map((change, index) => (
            <Changed key={index} change={change} name={row.name} />
          ))}
        </ul>
      )}
      {!changes.complete && <p class="origin">{t.text("changes.more")}</p>}
      {changes.lists.map(({ path, key }, index) => (
        <p key={index} class="origin muted">
          <ShownText
            text={t.text(key === undefined ? "changes.by-position" : "changes.by-key", {
              list: formatPath([row.name, ...path]),
              key: key ?? "",
            })}
          />
        </p>
      ))}
    </>
  );
}

function Changed({ change, name }: { change: Change; name: string }): JSX.Element {
  const { t } = useView();
  const { kinds, before, after, pieces } = change;
  const words = before && after ? kinds : [before ? ("removed" as const) : ("added" as const)];
  const path = (after ?? before)?.path ?? [];
  const isMove = kinds[0] === "order";
  const from = isMove && before ? formatPath([name, ...before.path]) : undefined;
  const to = formatPath([name, ...path]);
  return (
    <li class="change">
      <span class="mono">
        <ShownText text={from !== undefined && from !== to ? `${from} → ${to}` : to} />
      </span>{" "}
      <span class="muted">{words.map((word) => t.text(`changes.${word}`)).join(", ")}</span>
      {!isMove && (
        <span class="change-texts mono">
          {pieces ? (
            pieces.map(({ kind, text }, index) => {
              const shown = <ShownText text={text} />;
              if (kind === "removed") return <del key={index}>{shown}</del>;
              return kind === "added" ? <ins key={index}>{shown}</ins> : <span key={index}>{shown}</span>;
            })
          ) : (
            <>
              {before && (
                <del>
                  <Side side={before} />
                </del>
              )}
              {before && after && " "}
              {after && (
                <ins>
                  <Side side={after} />
                </ins>
              )}
            </>
          )}
        </span>
      )}
    </li>
  );
}

function Side({ side }: { side: ChangedSide }): JSX.Element {
  return (
    <span class={`type-${side.type}`}>
      <ShownText text={side.text} />
      {side.cut && "…"}
    </span>
  );
}
