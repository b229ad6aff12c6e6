/** The memory of the engine and its table of references, which the package itself does not show. */

/** Notes the exports of every engine that is made. To be called before the first. Gives a function that names the newest one's. */
export function gripEngine() {
  /** @type {{ memory: WebAssembly.Memory, __wbindgen_externrefs: WebAssembly.Table } | undefined} */
  let engine;
  const note = (made) => {
    const { exports } = made.instance ?? made;
    // Node's own `fetch` is made of WebAssembly, too.
    if ("__wbindgen_start" in exports) engine = exports;
    return made;
  };
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const call = WebAssembly[name];
    if (call) WebAssembly[name] = async (...args) => note(await call.apply(WebAssembly, args));
  }
  WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
    construct: (target, args) => note(Reflect.construct(target, args)),
  });
  return () => engine;
}

/** The same of memory alone. */
export function gripMemory() {
  const engine = gripEngine();
  return () => engine()?.memory.buffer ?? new ArrayBuffer(0);
}
