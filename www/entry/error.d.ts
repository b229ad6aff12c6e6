/** A stable word for what went wrong. */
export type ErrorCode =
  | "CONFIG_INVALID"
  | "INPUT_INVALID"
  | "TOKEN_PROVIDER_FAILED"
  | "TOKEN_INVALID"
  | "SOURCE_FAILED"
  | "UNAUTHENTICATED"
  | "FORBIDDEN"
  | "NOT_FOUND"
  | "CONFLICT"
  | "REQUEST_REJECTED"
  | "RATE_LIMITED"
  | "QUEUE_FULL"
  | "OFFLINE"
  | "NETWORK_OR_CORS"
  | "BODY_TRUNCATED"
  | "TIMEOUT"
  | "DEADLINE_EXCEEDED"
  | "ABORTED"
  | "SERVER_ERROR"
  | "REDIRECT_REFUSED"
  | "BAD_CONTENT_TYPE"
  | "BODY_EMPTY"
  | "BODY_TOO_LARGE"
  | "VALUE_TOO_LARGE"
  | "TOO_MANY_VARIABLES"
  | "JSON_SYNTAX"
  | "JSON_TOO_DEEP"
  | "SHAPE_UNKNOWN"
  | "SCHEMA_MISMATCH"
  | "PAGE_LOOP"
  | "PAGE_LIMIT"
  | "WEBHOOK_REJECTED"
  | "WEBHOOK_DISABLED"
  | "OUTBOX_FULL"
  | "STORAGE_UNAVAILABLE"
  | "SIGNING_FAILED"
  | "FILE_TOO_NEW"
  | "FILE_INVALID"
  | "REVEAL_REFUSED"
  | "WASM_BLOCKED"
  | "WASM_NOT_LOADED"
  | "WASM_TRAP"
  | "INTERNAL";

/** What every function of the package throws or rejects with. A real `Error`. */
export interface DebuggerError extends Error {
  readonly name: "DebuggerError";
  readonly code: ErrorCode;
  /**
   * Whether the same call may succeed later without anything being changed. Not where the token endpoint has refused (401, say):
   * somebody has to sign in first.
   */
  readonly retryable: boolean;
  readonly status?: number;
  readonly attempts?: number;
  /** When it is worth trying again, in ms from then: as the server has said, whatever that is, or by the rate limit. */
  readonly retryAfterMs?: number;
  /** JSON path in the body. */
  readonly path?: string;
  /** Byte offset in the body. */
  readonly offset?: number;
  readonly requestId?: string;
  /**
   * `SHAPE_UNKNOWN` and `SCHEMA_MISMATCH` of a body with another shape: its first 8 top-level names, of each the first 40
   * characters, masked. Data of the body: show it, but do not log it.
   */
  readonly members?: readonly string[];
  /**
   * The server's own words, or Node's about why nothing came (`connect ECONNREFUSED …`), shortened and cleaned. Show as text, never
   * as markup.
   */
  readonly problem?: string;
  /** What the host's own token callback or source threw, or the platform where the engine was loaded. */
  readonly cause?: unknown;
}

/**
 * Whether a caught value is a {@link DebuggerError}.
 *
 * @example
 * import { isDebuggerError } from "cognigy-session-debugger";
 * try {
 *   throw new Error("other");
 * } catch (error) {
 *   if (isDebuggerError(error)) console.log(error.code);
 * }
 */
export function isDebuggerError(error: unknown): error is DebuggerError;
