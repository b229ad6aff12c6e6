//! A bucket that fills drop by drop, as a tenant's may that has no windows. Pure; the time is passed in.

use super::ledger::RateLimit;

/// A copy of the tenant's bucket: every request takes a drop, a refusal shows that none was left.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Drops {
    held: f64,
    each_ms: f64,
    level: f64,
    at: f64,
    spilt: bool,
}

impl Drops {
    /// Was empty at `empty_at`, and `taken` drops were taken since. Holds what the limit allows at once.
    pub(super) fn new(limit: RateLimit, empty_at: f64, taken: usize) -> Drops {
        let each_ms = limit.window_ms / limit.requests as f64;
        Drops { held: limit.requests as f64, each_ms, level: -(taken as f64), at: empty_at, spilt: false }
    }

    /// The same bucket, if it were one of another limit.
    pub(super) fn with(&self, limit: RateLimit) -> Drops {
        Drops { level: self.level, ..Drops::new(limit, self.at, 0) }
    }

    /// A request begins.
    pub(super) fn take(&mut self, now: f64, cost: usize) {
        self.fill(now);
        self.level -= cost as f64;
    }

    /// A request that had begun was never sent.
    pub(super) fn give_back(&mut self, cost: usize) {
        self.level = (self.level + cost as f64).min(self.held);
    }

    /// When there are so many drops.
    pub(super) fn when(&mut self, now: f64, cost: usize) -> f64 {
        self.fill(now);
        now + (cost as f64 - self.level).max(0.0) * self.each_ms
    }

    /// Whether it has run over.
    pub(super) fn spilt(&self) -> bool {
        self.spilt
    }

    fn fill(&mut self, now: f64) {
        let level = self.level + (now - self.at) / self.each_ms;
        self.spilt |= level > self.held;
        (self.level, self.at) = (level.min(self.held), now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r11_what_was_taken_and_not_used_comes_back() {
        let mut drops = Drops::new(RateLimit { requests: 10, window_ms: 10_000.0 }, 0.0, 0);
        assert_eq!(drops.when(10_000.0, 10), 10_000.0);
        drops.take(10_000.0, 10);
        assert_eq!(drops.when(10_000.0, 1), 11_000.0);
        drops.give_back(10);
        assert_eq!(drops.when(10_000.0, 10), 10_000.0);
        drops.give_back(10);
        assert_eq!(drops.when(10_000.0, 11), 11_000.0, "no more than the bucket holds");
    }
}
