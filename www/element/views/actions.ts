/**
 * What a reader can do, apart from how it is asked for.
 */
import type { RefObject } from "preact";
import { saveDocument } from "../model/saving.js";
import type { SessionModel } from "../model/session-model.js";
import type { Actions } from "./context.js";
import { copyText } from "./copy-button.js";
import { focusActive } from "./grid.js";
import { toggleReveal } from "./masked.js";

export function makeActions(
  model: SessionModel,
  frame: RefObject<HTMLElement | null>,
  setDetailOpen: (open: boolean) => void,
  setHelp: (change: (open: boolean) => boolean) => void,
): Actions {
  const focusGrid = (): void => {
    if (frame.current) focusActive(frame.current);
  };
  return {
    load: () => void model.load().catch(() => undefined),
    refresh: () => void model.refresh().catch(() => undefined),
    retry: () => void model.retry().catch(() => undefined),
    cancel: () => model.cancel(),
    select: (index) => void model.selection.row(index),
    open(index, focus) {
      const row = model.table.row(index);
      model.table.moveTo(index, model.table.active.row === index ? model.table.active.column : undefined);
      if (row?.kind === "group") {
        void model.table.turn(index, row.expanded ? "collapse" : "expand");
        return;
      }
      setDetailOpen(true);
      void model.selection.row(index).then(() => {
        if (focus) frame.current?.querySelector<HTMLElement>("[role=tab][aria-selected=true]")?.focus();
      });
    },
    closeDetail() {
      setDetailOpen(false);
      model.detail.close();
      // The list must be visible before it can take the focus.
      requestAnimationFrame(focusGrid);
    },
    focusGrid,
    stepHit: (forward) =>
      void model.table.stepHit(forward).then(
        (found) => void (found && model.selection.row(model.table.active.row)),
        () => undefined,
      ),
    stepChange: (forward) =>
      void model.table.toChange(forward).then(
        (found) => {
          if (!found) return;
          focusGrid();
          void model.selection.row(model.table.active.row);
        },
        () => undefined,
      ),
    togglePin(index) {
      const row = model.table.row(index);
      if (!row || row.kind === "group") return;
      const { name, scope } = "row" in row ? row.row : row;
      if (!("row" in row && row.row.problem)) void model.table.togglePin(name, scope);
    },
    focusFirst() {
      if (model.table.total === 0) return;
      // The focus follows the active row once the grid has it.
      focusGrid();
      model.table.moveTo(0, -1);
      void model.selection.row(0);
    },
    focusFilter: () => frame.current?.querySelector<HTMLInputElement>("input[name=filter]")?.select(),
    async copy(form) {
      const copied = await model.detail.copied(form).catch(() => null);
      if (!copied) return copied === undefined ? "none" : "failed";
      if (!(await copyText(copied.text))) return "failed";
      return copied.masked ? "masked" : "copied";
    },
    reveal() {
      setDetailOpen(true);
      const needsReason = model.reveals.allowed === "with-reason" && model.detail.revealedFor === undefined;
      if (!needsReason) toggleReveal(model);
      else requestAnimationFrame(() => frame.current?.querySelector<HTMLElement>("input[name=reveal-reason]")?.focus());
    },
    openFile: (file) => void model.openFile(file).catch(() => undefined),
    save(form, found) {
      const { summary } = model;
      if (!summary) return;
      model.save(form, found).then(
        (text) => saveDocument(text, form, summary.takenAt),
        () => undefined,
      );
    },
    toggleHelp: () => setHelp((open) => !open),
  };
}
