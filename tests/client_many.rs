//! Many sessions, and one session again and again: how far it is, what is told, and what is left alone.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use cognigy_session_debugger::Code;
use cognigy_session_debugger::client::ledger::RateLimit;
use cognigy_session_debugger::client::{BulkOptions, BulkProgress, Cancel, DebuggerOptions, SnapshotOutcome};
use cognigy_session_debugger::platform::{Clock, Reply, Request, Spawn, VirtualPlatform};
use cognigy_session_debugger::query::VariableQuery;
use futures_util::StreamExt;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use support::tenant::{Counting, Tenant};
use support::{body, debugger, options, reads};

fn queries(count: usize) -> Vec<VariableQuery> {
    (0..count).map(|number| VariableQuery::session(format!("s{number}"))).collect()
}

/// What a sweep tells, with the time in ms.
type Log = Rc<RefCell<Vec<(f64, BulkProgress)>>>;

/// Keeps what a sweep tells.
fn log(platform: &VirtualPlatform) -> (Log, BulkOptions) {
    let told = Log::default();
    let (into, clock) = (Rc::clone(&told), platform.clone());
    let progress: Rc<dyn Fn(&BulkProgress)> =
        Rc::new(move |progress| into.borrow_mut().push((clock.monotonic_ms(), *progress)));
    (told, BulkOptions { progress: Some(progress), ..BulkOptions::default() })
}

#[test]
fn a_sweep_tells_how_far_it_is_and_how_long_the_limit_makes_the_rest() {
    let platform = VirtualPlatform::new(1);
    platform.serve(Tenant::new(Counting::Sliding, 100, 60_000.0, 1));
    let debugger = debugger(&platform, DebuggerOptions { rate_limit: RateLimit::TUTORIAL, ..options() });
    let (told, options) = log(&platform);
    let sweep = debugger.snapshots_with(queries(450), options);
    assert_eq!(platform.run(sweep.count()), Some(450));
    let (end, told) = (platform.monotonic_ms(), told.take());
    assert_eq!(told.len(), 450, "once for every read that ends");
    for (at, progress) in &told {
        let BulkProgress { total, done, failed, running, waiting, left_ms } = *progress;
        assert_eq!((total, done + failed + running + waiting), (450, 450), "{progress:?}");
        // Beyond the limit there are the round trips: some seconds for a hundred sessions, five at a time.
        let left = end - at;
        assert!(left_ms <= left + 1_000.0 && left - left_ms <= 12_000.0, "{left_ms} ms told, {left} ms in truth");
    }
    let (_, last) = told[449];
    assert_eq!((last.done, last.failed, last.running, last.waiting, last.left_ms), (450, 0, 0, 0, 0.0));
}

#[test]
fn what_failed_is_tried_again_after_all_others_and_what_cannot_succeed_is_not() {
    let platform = VirtualPlatform::new(1);
    let asked: RefCell<HashMap<String, usize>> = RefCell::default();
    // Every seventh fails four times, which is one round; every tenth is not there; one is broken for good.
    platform.serve(move |request: &Request, _: f64| {
        let number: usize = request.url.split("/s").last().unwrap().split('/').next().unwrap().parse().unwrap();
        let mut asked = asked.borrow_mut();
        let times = asked.entry(request.url.clone()).or_insert(0);
        *times += 1;
        match (number, *times) {
            (33, _) => Reply::status(502),
            _ if number.is_multiple_of(10) => Reply::status(404),
            (_, 1..=4) if number.is_multiple_of(7) => Reply::status(502),
            _ => Reply::json(body(&["a"])).after(20.0),
        }
    });
    let debugger = debugger(&platform, DebuggerOptions { rate_limit: RateLimit::COGNIGY, ..options() });
    let (told, options) = log(&platform);
    let sweep = debugger.snapshots_with(queries(50), BulkOptions { retry_failed: 2, ..options });
    let outcomes: Vec<SnapshotOutcome> = platform.run(sweep.collect()).unwrap();
    let of = |number: usize| {
        let id = format!("s{number}");
        outcomes.iter().position(|outcome| outcome.query.session_id == id).unwrap()
    };
    assert_eq!(outcomes.len(), 50, "one outcome for every query");
    let code = |number: usize| outcomes[of(number)].result.as_ref().err().map(|error| error.code());
    assert_eq!((code(10), code(33)), (Some(Code::NotFound), Some(Code::ServerError)));
    for again in [7, 14, 21, 28, 42, 49] {
        assert_eq!(code(again), None, "{again} succeeds in its second round");
        assert!(of(again) > of(48), "{again} comes after all that needed one");
    }
    let seen = platform.seen();
    let asked = |number: usize| seen.iter().filter(|seen| seen.request.url.contains(&format!("/s{number}/"))).count();
    assert_eq!((asked(10), asked(7), asked(33)), (1, 5, 12));
    let (_, last) = *told.borrow().last().unwrap();
    assert_eq!((last.done, last.failed, last.waiting), (44, 6, 0));
}

#[test]
fn a_sweep_that_is_cancelled_keeps_what_it_has_and_asks_for_no_more() {
    let platform = VirtualPlatform::new(1);
    platform.serve(|_: &Request, _: f64| Reply::json(body(&["a"])).after(100.0));
    let debugger = debugger(&platform, options());
    let cancel = Cancel::new();
    let mut sweep = debugger.snapshots(queries(1_000), Some(cancel.clone()));
    let kept = platform.run(async move {
        let mut kept = Vec::new();
        while let Some(outcome) = sweep.next().await {
            kept.push(outcome.result.is_ok());
            if kept.len() == 20 {
                cancel.cancel();
            }
        }
        kept
    });
    assert_eq!(kept, Some(vec![true; 20]));
    let before = reads(&platform);
    platform.run_for(600_000.0);
    assert!(before <= 30 && reads(&platform) == before, "{before} reads, then {}", reads(&platform));
}

/// Watches a session in the background; when each read arrived at the tenant, in ms.
fn watch(platform: &VirtualPlatform, interval_ms: f64) -> impl Fn() -> Vec<f64> + use<> {
    let mut watch =
        debugger(platform, options()).watch(VariableQuery::session("s"), interval_ms, Cancel::new()).unwrap();
    platform.spawn(Box::pin(async move { while watch.next().await.is_some() {} }));
    let network = platform.clone();
    move || network.seen().iter().map(|seen| seen.at_ms).collect()
}

#[test]
fn a_watch_rests_while_nobody_looks_and_goes_on_at_once() {
    let platform = VirtualPlatform::new(1);
    platform.serve(|_: &Request, _: f64| Reply::json(body(&["a"])));
    let reads = watch(&platform, 5_000.0);
    platform.run_for(11_000.0);
    assert_eq!(reads().len(), 3);
    platform.set_visible(false);
    platform.run_for(3_600_000.0);
    assert_eq!(reads().len(), 3, "an hour in a hidden tab");
    platform.set_visible(true);
    platform.run_for(1.0);
    assert_eq!(reads().len(), 4, "one read at once, and none of those that were missed");
    platform.run_for(5_000.0);
    assert_eq!(reads().len(), 5);
}

#[test]
fn a_watch_backs_off_from_errors_and_never_comes_before_it_is_asked_to() {
    let platform = VirtualPlatform::new(1);
    let count = Cell::new(0);
    platform.serve(move |_: &Request, _: f64| {
        count.set(count.get() + 1);
        match count.get() {
            1 => Reply::json(body(&["a"])),
            2 => Reply::status(429).header("Retry-After", "90"),
            _ => Reply::status(500),
        }
    });
    let reads = watch(&platform, 1_000.0);
    platform.run_for(2_000_000.0);
    let reads = reads();
    assert!(reads[2] - reads[1] >= 90_000.0, "the tenant asked for 90 s: {:?}", &reads[..3]);
    // Four attempts each, which outlast 3 s, and then a pause that grows up to a minute.
    let gaps: Vec<f64> = reads[2..].windows(2).map(|pair| pair[1] - pair[0]).filter(|ms| *ms > 900.0).collect();
    let pauses: Vec<f64> = gaps.chunks(2).take(7).map(|pair| pair[1]).collect();
    for (pause, wanted) in pauses.iter().zip([2_000.0, 4_000.0, 8_000.0, 16_000.0, 32_000.0, 60_000.0, 60_000.0]) {
        assert!((wanted - 1.0..wanted + 500.0).contains(pause), "{pauses:?}");
    }
    assert!(gaps.chunks(2).take(7).all(|pair| (2_500.0..4_500.0).contains(&pair[0])), "{gaps:?}");
    assert!(gaps.len() > 20, "it goes on: {gaps:?}");
}

#[test]
fn a_slow_tenant_never_has_two_reads_of_one_watch() {
    let platform = VirtualPlatform::new(1);
    platform.serve(|_: &Request, _: f64| Reply::json(body(&["a"])).after(9_000.0));
    let reads = watch(&platform, 100.0);
    platform.run_for(100_000.0);
    assert_eq!((reads().len(), platform.most_in_flight()), (11, 1));
    platform.set_visible(false);
    platform.run_for(20_000.0);
    platform.set_visible(true);
    platform.set_visible(true);
    platform.run_for(50_000.0);
    assert_eq!(platform.most_in_flight(), 1, "also not when it is shown twice");
}

#[test]
fn several_watches_of_one_session_take_turns_and_those_of_others_do_not_wait() {
    let platform = VirtualPlatform::new(1);
    platform.serve(|_: &Request, _: f64| Reply::json(body(&["a"])).after(9_000.0));
    let debugger = debugger(&platform, options());
    let mut cancels = Vec::new();
    for session in ["s", "s", "s", "other"] {
        let cancel = Cancel::new();
        let mut watch = debugger.watch(VariableQuery::session(session), 100.0, cancel.clone()).unwrap();
        platform.spawn(Box::pin(async move { while watch.next().await.is_some() {} }));
        cancels.push(cancel);
    }
    platform.run_for(98_000.0);
    assert_eq!(platform.most_in_flight(), 2, "one of each session");
    let of = |session: &str| {
        platform.seen().iter().filter(|seen| seen.request.url.contains(&format!("/{session}/"))).count()
    };
    assert_eq!((of("s"), of("other")), (11, 11));
    // Whoever gives up in the middle of a read lets the next one go on.
    cancels.iter().take(2).for_each(Cancel::cancel);
    platform.run_for(98_000.0);
    assert!(of("s") >= 21, "{}", of("s"));
}

/// What a person can do next stands in the message; what the server says stands beside it, short and harmless.
#[test]
fn every_refusal_says_what_to_do_and_keeps_the_servers_words_apart() {
    const SAID: &str = "<img src=x onerror=alert(1)> \\u202egnp.exe \\u0007 s";
    let said = || format!(r#"{{"title":"x","detail":"{SAID}{}"}}"#, "s".repeat(5_000));
    let table: [(u16, Code, &[&str]); 9] = [
        (400, Code::RequestRejected, &["baseUrl", "filters"]),
        (401, Code::Unauthenticated, &["option token", "endpoint"]),
        (403, Code::Forbidden, &["session", "scope"]),
        (404, Code::NotFound, &["session id", "expired"]),
        (409, Code::Conflict, &["Read it again"]),
        (410, Code::NotFound, &["session id"]),
        (429, Code::RateLimited, &["Try again later", "rateLimit"]),
        (500, Code::ServerError, &["Try again later"]),
        (503, Code::ServerError, &["Try again later"]),
    ];
    for (status, code, words) in table {
        let platform = VirtualPlatform::new(1);
        platform.serve(move |_: &Request, _: f64| Reply::status(status).body(said()));
        let error = support::read(&platform, &debugger(&platform, options())).unwrap_err();
        assert_eq!(error.code(), code, "{status}");
        let message = error.message();
        assert!(words.iter().all(|word| message.contains(word)), "{status}: {message}");
        assert!(!message.contains("img") && !message.contains("sss"), "{message}");
        let problem = error.facts().problem.clone().unwrap();
        assert!(problem.contains("<img src=x") && problem.chars().count() <= 200, "{problem}");
        assert!(!problem.contains(['\u{202e}', '\u{7}']) && problem.contains("\\u{202e}"), "{problem}");
    }
    let failures: [(Reply, Code, &[&str]); 4] = [
        (
            Reply::error(cognigy_session_debugger::platform::TransportError::Network),
            Code::NetworkOrCors,
            &["address", "CORS", "connect-src"],
        ),
        (Reply::silence(), Code::Timeout, &["timeoutMs"]),
        (
            Reply::error(cognigy_session_debugger::platform::TransportError::Redirect),
            Code::RedirectRefused,
            &["final address", "baseUrl"],
        ),
        (
            Reply::status(200).header("Content-Type", "text/html").body("<html>"),
            Code::BadContentType,
            &["sign-in", "baseUrl", "path"],
        ),
    ];
    for (reply, code, words) in failures {
        let platform = VirtualPlatform::new(1);
        platform.serve(move |_: &Request, _: f64| reply.clone());
        let patient = DebuggerOptions { deadline_ms: 600_000.0, ..options() };
        let error = support::read(&platform, &debugger(&platform, patient)).unwrap_err();
        assert_eq!(error.code(), code);
        assert!(words.iter().all(|word| error.message().contains(word)), "{}", error.message());
    }
}
