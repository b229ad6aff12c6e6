/** WebAssembly that may have no more than so much memory. */

const MEMORY_SECTION = 5;
const PAGE = 65_536;

/** The same module, whose one memory is bounded. `bytes`: whole pages. */
export function boundMemory(wasm, bytes) {
  const view = new Uint8Array(wasm);
  let at = 8;
  while (at < view.length) {
    const start = at;
    const id = view[at];
    const size = readNumber(view, at + 1);
    const content = size.next;
    at = content + size.value;
    if (id !== MEMORY_SECTION) continue;
    const count = readNumber(view, content);
    if (count.value !== 1 || view[count.next] !== 0) throw new Error("one memory without a bound was expected");
    const least = readNumber(view, count.next + 1);
    const limits = [1, 1, ...writeNumber(least.value), ...writeNumber(bytes / PAGE)];
    const section = [MEMORY_SECTION, ...writeNumber(limits.length), ...limits];
    return Uint8Array.from([...view.subarray(0, start), ...section, ...view.subarray(at)]);
  }
  throw new Error("the module has no memory");
}

/** LEB128, as WebAssembly writes numbers. */
function readNumber(view, at) {
  let value = 0;
  let next = at;
  for (let shift = 0; ; shift += 7) {
    const byte = view[next];
    next += 1;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return { value, next };
  }
}

function writeNumber(value) {
  const bytes = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) + 128);
  }
}
