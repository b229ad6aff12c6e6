//! How a client goes on where it does not know what is left: at its start, after a long pause, and under several limits.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use cognigy_session_debugger::client::ledger::{Admission, Ledger, RateLimit};
use cognigy_session_debugger::client::limiter::{Limiter, Want};
use cognigy_session_debugger::client::{CallOptions, DebuggerOptions, SessionDebugger};
use cognigy_session_debugger::platform::{Clock, Headers, Random, Reply, Request, Sleep, VirtualPlatform};
use cognigy_session_debugger::query::VariableQuery;
use futures_util::StreamExt;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use support::tenant::{COUNTINGS, Counting, Tenant};
use support::{body, debugger, figure, options};

/// Reads so many sessions; all of them must succeed.
fn sweep(platform: &VirtualPlatform, debugger: &SessionDebugger, sessions: usize, what: &str) {
    let queries = (0..sessions).map(|number| VariableQuery::session(format!("s{number}")));
    let outcomes = debugger.snapshots(queries, None).map(|outcome| outcome.result.err()).collect::<Vec<_>>();
    let failed = platform.run(outcomes).unwrap();
    assert!(failed.iter().all(Option::is_none), "{what}: {failed:?}");
}

/// Whoever may send two hundred at once and knows of no limit.
#[test]
fn the_first_burst_against_an_unknown_limit_is_refused_no_more_than_it_was_let_through() {
    const SEEDS: u64 = 20;
    for limit in [10, 30, 100] {
        let mut most = 0;
        for seed in 1..=SEEDS {
            for counting in COUNTINGS {
                let what = format!("{counting:?}, limit {limit}, seed {seed}");
                let platform = VirtualPlatform::new(seed);
                let tenant = Tenant::new(counting, limit, 60_000.0, seed);
                let tally = tenant.tally.clone();
                platform.serve(tenant);
                let unknown = DebuggerOptions { rate_limit: RateLimit::UNKNOWN, max_concurrent: 200, ..options() };
                let debugger = debugger(&platform, unknown);
                let queries = (0..250).map(|number| VariableQuery::session(format!("s{number}")));
                let outcomes = debugger.snapshots(queries, None).map(drop).collect::<Vec<_>>();
                assert_eq!(platform.run(outcomes).unwrap().len(), 250, "{what}");
                let refused = tally.refused.borrow();
                let first = refused.first().copied().unwrap_or(0.0);
                // All that were under way together.
                let burst = refused.iter().filter(|at| **at < first + 1_000.0).count();
                assert!(burst <= limit + 1, "{what}: {burst}");
                most = most.max(burst);
            }
        }
        figure(
            "pace",
            format!("unknown limit of {limit}, 200 at once, 3 x {SEEDS} seeds: {most} refused in the first burst"),
        );
    }
}

/// A first guess of the limit is far too high where the tenant has a bucket: what is sent on it is refused, and would use up
/// what there is for retries.
#[test]
fn two_hundred_sessions_at_once_all_succeed_against_an_unknown_limit() {
    const SEEDS: u64 = 20;
    let mut most = 0;
    for seed in 1..=SEEDS {
        for (counting, hints) in COUNTINGS.into_iter().flat_map(|counting| [(counting, true), (counting, false)]) {
            let platform = VirtualPlatform::new(seed);
            let mut tenant = Tenant::new(counting, 100, 60_000.0, seed);
            tenant.hints = hints;
            let tally = tenant.tally.clone();
            platform.serve(tenant);
            let unknown = DebuggerOptions { rate_limit: RateLimit::UNKNOWN, max_concurrent: 200, ..options() };
            sweep(&platform, &debugger(&platform, unknown), 200, &format!("{counting:?}, hints {hints}, seed {seed}"));
            most = most.max(tally.refused.borrow().len());
        }
    }
    figure(
        "pace",
        format!("unknown limit of 100, 200 at once, 6 x {SEEDS} seeds: none of 200 fails, {most} x 429 at most"),
    );
}

/// A thousand sessions of a tenant with an unknown limit, after some have been read for so long, one in so many ms. How many were refused,
/// and how many seconds the sweep took.
fn sweep_after_reading(each_ms: f64, for_ms: f64, (counting, hints): (Counting, bool), seed: u64) -> (usize, f64) {
    let what = format!("each {each_ms} ms, {counting:?}, hints {hints}, seed {seed}");
    let platform = VirtualPlatform::new(seed);
    let mut tenant = Tenant::new(counting, 100, 60_000.0, seed);
    tenant.hints = hints;
    let tally = tenant.tally.clone();
    platform.serve(tenant);
    let debugger = debugger(&platform, DebuggerOptions { rate_limit: RateLimit::UNKNOWN, ..options() });
    let (world, reader) = (platform.clone(), debugger.clone());
    let reading = async move {
        while world.monotonic_ms() < for_ms {
            reader.snapshot(VariableQuery::session("s"), CallOptions::default()).await.unwrap();
            world.sleep(each_ms * (0.5 + world.unit())).await;
        }
    };
    platform.run(reading).unwrap();
    let began_ms = platform.monotonic_ms();
    sweep(&platform, &debugger, 1_000, &what);
    (tally.refused.borrow().len(), (platform.monotonic_ms() - began_ms) / 1_000.0)
}

/// Somebody has read a session now and then, or watched some, and then reads a thousand: the limit is learnt from the burst, and a window
/// that slides is not taken for a bucket because what was read before leaves it one by one.
#[test]
fn an_unknown_limit_is_learnt_after_minutes_of_little_reading() {
    const SEEDS: u64 = 5;
    // The minimum is 540 s; the more of the limit the reading has used, the less of it the burst shows.
    let readings = [
        (60_000.0, 600_000.0, 620.0),
        (10_000.0, 300_000.0, 620.0),
        (5_000.0, 40_000.0, 620.0),
        (3_000.0, 300_000.0, 660.0),
        (1_000.0, 120_000.0, 1_100.0),
    ];
    for (each_ms, for_ms, most_s) in readings {
        let (mut refused, mut longest) = (0, 0.0_f64);
        for tenant in COUNTINGS.into_iter().flat_map(|counting| [(counting, true), (counting, false)]) {
            for seed in 1..=SEEDS {
                let (count, seconds) = sweep_after_reading(each_ms, for_ms, tenant, seed);
                assert!(seconds <= most_s, "each {each_ms} ms, {tenant:?}, seed {seed}: {seconds} s");
                assert!(count <= 100, "each {each_ms} ms, {tenant:?}, seed {seed}: {count} x 429");
                (refused, longest) = (refused.max(count), longest.max(seconds));
            }
        }
        figure(
            "R3",
            format!(
                "after reading once in {:.0} s, 6 x {SEEDS} seeds: {longest:.0} s at most (asked: <= {most_s:.0} s), {refused} x 429 at most",
                each_ms / 1_000.0
            ),
        );
    }
}

/// Nobody tells what others have used while a computer slept or a tab was halted.
#[test]
fn after_a_pause_that_is_longer_than_the_window_one_request_finds_out() {
    const LIMIT: usize = 5;
    for idle_ms in [2_500.0, 60_000.0, 36_000_000.0] {
        let platform = VirtualPlatform::new(3);
        let (seen, refused) = (Rc::new(RefCell::new(VecDeque::<f64>::new())), Rc::new(Cell::new(0)));
        let (arrivals, count) = (Rc::clone(&seen), Rc::clone(&refused));
        platform.serve(move |_: &Request, now: f64| {
            let mut arrivals = arrivals.borrow_mut();
            arrivals.retain(|at| now - at < 1_000.0);
            if arrivals.len() >= LIMIT {
                count.set(count.get() + 1);
                return Reply::status(429).header("Retry-After", "1").after(50.0);
            }
            arrivals.push_back(now);
            Reply::json(body(&["a"])).after(50.0)
        });
        let rate_limit = RateLimit { requests: LIMIT, window_ms: 1_000.0 };
        let debugger = debugger(&platform, DebuggerOptions { rate_limit, ..options() });
        sweep(&platform, &debugger, 10, "before");
        assert_eq!(refused.get(), 0);
        platform.run(platform.sleep(idle_ms)).unwrap();
        // Somebody else has just used all of it.
        seen.borrow_mut().extend(std::iter::repeat_n(platform.monotonic_ms(), LIMIT));
        sweep(&platform, &debugger, 10, "after");
        assert_eq!(refused.get(), 1, "idle for {idle_ms} ms");
    }
}

#[test]
fn a_pause_that_is_no_longer_than_the_window_holds_nobody_up() {
    let mut ledger = Ledger::new(RateLimit { requests: 5, window_ms: 1_000.0 }, 5);
    let both = |ledger: &mut Ledger, now: f64| {
        ledger.start(now, 1);
        let second = ledger.admission(now, 1);
        ledger.finish(now + 10.0, 1, true);
        ledger.let_through(now + 10.0, now);
        second
    };
    assert_eq!(both(&mut ledger, 0.0), Admission::Now, "the first ones ever");
    assert_eq!(both(&mut ledger, 1_900.0), Admission::Now);
    assert_eq!(both(&mut ledger, 4_000.0), Admission::OnRelease);
    assert_eq!(both(&mut ledger, 4_100.0), Admission::Now, "answered");
}

/// What is told of the time left is when so many have really gone.
#[test]
fn the_time_left_is_the_longest_of_the_waits_that_all_limits_ask_for() {
    for policies in [
        r#""burst";q=10;w=1, "long";q=100;w=60"#,
        r#""long";q=100;w=60, "burst";q=3;w=2"#,
        r#""day";q=120;w=600, "burst";q=7;w=1, "minute";q=90;w=60"#,
        r#""one";q=50;w=60"#,
    ] {
        for sessions in [1, 3, 10, 11, 50, 100, 101, 250] {
            let platform = VirtualPlatform::new(1);
            let limiter = Limiter::new(Rc::new(platform.clone()), RateLimit { requests: 100, window_ms: 60_000.0 }, 5);
            let mut headers = Headers::new();
            headers.push("RateLimit-Policy", policies);
            limiter.heed(&headers);
            let told = limiter.eta_ms(sessions);
            let (one, clock) = (limiter.clone(), platform.clone());
            let took = platform.run(async move {
                for _ in 0..sessions {
                    let mut slot = one.acquire(Want::default(), |_| {}).await.unwrap();
                    slot.mark_sent();
                    slot.finish();
                    drop(slot);
                    one.answered(clock.monotonic_ms());
                }
                clock.monotonic_ms()
            });
            // Every window is counted a millisecond longer than it is, and one limit may hold up the windows of another.
            let took = took.unwrap();
            assert!(
                told <= took && took <= told * 1.05 + sessions as f64,
                "{policies}, {sessions}: {told} told, {took} taken"
            );
        }
    }
}
