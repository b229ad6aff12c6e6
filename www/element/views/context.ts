/**
 * What every part of the view needs: the model, the words, and what a reader can do.
 */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { CopyForm } from "../../entry/index.js";
import type { SaveForm } from "../model/saving.js";
import type { SessionModel } from "../model/session-model.js";
import type { Translator } from "../text/translator.js";

/** What came of copying: `masked` with something hidden, `none` where there are no words for it. */
export type CopyResult = "copied" | "masked" | "none" | "failed";

export interface Actions {
  load(): void;
  /** Reads again what is shown. */
  refresh(): void;
  /** Asks again for what failed. */
  retry(): void;
  cancel(): void;
  /** Makes a row the selected one, without opening its details where they would cover the list. */
  select(index: number): void;
  /** Shows a row's details; `focus` moves the keyboard there. */
  open(index: number, focus: boolean): void;
  closeDetail(): void;
  focusGrid(): void;
  /** Goes to the next hit of the filter, or the one before, wherever it is. */
  stepHit(forward: boolean): void;
  /** Goes to the next variable that changed, or to the one before. */
  stepChange(forward: boolean): void;
  /** Pins the variable of a row on top, or takes the pin away. */
  togglePin(index: number): void;
  /** Goes to the first row, if there is one. */
  focusFirst(): void;
  focusFilter(): void;
  /** Puts the chosen part of the value, or the way to it, on the clipboard. */
  copy(form: CopyForm): Promise<CopyResult>;
  /** Shows what is hidden of the selected value for a while, or hides it again. */
  reveal(): void;
  openFile(file: Blob): void;
  /** Saves all of the snapshot, or what the filter finds. */
  save(form: SaveForm, found: boolean): void;
  toggleHelp(): void;
}

export interface ViewContext {
  model: SessionModel;
  t: Translator;
  actions: Actions;
  scopes: readonly string[];
  /** Makes a link to the view, where the host allows links. */
  link: (() => Promise<string>) | undefined;
}

const Context = createContext<ViewContext | undefined>(undefined);
export const ViewProvider = Context.Provider;

export function useView(): ViewContext {
  const view = useContext(Context);
  if (!view) throw new Error("A view was rendered outside of the element.");
  return view;
}
