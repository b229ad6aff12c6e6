//! Which tokens are valid, for whom and for how long.

use std::collections::HashMap;
use std::time::Duration;

/// Issued tokens are kept until they expire; beyond this many the oldest go first.
const MAX_TOKENS: usize = 10_000;

/// What a token allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Grant {
    pub(super) client: String,
    pub(super) scopes: Vec<String>,
    expires: Duration,
}

impl Grant {
    pub(super) fn allows(&self, scope: &str) -> bool {
        self.scopes.iter().any(|held| held == scope)
    }
}

/// The issued tokens. No Debug on purpose: it would print them.
#[derive(Default)]
pub(super) struct Tokens {
    grants: HashMap<String, Grant>,
}

impl Tokens {
    pub(super) fn add(&mut self, token: String, client: &str, scopes: Vec<String>, now: Duration, life: Duration) {
        self.grants.retain(|_, grant| grant.expires > now);
        if self.grants.len() >= MAX_TOKENS {
            let oldest = self.grants.iter().min_by_key(|(_, grant)| grant.expires).map(|(token, _)| token.clone());
            oldest.and_then(|token| self.grants.remove(&token));
        }
        let expires = now.saturating_add(life);
        self.grants.insert(token, Grant { client: client.to_owned(), scopes, expires });
    }

    /// What a token allows now; nothing from the moment on which it expires.
    pub(super) fn check(&self, token: &str, now: Duration) -> Option<Grant> {
        self.grants.get(token).filter(|grant| grant.expires > now).cloned()
    }

    pub(super) fn clear(&mut self) {
        self.grants.clear();
    }
}
