/**
 * The detail pane: one variable's value tree, raw text and explanation.
 */
import type { CopyForm, Explanation, Precedence, Row } from "../../entry/index.js";
import type { Changes, Copied, HostApi, PastValue } from "../../worker/protocol.js";
import { unwrap } from "../engine/engine-link.js";
import type { PathKey } from "../text/paths.js";
import { TreeModel } from "./tree-model.js";

export type DetailTab = "value" | "raw" | "changes" | "history" | "why";
export const TABS: readonly DetailTab[] = ["value", "raw", "changes", "history", "why"];

/** Raw text comes in pieces of this many characters. */
export const TEXT_PIECE = 4_096;

/** A part of the value: positions for the engine, keys for the reader. */
export interface Part {
  path: number[];
  keys: PathKey[];
  /** Whether the part is a text; else its JSON source is shown. */
  isText?: boolean;
  /** The rule that hides it, or parts of it. */
  hiddenBy?: string;
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
  /** What the reader tries in the place of the snapshot's own rule. */
  rule: Precedence | undefined;
  /** Since the session was read before; `undefined` where it was not. */
  changes: Changes | undefined;
  /** What became of it in the reads that are kept, the oldest first. */
  past: readonly PastValue[] = [];
  raw: { text: string; total: number; masked: boolean } | undefined;
  /** How long what is hidden is shown, in ms; `undefined` while it is not. */
  revealedFor: number | undefined;
  #host: HostApi | undefined;
  #snapshot = 0;
  #turn = 0;
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Shows a row. */
  async select(host: HostApi, snapshot: number, row: Row): Promise<void> {
    this.#endReveal();
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
      this.rule = undefined;
      this.past = [];
      this.tree = undefined;
    }
    this.changes = undefined;
    this.#changed();
    await this.#fill(earlier);
  }

  /** The rule that hides the chosen part, or something of it. */
  get hiddenBy(): string | undefined {
    return this.part.path.length > 0 ? this.part.hiddenBy : this.row?.masked?.rule;
  }

  /** What is hidden can be read now. */
  async showRevealed(forMs: number): Promise<void> {
    this.revealedFor = forMs;
    await this.#again();
  }

  /** It cannot be any more; nothing of it stays here. */
  async hideRevealed(): Promise<void> {
    if (this.revealedFor === undefined) return;
    this.revealedFor = undefined;
    this.raw = undefined;
    const { tree } = this;
    this.tree = undefined;
    this.#changed();
    await this.#again(tree);
  }

  async #again(earlier = this.tree): Promise<void> {
    const turn = ++this.#turn;
    await this.#fillTree(turn, earlier);
    this.raw = undefined;
    await this.moreRaw();
  }

  /** Finds the selected variable in another snapshot. */
  async follow(host: HostApi, snapshot: number): Promise<void> {
    const { row } = this;
    if (!row) return;
    const place = unwrap(await host.locate(snapshot, { shadowed: true }, row.name, row.scope));
    // Meanwhile the reader may have chosen another one.
    if (row !== this.row) return;
    if (place) return this.select(host, snapshot, place.row);
    this.missing();
  }

  /** Says that the snapshot does not have the variable. */
  missing(): void {
    this.close();
    this.gone = true;
    this.#changed();
  }

  /** Whether a row of a snapshot is what is shown. */
  shows(snapshot: number, row: Row): boolean {
    return this.#snapshot === snapshot && this.row?.entry === row.entry;
  }

  /** Whatever is read from now on is hidden again. */
  #endReveal(): void {
    if (this.revealedFor === undefined) return;
    this.revealedFor = undefined;
    void this.#host?.hide().catch(() => undefined);
  }

  close(): void {
    this.#endReveal();
    this.#turn += 1;
    this.row = undefined;
    this.tree = undefined;
    this.explanation = undefined;
    this.changes = undefined;
    this.raw = undefined;
    this.part = WHOLE;
    this.#changed();
  }

  /** Explains by another rule, or by the snapshot's own again. */
  async whatIf(rule: Precedence | undefined): Promise<void> {
    const [host, row, turn] = [this.#host, this.row, this.#turn];
    if (!host || !row) return;
    this.rule = rule;
    const explanation = unwrap(await host.explain(this.#snapshot, row.name, rule));
    if (turn !== this.#turn || rule !== this.rule) return;
    this.explanation = explanation;
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
    this.raw = { text: have + piece.text, total: piece.total, masked: piece.masked };
    this.#changed();
  }

  /** What is copied of the chosen part, masked; `undefined` where there is nothing to copy. */
  async copied(form: CopyForm): Promise<Copied | undefined> {
    const { row } = this;
    if (!this.#host || !row) return undefined;
    return unwrap(await this.#host.copy(this.#snapshot, row.entry, this.part.path, form));
  }

  /** The variable's name and its explanation as the mask lets them be handed on, whatever is displayed. */
  async handedOn(): Promise<{ name: string; explanation: Explanation } | undefined> {
    const [host, row] = [this.#host, this.row];
    if (!host || !row) return undefined;
    const name = unwrap(await host.copy(this.#snapshot, row.entry, [], "javascript"))?.text;
    const explanation = unwrap(await host.explain(this.#snapshot, row.name, this.rule, true));
    return name !== undefined && explanation ? { name, explanation } : undefined;
  }

  /** The tree of an object or list, unless it is hidden as a whole. */
  async #fillTree(turn: number, earlier: TreeModel | undefined): Promise<void> {
    const [host, row] = [this.#host, this.row];
    if (!host || !row) return;
    const isContainer = row.type === "object" || row.type === "array";
    if (!isContainer || (row.masked?.whole && this.revealedFor === undefined)) {
      this.tree = undefined;
      return;
    }
    const tree = new TreeModel(host, this.#snapshot, row.entry, this.#changed);
    await tree.start(earlier);
    if (turn === this.#turn) this.tree = tree;
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
    const explanation = unwrap(await host.explain(this.#snapshot, row.name, this.rule));
    if (turn !== this.#turn) return;
    this.explanation = explanation;
    const changes = unwrap(await host.changes(this.#snapshot, row.name, row.scope));
    if (turn !== this.#turn) return;
    this.changes = changes;
    // Where one hides the others, its history is that of the name: which scope won is a part of it.
    const isWinner = explanation?.winner?.scope === row.scope;
    const past = unwrap(await host.past(row.name, isWinner ? undefined : row.scope));
    if (turn !== this.#turn) return;
    this.past = past;
    await this.#fillTree(turn, earlier);
    if (turn !== this.#turn) return;
    if (earlier && this.part.path.length > 0) this.part = WHOLE;
    this.raw = undefined;
    await this.moreRaw();
    this.#changed();
  }
}
