//! Waiting for something, but not for ever.

use crate::platform::{Lock, Platform};
use futures_util::future::{Either, select};
use std::cell::Cell;
use std::future::Future;
use std::pin::pin;

/// The result of a future, or `None` once `ms` milliseconds are over; the future is dropped then.
pub(crate) async fn within<T>(platform: &dyn Platform, ms: f64, future: impl Future<Output = T>) -> Option<T> {
    match select(pin!(future), platform.sleep(ms)).await {
        Either::Left((value, _)) => Some(value),
        Either::Right(_) => None,
    }
}

/// Nobody waits longer for a lock, in ms: a tab that was halted keeps its own, as does one that waits for an endpoint that is silent.
const TURN_MS: f64 = 10_000.0;

/// A lock, if there are locks and nobody keeps it for too long. Whoever goes on without it has another way not to be in others'.
pub(crate) async fn turn(platform: &dyn Platform, name: &str) -> Option<Lock> {
    within(platform, TURN_MS, platform.lock(name)).await.flatten()
}

/// Why a future was given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum GivenUp {
    /// It took too long.
    Over,
    /// It stopped coming.
    Stalled,
}

/// The result of a future, unless it takes longer than `limit_ms`, or no longer shows life for `stall_ms`. `alive` is when
/// it last did, on the monotonic clock; NaN is before the first time, which only the limit is for.
pub(crate) async fn watched<T>(
    platform: &dyn Platform,
    limit_ms: f64,
    stall_ms: f64,
    alive: &Cell<f64>,
    future: impl Future<Output = T>,
) -> Result<T, GivenUp> {
    // One timer for a body of any number of pieces: it looks when the earliest stall can be over.
    let stalled = async {
        let mut quiet_ms = 0.0;
        while quiet_ms < stall_ms {
            platform.sleep(stall_ms - quiet_ms).await;
            let quiet = platform.monotonic_ms() - alive.get();
            quiet_ms = if quiet.is_nan() { 0.0 } else { quiet };
        }
        GivenUp::Stalled
    };
    let over = async {
        platform.sleep(limit_ms).await;
        GivenUp::Over
    };
    match select(pin!(future), select(pin!(over), pin!(stalled))).await {
        Either::Left((value, _)) => Ok(value),
        Either::Right((Either::Left((why, _)) | Either::Right((why, _)), _)) => Err(why),
    }
}

/// When a call has to be over, on the monotonic clock in ms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Deadline(pub(crate) f64);

impl Deadline {
    /// Milliseconds left, at least 0.
    pub(crate) fn remaining(self, platform: &dyn Platform) -> f64 {
        (self.0 - platform.monotonic_ms()).max(0.0)
    }
}
