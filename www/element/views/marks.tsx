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

export function NoteMark({ note }: { note: ReadingNote }): JSX.Element {
  return (
    <span class="note" title={note.message}>
      {note.code.replaceAll("-", " ")}
    </span>
  );
}
