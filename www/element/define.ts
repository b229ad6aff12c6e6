/**
 * Defines the tag. Importing this twice, or on a server, does nothing more.
 */
import { CognigySessionDebuggerElement } from "./element.js";

export const TAG_NAME = "cognigy-session-debugger";

if (globalThis.customElements && !customElements.get(TAG_NAME)) {
  customElements.define(TAG_NAME, CognigySessionDebuggerElement);
}

export { CognigySessionDebuggerElement };
