//! What the client promises in numbers, in virtual time. Every test prints its figure; a failure names the seed that repeats
//! it. The table is in `README.md`.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use cognigy_session_debugger::client::ledger::RateLimit;
use cognigy_session_debugger::client::limiter::{Limiter, Want};
use cognigy_session_debugger::client::{CallOptions, DebuggerOptions, Lane};
use cognigy_session_debugger::platform::{Clock, Random, Reply, Request, Sleep, Spawn, VirtualPlatform};
use cognigy_session_debugger::query::VariableQuery;
use futures_util::StreamExt;
use std::cell::RefCell;
use std::rc::Rc;
use support::tenant::{COUNTINGS, Counting, Tally, Tenant};
use support::{debugger, figure, options, seeds, with_token};

const TUTORIAL: (usize, f64) = (100, 60_000.0);
const COGNIGY: (usize, f64) = (1_000, 300_000.0);

/// What became of a sweep.
struct Sweep {
    refused: Vec<f64>,
    seconds: f64,
}

/// Reads so many sessions of a tenant; all of them must succeed.
fn sweep(tenant: Tenant, options: DebuggerOptions, sessions: usize, seed: u64, what: &str) -> Sweep {
    let platform = VirtualPlatform::new(seed);
    platform.set_origin("https://console.example");
    let Tally { served, refused, .. } = tenant.tally.clone();
    let most = options.max_concurrent;
    platform.serve(tenant);
    let debugger = debugger(&platform, options);
    let queries = (0..sessions).map(|number| VariableQuery::session(format!("s{number}")));
    // Only what failed is kept: a thousand snapshots would be most of the work.
    let outcomes = debugger
        .snapshots(queries, None)
        .fold((0, None), |(count, failed), outcome| std::future::ready((count + 1, failed.or(outcome.result.err()))));
    let (count, failed) = platform.run(outcomes).unwrap();
    assert!(failed.is_none(), "{what}: {}", failed.unwrap());
    assert_eq!((count, served.get()), (sessions, sessions), "{what}");
    assert!(platform.most_in_flight() <= most, "{what}");
    Sweep { refused: refused.take(), seconds: platform.monotonic_ms() / 1_000.0 }
}

/// The most refusals and the longest time of so many seeds. None of them may be refused or take longer than `most_s`.
fn unrefused(counting: Counting, limit: (usize, f64), sessions: usize, seeds: u64, most_s: f64) -> f64 {
    let mut longest = 0.0_f64;
    for seed in 1..=seeds {
        let what = format!("{counting:?}, seed {seed}");
        let tenant = Tenant::new(counting, limit.0, limit.1, seed);
        let rate_limit = RateLimit { requests: limit.0, window_ms: limit.1 };
        // A thousand requests at 260 ms each, five at a time, take 52 s, which is more than 3 % of the limit's own time.
        let max_concurrent = if limit == COGNIGY { 10 } else { 5 };
        let options = DebuggerOptions { rate_limit, max_concurrent, ..options() };
        let sweep = sweep(tenant, options, sessions, seed, &what);
        assert_eq!(sweep.refused.len(), 0, "{what}");
        assert!(sweep.seconds <= most_s, "{what}: {} s", sweep.seconds);
        longest = longest.max(sweep.seconds);
    }
    longest
}

fn r1(counting: Counting) {
    let seeds = seeds(600);
    let longest = unrefused(counting, TUTORIAL, 1_000, seeds, 550.8);
    figure("R1", format!("{counting:?}, {seeds} seeds: 0 x 429, {longest:.1} s at most (asked: <= 550.8 s)"));
}

#[test]
fn r1_a_thousand_sessions_pass_a_sliding_window() {
    r1(Counting::Sliding);
}

#[test]
fn r1_a_thousand_sessions_pass_fixed_windows() {
    r1(Counting::Fixed);
}

#[test]
fn r1_a_thousand_sessions_pass_a_token_bucket() {
    r1(Counting::Bucket);
}

/// Round trips of up to 3 s, and any number of requests at once.
#[test]
fn r1_no_network_makes_the_limit_break() {
    const SEEDS: u64 = 60;
    for counting in COUNTINGS {
        for seed in 1..=SEEDS {
            let dice = VirtualPlatform::new(seed);
            let mut tenant = Tenant::new(counting, TUTORIAL.0, TUTORIAL.1, seed);
            tenant.travel_ms = (1.0, 1.0 + dice.unit() * 1_499.0);
            let max_concurrent = 1 + (dice.unit() * 20.0) as usize;
            let what = format!("{counting:?}, seed {seed}");
            let sweep = sweep(tenant, DebuggerOptions { max_concurrent, ..options() }, 400, seed, &what);
            assert_eq!(sweep.refused.len(), 0, "{what}");
        }
    }
    figure("R1", format!("round trips up to 3 s, 1 to 20 at once, 3 x {SEEDS} seeds: 0 x 429"));
}

/// A tenant counts a request when it comes, and not when the last byte of its answer is here.
#[test]
fn r1_bodies_that_take_long_take_nothing_of_the_limit() {
    const SEEDS: u64 = 30;
    const BODY_MS: f64 = 5_000.0;
    let mut longest = 0.0_f64;
    for counting in COUNTINGS {
        for seed in 1..=SEEDS {
            let mut tenant = Tenant::new(counting, TUTORIAL.0, TUTORIAL.1, seed);
            tenant.body_ms = BODY_MS;
            let what = format!("{counting:?}, seed {seed}");
            let sweep = sweep(tenant, DebuggerOptions { max_concurrent: 100, ..options() }, 1_000, seed, &what);
            assert_eq!(sweep.refused.len(), 0, "{what}");
            // The last one's body comes behind.
            assert!(sweep.seconds <= 550.8 + BODY_MS / 1_000.0, "{what}: {} s", sweep.seconds);
            longest = longest.max(sweep.seconds);
        }
    }
    figure(
        "R1",
        format!("bodies that take 5 s, 3 x {SEEDS} seeds: 0 x 429, {longest:.1} s at most (asked: <= 555.8 s)"),
    );
}

/// Five thousand sessions of the real platform.
fn r2(counting: Counting) {
    let seeds = seeds(60);
    let longest = unrefused(counting, COGNIGY, 5_000, seeds, 1_236.0);
    figure("R2", format!("{counting:?}, {seeds} seeds: 0 x 429, {longest:.1} s at most (asked: <= 1,236 s)"));
}

#[test]
fn r2_five_thousand_sessions_pass_a_sliding_window() {
    r2(Counting::Sliding);
}

#[test]
fn r2_five_thousand_sessions_pass_fixed_windows() {
    r2(Counting::Fixed);
}

#[test]
fn r2_five_thousand_sessions_pass_a_token_bucket() {
    r2(Counting::Bucket);
}

/// A client that has to learn the limit: the most refusals after the first window, and all times in seconds. No seed has more than
/// 9 refusals of 900 requests, or takes longer than 567 s.
fn r3(counting: Counting, hints: bool, seeds: u64) -> (usize, Vec<f64>) {
    let (mut most, mut times) = (0, Vec::new());
    for seed in 1..=seeds {
        let what = format!("{counting:?}, hints {hints}, seed {seed}");
        let mut tenant = Tenant::new(counting, TUTORIAL.0, TUTORIAL.1, seed);
        tenant.hints = hints;
        let unknown = DebuggerOptions { rate_limit: RateLimit::UNKNOWN, ..options() };
        let sweep = sweep(tenant, unknown, 1_000, seed, &what);
        let late = sweep.refused.iter().filter(|at| **at > TUTORIAL.1).count();
        assert!(late <= 9, "{what}: {late} refusals after the first window");
        assert!(sweep.seconds <= 567.0, "{what}: {} s", sweep.seconds);
        most = most.max(late);
        times.push(sweep.seconds);
    }
    times.sort_by(f64::total_cmp);
    (most, times)
}

fn r3_of_every_tenant(hints: bool) {
    const SEEDS: u64 = 100;
    for counting in COUNTINGS {
        let (refused, times) = r3(counting, hints, SEEDS);
        let (median, longest) = (times[times.len() / 2], times[times.len() - 1]);
        let hinted = if hints { "with" } else { "without" };
        figure(
            "R3",
            format!(
                "{counting:?}, {hinted} hints, {SEEDS} seeds: {refused} x 429 after the first window at most (asked: <= 9 of 900); {median:.0} s, {longest:.0} s at most (asked: <= 567 s)"
            ),
        );
    }
}

#[test]
fn r3_an_unknown_limit_is_learnt() {
    r3_of_every_tenant(true);
}

/// Across origins a browser shows `Retry-After` only where the tenant lists it.
#[test]
fn r3_an_unknown_limit_is_learnt_without_any_hint() {
    r3_of_every_tenant(false);
}

/// The tenant counts the `OPTIONS` of a browser: a thousand sessions are two thousand requests.
#[test]
fn r5_preflights_count_too() {
    let seeds = seeds(100);
    let sweep_of = |counting, count_preflight, seed| {
        let mut tenant = Tenant::new(counting, TUTORIAL.0, TUTORIAL.1, seed);
        tenant.counts_preflights = true;
        let what = format!("{counting:?}, seed {seed}, counted: {count_preflight}");
        sweep(tenant, DebuggerOptions { count_preflight, ..with_token() }, 1_000, seed, &what)
    };
    let mut longest = 0.0_f64;
    for counting in COUNTINGS {
        for seed in 1..=seeds {
            let sweep = sweep_of(counting, true, seed);
            assert_eq!(sweep.refused.len(), 0, "{counting:?}, seed {seed}");
            assert!(sweep.seconds <= 1_163.0, "{counting:?}, seed {seed}: {} s", sweep.seconds);
            longest = longest.max(sweep.seconds);
        }
    }
    let unaware = sweep_of(Counting::Sliding, false, 1).refused.len();
    assert!(unaware > 0, "a client that does not count them is refused");
    figure(
        "R5",
        format!(
            "3 x {seeds} seeds: 0 x 429, {longest:.1} s at most (asked: <= 1,163 s); {unaware} x 429 without the option"
        ),
    );
}

#[test]
fn r5_without_a_token_there_is_no_preflight_to_count() {
    let mut tenant = Tenant::new(Counting::Sliding, TUTORIAL.0, TUTORIAL.1, 1);
    tenant.counts_preflights = true;
    let sweep = sweep(tenant, DebuggerOptions { count_preflight: true, ..options() }, 1_000, 1, "no token");
    assert_eq!(sweep.refused.len(), 0);
    assert!(sweep.seconds <= 550.8, "{} s", sweep.seconds);
}

/// Everything is 503 for ten minutes, in which 1,000 calls are made.
#[test]
fn r6_an_outage_is_not_multiplied_and_its_end_is_noticed() {
    const OUTAGE_MS: f64 = 600_000.0;
    let (mut most, mut slowest) = (0.0_f64, 0.0_f64);
    for seed in 1..=20 {
        let platform = VirtualPlatform::new(seed);
        platform.serve(move |_: &Request, now: f64| match now < OUTAGE_MS {
            true => Reply::status(503).after(20.0),
            false => Reply::json(support::body(&["a"])).after(20.0),
        });
        let debugger = debugger(
            &platform,
            DebuggerOptions { rate_limit: RateLimit { requests: 1_000_000, window_ms: 1.0 }, ..options() },
        );
        // One call every 600 ms, before and after.
        let succeeded: Rc<RefCell<Vec<f64>>> = Rc::default();
        for call in 0..1_100 {
            let (read, clock, log) = (debugger.clone(), platform.clone(), Rc::clone(&succeeded));
            platform.spawn(Box::pin(async move {
                clock.sleep(f64::from(call) * 600.0).await;
                let read = read.snapshot(VariableQuery::session("s"), CallOptions::default()).await;
                if read.is_ok() {
                    log.borrow_mut().push(clock.monotonic_ms());
                }
            }));
        }
        platform.run_for(OUTAGE_MS - 1.0);
        let attempts = support::reads(&platform) as f64 / 1_000.0;
        platform.run_for(120_000.0);
        let recovered = succeeded.borrow()[0] - OUTAGE_MS;
        assert_eq!(succeeded.borrow().len(), 100, "seed {seed}: every later call succeeds");
        assert!(attempts <= 1.04, "seed {seed}: {attempts} attempts a call");
        assert!(recovered <= 2_000.0, "seed {seed}: {recovered} ms");
        (most, slowest) = (most.max(attempts), slowest.max(recovered));
    }
    figure(
        "R6",
        format!(
            "20 seeds: {most:.3} attempts a call (asked: <= 1.04), recovery after {:.2} s (asked: <= 2 s)",
            slowest / 1_000.0
        ),
    );
}

/// A caller that asks for slots one after the other, and counts those it got.
fn caller(platform: &VirtualPlatform, limiter: &Limiter, want: Want, served: &Rc<RefCell<Vec<(Want, f64)>>>) {
    let (clock, limiter, served) = (platform.clone(), limiter.clone(), Rc::clone(served));
    platform.spawn(Box::pin(async move {
        let mut slot = limiter.acquire(want, |_| {}).await.unwrap();
        slot.mark_sent();
        served.borrow_mut().push((want, clock.monotonic_ms()));
        clock.sleep(20.0 + clock.unit() * 480.0).await;
    }));
}

#[test]
fn r16_nobody_is_held_up_by_a_thousand_others() {
    let mut worst_ratio = 1.0_f64;
    for seed in 1..=20 {
        let platform = VirtualPlatform::new(seed);
        let limiter = Limiter::new(Rc::new(platform.clone()), RateLimit::TUTORIAL, 5);
        let served: Rc<RefCell<Vec<(Want, f64)>>> = Rc::default();
        let want = |lane, caller| Want { lane, caller, ..Want::default() };
        for number in 1..=5 {
            (0..200).for_each(|_| caller(&platform, &limiter, want(Lane::Bulk, number), &served));
        }
        platform.run_for(137_000.0 + 1_000.0 * seed as f64);
        let before = served.borrow().len();
        caller(&platform, &limiter, want(Lane::Interactive, 0), &served);
        platform.run_for(60_000.0);
        let place = served.borrow().iter().position(|(want, _)| want.lane == Lane::Interactive).unwrap();
        assert_eq!(place, before, "seed {seed}: the next free slot is the interactive call's");
        // The first five slots were free before the second caller came.
        let counts: Vec<usize> = (1..=5)
            .map(|number| served.borrow().iter().skip(5).filter(|(want, _)| want.caller == number).count())
            .collect();
        let ratio = *counts.iter().max().unwrap() as f64 / *counts.iter().min().unwrap() as f64;
        assert!(ratio <= 1.05, "seed {seed}: {counts:?}");
        worst_ratio = worst_ratio.max(ratio);
    }
    // A flood of interactive calls leaves one slot in five to the others.
    let platform = VirtualPlatform::new(1);
    let limiter = Limiter::new(Rc::new(platform.clone()), RateLimit::TUTORIAL, 5);
    let served: Rc<RefCell<Vec<(Want, f64)>>> = Rc::default();
    (0..300).for_each(|_| caller(&platform, &limiter, Want { lane: Lane::Bulk, ..Want::default() }, &served));
    (0..300).for_each(|_| caller(&platform, &limiter, Want::default(), &served));
    platform.run_for(170_000.0);
    let bulk = served.borrow().iter().filter(|(want, _)| want.lane == Lane::Bulk).count();
    let share = bulk as f64 / served.borrow().len() as f64;
    assert!((0.2..0.22).contains(&share), "{share}");
    figure(
        "R16",
        format!(
            "an interactive call gets slot 1 (asked: 1); callers served {worst_ratio:.3} : 1 (asked: <= 1.05); bulk under a flood {share:.2}"
        ),
    );
}
