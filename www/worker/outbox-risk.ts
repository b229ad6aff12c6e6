/**
 * What of a webhook's outbox would be lost with the page, though the host wants it to outlive the page.
 */
import type { SessionDebugger } from "../entry/index.js";
import type { AtRisk, ConnectOptions } from "./protocol.js";

export class OutboxRisk {
  #wanted = false;
  /** The debugger whose outbox is stored, which stays so. */
  #stored: SessionDebugger | undefined;

  connect({ webhook }: ConnectOptions): void {
    this.#wanted = webhook !== undefined && webhook.storage !== "memory";
    this.#stored = undefined;
  }

  /** `undefined` where nothing is at risk, or where that cannot be told. */
  async of(sessions: SessionDebugger | undefined): Promise<AtRisk | undefined> {
    if (!this.#wanted || !sessions || sessions === this.#stored) return undefined;
    try {
      const status = await sessions.outbox();
      if (status && !status.durable) return { waiting: status.waiting, dead: status.dead };
      if (status) this.#stored = sessions;
    } catch {
      // The audit trail tells why nothing is stored; what a read brought is shown all the same.
    }
    return undefined;
  }
}
