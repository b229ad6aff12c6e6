//! Whether something takes as long as what it is given, by two times that are compared with each other and with nothing else.

use std::time::{Duration, Instant};

/// How long it takes. Less than can be told apart counts as that.
#[allow(clippy::disallowed_methods, reason = "two times are compared with each other, and with nothing else")]
pub(crate) fn time(run: impl FnOnce()) -> Duration {
    let began = Instant::now();
    run();
    began.elapsed().max(Duration::from_micros(50))
}

/// Whether the long one takes at most `most` times as long as the short one.
///
/// By the shortest times of at most five runs: whatever else the machine does only adds to them.
pub(crate) fn grows_at_most(
    most: u32,
    mut short: impl FnMut() -> Duration,
    mut long: impl FnMut() -> Duration,
) -> bool {
    let (mut for_short, mut for_long) = (Duration::MAX, Duration::MAX);
    (0..5).any(|_| {
        for_long = for_long.min(long());
        (0..3).for_each(|_| for_short = for_short.min(short()));
        for_long <= for_short * most
    })
}
