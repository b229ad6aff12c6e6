/**
 * The frame: bars, panes and controls. Widths are the element's own, never the window's.
 */
export const layout = /* css */ `
.frame {
  container: csd / inline-size; block-size: 100%; font: .8125rem/1.4 var(--_font); color: var(--_text);
  background: var(--_bg); border: 1px solid var(--_line); border-radius: var(--csd-frame-radius, 6px); overflow: hidden;
  -webkit-text-size-adjust: 100%;
}
/* Where the bars leave no room for rows, all of it scrolls. */
.layout { display: flex; flex-direction: column; block-size: 100%; min-block-size: 0; overflow-y: auto; scrollbar-width: thin; }
.bar {
  display: flex; align-items: center; gap: .375rem .75rem; flex-wrap: wrap; padding: .3125rem .625rem;
  background: var(--_bar); border-block-end: 1px solid var(--_line); flex: none;
}
.bar.view { padding-block: .25rem; background: var(--_bg); }
.bar.moments { padding-block: .1875rem; font-size: .75rem; }
.moments select { max-inline-size: 16rem; block-size: 1.375rem; }
.field { display: flex; align-items: center; gap: .375rem; color: var(--_muted); }
.field.session { flex: 1 1 12rem; max-inline-size: 23rem; min-inline-size: 0; }
.field.session input { flex: 1; min-inline-size: 6rem; }
.check { display: flex; align-items: center; gap: .3125rem; white-space: nowrap; cursor: pointer; }
.check input { margin: 0; accent-color: var(--_accent); inline-size: .875rem; block-size: .875rem; }
.buttons { display: flex; gap: .375rem; align-items: center; }
input:not([type="checkbox"]), select, button {
  font: inherit; color: var(--_text); background: var(--_bg); border: 1px solid var(--_control);
  border-radius: var(--_radius); block-size: 1.625rem; padding: 0 .5rem; min-inline-size: 0;
}
input.mono { font-family: var(--_mono); font-size: .75rem; }
input::placeholder { color: var(--_muted); opacity: 1; }
button { cursor: pointer; padding-inline: .6875rem; white-space: nowrap; }
button:hover { background: var(--_hover); }
button.primary { background: var(--_accent); border-color: var(--_accent); color: var(--_on-accent); font-weight: 550; }
button.primary:hover { filter: brightness(1.08); }
button:disabled, button[aria-disabled="true"] { opacity: .55; cursor: default; filter: none; }
button.small { block-size: 1.375rem; padding-inline: .5rem; font-size: .75rem; }
button.quiet { border-color: transparent; background: none; padding: 0; inline-size: 1.5rem; block-size: 1.375rem; color: var(--_muted); flex: none; }
button.quiet:hover { background: var(--_hover); color: var(--_text); }
button.link, .link { border: 0; background: none; padding: 0; color: var(--_accent); block-size: auto; text-decoration: underline; cursor: pointer; }
button.copied { color: var(--_good); border-color: currentColor; }
button.failed { color: var(--_error); border-color: currentColor; }
.icon { display: inline-block; line-height: 1; margin-inline-end: .25rem; }
.search {
  display: flex; align-items: center; gap: .25rem; flex: 1 1 12rem; min-inline-size: 9rem; max-inline-size: 34rem;
  border: 1px solid var(--_control); border-radius: var(--_radius); padding-inline: .5rem .125rem; block-size: 1.625rem;
}
.search:has(.hits) { flex-basis: 16rem; }
.search:focus-within { outline: 2px solid var(--_focus); outline-offset: 0; }
.search input { border: 0; outline: 0; flex: 1; padding: 0; block-size: 100%; background: none; appearance: none; }
.search input::-webkit-search-cancel-button { display: none; }
.lens { inline-size: .5625rem; block-size: .5625rem; border: 1.5px solid var(--_muted); border-radius: 50%; position: relative; margin-inline-end: .4375rem; flex: none; }
.lens::after {
  content: ""; position: absolute; inline-size: .3125rem; border-block-start: 1.5px solid var(--_muted);
  left: 100%; top: 100%; rotate: 45deg; transform-origin: 0 0; translate: -1px -2px;
}
.search.misread { border-color: var(--_warning); }
.misread-text { color: var(--_warning); font-size: .75rem; min-inline-size: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; flex: 0 1 auto; max-inline-size: 50%; }
.misread input { min-inline-size: 30%; }
.step-hit .chevron { margin: 0; }
.step-hit.next .chevron { rotate: -135deg; }
:host(:dir(rtl)) .step-hit.next .chevron { rotate: 45deg; }
button[aria-pressed="true"] { background: var(--_selected); border-color: var(--_accent); }
.arrange { display: flex; flex-wrap: wrap; align-items: center; gap: inherit; }
.arrange-button { display: none; }
.arrange-button::after { content: " ▾"; color: var(--_muted); }
.hits { color: var(--_muted); white-space: nowrap; font-variant-numeric: tabular-nums; }
.help-button { margin-inline-start: auto; border: 1px solid var(--_line) !important; border-radius: 50%; inline-size: 1.375rem !important; }
.menu { position: relative; flex: none; }
.menu > summary { list-style: none; cursor: pointer; border: 1px solid var(--_control); border-radius: var(--_radius); padding-inline: .5rem; font-size: .75rem; line-height: 1.25rem; white-space: nowrap; }
.menu > summary::-webkit-details-marker { display: none; }
.menu > summary::after { content: " ▾"; color: var(--_muted); }
.menu > summary:hover { background: var(--_hover); }
.menu-items { position: absolute; inset-inline-end: 0; inset-block-start: calc(100% + 2px); z-index: 5; display: flex; flex-direction: column; min-inline-size: 11rem; padding: .25rem; background: var(--_bg); border: 1px solid var(--_control); border-radius: var(--_radius); box-shadow: 0 6px 20px rgb(0 0 0 / .25); }
.menu-items button { border: 0; text-align: start; background: none; }
.menu-switch { display: flex; gap: .375rem; align-items: center; margin: .25rem .5rem; font-size: .8125rem; }
.menu-note { margin: .25rem .5rem; color: var(--_muted); font-size: .75rem; white-space: normal; max-inline-size: 15rem; }
.menu-items button:hover { background: var(--_hover); }
.dropping { outline: 2px dashed var(--_accent); outline-offset: -4px; }
.main {
  flex: 1 0 9rem; min-block-size: 0; display: grid; position: relative;
  grid-template: "list" minmax(0, 1fr) / minmax(0, 1fr);
}
.list { container: list / inline-size; grid-area: list; display: flex; flex-direction: column; min-block-size: 0; min-inline-size: 0; }
.splitter { display: none; }
.detail { grid-area: detail; background: var(--_bg); min-inline-size: 0; min-block-size: 0; display: none; flex-direction: column; }
.status { border-block: 1px solid var(--_line); border-block-end: 0; color: var(--_muted); gap: .125rem 0; min-block-size: 1.75rem; padding-block: .125rem; font-size: .75rem; font-variant-numeric: tabular-nums; }
.status > span + span:not(.end)::before { content: "·"; margin-inline: .4375rem; color: var(--_muted); }
.status > button { margin-inline-start: .75rem; flex: none; }
.status .session { color: var(--_text); max-inline-size: 24ch; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.status progress { inline-size: 7rem; block-size: .375rem; margin-inline-end: .625rem; accent-color: var(--_accent); }
.phase { color: var(--_text); }
.phase.limited { color: var(--_warning); font-weight: 600; }
.phase.limited::before { content: "◷ "; }
.notice {
  display: flex; gap: .5rem; align-items: start; padding: .4375rem .625rem; color: var(--_text);
  background: var(--_error-bg); border-block-end: 1px solid var(--_line); border-inline-start: 3px solid var(--_error); flex: none;
}
.notice.calm { background: var(--_bar); border-inline-start-color: var(--_control); }
.notice-sign { color: var(--_error); }
.calm .notice-sign { color: var(--_muted); }
.notice-text { flex: 1; min-inline-size: 0; }
.notice .host-error { display: block; overflow-wrap: anywhere; }
.notice .code { display: block; color: var(--_muted); font: .6875rem/1.5 var(--_mono); overflow-wrap: anywhere; }
.turning { animation: turn 1s linear infinite; }
@keyframes turn { to { rotate: 360deg; } }
dialog { font: inherit; color: var(--_text); background: var(--_bg); border: 1px solid var(--_control); border-radius: 8px; padding: 0 0 .75rem; max-inline-size: min(30rem, 92vw); inline-size: 30rem; box-shadow: 0 12px 40px rgb(0 0 0 / .3); }
dialog::backdrop { background: rgb(0 0 0 / .35); }
.keys { margin: 0; padding: .25rem 1rem; }
.keys > div { display: grid; grid-template-columns: 10rem 1fr; column-gap: .5rem; padding-block: .25rem; align-items: center; }
.keys dd { margin: 0; }
.kinds { display: flex; flex-wrap: wrap; gap: .125rem .75rem; }
dialog h3 { font-size: .875rem; font-weight: 600; margin: .5rem 1rem .25rem; }
kbd { border: 1px solid var(--_control); border-block-end-width: 2px; border-radius: 4px; padding: 0 .375rem; margin-inline-end: .25rem; background: var(--_bar); }
@container csd (min-width: 960px) {
  .main { grid-template: "list detail" minmax(0, 1fr) / minmax(0, 1fr) var(--_detail-size, 400px); }
  .detail { display: flex; border-inline-start: 1px solid var(--_line); }
  .splitter { display: block; position: absolute; inset-block: 0; inset-inline-end: calc(var(--_detail-size, 400px) - 4px); inline-size: 8px; cursor: col-resize; touch-action: none; z-index: 3; }
  .splitter:hover::after, .splitter:focus-visible::after { content: ""; position: absolute; inset-block: 0; inset-inline-start: 3px; inline-size: 2px; background: var(--_accent); }
  .splitter:focus-visible { outline-offset: -2px; }
}
@container csd (min-width: 560px) and (max-width: 959.98px) {
  .open .main { grid-template: "list" minmax(0, 1fr) "detail" minmax(0, 1fr) / minmax(0, 1fr); }
  .open .detail { display: flex; border-block-start: 2px solid var(--_line); }
}
@container csd (max-width: 559.98px) {
  .open .detail { display: flex; grid-area: list; z-index: 4; }
  .open .list { visibility: hidden; }
  /* Two lines: what is read, and how. The words stay for those who hear them. */
  .query .field.session { flex: 1 1 8rem; max-inline-size: none; }
  .query .buttons { order: -1; }
  .query .field.session { order: -2; }
  .query .field > span, .moments .field > span:first-child:not(.mono), .query .word { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); }
  .query .buttons { gap: .25rem; }
  .query button[name=refresh] { padding-inline: .375rem .125rem; }
  .moments { flex-wrap: nowrap; }
  .moments .field { flex: 0 1 auto; min-inline-size: 0; }
  .status .end { display: none; }
  .main { flex-basis: 15rem; }
}
@media (prefers-reduced-motion: reduce) {
  .turning { animation: none; }
}
`;
