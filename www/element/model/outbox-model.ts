/**
 * What a webhook has not delivered and would be lost with the page. Nothing is told of an outbox that is stored.
 */
import type { AtRisk, HostApi, SnapshotSummary } from "../../worker/protocol.js";

/** What waits is counted again so often, in ms: the soonest that a delivery is repeated. */
const AGAIN_MS = 5_000;

export class OutboxModel {
  atRisk: AtRisk | undefined;
  /** The snapshot that it was told with first, and is spoken with. */
  toldWith: number | undefined;
  readonly #changed: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Takes what a read has told. */
  take(host: HostApi, { id, atRisk }: SnapshotSummary): void {
    if (atRisk && !this.atRisk) this.toldWith = id;
    this.#set(host, atRisk);
  }

  /** The connection is another one, or none. */
  forget(): void {
    clearTimeout(this.#timer);
    this.atRisk = undefined;
    this.toldWith = undefined;
  }

  #set(host: HostApi, atRisk: AtRisk | undefined): void {
    clearTimeout(this.#timer);
    this.atRisk = atRisk;
    if (atRisk && atRisk.waiting > 0) this.#timer = setTimeout(() => void this.#ask(host), AGAIN_MS);
  }

  async #ask(host: HostApi): Promise<void> {
    const timer = this.#timer;
    const answer = await host.outboxAtRisk();
    // Another read or connection may have told more since.
    if (timer !== this.#timer || !("value" in answer)) return;
    this.#set(host, answer.value);
    this.#changed();
  }
}
