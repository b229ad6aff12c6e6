/**
 * One element's work: connects to the engine, loads sessions, and keeps the models of table and details in step.
 */
import type { Progress, VariableQuery } from "../../entry/index.js";
import { toFault } from "../../worker/fault.js";
import type { Callbacks, ConnectOptions, Fault, SnapshotSummary } from "../../worker/protocol.js";
import { EngineFailure, EngineLink, type EnginePlace, unwrap } from "../engine/engine-link.js";
import type { WorkerSource } from "../engine/worker-pool.js";
import { DetailModel } from "./detail-model.js";
import type { SaveForm } from "./saving.js";
import { TableModel } from "./table-model.js";

/** What the model tells the element, which makes events of it. */
export interface SessionListener {
  changed(): void;
  ready(place: EnginePlace): void;
  progress(progress: Progress): void;
  snapshot(summary: SnapshotSummary): void;
  failed(fault: Fault): void;
}

/** How to reach the data. */
export interface Connection {
  options: ConnectOptions;
  callbacks: Callbacks;
  worker: WorkerSource;
}

const links = new FinalizationRegistry<EngineLink>((link) => link.close());

export class SessionModel {
  query: VariableQuery = { sessionId: "" };
  connection: Connection | undefined;
  /** Where the engine comes from while there is no connection. */
  worker: WorkerSource;
  place: EnginePlace | undefined;
  summary: SnapshotSummary | undefined;
  /** The query that the summary answers. */
  answered: VariableQuery | undefined;
  /** The query of the last load, whatever became of it. */
  asked: VariableQuery | undefined;
  /** What was shown before another session was asked for. */
  before: VariableQuery | undefined;
  fault: Fault | undefined;
  progress: Progress | undefined;
  /** When the progress was reported, by `performance.now()`; countdowns run from here. */
  progressAt = 0;
  loading = false;
  readonly table: TableModel;
  readonly detail: DetailModel;
  readonly #listener: SessionListener;
  #link: Promise<EngineLink> | undefined;
  #host: EngineLink["host"] | undefined;
  #loadNumber = 0;

  constructor(listener: SessionListener) {
    this.#listener = listener;
    const changed = (): void => listener.changed();
    this.table = new TableModel(changed);
    this.detail = new DetailModel(changed);
  }

  /** Takes a connection. The engine starts at once, so that it is warm when the first session is asked for. */
  async connect(connection: Connection): Promise<void> {
    // An engine that only a file was opened with takes the tenant too.
    const first = this.#link === undefined || !sameWorker(this.worker, connection.worker);
    this.connection = connection;
    this.worker = connection.worker;
    if (first) this.close();
    const link = await this.#open();
    if (first) return;
    const answer = await link.connect(connection.options, connection.callbacks);
    if ("fault" in answer) this.#fail(answer.fault);
  }

  /** Reads the session of the query. */
  load(): Promise<SnapshotSummary> {
    const number = ++this.#loadNumber;
    const query = { ...this.query };
    this.asked = query;
    if (this.summary?.file !== undefined || (this.answered && this.answered.sessionId !== query.sessionId))
      this.#takeAway();
    return this.#read(number, query, async () => {
      const link = await this.#open();
      return link.load(query, (progress) => this.#report(number, progress));
    });
  }

  /** Shows a saved file instead. No tenant is asked, and none need be known. */
  openFile(file: Blob): Promise<SnapshotSummary> {
    const number = ++this.#loadNumber;
    return this.#read(number, undefined, async () => {
      const link = await this.#openAnyhow();
      const summary = await link.openFile(await file.arrayBuffer());
      return { ...summary, file: file instanceof File ? file.name : "" };
    });
  }

  /** Of each text, whether a rule hides it. */
  async hides(texts: readonly string[]): Promise<boolean[]> {
    const { host } = await this.#openAnyhow();
    return unwrap(await host.hides(texts));
  }

  /** What is shown as a document, masked. */
  async save(form: SaveForm): Promise<string> {
    if (!this.#host || !this.summary) throw new EngineFailure(toFault(undefined));
    return unwrap(await this.#host.save(this.summary.id, form));
  }

  /** Shows what `read` gives; `query` is what it answers, where it is no file. */
  async #read(
    number: number,
    query: VariableQuery | undefined,
    read: () => Promise<SnapshotSummary>,
  ): Promise<SnapshotSummary> {
    this.loading = true;
    this.fault = undefined;
    this.progress = undefined;
    this.#listener.changed();
    try {
      const summary = await read();
      const link = await this.#openAnyhow();
      if (number !== this.#loadNumber) {
        await link.host.release(summary.id);
        throw superseded();
      }
      await this.#show(link, summary, query);
      return summary;
    } catch (error) {
      const fault = error instanceof EngineFailure ? error.fault : toFault(error);
      if (number === this.#loadNumber) this.#fail(fault);
      throw error;
    } finally {
      if (number === this.#loadNumber) {
        this.loading = false;
        this.progress = undefined;
        this.#listener.changed();
      }
    }
  }

  /** Reads again what is shown, whatever has been typed since. */
  refresh(): Promise<SnapshotSummary> {
    this.query = { ...(this.answered ?? this.query) };
    return this.load();
  }

  /** Asks once more for what was asked last. */
  retry(): Promise<SnapshotSummary> {
    this.query = { ...(this.asked ?? this.query) };
    return this.load();
  }

  /** Ends the load under way. What is shown stays. */
  cancel(): void {
    void this.#host?.cancel();
  }

  /** Takes the error away. */
  dismiss(): void {
    this.fault = undefined;
    this.#listener.changed();
  }

  /** Shows a row in the detail pane. */
  async select(index: number): Promise<void> {
    const row = this.table.row(index);
    if (!row || !this.#host || !this.summary) return;
    await this.detail.select(this.#host, this.summary.id, row).catch(ignoreStale);
  }

  /** Selects by name, for a view state that is restored. */
  async selectVariable(name: string, scope: string): Promise<void> {
    if (!this.#host || !this.summary) return;
    const found = await this.#host.locate(this.summary.id, { shadowed: true }, name, scope);
    if (!("value" in found) || !found.value) return;
    const index = await this.table.locate(name, scope);
    if (index !== undefined) this.table.moveTo(index);
    await this.detail.select(this.#host, this.summary.id, found.value.row).catch(ignoreStale);
  }

  /** Lets go of the engine. The next load opens it again. */
  close(): void {
    this.#loadNumber += 1;
    void this.#link?.then((link) => {
      links.unregister(link);
      link.close();
    }, ignoreStale);
    this.#link = undefined;
    this.#host = undefined;
    this.loading = false;
    this.#forget();
  }

  /** The rows of one session are never shown while another one is asked for. */
  #takeAway(): void {
    const { summary } = this;
    this.before = this.answered;
    this.#forget();
    if (summary) void this.#host?.release(summary.id);
  }

  #forget(): void {
    this.summary = undefined;
    this.answered = undefined;
    this.table.clear();
    this.detail.close();
  }

  async #open(): Promise<EngineLink> {
    if (!this.connection) throw new EngineFailure(notConnected());
    return this.#openAnyhow();
  }

  /** Opens the engine whether or not there is a tenant. */
  #openAnyhow(): Promise<EngineLink> {
    this.#link ??= this.#start();
    return this.#link;
  }

  async #start(): Promise<EngineLink> {
    const { connection, worker } = this;
    try {
      const { link, place } = await EngineLink.open(worker, connection?.options, connection?.callbacks);
      links.register(this, link, link);
      this.place = place;
      this.#host = link.host;
      this.#listener.ready(place);
      this.#listener.changed();
      return link;
    } catch (error) {
      this.#link = undefined;
      if (!this.loading && error instanceof EngineFailure) this.#fail(error.fault);
      throw error;
    }
  }

  async #show(link: EngineLink, summary: SnapshotSummary, query: VariableQuery | undefined): Promise<void> {
    const previous = this.summary;
    await this.table.show(link.host, summary.id);
    this.summary = summary;
    this.answered = query;
    this.before = undefined;
    if (previous?.sessionId === summary.sessionId) await this.detail.follow(link.host, summary.id);
    else this.detail.close();
    if (previous) await link.host.release(previous.id);
    this.#listener.snapshot(summary);
  }

  #report(number: number, progress: Progress): void {
    if (number !== this.#loadNumber || !this.loading) return;
    this.progress = progress;
    this.progressAt = performance.now();
    this.#listener.progress(progress);
    this.#listener.changed();
  }

  #fail(fault: Fault): void {
    this.fault = fault;
    this.#listener.failed(fault);
    this.#listener.changed();
  }
}

function sameWorker(one: WorkerSource, other: WorkerSource): boolean {
  return one instanceof URL && other instanceof URL ? one.href === other.href : one === other;
}

function notConnected(): Fault {
  return { code: "CONFIG_INVALID", message: "There is no base URL and no source.", retryable: false };
}

function superseded(): DOMException {
  return new DOMException("Another load took its place.", "AbortError");
}

function ignoreStale(): void {
  // A newer snapshot or view has taken over.
}
