/** Why a token is asked for. */
export interface TokenRequest {
  /** `initial`: none yet; `expiring`: ahead of time; `rejected`: the tenant answered 401. */
  reason: "initial" | "expiring" | "rejected";
  signal: AbortSignal;
}

/** RFC 6749's answer, or the token alone. `expires_in` is in seconds; default 300. */
export type TokenAnswer = string | { access_token: string; token_type?: string; expires_in?: number };

/** Gives a short-lived access token. The engine keeps it in memory only. */
export type TokenProvider = (request: TokenRequest) => TokenAnswer | Promise<TokenAnswer>;
