/** What the glue that wasm-bindgen writes gets beside: the engine may break down, see www/entry/trap.js. */

/** What an engine that is gone gave out is not given back to its successor. */
const FREE = "$1if (this.__wbg_inst === __wbg_instance_id) $2";

/** What stands there, what comes in its place, and where an engine's successor meets it. */
const CHANGES = [
  // The engine at first, and each that follows it.
  [/wasm = (instance|wasmInstance)\.exports;/g, "wasm = watched($1.exports);", 2],
  // Objects of an engine that is gone.
  [/throw new Error\('Invalid stale object from previous Wasm instance'\);/g, "throw lost();", 1],
  [/(const ptr = this\.__destroy_into_raw\(\);\s+__wbg_call_guard\(\);\s+)(wasm\.__wbg_\w+_free\(ptr, 0\);)/g, FREE, 1],
  // What has to be an object of the engine, and is none.
  [/throw new Error\(`expected instance of \$\{klass\.name\}`\);/g, "throw notA(klass.name);", 1],
  // Its timers and listeners: there is nobody to catch what they would throw.
  [/throw new Error\('Cannot invoke closure from previous WASM instance'\);/g, "return;", 1],
];

/** The glue with every call into the engine watched. Throws where wasm-bindgen writes other glue than it did. */
export function watchEngine(glue) {
  const changed = CHANGES.reduce((text, [pattern, to, least]) => {
    if ((text.match(pattern) ?? []).length < least)
      throw new Error(`the glue has another form: ${pattern} is not in it`);
    return text.replace(pattern, to);
  }, glue);
  return `import { lost, notA, watched } from "./trap.js";\n${changed}`;
}
