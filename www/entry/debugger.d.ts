import type { AuditCheckpoint, AuditOptions, AuditRecord, StoredAuditRecord, verifyAudit } from "./audit.js";
import type { DebuggerError } from "./error.js";
import type { Mask, MaskChoice, RevealOptions } from "./mask.js";
import type { Metrics } from "./metrics.js";
import type { QueryParameters, VariableQuery } from "./query.js";
import type { CoercionPolicy } from "./reading.js";
import type { Row } from "./rows.js";
import type { Snapshot } from "./snapshot.js";
import type { Limits, Precedence, SnapshotOptions } from "./snapshot-options.js";
import type { TokenProvider, TokenRequest } from "./token.js";
import type { DeliveryRecord, OutboxStatus, WebhookOptions } from "./webhook.js";

/**
 * Gives the body of a query: JSON bytes, JSON text, or a value that JSON can hold. Replaces the REST request. It may give more names than the
 * query asks for; those are dropped.
 */
export type Source = (query: VariableQuery & { signal: AbortSignal }) => unknown;

/**
 * How failed attempts are repeated. Each debugger has one purse for all of its retries, see {@link Metrics.retryBudget}. Where a tenant asks
 * for a pause, no call comes back sooner; more than an hour is taken for an hour. A call that the pause does not fit into ends at once.
 */
export interface RetryOptions {
  /** Attempts in all. Default: 4. */
  attempts?: number;
  /** First delay after a network fault or 5xx, in ms; doubles each time, with full jitter. Default: 50. */
  baseDelayMs?: number;
  /** First delay after a 429 without a hint, in ms. Default: 1,000. */
  throttleDelayMs?: number;
  /** No delay of ours is longer, in ms. Default: 20,000. */
  maxDelayMs?: number;
  /**
   * After a network fault or 5xx the last attempt waits until so long after the first failure, in ms, and up to half as long
   * again, so that a tenant or token endpoint that starts anew is outlasted. It waits for half of the time at most that the call has left,
   * and no longer than `maxDelayMs`. Default: 3,000; 0: it comes as quickly as those before it.
   */
  outlastMs?: number;
}

/**
 * How debuggers of one origin go together.
 *
 * @example
 * ```ts
 * import { SessionDebugger } from "cognigy-session-debugger";
 *
 * // Five tabs, one token: every script of this origin is trusted with it.
 * const sessions = new SessionDebugger({
 *   baseUrl: "https://tenant.example",
 *   token: "/debug/token",
 *   tabs: { shareToken: true },
 * });
 * ```
 */
export interface TabSharing {
  /**
   * Debuggers with the same name share. Default: the whole `baseUrl`, so that two addresses of one tenant are two limits unless they are
   * given one name; with `shareToken` the URL of the token endpoint as well.
   */
  name?: string;
  /**
   * Hand a token on to the other tabs, so that all of them ask for one. It travels over a channel that every script of the origin can
   * listen to. Default: `false`, each tab asks for its own, one after the other.
   */
  shareToken?: boolean;
}

/** How a session debugger works. */
export interface DebuggerOptions {
  /** The tenant: https (http on loopback), without user info, query or fragment. Needed unless `source` is given. */
  baseUrl?: string;
  /**
   * The URL of the team's token endpoint, or a function that gives a token. Default: no token is sent. The endpoint is
   * asked with `POST` and the form field `reason` (as {@link TokenRequest}), with the cookies of the page's own origin.
   */
  token?: string | TokenProvider;
  /**
   * Replaces the REST request, and with it `token`, `path`, `parameters` and `tabs`. `maxConcurrent`, `rateLimit`, `timeoutMs` and
   * `deadlineMs` hold for its calls, too, none of which is repeated.
   */
  source?: Source;
  /** The route, with `{sessionId}` and, where needed, `{userId}` in it. Default: `/api/v2/botsessions/{sessionId}/variables`. */
  path?: string;
  /** What the parts of a query are called in the URL. Default: the tutorial's names. */
  parameters?: QueryParameters;
  /**
   * Requests in flight. Default: 5. Debuggers that share their limit, see `tabs`, have no more than a tenth of `rateLimit.requests`, or
   * of what a refusal has left of it, under way together, or six where that is less.
   */
  maxConcurrent?: number;
  /**
   * How many requests the tenant allows. Default: 100 per 60,000 ms. A 429 lowers it to what the window has let through, at least to 70 %
   * of what held before and at most to 49 %, from where it grows back by 5 % a window; the fields `RateLimit` and `RateLimit-Policy` of
   * an answer only ever lower it, and of several policies all hold. `"learn"` is for a limit that nobody knows: it begins without one and
   * learns it from the first refusals, together with the other tabs of the origin.
   */
  rateLimit?: { requests?: number; windowMs?: number } | "learn";
  /**
   * The tenant counts the `OPTIONS` that a browser sends ahead of a request with a token to another origin, so that every session costs
   * two; one without a token needs none. Default: `false`. A relay on the page's own origin avoids them.
   */
  countPreflight?: boolean;
  retry?: RetryOptions;
  /** One attempt, headers to last byte, in ms. Default: 15,000. */
  timeoutMs?: number;
  /** Between two pieces of a body, in ms. Default: 10,000. */
  stallMs?: number;
  /**
   * One call with all waits and retries, in ms. Default: 60,000. A browser's storage that does not answer is waited for until then, but
   * 5 s at least and 10 s for one transaction, before the snapshot comes without a delivery.
   */
  deadlineMs?: number;
  policy?: CoercionPolicy;
  precedence?: Precedence;
  /** As {@link SnapshotOptions.types}. */
  types?: Readonly<Record<string, string>>;
  limits?: Limits;
  /** Refuse session ids that do not begin with this text. Default: none. */
  requireSessionPrefix?: string;
  /** Who reads, for the audit trail: 1 to 128 characters without controls. Default: nobody is named. */
  actor?: string;
  /** Where the audit trail is kept. Default: in memory, this debugger's own alone. */
  audit?: AuditOptions;
  webhook?: WebhookOptions;
  /**
   * What is shared with debuggers in other tabs of the origin, and in this page. `true` (the default): `rateLimit`, what the tenant says
   * of it in `RateLimit-Policy` (what `RateLimit` says is left, each tab keeps to for itself), and turns at asking for a token. `false`:
   * nothing. Goes by Web Locks and `BroadcastChannel`; where one is missing, or nobody has answered for 10,000 ms, a tab goes on alone.
   * Only numbers travel, and where `shareToken` says so the token. Not used with `source`.
   */
  tabs?: boolean | TabSharing;
  /** Whether and how long hidden values may be shown ({@link SessionDebugger.reveal}). Default: `true`, for 30,000 ms. */
  reveal?: boolean | RevealOptions;
  /** What the webhook's payload goes through. `false`: nothing. Default: `true`, the standard rules. */
  mask?: MaskChoice;
  /**
   * Is told how far the audit trail goes (the stored one where `audit` stores it, with its name as `trail`; while the browser refuses
   * to store it, the debugger's own, without), so that you can keep that where the page cannot change it: every 100 records, 60,000 ms
   * after the first record that it was not told of, and once more when the debugger is freed. What it throws comes up as an
   * unhandled rejection and changes nothing else. Default: nobody is told; {@link SessionDebugger.auditCheckpoint} can be asked.
   *
   * @example
   * import { SessionDebugger } from "cognigy-session-debugger";
   * const sessions = new SessionDebugger({
   *   baseUrl: "https://tenant.example",
   *   onCheckpoint: (checkpoint) => { navigator.sendBeacon("/debug/checkpoints", JSON.stringify(checkpoint)); },
   * });
   */
  onCheckpoint?: (checkpoint: AuditCheckpoint) => void;
}

/** How far a call is. Parts that are not known are absent. */
export interface Progress {
  phase: "queued" | "token" | "request" | "body" | "waiting" | "done";
  /** Page being read, from 1. */
  page: number;
  /** Where the tenant says so. */
  pages?: number;
  /** Variables so far. */
  variables: number;
  /** Bytes so far, all pages. */
  bytes: number;
  /** Bytes of this page, where the tenant says so. */
  pageBytes?: number;
  /** Attempt of this page, from 1. */
  attempt: number;
  attempts: number;
  /** While waiting: how long from now, in ms, and for whom. */
  waitMs?: number;
  waitFor?: "server" | "backoff" | "rate-limit" | "online";
  /** While `queued`: how many requests go before; told anew every second. `waitMs` is then an estimate. */
  ahead?: number;
  /** Requests of the current window, and how many the window allows. */
  requestsUsed: number;
  requestsAllowed: number;
  /** At `done`: why something is missing, where the snapshot is not complete. */
  missing?: DebuggerError;
}

/** Whether somebody waits at the screen (`interactive` goes first), or for one of many (`bulk` gets one place in five). */
export type Lane = "interactive" | "bulk";

/** What may be added to one call. */
export interface CallOptions {
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
  /**
   * Is given the first fifty rows, or some more, while the rest is still arriving: once at most, as a snapshot of their own
   * whose `complete` is `false`, and which is yours to free. What comes later may hide some of them. Not called where the body
   * is no list of rows, or has fewer, or where fewer of those that were asked for stand in its first MiB.
   *
   * @example
   * import { SessionDebugger } from "cognigy-session-debugger";
   * const sessions = new SessionDebugger({ baseUrl: "https://tenant.example", token: "/debug/token" });
   * const all = await sessions.snapshot(
   *   { sessionId: "sess_1" },
   *   { onFirstRows: (first) => { console.log(first.rows({ limit: 50 }).rows); first.free(); } },
   * );
   * console.log(all.size);
   */
  onFirstRows?: (first: Snapshot) => void;
  /** Default: `interactive`. */
  lane?: Lane;
  /**
   * Whether the snapshot goes to the webhook, where there is one. Default: `true`. The audit trail has the read either way.
   *
   * @example
   * import type { SessionDebugger } from "cognigy-session-debugger";
   * // A session that is only looked at beside another one is no news for the receiver.
   * const beside = (sessions: SessionDebugger) => sessions.snapshot({ sessionId: "sess_2" }, { post: false });
   */
  post?: boolean;
}

/** How far a sweep over many sessions is. */
export interface BulkProgress {
  total: number;
  /** With a snapshot, be it whole or not. */
  done: number;
  failed: number;
  running: number;
  /** Not begun yet, or to be tried again. */
  waiting: number;
  /**
   * What the rate limit alone makes of the rest, with one request for each session, in ms; no less than the longest pause before
   * another try.
   */
  leftMs: number;
}

/** What may be added to a sweep over many sessions. */
export interface BulkOptions {
  /** An abort ends the sweep: what had been read is still given, then the iteration rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Is told whenever a read ends, until the loop is left or the signal is aborted. */
  onProgress?: (progress: BulkProgress) => void;
  /**
   * So often what failed in a way that may pass is tried again, after all others: not before the server asked for, and else after a
   * pause of up to {@link RetryOptions.throttleDelayMs} that doubles with every round. Default: 0.
   */
  retryFailed?: number;
}

/** What a watch lives through. */
export interface WatchTrouble {
  /** Always {@link DebuggerError.retryable}: with any other the watch ends, and rejects. */
  error: DebuggerError;
  /** How long it pauses before it tries again, in ms. */
  retryInMs: number;
}

/** How a session is watched. */
export interface WatchOptions {
  /** From 1 ms to one day. */
  intervalMs: number;
  /** An abort ends the watch. */
  signal: AbortSignal;
  /**
   * Is told of every error that the watch lives through.
   *
   * @example
   * import type { SessionDebugger, WatchTrouble } from "cognigy-session-debugger";
   * async function follow(sessions: SessionDebugger, signal: AbortSignal) {
   *   const onError = ({ error, retryInMs }: WatchTrouble) =>
   *     console.warn(`${error.message} Again in ${Math.ceil(retryInMs / 1000)} s.`);
   *   for await (const snapshot of sessions.watch({ sessionId: "sess_1" }, { intervalMs: 5000, signal, onError })) {
   *     console.log(snapshot.names());
   *     snapshot.free();
   *   }
   * }
   */
  onError?: (trouble: WatchTrouble) => void;
}

/** What one query of many came to. A snapshot whose `complete` is `false` is what could be had of the session. */
export interface SnapshotOutcome {
  query: VariableQuery;
  snapshot?: Snapshot;
  error?: DebuggerError;
}

/**
 * Fetches the variables of sessions: one token in flight, retries, rate limit, pages, audit.
 *
 * Outlives a breakdown of the engine, for want of memory, say: calls under way reject with `WASM_TRAP`, the next call starts the
 * engine anew, and the audit trail begins again with one record for each call that was lost. What waits in the outbox is sent
 * after that call. Snapshots that the old engine held are lost, and throw `WASM_TRAP` from then on.
 *
 * @example
 * import init, { SessionDebugger } from "cognigy-session-debugger";
 * await init();
 * const sessions = new SessionDebugger({ baseUrl: "https://tenant.example", token: "/debug/token" });
 * const snapshot = await sessions.snapshot({ sessionId: "sess_9f8e7d6c5b4a3210" });
 * console.log(snapshot.names());
 */
export class SessionDebugger {
  /** @throws {@link DebuggerError} `CONFIG_INVALID`. */
  constructor(options: DebuggerOptions);

  /**
   * Reads one session. Pages are separate reads: each is consistent in itself, and the audit trail says when each was read. Where a
   * later one could not be had for now, {@link Snapshot.complete} is `false`.
   *
   * @throws {@link DebuggerError}; an abort rejects with the signal's own reason.
   */
  snapshot(query: VariableQuery, options?: CallOptions): Promise<Snapshot>;

  /**
   * Reads many sessions within the rate limit; outcomes come as they are ready. Leaving the loop cancels the rest. Waits for
   * the limit do not count for the deadline, nor does a network that is away: each read waits for it for an hour, and anew with
   * each of its attempts. A token endpoint that is away is waited for, up to five minutes; so is a token function that throws.
   *
   * @example
   * import init, { SessionDebugger } from "cognigy-session-debugger";
   * await init();
   * const sessions = new SessionDebugger({ baseUrl: "https://tenant.example", token: "/debug/token" });
   * const queries = Array.from({ length: 3000 }, (_, number) => ({ sessionId: `load-test-${number}` }));
   * const onProgress = ({ done, failed, total, leftMs }: { done: number; failed: number; total: number; leftMs: number }) =>
   *   console.log(`${done} of ${total}, ${failed} failed, ${Math.ceil(leftMs / 1000)} s left`);
   * const failed = [];
   * for await (const { query, snapshot, error } of sessions.snapshots(queries, { onProgress, retryFailed: 2 })) {
   *   if (snapshot) {
   *     console.log(snapshot.size, snapshot.complete);
   *     snapshot.free();
   *   } else if (error?.retryable) failed.push(query);
   * }
   * // What is still missing can be asked for again later.
   * for await (const { query, snapshot } of sessions.snapshots(failed)) {
   *   console.log(query.sessionId, snapshot?.size);
   *   snapshot?.free();
   * }
   */
  snapshots(queries: Iterable<VariableQuery>, options?: BulkOptions): AsyncIterableIterator<SnapshotOutcome>;

  /**
   * Reads one session again and again; the pause lies between the end of one read and the start of the next.
   * While nobody can see the page it pauses; after an error it goes on with pauses that double from 1 s to 60 s. Of one
   * session never two reads of watches are under way, however many of them this debugger has. Ends when the signal is aborted. Rejects
   * with the first error that is not worth another try (the user has signed out, say), or with any error before the first snapshot.
   */
  watch(query: VariableQuery, options: WatchOptions): AsyncIterableIterator<Snapshot>;

  /** Makes a snapshot of data that the host already has: JSON bytes, JSON text, or a value that JSON can hold. */
  ingest(body: unknown, options?: SnapshotOptions): Snapshot;

  /**
   * Forgets the token, in every tab: to be called when the user logs out. A page that is closed forgets its own; one that is kept for
   * coming back to (`pagehide` with `persisted`) does not.
   */
  dropToken(): void;

  /**
   * How the outbox of the webhook stands; `undefined` without a webhook.
   *
   * @throws {@link DebuggerError} `STORAGE_UNAVAILABLE`.
   * @example
   * import type { SessionDebugger } from "cognigy-session-debugger";
   * async function tell(sessions: SessionDebugger) {
   *   const outbox = await sessions.outbox();
   *   if (outbox && !outbox.durable) console.warn(`${outbox.waiting} deliveries would be lost with this page.`);
   *   if (outbox?.dead) console.log(`${await sessions.replay()} deliveries are tried again.`);
   * }
   */
  outbox(): Promise<OutboxStatus | undefined>;

  /**
   * Gives dead letters all their attempts again, tries a receiver that was gone once more, and says how many letters
   * came back.
   *
   * @throws {@link DebuggerError} `STORAGE_UNAVAILABLE`.
   */
  replay(): Promise<number>;

  /**
   * What became of the latest 10,000 attempts at a delivery, of all webhooks and tabs of this origin, oldest first. Stored together with what
   * the attempt changed, so that a page that is killed leaves none out. Empty without a webhook.
   *
   * @returns rejects with {@link DebuggerError} `STORAGE_UNAVAILABLE`.
   * @example
   * import type { SessionDebugger } from "cognigy-session-debugger";
   * async function refused(sessions: SessionDebugger) {
   *   return (await sessions.deliveries()).filter(({ outcome }) => outcome !== "OK").map(({ id, status }) => `${id} ${status}`);
   * }
   */
  deliveries(): Promise<DeliveryRecord[]>;

  /**
   * Shows something hidden for a while in `rows`, `children`, `text`, `explain` and an `Arrangement` that look through this
   * {@link Mask}; gives how long, in ms. It ends when that time is over, when another snapshot is looked at through the mask, and with {@link Mask.hide}. The request, and its refusal, is one record
   * of the audit trail. Documents, copies and searches stay masked.
   *
   * @param entry {@link Row.entry}.
   * @param options `steps`: positions that lead down to a part of the value; default: all of it. `reason`: why, for the record.
   *   `prevented`: the host does not let it; nothing is shown, and the refusal is recorded. Default: `false`.
   * @throws {@link DebuggerError} `REVEAL_REFUSED` where {@link DebuggerOptions.reveal} or `prevented` forbids it, or a reason lacks;
   *   `INPUT_INVALID` where nothing is hidden there.
   * @example
   * import type { Mask, SessionDebugger, Snapshot } from "cognigy-session-debugger";
   * function show(sessions: SessionDebugger, snapshot: Snapshot, mask: Mask) {
   *   const row = snapshot.rows({ mask, limit: 1 }).rows[0];
   *   if (!row?.masked) return;
   *   const forMs = sessions.reveal(snapshot, row.entry, { mask, reason: "ticket 4711" });
   *   console.log(snapshot.text(row.entry, [], { mask }).text, forMs);
   *   console.log(sessions.auditTrail().at(-1)); // { action: "reveal", rule: …, path: …, reason: "ticket 4711", … }
   * }
   */
  reveal(
    snapshot: Snapshot,
    entry: number,
    options: { mask: Mask; steps?: readonly number[]; reason?: string; prevented?: boolean },
  ): number;

  /**
   * Shows hidden values under other options from now on, on the same trail: {@link DebuggerOptions.reveal}. What is shown already is
   * shown until its time is over; {@link Mask.hide} ends it at once.
   *
   * @throws {@link DebuggerError} `CONFIG_INVALID` for a time out of bounds, `INPUT_INVALID` for an option that there is not, and for
   *   what is neither a boolean nor an object.
   */
  allowReveals(reveal: boolean | RevealOptions): void;

  /**
   * Goes on with the audit trail and the counts of a debugger that this one replaces, since options cannot change: no record is lost
   * when a page turns to another tenant. What the other one still has under way is recorded here, too.
   *
   * @throws {@link DebuggerError} `INPUT_INVALID` where this one has records of its own already.
   * @example
   * import { SessionDebugger } from "cognigy-session-debugger";
   * function turnTo(baseUrl: string, before: SessionDebugger) {
   *   const sessions = new SessionDebugger({ baseUrl, token: "/debug/token" });
   *   sessions.continueFrom(before);
   *   before.free();
   *   return sessions;
   * }
   */
  continueFrom(earlier: SessionDebugger): void;

  metrics(): Metrics;
  /** The latest 10,000 records, oldest first. */
  auditTrail(): AuditRecord[];
  /**
   * The audit trail that the browser keeps of all tabs ({@link AuditOptions.storage}), oldest first; of one session only, where it is
   * named. What is still being written is waited for. Part of a trail is no trail: give {@link verifyAudit} all of it. What is
   * no record any more comes as an empty object, which that finds. Where a mask hides a session's id, reveals in it have that of the mask.
   *
   * @returns rejects with {@link DebuggerError} `STORAGE_UNAVAILABLE` where the browser keeps nothing or refuses it, `CONFIG_INVALID`
   *   where the option `audit` does not store, `INPUT_INVALID` for an option that there is not.
   * @example
   * import { type AuditCheckpoint, type SessionDebugger, verifyAudit } from "cognigy-session-debugger";
   * async function isWhole(sessions: SessionDebugger, kept: AuditCheckpoint[]) {
   *   const ofStored = kept.filter(({ trail }) => trail !== undefined);
   *   return (await verifyAudit(await sessions.storedAuditTrail(), ofStored)) === undefined;
   * }
   */
  storedAuditTrail(options?: { sessionId?: string }): Promise<StoredAuditRecord[]>;
  /** How far the debugger's own trail goes by now, for {@link verifyAudit} later on. `seq` is 0 where there is no record yet. */
  auditCheckpoint(): AuditCheckpoint;

  /**
   * Gives the memory back. Calls under way come to their ends, and so does a delivery; nothing else of the debugger goes on, and no
   * timer of it keeps a program running. Deliveries that are stored wait for the next debugger with this webhook.
   */
  free(): void;
  [Symbol.dispose](): void;
}
