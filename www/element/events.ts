/**
 * The element's events, made of what the model reports.
 */
import type { Progress, RevealRequest } from "../entry/index.js";
import type { Fault, SnapshotSummary } from "../worker/protocol.js";
import type { EnginePlace } from "./engine/engine-link.js";
import type { SessionListener, SessionModel } from "./model/session-model.js";
import { readViewState } from "./model/view-state.js";
import type { Watched } from "./model/watch-model.js";

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

  watchHit({ watchpoint, hits, lastHit }: Watched): void {
    this.#emit("watch-hit", { watchpoint, hits, takenAt: lastHit });
  }

  failed(fault: Fault): void {
    this.#emit("error", fault);
  }

  mayReveal(request: RevealRequest): boolean {
    return this.#emit("before-reveal", request, true);
  }

  /** Tells of a view state or a selection that differs from the last one told. */
  noteViewState(model: SessionModel): void {
    const state = readViewState(model);
    const { row } = model.detail;
    const selected = row ? { name: row.name, scope: row.scope } : null;
    const selectedText = JSON.stringify(selected);
    if (selectedText !== this.#selected && this.#selected !== "") this.#emit("select", selected);
    this.#selected = selectedText;
    const text = JSON.stringify(state);
    if (text !== this.#viewState && this.#viewState !== "") this.#emit("view-state", state);
    this.#viewState = text;
  }

  /** The summary without the numbers that only we use. */
  summaryOf(summary: SnapshotSummary): Omit<SnapshotSummary, "id" | "moment" | "watchHits" | "other" | "systemCount"> {
    const { id: _, moment: __, watchHits: ___, other: ____, systemCount: _____, ...detail } = summary;
    return detail;
  }

  /** Whether nobody prevents it. */
  #emit(type: string, detail: unknown, cancelable = false): boolean {
    const event = new CustomEvent(type, { detail, bubbles: true, composed: true, cancelable });
    return this.#element.deref()?.dispatchEvent(event) ?? false;
  }
}
