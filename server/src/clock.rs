//! Time, passed in: the rate limit, token lifetimes and the broker's cache are tested without waiting.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::sync::lock;

/// What time it is.
pub trait Clock: Send + Sync {
    /// Time since some fixed moment; never goes back.
    fn elapsed(&self) -> Duration;
    /// Time since 1970-01-01 UTC, for dates that people or programs read.
    fn unix(&self) -> Duration;
}

/// A clock that several parts read.
pub type SharedClock = Arc<dyn Clock>;

/// The machine's clocks.
#[derive(Debug)]
pub struct SystemClock {
    start: std::time::Instant,
}

impl SystemClock {
    /// A clock whose `elapsed` starts now.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clocks")]
    pub fn shared() -> SharedClock {
        Arc::new(SystemClock { start: std::time::Instant::now() })
    }
}

impl Clock for SystemClock {
    fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clocks")]
    fn unix(&self) -> Duration {
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default()
    }
}

/// A clock that moves only when told.
#[derive(Debug, Default)]
pub struct ManualClock {
    elapsed: Mutex<Duration>,
}

impl ManualClock {
    /// 2026-01-05 12:00:00 UTC, where `unix` starts.
    pub const START: Duration = Duration::from_secs(1_767_614_400);

    /// A clock at zero.
    pub fn shared() -> Arc<ManualClock> {
        Arc::new(ManualClock::default())
    }

    /// Moves on.
    pub fn advance(&self, by: Duration) {
        let mut elapsed = lock(&self.elapsed);
        *elapsed = elapsed.saturating_add(by);
    }
}

impl Clock for ManualClock {
    fn elapsed(&self) -> Duration {
        *lock(&self.elapsed)
    }

    fn unix(&self) -> Duration {
        ManualClock::START.saturating_add(self.elapsed())
    }
}
