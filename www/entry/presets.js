/** Options that belong together. */
export const presets = Object.freeze({
  tutorial: Object.freeze({
    path: "/api/v2/botsessions/{sessionId}/variables",
    parameters: Object.freeze({ name: "name", scope: "scope", includeSystem: "includeSystem", userId: null }),
    rateLimit: Object.freeze({ requests: 100, windowMs: 60_000 }),
  }),
  relay: Object.freeze({
    path: "/cognigy-debug/{sessionId}",
    parameters: Object.freeze({ name: null, scope: null, includeSystem: null, userId: "userId" }),
    rateLimit: Object.freeze({ requests: 1_000, windowMs: 300_000 }),
    // What a window allows may all be sent at its beginning: a thousand requests of 260 ms each, five at a time, would take 52 s.
    maxConcurrent: 10,
  }),
});
