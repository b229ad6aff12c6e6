/**
 * The engine on behalf of one element: holds its connection and its snapshots, and frees them.
 *
 * The same class serves in a worker, where Comlink calls it, and in a page that cannot have a worker.
 */
import { finalizer, type ProxyMethods, releaseProxy } from "comlink";
import type {
  CallOptions,
  CopyForm,
  Explanation,
  HistoryOptions,
  HitSlice,
  Precedence,
  Progress,
  Row,
  RowsWindow,
  SessionDebugger,
  Snapshot,
  VariableQuery,
  Watchpoint,
} from "../entry/index.js";
import { answer, isTrap, notStarted, Stale } from "./fault.js";
import { connectDebugger } from "./host-options.js";
import { LastChanges } from "./last-changes.js";
import { latestOnly } from "./latest-only.js";
import { OutboxRisk } from "./outbox-risk.js";
import type {
  Answer,
  AtRisk,
  Callbacks,
  Changes,
  ConnectOptions,
  Copied,
  FirstHits,
  HitsWindow,
  HostApi,
  Moments,
  Other,
  PastValue,
  Place,
  Protection,
  RowKey,
  SnapshotSummary,
  TableHead,
  TableRow,
  TableView,
  Turn,
  WatchHit,
} from "./protocol.js";
import { Sight } from "./sight.js";
import { Table } from "./table.js";
import { asksForValue, isHidden, WatchList } from "./watch-list.js";

/** The engine's module, as `import()` gives it. */
export type Engine = typeof import("../entry/index.js");

/** Progress reaches the page at most this often, in ms. */
const PROGRESS_INTERVAL_MS = 80;

export class EngineHost implements HostApi {
  readonly #loadEngine: () => Promise<Engine>;
  #sessions: SessionDebugger | undefined;
  /** What is under way; a comparison ends no load. */
  readonly #reading = new Set<AbortController>();
  /** Counts what changes are to be told by: what was asked for before is not taken any more. */
  #choice = 0;
  readonly #snapshots = new Map<number, Snapshot>();
  #lastId = 0;
  readonly #table = new Table();
  readonly #lastChanges = new LastChanges();
  readonly #watchList = new WatchList();
  readonly #sight = new Sight();
  readonly #outboxRisk = new OutboxRisk();
  /** Where sessions come from: those of another tenant are no later reads of these. */
  #tenant = "";
  /** Keeps the record as long as there is no connection, which then goes on with it. */
  #recorder: SessionDebugger | undefined;

  constructor(loadEngine: () => Promise<Engine>) {
    this.#loadEngine = loadEngine;
  }

  protect(protection: Protection): Promise<Answer<void>> {
    this.#sight.protect(protection);
    return answer(async () => {
      const keeper = this.#keeper();
      if (!keeper) return;
      const engine = await this.#start();
      try {
        keeper.allowReveals(this.#sight.reveals());
      } catch (error) {
        // The next engine is made with them.
        if (!isTrap(engine, error)) throw error;
      }
    });
  }

  start(): Promise<Answer<{ version: string }>> {
    return answer(async () => ({ version: (await this.#start()).version() }));
  }

  /** Starts the engine and takes the options. May be called again; snapshots stay. */
  connect(options: ConnectOptions, callbacks: Callbacks | undefined): Promise<Answer<{ version: string }>> {
    return answer(async () => {
      const engine = await this.#start();
      const reveal = this.#sight.reveals(options);
      const next = connectDebugger(engine, { ...options, reveal }, callbacks);
      this.#abort();
      const before = this.#keeper();
      if (before) next.continueFrom(before);
      before?.free();
      this.#recorder = undefined;
      this.#sessions = next;
      this.#tenant = JSON.stringify([options.baseUrl, options.path, options.policy]);
      this.#sight.connect(options);
      this.#outboxRisk.connect(options);
      return { version: engine.version() };
    });
  }

  /** Reads a session. A load that is still under way is cancelled. */
  load(
    query: VariableQuery,
    keep: HistoryOptions,
    onProgress: (progress: Progress) => void,
  ): Promise<Answer<SnapshotSummary>> {
    return answer(async () => {
      this.#abort();
      const report = latestOnly(onProgress, PROGRESS_INTERVAL_MS);
      try {
        const snapshot = await this.#read(query, { onProgress: report.push });
        const engine = await this.#start();
        const moment = this.#lastChanges.add(engine, this.#tenant, query, snapshot, keep);
        const summary = { ...this.#keep(snapshot), moment, watchHits: this.#watchList.check(engine, snapshot) };
        const atRisk = await this.#outboxRisk.of(this.#sessions);
        return atRisk ? { ...summary, atRisk } : summary;
      } finally {
        report.stop();
      }
    });
  }

  async #read(query: VariableQuery, how: Omit<CallOptions, "signal">): Promise<Snapshot> {
    if (!this.#sessions) throw new Error("connect() comes first");
    const reading = new AbortController();
    this.#reading.add(reading);
    try {
      const snapshot = await this.#sessions.snapshot(query, { ...how, signal: reading.signal });
      if (this.#sessions) return snapshot;
      snapshot.free();
      throw new DOMException("Closed.", "AbortError");
    } finally {
      this.#reading.delete(reading);
    }
  }

  open(file: ArrayBuffer): Promise<Answer<SnapshotSummary>> {
    return answer(async () => {
      const engine = await this.#start();
      this.#abort();
      // Another one may be shown by then: what is compared with ends where the file is.
      const { other: _, ...summary } = this.#keep(engine.Snapshot.open(file));
      return summary;
    });
  }

  async moments(): Promise<Answer<Moments>> {
    return answer(() => this.#lastChanges.moments(this.#sight.shown()));
  }

  openMoment(moment: number): Promise<Answer<SnapshotSummary>> {
    return answer(() => {
      const snapshot = this.#lastChanges.open(moment);
      if (!snapshot) throw new Stale();
      return { ...this.#keep(snapshot), moment };
    });
  }

  past(name: string, scope: string | undefined): Promise<Answer<PastValue[]>> {
    return answer(() => this.#lastChanges.past(name, scope, this.#sight.shown()));
  }

  async compareWith(moment: number | undefined): Promise<void> {
    this.#choice += 1;
    this.#lastChanges.compareWith(moment);
  }

  compareWithOther(other: VariableQuery | ArrayBuffer): Promise<Answer<Other>> {
    return answer(async () => {
      const choice = ++this.#choice;
      const engine = await this.#start();
      // It is no news for whoever hears of what the reader looks at.
      const snapshot = "sessionId" in other ? await this.#read(other, { post: false }) : engine.Snapshot.open(other);
      if (choice !== this.#choice) {
        snapshot.free();
        throw new DOMException("Something else was chosen.", "AbortError");
      }
      this.#lastChanges.compareWithOther(snapshot);
      return otherOf(snapshot);
    });
  }

  label(turn: string | undefined): Promise<Answer<boolean>> {
    return answer(() => this.#lastChanges.label(turn));
  }

  async cancel(): Promise<void> {
    this.#abort();
  }

  async arrange(
    id: number,
    view: TableView,
    keep: RowKey | undefined,
    onFirst?: ((first: FirstHits) => void) & Partial<ProxyMethods>,
  ): Promise<Answer<TableHead>> {
    const answer = await this.#with(id, async (snapshot, engine) => {
      // What it is compared with and what is revealed may be others after the search.
      const seen = () => ({ earlier: this.#lastChanges.before(snapshot), mask: this.#sight.shown() });
      await this.#table.search(engine, snapshot, seen(), view, onFirst);
      if (this.#snapshots.get(id) !== snapshot) throw new Stale();
      return this.#table.show(engine, snapshot, seen(), view, keep);
    });
    // Each search has its own: what is left to the collector would be a port for every key that is typed.
    onFirst?.[releaseProxy]?.();
    return answer;
  }

  async giveUpSearch(): Promise<void> {
    this.#table.giveUp();
  }

  rows(version: number, offset: number, limit: number): Promise<Answer<TableRow[]>> {
    return answer(() => this.#table.rows(version, offset, limit));
  }

  turn(key: RowKey, how: Turn): Promise<Answer<TableHead>> {
    return answer(() => this.#table.turn(key, how));
  }

  reveal(key: RowKey): Promise<Answer<TableHead>> {
    return answer(() => this.#table.reveal(key));
  }

  parent(key: RowKey): Promise<Answer<number | undefined>> {
    return answer(() => this.#table.parent(key));
  }

  nextChange(key: RowKey | undefined, forward: boolean): Promise<Answer<TableHead>> {
    return answer(() => this.#table.nextChange(key, forward));
  }

  variable(entry: number): Promise<Answer<Row | undefined>> {
    return answer(() => this.#table.variable(entry));
  }

  hits(view: number, window: HitsWindow): Promise<Answer<HitSlice>> {
    return answer(() => this.#table.hits(view, window));
  }

  /** Where a variable stands among the rows of a view. */
  locate(id: number, window: RowsWindow, name: string, scope: string): Promise<Answer<Place | undefined>> {
    return this.#with(id, (snapshot) => {
      const seen = { ...window, mask: this.#sight.shown() };
      const index = snapshot.position(name, scope, seen);
      const row = index === undefined ? undefined : snapshot.rows({ ...seen, offset: index, limit: 1 }).rows[0];
      return row && index !== undefined ? { index, row } : undefined;
    });
  }

  children(id: number, entry: number, path: number[], window: { offset: number; limit: number }) {
    return this.#with(id, (snapshot) => snapshot.children(entry, path, { ...window, mask: this.#sight.details() }));
  }

  text(id: number, entry: number, path: number[], window: { offset: number; limit: number }) {
    return this.#with(id, (snapshot) => snapshot.text(entry, path, { ...window, mask: this.#sight.details() }));
  }

  hides(texts: readonly string[]): Promise<Answer<boolean[]>> {
    return answer(async () => {
      const engine = await this.#start();
      // As names they are judged by themselves, and not by what they stand under.
      const variables = texts.map((text) => ({ name: text, value: null, scope: "" }));
      const snapshot = engine.Snapshot.parse(JSON.stringify({ variables }));
      const options = { mask: this.#sight.handOn() };
      const hidden = texts.map((_, entry) => snapshot.copyText(entry, [], "javascript", options)?.masked !== false);
      snapshot.free();
      return hidden;
    });
  }

  save(
    id: number,
    form: "file" | "markdown" | "csv" | "json" | "ndjson",
    window: RowsWindow | undefined,
  ): Promise<Answer<string>> {
    return this.#with(id, (snapshot) => {
      const options = { mask: this.#sight.handOn() };
      if (form === "file") return snapshot.toFile(options);
      const earlier = window && this.#lastChanges.before(snapshot);
      return snapshot.export(form, { ...window, ...(earlier && { earlier }), ...options });
    });
  }

  copy(id: number, entry: number, path: number[], form: CopyForm): Promise<Answer<Copied | undefined>> {
    return this.#with(id, (snapshot) => snapshot.copyText(entry, path, form, { mask: this.#sight.handOn() }));
  }

  explain(
    id: number,
    name: string,
    rule: Precedence | undefined,
    handOn = false,
  ): Promise<Answer<Explanation | undefined>> {
    return this.#with(id, (snapshot) => {
      const mask = handOn ? this.#sight.handOn() : this.#sight.shown();
      // Of another session nothing has become of anything here.
      const earlier = this.#lastChanges.other ? undefined : this.#lastChanges.before(snapshot);
      return snapshot.explain(name, { mask, ...(rule && { precedence: rule }), ...(earlier && { earlier }) });
    });
  }

  changes(id: number, name: string, scope: string): Promise<Answer<Changes | undefined>> {
    return answer(async () => {
      const engine = await this.#start();
      const snapshot = this.#snapshots.get(id);
      return snapshot && this.#lastChanges.of(engine, snapshot, name, scope, this.#sight.shown());
    });
  }

  watch(watchpoint: Watchpoint, id: number | undefined): Promise<Answer<{ id: number; hits: WatchHit[] }>> {
    return answer(async () => {
      const engine = await this.#start();
      const shown = id === undefined ? undefined : this.#snapshots.get(id);
      const mask = this.#sight.shown();
      // Whoever asks for a value often enough knows it.
      if (shown && mask && asksForValue(watchpoint) && isHidden(shown, watchpoint, mask)) throw new Error("hidden");
      return this.#watchList.add(engine, watchpoint, { shown, mask });
    });
  }

  async unwatch(id: number): Promise<void> {
    this.#watchList.remove(id);
  }

  unmask(
    id: number,
    entry: number,
    path: number[],
    { reason, prevented }: { reason: string | undefined; prevented: boolean },
  ): Promise<Answer<number>> {
    return this.#with(id, (snapshot, engine) => {
      const source = (): never => {
        throw new Error("There is no connection.");
      };
      if (!this.#sessions) this.#recorder ??= new engine.SessionDebugger({ source, reveal: this.#sight.reveals() });
      const recorder = this.#keeper();
      const mask = this.#sight.details();
      if (!mask) throw new Error("Nothing is hidden.");
      // What was forbidden stays so, even if the engine could not be told.
      const forbidden = prevented || this.#sight.reveals() === false;
      const request = { mask, steps: path, prevented: forbidden, ...(reason !== undefined && { reason }) };
      return recorder?.reveal(snapshot, entry, request) ?? 0;
    });
  }

  async hide(): Promise<void> {
    this.#sight.hide();
  }

  outboxAtRisk(): Promise<Answer<AtRisk | undefined>> {
    return answer(() => this.#outboxRisk.of(this.#sessions));
  }

  dropToken(): Promise<Answer<void>> {
    return answer(() => this.#sessions?.dropToken());
  }

  metrics() {
    return answer(() => this.#sessions?.metrics());
  }

  audit() {
    return answer(() => this.#keeper()?.auditTrail() ?? []);
  }

  async release(id: number): Promise<void> {
    this.#table.forget(this.#snapshots.get(id));
    this.#lastChanges.forget(this.#snapshots.get(id));
    this.#snapshots.get(id)?.free();
    this.#snapshots.delete(id);
  }

  async close(): Promise<void> {
    this.#abort();
    this.#table.free();
    this.#watchList.free();
    for (const snapshot of this.#snapshots.values()) snapshot.free();
    this.#snapshots.clear();
    this.#lastChanges.clear();
    this.#sessions?.free();
    this.#sessions = undefined;
    this.#recorder?.free();
    this.#recorder = undefined;
    this.#sight.free();
  }

  /** Comlink calls this when the page's side has been collected. */
  [finalizer](): void {
    void this.close();
  }

  #abort(): void {
    for (const reading of this.#reading) reading.abort();
  }

  async #start(): Promise<Engine> {
    try {
      const engine = await this.#loadEngine();
      await engine.default();
      this.#sight.start(engine);
      return engine;
    } catch (error) {
      throw notStarted(error);
    }
  }

  /** Who has the audit trail. */
  #keeper(): SessionDebugger | undefined {
    return this.#sessions ?? this.#recorder;
  }

  #keep(snapshot: Snapshot): SnapshotSummary {
    const id = ++this.#lastId;
    this.#sight.hide();
    this.#snapshots.set(id, snapshot);
    const { sessionId, takenAt, size, entryCount, unreadableCount, complete } = snapshot;
    const systemCount = snapshot.rows({ filter: "system:yes", limit: 0 }).total;
    const { other } = this.#lastChanges;
    const summary = { id, sessionId, takenAt, size, systemCount, entryCount, unreadableCount, complete };
    return other ? { ...summary, other: otherOf(other) } : summary;
  }

  #with<T>(id: number, read: (snapshot: Snapshot, engine: Engine) => T | Promise<T>): Promise<Answer<T>> {
    return answer(async () => {
      const engine = await this.#start();
      const snapshot = this.#snapshots.get(id);
      if (!snapshot) throw new Stale();
      return read(snapshot, engine);
    });
  }
}

function otherOf({ sessionId, takenAt }: Snapshot): Other {
  return { sessionId, takenAt };
}
