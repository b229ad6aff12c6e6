/**
 * A button that copies, and says whether it did.
 */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { type CopyResult, useView } from "./context.js";

const SHOWN_MS = 1_600;

interface Props {
  label: string;
  name: string;
  /** Names what is copied; the result is of this and of nothing that is shown later. */
  of: string;
  copy: () => Promise<CopyResult>;
}

export function CopyButton({ label, name, of, copy }: Props): JSX.Element {
  const { t } = useView();
  const [result, setResult] = useState<{ of: string; word: CopyResult } | undefined>();
  useEffect(() => {
    if (!result) return;
    const timer = setTimeout(() => setResult(undefined), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [result]);
  const press = async (): Promise<void> => {
    setResult({ of, word: await copy() });
  };
  const word = result?.of === of ? result.word : undefined;
  const done = word === "copied" || word === "masked";
  return (
    <button
      type="button"
      class={`small ${word === undefined ? "" : done ? "copied" : "failed"}`}
      name={name}
      onClick={() => void press()}
    >
      {word === undefined ? label : `${done ? "✓" : "⚠"} ${t.text(`detail.copy-${word}`)}`}
    </button>
  );
}

/** Puts a text on the clipboard; `false` where the browser refuses. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
