/**
 * What a reader is shown of what is hidden, for a while.
 */
import type { RevealRequest } from "../../entry/index.js";
import type { Fault, HostApi, Protection, SnapshotSummary } from "../../worker/protocol.js";
import { faultOf, unwrap } from "../engine/engine-link.js";
import type { DetailModel } from "./detail-model.js";
import type { Connection } from "./session-model.js";

/** The session whose details are shown. */
interface Session {
  readonly host: HostApi | undefined;
  readonly summary: SnapshotSummary | undefined;
  readonly protection: Protection;
  readonly connection: Connection | undefined;
  readonly detail: DetailModel;
}

interface Listener {
  /** Whether the host lets something hidden be shown. */
  mayReveal(request: RevealRequest): boolean;
  failed(fault: Fault): void;
}

export class RevealModel {
  readonly #session: Session;
  readonly #listener: Listener;
  #end: ReturnType<typeof setTimeout> | undefined;

  constructor(session: Session, listener: Listener) {
    this.#session = session;
    this.#listener = listener;
  }

  /** Whether hidden values may be shown, and whether that needs a reason. */
  get allowed(): "no" | "yes" | "with-reason" {
    const { protection, connection } = this.#session;
    const { mode, reveal = connection?.options.reveal ?? true } = protection;
    if (mode === "strict" || reveal === false) return "no";
    return typeof reveal === "object" && reveal.reason === "required" ? "with-reason" : "yes";
  }

  /** Shows what is hidden of the chosen part, or says why not. */
  async show(reason?: string): Promise<void> {
    try {
      await this.#show(reason);
    } catch (error) {
      const fault = faultOf(error);
      // A newer snapshot or view may have taken over.
      if (fault.code !== "STALE") this.#listener.failed(fault);
    }
  }

  async #show(reason: string | undefined): Promise<void> {
    const { host, summary, detail } = this.#session;
    const { row, part, hiddenBy } = detail;
    if (!host || !summary || !row || hiddenBy === undefined || this.allowed === "no") return;
    const { name, scope } = row;
    const request = { name, scope, path: part.keys, rule: hiddenBy, ...(reason && { reason }) };
    const prevented = !this.#listener.mayReveal(request);
    const forMs = unwrap(
      await host.unmask(summary.id, row.entry, part.path, { reason: reason || undefined, prevented }),
    );
    if (row !== detail.row) return this.hide();
    this.forget();
    this.#end = setTimeout(() => this.hide(), forMs);
    await detail.showRevealed(forMs);
  }

  /** Hides it again. */
  hide(): void {
    this.forget();
    void this.#session.host?.hide();
    // A newer snapshot or view may have taken over.
    void this.#session.detail.hideRevealed().catch(() => undefined);
  }

  /** There is nothing left to be hidden. */
  forget(): void {
    clearTimeout(this.#end);
  }
}
