//! The rate limit: nothing is refused, and hardly any time is lost.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use cognigy_session_debugger::Code;
use cognigy_session_debugger::client::ledger::RateLimit;
use cognigy_session_debugger::client::limiter::{Limiter, MAX_QUEUE, Want};
use cognigy_session_debugger::platform::{
    Clock, Method, Random, Reply, Request, Server, Sleep, Spawn, VirtualPlatform,
};
use cognigy_session_debugger::query::VariableQuery;
use futures_util::StreamExt;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use support::{body, debugger, options, reads};

const LIMIT: usize = 100;
const WINDOW_MS: f64 = 60_000.0;

/// How a tenant counts.
#[derive(Clone, Copy, Debug)]
enum Counting {
    Sliding,
    Fixed,
    Bucket,
}

/// A tenant that refuses what is too much, each way of the network taking 10 to 250 ms.
struct Tenant {
    counting: Counting,
    arrivals: RefCell<VecDeque<f64>>,
    window: Cell<(f64, usize)>,
    bucket: Cell<(f64, f64)>,
    refused: Rc<Cell<usize>>,
    served: Rc<Cell<usize>>,
    /// Decides how long answers travel.
    dice: VirtualPlatform,
}

impl Tenant {
    fn admits(&self, now: f64) -> bool {
        match self.counting {
            Counting::Sliding => {
                let mut arrivals = self.arrivals.borrow_mut();
                arrivals.retain(|arrival| now - arrival < WINDOW_MS);
                let free = arrivals.len() < LIMIT;
                if free {
                    arrivals.push_back(now);
                }
                free
            }
            Counting::Fixed => {
                let (window, used) = self.window.get();
                let current = (now / WINDOW_MS).floor();
                let used = if window == current { used } else { 0 };
                self.window.set((current, used + 1));
                used < LIMIT
            }
            Counting::Bucket => {
                let (level, since) = self.bucket.get();
                let level = (level + (now - since) * LIMIT as f64 / WINDOW_MS).min(LIMIT as f64);
                let free = level >= 1.0;
                self.bucket.set((if free { level - 1.0 } else { level }, now));
                free
            }
        }
    }
}

impl Server for Tenant {
    fn travel_ms(&self, _: &Request, unit: f64) -> f64 {
        10.0 + unit * 240.0
    }

    fn answer(&self, _: &Request, now: f64) -> Reply {
        let back = 10.0 + self.dice.unit() * 240.0;
        if self.admits(now) {
            self.served.set(self.served.get() + 1);
            return Reply::json(body(&["a"])).after(back);
        }
        self.refused.set(self.refused.get() + 1);
        Reply::status(429).after(back)
    }
}

#[test]
fn a_thousand_sessions_pass_without_one_refusal() {
    for counting in [Counting::Sliding, Counting::Fixed, Counting::Bucket] {
        for seed in 1..=6 {
            let what = format!("{counting:?}, seed {seed}");
            let platform = VirtualPlatform::new(seed);
            let (refused, served) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(0)));
            platform.serve(Tenant {
                counting,
                arrivals: RefCell::default(),
                window: Cell::new((0.0, 0)),
                bucket: Cell::new((LIMIT as f64, 0.0)),
                refused: Rc::clone(&refused),
                served: Rc::clone(&served),
                dice: VirtualPlatform::new(seed + 1_000),
            });
            let debugger = debugger(&platform, options());
            let queries = (0..1_000).map(|number| VariableQuery::session(format!("s{number}")));
            let outcomes = debugger.snapshots(queries, None).collect::<Vec<_>>();
            let outcomes = platform.run(outcomes).unwrap();
            assert!(outcomes.iter().all(|outcome| outcome.result.is_ok()), "{what}");
            assert_eq!((outcomes.len(), served.get(), refused.get()), (1_000, 1_000, 0), "{what}");
            let seconds = platform.monotonic_ms() / 1_000.0;
            println!("{what}: {seconds:.1} s");
            assert!((540.0..=550.8).contains(&seconds), "{what}: {seconds} s");
            assert!(platform.most_in_flight() <= 5, "{what}");
        }
    }
}

/// The tenant of the test above does refuse a client that does not count.
#[test]
fn a_client_without_a_limit_is_refused() {
    let platform = VirtualPlatform::new(1);
    platform.serve({
        let arrivals = RefCell::new(VecDeque::new());
        move |_: &Request, now: f64| {
            let mut arrivals = arrivals.borrow_mut();
            arrivals.push_back(now);
            if arrivals.len() > LIMIT {
                Reply::status(429).header("Retry-After", "7200")
            } else {
                Reply::json(body(&["a"]))
            }
        }
    });
    let mut options = options();
    options.rate_limit = RateLimit { requests: 1_000_000, window_ms: 1.0 };
    let debugger = debugger(&platform, options);
    let queries = (0..200).map(|number| VariableQuery::session(format!("s{number}")));
    let mut outcomes = debugger.snapshots(queries, None);
    let refused = platform.run(async move {
        let mut refused = 0;
        for _ in 0..105 {
            refused += usize::from(outcomes.next().await.unwrap().result.is_err());
        }
        refused
    });
    assert_eq!(refused, Some(5));
}

/// The wait for the rate limit, here 60 s, is longer than any of these calls may take.
#[test]
fn time_in_the_queue_counts_for_one_call_but_not_for_one_of_many() {
    let platform = VirtualPlatform::new(1);
    platform.serve(|_: &Request, _: f64| Reply::json(body(&["a"])).after(100.0));
    let mut options = options();
    options.rate_limit.requests = 2;
    options.deadline_ms = 5_000.0;
    let debugger = debugger(&platform, options);
    let queries = (0..6).map(|number| VariableQuery::session(format!("s{number}")));
    let outcomes = platform.run(debugger.snapshots(queries, None).collect::<Vec<_>>()).unwrap();
    assert!(outcomes.iter().all(|outcome| outcome.result.is_ok()));
    assert!((120_000.0..120_500.0).contains(&platform.monotonic_ms()), "{}", platform.monotonic_ms());
    assert_eq!(support::code(support::read(&platform, &debugger)), Code::DeadlineExceeded);
}

fn limiter(platform: &VirtualPlatform, requests: usize, concurrent: usize) -> Limiter {
    Limiter::new(Rc::new(platform.clone()), RateLimit { requests, window_ms: 1_000.0 }, concurrent)
}

/// A caller that takes a slot, keeps it for `ms` and writes its number down when it begins.
fn caller(platform: &VirtualPlatform, limiter: &Limiter, number: usize, ms: f64, log: &Rc<RefCell<Vec<(usize, f64)>>>) {
    let (platform, limiter, log) = (platform.clone(), limiter.clone(), Rc::clone(log));
    platform.clone().spawn(Box::pin(async move {
        let mut slot = limiter.acquire(Want::default(), |_| {}).await.unwrap();
        slot.mark_sent();
        log.borrow_mut().push((number, platform.monotonic_ms()));
        platform.sleep(ms).await;
    }));
}

#[test]
fn first_come_first_served() {
    let platform = VirtualPlatform::new(1);
    let limiter = limiter(&platform, 3, 2);
    let log = Rc::default();
    (0..8).for_each(|number| caller(&platform, &limiter, number, 100.0, &log));
    platform.run_for(60_000.0);
    let begun = log.borrow();
    assert_eq!(begun.iter().map(|(number, _)| *number).collect::<Vec<_>>(), (0..8).collect::<Vec<_>>());
    let moments: Vec<f64> = begun.iter().map(|(_, at)| *at).collect();
    assert_eq!(moments[..3], [0.0, 0.0, 100.0], "two at once, the third when one ends");
    assert!(moments[3] >= 1_100.0, "the fourth one window after the first answer, at {}", moments[3]);
    // Counted at the answer: in no window of 1 s do more than 3 requests begin.
    assert!(moments.windows(4).all(|four| four[3] - four[0] > 1_000.0), "{moments:?}");
    assert_eq!((limiter.waiting(), limiter.used()), (0, 0));
}

#[test]
fn a_slot_that_was_not_used_does_not_count() {
    let platform = VirtualPlatform::new(1);
    let limiter = limiter(&platform, 1, 1);
    for _ in 0..10 {
        let limiter = limiter.clone();
        platform.run(async move { drop(limiter.acquire(Want::default(), |_| {}).await.unwrap()) }).unwrap();
    }
    assert_eq!(platform.monotonic_ms(), 0.0);
}

#[test]
fn whoever_leaves_the_queue_holds_nobody_up() {
    let platform = VirtualPlatform::new(1);
    let limiter = limiter(&platform, 100, 1);
    let log = Rc::default();
    caller(&platform, &limiter, 0, 1_000.0, &log);
    platform.run_for(1.0);
    for _ in 0..50 {
        let (limiter, clock) = (limiter.clone(), platform.clone());
        platform.spawn(Box::pin(async move {
            let wait = Box::pin(async move { drop(limiter.acquire(Want::default(), |_| {}).await) });
            futures_util::future::select(wait, clock.sleep(500.0)).await;
        }));
    }
    platform.run_for(1.0);
    caller(&platform, &limiter, 1, 0.0, &log);
    platform.run_for(100.0);
    assert_eq!(limiter.waiting(), 51);
    platform.run_for(600.0);
    assert_eq!(limiter.waiting(), 1);
    platform.run_for(1_000.0);
    assert_eq!(*log.borrow(), [(0, 0.0), (1, 1_000.0)]);
    assert_eq!(limiter.used(), 2, "those who left did not count");
}

#[test]
fn the_queue_has_an_end() {
    let platform = VirtualPlatform::new(1);
    let limiter = limiter(&platform, 100, 1);
    let log = Rc::default();
    (0..=MAX_QUEUE).for_each(|number| caller(&platform, &limiter, number, f64::INFINITY, &log));
    platform.run_for(1.0);
    assert_eq!(limiter.waiting(), MAX_QUEUE);
    let one_more = limiter.clone();
    let error = platform.run(async move { one_more.acquire(Want::default(), |_| {}).await.err() }).unwrap().unwrap();
    assert_eq!(error.code(), Code::QueueFull);
}

#[test]
fn one_throttled_call_makes_all_wait() {
    let platform = VirtualPlatform::new(1);
    platform.serve({
        let first = Cell::new(true);
        move |_: &Request, _: f64| {
            if first.replace(false) {
                Reply::status(429).header("Retry-After", "10")
            } else {
                Reply::json(body(&["a"]))
            }
        }
    });
    let mut options = options();
    options.max_concurrent = 1;
    let debugger = debugger(&platform, options);
    let queries = (0..20).map(|number| VariableQuery::session(format!("s{number}")));
    let outcomes = platform.run(debugger.snapshots(queries, None).collect::<Vec<_>>()).unwrap();
    assert!(outcomes.iter().all(|outcome| outcome.result.is_ok()));
    let arrivals: Vec<f64> =
        platform.seen().iter().filter(|seen| seen.request.method == Method::Get).map(|seen| seen.at_ms).collect();
    assert_eq!((arrivals[0], reads(&platform)), (0.0, 21));
    assert!(arrivals[1..].iter().all(|at| *at >= 10_000.0), "{arrivals:?}");
}
