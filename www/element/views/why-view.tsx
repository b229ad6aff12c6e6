/**
 * The Why tab: how the name was resolved, scope by scope.
 */
import type { JSX } from "preact";
import type { Candidate, Row } from "../../entry/index.js";
import { useView } from "./context.js";
import { ScopeBadge } from "./marks.js";
import { ShownText } from "./shown-text.js";

export function WhyView({ row }: { row: Row }): JSX.Element {
  const { model, t } = useView();
  const { explanation } = model.detail;
  if (row.problem) return <p class="placeholder">{t.text("why.none")}</p>;
  if (!explanation) return <p class="placeholder">{t.text("why.loading")}</p>;
  return (
    <>
      <p class="sentence">
        <ShownText text={explanation.sentence} />
      </p>
      <ol class="ladder">
        {explanation.candidates.map((candidate, index) => (
          <Step key={index} candidate={candidate} />
        ))}
      </ol>
      {explanation.rule.startsWith("layered") && (
        <p class="origin">
          <ShownText text={t.text("why.order", { order: order(explanation.candidates) })} />
        </p>
      )}
      <p class="origin">
        <span class="muted">{t.text("why.rule")}</span> <code>{explanation.rule}</code>
      </p>
    </>
  );
}

/** The scopes that the rule knows, lowest first. */
function order(candidates: readonly Candidate[]): string {
  const known = candidates.filter(({ rank }) => rank >= 0).sort((one, other) => one.rank - other.rank);
  return [...new Set(known.map(({ scope }) => scope))].join(" < ");
}

const SIGNS: Readonly<Record<Candidate["status"], string>> = {
  wins: "✓",
  shown: "•",
  hidden: "↓",
  duplicate: "=",
  "unknown-scope": "↓",
  "not-set": "–",
  "not-loaded": "…",
};

function Step({ candidate }: { candidate: Candidate }): JSX.Element {
  const { t } = useView();
  const { scope, rank, status, type, text, raw } = candidate;
  return (
    <li class={`step ${status}`}>
      <span class="sign" aria-hidden="true">
        {SIGNS[status]}
      </span>
      <ScopeBadge scope={scope} rank={rank} />
      <span class="status-word">{t.text(`why.${status}`)}</span>
      {text !== undefined && type !== undefined && (
        <span class="step-value mono">
          <span class={`type-${type}`}>
            {type === "string" && '"'}
            <ShownText text={text} />
            {type === "string" && '"'}
          </span>
          <span class="muted"> {t.text(`type.${type}`)}</span>
          {raw !== undefined && raw !== text && type !== "object" && type !== "array" && (
            <span class="muted">
              {" · "}
              {t.text("value.raw")} "<ShownText text={raw.slice(0, 200)} />"
            </span>
          )}
        </span>
      )}
    </li>
  );
}
