/**
 * The detail pane.
 */
export const detail = /* css */ `
.detail-head { display: flex; align-items: center; gap: .375rem; padding: .4375rem .625rem .125rem; }
.detail-head h2 { font-size: .875rem; font-weight: 600; margin: 0; flex: 1; overflow-wrap: anywhere; max-block-size: 4.5em; overflow-y: auto; }
.detail-head h2.mono { color: var(--_name); }
.back { display: none; }
.chevron { inline-size: .5rem; block-size: .5rem; border: solid currentColor; border-width: 0 0 2px 2px; rotate: 45deg; margin-inline-start: .25rem; }
:host(:dir(rtl)) .chevron { rotate: -135deg; }
.facts { display: flex; flex-wrap: wrap; align-items: center; gap: .25rem .625rem; padding: .125rem .625rem .4375rem; font-size: .75rem; }
.copies { display: flex; flex-wrap: wrap; gap: .25rem; margin-inline-start: auto; }
.tabs { display: flex; overflow-x: auto; scrollbar-width: none; gap: .125rem; padding-inline: .375rem; border-block-end: 1px solid var(--_line); flex: none; }
.tabs button { border: 0; border-radius: 0; background: none; block-size: 1.75rem; padding-inline: .625rem; color: var(--_muted); border-block-end: 2px solid transparent; }
.tabs button:hover { color: var(--_text); background: var(--_hover); }
.tabs button[aria-selected="true"] { color: var(--_text); border-block-end-color: var(--_accent); font-weight: 600; }
.tabs button:focus-visible { outline-offset: -2px; }
.dot { display: inline-block; inline-size: .375rem; block-size: .375rem; border-radius: 50%; background: var(--_warning); margin-inline-start: .375rem; vertical-align: middle; }
.panel { flex: 1; min-block-size: 0; overflow: auto; padding: .5rem .625rem; scrollbar-width: thin; scrollbar-color: var(--_control) transparent; }
.panel:focus-visible { outline-offset: -2px; }
.placeholder { color: var(--_muted); padding: 1rem; text-align: center; margin: auto; max-inline-size: 22rem; }
.hint { margin: 0 0 .5rem; padding: .3125rem .5rem; background: var(--_warning-bg); border-radius: var(--_radius); }
.detail > .hint { margin: 0 .625rem .375rem; }
.part-bar { display: flex; gap: .5rem; align-items: baseline; margin: 0; padding: 0 .625rem .375rem; font-size: .75rem; }
.part-bar .ellipsis { white-space: nowrap; flex: 0 1 auto; }
.part-bar button { flex: none; }
.reveal-bar { display: flex; flex-wrap: wrap; gap: .25rem .5rem; align-items: center; margin: 0; padding: 0 .625rem .375rem; font-size: .75rem; }
.reveal-bar input { flex: 1 1 8rem; min-inline-size: 6rem; }
.text { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; font-size: .75rem; line-height: 1.5; unicode-bidi: plaintext; }
.raw-text { background: var(--_bar); border: 1px solid var(--_line); border-radius: var(--_radius); padding: .4375rem .5625rem; }
.raw-kind { margin: 0 0 .375rem; }
.raw-text.quoted::before, .raw-text.quoted:not(.part)::after { content: '"'; color: var(--_muted); }
.more { display: flex; gap: .625rem; align-items: center; margin: .5rem 0 0; }
.origin { margin: .625rem 0 0; overflow-wrap: anywhere; }
.problem-box { background: var(--_error-bg); border-radius: var(--_radius); padding: .5rem .75rem; }
.problem-box p { margin: .25rem 0 0; overflow-wrap: anywhere; }
.problem-box strong { color: var(--_error); }
.sentence { margin: 0 0 .625rem; font-size: .875rem; overflow-wrap: anywhere; }
.ladder { list-style: none; margin: 0; padding: 0; border: 1px solid var(--_line); border-radius: var(--_radius); overflow: hidden; }
.step { display: grid; grid-template-columns: 1.25rem minmax(5.5rem, auto) 1fr; gap: .125rem .5rem; align-items: center; padding: .375rem .5rem; justify-items: start; }
.step + .step { border-block-start: 1px solid var(--_line); }
.step.wins, .step.shown { background: var(--_good-bg); }
.step.wins .sign { color: var(--_good); font-weight: 700; }
.step.not-set, .step.not-loaded { color: var(--_muted); }
.change { padding: .375rem .5rem; overflow-wrap: anywhere; }
.change + .change { border-block-start: 1px solid var(--_line); }
.change-texts { display: block; white-space: pre-wrap; font-size: .75rem; }
.change del { background: var(--_error-bg); }
.change ins { background: var(--_good-bg); text-decoration: none; }
.step-value { grid-column: 2 / -1; overflow-wrap: anywhere; min-inline-size: 0; max-inline-size: 100%; }
.past [aria-current] { font-weight: 700; text-decoration: none; }
.menu-form { display: flex; flex-direction: column; gap: .25rem; }
.menu-items .menu-form button { border: 1px solid var(--_control); text-align: center; }
.watches { list-style: none; margin: 0; padding: .25rem; inline-size: 20rem; max-inline-size: 80cqi; white-space: normal; overflow-wrap: anywhere; }
.watches li { display: flex; gap: .5rem; align-items: start; justify-content: space-between; }
.step-from { font-size: .75rem; }
.warnings { list-style: none; margin: 0 0 .625rem; padding: .3125rem .5rem; background: var(--_warning-bg); border-radius: var(--_radius); }
.warnings li { display: flex; gap: .375rem; overflow-wrap: anywhere; }
.warnings code { margin-inline-start: .375rem; }
.why-foot { display: flex; flex-wrap: wrap; gap: .375rem .75rem; align-items: center; justify-content: space-between; }
.what-if { margin-block-start: .75rem; border-block-start: 1px solid var(--_line); padding-block-start: .5rem; }
.what-if summary { cursor: pointer; color: var(--_accent); }
.what-if ol { margin: .375rem 0; padding: 0; list-style: none; }
.what-if li { display: flex; align-items: center; gap: .25rem; overflow-wrap: anywhere; }
.step:is(.hidden, .duplicate) .step-value, .step:is(.hidden, .duplicate) .step-value * { color: var(--_muted); }
.status-word { color: var(--_muted); }
.wins .status-word { color: var(--_good); font-weight: 600; }
.tree { margin-inline: -.375rem; }
.branch { display: flex; align-items: center; gap: .375rem; min-block-size: 1.5rem; padding-inline: calc(.25rem + var(--_level) * 1rem) .375rem; white-space: pre; border-radius: 3px; font-size: .75rem; cursor: default; }
.branch:hover { background: var(--_hover); }
.branch[aria-selected="true"] { background: var(--_selected); }
.branch:focus-visible { outline-offset: -2px; }
.twisty { inline-size: .875rem; flex: none; text-align: center; color: var(--_muted); cursor: pointer; }
.twisty::before { content: "▸"; display: inline-block; }
.twisty.leaf::before { content: ""; }
.twisty.leaf { cursor: default; }
[aria-expanded="true"] > .twisty::before { rotate: 90deg; }
:host(:dir(rtl)) [aria-expanded="false"] > .twisty::before { rotate: 180deg; }
.key { color: var(--_name); font-family: var(--_mono); flex: 0 0 auto; max-inline-size: 45%; overflow: hidden; text-overflow: ellipsis; }
.key::after { content: ":"; color: var(--_muted); }
@container csd (max-width: 559.98px) {
  .back { display: inline-block; }
  .close { display: none; }
}
@container csd (min-width: 960px) {
  .detail > .placeholder { margin-block: auto; }
}
`;
