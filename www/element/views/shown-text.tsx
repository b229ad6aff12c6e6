/**
 * Text from outside: only ever text, isolated from the direction of what stands around it, with nothing invisible.
 */
import type { ComponentChildren, JSX } from "preact";
import { type Run, runs } from "../text/marks.js";
import { chipText, hiddenName, segments } from "../text/segments.js";

interface Props {
  text: string;
  /** Keep line feeds and tabs as layout. */
  lines?: boolean;
  /** What is marked in it. */
  sought?: readonly string[] | undefined;
}

export function ShownText({ text, lines = false, sought }: Props): JSX.Element {
  return (
    <bdi dir="auto">
      {segments(text, lines).map((segment) =>
        segment.hidden === undefined ? (
          marked(segment.text, sought)
        ) : (
          <span class="chip" title={chipTitle(segment.hidden)}>
            {chipText(segment.hidden)}
          </span>
        ),
      )}
    </bdi>
  );
}

function marked(text: string, sought: readonly string[] | undefined): ComponentChildren {
  if (!sought?.length) return text;
  return runs(text, sought).map((run) => (run.hit ? <mark>{run.text}</mark> : run.text));
}

function chipTitle(hidden: string): string {
  const name = hiddenName(hidden);
  return name === undefined ? hidden : `${hidden} ${name}`;
}

const TAIL = 8;
const SPLIT_FROM = 20;
const SIMPLE = /^[\x21-\x7e]+$/;

/** A name that gives way in its middle, so that its last characters stay readable. */
export function ShownName({ name, sought }: { name: string; sought?: readonly string[] | undefined }): JSX.Element {
  if (name === "") return <span class="muted">""</span>;
  if (name.length < SPLIT_FROM || !SIMPLE.test(name)) {
    return (
      <span class="ellipsis">
        <ShownText text={name} sought={sought} />
      </span>
    );
  }
  // Marked as a whole: a hit may stand on both sides.
  const parts = runs(name, sought ?? []);
  return (
    <bdi class="split" title={name}>
      <span class="spoken">{name}</span>
      <span class="ellipsis" aria-hidden="true">
        {cut(parts, 0, name.length - TAIL)}
      </span>
      <span aria-hidden="true">{cut(parts, name.length - TAIL, name.length)}</span>
    </bdi>
  );
}

/** The runs between two places of the text. */
function cut(parts: readonly Run[], from: number, to: number): ComponentChildren {
  let end = 0;
  return parts.map(({ text, hit }) => {
    const start = end;
    end += text.length;
    const shown = text.slice(Math.max(0, from - start), Math.max(0, to - start));
    return hit && shown !== "" ? <mark>{shown}</mark> : shown;
  });
}
