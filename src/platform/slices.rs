//! A wait in slices. A background page may run its timers late, and a computer may sleep through them, so both clocks are
//! looked at again after each slice.

use super::traits::Clock;
use std::future::Future;

/// Also keeps every timer below 2^31 ms, beyond which a browser's would fire at once.
const LONGEST_MS: f64 = 60_000.0;

/// Ends `ms` milliseconds from now by whichever clock gets there first. `timer` waits for one slice.
pub(super) async fn sleep_in_slices<F: Future<Output = ()>>(clock: impl Clock, ms: f64, timer: impl Fn(f64) -> F) {
    if ms == f64::INFINITY {
        // Never over, so there is nothing to look at.
        std::future::pending::<()>().await;
    }
    let (monotonic, wall) = (clock.monotonic_ms(), clock.wall_ms());
    loop {
        let passed = (clock.monotonic_ms() - monotonic).max(clock.wall_ms() - wall);
        let left = ms - passed;
        if left.is_nan() || left <= 0.0 {
            return;
        }
        timer(left.min(LONGEST_MS)).await;
    }
}
