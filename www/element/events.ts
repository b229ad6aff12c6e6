/**
 * The element's events, made of what the model reports.
 */
import type { Progress } from "../entry/index.js";
import type { Fault, SnapshotSummary } from "../worker/protocol.js";
import type { EnginePlace } from "./engine/engine-link.js";
import type { SessionListener, SessionModel } from "./model/session-model.js";
import { readViewState } from "./model/view-state.js";

export class ElementEvents implements SessionListener {
  readonly #element: WeakRef<HTMLElement>;
  readonly #redraw: () => void;
  readonly #started: (place: EnginePlace) => void;
  #viewState = "";
  #selected = "";

  constructor(element: HTMLElement, redraw: () => void, started: (place: EnginePlace) => void) {
    this.#element = new WeakRef(element);
    this.#redraw = redraw;
    this.#started = started;
  }

  changed(): void {
    this.#redraw();
  }

  ready(place: EnginePlace): void {
    this.#started(place);
    this.#emit("ready", place);
  }

  progress(progress: Progress): void {
    this.#emit("progress", progress);
  }

  snapshot(summary: SnapshotSummary): void {
    this.#emit("snapshot", this.summaryOf(summary));
  }

  failed(fault: Fault): void {
    this.#emit("error", fault);
  }

  /** Tells of a view state or a selection that differs from the last one told. */
  noteViewState(model: SessionModel): void {
    const state = readViewState(model);
    const { selected } = state;
    const selectedText = JSON.stringify(selected ?? null);
    if (selectedText !== this.#selected && this.#selected !== "") this.#emit("select", selected ?? null);
    this.#selected = selectedText;
    const text = JSON.stringify(state);
    if (text !== this.#viewState && this.#viewState !== "") this.#emit("view-state", state);
    this.#viewState = text;
  }

  /** The summary without the number that only we use. */
  summaryOf(summary: SnapshotSummary): Omit<SnapshotSummary, "id"> {
    const { id: _, ...detail } = summary;
    return detail;
  }

  #emit(type: string, detail: unknown): void {
    this.#element.deref()?.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }
}
