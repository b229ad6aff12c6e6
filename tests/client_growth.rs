//! What was learnt of a limit while somebody else used a part of it, and how that is got back when they are gone.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use cognigy_session_debugger::client::DebuggerOptions;
use cognigy_session_debugger::client::ledger::RateLimit;
use cognigy_session_debugger::platform::{Spawn, VirtualPlatform};
use cognigy_session_debugger::query::VariableQuery;
use futures_util::StreamExt;
use support::tenant::{COUNTINGS, Counting, Tally, Tenant, during, stranger};
use support::{debugger, figure, options};

const WINDOW_MS: f64 = 60_000.0;
const HOUR_MS: f64 = 3_600_000.0;

/// A tenant with a limit of 100 a minute, and one who reads session after session and knows of no limit.
fn world(counting: Counting, hints: bool, stranger_ms: f64, seed: u64) -> (VirtualPlatform, Tally) {
    world_of((100, WINDOW_MS), (10.0, 250.0), counting, hints, stranger_ms, seed)
}

fn world_of(
    (limit, window_ms): (usize, f64),
    travel_ms: (f64, f64),
    counting: Counting,
    hints: bool,
    stranger_ms: f64,
    seed: u64,
) -> (VirtualPlatform, Tally) {
    let platform = VirtualPlatform::new(seed);
    let mut tenant = Tenant::new(counting, limit, window_ms, seed);
    tenant.hints = hints;
    tenant.travel_ms = travel_ms;
    let tally = tenant.tally.clone();
    platform.serve(tenant);
    stranger(&platform, stranger_ms, 2.0 * window_ms / limit as f64);
    platform.run_for(window_ms);
    let unknown = DebuggerOptions { rate_limit: RateLimit::UNKNOWN, ..options() };
    let debugger = debugger(&platform, unknown);
    platform.spawn(Box::pin(async move {
        let queries = (0..100_000).map(|number| VariableQuery::session(format!("s{number}")));
        debugger.snapshots(queries, None).for_each(|_| std::future::ready(())).await;
    }));
    (platform, tally)
}

#[test]
fn what_a_stranger_used_is_found_again_when_the_stranger_is_gone() {
    const SEEDS: u64 = 4;
    for counting in COUNTINGS {
        let (mut before, mut after, mut most) = (usize::MAX, usize::MAX, 0);
        for (seed, hints) in (1..=SEEDS).flat_map(|seed| [(seed, true), (seed, false)]) {
            let (platform, tally) = world(counting, hints, 660_000.0, seed);
            platform.run_for(600_000.0);
            before = before.min(during(&platform, &tally, 600_000.0).0);
            let (_, refused) = during(&platform, &tally, 2.0 * HOUR_MS);
            after = after.min(during(&platform, &tally, 600_000.0).0);
            most = most.max(refused);
        }
        figure(
            "growth",
            format!(
                "{counting:?}, 2 x {SEEDS} seeds: of 1,000 in ten minutes {before} at least as soon as a stranger has gone, {after} two hours later; {most} x 429 at most between"
            ),
        );
        assert!(after >= 600, "{counting:?}: {after}");
        // What a bucket has held can make a trial look good: then one more is refused, and takes it back.
        assert!(most <= if counting == Counting::Bucket { 16 } else { 6 }, "{counting:?}: {most}");
    }
}

/// Each trial is refused once, and the next one is twice as far away.
#[test]
fn where_there_is_no_more_it_is_tried_ever_more_rarely() {
    const SEEDS: u64 = 1;
    for counting in COUNTINGS {
        let mut most = 0;
        for (seed, hints) in (1..=SEEDS).flat_map(|seed| [(seed, true), (seed, false)]) {
            let what = format!("{counting:?}, hints {hints}, seed {seed}");
            let (platform, tally) = world(counting, hints, 0.0, seed);
            platform.run_for(600_000.0);
            let (served, refused) = during(&platform, &tally, 12.0 * HOUR_MS);
            assert!(served >= 71_000, "{what}: {served} of 72,000");
            most = most.max(refused);
            let moments = tally.refused.borrow();
            let late = &moments[moments.len() - refused..];
            assert!(late.windows(2).all(|two| two[1] - two[0] > 5_000.0), "{what}: one at a time: {late:?}");
        }
        figure(
            "growth",
            format!("{counting:?}, 2 x {SEEDS} seeds: {most} x 429 at most in twelve hours of 72,000 reads"),
        );
        assert!(most <= 12, "{counting:?}: {most}");
    }
}

/// Where no shorter window can be tried, more is.
#[test]
fn a_limit_a_second_is_found_again_too() {
    const SEEDS: u64 = 4;
    for counting in COUNTINGS {
        let mut after = usize::MAX;
        for (seed, hints) in (1..=SEEDS).flat_map(|seed| [(seed, true), (seed, false)]) {
            let (platform, tally) = world_of((10, 1_000.0), (5.0, 25.0), counting, hints, 120_000.0, seed);
            platform.run_for(1_320_000.0);
            after = after.min(during(&platform, &tally, 60_000.0).0);
        }
        figure(
            "growth",
            format!(
                "{counting:?}, 2 x {SEEDS} seeds, 10 a second: of 600 in a minute {after} at least after twenty minutes"
            ),
        );
        // A bucket's hints are of a whole second, for a drop of 100 ms.
        assert!(after >= if counting == Counting::Bucket { 340 } else { 500 }, "{counting:?}: {after}");
    }
}
