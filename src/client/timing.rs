//! Waiting for something, but not for ever.

use crate::platform::Platform;
use futures_util::future::{Either, select};
use std::future::Future;
use std::pin::pin;

/// The result of a future, or `None` once `ms` milliseconds are over; the future is dropped then.
pub(crate) async fn within<T>(platform: &dyn Platform, ms: f64, future: impl Future<Output = T>) -> Option<T> {
    match select(pin!(future), platform.sleep(ms)).await {
        Either::Left((value, _)) => Some(value),
        Either::Right(_) => None,
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
