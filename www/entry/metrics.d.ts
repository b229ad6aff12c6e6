import type { FailureClass } from "./audit.js";
import type { SessionDebugger } from "./debugger.js";

/**
 * Durations in ms of completed requests. `undefined` where there was none. One that came out negative, since a clock went back, counts
 * as 0.
 */
export interface Latency {
  count: number;
  p50?: number;
  p95?: number;
  p99?: number;
  max?: number;
}

/** Counts since the debugger was made. */
export interface Metrics {
  requests: number;
  succeeded: number;
  failed: number;
  /** Attempts after the first. */
  retried: number;
  rateLimited: number;
  tokenRequests: number;
  bytes: number;
  variables: number;
  /** From sending to the last byte, where an answer came. */
  network: Latency;
  /** The same of failed attempts alone. */
  failedNetwork: Latency;
  /** Time spent waiting for a free slot, the rate limit or a retry. */
  wait: Latency;
  /** Time spent waiting for a token, where one was needed. */
  token: Latency;
  /** From sending to the head of the answer. */
  firstByte: Latency;
  /** From there to the last byte, of bodies that were read to their end. */
  body: Latency;
  /** Reading bodies that were read to their end; they are read while they arrive. */
  parse: Latency;
  requestsUsed: number;
  /** `Infinity` while the limit is not known. */
  requestsAllowed: number;
  /** Failed attempts at anything, by class; those that were cut short (`ABORTED`) and refused reveals have none. */
  failures: Record<FailureClass, number>;
  /** What is left of the budget for retries, of 500: a retry costs 14 (5 after a throttle), a success fills it again. */
  retryBudget: number;
  /**
   * Older records that {@link SessionDebugger.auditTrail} no longer holds: more than 0 once there were more than 10,000. What a stored
   * trail has let go is not counted here.
   *
   * @example
   * import type { SessionDebugger } from "cognigy-session-debugger";
   * const isWholeTrail = (sessions: SessionDebugger) => sessions.metrics().auditDropped === 0;
   */
  auditDropped: number;
}
