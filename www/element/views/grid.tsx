/**
 * The table of variables: a treegrid with one Tab stop that keeps only the visible rows in the page.
 */
import type { JSX, RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { useView } from "./context.js";
import { type Geometry, layOut, type Viewport } from "./geometry.js";
import { COLUMNS, GridHeader } from "./grid-header.js";
import { gridKeys } from "./grid-keys.js";
import { GridRow } from "./grid-row.js";

export function Grid({ empty }: { empty: JSX.Element | null }): JSX.Element {
  const view = useView();
  const { model, t } = view;
  const { table } = model;
  const scroller = useRef<HTMLDivElement>(null);
  const probe = useRef<HTMLDivElement>(null);
  const [viewport, rowHeight] = useMeasures(scroller, probe);
  const geometry = layOut(table.total, rowHeight, viewport);
  const page = Math.max(1, Math.floor(viewport.height / rowHeight) - 1);

  useEffect(() => table.rows?.want(geometry.first, geometry.last), [table.rows, geometry.first, geometry.last]);
  useFollowActive(scroller, geometry, viewport.height);
  useTopOfSort(scroller, geometry);
  useTopOfFirst(scroller, geometry);

  return (
    <div class="scroller" ref={scroller} tabIndex={-1}>
      <div
        class="grid"
        part="grid"
        role="treegrid"
        data-region
        aria-label={t.text("grid.label")}
        aria-rowcount={model.summary && !table.counting ? table.total + 1 : -1}
        aria-colcount={COLUMNS.length}
        aria-busy={model.loading || model.table.searching}
        onKeyDown={(event) => gridKeys(event, view, page)}
      >
        <GridHeader />
        <div class="rows" role="rowgroup" style={{ height: `${String(geometry.height)}px` }}>
          <Rows geometry={geometry} />
        </div>
      </div>
      <div class="row-probe" ref={probe} />
      {empty}
    </div>
  );
}

function Rows({ geometry }: { geometry: Geometry }): JSX.Element {
  const { model } = useView();
  const { active } = model.table;
  const indexes: number[] = [];
  for (let index = geometry.first; index <= geometry.last; index += 1) indexes.push(index);
  // The row that has the keyboard stays, or its focus would fall to the page.
  if (active.row >= 0 && active.row < geometry.first) indexes.unshift(active.row);
  if (active.row > geometry.last && active.row < model.table.total) indexes.push(active.row);
  return (
    <>
      {indexes.map((index) => (
        <GridRow key={index} index={index} row={model.table.row(index)} top={geometry.offset(index)} />
      ))}
    </>
  );
}

/** The visible part of the list and the height of a row, kept up to date. */
function useMeasures(
  scroller: RefObject<HTMLDivElement | null>,
  probe: RefObject<HTMLDivElement | null>,
): [Viewport, number] {
  const [viewport, setViewport] = useState<Viewport>({ top: 0, height: 400 });
  const [rowHeight, setRowHeight] = useState(24);
  useLayoutEffect(() => {
    const [box, ruler] = [scroller.current, probe.current];
    if (!box || !ruler) return;
    const measure = (): void => {
      const header = box.querySelector<HTMLElement>(".header")?.offsetHeight ?? 0;
      const next = { top: box.scrollTop, height: Math.max(0, box.clientHeight - header) };
      setViewport((old) => (old.top === next.top && old.height === next.height ? old : next));
      setRowHeight(ruler.getBoundingClientRect().height || 24);
    };
    measure();
    const sizes = new ResizeObserver(measure);
    sizes.observe(box);
    sizes.observe(ruler);
    box.addEventListener("scroll", measure, { passive: true });
    return () => {
      sizes.disconnect();
      box.removeEventListener("scroll", measure);
    };
  }, []);
  return [viewport, rowHeight];
}

/** Scrolls to the cell that has the keyboard when it moves; the focus goes with it if the grid has it. */
function useFollowActive(scroller: RefObject<HTMLDivElement | null>, geometry: Geometry, height: number): void {
  const { row, column } = useView().model.table.active;
  const before = useRef({ row, height });
  useLayoutEffect(() => {
    const box = scroller.current;
    if (!box) return;
    // A pane that opens below makes the list shorter; the row that opened it stays in sight.
    if ((before.current.row !== row || before.current.height > height) && row >= 0) {
      const top = geometry.reveal(row);
      if (top !== box.scrollTop) box.scrollTop = top;
    }
    before.current = { row, height };
    const active = (box.getRootNode() as ShadowRoot).activeElement;
    if (active instanceof HTMLElement && active.tabIndex < 0 && box.contains(active)) focusActive(box);
  }, [row, column, height, geometry]);
}

/** First hits are read from the first on, unless one of them has the keyboard. */
function useTopOfFirst(scroller: RefObject<HTMLDivElement | null>, geometry: Geometry): void {
  const { rows, counting, active } = useView().model.table;
  useLayoutEffect(() => {
    if (counting && scroller.current) scroller.current.scrollTop = active.row > 0 ? geometry.reveal(active.row) : 0;
  }, [rows]);
}

/** Another order is read from its top, unless a row has the keyboard: that one stays in sight. */
function useTopOfSort(scroller: RefObject<HTMLDivElement | null>, geometry: Geometry): void {
  const { rows, view, active } = useView().model.table;
  const sorted = useRef(view.sort);
  // Asked before the rows are drawn: a row that has not come yet has no cell that could keep the focus.
  const root = scroller.current?.getRootNode() as ShadowRoot | undefined;
  const hadKeyboard = root?.activeElement?.closest(".row") != null;
  useLayoutEffect(() => {
    const box = scroller.current;
    if (!box || sorted.current === view.sort) return;
    sorted.current = view.sort;
    box.scrollTop = hadKeyboard && active.row >= 0 ? geometry.reveal(active.row) : 0;
  }, [rows]);
}

/** Moves the focus to the grid's one Tab stop. */
export function focusActive(within: ParentNode): void {
  within.querySelector<HTMLElement>("[role=treegrid] [tabindex='0']")?.focus({ preventScroll: true });
}
