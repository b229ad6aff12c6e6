/**
 * What is hidden: how it looks, and how it is shown for a while.
 */
import type { JSX } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import type { MaskedValue } from "../../entry/index.js";
import type { SessionModel } from "../model/session-model.js";
import { useView } from "./context.js";

/** Four dots whatever is behind them, and the rule. */
export function Dots({ rule }: { rule: string }): JSX.Element {
  const { t } = useView();
  return (
    <span class="masked">
      <span aria-hidden="true">••••</span>
      <span class="rule" aria-hidden="true">
        {t.rule(rule)}
      </span>
      <span class="spoken">{t.text("mask.value", { rule: t.rule(rule) })}</span>
    </span>
  );
}

/** Says of a value that is shown that parts of it are not. */
export function PartsMark({ masked }: { masked: MaskedValue }): JSX.Element | null {
  const { t } = useView();
  if (masked.whole) return null;
  const title = t.text("mask.parts", { count: masked.parts, rule: t.rule(masked.rule) });
  return (
    <span class="note" title={title}>
      {t.text("mask.some")}
      <span class="spoken">{title}</span>
    </span>
  );
}

/** Shows what is hidden of the chosen part, and hides it again. */
export function RevealBar(): JSX.Element | null {
  const { model, t } = useView();
  const [reason, setReason] = useState("");
  const { hiddenBy, revealedFor } = model.detail;
  if (model.protection.mode === "off" || (hiddenBy === undefined && revealedFor === undefined)) return null;
  const needsReason = model.reveals.allowed === "with-reason";
  const shown = revealedFor !== undefined;
  return (
    <form
      class="reveal-bar"
      onSubmit={(event) => {
        event.preventDefault();
        toggleReveal(model, reason);
      }}
    >
      <span class="muted">
        {shown
          ? t.text("mask.shown", { time: t.seconds(revealedFor) })
          : t.text("mask.by", { rule: t.rule(hiddenBy ?? "") })}
      </span>
      {!shown && needsReason && (
        <input
          name="reveal-reason"
          value={reason}
          placeholder={t.text("mask.reason")}
          aria-label={t.text("mask.reason")}
          onInput={(event) => setReason(event.currentTarget.value)}
        />
      )}
      {model.reveals.allowed !== "no" && (
        <button
          type="submit"
          class="small"
          name="reveal"
          title={t.text(shown ? "mask.hide-title" : "mask.reveal-title")}
          disabled={!shown && needsReason && reason.trim() === ""}
        >
          {t.text(shown ? "mask.hide" : "mask.reveal")}
        </button>
      )}
    </form>
  );
}

export function toggleReveal(model: SessionModel, reason?: string): void {
  if (model.detail.revealedFor === undefined) void model.reveals.show(reason?.trim());
  else model.reveals.hide();
}

/** Hides again whatever is shown as soon as nobody looks at the page. */
export function useHideWhenLeft(model: SessionModel): void {
  const isShown = model.detail.revealedFor !== undefined;
  // At once with what is shown, not after it was painted: the page may be left in between.
  useLayoutEffect(() => {
    if (!isShown) return undefined;
    const hide = (): void => model.reveals.hide();
    const hideUnseen = (): void => {
      if (document.visibilityState === "hidden") model.reveals.hide();
    };
    window.addEventListener("blur", hide);
    window.addEventListener("pagehide", hide);
    document.addEventListener("visibilitychange", hideUnseen);
    hideUnseen();
    return () => {
      window.removeEventListener("blur", hide);
      window.removeEventListener("pagehide", hide);
      document.removeEventListener("visibilitychange", hideUnseen);
    };
  }, [model, isShown]);
}
