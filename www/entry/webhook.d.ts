import type { Progress, SessionDebugger } from "./debugger.js";
import type { ErrorCode } from "./error.js";
import type { Snapshot } from "./snapshot.js";

/** One attempt at a delivery, to be signed as Standard Webhooks says: over `id.timestamp.body`. */
export interface WebhookDelivery {
  /** The same with every attempt: `webhook-id`. */
  id: string;
  /** Seconds since 1970, of this attempt: `webhook-timestamp`. */
  timestamp: string;
  /** The JSON that is posted, byte for byte. */
  body: string;
}

/**
 * Where snapshots are posted: each complete one at least once, in order, by one tab of the origin at a time. One whose
 * {@link Snapshot.complete} is `false` is not posted; {@link Progress.missing} says why.
 *
 * A read ends when its snapshot is stored, or refused with `OUTBOX_FULL` (10,000 entries or 20 MB), `BODY_TOO_LARGE` or
 * `STORAGE_UNAVAILABLE` in the audit; it waits for no receiver. A delivery that is not answered with 2xx is repeated
 * after about 5 s, 5 min, 30 min and 2, 5, 10, 14, 20 and 24 h, later where a 429, 502, 503 or 504 asks for it, and then
 * becomes a dead letter. A 410 stops all deliveries until {@link SessionDebugger.replay}, which tries it at once. A tab is no server: deliveries
 * go on while some page of this origin has a debugger with this webhook (what a closed page has left, within a minute), and on the next
 * visit.
 *
 * @example
 * import { SessionDebugger, type WebhookDelivery } from "cognigy-session-debugger";
 * const sign = async (delivery: WebhookDelivery) => {
 *   const answer = await fetch("/debug/sign", { method: "POST", body: JSON.stringify(delivery) });
 *   return answer.text();
 * };
 * const webhook = { url: "https://receiver.example/hook", sign };
 * const sessions = new SessionDebugger({ baseUrl: "https://tenant.example", webhook });
 */
export interface WebhookOptions {
  /**
   * https, or http on loopback. Entries of another URL are another outbox. A page reaches a receiver of another origin only where that
   * allows it by CORS, for `POST` with the headers `content-type`, `webhook-id`, `webhook-timestamp` and `webhook-signature`, and where
   * the page's `connect-src` lists it. For one in the local network or on the user's own machine a browser may ask the user first.
   */
  url: string;
  /** For the signature, and then for the delivery, of each attempt, in ms. Default: 15,000. */
  timeoutMs?: number;
  /**
   * Gives the header `webhook-signature`, for example by asking the backend; called for each attempt. When it throws,
   * or does not answer within `timeoutMs`, the attempt has failed with `SIGNING_FAILED`. Default: deliveries are not signed.
   */
  sign?: (delivery: WebhookDelivery) => string | Promise<string>;
  /**
   * Instead of `sign`: keys of WebCrypto, HMAC with SHA-256 and a secret of 24 to 64 bytes (`v1`) or Ed25519 (`v1a`, the private
   * key); two while one replaces the other. Any other key, and one that is extractable, is refused with `CONFIG_INVALID`.
   */
  keys?: CryptoKey[];
  /**
   * `persistent` keeps entries in IndexedDB, and in memory where that is missing or blocked, as in Node;
   * {@link OutboxStatus.durable} says which. What is kept in memory is lost with the page, and with its debugger: after
   * {@link SessionDebugger.free} what is due is still sent, but nothing is tried again. Default: `persistent`.
   */
  storage?: "persistent" | "memory";
  /**
   * `snapshot` posts all of it. `thin` posts that there is one, without any value:
   * `{"type":"variable_snapshot","timestamp":"2026-01-01T00:00:00.000Z","data":{"session_id":"…","count":12,"changedCount":1,"changedNames":["cart"],"hash":"…"}}`.
   * `changedNames` are the names that changed, came or went since this debugger last posted a snapshot of the session, for a query
   * like this one; both members are `null` where it has posted none, or no longer knows it. Names are masked like everything else, and what is
   * hidden is named when it changes. `changedCount` counts all of them; of the names themselves there are 16 KiB at most. The `hash` is a
   * SHA-256 of what `snapshot` would have posted as `data`, and changes when that does. Default: `snapshot`.
   */
  payload?: "snapshot" | "thin";
  /**
   * Whether checkpoints of the audit trail are posted as well, when {@link DebuggerOptions.onCheckpoint} would be told, but for the last
   * one of a debugger: `{"type":"audit_checkpoint","timestamp":"2026-01-01T00:00:00.000Z","data":{"seq":100,"hash":"…","trail":"…"}}`, the
   * last member only of a stored trail. Their own deliveries are in the trail, too, and make no checkpoint by themselves. Default: `false`.
   */
  checkpoints?: boolean;
  /**
   * Whether a delivery waits for those before it. `false`: one that fails is passed by until it is due again, so that a single snapshot
   * that the receiver refuses holds up no other. Default: `true`.
   */
  ordered?: boolean;
  /**
   * What is posted of one snapshot, in bytes, 1 to 20,000,000. One that is larger is refused with `BODY_TOO_LARGE` in the audit, and
   * counted in {@link OutboxStatus.refused}; receivers of Standard Webhooks are advised to expect 20 kB or less. Default: 262,144.
   */
  maxBytes?: number;
}

/** One attempt at a delivery, as it is stored. */
export interface DeliveryRecord {
  /** When its answer came: RFC 3339 in UTC with milliseconds. */
  at: string;
  /** {@link WebhookDelivery.id}. */
  id: string;
  /** From 1. */
  attempt: number;
  /** Absent where no answer came. */
  status?: number;
  outcome: "OK" | ErrorCode;
}

/** How the outbox of a webhook stands. */
export interface OutboxStatus {
  /** Entries that are still to be delivered. */
  waiting: number;
  /** Entries that were given up; {@link SessionDebugger.replay} brings them back. */
  dead: number;
  /** Whether entries outlive the page. */
  durable: boolean;
  /**
   * Snapshots that could not be stored since the debugger was made, and so are not delivered (the audit trail says why): where this stays
   * the same over a call, what it read is stored, if it was complete and was to be posted. One that the browser's storage did not answer
   * for in time is counted here, though it may be delivered all the same.
   */
  refused: number;
  /** Whether the receiver has said that it is gone (410). */
  disabled: boolean;
}
