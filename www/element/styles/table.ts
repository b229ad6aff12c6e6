/**
 * The table: rows, cells and marks.
 */
export const table = /* css */ `
.scroller { flex: 1; min-block-size: 0; overflow: auto; position: relative; overflow-anchor: none; outline: none; scrollbar-width: thin; scrollbar-color: var(--_control) transparent; }
.grid { min-inline-size: 100%; --_columns: minmax(9rem, 1.15fr) minmax(10rem, 2fr) 6.75rem 8.25rem; }
.row-probe { position: absolute; visibility: hidden; block-size: var(--_row); inline-size: 0; }
.header, .row { display: grid; grid-template-columns: var(--_columns); align-items: center; }
.header {
  position: sticky; inset-block-start: 0; z-index: 2; background: var(--_bar); border-block-end: 1px solid var(--_line);
  block-size: 1.625rem; font-size: .75rem; color: var(--_muted); font-weight: 600; user-select: none;
}
.header .cell { block-size: 100%; }
.header .sortable { cursor: pointer; }
.header .sortable:hover { color: var(--_text); background: var(--_hover); }
.arrow { inline-size: .75em; font-size: .6875rem; }
.arrow::before { content: "↕"; color: var(--_muted); }
[aria-sort="ascending"] .arrow::before { content: "▲"; color: inherit; }
[aria-sort="descending"] .arrow::before { content: "▼"; color: inherit; }
[aria-sort="ascending"], [aria-sort="descending"] { color: var(--_text); }
.rows { position: relative; }
.row { position: absolute; inset-inline: 0; block-size: var(--_row); border-block-end: 1px solid color-mix(in srgb, var(--_line) 45%, transparent); cursor: default; contain: layout style; }
.row:hover { background: var(--_hover); }
.row[aria-selected="true"] { background: var(--_selected); }
.row:focus-visible, .cell:focus-visible { outline-offset: -2px; z-index: 1; }
.cell { display: flex; align-items: center; gap: .375rem; padding-inline: .625rem; min-inline-size: 0; overflow: hidden; white-space: pre; block-size: 100%; }
.row .name { color: var(--_name); font-family: var(--_mono); font-size: .75rem; }
.row .name, .group-cell { padding-inline-start: calc(.25rem + var(--_depth, 0) * 1rem); }
.group-cell { grid-column: 1 / -1; font-weight: 600; color: var(--_text); }
.row.group { background: var(--_bar); }
.row .twisty { display: flex; align-self: stretch; align-items: center; justify-content: center; margin-inline-end: -.25rem; }
.row[aria-expanded="true"] .twisty::before { rotate: 90deg; }
:host(:dir(rtl)) .row[aria-expanded="false"] .twisty::before { rotate: 180deg; }
.row.changed::before, .row.added::before, .row.removed::before { content: ""; position: absolute; inset-block: 0; inset-inline-start: 0; inline-size: 3px; background: var(--_warning); }
.row.added::before { background: var(--_good); }
.row.removed::before { background: var(--_error); }
@media (prefers-reduced-motion: no-preference) {
  .flash { animation: flash 1.2s; --_flash: var(--_warning-bg); }
  .added.flash { --_flash: var(--_good-bg); }
}
@keyframes flash { from { background: var(--_flash); } }
.change-mark { flex: none; color: var(--_warning); font-weight: 700; font-family: var(--_mono); }
.added .change-mark { color: var(--_good); }
.removed .change-mark { color: var(--_error); }
.row.gone .name { color: var(--_muted); }
.row.gone .name > .ellipsis, .row.gone .name > .split { text-decoration: line-through; }
.pin { flex: none; position: relative; inline-size: .875rem; align-self: stretch; cursor: pointer; }
.pin::before { content: ""; position: absolute; inset: calc(50% - .3125rem) auto auto calc(50% - .1875rem); inline-size: .375rem; block-size: .375rem; border-radius: 50%; background: var(--_accent); }
.pin::after { content: ""; position: absolute; inset: calc(50% + .0625rem) auto auto calc(50% - .5px); inline-size: 1.5px; block-size: .3125rem; background: var(--_accent); }
.row.pinned { background: color-mix(in srgb, var(--_accent) 6%, var(--_bg)); }
.row.pinned[aria-selected="true"] { background: var(--_selected); }
.row .value { font-family: var(--_mono); font-size: .75rem; }
.row .size, .header .size { justify-content: end; display: none; }
.row .size { color: var(--_muted); font-variant-numeric: tabular-nums; font-size: .75rem; }
.split { display: flex; min-inline-size: 0; }
.split .ellipsis { flex: 0 1 auto; }
.row.hidden :is(.name, .value), .row.hidden :is(.name, .value) * { color: var(--_muted); }
.row:is(.hidden, .removed) .name > :is(.ellipsis, .split) { text-decoration: line-through; text-decoration-thickness: 1px; }
.type { display: inline-flex; align-items: center; gap: .375rem; white-space: nowrap; }
.glyph { font: 600 .6875rem/1 var(--_mono); inline-size: 1.5em; text-align: center; flex: none; }
.type-string { color: var(--_string); }
.type-integer, .type-number { color: var(--_number); }
.type-boolean { color: var(--_boolean); }
.was { flex: 0 4 auto; max-inline-size: 45%; }
.was, .was * { color: var(--_muted); }
/* A preview has an ellipsis of its own. */
.ellipsis:has(> .type-array, > .type-object) { text-overflow: clip; }
.type-null { color: var(--_muted); font-style: italic; }
.type-array, .type-object { color: var(--_text); }
.type-unreadable, .problem { color: var(--_error); }
.problem { overflow: hidden; text-overflow: ellipsis; font-family: var(--_font); font-size: .8125rem; }
.quote { color: var(--_muted); }
.reads { color: var(--_muted); font-family: var(--_font); font-size: .875rem; flex: none; }
:host(:dir(rtl)) .reads { scale: -1 1; }
.raw { color: var(--_muted); flex: 0 4 auto; overflow: hidden; text-overflow: ellipsis; max-inline-size: 45%; }
.raw.whole { flex: none; }
.count { flex: none; color: var(--_muted); font-size: .6875rem; background: var(--_hover); border-radius: 8px; padding: 0 .4375rem; font-family: var(--_font); font-variant-numeric: tabular-nums; }
.badge {
  display: inline-flex; align-items: stretch; border: 1px solid var(--_control); border-radius: 3px; font-size: .6875rem; line-height: 1rem;
  max-inline-size: 100%; overflow: hidden; padding-inline-start: .3125rem; color: var(--_text); white-space: nowrap; font-family: var(--_font);
}
.badge bdi { overflow: hidden; text-overflow: ellipsis; }
.badge .rank { margin-inline-start: .3125rem; padding-inline: .25rem; background: var(--_hover); border-inline-start: 1px solid var(--_control); color: var(--_muted); font-variant-numeric: tabular-nums; }
.badge.unknown { border-style: dashed; color: var(--_warning); }
.row[aria-selected="true"] .rank, .row[aria-selected="true"] .count { background: var(--_bg); }
.hides { display: inline-flex; align-items: center; gap: .25rem; color: var(--_warning); font-size: .75rem; white-space: nowrap; font-family: var(--_font); flex: none; }
.cards { inline-size: .4375rem; block-size: .5rem; border: 1.5px solid currentColor; border-radius: 1.5px; position: relative; margin: 3px 3px 0 0; box-sizing: content-box; }
.cards::after { content: ""; position: absolute; inset: -4px -4px 2px 2px; border: 1.5px solid currentColor; border-block-end: 0; border-inline-start: 0; border-radius: 0 2px 0 0; }
.flag { font: .625rem/1.3 var(--_font); color: var(--_muted); border: 1px solid var(--_line); border-radius: 3px; padding-inline: .25rem; flex: none; text-decoration: none; }
mark { color: inherit; background: var(--_warning-bg); box-shadow: 0 0 0 1px var(--_warning-bg); border-radius: 2px; text-decoration: inherit; }
.note { font: .6875rem/1.35 var(--_font); color: var(--_warning); border: 1px solid currentColor; border-radius: 8px; padding-inline: .375rem; flex: none; opacity: .92; }
.ellipsis .note { margin-inline-start: .375rem; }
.masked { color: var(--_muted); font-style: italic; letter-spacing: .0625em; white-space: nowrap; }
.masked .rule { font: italic .75rem/1 var(--_font); letter-spacing: 0; margin-inline-start: .375rem; }
.narrow-only { display: none; }
.bone { display: block; block-size: .5rem; inline-size: 55%; border-radius: 4px; background: var(--_line); }
.bone.long { inline-size: 75%; }
.skeleton { position: absolute; inset: 1.75rem 0 auto; }
.skeleton-row { display: grid; grid-template-columns: 1fr 2fr; gap: 1rem; padding-inline: .625rem; block-size: var(--_row); align-items: center; }
.empty { position: absolute; inset: calc(1.75rem + var(--_above, 0) * var(--_row)) 0 0; display: flex; flex-direction: column; align-items: center; justify-content: center; gap: .5rem; padding: 1rem; text-align: center; color: var(--_muted); overflow: auto; }
.empty strong { color: var(--_text); font-size: .9375rem; font-weight: 600; max-inline-size: 100%; overflow-wrap: anywhere; }
.empty p { margin: 0; max-inline-size: 34rem; }
.empty code { background: var(--_hover); padding: .25rem .5rem; border-radius: 4px; overflow-wrap: anywhere; }
@container list (min-width: 640px) {
  .grid { --_columns: minmax(9rem, 1.15fr) minmax(10rem, 2fr) 6.75rem 8.25rem 4.75rem; }
  .row .size, .header .size { display: flex; }
}
@container list (max-width: 543.98px) {
  .grid { --_columns: minmax(0, 1.35fr) minmax(0, 1fr); }
  .row .name, .group-cell { padding-inline: calc(.125rem + var(--_depth, 0) * .5rem) .25rem; }
  .row .cell { gap: .25rem; }
  .header .type, .header .scope, .row .cell.type, .row .cell.scope { display: none; }
  .narrow-only { display: inline-flex; align-items: center; gap: .25rem; flex: none; }
  .row .glyph { inline-size: 1.25em; }
  .search { flex-basis: 100%; max-inline-size: none; }
  /* The line through the name says the same. */
  .row .over { position: absolute; inline-size: 1px; overflow: hidden; clip-path: inset(50%); }
  .arrange-button { display: inline-block; }
  .arrange:not(.open) { display: none; }
  .arrange { order: 1; flex-basis: 100%; }
}
`;
