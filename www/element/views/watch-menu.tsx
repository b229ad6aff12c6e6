/**
 * Watchpoints: one is added to what the details show, and all are listed with how often they were met.
 */
import type { JSX, TargetedEvent } from "preact";
import { useState } from "preact/hooks";
import type { WatchCondition, Watchpoint } from "../../entry/index.js";
import { formatPath } from "../text/paths.js";
import type { Translator } from "../text/translator.js";
import { useView } from "./context.js";
import { Menu } from "./menu.js";
import { ShownText } from "./shown-text.js";

const PLAIN = ["changes", "appears", "disappears", "type-changes", "winner-changes"] as const;
const WITH_INPUT = ["equals", "contains", "crosses", "exceeds", "unchangedFor"] as const;
type Kind = (typeof PLAIN)[number] | (typeof WITH_INPUT)[number];

/** Adds a watchpoint. */
export function WatchMenu(): JSX.Element {
  const { model, t } = useView();
  const [kind, setKind] = useState<Kind>("changes");
  const [input, setInput] = useState("");
  const [refused, setRefused] = useState(false);
  const submit = (event: TargetedEvent<HTMLFormElement, SubmitEvent>): void => {
    event.preventDefault();
    model.watch(condition(kind, input)).then(
      () => setRefused(false),
      () => setRefused(true),
    );
  };
  const needsInput = WITH_INPUT.some((one) => one === kind);
  return (
    <Menu label={t.text("watch.menu")} name="watch" stays>
      <form class="menu-form watch-form" onSubmit={submit}>
        <select
          name="condition"
          aria-label={t.text("watch.when")}
          value={kind}
          onChange={(event) => setKind(event.currentTarget.value as Kind)}
        >
          {[...PLAIN, ...WITH_INPUT].map((one) => (
            <option key={one} value={one}>
              {t.text(`watch.${one}`)}
            </option>
          ))}
        </select>
        {needsInput && (
          <input
            name="operand"
            class="mono"
            autocomplete="off"
            spellcheck={false}
            aria-label={t.text(`watch.${kind}`)}
            value={input}
            onInput={(event) => setInput(event.currentTarget.value)}
          />
        )}
        <button type="submit" name="watch">
          {t.text("watch.add")}
        </button>
        {refused && (
          <span class="warning" role="alert">
            {t.text("watch.refused")}
          </span>
        )}
      </form>
    </Menu>
  );
}

/** What the reader has written, as a condition; the engine says whether it can be met. */
function condition(kind: Kind, input: string): WatchCondition {
  switch (kind) {
    case "equals":
      return { equals: jsonOr(input) };
    case "contains":
      return { contains: input };
    case "crosses":
    case "exceeds":
    case "unchangedFor":
      return { [kind]: input.trim() === "" ? Number.NaN : Number(input) } as WatchCondition;
    default:
      return kind;
  }
}

/** A JSON value, or else the text itself. Whole numbers keep all their digits. */
function jsonOr(text: string): unknown {
  try {
    if (/^\s*-?[1-9]\d{15,}\s*$/.test(text)) return BigInt(text.trim());
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** All watchpoints. */
export function WatchListMenu(): JSX.Element | null {
  const { model, t } = useView();
  const { list } = model.watches;
  if (list.length === 0) return null;
  const hits = list.reduce((sum, watched) => sum + watched.hits, 0);
  return (
    <Menu label={t.text("watch.list", { count: list.length, hits })} name="watches" stays>
      <ul class="watches">
        {list.map(({ id, watchpoint, hits, lastHit }) => (
          <li key={id}>
            <span>
              <span class="mono">
                <ShownText text={formatPath([watchpoint.name, ...(watchpoint.path ?? [])])} />
              </span>{" "}
              <ShownText text={whenText(t, watchpoint)} />
              <span class="muted">
                {" "}
                {t.text("watch.hits", { count: hits })}
                {lastHit !== undefined && ` · ${t.time(lastHit)}`}
              </span>
            </span>
            <button
              type="button"
              class="quiet"
              aria-label={t.text("watch.remove", { name: watchpoint.name })}
              title={t.text("watch.remove", { name: watchpoint.name })}
              onClick={() => void model.unwatch(id)}
            >
              ✕
            </button>
          </li>
        ))}
      </ul>
    </Menu>
  );
}

function whenText(t: Translator, { when }: Watchpoint): string {
  if (typeof when === "string") return t.text(`watch.${when}`);
  const [[kind, operand] = ["equals", ""]] = Object.entries(when);
  const text = typeof operand === "string" || typeof operand === "bigint" ? `${operand}` : JSON.stringify(operand);
  return `${t.text(`watch.${kind as (typeof WITH_INPUT)[number]}`)} ${text}`;
}
