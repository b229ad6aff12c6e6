import type { ErrorCode } from "./error.js";

/** How far an audit trail went at one moment. It proves something only where it is kept out of reach of the page. */
export interface AuditCheckpoint {
  /** The number of the newest record. */
  seq: number;
  /** Its `hash`. */
  hash: string;
  /** The stored trail that it is of ({@link StoredAuditRecord.trail}); absent for a debugger's own. */
  trail?: string;
}

/** Where the audit trail is kept. */
export interface AuditOptions {
  /**
   * `"persistent"`: in IndexedDB as well, the latest 10,000 records of all tabs of this origin in one chain, which outlives them
   * ({@link SessionDebugger.storedAuditTrail}). Written behind each attempt, none of which waits for it. Nothing is there in Node, and
   * where the browser refuses it. `"memory"` (the default): this debugger's own trail alone, which ends with the tab.
   */
  storage?: "persistent" | "memory";
  /**
   * How stored records name a session. `"hmac"` (the default): by `sessionRef`, an HMAC-SHA256 under a key that this origin made for itself
   * and keeps in IndexedDB, so that who has the records alone cannot tell which session it was. `"plain"`: by `sessionId`.
   */
  sessions?: "hmac" | "plain";
}

/**
 * Looks for the first record that was changed, left out, moved or put in. Each record holds the hash of the one before it;
 * a trail may begin late only when it is full, with 10,000 records. Records after the newest checkpoint can be cut off, or
 * all be written anew, without a trace: hand checkpoints to your own server now and then. A checkpoint of another trail is taken for
 * one that does not agree, as it is where somebody has cleared a stored trail and another one was begun. Computed by WebCrypto; may be
 * used before {@link init}.
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
  records: readonly (AuditRecord | StoredAuditRecord)[],
  checkpoints?: readonly AuditCheckpoint[],
): Promise<number | undefined>;

/**
 * What kind of failure an attempt was: the tenant asked for fewer requests; network, timeouts and 5xx; the token was
 * refused; or it does not pass by itself, or is never tried again, as what your own `source` throws and what `ingest` cannot read.
 *
 * An attempt that was cut short (`ABORTED`) and a reveal that was refused have no class: each went as somebody wished, and among the
 * `failures` of the metrics they would hide those that tell of the tenant or the network. Their `outcome` tells them.
 */
export type FailureClass = "throttle" | "transient" | "auth" | "never";

/**
 * One attempt at one thing. Holds no token and no value. Durations are in ms, to the microsecond; one that came out negative, since a
 * clock went back, is 0.
 */
export interface AuditRecord {
  /** Counts up from 1. */
  seq: number;
  /** RFC 3339 in UTC with milliseconds. */
  at: string;
  action: "read" | "token" | "webhook" | "source" | "ingest" | "reveal";
  /** The route template, never a URL. */
  route: string;
  /** Who reads, as the option `actor` says. */
  actor?: string;
  sessionId?: string;
  /** `OK` or an error code. */
  outcome: "OK" | ErrorCode;
  /** Of a failed attempt: the error's sentence. */
  message?: string;
  status?: number;
  attempt: number;
  page?: number;
  /** Waiting for a free slot, the rate limit or a retry, in ms. */
  waitMs: number;
  /** Waiting for a token after that, in ms; absent where none was needed. */
  tokenMs?: number;
  /** From sending to the end, in ms. */
  networkMs: number;
  /** Of those, up to the head of the answer; absent where none came. */
  firstByteMs?: number;
  /** Of those, reading what had arrived; absent where nothing was read. */
  parseMs?: number;
  /** What the server calls the request (`X-Request-Id`), where the browser lets it through. */
  requestId?: string;
  /** Received; of a webhook, sent. */
  bytes: number;
  /** Variables that the attempt brought. */
  count?: number;
  /** Of a failed attempt; absent of one that was cut short (`ABORTED`), and of a refused reveal. */
  class?: FailureClass;
  /** How long the call waits before it is repeated, in ms; absent where it is not. */
  delayMs?: number;
  /** Who says so: a header, the body's `retryAfter`, our own backoff, or the browser that is offline. */
  delaySource?: "retry-after" | "ratelimit" | "body" | "backoff" | "online";
  /** Of a reveal: the rule that hides it. */
  rule?: string;
  /** Of a reveal: the way there, as the mask shows it; absent where there are no words for it. */
  path?: string;
  /** Of a reveal: why, where somebody said. What looks like a secret in it is hidden. */
  reason?: string;
  /** The `hash` of the record before; 64 zeros in the first. */
  prev: string;
  /** SHA-256 of this record's canonical JSON (RFC 8785) without this member, in hexadecimal. {@link verifyAudit} checks it. */
  hash: string;
}

/** One attempt, as the browser keeps it. Its `seq`, `prev` and `hash` are those of the stored trail. */
export interface StoredAuditRecord extends AuditRecord {
  /** Only where {@link AuditOptions.sessions} is `"plain"`. */
  sessionId?: string;
  /** Of one session always the same: 32 hexadecimal digits. */
  sessionRef?: string;
  /** When the attempt ended, on the clock of its page, which nobody can turn: ms since that page was opened. */
  monoMs: number;
  /** Which debugger it is from, by chance: 16 hexadecimal digits. */
  tab: string;
  /** The name of the trail, by chance: 32 hexadecimal digits. A trail that is begun anew has another. */
  trail: string;
}
