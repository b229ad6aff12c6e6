//! A short name for something long, by FNV-1a. Not for secrets: whoever guesses what was hashed can check the guess.

/// The hash.
pub(crate) fn fnv1a(bytes: &[u8]) -> u64 {
    let fold = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, fold)
}

/// The hash in hexadecimal digits.
pub(crate) fn fnv1a_text(bytes: &[u8]) -> String {
    let hash = fnv1a(bytes);
    let digit = |shift: u32| char::from_digit(((hash >> shift) & 15) as u32, 16).unwrap_or('0');
    (0..16).rev().map(|place| digit(place * 4)).collect()
}
