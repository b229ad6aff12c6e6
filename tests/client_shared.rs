//! Tabs that share what the tenant allows and take turns at asking for a token, in virtual time. A failure names the seed
//! that repeats it.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use cognigy_session_debugger::Code;
use cognigy_session_debugger::client::ledger::RateLimit;
use cognigy_session_debugger::client::{CallOptions, DebuggerOptions, SessionDebugger, TokenOption};
use cognigy_session_debugger::platform::{
    Clock, Credentials, Method, Random, Reply, Request, Sleep, Spawn, Transport, VirtualOrigin, VirtualPlatform,
    VirtualTab,
};
use cognigy_session_debugger::query::VariableQuery;
use std::cell::Cell;
use std::rc::Rc;
use support::tabs::{shared, sweep};
use support::tenant::{COUNTINGS, Counting, Tally, Tenant};
use support::{BASE, TOKEN_URL, body, figure, header, is_token_request, options, seeds, token_json, token_requests};

const TUTORIAL: (usize, f64) = (100, 60_000.0);

/// Five tabs that share a limit, and read two hundred sessions each.
fn five_sweeps(world: &VirtualPlatform) -> (Vec<VirtualTab>, Vec<SessionDebugger>, Vec<Rc<Cell<usize>>>) {
    let origin = VirtualOrigin::new(world);
    let tabs: Vec<_> = (0..5).map(|_| origin.open()).collect();
    let debuggers: Vec<_> = tabs.iter().map(|tab| shared(tab, options(), false)).collect();
    let sweeps = tabs.iter().zip(&debuggers).map(|(tab, each)| sweep(tab, each, 200)).collect();
    (tabs, debuggers, sweeps)
}

fn tenant(world: &VirtualPlatform, counting: Counting, seed: u64) -> Tally {
    slow_tenant(world, counting, seed, 0.0)
}

fn slow_tenant(world: &VirtualPlatform, counting: Counting, seed: u64, body_ms: f64) -> Tally {
    let mut tenant = Tenant::new(counting, TUTORIAL.0, TUTORIAL.1, seed);
    tenant.body_ms = body_ms;
    let tally = tenant.tally.clone();
    world.serve(tenant);
    tally
}

#[test]
fn r4_five_tabs_share_one_limit() {
    let seeds = seeds(100);
    let (mut longest, mut apart) = (0.0_f64, 0);
    for counting in COUNTINGS {
        for seed in 1..=seeds {
            let run = |coordinated: bool| {
                let world = VirtualPlatform::new(seed);
                let tally = tenant(&world, counting, seed);
                let origin = VirtualOrigin::new(&world);
                let tabs: Vec<_> = (0..5).map(|_| origin.open()).collect();
                let sweeps: Vec<_> = tabs
                    .iter()
                    .map(|tab| {
                        let debugger = match coordinated {
                            true => shared(tab, options(), false),
                            false => {
                                let alone = DebuggerOptions { tabs: None, ..options() };
                                SessionDebugger::new(alone, Rc::new(tab.clone())).unwrap()
                            }
                        };
                        sweep(tab, &debugger, 200)
                    })
                    .collect();
                world.run_for(3_000_000.0);
                assert!(sweeps.iter().all(|done| done.get() == 200), "{counting:?}, seed {seed}: all come to an end");
                (tally.refused.borrow().len(), tally.last_ms.get() / 1_000.0)
            };
            let (refused, seconds) = run(true);
            assert_eq!(refused, 0, "{counting:?}, seed {seed}");
            assert!(seconds <= 550.8, "{counting:?}, seed {seed}: {seconds} s");
            longest = longest.max(seconds);
            if seed == 1 && counting == Counting::Sliding {
                apart = run(false).0;
            }
        }
    }
    assert!(apart > 0, "tabs that know nothing of each other are refused");
    figure(
        "R4",
        format!(
            "5 tabs, 1,000 sessions, 3 x {seeds} seeds: 0 x 429 (asked: 0), {longest:.1} s at most; {apart} x 429 where each is alone"
        ),
    );
}

/// Nor does a body that takes long take anything of what the tabs have together.
#[test]
fn r4_bodies_that_take_long_take_nothing_of_the_limit() {
    const SEEDS: u64 = 10;
    const BODY_MS: f64 = 2_000.0;
    let mut longest = 0.0_f64;
    for counting in COUNTINGS {
        for seed in 1..=SEEDS {
            let world = VirtualPlatform::new(seed);
            let tally = slow_tenant(&world, counting, seed, BODY_MS);
            let (_tabs, _debuggers, sweeps) = five_sweeps(&world);
            world.run_for(3_000_000.0);
            assert!(sweeps.iter().all(|done| done.get() == 200), "{counting:?}, seed {seed}: all come to an end");
            assert_eq!(tally.refused.borrow().len(), 0, "{counting:?}, seed {seed}");
            let seconds = tally.last_ms.get() / 1_000.0;
            // The first window opens ten at a time: what all tabs have under way together.
            assert!(seconds <= 550.8 + 10.0 * 2.5, "{counting:?}, seed {seed}: {seconds} s");
            longest = longest.max(seconds);
        }
    }
    figure(
        "R4",
        format!("bodies that take 2 s, 3 x {SEEDS} seeds: 0 x 429, {longest:.1} s at most (asked: <= 575.8 s)"),
    );
}

/// Somebody else, of whom nobody knows, takes half of what the tenant allows.
#[test]
fn r4_a_stranger_takes_half_of_the_limit() {
    let seeds = seeds(100);
    let mut worst = 0.0_f64;
    for counting in COUNTINGS {
        for seed in 1..=seeds {
            let world = VirtualPlatform::new(seed);
            tenant(&world, counting, seed);
            let stranger = world.clone();
            world.spawn(Box::pin(async move {
                for number in 0..2_000 {
                    let request = Request {
                        method: Method::Get,
                        url: format!("{BASE}/stranger/{number}"),
                        headers: Vec::new(),
                        body: None,
                        credentials: Credentials::Omit,
                    };
                    let sent = stranger.send(request);
                    stranger.spawn(Box::pin(async move { drop(sent.await) }));
                    stranger.sleep(1_200.0).await;
                }
            }));
            let (_tabs, debuggers, sweeps) = five_sweeps(&world);
            world.run_for(2_390_000.0);
            assert!(sweeps.iter().all(|done| done.get() == 200), "{counting:?}, seed {seed}: all come to an end");
            let trail = debuggers.iter().flat_map(SessionDebugger::audit_trail);
            let refused = trail.filter(|record| record.status == Some(429)).count();
            let part = refused as f64 / (1_000 + refused) as f64;
            assert!(part <= 0.02, "{counting:?}, seed {seed}: {part}");
            worst = worst.max(part);
        }
    }
    figure(
        "R4",
        format!("a stranger takes half, 3 x {seeds} seeds: {:.2} % x 429 at most (asked: <= 2 %)", worst * 100.0),
    );
}

/// Tabs are killed, the one that leads among them; the others go on within the limit.
#[test]
fn r4_tabs_that_die_take_nothing_with_them() {
    let seeds = seeds(100);
    for seed in 1..=seeds {
        let world = VirtualPlatform::new(seed);
        let dice = VirtualPlatform::new(seed + 1_000);
        let tally = tenant(&world, COUNTINGS[seed as usize % 3], seed);
        let origin = VirtualOrigin::new(&world);
        let tabs: Vec<_> = (0..5).map(|_| origin.open()).collect();
        let sweeps: Vec<_> = tabs.iter().map(|tab| sweep(tab, &shared(tab, options(), false), 60)).collect();
        // The first tab leads, then the second, and so on.
        for tab in tabs.iter().take(3) {
            world.run_for(5_000.0 + dice.unit() * 30_000.0);
            tab.kill();
        }
        world.run_for(600_000.0);
        assert!(sweeps.iter().skip(3).all(|done| done.get() == 60), "seed {seed}: those that live come to an end");
        assert_eq!(tally.refused.borrow().len(), 0, "seed {seed}");
    }
    figure("R4", format!("3 of 5 tabs are killed, {seeds} seeds: 0 x 429 (asked: 0)"));
}

/// Other options make another debugger: the old one is let go of before the new one has asked anybody.
#[test]
fn a_debugger_that_takes_the_place_of_another_knows_what_was_used() {
    for counting in COUNTINGS {
        let world = VirtualPlatform::new(7);
        let tally = tenant(&world, counting, 7);
        let origin = VirtualOrigin::new(&world);
        let tab = origin.open();
        let before = shared(&tab, options(), false);
        let done = sweep(&tab, &before, 90);
        world.run_for(15_000.0);
        assert_eq!(done.get(), 90);
        let after = shared(&tab, options(), false);
        drop(before);
        let done = sweep(&tab, &after, 110);
        world.run_for(3_000.0);
        assert_eq!(done.get(), 10, "{counting:?}: what is left of the window is used at once, and no more");
        world.run_for(160_000.0);
        assert_eq!((done.get(), tally.refused.borrow().len()), (110, 0), "{counting:?}");
    }
}

#[test]
fn who_comes_while_another_tab_is_closed_does_not_wait_for_a_whole_window() {
    let world = VirtualPlatform::new(8);
    tenant(&world, COUNTINGS[0], 8);
    let origin = VirtualOrigin::new(&world);
    let (old, new) = (origin.open(), origin.open());
    let _before = shared(&old, options(), false);
    world.run_for(100.0);
    let debugger = shared(&new, options(), false);
    let done = sweep(&new, &debugger, 1);
    // A word takes a millisecond: the old tab dies before it has answered.
    world.run_for(0.5);
    old.kill();
    world.run_for(2_000.0);
    assert_eq!(done.get(), 1);
}

#[test]
fn without_locks_and_a_channel_a_tab_goes_on_alone() {
    let world = VirtualPlatform::new(1);
    world.serve(|_: &Request, _| Reply::json(support::body(&["a"])).after(10.0));
    // Tabs are shared by default, and this platform has none.
    let debugger = SessionDebugger::new(options(), Rc::new(world.clone())).unwrap();
    for _ in 0..3 {
        let read = debugger.snapshot(VariableQuery::session("s"), CallOptions::default());
        assert_eq!(world.run(read).unwrap().unwrap().len(), 1);
    }
    assert!(world.monotonic_ms() < 1_000.0, "it waits for nobody");
}

/// Nobody of five tabs asks for a token while another one does.
fn tokens(share_token: bool) -> (usize, usize) {
    let world = VirtualPlatform::new(1);
    let (asking, most) = (Rc::new(Cell::new(0.0_f64)), Rc::new(Cell::new(0)));
    let (last, overlaps) = (Rc::clone(&asking), Rc::clone(&most));
    world.serve(move |request: &Request, now: f64| {
        if !is_token_request(request) {
            return Reply::json(support::body(&["a"])).after(10.0);
        }
        overlaps.set(overlaps.get() + usize::from(now < last.get()));
        last.set(now + 50.0);
        token_json("a.token", 600).after(50.0)
    });
    let origin = VirtualOrigin::new(&world);
    let limit = RateLimit { requests: 100_000, window_ms: 1_000.0 };
    let done = Rc::new(Cell::new(0));
    let tabs: Vec<_> = (0..5).map(|_| origin.open()).collect();
    for tab in &tabs {
        let options = DebuggerOptions {
            rate_limit: limit,
            max_concurrent: 50,
            token: TokenOption::Endpoint(TOKEN_URL.into()),
            ..options()
        };
        let debugger = shared(tab, options, share_token);
        for _ in 0..50 {
            let (count, read) = (Rc::clone(&done), debugger.clone());
            tab.spawn(Box::pin(async move {
                read.snapshot(VariableQuery::session("s"), CallOptions::default()).await.unwrap();
                count.set(count.get() + 1);
            }));
        }
    }
    world.run_for(60_000.0);
    assert_eq!(done.get(), 250);
    (token_requests(&world), most.get())
}

#[test]
fn r9_five_tabs_ask_for_a_token_one_after_the_other() {
    assert_eq!(tokens(false), (5, 0));
    let shared = tokens(true);
    assert_eq!(shared, (1, 0));
    figure("R9", "5 tabs: 1 request where the host lets tokens travel (asked: 1), else one each, never two at once");
}

/// Somebody who looks at the screen does not wait for what other tabs, and the own one, have lined up.
#[test]
fn r16_an_interactive_call_goes_first_among_the_sweeps_of_five_tabs() {
    const SEEDS: u64 = 10;
    let mut most_slots = 0;
    for counting in COUNTINGS {
        for seed in 1..=SEEDS {
            let world = VirtualPlatform::new(seed);
            tenant(&world, counting, seed);
            let (tabs, debuggers, sweeps) = five_sweeps(&world);
            // The window is full until 120 s.
            world.run_for(70_000.0 + 1_700.0 * seed as f64);
            let before = world.seen().len();
            let asker = (seed % 5) as usize;
            let read = debuggers[asker].snapshot(VariableQuery::session("urgent"), CallOptions::default());
            let told = format!("{counting:?}, seed {seed}");
            tabs[asker].spawn(Box::pin(async move { drop(read.await.expect(&told)) }));
            world.run_for(125_000.0);
            let place = world.seen()[before..].iter().position(|seen| seen.request.url.contains("/urgent/"));
            let slots = place.expect("it is served") + 1;
            // It leaves first; another one that leaves with it may have the shorter way.
            assert!(slots <= 2, "{counting:?}, seed {seed}: slot {slots}");
            most_slots = most_slots.max(slots);
            assert!(sweeps.iter().all(|done| done.get() > 20), "{counting:?}, seed {seed}: the sweeps go on");
        }
    }
    figure(
        "R16",
        format!(
            "an interactive call beside the sweeps of 5 tabs: arrives as number {most_slots} at most, 3 x {SEEDS} seeds"
        ),
    );
}

/// The tenant asks one tab for a pause that is longer than a call may take in another.
#[test]
fn what_one_tab_was_asked_is_told_at_once_in_the_others() {
    for refused in [0, 1] {
        let world = VirtualPlatform::new(1);
        world.serve(|_: &Request, _| Reply::status(429).header("Retry-After", "120"));
        let origin = VirtualOrigin::new(&world);
        let tabs = [origin.open(), origin.open()];
        let debuggers: Vec<_> = tabs.iter().map(|tab| shared(tab, options(), false)).collect();
        let read = |tab: usize| {
            let call = debuggers[tab].snapshot(VariableQuery::session("s"), CallOptions::default());
            world.run(call).unwrap().unwrap_err()
        };
        assert_eq!(read(refused).code(), Code::RateLimited);
        world.run_for(5.0);
        let (sent, began) = (world.seen().len(), world.monotonic_ms());
        let error = read(1 - refused);
        assert_eq!(error.code(), Code::RateLimited, "tab {refused} was refused");
        assert!(error.facts().retry_after_ms.unwrap() > 60_000.0);
        assert_eq!(world.seen().len(), sent, "nothing is sent");
        assert!(world.monotonic_ms() - began < 100.0, "nobody waits in vain");
    }
}

/// Its request counts as under way for 30 s, but whoever finds out whether the pause is over does not wait for it.
#[test]
fn a_tab_that_is_gone_with_a_request_under_way_holds_up_nobody_after_a_pause() {
    for gone in [VirtualTab::kill, VirtualTab::halt] {
        let world = VirtualPlatform::new(1);
        let reads = Cell::new(0);
        world.serve(move |_: &Request, _: f64| {
            reads.set(reads.get() + 1);
            match reads.get() {
                1 => Reply::silence(),
                2 => Reply::status(429).header("Retry-After", "5"),
                _ => Reply::json(body(&["a"])),
            }
        });
        let origin = VirtualOrigin::new(&world);
        let [leads, other] = [origin.open(), origin.open()];
        let [_leading, ends, reads] = [&leads, &other, &leads].map(|tab| shared(tab, options(), false));
        world.run_for(10.0);
        let lost = ends.snapshot(VariableQuery::session("lost"), CallOptions::default());
        other.spawn(Box::pin(async move { drop(lost.await) }));
        world.run_for(1_000.0);
        gone(&other);
        let began_ms = world.monotonic_ms();
        world.run(reads.snapshot(VariableQuery::session("s"), CallOptions::default())).unwrap().unwrap();
        let took_ms = world.monotonic_ms() - began_ms;
        assert!((5_000.0..=6_500.0).contains(&took_ms), "{took_ms} ms");
    }
}

/// A debugger has a thousand requests under way at most, so that it takes ten for ten thousand refusals at once.
#[test]
fn r9_ten_thousand_refusals_at_once_cause_one_refresh() {
    const TABS: usize = 10;
    const CALLS: usize = 1_000;
    let world = VirtualPlatform::new(1);
    let (given, refused) = (Cell::new(0), Rc::new(Cell::new(0)));
    let count = Rc::clone(&refused);
    world.serve(move |request: &Request, _: f64| {
        if is_token_request(request) {
            given.set(given.get() + 1);
            return token_json(&format!("token-{}", given.get()), 300).after(50.0);
        }
        if header(request, "authorization") == Some("Bearer token-1") {
            count.set(count.get() + 1);
            return Reply::status(401).after(5_000.0);
        }
        Reply::json(body(&["a"])).after(50.0)
    });
    let origin = VirtualOrigin::new(&world);
    let calls = (0..TABS).flat_map(|_| {
        let rate_limit = RateLimit { requests: 1_000_000, window_ms: 60_000.0 };
        let token = TokenOption::Endpoint(TOKEN_URL.into());
        let options = DebuggerOptions { max_concurrent: CALLS, rate_limit, token, ..options() };
        let debugger = shared(&origin.open(), options, true);
        (0..CALLS).map(move |_| debugger.snapshot(VariableQuery::session("s"), CallOptions::default()))
    });
    let results = world.run(futures_util::future::join_all(calls.collect::<Vec<_>>())).unwrap();
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), TABS * CALLS);
    assert_eq!((world.most_in_flight(), refused.get()), (TABS * CALLS, TABS * CALLS));
    assert_eq!(token_requests(&world), 2, "the first one, and one refresh");
    figure("R9", format!("{} x 401 at once, of {TABS} tabs: 1 refresh (asked: 1)", refused.get()));
}
