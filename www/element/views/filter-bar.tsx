/**
 * The bar above the table: what is looked for, the way from hit to hit, and how the rows are arranged.
 */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Grouping } from "../../entry/index.js";
import { GROUPINGS } from "../model/view-state.js";
import { CompareMenu } from "./compare-menu.js";
import { useView } from "./context.js";
import { FileMenu } from "./file-menu.js";
import { WatchListMenu } from "./watch-menu.js";

export function FilterBar(): JSX.Element {
  const { t, actions } = useView();
  return (
    <div class="bar view" data-region>
      <SearchBox />
      <ArrangeControls />
      <WatchListMenu />
      <CompareMenu />
      <FileMenu />
      <button
        type="button"
        class="quiet help-button"
        name="help"
        title={`${t.text("view.help")} (?)`}
        aria-label={t.text("view.help")}
        onClick={() => actions.toggleHelp()}
      >
        ?
      </button>
    </div>
  );
}

function SearchBox(): JSX.Element {
  const { model, t, actions } = useView();
  const { table } = model;
  const { filter } = table.view;
  const [misread] = table.rows?.head.misread ?? [];
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "Enter") event.preventDefault();
    if (event.key === "ArrowDown") actions.focusFirst();
    if (event.key === "Enter") actions.stepHit(!event.shiftKey);
    if (event.key !== "Escape") return;
    event.stopPropagation();
    if (filter === "") actions.focusGrid();
    else void table.setView({ filter: "" });
  };
  return (
    <span class={misread ? "search misread" : "search"} part="search">
      <span aria-hidden="true" class="icon lens" />
      <input
        name="filter"
        type="search"
        dir="auto"
        autocomplete="off"
        spellcheck={false}
        aria-label={t.text("view.filter")}
        placeholder={t.text("view.filter-keys")}
        aria-describedby={misread && "misread"}
        value={filter}
        onInput={(event) => void table.setView({ filter: event.currentTarget.value })}
        onKeyDown={onKeyDown}
      />
      {misread && (
        <span id="misread" class="misread-text" title={misread.why}>
          {t.text("view.misread", { part: filter.slice(misread.start, misread.end), why: misread.why })}
        </span>
      )}
      {filter !== "" && table.rows && <Hits />}
      {filter !== "" && (
        <button
          type="button"
          class="quiet"
          aria-label={t.text("view.clear")}
          title={t.text("view.clear")}
          onClick={() => {
            void table.setView({ filter: "" });
            actions.focusFilter();
          }}
        >
          ✕
        </button>
      )}
    </span>
  );
}

/** How many hits there are, and the way from one to the next. */
function Hits(): JSX.Element {
  const { model, t, actions } = useView();
  const { count, complete, number } = model.table.hits;
  const all = complete ? t.number(count) : count > 0 ? `${t.number(count)}+` : "…";
  const none = complete && count === 0;
  const step = (forward: boolean, name: "next" | "previous"): JSX.Element => (
    <button
      type="button"
      class={`quiet step-hit ${name}`}
      name={`hit-${name}`}
      aria-label={t.text(`hits.${name}`)}
      title={t.text(`hits.${name}`)}
      aria-disabled={none}
      onClick={() => actions.stepHit(forward)}
    >
      <span class="icon chevron" aria-hidden="true" />
    </button>
  );
  return (
    <>
      <span class="hits">
        {number === undefined ? t.text("hits.count", { count, all }) : t.text("hits.at", { at: number, all })}
      </span>
      {step(false, "previous")}
      {step(true, "next")}
    </>
  );
}

/** Groups, what changed first, and whether overridden variables are shown; behind a button where there is little room. */
function ArrangeControls(): JSX.Element {
  const { model, t } = useView();
  const [open, setOpen] = useState(false);
  const { table } = model;
  const { shadowed, groupBy, sort } = table.view;
  const changedFirst = sort === "changed";
  return (
    <>
      <button
        type="button"
        class="small arrange-button"
        name="arrange"
        aria-expanded={open}
        aria-controls="arrange"
        onClick={() => setOpen(!open)}
      >
        {t.text("view.arrange")}
      </button>
      <span class={open ? "arrange open" : "arrange"} id="arrange">
        <label class="field">
          <span>{t.text("view.group")}</span>
          <select
            name="group"
            value={groupBy}
            onChange={(event) => void table.setView({ groupBy: event.currentTarget.value as Grouping })}
          >
            {GROUPINGS.map((by) => (
              <option key={by} value={by}>
                {t.text(`view.group-${by}`)}
              </option>
            ))}
          </select>
        </label>
        {(table.rows?.head.changes || changedFirst) && (
          <label class="check">
            <input
              type="checkbox"
              name="changed-first"
              checked={changedFirst}
              onChange={() => void table.setView({ sort: changedFirst ? "order" : "changed" })}
            />
            {t.text("view.changed-first")}
          </label>
        )}
        <label class="check" title={t.text("view.shadowed-title")}>
          <input
            type="checkbox"
            name="shadowed"
            checked={shadowed}
            onChange={(event) => void table.setView({ shadowed: event.currentTarget.checked })}
          />
          {t.text("view.shadowed")}
        </label>
      </span>
    </>
  );
}
