//! Sixteen bytes at once: questions about all of them, answered by one bit a byte, the first byte's lowest.
//!
//! With WebAssembly's `simd128` each question is an instruction or two; without it, and natively, two words of eight bytes
//! are asked. Both give the same bits, so that what is built on them is tested everywhere.

pub(super) use wide::Block;

/// How many bytes a block has.
pub(super) const BYTES: usize = 16;

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod wide {
    use core::arch::wasm32::{
        i8x16_bitmask, i8x16_swizzle, u8x16_eq, u8x16_lt, u8x16_shr, u8x16_splat, u64x2, v128, v128_and, v128_or,
    };

    #[derive(Clone, Copy)]
    pub(in super::super) struct Block(v128);

    fn bits(lanes: v128) -> u32 {
        u32::from(i8x16_bitmask(lanes))
    }

    impl Block {
        #[inline(always)]
        pub(in super::super) fn at(bytes: &[u8], at: usize) -> Option<Block> {
            let (low, rest) = bytes.get(at..)?.split_first_chunk::<8>()?;
            let high = rest.first_chunk::<8>()?;
            Some(Block(u64x2(u64::from_le_bytes(*low), u64::from_le_bytes(*high))))
        }

        /// The bytes that are this one.
        #[inline(always)]
        pub(in super::super) fn is(self, byte: u8) -> u32 {
            bits(u8x16_eq(self.0, u8x16_splat(byte)))
        }

        /// Quotes, backslashes and control characters: what ends a plain run of a string.
        #[inline(always)]
        pub(in super::super) fn stops(self) -> u32 {
            let quote = u8x16_eq(self.0, u8x16_splat(b'"'));
            let backslash = u8x16_eq(self.0, u8x16_splat(b'\\'));
            bits(v128_or(v128_or(quote, backslash), u8x16_lt(self.0, u8x16_splat(0x20))))
        }

        /// Control characters.
        #[inline(always)]
        pub(in super::super) fn controls(self) -> u32 {
            bits(u8x16_lt(self.0, u8x16_splat(0x20)))
        }

        /// Bytes from 0x80 up.
        #[inline(always)]
        pub(in super::super) fn high(self) -> u32 {
            bits(self.0)
        }

        /// The letters of the escapes that stand for one character: `"`, `\`, `/`, `b`, `f`, `n`, `r` and `t`.
        #[inline(always)]
        pub(in super::super) fn short_escapes(self) -> u32 {
            // A bit for each upper half of a byte (2, 5, 6, 7), and which of them each lower half goes with.
            let uppers = u64x2(0x0804_0200_0001_0000, 0);
            let lowers = u64x2(0x0004_0008_000d_0000, 0x0104_0002_0000_0000);
            let upper = i8x16_swizzle(uppers, u8x16_shr(self.0, 4));
            let lower = i8x16_swizzle(lowers, v128_and(self.0, u8x16_splat(0x0f)));
            !bits(u8x16_eq(v128_and(upper, lower), u8x16_splat(0))) & 0xffff
        }
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod wide {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    const HIGH: u64 = 0x8080_8080_8080_8080;

    #[derive(Clone, Copy)]
    pub(in super::super) struct Block(u64, u64);

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

    const fn short_escape(word: u64) -> u64 {
        let marks = equal(word, b'"') | equal(word, b'\\') | equal(word, b'/');
        let letters = equal(word, b'b') | equal(word, b'f') | equal(word, b'n') | equal(word, b'r');
        marks | letters | equal(word, b't')
    }

    /// Gathers the highest bits of eight bytes, the first byte's lowest.
    const fn gather(high: u64) -> u32 {
        ((high >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56) as u32
    }

    impl Block {
        fn ask(self, question: impl Fn(u64) -> u64) -> u32 {
            gather(question(self.0)) | gather(question(self.1)) << 8
        }

        #[inline(always)]
        pub(in super::super) fn at(bytes: &[u8], at: usize) -> Option<Block> {
            let (low, rest) = bytes.get(at..)?.split_first_chunk::<8>()?;
            let high = rest.first_chunk::<8>()?;
            Some(Block(u64::from_le_bytes(*low), u64::from_le_bytes(*high)))
        }

        pub(in super::super) fn is(self, byte: u8) -> u32 {
            self.ask(|word| equal(word, byte))
        }

        pub(in super::super) fn stops(self) -> u32 {
            // Mostly there are none, which is cheaper to see than where they are.
            if stop(self.0) | stop(self.1) == 0 { 0 } else { self.ask(stop) }
        }

        pub(in super::super) fn controls(self) -> u32 {
            self.ask(control)
        }

        pub(in super::super) fn high(self) -> u32 {
            self.ask(|word| word & HIGH)
        }

        pub(in super::super) fn short_escapes(self) -> u32 {
            self.ask(short_escape)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bits(wanted: impl Fn(u8) -> bool, bytes: &[u8]) -> u32 {
        bytes.iter().enumerate().fold(0, |bits, (place, byte)| bits | u32::from(wanted(*byte)) << place)
    }

    #[test]
    fn every_byte_is_told_in_every_place() {
        for byte in 0..=u8::MAX {
            for place in 0..BYTES {
                let mut bytes = [b'x'; BYTES];
                bytes[place] = byte;
                bytes[(place + 1) % BYTES] = byte.wrapping_add(1);
                let block = Block::at(&bytes, 0).unwrap();
                let stop = |byte| byte < 0x20 || byte == b'"' || byte == b'\\';
                assert_eq!(block.stops(), bits(stop, &bytes), "{bytes:?}");
                assert_eq!(block.controls(), bits(|byte| byte < 0x20, &bytes), "{bytes:?}");
                assert_eq!(block.high(), bits(|byte| byte >= 0x80, &bytes), "{bytes:?}");
                assert_eq!(block.is(b'"'), bits(|byte| byte == b'"', &bytes), "{bytes:?}");
                assert_eq!(block.short_escapes(), bits(|byte| b"\"\\/bfnrt".contains(&byte), &bytes), "{bytes:?}");
            }
        }
    }

    #[test]
    fn the_end_is_no_block() {
        assert!(Block::at(&[0; 20], 4).is_some());
        assert!(Block::at(&[0; 20], 5).is_none());
        assert!(Block::at(&[0; 20], usize::MAX).is_none());
    }
}
