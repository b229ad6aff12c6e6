/**
 * Text from outside: only ever text, isolated from the direction of what stands around it, with nothing invisible.
 */
import type { JSX } from "preact";
import { chipText, hiddenName, segments } from "../text/segments.js";

interface Props {
  text: string;
  /** Keep line feeds and tabs as layout. */
  lines?: boolean;
}

export function ShownText({ text, lines = false }: Props): JSX.Element {
  return (
    <bdi dir="auto">
      {segments(text, lines).map((segment) =>
        segment.hidden === undefined ? (
          segment.text
        ) : (
          <span class="chip" title={chipTitle(segment.hidden)}>
            {chipText(segment.hidden)}
          </span>
        ),
      )}
    </bdi>
  );
}

function chipTitle(hidden: string): string {
  const name = hiddenName(hidden);
  return name === undefined ? hidden : `${hidden} ${name}`;
}

const TAIL = 8;
const SPLIT_FROM = 20;
const SIMPLE = /^[\x21-\x7e]+$/;

/** A name that gives way in its middle, so that its last characters stay readable. */
export function ShownName({ name }: { name: string }): JSX.Element {
  if (name === "") return <span class="muted">""</span>;
  if (name.length < SPLIT_FROM || !SIMPLE.test(name)) {
    return (
      <span class="ellipsis">
        <ShownText text={name} />
      </span>
    );
  }
  return (
    <bdi class="split" title={name}>
      <span class="spoken">{name}</span>
      <span class="ellipsis" aria-hidden="true">
        {name.slice(0, -TAIL)}
      </span>
      <span aria-hidden="true">{name.slice(-TAIL)}</span>
    </bdi>
  );
}
