/** What memory a page of its own takes. */
import * as memory from "./memory.mjs";

/** Named here, so that the types of what is built are not asked for. */
const ENTRY = new URL("../dist/index.js", import.meta.url).href;

export const measureMemory = (options) => memory.measureMemory(ENTRY, options);
export const measureArriving = (options) => memory.measureArriving(ENTRY, options);
export const measureOne = (options) => memory.measureOne(ENTRY, options);
export const measureRounds = (options) => memory.measureRounds(ENTRY, options);
