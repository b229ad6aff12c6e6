//! Sixty-four bytes at once: questions about all of them, answered by one bit a byte, the first byte's lowest.
//!
//! With WebAssembly's `simd128` each question is some instructions for sixteen bytes; without it, and natively, words of
//! eight bytes are asked. Both give the same bits, so that what is built on them is tested everywhere.

pub(crate) use wide::Block;

/// How many bytes a block has.
pub(crate) const BYTES: usize = 64;

impl Block {
    /// The bytes from `at` on. Where they end zeros stand, which are control characters.
    #[inline(always)]
    pub(crate) fn at(bytes: &[u8], at: usize) -> Block {
        let rest = bytes.get(at..).unwrap_or_default();
        rest.first_chunk().map_or_else(|| Block::new(&padded(rest)), Block::new)
    }
}

#[inline(never)]
fn padded(rest: &[u8]) -> [u8; BYTES] {
    let mut block = [0; BYTES];
    block.iter_mut().zip(rest).for_each(|(slot, byte)| *slot = *byte);
    block
}

/// The eight bytes from `at` on.
#[inline(always)]
fn word(block: &[u8; BYTES], at: usize) -> u64 {
    block.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |word| u64::from_le_bytes(*word))
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod wide {
    use super::{BYTES, word};
    use core::arch::wasm32::{
        i8x16_bitmask, u8x16_eq, u8x16_min, u8x16_splat, u8x16_sub_sat, u64x2, v128, v128_any_true, v128_or, v128_xor,
    };

    #[derive(Clone, Copy)]
    pub(crate) struct Block(v128, v128, v128, v128);

    impl Block {
        #[inline(always)]
        pub(super) fn new(bytes: &[u8; BYTES]) -> Block {
            let lanes = |at| u64x2(word(bytes, at), word(bytes, at + 8));
            Block(lanes(0), lanes(16), lanes(32), lanes(48))
        }

        #[inline(always)]
        fn ask(self, question: impl Fn(v128) -> v128) -> u64 {
            let bits = |lanes| u64::from(i8x16_bitmask(question(lanes)));
            bits(self.0) | bits(self.1) << 16 | bits(self.2) << 32 | bits(self.3) << 48
        }

        /// The bytes that are this one.
        #[inline(always)]
        pub(in super::super) fn is(self, byte: u8) -> u64 {
            self.ask(|lanes| u8x16_eq(lanes, u8x16_splat(byte)))
        }

        /// The bytes that are this one once the bits of `set` are set.
        #[inline(always)]
        pub(crate) fn is_with(self, byte: u8, set: u8) -> u64 {
            self.ask(|lanes| u8x16_eq(v128_or(lanes, u8x16_splat(set)), u8x16_splat(byte)))
        }

        /// Whether any of [`Block::is_with`]'s bytes is there, which takes less to tell than where they are.
        #[inline(always)]
        pub(crate) fn has_with(self, byte: u8, set: u8) -> bool {
            let fit = |lanes| u8x16_eq(v128_or(lanes, u8x16_splat(set)), u8x16_splat(byte));
            v128_any_true(v128_or(v128_or(fit(self.0), fit(self.1)), v128_or(fit(self.2), fit(self.3))))
        }

        /// Quotes, backslashes and control characters: what ends a plain run of a string.
        #[inline(always)]
        pub(in super::super) fn stops(self) -> u64 {
            self.ask(|lanes| {
                // Swaps the quote with the space, so that it stands right behind the control characters. What is left of
                // them by the subtraction, and of the backslash by its mask, is zero.
                let beyond = u8x16_sub_sat(v128_xor(lanes, u8x16_splat(2)), u8x16_splat(0x20));
                let backslash = v128_xor(lanes, u8x16_splat(b'\\'));
                u8x16_eq(u8x16_min(beyond, backslash), u8x16_splat(0))
            })
        }

        /// Bytes from 0x80 up.
        #[inline(always)]
        pub(in super::super) fn high(self) -> u64 {
            self.ask(|lanes| lanes)
        }

        /// Whether there is any byte from 0x80 up.
        #[inline(always)]
        pub(in super::super) fn any_high(self) -> bool {
            i8x16_bitmask(v128_or(v128_or(self.0, self.1), v128_or(self.2, self.3))) != 0
        }
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod wide {
    use super::{BYTES, word};

    const ONES: u64 = 0x0101_0101_0101_0101;
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    const HIGH: u64 = 0x8080_8080_8080_8080;

    #[derive(Clone, Copy)]
    pub(crate) struct Block([u64; BYTES / 8]);

    /// The highest bit of each byte that is zero.
    const fn zeros(word: u64) -> u64 {
        !(((word & LOW) + LOW) | word | LOW)
    }

    /// The highest bit of each byte that is this one.
    const fn equal(word: u64, byte: u8) -> u64 {
        zeros(word ^ (ONES * byte as u64))
    }

    /// The highest bit of each byte below 0x20.
    const fn control(word: u64) -> u64 {
        zeros(word & (ONES * 0xe0))
    }

    const fn stop(word: u64) -> u64 {
        equal(word, b'"') | equal(word, b'\\') | control(word)
    }

    /// Gathers the highest bits of eight bytes, the first byte's lowest.
    const fn gather(high: u64) -> u64 {
        (high >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
    }

    impl Block {
        #[inline(always)]
        pub(super) fn new(bytes: &[u8; BYTES]) -> Block {
            Block(core::array::from_fn(|place| word(bytes, place * 8)))
        }

        #[inline(always)]
        fn ask(self, question: impl Fn(u64) -> u64) -> u64 {
            self.0.iter().rev().fold(0, |bits, word| bits << 8 | gather(question(*word)))
        }

        pub(in super::super) fn is(self, byte: u8) -> u64 {
            self.ask(|word| equal(word, byte))
        }

        pub(crate) fn is_with(self, byte: u8, set: u8) -> u64 {
            self.ask(|word| equal(word | (ONES * u64::from(set)), byte))
        }

        pub(crate) fn has_with(self, byte: u8, set: u8) -> bool {
            let set = ONES * u64::from(set);
            self.0.iter().fold(0, |all, word| all | equal(word | set, byte)) != 0
        }

        pub(in super::super) fn stops(self) -> u64 {
            // Mostly there are none, which is cheaper to see than where they are.
            if self.0.iter().all(|word| stop(*word) == 0) { 0 } else { self.ask(stop) }
        }

        pub(in super::super) fn high(self) -> u64 {
            self.ask(|word| word & HIGH)
        }

        pub(in super::super) fn any_high(self) -> bool {
            self.0.iter().fold(0, |all, word| all | word) & HIGH != 0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bits(wanted: impl Fn(u8) -> bool, bytes: &[u8]) -> u64 {
        bytes.iter().enumerate().fold(0, |bits, (place, byte)| bits | u64::from(wanted(*byte)) << place)
    }

    #[test]
    fn every_byte_is_told_in_every_place() {
        for byte in 0..=u8::MAX {
            for place in 0..BYTES {
                let mut bytes = [b'x'; BYTES];
                bytes[place] = byte;
                bytes[(place + 1) % BYTES] = byte.wrapping_add(1);
                let block = Block::at(&bytes, 0);
                let stop = |byte| byte < 0x20 || byte == b'"' || byte == b'\\';
                assert_eq!(block.stops(), bits(stop, &bytes), "{bytes:?}");
                assert_eq!(block.high(), bits(|byte| byte >= 0x80, &bytes), "{bytes:?}");
                assert_eq!(block.any_high(), block.high() != 0, "{bytes:?}");
                assert_eq!(block.is_with(b'k', 0x20), bits(|byte| byte | 0x20 == b'k', &bytes), "{bytes:?}");
                assert_eq!(block.has_with(b'k', 0x20), block.is_with(b'k', 0x20) != 0, "{bytes:?}");
                assert_eq!(block.is(b'"'), bits(|byte| byte == b'"', &bytes), "{bytes:?}");
            }
        }
    }

    #[test]
    fn behind_the_end_stand_zeros() {
        for at in 0..=BYTES {
            let block = Block::at(&[b'x'; BYTES], at);
            assert_eq!(block.stops(), u64::MAX.checked_shl(64 - u32::try_from(at).unwrap()).unwrap_or(0));
        }
        assert_eq!(Block::at(&[b'x'; 20], usize::MAX).is(0), u64::MAX);
    }
}
