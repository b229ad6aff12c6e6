//! The limiter: whose turn it is, what counts, and what a refusal does to all.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use cognigy_session_debugger::Code;
use cognigy_session_debugger::client::ledger::{Admission, Ledger, RateLimit};
use cognigy_session_debugger::client::limiter::{Limiter, MAX_QUEUE, Want};
use cognigy_session_debugger::client::{CallOptions, DebuggerOptions};
use cognigy_session_debugger::platform::{Clock, Headers, Method, Reply, Request, Sleep, Spawn, VirtualPlatform};
use cognigy_session_debugger::query::VariableQuery;
use futures_util::StreamExt;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use support::{body, debugger, options, reads};

const LIMIT: usize = 100;

/// A client that does not count is refused.
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

/// An answer to a request that was under way when the gate closed tells nothing of the time after it.
#[test]
fn after_a_pause_one_request_goes_alone_whatever_was_under_way_before_it() {
    let mut ledger = Ledger::new(RateLimit::UNKNOWN, 5);
    (0..3).for_each(|_| ledger.start(0.0, 1));
    ledger.close_gate(0.0, 1_000.0);
    for answer in [100.0, 200.0, 300.0] {
        ledger.finish(answer, 1, true);
        ledger.let_through(answer, 0.0);
    }
    assert_eq!(ledger.admission(1_000.0, 1), Admission::Now);
    ledger.start(1_000.0, 1);
    assert_eq!(ledger.admission(1_000.0, 1), Admission::OnRelease);
    ledger.let_through(1_100.0, 1_000.0);
    assert_eq!(ledger.admission(1_100.0, 1), Admission::Now);
}

/// One that has not ended a few seconds after a refusal may never do, as that of a tab that is frozen; nobody waits for it.
#[test]
fn after_a_pause_one_request_goes_alone_beside_what_has_not_ended() {
    let mut ledger = Ledger::new(RateLimit::TUTORIAL, 5);
    (0..2).for_each(|_| ledger.start(0.0, 1));
    ledger.let_through(50.0, 0.0);
    ledger.start(50.0, 1);
    ledger.finish(100.0, 1, true);
    ledger.close_gate(100.0, 1_100.0);
    assert_eq!(ledger.admission(1_100.0, 1), Admission::At(3_100.0));
    ledger.finish(2_000.0, 1, true);
    assert_eq!(ledger.admission(2_000.0, 1), Admission::At(3_100.0), "one is left");
    assert_eq!(ledger.admission(3_100.0, 1), Admission::Now);
    ledger.start(3_100.0, 1);
    assert_eq!(ledger.admission(60_000.0, 1), Admission::OnRelease, "no second one beside it");
}

/// Nor where the limit is a guess, of which one more may be under way than has been let through.
#[test]
fn after_a_pause_on_a_guess_one_request_goes_alone_beside_what_has_not_ended() {
    let mut ledger = Ledger::new(RateLimit::UNKNOWN, 5);
    let read = |ledger: &mut Ledger, now: f64| {
        ledger.start(now, 1);
        ledger.finish(now + 10.0, 1, true);
        ledger.let_through(now + 10.0, now);
    };
    (0..4).for_each(|number| read(&mut ledger, 100.0 * f64::from(number)));
    let refuse = |ledger: &mut Ledger, now: f64| {
        ledger.start(now, 1);
        ledger.finish(now + 10.0, 1, true);
        ledger.refused(now + 10.0, now, Some(1_000.0));
        ledger.close_gate(now + 10.0, now + 1_010.0);
    };
    refuse(&mut ledger, 400.0);
    read(&mut ledger, 1_500.0);
    ledger.start(1_600.0, 1);
    refuse(&mut ledger, 1_700.0);
    assert_eq!(ledger.admission(2_800.0, 1), Admission::At(4_710.0), "one of before has not ended");
    assert_eq!(ledger.admission(4_710.0, 1), Admission::Now);
}

#[test]
fn after_a_pause_an_answer_lets_others_go_whatever_stands_in_it() {
    let platform = VirtualPlatform::new(1);
    let read = Cell::new(0);
    platform.serve(move |_: &Request, _: f64| {
        read.set(read.get() + 1);
        match read.get() {
            1 => Reply::status(429).header("Retry-After", "1"),
            _ => Reply::status(204).after(1_000.0),
        }
    });
    let queries = (0..50).map(|number| VariableQuery::session(format!("s{number}")));
    let outcomes = platform.run(debugger(&platform, options()).snapshots(queries, None).collect::<Vec<_>>()).unwrap();
    assert!(outcomes.iter().all(|outcome| outcome.result.as_ref().is_err_and(|error| error.code() == Code::BodyEmpty)));
    assert_eq!(platform.most_in_flight(), 5, "not one after the other for ever");
}

/// A tenant with windows of ten seconds and ten requests, which says at each answer what is left, or does not.
fn refusals(says: bool) -> usize {
    let platform = VirtualPlatform::new(1);
    let (window, refused) = (Cell::new((0.0, 0_usize)), Rc::new(Cell::new(0)));
    let count = Rc::clone(&refused);
    platform.serve(move |_: &Request, now: f64| {
        let begin = (now / 10_000.0).floor() * 10_000.0;
        let used = 1 + if window.get().0 == begin { window.get().1 } else { 0 };
        window.set((begin, used));
        if used > 10 {
            count.set(count.get() + 1);
            return Reply::status(429).header("Retry-After", "10");
        }
        let reset = ((begin + 10_000.0 - now) / 1_000.0).ceil();
        let reply = Reply::json(body(&["a"])).after(100.0);
        if says { reply.header("RateLimit", format!("\"a\";r={};t={reset}", 10 - used)) } else { reply }
    });
    let queries = (0..60).map(|number| VariableQuery::session(format!("s{number}")));
    let outcomes = platform.run(debugger(&platform, options()).snapshots(queries, None).collect::<Vec<_>>()).unwrap();
    assert!(outcomes.iter().all(|outcome| outcome.result.is_ok()));
    refused.get()
}

#[test]
fn what_the_tenant_says_is_left_is_kept_to() {
    assert_eq!(refusals(true), 0);
    assert!(refusals(false) > 0, "this tenant refuses whoever does not listen");
}

#[test]
fn a_policy_of_the_tenant_only_lowers_the_limit() {
    for (said, allowed) in [
        (r#""a";q=10;w=10"#, 10),
        (r#""a";q=1000;w=60"#, 100),
        // No more at once than the options say: its share of a minute.
        (r#""a";q=3600;w=3600"#, 60),
        (r#""a";q=40;w=60, "b";q=80;w=60"#, 40),
        (r#""a";q=0;w=60"#, 100),
        (r#""a";q=ten;w=60"#, 100),
    ] {
        let platform = VirtualPlatform::new(1);
        platform.serve(move |_: &Request, _: f64| Reply::json(body(&["a"])).header("RateLimit-Policy", said));
        let debugger = debugger(&platform, options());
        support::read(&platform, &debugger).unwrap();
        assert_eq!(debugger.metrics().requests_allowed, allowed, "{said}");
    }
}

/// A limit for bursts, one for minutes and the options' own: the strictest one in the long run is not the strictest one at once.
#[test]
fn all_policies_of_the_tenant_hold_at_once() {
    let most_within = |arrivals: &[f64], ms: f64| {
        let within = |from: &f64| arrivals.iter().filter(|at| (*from..from + ms).contains(*at)).count();
        arrivals.iter().map(within).max().unwrap()
    };
    for (said, least_s, most_s) in [
        (r#""burst";q=10;w=1, "half";q=60;w=30"#, 90.0, 95.0),
        (r#""half";q=60;w=30, "burst";q=10;w=1"#, 90.0, 95.0),
        // Less in the long run than the options, but not in each of the options' own windows: 3 x 40 in 60 s.
        (r#""a";q=40;w=25"#, 100.0, 125.0),
    ] {
        let platform = VirtualPlatform::new(1);
        platform
            .serve(move |_: &Request, _: f64| Reply::json(body(&["a"])).header("RateLimit-Policy", said).after(100.0));
        let debugger = debugger(&platform, options());
        let queries = (0..180).map(|number| VariableQuery::session(format!("s{number}")));
        let outcomes = platform.run(debugger.snapshots(queries, None).collect::<Vec<_>>()).unwrap();
        assert!(outcomes.iter().all(|outcome| outcome.result.is_ok()));
        let arrivals: Vec<f64> =
            platform.seen().iter().filter(|seen| seen.request.method == Method::Get).map(|seen| seen.at_ms).collect();
        assert!(most_within(&arrivals, 60_000.0) <= 100, "{said}");
        if said.contains("burst") {
            assert_eq!((most_within(&arrivals, 1_000.0), most_within(&arrivals, 30_000.0)), (10, 60), "{said}");
        } else {
            assert_eq!(most_within(&arrivals, 25_000.0), 40, "{said}");
        }
        let seconds = platform.monotonic_ms() / 1_000.0;
        assert!((least_s..most_s).contains(&seconds), "{said}: {seconds} s");
    }
}

#[test]
fn no_word_of_the_tenant_stops_its_reads_for_longer_than_an_hour() {
    for (name, said) in
        [("RateLimit", r#""a";r=0;t=999999999999999"#), ("RateLimit-Policy", r#""a";q=1;w=999999999999999"#)]
    {
        let platform = VirtualPlatform::new(1);
        platform.serve(move |_: &Request, _: f64| Reply::json(body(&["a"])).header(name, said));
        let debugger = debugger(&platform, options());
        for _ in 0..3 {
            assert!(support::read(&platform, &debugger).is_ok(), "{name}");
            platform.run_for(3_601_000.0);
        }
    }
}

/// When the third of three calls reaches a tenant, in ms after the second, at most of forty runs.
fn pause_after_two(failure: fn() -> Reply) -> f64 {
    let pause = |seed| {
        let platform = VirtualPlatform::new(seed);
        let calls = Cell::new(0);
        platform.serve(move |_: &Request, _: f64| {
            calls.set(calls.get() + 1);
            if calls.get() <= 2 { failure() } else { Reply::json(body(&["a"])) }
        });
        let mut options = options();
        options.retry.attempts = 1;
        let debugger = debugger(&platform, options);
        let results = [(); 3].map(|()| support::read(&platform, &debugger).is_ok());
        assert_eq!(results, [false, false, true]);
        let at: Vec<f64> = platform.seen().iter().map(|seen| seen.at_ms).collect();
        at[2] - at[1]
    };
    (0..40).map(pause).fold(0.0, f64::max)
}

/// A gateway's 429 without CORS headers is a network error to a page.
#[test]
fn two_calls_without_an_answer_make_the_next_ones_wait_as_a_refusal_does() {
    use cognigy_session_debugger::platform::TransportError;
    let silent = pause_after_two(|| Reply::error(TransportError::Network));
    assert!((500.0..=1_000.0).contains(&silent), "{silent}");
    assert_eq!(pause_after_two(|| Reply::status(502)), 0.0, "a tenant that answers is not waited for");
}

/// What the tenant asks of one call is told those that wait behind it, and not only when their time is over.
#[test]
fn whoever_waits_hears_of_a_pause_that_is_too_long() {
    let platform = VirtualPlatform::new(1);
    platform.serve(|_: &Request, _: f64| Reply::status(429).header("Retry-After", "120").after(300.0));
    let debugger = debugger(&platform, DebuggerOptions { max_concurrent: 1, ..options() });
    let failed: Rc<RefCell<Vec<(Code, f64)>>> = Rc::default();
    for _ in 0..3 {
        let (one, clock, failed) = (debugger.clone(), platform.clone(), Rc::clone(&failed));
        platform.spawn(Box::pin(async move {
            let error = one.snapshot(VariableQuery::session("s"), CallOptions::default()).await.unwrap_err();
            failed.borrow_mut().push((error.code(), clock.monotonic_ms()));
        }));
    }
    platform.run_for(5_000.0);
    let failed = failed.borrow();
    assert_eq!(failed.len(), 3, "nobody waits for a minute in vain");
    assert!(failed.iter().all(|(code, at)| *code == Code::RateLimited && *at <= 2_000.0), "{failed:?}");
    assert_eq!(reads(&platform), 1);
}

#[test]
fn what_a_cache_says_of_the_limit_is_not_heeded() {
    for (age, held) in [(None, true), (Some("0"), true), (Some("17"), false)] {
        let platform = VirtualPlatform::new(1);
        let limiter = Limiter::new(Rc::new(platform.clone()), RateLimit::TUTORIAL, 5);
        let mut headers = Headers::new();
        headers.push("RateLimit", r#""default";r=0;t=60"#);
        age.iter().for_each(|age| headers.push("Age", *age));
        limiter.heed(&headers);
        platform.run(async move { drop(limiter.acquire(Want::default(), |_| {}).await.unwrap()) }).unwrap();
        assert_eq!(platform.monotonic_ms() > 0.0, held, "{age:?}");
    }
}
