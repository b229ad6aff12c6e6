/** The entry for browsers, workers and bundlers. Importing it does nothing. */
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
  verifyAudit,
  version,
  Watchpoints,
  warmUp,
} from "./shared.js";

export default function init(input) {
  // The package's one `new URL` for the file, so that bundlers emit it once.
  return load(() => input ?? new URL("./cognigy_session_debugger_bg.wasm", import.meta.url));
}
