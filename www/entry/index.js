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
  searchRows,
  verifyAudit,
  version,
  Watchpoints,
  warmUp,
} from "./shared.js";

export default function init(input) {
  return load((simd) => input ?? (simd ? standard() : fallback()));
}

// The package's one `new URL` for each file, so that bundlers emit it once.
const standard = () => new URL("./cognigy_session_debugger_bg.wasm", import.meta.url);
const fallback = () => new URL("./cognigy_session_debugger_no_simd_bg.wasm", import.meta.url);
