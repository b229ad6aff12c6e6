/** The entry for Node, whose `fetch` reads no files. Importing it does nothing. */
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
  return load(async (simd) => {
    const source = input ?? (simd ? standard() : fallback());
    if (!(source instanceof URL) || source.protocol !== "file:") return source;
    const { readFile } = await import("node:fs/promises");
    return readFile(source);
  });
}

const standard = () => new URL("./cognigy_session_debugger_bg.wasm", import.meta.url);
const fallback = () => new URL("./cognigy_session_debugger_no_simd_bg.wasm", import.meta.url);
