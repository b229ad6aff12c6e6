/**
 * Colours and measures: the public `--csd-*` properties, and the roles that the rest of the styles use.
 */
export const tokens = /* css */ `
:host {
  display: block;
  block-size: var(--csd-height, 36rem);
  min-block-size: 15rem;
  min-inline-size: 0;
  color-scheme: light dark;
  --_bg: var(--csd-background, light-dark(#ffffff, #17191d));
  --_bar: var(--csd-bar-background, light-dark(#f7f8fa, #1d2025));
  --_hover: var(--csd-hover, light-dark(#f2f4f7, #22262d));
  --_selected: var(--csd-selected, light-dark(#e3edfb, #1d3557));
  --_line: var(--csd-border, light-dark(#dfe2e8, #30353e));
  --_control: light-dark(#b9bec8, #4a515d);
  --_text: var(--csd-text, light-dark(#1b1d22, #e6e8ec));
  --_muted: var(--csd-muted, light-dark(#5c5f66, #b4b9c2));
  --_accent: var(--csd-accent, light-dark(#0b57a4, #8cc4ff));
  --_on-accent: var(--csd-on-accent, light-dark(#ffffff, #0d1520));
  --_name: var(--csd-name, light-dark(#3b2a8c, #c3b6ff));
  --_string: var(--csd-string, light-dark(#0b6b2e, #8fe0a5));
  --_number: var(--csd-number, light-dark(#0b57a4, #8cc4ff));
  --_boolean: var(--csd-boolean, light-dark(#8a3b00, #ffb783));
  --_error: var(--csd-error, light-dark(#b3261e, #ffb4ab));
  --_error-bg: var(--csd-error-background, light-dark(#fde8e7, #4a1f1c));
  --_warning: var(--csd-warning, light-dark(#7a4f00, #ffd479));
  --_warning-bg: var(--csd-warning-background, light-dark(#fff4cc, #4a3c00));
  --_good: light-dark(#0b6b2e, #8fe0a5);
  --_good-bg: light-dark(#e2f5e6, #143d22);
  --_font: var(--csd-font, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif);
  --_mono: var(--csd-mono-font, ui-monospace, "SF Mono", SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace);
  --_row: var(--csd-row-height, 1.5rem);
  --_radius: var(--csd-radius, 4px);
  --_focus: var(--csd-focus, light-dark(#0b57a4, #8cc4ff));
}
:host([hidden]) { display: none; }
:host([theme="light"]) { color-scheme: light; }
:host([theme="dark"]) { color-scheme: dark; }
:host([density="comfortable"]) { --_row: var(--csd-row-height, 2rem); }
@media (pointer: coarse) {
  .row .twisty, .row .pin { inline-size: 2rem; }
  :host { --_row: var(--csd-row-height, 2.75rem); }
}
@media (prefers-contrast: more) {
  :host { --_hover: var(--_bg); --_line: var(--_text); --_control: var(--_text); --_muted: var(--_text); }
}
*, *::before, *::after { box-sizing: border-box; }
.spoken {
  position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
}
.mono, code, kbd, pre { font-family: var(--_mono); font-size: .9231em; }
.muted { color: var(--_muted); }
.nothing { color: var(--_muted); font-style: italic; font-family: var(--_font); margin-inline-start: .5em; }
.ellipsis { overflow: hidden; text-overflow: ellipsis; min-inline-size: 0; }
.end { margin-inline-start: auto; }
.warning { color: var(--_warning); }
.chip {
  display: inline-block; font: 600 .8em/1.3 var(--_mono); color: var(--_warning); background: var(--_warning-bg);
  border-radius: 3px; padding-inline: 2px; margin-inline: 1px; unicode-bidi: isolate; direction: ltr;
}
:focus-visible { outline: 2px solid var(--_focus); outline-offset: 1px; }
@media (forced-colors: active) {
  .pin::before, .pin::after, .row:is(.changed, .added, .removed)::before { background: Highlight; forced-color-adjust: none; }
  .chip, .badge, .note, .flag, .count { border: 1px solid; }
  .row[aria-selected="true"], .branch[aria-selected="true"] { outline: 1px solid Highlight; outline-offset: -1px; }
}
`;
