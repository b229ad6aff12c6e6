//! How the store calls what belongs to one receiver. Its URL can hold a key, so that only a hash of it is kept.

use crate::client::fnv::fnv1a_text;

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
    /// The note of whoever sends, where there are no locks.
    pub(super) claim: String,
}

impl Endpoint {
    pub(super) fn of(url: &str) -> Endpoint {
        let hash = fnv1a_text(url.as_bytes());
        let named = |prefix: &str| [prefix, &hash].concat();
        Endpoint {
            waiting: named("p"),
            dead: named("d"),
            disabled: named("x"),
            lock: named("outbox:"),
            claim: named("c"),
        }
    }
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
