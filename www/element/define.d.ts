/**
 * Defines `<cognigy-session-debugger>`. Importing it twice, or on a server, does nothing more.
 *
 * @example
 * import "cognigy-session-debugger/define";
 * const view = document.createElement("cognigy-session-debugger");
 * view.setAttribute("base-url", "https://tenant.example");
 * view.setAttribute("token-url", "/debug/token");
 * view.sessionId = "sess_9f8e7d6c5b4a3210";
 * document.body.append(view);
 *
 * @packageDocumentation
 */
export { CognigySessionDebuggerElement } from "./element.js";

/** The tag's name. */
export declare const TAG_NAME: "cognigy-session-debugger";
