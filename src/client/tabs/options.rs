//! How the tabs of one origin go together.

use crate::client::ledger::RateLimit;

/// How the tabs of one origin go together.
#[derive(Debug, Clone, PartialEq)]
pub struct TabsOptions {
    /// Tabs with the same name share: the tenant and the user, say. Only a hash of it is told to anybody.
    pub name: String,
    /// What all of them may send. Of several limits the lowest holds. Default: 100 per 60,000 ms.
    pub rate: RateLimit,
    /// Per attempt, in ms: who has a right to send and is not heard of for twice as long is taken to have used it.
    /// Default: 15,000.
    pub timeout_ms: f64,
    /// Whether a token travels to other tabs over a channel that any script of the origin can listen to. Default: no, each
    /// tab gets its own, one after the other.
    pub share_token: bool,
}

impl TabsOptions {
    /// Everything else by default.
    pub fn new(name: impl Into<String>) -> TabsOptions {
        TabsOptions { name: name.into(), rate: RateLimit::default(), timeout_ms: 15_000.0, share_token: false }
    }
}
