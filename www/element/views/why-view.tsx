/**
 * The Why tab: how the name was resolved, scope by scope, what makes that less certain, and what another order would make of it.
 */
import type { JSX } from "preact";
import type { Candidate, Explanation, Row } from "../../entry/index.js";
import type { Translator } from "../text/translator.js";
import { type CopyResult, useView } from "./context.js";
import { CopyButton, copyText } from "./copy-button.js";
import { ScopeBadge } from "./marks.js";
import { Dots } from "./masked.js";
import { ShownText } from "./shown-text.js";
import { WhatIf } from "./what-if.js";

export function WhyView({ row }: { row: Row }): JSX.Element {
  const { model, t } = useView();
  const { explanation } = model.detail;
  if (row.problem) return <p class="placeholder">{t.text("why.none")}</p>;
  if (!explanation) return <p class="placeholder">{t.text("why.loading")}</p>;
  return (
    <>
      <p class="sentence">
        <ShownText text={withoutWarnings(explanation)} />
      </p>
      {explanation.warnings.length > 0 && (
        <ul class="warnings">
          {explanation.warnings.map(({ code, message, names }) => (
            <li key={code}>
              <span class="warning" aria-hidden="true">
                ⚠
              </span>
              <span>
                <ShownText text={message} />
                {names.map((name) => (
                  <code key={name}>
                    <ShownText text={name} />
                  </code>
                ))}
              </span>
            </li>
          ))}
        </ul>
      )}
      <ol class="ladder">
        {explanation.candidates.map((candidate, index) => (
          <Step key={index} candidate={candidate} />
        ))}
      </ol>
      {explanation.rule.startsWith("layered") && (
        <p class="origin">
          <ShownText text={t.text("why.order", { order: [...explanation.order].reverse().join(" < ") })} />
        </p>
      )}
      <p class="origin why-foot">
        <span>
          <span class="muted">{t.text("why.rule")}</span>{" "}
          <code>
            {explanation.rule} v{explanation.ruleVersion}
          </code>
        </span>
        <CopyExplanation explanation={explanation} />
      </p>
      <WhatIf explanation={explanation} />
    </>
  );
}

/** Warnings stand in a list of their own. */
function withoutWarnings({ sentence, warnings }: Explanation): string {
  const end = warnings.map(({ message }) => ` ${message}`).join("");
  return sentence.endsWith(end) ? sentence.slice(0, sentence.length - end.length) : sentence;
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
  const { scope, rank, status, type, text, raw, expression, provenance, masked } = candidate;
  return (
    <li class={`step ${status}`}>
      <span class="sign" aria-hidden="true">
        {SIGNS[status]}
      </span>
      <ScopeBadge scope={scope} rank={rank} />
      <span class="status-word">
        <ShownText text={statusText(t, candidate)} />
      </span>
      {text !== undefined && type !== undefined && (
        <span class="step-value mono">
          {masked?.whole ? (
            <Dots rule={masked.rule} />
          ) : (
            <span class={`type-${type}`}>
              {type === "string" && '"'}
              <ShownText text={text} />
              {type === "string" && '"'}
            </span>
          )}
          <span class="muted"> {t.text(`type.${type}`)}</span>
          {raw !== undefined && raw !== text && type !== "object" && type !== "array" && (
            <span class="muted">
              {" · "}
              {t.text("value.raw")} "<ShownText text={raw.slice(0, 200)} />"
            </span>
          )}
        </span>
      )}
      {(expression !== undefined || provenance) && (
        <span class="step-value step-from muted">
          {expression !== undefined && (
            <>
              {t.text("why.reads")}{" "}
              <code>
                <ShownText text={expression} />
              </code>
              {provenance && " · "}
            </>
          )}
          {provenance && t.text("why.from", { page: provenance.page, position: provenance.position + 1 })}
        </span>
      )}
    </li>
  );
}

function statusText(t: Translator, { status, hiddenBy }: Candidate): string {
  return status === "hidden" && hiddenBy !== undefined
    ? t.text("why.hidden-by", { scope: hiddenBy })
    : t.text(`why.${status}`);
}

/** The sentence and the ladder as a text: statuses, and no values. */
function CopyExplanation({ explanation }: { explanation: Explanation }): JSX.Element {
  const { model, t } = useView();
  const copy = async (): Promise<CopyResult> => {
    const told = await model.detail.handedOn().catch(() => undefined);
    if (!told) return "failed";
    const steps = told.explanation.candidates.map(
      (candidate) => `- ${candidate.scope} (${String(candidate.rank)}): ${statusText(t, candidate)}`,
    );
    return (await copyText([`${told.name}: ${told.explanation.sentence}`, ...steps].join("\n"))) ? "copied" : "failed";
  };
  const of = JSON.stringify([model.summary?.id, model.detail.row?.entry, explanation.sentence]);
  return <CopyButton label={t.text("why.copy")} name="copy-why" of={of} copy={copy} />;
}
