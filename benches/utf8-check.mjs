/** A check of UTF-8 in WebAssembly, 16 bytes at a time: what nobody who reads bytes as text can do without. */

/**
 * What two neighbours can do wrong, a bit each, as lookups by the halves of the first byte and the upper half of the second
 * (Keiser and Lemire, "Validating UTF-8 in less than one instruction per byte"): wrong is what all three lookups name.
 */
const [SHORT, LONG, OVERLONG_3, LARGE, SURROGATE, OVERLONG_2, LARGER, TWO] = Array.from(
  { length: 8 },
  (_, bit) => 1 << bit,
);
const ANY_LOW = SHORT | LONG | TWO;
const FIRST_HIGH = table([
  ...Array(8).fill(LONG),
  ...Array(4).fill(TWO),
  ...[SHORT | OVERLONG_2, SHORT, SHORT | OVERLONG_3 | SURROGATE, SHORT | LARGE | LARGER],
]);
const FIRST_LOW = table([
  ...[ANY_LOW | OVERLONG_2 | OVERLONG_3 | LARGER, ANY_LOW | OVERLONG_2, ANY_LOW, ANY_LOW, ANY_LOW | LARGE],
  ...Array.from({ length: 11 }, (_, low) => ANY_LOW | LARGE | LARGER | (low === 8 ? SURROGATE : 0)),
]);
const CONTINUES = LONG | TWO | OVERLONG_2;
const SECOND_HIGH = table([
  ...Array(8).fill(SHORT),
  ...[CONTINUES | OVERLONG_3 | LARGER, CONTINUES | OVERLONG_3 | LARGE],
  ...Array(2).fill(CONTINUES | SURROGATE | LARGE),
  ...Array(4).fill(SHORT),
]);

function table(bytes) {
  return `(v128.const i8x16 ${bytes.join(" ")})`;
}

const splat = (byte) => `(i8x16.splat (i32.const ${byte}))`;
const lookup = (bytes, places) => `(i8x16.swizzle ${bytes} ${places})`;
const high = (bytes) => `(i8x16.shr_u ${bytes} (i32.const 4))`;
const low = (bytes) => `(v128.and ${bytes} ${splat(15)})`;
/** The bytes so many places earlier. */
const earlier = (count) => `(i8x16.shuffle ${Array.from({ length: 16 }, (_, at) => at + 16 - count).join(" ")}
  (local.get $before) (local.get $x))`;
const leads = (bytes, least) => `(i8x16.sub_sat_u ${bytes} ${splat(least - 0x80)})`;

const NEIGHBOURS = `(v128.and ${lookup(FIRST_HIGH, high("(local.get $one)"))}
  (v128.and ${lookup(FIRST_LOW, low("(local.get $one)"))} ${lookup(SECOND_HIGH, high("(local.get $x)"))}))`;
const MUST_CONTINUE = `(v128.and ${splat(0x80)} (v128.or ${leads(earlier(2), 0xe0)} ${leads(earlier(3), 0xf0)}))`;

/** `utf8` tells whether what it was shown, since it was shown something from 0, is UTF-8, but for what is missing at the end. */
export const CHECK = `(global $before (mut v128) (v128.const i64x2 0 0))
  (global $wrong (mut v128) (v128.const i64x2 0 0))
  (func (export "utf8") (param $at i32) (param $end i32) (result i32)
    (local $x v128) (local $one v128) (local $before v128) (local $wrong v128)
    (if (local.get $at) (then
      (local.set $before (global.get $before))
      (local.set $wrong (global.get $wrong))))
    (block $done (loop $more
      (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
      (local.set $x (v128.load (local.get $at)))
      (if (i8x16.bitmask (v128.or (local.get $before) (local.get $x))) (then
        (local.set $one ${earlier(1)})
        (local.set $wrong (v128.or (local.get $wrong) (v128.xor ${NEIGHBOURS} ${MUST_CONTINUE})))))
      (local.set $before (local.get $x))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br $more)))
    (global.set $before (local.get $before))
    (global.set $wrong (local.get $wrong))
    (i32.eqz (v128.any_true (local.get $wrong))))`;
