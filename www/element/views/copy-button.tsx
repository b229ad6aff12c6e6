/**
 * A button that copies, and says whether it did.
 */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useView } from "./context.js";

const SHOWN_MS = 1_600;

interface Props {
  label: string;
  name: string;
  copy: () => Promise<boolean>;
}

export function CopyButton({ label, name, copy }: Props): JSX.Element {
  const { t } = useView();
  const [result, setResult] = useState<"copied" | "failed" | undefined>();
  useEffect(() => {
    if (!result) return;
    const timer = setTimeout(() => setResult(undefined), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [result]);
  const press = async (): Promise<void> => {
    const copied = await copy();
    setResult(copied ? "copied" : "failed");
  };
  return (
    <button type="button" class={`small ${result ?? ""}`} name={name} onClick={() => void press()}>
      {result === undefined && label}
      {result === "copied" && `✓ ${t.text("detail.copied")}`}
      {result === "failed" && `⚠ ${t.text("detail.copy-failed")}`}
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
