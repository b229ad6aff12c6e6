import type { DebuggerOptions } from "./debugger.js";

/**
 * Options that belong together, to be spread into {@link DebuggerOptions}; what stands after them wins.
 *
 * @example
 * import init, { presets, SessionDebugger } from "cognigy-session-debugger";
 * await init();
 * const sessions = new SessionDebugger({ ...presets.relay, baseUrl: location.origin, token: "/debug/token" });
 * await sessions.snapshot({ sessionId: "session-1", userId: "user@example.com" });
 */
export declare const presets: {
  /** The tenant of the tutorial: its route, its parameters, 100 requests in 60 s. What holds by default. */
  readonly tutorial: Readonly<Pick<DebuggerOptions, "path" | "parameters" | "rateLimit">>;
  /**
   * A relay of your own in front of the real platform, which has no route for the variables of a live session: the relay holds the
   * API key (`X-API-Key`), which has all rights of its user and must never be in a page, and answers
   * `GET /cognigy-debug/{sessionId}?userId=…` with any of the shapes that this package knows: `examples/relay.mjs` in the sources is one. Allows itself 1,000 requests in
   * 5 minutes, the documented limit of the shared cloud for one address; users behind one relay share it, so give less to each; tabs of
   * one user share by themselves, by the whole `baseUrl`. Has
   * 10 requests under way at most, not 5, since five at a time could not use so much up.
   */
  readonly relay: Readonly<Pick<DebuggerOptions, "path" | "parameters" | "rateLimit" | "maxConcurrent">>;
};
