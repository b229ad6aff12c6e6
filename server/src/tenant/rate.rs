//! The rate limit: a sliding log of one minute for each client.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

const WINDOW: Duration = Duration::from_secs(60);

/// When each client was served.
#[derive(Debug, Default)]
pub(super) struct RateLog {
    served: HashMap<String, VecDeque<Duration>>,
}

impl RateLog {
    /// Counts one request, or says how long to wait. A refused request does not count.
    pub(super) fn admit(&mut self, client: &str, limit: usize, now: Duration) -> Result<(), Duration> {
        let served = self.served.entry(client.to_owned()).or_default();
        while served.front().is_some_and(|at| at.saturating_add(WINDOW) <= now) {
            served.pop_front();
        }
        // The slot that frees is the oldest of the last `limit`, also after the limit was lowered.
        let blocking = served.len().checked_sub(limit).and_then(|at| served.get(at));
        if let Some(at) = blocking {
            return Err(at.saturating_add(WINDOW).saturating_sub(now));
        }
        served.push_back(now);
        Ok(())
    }

    pub(super) fn clear(&mut self) {
        self.served.clear();
    }
}

/// A wait as `Retry-After` writes it: whole seconds, rounded up, so that who waits that long is served.
pub(super) fn retry_after(wait: Duration) -> String {
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    seconds.max(1).to_string()
}
