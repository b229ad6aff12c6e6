//! Many sessions, and one session again and again: how far it is, what is told, and what is left alone.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use cognigy_session_debugger::client::ledger::RateLimit;
use cognigy_session_debugger::client::{BulkOptions, BulkProgress, Cancel, DebuggerOptions, SnapshotOutcome, Source};
use cognigy_session_debugger::platform::{Clock, LocalFuture, Reply, Request, Spawn, VirtualPlatform};
use cognigy_session_debugger::query::VariableQuery;
use cognigy_session_debugger::{Code, Error};
use futures_util::StreamExt;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use support::tenant::{Counting, Tenant};
use support::{body, debugger, is_token_request, options, read, reads, token_json, with_token};

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

/// A source that always fails, and may say when to come back; when it was asked, in ms.
struct Failing {
    platform: VirtualPlatform,
    asked: Rc<RefCell<Vec<f64>>>,
    retry_after_ms: Option<f64>,
}

impl Source for Failing {
    fn read(&self, _: &VariableQuery) -> LocalFuture<Result<Vec<u8>, Error>> {
        self.asked.borrow_mut().push(self.platform.monotonic_ms());
        let hint = self.retry_after_ms;
        let error = Error::new(Code::SourceFailed, "Not now.").with(|facts| facts.retry_after_ms = hint);
        Box::pin(async move { Err(error) })
    }
}

/// Reads one session so many times more; when, in ms, and what was told.
fn again(retry_failed: u32, retry_after_ms: Option<f64>) -> (Vec<f64>, Vec<(f64, BulkProgress)>) {
    let platform = VirtualPlatform::new(1);
    let asked = Rc::new(RefCell::new(Vec::new()));
    let source = Failing { platform: platform.clone(), asked: Rc::clone(&asked), retry_after_ms };
    let options = DebuggerOptions { source: Some(Box::new(source)), ..DebuggerOptions::default() };
    let debugger = debugger(&platform, options);
    let (told, options) = log(&platform);
    let sweep = debugger.snapshots_with(queries(1), BulkOptions { retry_failed, ..options });
    let outcomes: Vec<SnapshotOutcome> = platform.run(sweep.collect()).unwrap();
    assert!(outcomes.len() == 1 && outcomes[0].result.is_err());
    (asked.take(), told.take())
}

#[test]
fn what_is_tried_again_is_left_alone_for_a_while_and_as_long_as_is_asked() {
    let (asked, _) = again(50, None);
    assert_eq!(asked.len(), 51);
    let pauses: Vec<f64> = asked.windows(2).map(|pair| pair[1] - pair[0]).collect();
    for (round, pause) in pauses.iter().enumerate() {
        let most = (1_000.0 * 2.0_f64.powi(i32::try_from(round).unwrap())).min(20_000.0);
        assert!((0.0..=most).contains(pause), "{pause} ms in round {round}");
    }
    assert!(asked[50] > 200_000.0, "{asked:?}");
    let (asked, told) = again(3, Some(30_000.0));
    assert_eq!((asked.len(), told.len()), (4, 4));
    for (pair, (_, progress)) in asked.windows(2).zip(&told) {
        let pause = pair[1] - pair[0];
        assert!((30_000.0..33_000.0).contains(&pause), "{pause} ms");
        assert!((progress.left_ms - pause).abs() < 1.0, "{} ms told, {pause} ms in truth", progress.left_ms);
    }
    assert_eq!(told[3].1.left_ms, 0.0);
    // Whoever asks for a year is not believed.
    let (asked, _) = again(1, Some(31_536_000_000.0));
    assert!(asked.len() == 2 && (3_600_000.0..3_961_000.0).contains(&(asked[1] - asked[0])), "{asked:?}");
}

#[test]
fn a_sweep_that_waits_for_another_try_ends_at_once_when_it_is_cancelled() {
    let platform = VirtualPlatform::new(1);
    let source = Failing { platform: platform.clone(), asked: Rc::default(), retry_after_ms: Some(3_600_000.0) };
    let debugger =
        debugger(&platform, DebuggerOptions { source: Some(Box::new(source)), ..DebuggerOptions::default() });
    let cancel = Cancel::new();
    let options = BulkOptions { cancel: Some(cancel.clone()), retry_failed: 1, ..BulkOptions::default() };
    let sweep = debugger.snapshots_with(queries(3), options);
    let ended = Rc::new(Cell::new(false));
    let end = Rc::clone(&ended);
    platform.spawn(Box::pin(async move { end.set(sweep.count().await == 0) }));
    platform.run_for(1_000.0);
    cancel.cancel();
    platform.run_for(1.0);
    assert!(ended.get());
}

/// What is told after four sessions, when the sweep is left or cancelled.
fn told_after(end: fn(&Cancel)) -> (usize, Vec<BulkProgress>) {
    let platform = VirtualPlatform::new(1);
    platform.serve(|_: &Request, _: f64| Reply::json(body(&["a"])).after(100.0));
    let debugger = debugger(&platform, options());
    let (told, options) = log(&platform);
    let cancel = Cancel::new();
    let mut sweep = debugger.snapshots_with(queries(50), BulkOptions { cancel: Some(cancel.clone()), ..options });
    platform.run(async move {
        for _ in 0..4 {
            sweep.next().await.unwrap().result.unwrap();
        }
        end(&cancel);
    });
    let before = told.borrow().len();
    platform.run_for(10_000.0);
    (before, told.take().into_iter().map(|(_, progress)| progress).collect())
}

#[test]
fn nothing_is_told_of_a_sweep_that_was_left_or_cancelled() {
    for (how, end) in [("left", (|_: &Cancel| {}) as fn(&Cancel)), ("cancelled", Cancel::cancel)] {
        let (before, told) = told_after(end);
        assert!(before >= 4 && told.len() == before, "{how}: {before} before, then {}", told.len());
        assert!(told.iter().all(|progress| progress.failed == 0), "{how}: {told:?}");
    }
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
fn neither_a_watch_nor_a_patient_call_believes_that_it_has_to_wait_for_more_than_an_hour() {
    let tenant = || {
        let platform = VirtualPlatform::new(1);
        let count = Cell::new(0);
        platform.serve(move |_: &Request, _: f64| {
            count.set(count.get() + 1);
            if count.get() == 2 { Reply::status(429).header("Retry-After", "86400") } else { Reply::json(body(&["a"])) }
        });
        platform
    };
    let platform = tenant();
    let reads = watch(&platform, 1_000.0);
    platform.run_for(2.0 * 3_600_000.0);
    let reads = reads();
    assert!((3_600_000.0..3_602_000.0).contains(&(reads[2] - reads[1])), "{:?}", &reads[..3]);
    let platform = tenant();
    let debugger = debugger(&platform, DebuggerOptions { deadline_ms: 86_400_000.0, ..options() });
    for _ in 0..2 {
        assert!(read(&platform, &debugger).is_ok());
    }
    assert!((3_600_000.0..4_000_000.0).contains(&platform.monotonic_ms()), "{}", platform.monotonic_ms());
}

#[test]
fn a_watch_tells_what_it_lives_through_and_ends_when_the_user_is_signed_out() {
    for status in [302, 401, 403, 404] {
        let platform = VirtualPlatform::new(1);
        // Away for a while after 10 s, signed out after a minute.
        platform.serve(move |request: &Request, now: f64| match (is_token_request(request), now) {
            (true, 60_000.0..) => Reply::status(status),
            (true, _) => token_json("t", 600),
            (false, 60_000.0..) => Reply::status(401),
            (false, 10_000.0..20_000.0) => Reply::status(503),
            (false, _) => Reply::json(body(&["a"])),
        });
        let watch = debugger(&platform, with_token()).watch(VariableQuery::session("s"), 1_000.0, Cancel::new());
        let (told, end) = (Rc::new(RefCell::new(Vec::new())), Rc::new(RefCell::new(None)));
        let (into, ended) = (Rc::clone(&told), Rc::clone(&end));
        let tell = Rc::new(move |error: &Error, ms| into.borrow_mut().push((error.code(), error.is_retryable(), ms)));
        let mut watch = watch.unwrap().on_error(tell);
        platform.spawn(Box::pin(async move {
            while let Some(next) = watch.next().await {
                *ended.borrow_mut() = next.err();
            }
        }));
        platform.run_for(600_000.0);
        let error = end.take().expect("it ends");
        assert_eq!((error.code(), error.facts().status), (Code::TokenProviderFailed, Some(status)));
        assert!(!error.is_retryable());
        let told = told.take();
        assert!((1..=3).contains(&told.len()), "{told:?}");
        for (number, (code, retryable, ms)) in told.iter().enumerate() {
            assert_eq!((*code, *retryable, *ms), (Code::ServerError, true, 1_000.0 * f64::from(1 << number)));
        }
        let sent = platform.seen().len();
        platform.run_for(600_000.0);
        assert_eq!(platform.seen().len(), sent, "nothing more is asked");
    }
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
        (403, Code::Forbidden, &["session", "relay", "option token"]),
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
