/**
 * Which variable the details show, or which part of its value, as the reader chooses it in the table.
 */
import type { HostApi, SnapshotSummary } from "../../worker/protocol.js";
import { unwrap } from "../engine/engine-link.js";
import type { DetailModel } from "./detail-model.js";
import type { RevealModel } from "./reveal-model.js";
import { partOfRow } from "./row-key.js";
import type { TableModel } from "./table-model.js";

/** The session whose rows are chosen from. */
interface Session {
  readonly host: HostApi | undefined;
  readonly summary: SnapshotSummary | undefined;
  readonly table: TableModel;
  readonly detail: DetailModel;
  readonly reveals: RevealModel;
}

export class SelectionModel {
  readonly #session: Session;
  #turn = 0;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Shows a row in the details. */
  async row(index: number): Promise<void> {
    const { host, summary, table, detail, reveals } = this.#session;
    const row = table.row(index);
    const part = partOfRow(row);
    const turn = ++this.#turn;
    if (!row || !host || !summary) return;
    if (row.kind === "gone" || row.kind === "removed") detail.missing();
    if (!part) return;
    try {
      const variable = row.kind === "variable" ? row.row : unwrap(await host.variable(part.entry));
      if (!variable || turn !== this.#turn) return;
      if (detail.revealedFor !== undefined && variable.entry !== detail.row?.entry) reveals.hide();
      if (!detail.shows(summary.id, variable)) await detail.select(host, summary.id, variable);
      if (turn !== this.#turn) return;
      if (row.kind === "member") {
        const { path: keys, steps: path, node } = row;
        const hiddenBy = node.masked && { hiddenBy: node.masked.rule };
        await detail.choose({ path, keys, isText: node.type === "string", ...hiddenBy });
      } else if (detail.part.path.length > 0) await detail.choose({ path: [], keys: [] });
    } catch {
      // A newer snapshot or view has taken over.
    }
  }

  /** Shows a variable by name, for a view state that is restored. */
  async variable(name: string, scope: string): Promise<void> {
    const { host, summary, table, detail } = this.#session;
    if (!host || !summary) return;
    const found = await host.locate(summary.id, { shadowed: true }, name, scope);
    if (!("value" in found) || !found.value) return;
    await table.reveal({ name, scope });
    // A newer snapshot or view may have taken over.
    await detail.select(host, summary.id, found.value.row).catch(() => undefined);
  }
}
