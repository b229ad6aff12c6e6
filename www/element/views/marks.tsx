/**
 * The small marks: type, scope, notes and flags. Each says in words what its sign says.
 */
import type { JSX } from "preact";
import type { ReadingNote, Row } from "../../entry/index.js";
import { useView } from "./context.js";
import { ShownText } from "./shown-text.js";

export const GLYPHS: Readonly<Record<Row["type"], string>> = {
  null: "∅",
  boolean: "◐",
  integer: "#",
  number: "#.",
  string: "“”",
  array: "[]",
  object: "{}",
  unreadable: "⚠",
};

export function TypeMark({ type, word = true }: { type: Row["type"]; word?: boolean }): JSX.Element {
  const { t } = useView();
  const name = t.text(`type.${type}`);
  return (
    <span class={`type type-${type}`} title={word ? undefined : name}>
      <span class="glyph" aria-hidden="true">
        {GLYPHS[type]}
      </span>
      {word ? name : <span class="spoken">{name}</span>}
    </span>
  );
}

interface ScopeProps {
  scope: string;
  rank: number;
  /** Two letters instead of the word. */
  short?: boolean;
}

export function ScopeBadge({ scope, rank, short = false }: ScopeProps): JSX.Element {
  const { t } = useView();
  const known = rank >= 0;
  const title = known ? t.text("scope.rank", { scope, rank }) : t.text("scope.unknown", { scope });
  return (
    <span class={known ? "badge" : "badge unknown"} part="badge" role="img" aria-label={title} title={title}>
      {short ? scope.slice(0, 2).toUpperCase() : <ShownText text={scope} />}
      <span class="rank">{known ? rank : "?"}</span>
    </span>
  );
}

export function HidesMark({ count }: { count: number }): JSX.Element | null {
  const { t } = useView();
  if (count === 0) return null;
  const title = t.text("flag.hides", { count });
  return (
    <span class="hides" title={title}>
      <span class="cards" aria-hidden="true" />
      <span aria-hidden="true">{count}</span>
      <span class="spoken">{title}</span>
    </span>
  );
}

/** How large a value is, or of one that is masked its class. */
export function Size({ of }: { of: Pick<Row, "size" | "masked"> }): JSX.Element {
  const { t } = useView();
  if (!of.masked) return <span title={`${t.number(of.size)} B`}>{t.bytes(of.size)}</span>;
  return (
    <span class="class" title={t.text("mask.size-title")}>
      {t.text(`mask.${of.masked.size}`)}
    </span>
  );
}

export function SystemMark({ row }: { row: Row }): JSX.Element | null {
  const { t } = useView();
  if (!row.isSystem) return null;
  const title = t.text(row.systemSource === "declared" ? "flag.system-declared" : "flag.system-name");
  return (
    <span class="flag" title={title}>
      {t.text("flag.system")}
    </span>
  );
}

/** A higher scope hides the variable. */
export function HiddenMark(): JSX.Element {
  const { t } = useView();
  return (
    <span class="flag over" title={t.text("flag.hidden-title")}>
      {t.text("flag.hidden")}
    </span>
  );
}

/** Says that a variable is pinned. Pressing it, as its row hears, takes the pin away; keys have `w`. */
export function PinMark(): JSX.Element {
  const { t } = useView();
  return (
    <span class="pin" title={t.text("flag.pinned-title")}>
      <span class="spoken">{t.text("flag.pinned")}</span>
    </span>
  );
}

const CHANGE_SIGNS = { added: "+", changed: "~", removed: "−" };

/** What became of a variable since the session was read before, or which of two sessions has it. */
export function ChangeMark({ change }: { change: NonNullable<Row["change"]> }): JSX.Element {
  const { model, t } = useView();
  const only = change !== "changed" && model.summary?.other !== undefined;
  const word = t.text(only ? `flag.only-${change}` : `flag.${change}`);
  return (
    <span class="change-mark" title={word}>
      <span aria-hidden="true">{CHANGE_SIGNS[change]}</span>
      <span class="spoken">{word}</span>
    </span>
  );
}

/** An object has the name of this member more than once. */
export function Duplicate({ kind }: { kind: "kept" | "dropped" }): JSX.Element {
  const { t } = useView();
  return (
    <span class="note" title={t.text(`value.duplicate-${kind}`)}>
      {t.text("value.duplicate")}
      <span class="spoken">{t.text(`value.duplicate-${kind}`)}</span>
    </span>
  );
}

export function NoteMark({ note }: { note: ReadingNote }): JSX.Element {
  return (
    <span class="note" title={note.message}>
      {note.code.replaceAll("-", " ")}
    </span>
  );
}
