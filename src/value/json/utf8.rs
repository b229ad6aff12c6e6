//! Whether bytes are UTF-8.

/// Where bytes stop being UTF-8, if they do.
///
/// ```
/// use cognigy_session_debugger::value::json::not_utf8_at;
/// assert_eq!(not_utf8_at("größer".as_bytes()), None);
/// assert_eq!(not_utf8_at(b"gr\xf6\xdfer"), Some(2));
/// ```
pub fn not_utf8_at(bytes: &[u8]) -> Option<usize> {
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    if wide::is_utf8(bytes) {
        return None;
    }
    std::str::from_utf8(bytes).err().map(|fault| fault.valid_up_to())
}

/// Sixteen bytes at once, after Keiser and Lemire, "Validating UTF-8 in less than one instruction per byte" (2021).
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod wide {
    use core::arch::wasm32::{
        i8x16_bitmask, i8x16_shuffle, i8x16_swizzle, u8x16, u8x16_splat, u8x16_sub_sat, u16x8_shr, u64x2, v128,
        v128_and, v128_any_true, v128_or, v128_xor,
    };

    const LANES: usize = 16;
    const BLOCK: usize = 4 * LANES;

    // What can be wrong with a byte and the one before it, a bit each.
    const TOO_SHORT: u8 = 1;
    const TOO_LONG: u8 = 2;
    const OVERLONG_3: u8 = 4;
    const TOO_LARGE: u8 = 8;
    const SURROGATE: u8 = 16;
    const OVERLONG_2: u8 = 32;
    /// From U+140000 up, and what four bytes say that need fewer: no byte can be both.
    const FAR_TOO_LARGE_OR_OVERLONG_4: u8 = 64;
    const TWO_CONTINUATIONS: u8 = 128;
    /// Does not depend on the lower half of the byte before.
    const ANY: u8 = TOO_SHORT | TOO_LONG | TWO_CONTINUATIONS;

    pub(super) fn is_utf8(bytes: &[u8]) -> bool {
        let (blocks, rest) = bytes.as_chunks::<BLOCK>();
        let mut before = u8x16_splat(0);
        let mut found = u8x16_splat(0);
        for block in blocks {
            (before, found) = check(before, found, block);
        }
        // What the last character lacks shows at the zeros behind it.
        let mut last = [0; BLOCK];
        last.iter_mut().zip(rest).for_each(|(slot, byte)| *slot = *byte);
        !v128_any_true(check(before, found, &last).1)
    }

    /// Adds the faults of a block; gives its last lanes too.
    #[inline(always)]
    fn check(before: v128, found: v128, block: &[u8; BLOCK]) -> (v128, v128) {
        let word =
            |at: usize| block.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |word| u64::from_le_bytes(*word));
        let lanes = |at| u64x2(word(at), word(at + 8));
        let (a, b, c, d) = (lanes(0), lanes(LANES), lanes(2 * LANES), lanes(3 * LANES));
        // Sixteen bytes would be quicker to step over, but harder to foresee.
        let any = v128_or(v128_or(before, a), v128_or(v128_or(b, c), d));
        if i8x16_bitmask(any) == 0 {
            return (d, found);
        }
        let found = v128_or(found, v128_or(faults(before, a), faults(a, b)));
        (d, v128_or(found, v128_or(faults(b, c), faults(c, d))))
    }

    /// The upper half of each byte.
    #[inline(always)]
    fn upper(lanes: v128) -> v128 {
        v128_and(u16x8_shr(lanes, 4), u8x16_splat(0x0f))
    }

    #[inline(always)]
    fn faults(before: v128, bytes: v128) -> v128 {
        // The bytes one, two and three places before each.
        let one = i8x16_shuffle::<15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30>(before, bytes);
        let two = i8x16_shuffle::<14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29>(before, bytes);
        let three = i8x16_shuffle::<13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28>(before, bytes);
        let upper_of_first = {
            const L: u8 = TOO_LONG;
            const T: u8 = TWO_CONTINUATIONS;
            const C: u8 = TOO_SHORT | OVERLONG_2;
            const E: u8 = TOO_SHORT | OVERLONG_3 | SURROGATE;
            const F: u8 = TOO_SHORT | TOO_LARGE | FAR_TOO_LARGE_OR_OVERLONG_4;
            i8x16_swizzle(u8x16(L, L, L, L, L, L, L, L, T, T, T, T, C, TOO_SHORT, E, F), upper(one))
        };
        let lower_of_first = {
            const ZERO: u8 = ANY | OVERLONG_3 | OVERLONG_2 | FAR_TOO_LARGE_OR_OVERLONG_4;
            const ONE: u8 = ANY | OVERLONG_2;
            const FOUR: u8 = ANY | TOO_LARGE;
            const L: u8 = FOUR | FAR_TOO_LARGE_OR_OVERLONG_4;
            const D: u8 = L | SURROGATE;
            let table = u8x16(ZERO, ONE, ANY, ANY, FOUR, L, L, L, L, L, L, L, L, D, L, L);
            i8x16_swizzle(table, v128_and(one, u8x16_splat(0x0f)))
        };
        let upper_of_second = {
            const S: u8 = TOO_SHORT;
            const ALL: u8 = TOO_LONG | OVERLONG_2 | TWO_CONTINUATIONS;
            const EIGHT: u8 = ALL | OVERLONG_3 | FAR_TOO_LARGE_OR_OVERLONG_4;
            const NINE: u8 = ALL | OVERLONG_3 | TOO_LARGE;
            const A: u8 = ALL | SURROGATE | TOO_LARGE;
            i8x16_swizzle(u8x16(S, S, S, S, S, S, S, S, EIGHT, NINE, A, A, S, S, S, S), upper(bytes))
        };
        let pairs = v128_and(v128_and(upper_of_first, lower_of_first), upper_of_second);
        // Behind the first byte of three or of four a second continuation has to stand, and is no fault.
        let of_three = u8x16_sub_sat(two, u8x16_splat(0xe0 - 0x80));
        let of_four = u8x16_sub_sat(three, u8x16_splat(0xf0 - 0x80));
        let wanted = v128_and(v128_or(of_three, of_four), u8x16_splat(0x80));
        v128_xor(wanted, pairs)
    }
}
