/**
 * Documents that a reader saves.
 */

/** What a snapshot can be saved as: a file that opens again, or a document for others. */
export type SaveForm = "file" | "markdown" | "csv" | "json" | "ndjson";
export const SAVE_FORMS: readonly SaveForm[] = ["file", "markdown", "csv", "ndjson", "json"];

const KINDS: Readonly<Record<SaveForm, readonly [extension: string, type: string]>> = {
  file: ["session.json", "application/json"],
  markdown: ["md", "text/markdown"],
  csv: ["csv", "text/csv"],
  json: ["json", "application/json"],
  ndjson: ["ndjson", "application/x-ndjson"],
};

/** The name of the document: when the snapshot was taken, in UTC, and not of which session. */
export function documentName(form: SaveForm, takenAt: number): string {
  const moment = new Date(takenAt).toISOString().slice(0, 19).replaceAll(":", "-");
  return `variables-${moment}.${KINDS[form][0]}`;
}

/** Hands a document to the browser, which saves it where the reader wants it. */
export function saveDocument(text: string, form: SaveForm, takenAt: number): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: KINDS[form][1] }));
  link.download = documentName(form, takenAt);
  link.click();
  // The browser reads it after this turn.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
