/**
 * What changes are told by: the read before, another one that is kept, another session, or a saved file.
 */
import type { VariableQuery } from "../../entry/index.js";
import type { HostApi, Other, SnapshotSummary } from "../../worker/protocol.js";
import type { EngineLink } from "../engine/engine-link.js";

/** The session whose changes are told. */
interface Session {
  readonly host: HostApi | undefined;
  readonly summary: SnapshotSummary | undefined;
  readonly query: VariableQuery;
  readonly answered: VariableQuery | undefined;
}

interface Listener {
  open(): Promise<EngineLink>;
  /** Something else is compared with, by now. */
  compared(other: Other | undefined): Promise<void>;
  failed(error: unknown): void;
}

export class ComparisonModel {
  /** The read that changes are told by, where the reader has chosen one. */
  moment: number | undefined;
  /** What the session is compared with, where that is another one or a file. */
  #other: string | Blob | undefined;
  /** Counts what was chosen: the answer to an older choice changes nothing. */
  #turn = 0;
  readonly #session: Session;
  readonly #listener: Listener;

  constructor(session: Session, listener: Listener) {
    this.#session = session;
    this.#listener = listener;
  }

  /** Chooses one of the reads that are kept; without one it is the one before. */
  async withMoment(moment: number | undefined): Promise<void> {
    const { host, summary } = this.#session;
    if (!host || !summary) return;
    const turn = ++this.#turn;
    this.#other = undefined;
    try {
      await host.compareWith(moment);
      if (turn === this.#turn) await this.#take(undefined, moment);
    } catch (error) {
      this.#listener.failed(error);
    }
  }

  /** Chooses another session, read with the same scope, or a saved file; until another session is shown. */
  async withOther(other: string | Blob): Promise<void> {
    const turn = ++this.#turn;
    const link = await this.#listener.open();
    const query = (): VariableQuery => ({ ...(this.#session.answered ?? this.#session.query), sessionId: "" });
    const asked = query();
    const found = await link.compareWithOther(
      other instanceof Blob ? await other.arrayBuffer() : { ...asked, sessionId: other },
    );
    if (turn !== this.#turn) throw superseded();
    // Meanwhile it may have been read again, with another scope.
    if (typeof other === "string" && !isSame(asked, query())) return this.withOther(other);
    this.#other = other;
    await this.#take(found, undefined);
  }

  /** Asks again for what was compared with, after a read by which the engine has let go of it. A newer read does so itself. */
  async again(isLatest: () => boolean): Promise<void> {
    const { summary } = this.#session;
    if (this.#other === undefined || !summary || summary.other) return;
    const asks = this.withOther(this.#other);
    const turn = this.#turn;
    try {
      await asks;
    } catch (error) {
      if (!isLatest() || turn !== this.#turn) return;
      await this.withMoment(undefined);
      this.#listener.failed(error);
    }
  }

  /** A file is about to be shown, which is compared with nothing. */
  async leave(host: HostApi): Promise<void> {
    const isChosen = this.moment !== undefined || this.#other !== undefined;
    this.end();
    await host.compareWith(undefined);
    if (isChosen) await this.#listener.compared(undefined);
  }

  /** Another session, or a file, is shown. */
  end(): void {
    this.#turn += 1;
    this.moment = undefined;
    this.#other = undefined;
  }

  async #take(other: Other | undefined, moment: number | undefined): Promise<void> {
    if (this.#session.summary) this.moment = moment;
    await this.#listener.compared(other);
  }
}

function superseded(): DOMException {
  return new DOMException("Something else was chosen.", "AbortError");
}

function isSame(one: VariableQuery, other: VariableQuery): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
