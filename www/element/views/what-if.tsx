/**
 * Another order of the scopes, tried out: what would win then. Nothing but the explanation changes.
 */
import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Explanation } from "../../entry/index.js";
import { useView } from "./context.js";
import { ShownText } from "./shown-text.js";

export function WhatIf({ explanation }: { explanation: Explanation }): JSX.Element {
  const { model, t } = useView();
  const list = useRef<HTMLOListElement>(null);
  const moved = useRef<string | undefined>(undefined);
  const scopes = allScopes(explanation);
  const [open, setOpen] = useState(explanation.whatIf);
  useLayoutEffect(() => {
    // A node that is moved loses the focus.
    const button = [...(list.current?.querySelectorAll("button") ?? [])].find(({ name }) => name === moved.current);
    moved.current = undefined;
    button?.focus();
  }, [explanation]);

  const move = (at: number, step: -1 | 1, name: string): void => {
    const order = [...scopes];
    order.splice(at + step, 0, ...order.splice(at, 1));
    moved.current = name;
    // Rules are told from the lowest up.
    void model.detail.whatIf(order.reverse()).catch(() => undefined);
  };
  const button = (scope: string, at: number, step: -1 | 1): JSX.Element => {
    const way = step < 0 ? "up" : "down";
    const isEnd = at + step < 0 || at + step >= scopes.length;
    return (
      <button
        type="button"
        class="quiet"
        name={`${way}-${String(at)}`}
        aria-label={t.text(`why.${way}`, { scope })}
        title={t.text(`why.${way}`, { scope })}
        aria-disabled={isEnd}
        onClick={() => !isEnd && move(at, step, `${way}-${String(at + step)}`)}
      >
        <span aria-hidden="true">{step < 0 ? "↑" : "↓"}</span>
      </button>
    );
  };
  return (
    <details class="what-if" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t.text("why.what-if")}</summary>
      <ol ref={list} aria-label={t.text("why.what-if-order")}>
        {scopes.map((scope, at) => (
          <li key={scope}>
            {button(scope, at, -1)}
            {button(scope, at, 1)}
            <ShownText text={scope} />
          </li>
        ))}
      </ol>
      <button
        type="button"
        class="small"
        name="own-rule"
        aria-disabled={!explanation.whatIf}
        onClick={() => explanation.whatIf && void model.detail.whatIf(undefined).catch(() => undefined)}
      >
        {t.text("why.own-rule")}
      </button>
    </details>
  );
}

/** The scopes of the rule, highest first, and below them those that it does not know. */
function allScopes({ order, candidates }: Explanation): string[] {
  return [...new Set([...order, ...candidates.map(({ scope }) => scope)])];
}
