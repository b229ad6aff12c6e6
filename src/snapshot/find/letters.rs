//! Which characters stand in a text, letter case apart, and in a short one which stand side by side. A text without what is
//! looked for need not be read, and mostly not be fetched from memory.

use wide::gather;

/// The kinds of bytes that a text has, a bit each, and its pairs of neighbours, some of which share a bit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Letters {
    kinds: u64,
    pairs: u64,
}

/// Longer texts have so many pairs that these would tell nothing.
const SHORT: usize = 96;

/// Bytes from 0x80 up share a bit with `@` and the grave accent.
const BEYOND_ASCII: u64 = 1 << 32;
/// The bit of `^` and `~`, which are looked for so rarely that it serves better here.
const NOT_TOLD: u64 = 1 << 62;

/// The bit of a byte. Control characters have none, and two others lent theirs.
const fn bit(byte: u8) -> u64 {
    let column = 1 << (byte & 15);
    match byte >> 4 {
        2 => column,
        3 => column << 16,
        4 | 6 => column << 32,
        5 | 7 => (column << 48) & !NOT_TOLD,
        0 | 1 => 0,
        _ => BEYOND_ASCII,
    }
}

/// The bit of two neighbours.
fn pair(one: u8, other: u8) -> u64 {
    let hash = u32::from(one.to_ascii_lowercase()).wrapping_mul(0x9e37) ^ u32::from(other.to_ascii_lowercase());
    1 << (hash.wrapping_mul(0x9e37_79b1) >> 26)
}

fn pairs(bytes: &[u8]) -> u64 {
    bytes.iter().zip(bytes.iter().skip(1)).fold(0, |bits, (one, other)| bits | pair(*one, *other))
}

impl Letters {
    /// Of a text that these bits cannot speak for: it has to be read.
    pub(super) const NOT_TOLD: Letters = Letters { kinds: u64::MAX, pairs: u64::MAX };

    /// Of a text that nobody has looked at yet.
    pub(super) const UNSEEN: Letters = Letters { kinds: !NOT_TOLD, pairs: u64::MAX };

    pub(super) fn of(bytes: &[u8]) -> Letters {
        let pairs = if bytes.len() > SHORT { u64::MAX } else { pairs(bytes) };
        Letters { kinds: gather(bytes) & !NOT_TOLD, pairs }
    }

    /// What stands in every text that has these bytes in a row, but for the case of letters from beyond ASCII.
    pub(super) fn wanted(bytes: &[u8]) -> Letters {
        let kinds = bytes.iter().fold(0, |bits, byte| bits | bit(*byte));
        let plain = |(one, other): (&u8, &u8)| if one.is_ascii() && other.is_ascii() { pair(*one, *other) } else { 0 };
        let pairs = bytes.iter().zip(bytes.iter().skip(1)).map(plain).fold(0, |bits, pair| bits | pair);
        Letters { kinds, pairs }
    }

    #[inline(always)]
    pub(super) fn has_all(self, wanted: Letters) -> bool {
        (wanted.kinds & !self.kinds) | (wanted.pairs & !self.pairs) == 0
    }

    /// Whether the bits cannot speak for the text.
    #[inline(always)]
    pub(super) fn is_not_told(self) -> bool {
        self.kinds & NOT_TOLD != 0
    }

    /// Whether nobody has looked at the text yet. A text with all characters that there are looks the same, which makes no
    /// answer another one.
    #[inline(always)]
    pub(super) fn is_unseen(self) -> bool {
        self == Letters::UNSEEN
    }

    /// Whether the bits speak for the text.
    #[inline(always)]
    pub(super) fn are_known(self) -> bool {
        !(self.is_not_told() || self.is_unseen())
    }

    /// Whether the bit of an ASCII character tells of it alone, in both cases of its letter.
    pub(super) fn tells(byte: u8) -> bool {
        byte.is_ascii_alphanumeric() || matches!(byte, b' '..=b'?')
    }
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod wide {
    use super::BEYOND_ASCII;
    use core::arch::wasm32::{
        i8x16_bitmask, i8x16_swizzle, u8x16, u8x16_splat, u8x16_sub, u64x2, u64x2_extract_lane, v128, v128_or,
    };

    const LANES: usize = 16;

    /// What was met so far: for each of the four rows of sixteen characters its left and its right half.
    struct Met([v128; 8], v128);

    impl Met {
        #[inline(always)]
        fn add(&mut self, bytes: &[u8; LANES]) {
            let (low, high) = (bytes.first_chunk(), bytes.last_chunk());
            let word = |word: Option<&[u8; 8]>| word.map_or(0, |word| u64::from_le_bytes(*word));
            let lanes = u64x2(word(low), word(high));
            let folded = v128_or(lanes, u8x16_splat(0x20));
            let left = u8x16(1, 2, 4, 8, 16, 32, 64, 128, 0, 0, 0, 0, 0, 0, 0, 0);
            let right = u8x16(0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128);
            let Met([a, b, c, d, e, f, g, h], any) = self;
            // Whatever stands in no place of the row gives nothing.
            let row = |first: u8, lanes: v128, one: &mut v128, other: &mut v128| {
                let place = u8x16_sub(lanes, u8x16_splat(first));
                *one = v128_or(*one, i8x16_swizzle(left, place));
                *other = v128_or(*other, i8x16_swizzle(right, place));
            };
            row(0x20, lanes, a, b);
            row(0x30, lanes, c, d);
            row(0x60, folded, e, f);
            row(0x70, folded, g, h);
            *any = v128_or(*any, lanes);
        }

        fn bits(&self) -> u64 {
            let byte = |lanes: v128| {
                let bits = u64x2_extract_lane::<0>(lanes) | u64x2_extract_lane::<1>(lanes);
                let bits = bits | bits >> 32;
                let bits = bits | bits >> 16;
                (bits | bits >> 8) & 0xff
            };
            let bits = self.0.iter().rev().fold(0, |bits, lanes| bits << 8 | byte(*lanes));
            if i8x16_bitmask(self.1) == 0 { bits } else { bits | BEYOND_ASCII }
        }
    }

    pub(super) fn gather(bytes: &[u8]) -> u64 {
        let zero = u8x16_splat(0);
        let mut met = Met([zero; 8], zero);
        let (whole, rest) = bytes.as_chunks::<LANES>();
        for lanes in whole {
            met.add(lanes);
        }
        match bytes.last_chunk() {
            _ if rest.is_empty() => {}
            // Some bytes are met twice, which changes nothing.
            Some(last) => met.add(last),
            None => {
                let mut last = [0; LANES];
                last.iter_mut().zip(rest).for_each(|(slot, byte)| *slot = *byte);
                met.add(&last);
            }
        }
        met.bits()
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod wide {
    use super::bit;

    const BITS: [u64; 256] = {
        let mut bits = [0; 256];
        let mut byte = 0;
        while byte < 256 {
            #[allow(clippy::indexing_slicing, clippy::cast_possible_truncation)]
            {
                bits[byte] = bit(byte as u8);
            }
            byte += 1;
        }
        bits
    };

    pub(super) fn gather(bytes: &[u8]) -> u64 {
        bytes.iter().fold(0, |bits, byte| bits | BITS.get(usize::from(*byte)).copied().unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_its_own_bytes_in_both_cases_and_says_no_to_others() {
        let text = Letters::of(b"Order_17: a \xc3\xbc");
        let may_have = |byte: u8| text.has_all(Letters::wanted(&[byte]));
        for byte in b"oORDdr_17:a \xc3\xff" {
            assert!(may_have(*byte), "{byte}");
        }
        for byte in b"xX290;-.bq" {
            assert!(!may_have(*byte), "{byte}");
        }
        assert!(!text.is_not_told() && !Letters::of(b"^~").is_not_told());
        assert!(Letters::NOT_TOLD.is_not_told() && Letters::NOT_TOLD.has_all(text));
        // What has no bit is never missed.
        assert!(may_have(b'^') && may_have(b'\n'));
    }

    #[test]
    fn a_short_text_has_its_own_neighbours_alone() {
        let has = |text: &str, part: &str| Letters::of(text.as_bytes()).has_all(Letters::wanted(part.as_bytes()));
        assert!(has("reorder", "order") && has("ReOrDer", "order") && has("m\u{fc}ller", "m\u{fc}ller"));
        assert!(has("m\u{fc}ller", "M\u{dc}ller".to_lowercase().as_str()));
        assert!(!has("redo rr", "order"));
        assert!(has(&"redo rr".repeat(20), "order"), "of a long text neighbours are not told");
    }

    #[test]
    fn a_bit_that_tells_of_a_character_tells_of_no_other() {
        for byte in (0..128).filter(|byte| Letters::tells(*byte)) {
            let same: Vec<u8> = (0..=255).filter(|other| bit(*other) == bit(byte)).collect();
            assert!(same.iter().all(|other| other.eq_ignore_ascii_case(&byte)), "{byte}: {same:?}");
        }
    }
}
