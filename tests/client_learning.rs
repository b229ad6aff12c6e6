//! What the tabs of one origin learn of a limit together, in virtual time. A failure names the seed that repeats it.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use cognigy_session_debugger::client::ledger::RateLimit;
use cognigy_session_debugger::client::{DebuggerOptions, SessionDebugger};
use cognigy_session_debugger::platform::{VirtualOrigin, VirtualPlatform, VirtualTab};
use std::cell::Cell;
use std::rc::Rc;
use support::tabs::{shared, sweep};
use support::tenant::{COUNTINGS, Counting, Tally, Tenant, during, stranger};
use support::{figure, options};

const TUTORIAL: (usize, f64) = (100, 60_000.0);
const MINUTE_MS: f64 = 60_000.0;

/// A tab, what reads in it, and how many sessions it has read.
type Reader = (VirtualTab, SessionDebugger, Rc<Cell<usize>>);

/// One more tab that reads so many sessions and knows of no limit.
fn open(origin: &VirtualOrigin, sessions: usize) -> Reader {
    open_with(origin, RateLimit::UNKNOWN, sessions)
}

fn open_with(origin: &VirtualOrigin, rate_limit: RateLimit, sessions: usize) -> Reader {
    let tab = origin.open();
    let debugger = shared(&tab, DebuggerOptions { rate_limit, ..options() }, false);
    let done = sweep(&tab, &debugger, sessions);
    (tab, debugger, done)
}

/// A tenant with a limit of 100 a minute.
fn world(counting: Counting, hints: bool, seed: u64) -> (VirtualPlatform, VirtualOrigin, Tally) {
    let mut tenant = Tenant::new(counting, TUTORIAL.0, TUTORIAL.1, seed);
    tenant.hints = hints;
    world_of(tenant, seed)
}

fn world_of(tenant: Tenant, seed: u64) -> (VirtualPlatform, VirtualOrigin, Tally) {
    let world = VirtualPlatform::new(seed);
    let tally = tenant.tally.clone();
    world.serve(tenant);
    let origin = VirtualOrigin::new(&world);
    (world, origin, tally)
}

/// R3 and R4 together: nobody has told the limit, and all tabs learn it together; a tab that comes later is told.
#[test]
fn r4_tabs_learn_one_limit_together() {
    const SEEDS: u64 = 20;
    for (counting, hints) in COUNTINGS.into_iter().flat_map(|counting| [(counting, true), (counting, false)]) {
        for count in [1, 5] {
            let (mut most, mut longest) = (0, 0.0_f64);
            for seed in 1..=SEEDS {
                let what = format!("{counting:?}, hints {hints}, {count} tabs, seed {seed}");
                let (world, origin, tally) = world(counting, hints, seed);
                let first: Vec<_> = (0..count).map(|_| open(&origin, 900 / count)).collect();
                world.run_for(3.0 * TUTORIAL.1);
                let late = open(&origin, 100);
                world.run_for(1_000_000.0);
                let done: usize = first.iter().chain([&late]).map(|(_, _, done)| done.get()).sum();
                assert_eq!(done, 1_000, "{what}");
                let refused = tally.refused.borrow().iter().filter(|at| **at > TUTORIAL.1).count();
                assert!(refused <= 9, "{what}: {refused} refusals after the first window");
                let seconds = tally.last_ms.get() / 1_000.0;
                assert!(seconds <= 567.0, "{what}: {seconds} s");
                (most, longest) = (most.max(refused), longest.max(seconds));
            }
            let hinted = if hints { "with" } else { "without" };
            figure(
                "R4",
                format!(
                    "{count} tabs and one that comes later learn a limit together, {counting:?}, {hinted} hints, {SEEDS} seeds: {most} x 429 after the first window at most (asked: <= 9 of 900), {longest:.0} s at most (asked: <= 567 s)"
                ),
            );
        }
    }
}

/// The same as of one tab that learns by itself: what somebody else used while the tabs learnt is theirs when they are gone.
#[test]
fn r4_tabs_find_again_together_what_a_stranger_used() {
    const SEEDS: u64 = 2;
    for counting in COUNTINGS {
        let (mut before, mut after, mut most) = (usize::MAX, usize::MAX, 0);
        for (seed, hints) in (1..=SEEDS).flat_map(|seed| [(seed, true), (seed, false)]) {
            let what = format!("{counting:?}, hints {hints}, seed {seed}");
            let (world, origin, tally) = world(counting, hints, seed);
            stranger(&world, 11.0 * MINUTE_MS, 1_200.0);
            world.run_for(MINUTE_MS);
            let _tabs: Vec<_> = (0..5).map(|_| open(&origin, 100_000)).collect();
            world.run_for(10.0 * MINUTE_MS);
            before = before.min(during(&world, &tally, 10.0 * MINUTE_MS).0);
            let refused = during(&world, &tally, 120.0 * MINUTE_MS).1;
            let served = during(&world, &tally, 10.0 * MINUTE_MS).0;
            assert!(served >= 600, "{what}: {served} of 1,000");
            // What a bucket has held can make a trial look good: then one more is refused, and takes it back.
            assert!(refused <= if counting == Counting::Bucket { 16 } else { 6 }, "{what}: {refused}");
            (after, most) = (after.min(served), most.max(refused));
        }
        figure(
            "R4",
            format!(
                "growth, 5 tabs, {counting:?}, 2 x {SEEDS} seeds: of 1,000 in ten minutes {before} at least as soon as a stranger has gone, {after} two hours later; {most} x 429 at most between"
            ),
        );
    }
}

/// While the tab that leads is halted, each of the others learns alone: a part of the limit. When it is back, or another one leads in
/// its place, what holds is what all of them learn.
#[test]
fn r4_what_a_tab_learnt_alone_holds_no_more_when_another_leads() {
    const SEEDS: u64 = 4;
    for killed in [false, true] {
        let (mut least, mut most) = (usize::MAX, 0);
        for (seed, counting) in (1..=SEEDS).flat_map(|seed| COUNTINGS.map(|counting| (seed, counting))) {
            let what = format!("{counting:?}, killed: {killed}, seed {seed}");
            let (world, origin, tally) = world(counting, true, seed);
            let tabs = [3, 100_000, 100_000].map(|sessions| open(&origin, sessions));
            let allowed = || {
                let [_, (_, one, _), (_, other, _)] = &tabs;
                [one.metrics().requests_allowed, other.metrics().requests_allowed]
            };
            world.run_for(5_000.0);
            tabs[0].0.halt();
            world.run_for(10.0 * MINUTE_MS);
            assert!(allowed().iter().sum::<usize>() <= TUTORIAL.0, "{what}: each has learnt a part: {:?}", allowed());
            match killed {
                true => tabs[0].0.kill(),
                false => tabs[0].0.resume(),
            }
            world.run_for(5.0 * MINUTE_MS);
            let (served, refused) = during(&world, &tally, 10.0 * MINUTE_MS);
            // The new leader begins in the midst of a trickle, which a window that slides gives back as a trickle.
            assert!(served >= if killed { 400 } else { 950 }, "{what}: {served} of 1,000");
            assert!(refused <= 40, "{what}: {refused}");
            (least, most) = (least.min(served), most.max(refused));
        }
        let how = if killed { "killed" } else { "back" };
        figure(
            "R4",
            format!(
                "the tab that leads is {how} after ten minutes, 3 x {SEEDS} seeds: five minutes later {least} of 1,000 in ten minutes at least, {most} x 429 at most"
            ),
        );
    }
}

/// What the tenant tells one tab of its limit, all tabs keep to together: also the one that leads and has read nothing, one that comes
/// later, and whoever leads next.
#[test]
fn r4_a_policy_that_one_tab_is_told_holds_for_all() {
    const SEEDS: u64 = 20;
    let mut longest = 0.0_f64;
    for (seed, counting) in (1..=SEEDS).flat_map(|seed| COUNTINGS.map(|counting| (seed, counting))) {
        for (rate_limit, killed) in
            [(RateLimit::TUTORIAL, false), (RateLimit::UNKNOWN, false), (RateLimit::TUTORIAL, true)]
        {
            let what = format!("{counting:?}, {rate_limit:?}, killed: {killed}, seed {seed}");
            let mut tenant = Tenant::new(counting, 50, MINUTE_MS, seed);
            tenant.tells_policy = true;
            let (world, origin, tally) = world_of(tenant, seed);
            let open = |sessions| open_with(&origin, rate_limit, sessions);
            let mut tabs = [0, 60, 60, 60].map(open).to_vec();
            world.run_for(2_000.0);
            tabs.push(open(60));
            if killed {
                tabs[0].0.kill();
            }
            world.run_for(600_000.0);
            let done: usize = tabs.iter().map(|(_, _, done)| done.get()).sum();
            assert_eq!((done, tally.refused.borrow().len()), (240, 0), "{what}");
            longest = longest.max(tally.last_ms.get() / 1_000.0);
        }
    }
    figure(
        "R4",
        format!(
            "a policy of 50 a minute that one tab is told, 9 x {SEEDS} seeds: 0 x 429, 240 sessions in {longest:.0} s at most"
        ),
    );
}
