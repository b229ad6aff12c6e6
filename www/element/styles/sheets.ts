/**
 * The styles as constructed sheets: one set for each document, since a sheet cannot move to another.
 */
import { detail } from "./detail.js";
import { layout } from "./layout.js";
import { table } from "./table.js";
import { tokens } from "./tokens.js";

const byDocument = new WeakMap<Document, CSSStyleSheet>();

/** Gives a shadow root the styles of the document that it is in. */
export function adoptStyles(root: ShadowRoot): void {
  const document = root.ownerDocument;
  let sheet = byDocument.get(document);
  if (!sheet) {
    const Sheet = document.defaultView?.CSSStyleSheet ?? CSSStyleSheet;
    sheet = new Sheet();
    sheet.replaceSync([tokens, layout, table, detail].join("\n"));
    byDocument.set(document, sheet);
  }
  root.adoptedStyleSheets = [sheet];
}
