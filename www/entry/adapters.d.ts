import type { SessionDebugger } from "./debugger.js";
import type { SnapshotOptions } from "./snapshot-options.js";

/** What a chat client received, ready for {@link SessionDebugger.ingest}. */
export interface Received {
  /** The data. */
  body: unknown;
  /** Says the shape, and the session where the data does. */
  options: SnapshotOptions;
  /** The turn, where the flow sent its `input.inputId` in `__debug`. */
  inputId?: string;
  /** Which message of the session it was, where the flow sent its `input.execution` in `__debug`. */
  execution?: number;
}

/**
 * What the platform's socket client hands to its listener of `output`: `{text?, data?, source?, traceId?}`. The members of
 * `data` become variables of the scope `output`; a bundle of `context` and `profile` in `data.__debug`, as a flow may send
 * it, becomes its namespaces, also where it is a text of JSON. Needs no package of the vendor, and may be used before {@link init}.
 *
 * @returns `undefined` where there is no `data`, as with most messages. Never throws.
 * @example
 * import { fromSocketOutput, type SessionDebugger } from "cognigy-session-debugger";
 * function follow(client: { on(event: "output", listener: (output: unknown) => void): void }, sessions: SessionDebugger) {
 *   client.on("output", (output) => {
 *     const received = fromSocketOutput(output);
 *     if (received) console.log(received.inputId, sessions.ingest(received.body, received.options).names());
 *   });
 * }
 */
export function fromSocketOutput(output: unknown): Received | undefined;

/**
 * What the webchat hands to an analytics service: `{type, payload}`. Messages of the bot, `webchat/incoming-message`, are read
 * as {@link fromSocketOutput} reads them.
 *
 * @returns `undefined` for every other event, and where there is no `data`. Never throws.
 * @example
 * import { fromWebchatEvent, type SessionDebugger } from "cognigy-session-debugger";
 * function follow(webchat: { registerAnalyticsService(service: (event: unknown) => void): void }, sessions: SessionDebugger) {
 *   webchat.registerAnalyticsService((event) => {
 *     const received = fromWebchatEvent(event);
 *     if (received) sessions.ingest(received.body, { ...received.options, sessionId: "the session of this chat" });
 *   });
 * }
 */
export function fromWebchatEvent(event: unknown): Received | undefined;

/**
 * The reply of a REST endpoint: `{text, data, outputStack: [{text, data}, …], userId, sessionId}`. The outputs of the stack
 * are told apart by the scopes `output.1`, `output.2` and so on; the turn is that of the last output that tells it.
 *
 * @returns `undefined` where no output has `data`. Never throws.
 * @example
 * import { fromEndpointReply, type SessionDebugger } from "cognigy-session-debugger";
 * async function ask(url: string, text: string, sessions: SessionDebugger) {
 *   const headers = { "Content-Type": "application/json" };
 *   const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify({ userId: "u", sessionId: "s", text }) });
 *   const received = fromEndpointReply(await answer.json());
 *   return received && sessions.ingest(received.body, received.options);
 * }
 */
export function fromEndpointReply(reply: unknown): Received | undefined;
