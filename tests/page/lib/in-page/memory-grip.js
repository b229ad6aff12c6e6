/** The memory of the engine, which the package itself does not show. */

/** Notes the memory of every engine that is made. To be called before the first. Gives a function that names the newest one's. */
export function gripMemory() {
  /** @type {WebAssembly.Memory | undefined} */
  let memory;
  const note = (made) => {
    const { exports } = made.instance ?? made;
    // Node's own `fetch` is made of WebAssembly, too.
    if ("__wbindgen_start" in exports) memory = exports.memory;
    return made;
  };
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const call = WebAssembly[name];
    if (call) WebAssembly[name] = async (...args) => note(await call.apply(WebAssembly, args));
  }
  WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
    construct: (target, args) => note(Reflect.construct(target, args)),
  });
  return () => memory?.buffer ?? new ArrayBuffer(0);
}
