/**
 * The engine on behalf of one element: holds its connection and its snapshots, and frees them.
 *
 * The same class serves in a worker, where Comlink calls it, and in a page that cannot have a worker.
 */
import { finalizer } from "comlink";
import type {
  CopyForm,
  DebuggerOptions,
  Explanation,
  Progress,
  RowsWindow,
  SessionDebugger,
  Snapshot,
  VariableQuery,
} from "../entry/index.js";
import { answer } from "./fault.js";
import { connectDebugger } from "./host-options.js";
import { latestOnly } from "./latest-only.js";
import type {
  Answer,
  Callbacks,
  ConnectOptions,
  Copied,
  HostApi,
  Place,
  RowsAnswer,
  SnapshotSummary,
} from "./protocol.js";

/** The engine's module, as `import()` gives it. */
export type Engine = typeof import("../entry/index.js");

/** Progress reaches the page at most this often, in ms. */
const PROGRESS_INTERVAL_MS = 80;

export class EngineHost implements HostApi {
  readonly #loadEngine: () => Promise<Engine>;
  #sessions: SessionDebugger | undefined;
  #loading: AbortController | undefined;
  readonly #snapshots = new Map<number, Snapshot>();
  #lastId = 0;
  /** For what is saved and copied. */
  #mask: NonNullable<DebuggerOptions["mask"]> = true;

  constructor(loadEngine: () => Promise<Engine>) {
    this.#loadEngine = loadEngine;
  }

  start(): Promise<Answer<{ version: string }>> {
    return answer(async () => ({ version: (await this.#start()).version() }));
  }

  /** Starts the engine and takes the options. May be called again; snapshots stay. */
  connect(options: ConnectOptions, callbacks: Callbacks | undefined): Promise<Answer<{ version: string }>> {
    return answer(async () => {
      const engine = await this.#start();
      const next = connectDebugger(engine, options, callbacks);
      this.#loading?.abort();
      this.#sessions?.free();
      this.#sessions = next;
      // `false` is for receivers of webhooks: what a reader hands on is masked.
      this.#mask = options.mask || true;
      return { version: engine.version() };
    });
  }

  /** Reads a session. A load that is still under way is cancelled. */
  load(query: VariableQuery, onProgress: (progress: Progress) => void): Promise<Answer<SnapshotSummary>> {
    return answer(async () => {
      if (!this.#sessions) throw new Error("connect() comes first");
      this.#loading?.abort();
      const loading = new AbortController();
      this.#loading = loading;
      const report = latestOnly(onProgress, PROGRESS_INTERVAL_MS);
      try {
        const snapshot = await this.#sessions.snapshot(query, { signal: loading.signal, onProgress: report.push });
        if (!this.#sessions) {
          snapshot.free();
          throw new DOMException("Closed.", "AbortError");
        }
        return this.#keep(snapshot);
      } finally {
        report.stop();
        if (this.#loading === loading) this.#loading = undefined;
      }
    });
  }

  open(file: ArrayBuffer): Promise<Answer<SnapshotSummary>> {
    return answer(async () => {
      const engine = await this.#start();
      this.#loading?.abort();
      return this.#keep(engine.Snapshot.open(file));
    });
  }

  async cancel(): Promise<void> {
    this.#loading?.abort();
  }

  rows(id: number, window: RowsWindow): Promise<Answer<RowsAnswer>> {
    return this.#with(id, (snapshot) => {
      const answer = snapshot.rows(window);
      if (!window.filter) return { ...answer, unfiltered: answer.total };
      return { ...answer, unfiltered: snapshot.rows({ ...window, filter: "", offset: 0, limit: 1 }).total };
    });
  }

  /** Where a variable stands among the rows of a view. */
  locate(id: number, window: RowsWindow, name: string, scope: string): Promise<Answer<Place | undefined>> {
    return this.#with(id, (snapshot) => {
      const index = snapshot.position(name, scope, window);
      const row = index === undefined ? undefined : snapshot.rows({ ...window, offset: index, limit: 1 }).rows[0];
      return row && index !== undefined ? { index, row } : undefined;
    });
  }

  children(id: number, entry: number, path: number[], window: { offset: number; limit: number }) {
    return this.#with(id, (snapshot) => snapshot.children(entry, path, window));
  }

  text(id: number, entry: number, path: number[], window: { offset: number; limit: number }) {
    return this.#with(id, (snapshot) => snapshot.text(entry, path, window));
  }

  hides(texts: readonly string[]): Promise<Answer<boolean[]>> {
    return answer(async () => {
      const engine = await this.#start();
      // As names they are judged by themselves, and not by what they stand under.
      const variables = texts.map((text) => ({ name: text, value: null, scope: "" }));
      const snapshot = engine.Snapshot.parse(JSON.stringify({ variables }));
      const options = { mask: this.#mask };
      const hidden = texts.map((_, entry) => snapshot.copyText(entry, [], "javascript", options)?.masked !== false);
      snapshot.free();
      return hidden;
    });
  }

  save(id: number, form: "file" | "markdown" | "csv" | "json" | "ndjson"): Promise<Answer<string>> {
    const options = { mask: this.#mask };
    return this.#with(id, (snapshot) => (form === "file" ? snapshot.toFile(options) : snapshot.export(form, options)));
  }

  copy(id: number, entry: number, path: number[], form: CopyForm): Promise<Answer<Copied | undefined>> {
    return this.#with(id, (snapshot) => snapshot.copyText(entry, path, form, { mask: this.#mask }));
  }

  explain(id: number, name: string): Promise<Answer<Explanation | undefined>> {
    return this.#with(id, (snapshot) => snapshot.explain(name));
  }

  metrics() {
    return answer(() => this.#sessions?.metrics());
  }

  audit() {
    return answer(() => this.#sessions?.auditTrail() ?? []);
  }

  async release(id: number): Promise<void> {
    this.#snapshots.get(id)?.free();
    this.#snapshots.delete(id);
  }

  async close(): Promise<void> {
    this.#loading?.abort();
    for (const snapshot of this.#snapshots.values()) snapshot.free();
    this.#snapshots.clear();
    this.#sessions?.free();
    this.#sessions = undefined;
  }

  /** Comlink calls this when the page's side has been collected. */
  [finalizer](): void {
    void this.close();
  }

  async #start(): Promise<Engine> {
    const engine = await this.#loadEngine();
    await engine.default();
    return engine;
  }

  #keep(snapshot: Snapshot): SnapshotSummary {
    const id = ++this.#lastId;
    this.#snapshots.set(id, snapshot);
    const { sessionId, takenAt, size, entryCount, unreadableCount, complete } = snapshot;
    return { id, sessionId, takenAt, size, entryCount, unreadableCount, complete };
  }

  #with<T>(id: number, read: (snapshot: Snapshot) => T): Promise<Answer<T>> {
    const snapshot = this.#snapshots.get(id);
    if (!snapshot) {
      const fault = { code: "STALE", message: "This snapshot has been replaced.", retryable: false } as const;
      return Promise.resolve({ fault });
    }
    return answer(() => read(snapshot));
  }
}
