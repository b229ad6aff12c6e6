//! How the store calls what belongs to one receiver. Its URL can hold a key, so that only a hash of it is kept.

/// Names of lists, notes and locks of one receiver.
pub(super) struct Endpoint {
    /// The list of entries that wait.
    pub(super) waiting: String,
    /// The list of entries that were given up.
    pub(super) dead: String,
    /// The note that is set where the receiver is gone.
    pub(super) disabled: String,
    /// The lock of whoever sends.
    pub(super) lock: String,
}

impl Endpoint {
    pub(super) fn of(url: &str) -> Endpoint {
        let hash = fnv1a(url.as_bytes());
        let named = |prefix: &str| [prefix, &hash].concat();
        Endpoint { waiting: named("p"), dead: named("d"), disabled: named("x"), lock: named("outbox:") }
    }
}

/// FNV-1a in hexadecimal digits.
fn fnv1a(bytes: &[u8]) -> String {
    let fold = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325, fold);
    let digit = |shift: u32| char::from_digit(((hash >> shift) & 15) as u32, 16).unwrap_or('0');
    (0..16).rev().map(|place| digit(place * 4)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_published_hash() {
        assert_eq!(Endpoint::of("").waiting, "pcbf29ce484222325");
        assert_eq!(Endpoint::of("foobar").lock, "outbox:85944171f73967e8");
    }
}
