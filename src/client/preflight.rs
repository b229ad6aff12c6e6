//! What a request costs where a browser asks for permission first: across origins every URL that a token goes to is preceded by an
//! `OPTIONS`, and a tenant may count it.

use crate::platform::Platform;
use std::cell::RefCell;
use std::hash::{DefaultHasher, Hash, Hasher};

/// For so long a browser keeps a permission that does not say for how long (Fetch §4.9), in ms.
const KEPT_MS: f64 = 5_000.0;

/// The permissions that the browser has.
pub(crate) struct Preflights {
    counted: bool,
    /// URLs that were sent, by hash, with the time.
    recent: RefCell<Vec<(u64, f64)>>,
}

impl Preflights {
    /// `counted`: whether the tenant counts them.
    pub(super) fn new(counted: bool) -> Preflights {
        Preflights { counted, recent: RefCell::default() }
    }

    /// What a request to a URL counts as that was not sent before: 2 where a preflight goes ahead of it.
    pub(super) fn fresh_cost(&self, platform: &dyn Platform, url: &str) -> usize {
        let across = |own: String| !url.strip_prefix(&own).is_some_and(|rest| rest.starts_with(['/', '?']));
        1 + usize::from(self.counted && platform.own_origin().is_some_and(across))
    }

    /// What a request to a URL counts as.
    pub(super) fn cost(&self, platform: &dyn Platform, url: &str) -> usize {
        let (since, hash) = (platform.monotonic_ms() - KEPT_MS, hash(url));
        if self.recent.borrow().iter().any(|(sent, at)| *sent == hash && *at > since) {
            return 1;
        }
        self.fresh_cost(platform, url)
    }

    /// The request leaves.
    pub(super) fn sent(&self, platform: &dyn Platform, url: &str) {
        if self.counted {
            let now = platform.monotonic_ms();
            let hash = hash(url);
            let mut recent = self.recent.borrow_mut();
            recent.retain(|(sent, at)| *sent != hash && *at > now - KEPT_MS);
            recent.push((hash, now));
        }
    }
}

fn hash(url: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    url.hash(&mut hasher);
    hasher.finish()
}
