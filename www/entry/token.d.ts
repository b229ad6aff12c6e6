import type { SessionDebugger } from "./debugger.js";

/** Why a token is asked for. */
export interface TokenRequest {
  /** `initial`: none yet; `expiring`: ahead of time; `rejected`: the tenant answered 401. */
  reason: "initial" | "expiring" | "rejected";
  signal: AbortSignal;
}

/** RFC 6749's answer, or the token alone. `expires_in` is in seconds; default 300. */
export type TokenAnswer = string | { access_token: string; token_type?: string; expires_in?: number };

/**
 * Gives a short-lived access token. The engine keeps it in the memory of its page or worker only, until it runs out, is refused or dropped
 * ({@link SessionDebugger.dropToken}), or the page is closed. JavaScript's strings cannot be wiped: what was forgotten may lie in memory
 * until the browser takes that for something else.
 *
 * A function is called once, and repeats by itself what it wants repeated. An endpoint's URL in its place is asked again, three times in
 * all and within `timeoutMs`, where it answers 408, 429, 502, 503 or 504, or where no answer comes; not after a 500 or any other answer,
 * since asking may not be without effect. After a failure nobody asks for a while, and calls reject at once with
 * `TOKEN_PROVIDER_FAILED` and `retryAfterMs`: as long as the answer's `Retry-After` says, from 1 s to an hour; without one for 60 s after
 * a 429 or 5xx, and else for up to 1 s, which doubles with each failure, up to 60 s.
 *
 * @example
 * import { SessionDebugger, type TokenProvider } from "cognigy-session-debugger";
 * const token: TokenProvider = async ({ reason, signal }) => {
 *   const answer = await fetch("/debug/token", { method: "POST", body: new URLSearchParams({ reason }), signal });
 *   return answer.json();
 * };
 * const sessions = new SessionDebugger({ baseUrl: "https://tenant.example", token });
 */
export type TokenProvider = (request: TokenRequest) => TokenAnswer | Promise<TokenAnswer>;
