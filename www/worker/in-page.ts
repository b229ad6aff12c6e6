/**
 * The engine's host for a page that cannot have a worker: a file of its own, since hardly any page loads it.
 */
import { EngineHost } from "./engine-host.js";
import type { HostApi } from "./protocol.js";

/** Opens a host in the page itself. */
export function openInPage(): HostApi {
  return new EngineHost(() => import("../entry/index.js"));
}
