/**
 * The worker's file: the engine, for all elements of a page.
 */
import { expose, proxy } from "comlink";
import * as engine from "../entry/index.js";
import { EngineHost } from "./engine-host.js";
import type { HostFactory } from "./protocol.js";

const factory: HostFactory = {
  open: () => proxy(new EngineHost(() => Promise.resolve(engine))),
};

expose(factory);
