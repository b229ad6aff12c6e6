/** What no design can beat: the copy into WebAssembly's memory, and there a bare scan for JSON's marks or a check of UTF-8. */
import { CHECK } from "./utf8-check.mjs";

const PAGE = 65536;
const SLICE = 1 << 18;

const FOLDED = "(v128.or (local.get $x) (i8x16.splat (i32.const 0x20)))";
const is = (bytes, byte) => `(i8x16.eq ${bytes} (i8x16.splat (i32.const ${byte})))`;
const MARKS = [
  ...[0x22, 0x5c, 0x2c, 0x3a].map((byte) => is("(local.get $x)", byte)),
  ...[0x7b, 0x7d].map((byte) => is(FOLDED, byte)),
].reduce((one, other) => `(v128.or ${one} ${other})`);

/** `scan` counts quotes, backslashes, brackets, commas and colons, 16 bytes at a time, and does nothing else. */
const SOURCE = `(module
  (memory (export "memory") 1)
  ${CHECK}
  (func (export "scan") (param $at i32) (param $end i32) (result i32)
    (local $sum i32) (local $x v128)
    (block $done (loop $more
      (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
      (local.set $x (v128.load (local.get $at)))
      (local.set $sum (i32.add (local.get $sum) (i32.popcnt (i8x16.bitmask ${MARKS}))))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br $more)))
    (local.get $sum)))`;

export const COPY = "limit: copy into wasm memory";
export const SCAN = "limit: copy and bare structural scan in wasm";
export const UTF8 = "limit: copy and UTF-8 check in wasm";
export const DECODE = "limit of JS: `TextDecoder` with UTF-8 check";

/** A byte that continues nothing, too long forms, half a surrogate pair, what lies beyond Unicode, what is cut off. */
const WRONG = "80 c080 c1bf e09fbf f08fbfbf eda080 f4908080 f5808080 ff c3 e282 f09f98 c3a4a4 e282ac80".split(" ");
const bytesOf = (hex) => hex.match(/../g).map((byte) => Number.parseInt(byte, 16));

/** The WebAssembly of the scans. Needs Node. */
export async function assembleScan() {
  const { default: binaryen } = await import("binaryen");
  const module = binaryen.parseText(SOURCE);
  module.setFeatures(binaryen.Features.SIMD128);
  binaryen.setOptimizeLevel(3);
  module.optimize();
  return new Uint8Array(module.emitBinary());
}

/**
 * Tasks for {@link import("./load.mjs").measureLoad}. Memory is grown and touched beforehand.
 *
 * @param {BufferSource} scan @param {Uint8Array} body
 * @returns {Promise<import("./measure.mjs").Task[]>}
 */
export async function limitTasks(scan, body) {
  const { instance } = await WebAssembly.instantiate(scan);
  const exports = /** @type {any} */ (instance.exports);
  exports.memory.grow(Math.ceil((body.length + 16) / PAGE));
  const target = new Uint8Array(exports.memory.buffer, 0, body.length);
  // In slices: WebAssembly is optimised between calls, never during one.
  const inSlices = (name) => {
    target.set(body);
    let sum = 0;
    for (let at = 0; at < body.length; at += SLICE) sum += exports[name](at, Math.min(at + SLICE, body.length));
    return sum;
  };
  const marks = () => inSlices("scan");
  const utf8 = () => inSlices("utf8") === Math.ceil(body.length / SLICE);
  const isMark = new Uint8Array(256);
  for (const mark of '"\\[]{},:') isMark[mark.charCodeAt(0)] = 1;
  const expected = body.reduce((sum, byte) => sum + isMark[byte], 0);
  if (marks() !== expected) throw new Error(`The bare scan counts ${marks()} marks instead of ${expected}.`);
  if (!utf8()) throw new Error("The UTF-8 check refuses the body.");
  for (const wrong of WRONG) {
    new Uint8Array(exports.memory.buffer).set([...bytesOf(wrong), 0x20, 0x20]);
    if (exports.utf8(0, 16)) throw new Error(`The UTF-8 check accepts ${wrong}.`);
  }
  const decoder = new TextDecoder("utf-8", { fatal: true });
  return [
    { name: COPY, run: () => target.set(body) },
    { name: SCAN, run: marks },
    { name: UTF8, run: utf8 },
    { name: DECODE, run: () => decoder.decode(body).length },
  ];
}
