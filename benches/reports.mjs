/** Prints what was measured. */
import { COPY, SCAN, UTF8 } from "./limits.mjs";
import { IDIOMATIC, OURS, PARSE, SCANNER } from "./load.mjs";
import { coldTable, firstViewTable, floorTable, loadTable, ms, table, viewTable } from "./tables.mjs";

/** What no engine that keeps the body and checks it could do without. */
const FLOORS = {
  "copy and scan": (median) => median(SCAN),
  "copy, scan and UTF-8": (median) => median(SCAN) + median(UTF8) - median(COPY),
  "this engine": (median) => median(OURS),
};

/** @param {string} where @param {any} measured @param {Record<string, string>} labels Of the variants of first loads. */
export function report(where, { loads, first, views, firstViews }, labels) {
  console.log(`\n### ${where}\n\nBytes to all resolved to the first 50 rows:\n\n${loadTable(loads, OURS)}`);
  console.log(`\nHow many times a floor they take:\n\n${floorTable(loads, FLOORS, [SCANNER, PARSE, IDIOMATIC])}`);
  console.log(`\nThe first load of a fresh process or page:\n\n${coldTable(first, labels)}`);
  for (const [size, view] of views)
    console.log(`\nThe view, ${size.toLocaleString("en")} variables:\n\n${viewTable(view)}`);
  console.log(`\nThe first question of each kind in a fresh process or page:\n\n${firstViewTable(firstViews)}`);
}

export function reportStreams({ ours, untold, scanner }, size) {
  const row = (name, stream) => [
    name,
    ...[stream.beforeRequest, stream.firstByte, stream.firstRows, stream.total].map(ms),
    ...[stream.afterLastByte, stream.workAfterLastByte, stream.longestTask, stream.longestOfAll, stream.longestGap].map(
      ms,
    ),
  ];
  const fromRequest = ["first byte", "first 50 rows", "all rows"].map((what) => `request to ${what}`);
  const times = ["call to request", ...fromRequest, "last byte to rows", "of these worked"];
  const head = [
    "",
    ...[...times, "longest work in one go", "… of all pages", "longest gap"].map((time) => `${time}, ms`),
  ];
  const lines = [
    row(OURS, ours),
    row(`${OURS}, no length told`, untold),
    row("JS byte scanner after `arrayBuffer()`", scanner),
  ];
  console.log(`\nFetched from loopback, ${size.toLocaleString("en")} variables, fresh page:\n\n${table(head, lines)}`);
}

/** Of each place, WebAssembly's pages. */
export function reportMemory(places) {
  for (const [where, { bodyPages, lines }] of places) {
    console.log(`\n### Memory in ${where}\n\nThe body is ${bodyPages.toFixed(0)} pages of 64 KiB.\n`);
    console.log(table(["", "pages", ""], lines));
  }
}

/** What stands in dist/ after gzip. */
export function reportSizes({ engine, glue, element }) {
  const [wasm, js, more] = [engine, glue, element].map((kilobytes) => kilobytes.toFixed(0));
  console.log(
    `\n### Size\n\nThe engine has ${wasm} kB of wasm after gzip and ${js} kB of glue; the element ${more} kB more.`,
  );
}
