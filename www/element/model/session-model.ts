/**
 * One element's work: connects to the engine, loads sessions, and keeps the models of table and details in step.
 */
import type { HistoryOptions, Progress, RevealRequest, VariableQuery, Watchpoint } from "../../entry/index.js";
import { toFault } from "../../worker/fault.js";
import type {
  Callbacks,
  ConnectOptions,
  Fault,
  Moments,
  Other,
  Protection,
  SnapshotSummary,
} from "../../worker/protocol.js";
import { EngineFailure, EngineLink, type EnginePlace, faultOf, unwrap } from "../engine/engine-link.js";
import type { WorkerSource } from "../engine/worker-pool.js";
import { ComparisonModel } from "./comparison-model.js";
import { DetailModel } from "./detail-model.js";
import { OutboxModel } from "./outbox-model.js";
import { RevealModel } from "./reveal-model.js";
import type { SaveForm } from "./saving.js";
import { SelectionModel } from "./selection-model.js";
import { TableModel } from "./table-model.js";
import { type Watched, WatchModel } from "./watch-model.js";

/** What the model tells the element, which makes events of it. */
export interface SessionListener {
  changed(): void;
  ready(place: EnginePlace): void;
  progress(progress: Progress): void;
  snapshot(summary: SnapshotSummary): void;
  /** What is watched was met. */
  watchHit(watched: Watched): void;
  failed(fault: Fault): void;
  /** Whether the host lets something hidden be shown. */
  mayReveal(request: RevealRequest): boolean;
}

/** How to reach the data. */
export interface Connection {
  options: ConnectOptions;
  callbacks: Callbacks;
  worker: WorkerSource;
}

const HISTORY_WORDS = 'The attribute max-history takes a count, a size in kB, MB or MiB, or both, as in "100 16MB".';
const NO_MOMENTS: Moments = { moments: [], evicted: 0 };
const links = new FinalizationRegistry<EngineLink>((link) => link.close());

export class SessionModel {
  query: VariableQuery = { sessionId: "" };
  connection: Connection | undefined;
  /** Where the engine comes from while there is no connection. */
  worker: WorkerSource;
  protection: Protection = { mode: "on", rules: undefined, reveal: undefined };
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
  /** How much is kept of a session's reads; `undefined` where the host's word for it is none. */
  keep: HistoryOptions | undefined = {};
  /** The reads of what is shown that are kept. */
  moments: Moments = NO_MOMENTS;
  readonly table: TableModel;
  readonly detail: DetailModel;
  readonly watches: WatchModel;
  readonly reveals: RevealModel;
  readonly selection: SelectionModel;
  readonly comparison: ComparisonModel;
  readonly outbox: OutboxModel;
  readonly #listener: SessionListener;
  #link: Promise<EngineLink> | undefined;
  #host: EngineLink["host"] | undefined;
  #loadNumber = 0;
  /** What is about to be shown. */
  #coming: { summary: SnapshotSummary } | undefined;
  /** Changes whenever what is shown is taken away. */
  #emptied = 0;

  constructor(listener: SessionListener) {
    this.#listener = listener;
    const changed = (): void => listener.changed();
    this.table = new TableModel(changed);
    this.detail = new DetailModel(changed);
    this.outbox = new OutboxModel(changed);
    this.watches = new WatchModel((watched) => listener.watchHit(watched), changed);
    const failed = (fault: Fault): void => this.#fail(fault);
    this.reveals = new RevealModel(this, { mayReveal: (request) => listener.mayReveal(request), failed });
    this.selection = new SelectionModel(this);
    this.comparison = new ComparisonModel(this, {
      open: () => this.#openAnyhow(),
      compared: (other) => this.#compared(other),
      failed: (error) => this.#failUnlessStale(error),
    });
  }

  /** The engine as it serves this element, once it has started. */
  get host(): EngineLink["host"] | undefined {
    return this.#host;
  }

  /** Takes a connection. The engine starts at once, so that it is warm when the first session is asked for. */
  async connect(connection: Connection): Promise<void> {
    // An engine that only a file was opened with takes the tenant too.
    const first = this.#link === undefined || !sameWorker(this.worker, connection.worker);
    this.connection = connection;
    this.worker = connection.worker;
    this.outbox.forget();
    if (first) this.close();
    const link = await this.#open();
    if (first) return;
    const answer = await link.connect(connection.options, connection.callbacks);
    if ("fault" in answer) this.#fail(answer.fault);
  }

  /** Says what is hidden from now on; what is shown is read again. */
  async protect(protection: Protection): Promise<void> {
    if (JSON.stringify(protection) === JSON.stringify(this.protection)) return;
    this.protection = protection;
    if (!this.#host) return;
    try {
      const answer = await this.#host.protect(protection);
      if ("fault" in answer) this.#fail(answer.fault);
      this.detail.close();
      await this.table.refresh();
    } catch (error) {
      // What cannot be hidden as the host wants it is not shown.
      this.table.clear();
      this.detail.close();
      this.#fail(faultOf(error));
    }
  }

  /** Reads the session of the query. */
  load(): Promise<SnapshotSummary> {
    const number = ++this.#loadNumber;
    const query = { ...this.query };
    const isOther = this.asked !== undefined && this.asked.sessionId !== query.sessionId;
    this.asked = query;
    if (isOther || (this.#coming?.summary ?? this.summary)?.file !== undefined) this.#takeAway();
    return this.#read(number, query, async () => {
      const { keep } = this;
      if (!keep) throw new EngineFailure(badConfig(HISTORY_WORDS));
      const link = await this.#open();
      return link.load(query, keep, (progress) => this.#report(number, progress));
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

  /** What is shown as a document, masked; all of the snapshot, or what the filter finds. */
  async save(form: SaveForm, found = false): Promise<string> {
    if (!this.#host || !this.summary) throw new EngineFailure(toFault(undefined));
    return unwrap(await this.#host.save(this.summary.id, form, found ? this.table.window() : undefined));
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
      if (!query && number === this.#loadNumber) {
        await this.comparison.leave(link.host).catch(async (error) => {
          await link.host.release(summary.id);
          throw error;
        });
      }
      if (number !== this.#loadNumber) {
        await link.host.release(summary.id);
        throw superseded();
      }
      await this.#show(link, summary, query);
      void this.comparison.again(() => number === this.#loadNumber);
      return summary;
    } catch (error) {
      const fault = faultOf(error);
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

  /** Shows one of the reads that are kept. */
  async openMoment(moment: number): Promise<void> {
    if (this.loading || moment === this.summary?.moment) return;
    const number = ++this.#loadNumber;
    try {
      const link = await this.#openAnyhow();
      const summary = unwrap(await link.host.openMoment(moment));
      if (number !== this.#loadNumber) await link.host.release(summary.id);
      else await this.#swap(link, summary);
    } catch (error) {
      this.#failUnlessStale(error);
    }
    this.#listener.changed();
  }

  /** Shows the next older or newer of them. */
  async stepMoment(step: -1 | 1): Promise<void> {
    const { moments } = this.moments;
    const at = moments.findIndex(({ id }) => id === this.summary?.moment);
    const next = at < 0 ? undefined : moments[at + step];
    if (next) await this.openMoment(next.id);
  }

  /** Watches the part of a variable that the details show. */
  async watch(when: Watchpoint["when"]): Promise<void> {
    const [host, summary, { row, part }] = [this.#host, this.summary, this.detail];
    if (!host || !summary || !row) return;
    const scope = row.hidden || !this.detail.explanation?.winner ? { scope: row.scope } : {};
    await this.watches.add(host, { name: row.name, ...scope, path: part.keys, when }, summary.id);
  }

  /** Watches these and nothing else. */
  async watchAll(watchpoints: readonly Watchpoint[]): Promise<void> {
    await this.watches.set(this.#host, watchpoints);
    if (this.#host && this.summary) await this.watches.start(this.#host, this.summary.id);
  }

  async unwatch(id: number): Promise<void> {
    if (this.#host) await this.watches.remove(this.#host, id);
  }

  /** Meanwhile it may have been read again, so whatever is shown by now is told by it. */
  async #compared(other: Other | undefined): Promise<void> {
    const told = ({ other: _, ...own }: SnapshotSummary): SnapshotSummary => (other ? { ...own, other } : own);
    if (this.#coming) this.#coming.summary = told(this.#coming.summary);
    if (!this.summary) return;
    this.summary = told(this.summary);
    await this.table.refresh();
    if (this.summary && this.#host) await this.detail.follow(this.#host, this.summary.id);
  }

  /** Says of the last read what turn of the conversation it shows. */
  async labelTurn(turn: string | undefined): Promise<boolean> {
    if (!this.#host || !unwrap(await this.#host.label(turn))) return false;
    this.moments = unwrap(await this.#host.moments());
    this.#listener.changed();
    return true;
  }

  /** Forgets the token. An engine that is still starting is waited for: it may have asked already. */
  async dropToken(): Promise<void> {
    const link = await this.#link;
    if (link) unwrap(await link.host.dropToken());
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
    this.watches.stop();
    this.outbox.forget();
    this.loading = false;
    this.#forget();
  }

  /** The rows of one session are never shown while another one is asked for. */
  #takeAway(): void {
    const { summary } = this;
    this.before = this.answered ?? this.before;
    this.comparison.end();
    this.#forget();
    if (summary) void this.#host?.release(summary.id);
  }

  #forget(): void {
    this.#emptied += 1;
    this.#coming = undefined;
    this.summary = undefined;
    this.answered = undefined;
    this.reveals.forget();
    this.moments = NO_MOMENTS;
    this.table.clear();
    this.detail.close();
  }

  /** The same promise for all, so that what was asked for first is sent first. */
  #open(): Promise<EngineLink> {
    if (this.connection) return this.#openAnyhow();
    return Promise.reject(new EngineFailure(badConfig("There is no base URL and no source.")));
  }

  /** Opens the engine whether or not there is a tenant. */
  #openAnyhow(): Promise<EngineLink> {
    this.#link ??= this.#start();
    return this.#link;
  }

  async #start(): Promise<EngineLink> {
    const { connection, worker } = this;
    let protection = this.protection;
    try {
      const { link, place } = await EngineLink.open(worker, protection, connection?.options, connection?.callbacks);
      links.register(this, link, link);
      // What is hidden may have been said anew while the engine started.
      while (protection !== this.protection) {
        protection = this.protection;
        unwrap(await link.host.protect(protection));
      }
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
    this.comparison.moment = undefined;
    // Before the snapshot is shown, so that the line at the bottom grows once.
    if (query) this.outbox.take(link.host, summary);
    await this.#swap(link, summary);
    if (!summary.other) this.table.flash();
    this.answered = query;
    this.before = undefined;
    this.moments = summary.moment === undefined ? NO_MOMENTS : unwrap(await link.host.moments());
    this.#listener.snapshot(summary);
    this.watches.take(summary.watchHits ?? []);
    await this.watches.start(link.host, summary.id);
  }

  /** Shows a snapshot in the place of another. */
  async #swap(link: EngineLink, summary: SnapshotSummary): Promise<void> {
    const emptied = this.#emptied;
    if (this.detail.revealedFor !== undefined) this.reveals.hide();
    const coming = { summary };
    this.#coming = coming;
    await this.table.show(link.host, summary.id).finally(() => {
      if (this.#coming === coming) this.#coming = undefined;
    });
    if (emptied !== this.#emptied) {
      // Another session has been asked for.
      void link.host.release(summary.id);
      throw superseded();
    }
    const previous = this.summary;
    this.summary = coming.summary;
    if (previous?.sessionId === summary.sessionId) await this.detail.follow(link.host, summary.id);
    else this.detail.close();
    if (previous) await link.host.release(previous.id);
  }

  #report(number: number, progress: Progress): void {
    if (number !== this.#loadNumber || !this.loading) return;
    this.progress = progress;
    this.progressAt = performance.now();
    this.#listener.progress(progress);
    this.#listener.changed();
  }

  /** What has been replaced meanwhile need not be there any more. */
  #failUnlessStale(error: unknown): void {
    const fault = faultOf(error);
    if (fault.code !== "STALE") this.#fail(fault);
  }

  #fail(fault: Fault): void {
    // Where a list says what may be told, names of an unknown answer are not on it.
    if (this.protection.rules?.allow) delete fault.members;
    this.fault = fault;
    this.#listener.failed(fault);
    this.#listener.changed();
  }
}

function sameWorker(one: WorkerSource, other: WorkerSource): boolean {
  return one instanceof URL && other instanceof URL ? one.href === other.href : one === other;
}

function badConfig(message: string): Fault {
  return { code: "CONFIG_INVALID", message, retryable: false };
}

function superseded(): DOMException {
  return new DOMException("Another load took its place.", "AbortError");
}

function ignoreStale(): void {
  // A newer snapshot or view has taken over.
}
