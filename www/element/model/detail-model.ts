/**
 * The detail pane: one variable's value tree, raw text and explanation.
 */
import type { CopyForm, Explanation, Row } from "../../entry/index.js";
import type { Copied, HostApi } from "../../worker/protocol.js";
import { unwrap } from "../engine/engine-link.js";
import type { PathKey } from "../text/paths.js";
import { TreeModel } from "./tree-model.js";

export type DetailTab = "value" | "raw" | "why";
export const TABS: readonly DetailTab[] = ["value", "raw", "why"];

/** Raw text comes in pieces of this many characters. */
export const TEXT_PIECE = 4_096;

/** A part of the value: positions for the engine, keys for the reader. */
export interface Part {
  path: number[];
  keys: PathKey[];
  /** Whether the part is a text; else its JSON source is shown. */
  isText?: boolean;
}

const WHOLE: Part = { path: [], keys: [] };

export class DetailModel {
  row: Row | undefined;
  /** The new snapshot no longer has the variable that was selected. */
  gone = false;
  tab: DetailTab = "value";
  part: Part = WHOLE;
  tree: TreeModel | undefined;
  explanation: Explanation | undefined;
  raw: { text: string; total: number } | undefined;
  #host: HostApi | undefined;
  #snapshot = 0;
  #turn = 0;
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Shows a row. */
  async select(host: HostApi, snapshot: number, row: Row): Promise<void> {
    const same = this.row?.name === row.name && this.row.scope === row.scope;
    const earlier = same ? this.tree : undefined;
    this.#host = host;
    this.#snapshot = snapshot;
    this.row = row;
    this.gone = false;
    if (!same) {
      this.part = WHOLE;
      this.raw = undefined;
      this.explanation = undefined;
      this.tree = undefined;
    }
    this.#changed();
    await this.#fill(earlier);
  }

  /** Finds the selected variable in another snapshot. */
  async follow(host: HostApi, snapshot: number): Promise<void> {
    if (!this.row) return;
    const { name, scope } = this.row;
    const place = unwrap(await host.locate(snapshot, { shadowed: true }, name, scope));
    if (place) return this.select(host, snapshot, place.row);
    this.close();
    this.gone = true;
    this.#changed();
  }

  close(): void {
    this.#turn += 1;
    this.row = undefined;
    this.tree = undefined;
    this.explanation = undefined;
    this.raw = undefined;
    this.part = WHOLE;
    this.#changed();
  }

  setTab(tab: DetailTab): void {
    this.tab = tab;
    this.#changed();
  }

  /** Chooses the part that Raw shows and that is copied. */
  async choose(part: Part): Promise<void> {
    this.part = part;
    this.raw = undefined;
    this.#changed();
    await this.moreRaw();
  }

  /** Whether the chosen part came as a text rather than as JSON. */
  get isText(): boolean {
    if (this.part.path.length > 0) return this.part.isText === true;
    return this.row?.type === "string" || this.row?.raw !== undefined;
  }

  /** Asks for the next piece of the raw text. */
  async moreRaw(): Promise<void> {
    const [host, row, turn, part] = [this.#host, this.row, this.#turn, this.part];
    if (!host || !row) return;
    const have = this.raw?.text ?? "";
    const window = { offset: have.length, limit: TEXT_PIECE };
    const piece = unwrap(await host.text(this.#snapshot, row.entry, part.path, window));
    if (turn !== this.#turn || part !== this.part) return;
    this.raw = { text: have + piece.text, total: piece.total };
    this.#changed();
  }

  /** What is copied of the chosen part, masked; `undefined` where there is nothing to copy. */
  async copied(form: CopyForm): Promise<Copied | undefined> {
    const { row } = this;
    if (!this.#host || !row) return undefined;
    return unwrap(await this.#host.copy(this.#snapshot, row.entry, this.part.path, form));
  }

  async #fill(earlier: TreeModel | undefined): Promise<void> {
    const turn = ++this.#turn;
    const { row } = this;
    const host = this.#host;
    if (!host || !row) return;
    if (row.type === "unreadable") {
      // What came may not even be text; then there is only the reason to show.
      await this.moreRaw().catch(() => undefined);
      return;
    }
    const explanation = unwrap(await host.explain(this.#snapshot, row.name));
    if (turn !== this.#turn) return;
    this.explanation = explanation;
    if (row.childCount !== undefined) {
      const tree = new TreeModel(host, this.#snapshot, row.entry, this.#changed);
      await tree.start(earlier);
      if (turn !== this.#turn) return;
      this.tree = tree;
    } else {
      this.tree = undefined;
    }
    if (earlier && this.part.path.length > 0) this.part = WHOLE;
    this.raw = undefined;
    await this.moreRaw();
    this.#changed();
  }
}
