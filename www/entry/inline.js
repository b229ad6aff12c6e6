/** The entry with the WebAssembly inside, for places that cannot serve a second file. Importing it does nothing. */
import base64 from "./inline-wasm.js";
import { load } from "./shared.js";

export {
  Arrangement,
  buildVariablesUrl,
  coerce,
  diffText,
  fromEndpointReply,
  fromSocketOutput,
  fromWebchatEvent,
  History,
  isDebuggerError,
  Mask,
  pathText,
  presets,
  queryJsonPath,
  SessionDebugger,
  Snapshot,
  searchRows,
  verifyAudit,
  version,
  Watchpoints,
  warmUp,
} from "./shared.js";

export default function init(input) {
  return load(() => input ?? Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
}
