import type { AuditRecord } from "./index.js";

/** How far an audit trail went at one moment. It proves something only where it is kept out of reach of the page. */
export interface AuditCheckpoint {
  /** The number of the newest record. */
  seq: number;
  /** Its `hash`. */
  hash: string;
}

/**
 * Looks for the first record that was changed, left out, moved or put in. Each record holds the hash of the one before it;
 * a trail may begin late only when it is full, with 10,000 records. Records after the newest checkpoint can be cut off, or
 * all be written anew, without a trace: hand checkpoints to your own server now and then. Computed by WebCrypto; may be used
 * before {@link init}.
 *
 * @returns the number of the first bad record; `undefined` where all is well.
 * @throws TypeError where `records` or `checkpoints` is no array, and outside of a secure context, which has no WebCrypto.
 * @example
 * import { verifyAudit, type SessionDebugger } from "cognigy-session-debugger";
 * async function isWhole(sessions: SessionDebugger, kept: { seq: number; hash: string }[]) {
 *   return (await verifyAudit(sessions.auditTrail(), kept)) === undefined;
 * }
 */
export function verifyAudit(
  records: readonly AuditRecord[],
  checkpoints?: readonly AuditCheckpoint[],
): Promise<number | undefined>;
