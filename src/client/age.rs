//! How old something is, by two clocks neither of which can be believed alone.

use crate::platform::Platform;

/// A wall clock that is set back by so little, in ms, is one that is kept right.
const ADJUSTED_MS: f64 = 500.0;

/// One moment on both clocks.
#[derive(Clone, Copy)]
pub(super) struct Moment {
    monotonic_ms: f64,
    wall_ms: f64,
}

impl Moment {
    pub(super) fn now(platform: &dyn Platform) -> Moment {
        Moment { monotonic_ms: platform.monotonic_ms(), wall_ms: platform.wall_ms() }
    }

    /// The larger of both clocks' answers, in ms: one may have slept, the other may have been set. A wall clock that went back
    /// says nothing about the age, which is then beyond any limit.
    pub(super) fn age_ms(self, now: Moment) -> f64 {
        let wall = now.wall_ms - self.wall_ms;
        if wall < -ADJUSTED_MS { f64::INFINITY } else { wall.max(now.monotonic_ms - self.monotonic_ms) }
    }
}

/// An age that adds up what passes between looks: jumps that make up for each other are seen where there is a look between.
pub(super) struct Age {
    ms: f64,
    looked: Moment,
}

impl Age {
    pub(super) fn since(looked: Moment) -> Age {
        Age { ms: 0.0, looked }
    }

    /// In ms.
    pub(super) fn look(&mut self, now: Moment) -> f64 {
        self.ms += self.looked.age_ms(now);
        self.looked = now;
        self.ms
    }
}
