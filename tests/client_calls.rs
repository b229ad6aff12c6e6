//! Single reads: what leaves, what comes back, and what happens when it does not.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use cognigy_session_debugger::Code;
use cognigy_session_debugger::client::ledger::RateLimit;
use cognigy_session_debugger::client::retry::{Decided, RetryPolicy};
use cognigy_session_debugger::client::{
    Action, CallOptions, DebuggerOptions, OnFirstRows, OnProgress, Phase, Progress, Source, WaitFor,
};
use cognigy_session_debugger::platform::{
    Clock, Credentials, Ending, LocalFuture, Method, Reply, Request, TransportError, VirtualPlatform,
};
use cognigy_session_debugger::query::VariableQuery;
use cognigy_session_debugger::snapshot::IngestOptions;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use support::*;

/// A tenant whose reads answer what the closure says, by number from 1; tokens are numbered too.
fn serve(platform: &VirtualPlatform, answer: impl Fn(usize, &Request) -> Reply + 'static) {
    let (read, token) = (Cell::new(0), Cell::new(0));
    platform.serve(move |request: &Request, _: f64| {
        if is_token_request(request) {
            token.set(token.get() + 1);
            return token_json(&format!("token-{}", token.get()), 300);
        }
        read.set(read.get() + 1);
        answer(read.get(), request)
    });
}

#[test]
fn the_request_carries_what_it_must_and_no_more() {
    let platform = VirtualPlatform::new(1);
    serve(&platform, |_, _| Reply::json(body(&["a"])));
    let debugger = debugger(&platform, with_token());
    assert_eq!(read(&platform, &debugger).unwrap().len(), 1);
    let seen = platform.seen();
    let request = &seen[1].request;
    assert_eq!((request.method, request.credentials, &request.body), (Method::Get, Credentials::Omit, &None));
    assert_eq!(request.url, "https://tenant.example/api/v2/botsessions/s/variables");
    let mut headers = request.headers.clone();
    headers.sort();
    assert_eq!(headers, [("accept", "application/json".into()), ("authorization", "Bearer token-1".into())]);
}

#[test]
fn a_401_is_replayed_once_with_a_new_token() {
    let platform = VirtualPlatform::new(1);
    serve(&platform, |_, request| match header(request, "authorization") {
        Some("Bearer token-1") => Reply::status(401),
        _ => Reply::json(body(&["a"])),
    });
    let mut options = with_token();
    options.retry.attempts = 1;
    let debugger = debugger(&platform, options);
    assert!(read(&platform, &debugger).is_ok(), "the replay is not one of the attempts");
    assert_eq!((reads(&platform), token_requests(&platform), platform.monotonic_ms()), (2, 2, 0.0));
    assert!(read(&platform, &debugger).is_ok());
    assert_eq!((reads(&platform), token_requests(&platform)), (3, 2), "the new token stays in use");
}

#[test]
fn a_second_401_is_final() {
    let platform = VirtualPlatform::new(1);
    serve(&platform, |_, _| Reply::status(401).body(r#"{"title":"expired"}"#));
    let error = read(&platform, &debugger(&platform, with_token())).unwrap_err();
    assert_eq!(
        (error.code(), error.facts().status, error.facts().attempts),
        (Code::Unauthenticated, Some(401), Some(2))
    );
    assert_eq!(error.facts().problem.as_deref(), Some("expired"));
    assert_eq!((reads(&platform), token_requests(&platform)), (2, 2));
    let platform = VirtualPlatform::new(1);
    serve(&platform, |_, _| Reply::status(401));
    assert_eq!(code(read(&platform, &debugger(&platform, options()))), Code::Unauthenticated);
    assert_eq!(reads(&platform), 1, "without a token there is nothing to renew");
}

#[test]
fn r9_ten_thousand_calls_whose_token_is_refused_cause_one_refresh() {
    const CALLS: usize = 10_000;
    // As many as may be under way at once.
    const AT_ONCE: usize = 1_000;
    let platform = VirtualPlatform::new(1);
    serve(&platform, |_, request| match header(request, "authorization") {
        Some("Bearer token-1") => Reply::status(401).after(50.0),
        _ => Reply::json(body(&["a"])).after(50.0),
    });
    let mut options = with_token();
    (options.max_concurrent, options.rate_limit.requests) = (AT_ONCE, 1_000_000);
    let debugger = debugger(&platform, options);
    let calls = (0..CALLS).map(|_| debugger.snapshot(VariableQuery::session("s"), CallOptions::default()));
    let results = platform.run(futures_util::future::join_all(calls.collect::<Vec<_>>())).unwrap();
    assert!(results.len() == CALLS && results.iter().all(Result::is_ok));
    assert_eq!((platform.most_in_flight(), reads(&platform)), (AT_ONCE, CALLS + AT_ONCE));
    assert_eq!(token_requests(&platform), 2);
    figure("R9", format!("{CALLS} calls at once, {AT_ONCE} x 401 at once: 1 refresh (asked: 1)"));
}

#[test]
fn faults_that_pass_are_retried() {
    let faults: [fn() -> Reply; 10] = [
        || Reply::status(429),
        || Reply::status(429).header("Retry-After", "2"),
        || Reply::status(500),
        || Reply::status(503).header("Retry-After", "Thu, 01 Jan 2026 00:00:04 GMT"),
        || Reply::status(504),
        || Reply::error(TransportError::Network),
        || Reply::silence(),
        || Reply::json(body(&["lost", "b"])).cut(40, Ending::Broken),
        || Reply::json(body(&["lost", "b"])).cut(60, Ending::Short),
        || Reply::json(body(&["lost", "b"])).cut(60, Ending::Short).unannounced(),
    ];
    for (number, fault) in faults.into_iter().enumerate() {
        let platform = VirtualPlatform::new(number as u64);
        serve(&platform, move |read, _| if read <= 2 { fault() } else { Reply::json(body(&["a", "b"])) });
        let debugger = debugger(&platform, options());
        let snapshot = read(&platform, &debugger).unwrap();
        assert_eq!(snapshot.names().collect::<Vec<_>>(), ["a", "b"], "fault {number} leaves nothing behind");
        assert!(snapshot.is_complete());
        assert_eq!(reads(&platform), 3, "fault {number}");
        let metrics = debugger.metrics();
        assert_eq!((metrics.requests, metrics.succeeded, metrics.failed, metrics.retried), (3, 1, 2, 2));
    }
}

#[test]
fn a_stalled_body_is_cut_off_long_before_the_attempts_time_limit() {
    let platform = VirtualPlatform::new(1);
    serve(&platform, |read, _| match read {
        1 => Reply::json(body(&["a"])).cut(20, Ending::Stalled),
        _ => Reply::json(body(&["a"])),
    });
    assert!(read(&platform, &debugger(&platform, options())).is_ok());
    assert!((10_000.0..10_060.0).contains(&platform.monotonic_ms()), "{}", platform.monotonic_ms());
}

#[test]
fn every_fault_that_lasts_has_its_code() {
    const HOUR_MS: f64 = 3_600_000.0;
    type Line = (fn() -> Reply, Code, usize);
    let table: [Line; 17] = [
        (|| Reply::status(403), Code::Forbidden, 1),
        (|| Reply::status(404), Code::NotFound, 1),
        (|| Reply::status(422), Code::RequestRejected, 1),
        (|| Reply::status(302).header("Location", "https://elsewhere.example"), Code::RedirectRefused, 1),
        (|| Reply::status(429), Code::RateLimited, 4),
        (|| Reply::status(429).header("Retry-After", "3600"), Code::RateLimited, 1),
        (|| Reply::status(500), Code::ServerError, 4),
        (|| Reply::error(TransportError::Network), Code::NetworkOrCors, 4),
        (|| Reply::error(TransportError::Offline), Code::Offline, 4),
        (|| Reply::status(204), Code::BodyEmpty, 1),
        (|| Reply::json(""), Code::BodyEmpty, 1),
        (|| Reply::json("[]"), Code::ShapeUnknown, 1),
        (|| Reply::json("{oops}"), Code::JsonSyntax, 1),
        (|| Reply::json(r#"{"variables":[]"#), Code::BodyTruncated, 4),
        (|| Reply::status(200).header("Content-Type", "text/html").body("<p>"), Code::BadContentType, 1),
        (|| Reply::status(200).header("Content-Type", "application/jsonp").body("{}"), Code::BadContentType, 1),
        (|| Reply::json(page(&["a"], r#"{"next":"https://elsewhere.example/"}"#)), Code::SchemaMismatch, 1),
    ];
    for (number, (fault, wanted, attempts)) in table.into_iter().enumerate() {
        // Who was asked for a pause keeps it, with the part that keeps clients from coming back together; all others go on.
        let asked = fault().headers.iter().any(|(name, _)| name == "Retry-After");
        let pause_ms = if asked { HOUR_MS + 1_000.0 } else { 0.0 };
        let platform = VirtualPlatform::new(7);
        let broken = Rc::new(Cell::new(true));
        let now = Rc::clone(&broken);
        serve(&platform, move |_, _| if now.get() { fault() } else { Reply::json(body(&["a"])) });
        let debugger = debugger(&platform, options());
        let error = read(&platform, &debugger).unwrap_err();
        assert_eq!((error.code(), reads(&platform)), (wanted, attempts), "{number}: {error}");
        assert!(!error.message().contains("tenant.example"), "no URL in {error}");
        broken.set(false);
        platform.run_for(pause_ms);
        let began_ms = platform.monotonic_ms();
        assert!(read(&platform, &debugger).is_ok(), "the next good answer after {number} is read");
        let took_ms = platform.monotonic_ms() - began_ms;
        assert!(took_ms <= 21_000.0, "{number}: no pause of our own is longer than 20 s, not {took_ms} ms");
    }
}

#[test]
fn a_refusal_is_told_though_the_words_beside_it_do_not_come() {
    // When the head comes, in ms; one attempt, the time between two pieces, and one call.
    for (head, timeout_ms, stall_ms, deadline_ms) in [
        (0.0, 15_000.0, 10_000.0, 60_000.0),
        (0.0, 800.0, 10_000.0, 60_000.0),
        (14_900.0, 15_000.0, 10_000.0, 60_000.0),
        (0.0, 15_000.0, 500.0, 60_000.0),
        (1_900.0, 15_000.0, 10_000.0, 2_000.0),
    ] {
        let platform = VirtualPlatform::new(1);
        let reply = Reply::status(404).after(head).body(r#"{"detail":"none"}"#).cut(1, Ending::Stalled);
        serve(&platform, move |_, _| reply.clone());
        let options = DebuggerOptions { timeout_ms, stall_ms, deadline_ms, ..options() };
        let error = read(&platform, &debugger(&platform, options)).unwrap_err();
        assert_eq!((error.code(), error.facts().status, reads(&platform)), (Code::NotFound, Some(404), 1));
        assert!(platform.monotonic_ms() <= head + 1_000.0);
    }
}

#[test]
fn json_by_any_of_its_names_is_accepted() {
    for kind in ["application/json", "Application/JSON; charset=utf-8", "application/problem+json", ""] {
        let platform = VirtualPlatform::new(1);
        serve(&platform, move |_, _| Reply::status(200).header("content-type", kind).body(body(&["a"])));
        assert!(read(&platform, &debugger(&platform, options())).is_ok(), "{kind}");
    }
}

#[test]
fn an_outage_is_not_multiplied_and_its_end_is_noticed_at_once() {
    const OUTAGE_MS: f64 = 600_000.0;
    let platform = VirtualPlatform::new(9);
    platform.serve(|_: &Request, now: f64| {
        if now < OUTAGE_MS { Reply::status(503).after(20.0) } else { Reply::json(body(&["a"])).after(20.0) }
    });
    let mut options = options();
    options.rate_limit.requests = 1_000_000;
    let debugger = debugger(&platform, options);
    for _ in 0..1_000 {
        assert_eq!(code(read(&platform, &debugger)), Code::ServerError);
    }
    assert!(platform.monotonic_ms() < OUTAGE_MS);
    assert!(reads(&platform) <= 1_040, "{} attempts for 1,000 calls", reads(&platform));
    platform.run_for(OUTAGE_MS - platform.monotonic_ms());
    assert!(read(&platform, &debugger).is_ok());
    assert_eq!(platform.monotonic_ms(), OUTAGE_MS + 20.0);
}

#[test]
fn a_hint_that_does_not_fit_fails_at_once_for_everybody() {
    let platform = VirtualPlatform::new(1);
    serve(&platform, |_, _| Reply::status(429).header("Retry-After", "120"));
    let debugger = debugger(&platform, options());
    let error = read(&platform, &debugger).unwrap_err();
    assert_eq!((error.code(), error.facts().retry_after_ms), (Code::RateLimited, Some(120_000.0)));
    assert_eq!(platform.monotonic_ms(), 0.0);
    platform.run_for(20_000.0);
    let error = read(&platform, &debugger).unwrap_err();
    // With the part that keeps clients from coming back together.
    let wait_ms = error.facts().retry_after_ms.unwrap();
    assert!(error.code() == Code::RateLimited && (100_000.0..112_000.0).contains(&wait_ms), "{wait_ms}");
    assert_eq!(reads(&platform), 1, "the tenant is left alone meanwhile");
}

#[test]
fn the_deadline_covers_every_wait() {
    // The queue: one slot, held by a call that never gets an answer.
    let platform = VirtualPlatform::new(1);
    serve(&platform, |_, _| Reply::silence());
    let slow = DebuggerOptions { max_concurrent: 1, timeout_ms: 3_600_000.0, deadline_ms: 50_000.0, ..options() };
    let one = debugger(&platform, slow);
    let calls = (0..2).map(|_| one.snapshot(VariableQuery::session("s"), CallOptions::default()));
    let results = platform.run(futures_util::future::join_all(calls.collect::<Vec<_>>())).unwrap();
    assert!(results.into_iter().all(|result| code(result) == Code::DeadlineExceeded));
    assert_eq!((platform.monotonic_ms(), reads(&platform)), (50_000.0, 1));
    // The token, the connection, the body.
    let stages: [fn(&Request) -> Reply; 3] = [
        |_| Reply::silence(),
        |request| if is_token_request(request) { token_json("t", 300) } else { Reply::silence() },
        |request| match is_token_request(request) {
            true => token_json("t", 300),
            false => Reply::json(body(&["a"])).pieces(1, 1_000.0),
        },
    ];
    for (number, stage) in stages.into_iter().enumerate() {
        let platform = VirtualPlatform::new(1);
        platform.serve(move |request: &Request, _: f64| stage(request));
        let quick = DebuggerOptions { deadline_ms: 10_000.0, ..with_token() };
        let error = read(&platform, &debugger(&platform, quick)).unwrap_err();
        assert_eq!((error.code(), platform.monotonic_ms()), (Code::DeadlineExceeded, 10_000.0), "stage {number}");
    }
}

/// As with the preset of the real platform, whose window is five minutes.
#[test]
fn a_limit_that_has_no_room_before_the_deadline_says_when_it_has() {
    let platform = VirtualPlatform::new(1);
    serve(&platform, |_, _| Reply::json(body(&["a"])));
    let rate_limit = RateLimit { requests: 1, window_ms: 300_000.0 };
    let debugger = debugger(&platform, DebuggerOptions { rate_limit, ..options() });
    read(&platform, &debugger).unwrap();
    let error = read(&platform, &debugger).unwrap_err();
    let pause_ms = error.facts().retry_after_ms.unwrap();
    assert_eq!((error.code(), platform.monotonic_ms()), (Code::DeadlineExceeded, 60_000.0));
    assert!((239_000.0..=240_100.0).contains(&pause_ms), "{pause_ms} ms");
    assert!(error.to_string().contains("rate limit"), "{error}");
    platform.run_for(pause_ms + 1.0);
    assert!(read(&platform, &debugger).is_ok() && platform.monotonic_ms() < 301_000.0, "{}", platform.monotonic_ms());
}

/// Nobody has reached the limit: the tenant is left alone since it does not answer.
#[test]
fn a_deadline_that_comes_while_the_tenant_is_left_alone_says_nothing_of_the_limit() {
    let platform = VirtualPlatform::new(1);
    serve(&platform, |_, _| Reply::error(TransportError::Network));
    let retry = RetryPolicy { throttle_delay_ms: 20_000.0, ..RetryPolicy::default() };
    let debugger = debugger(&platform, DebuggerOptions { deadline_ms: 500.0, retry, ..options() });
    let errors: Vec<_> = (0..6).map(|_| read(&platform, &debugger).unwrap_err()).collect();
    let waited = errors.iter().filter(|error| error.code() == Code::DeadlineExceeded);
    assert!(waited.clone().count() > 0, "{errors:?}");
    assert!(waited.clone().all(|error| !error.to_string().contains("rate limit")), "{errors:?}");
}

#[test]
fn progress_tells_every_step() {
    let platform = VirtualPlatform::new(3);
    serve(&platform, |read, _| match read {
        1 => Reply::status(503).header("Retry-After", "4"),
        2 => Reply::json(page(&["a", "b"], r#"{"page":1,"pages":2}"#)).pieces(30, 5.0),
        _ => Reply::json(page(&["c"], r#"{"page":2,"pages":2}"#)),
    });
    let told: Rc<RefCell<Vec<Progress>>> = Rc::default();
    let listener: OnProgress = {
        let told = Rc::clone(&told);
        Rc::new(move |progress| told.borrow_mut().push(progress.clone()))
    };
    let debugger = debugger(&platform, with_token());
    let call = CallOptions { progress: Some(listener), ..CallOptions::default() };
    platform.run(debugger.snapshot(VariableQuery::session("s"), call)).unwrap().unwrap();
    let told = told.borrow();
    let first = |phase| told.iter().find(|progress| progress.phase == phase).unwrap_or_else(|| panic!("no {phase:?}"));
    let waiting = first(Phase::Waiting);
    assert_eq!((waiting.wait_for, waiting.attempt), (Some(WaitFor::Server), 2));
    assert!((4_000.0..5_000.0).contains(&waiting.wait_ms.unwrap()));
    assert_eq!(first(Phase::Body).bytes, 30);
    assert!(told.windows(2).all(|pair| pair[0].bytes <= pair[1].bytes && pair[0].variables <= pair[1].variables));
    let last = told.last().unwrap();
    assert_eq!((last.phase, last.page, last.pages, last.variables), (Phase::Done, 2, Some(2), 3));
    assert_eq!((last.requests_used, last.requests_allowed, &last.missing), (3, 100, &None));
}

#[test]
fn the_first_rows_are_given_once_and_early() {
    let names: Vec<String> = (0..200).map(|number| format!("name_{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    // Cut off once, so that the rows arrive twice.
    let whole = body(&names);
    let platform = VirtualPlatform::new(5);
    serve(&platform, move |read, _| {
        let reply = Reply::json(whole.clone()).pieces(1_000, 50.0);
        if read == 1 { reply.cut(8_000, Ending::Broken) } else { reply }
    });
    let debugger = debugger(&platform, with_token());
    let given: Rc<RefCell<Vec<(usize, bool, f64)>>> = Rc::default();
    let first_rows: OnFirstRows = {
        let (given, platform) = (Rc::clone(&given), platform.clone());
        Rc::new(move |first| given.borrow_mut().push((first.len(), first.is_complete(), platform.monotonic_ms())))
    };
    let call = CallOptions { first_rows: Some(first_rows), ..CallOptions::default() };
    let snapshot = platform.run(debugger.snapshot(VariableQuery::session("s"), call)).unwrap().unwrap();
    assert_eq!(snapshot.len(), 200);
    let given = given.borrow();
    assert!(matches!(given[..], [(50..80, false, at)] if at < platform.monotonic_ms() / 2.0), "{given:?}");
}

/// Whether the first rows are given, of those whose name begins so.
fn gives_first_rows(body: &str, name: Option<&str>) -> bool {
    let platform = VirtualPlatform::new(1);
    let body = body.to_owned();
    platform.serve(move |_: &Request, _: f64| Reply::json(body.clone()).pieces(65_536, 5.0));
    let given = Rc::new(Cell::new(false));
    let first_rows: OnFirstRows = {
        let given = Rc::clone(&given);
        Rc::new(move |_| given.set(true))
    };
    let call = CallOptions { first_rows: Some(first_rows), ..CallOptions::default() };
    let query = VariableQuery { name: name.map(String::from), ..VariableQuery::session("s") };
    platform.run(debugger(&platform, options()).snapshot(query, call)).unwrap().unwrap();
    given.get()
}

#[test]
fn first_rows_that_lie_far_apart_are_not_read_again_with_all_between_them() {
    let names = |name: &str, count: usize| (0..count).map(|number| format!("{name}_{number}")).collect::<Vec<_>>();
    let body_of = |parts: &[Vec<String>]| {
        let names: Vec<&str> = parts.iter().flatten().map(String::as_str).collect();
        body(&names)
    };
    let (few, many) = (names("z", 60), names("other", 40_000));
    assert!(gives_first_rows(&body_of(&[few.clone(), many.clone()]), Some("z_")));
    assert!(!gives_first_rows(&body_of(&[many.clone(), few]), Some("z_")));
    // Where all were asked for they are the first ones, however large.
    let large = format!(r#""value":"{}""#, "x".repeat(40_000));
    assert!(gives_first_rows(&body_of(&[names("large", 60)]).replace(r#""value":"1""#, &large), None));
}

struct Host(&'static str);

impl Source for Host {
    fn read(&self, query: &VariableQuery) -> LocalFuture<Result<Vec<u8>, cognigy_session_debugger::Error>> {
        assert_eq!(query.session_id, "s");
        let body = self.0;
        Box::pin(async move { Ok(body.into()) })
    }
}

struct Silent;

impl Source for Silent {
    fn read(&self, _: &VariableQuery) -> LocalFuture<Result<Vec<u8>, cognigy_session_debugger::Error>> {
        Box::pin(std::future::pending())
    }
}

#[test]
fn a_host_can_be_the_source() {
    let platform = VirtualPlatform::new(1);
    let of = |body| debugger(&platform, DebuggerOptions { source: Some(Box::new(Host(body))), ..Default::default() });
    let whole = of(r#"{"variables":[{"name":"a","value":1,"scope":"user"}]}"#);
    assert!(read(&platform, &whole).unwrap().is_complete());
    let record = &whole.audit_trail()[0];
    assert_eq!((record.action, record.outcome, record.count), (Action::Source, None, Some(1)));
    let part = of(r#"{"variables":[],"pagination":{"nextCursor":"x"}}"#);
    let missing = Rc::new(RefCell::new(None));
    let into = Rc::clone(&missing);
    let progress: OnProgress = Rc::new(move |progress| (*into.borrow_mut()).clone_from(&progress.missing));
    let call = CallOptions { progress: Some(progress), ..CallOptions::default() };
    let snapshot = platform.run(part.snapshot(VariableQuery::session("s"), call)).unwrap().unwrap();
    assert!(!snapshot.is_complete(), "a page that names a next one is not the whole");
    assert_eq!(missing.take().map(|error| error.code()), Some(Code::PageLimit));
    let broken = of("{");
    assert_eq!(code(read(&platform, &broken)), Code::JsonSyntax);
    let outcomes: Vec<_> = broken.audit_trail().iter().map(|record| (record.outcome, record.decided)).collect();
    assert_eq!(
        outcomes,
        [(Some(Code::JsonSyntax), Some(Decided::NEVER))],
        "a body that is no answer has its record too"
    );
    assert_eq!(reads(&platform), 0);
    let options = DebuggerOptions { source: Some(Box::new(Silent)), ..Default::default() };
    let error = read(&platform, &debugger(&platform, options)).unwrap_err();
    assert_eq!((error.code(), platform.monotonic_ms()), (Code::Timeout, 15_000.0));
    assert!(
        error.message().contains("source") && error.message().contains("timeoutMs"),
        "not the tenant's fault: {error}"
    );
}

#[test]
fn what_fails_and_is_not_tried_again_has_a_class() {
    let platform = VirtualPlatform::new(1);
    let debugger = debugger(&platform, options());
    assert!(debugger.ingest(b"{".to_vec(), IngestOptions::default()).is_err());
    assert!(debugger.ingest(body(&["a"]).into_bytes(), IngestOptions::default()).is_ok());
    debugger.note_breakdown(Some("s"));
    let decided: Vec<_> = debugger.audit_trail().iter().map(|record| record.decided).collect();
    assert_eq!(decided, [Some(Decided::NEVER), None, Some(Decided::NEVER)]);
    assert_eq!(debugger.metrics().failures, [0, 0, 0, 2], "throttle, transient, auth, never");
}

#[test]
fn options_that_cannot_work_are_named() {
    let platform: Rc<VirtualPlatform> = Rc::new(VirtualPlatform::new(1));
    let refuse = |what: &str, change: &dyn Fn(&mut DebuggerOptions)| {
        let mut options = with_token();
        change(&mut options);
        let error = cognigy_session_debugger::client::SessionDebugger::new(options, platform.clone()).err();
        let error = error.unwrap_or_else(|| panic!("{what} must be refused"));
        assert_eq!(error.code(), Code::ConfigInvalid, "{what}");
        assert!(error.message().contains(what), "{what}: {error}");
    };
    use cognigy_session_debugger::client::{TokenOption, WebhookOptions};
    refuse("maxConcurrent", &|options| options.max_concurrent = 0);
    refuse("rateLimit.requests", &|options| options.rate_limit.requests = 0);
    refuse("rateLimit.windowMs", &|options| options.rate_limit.window_ms = f64::NAN);
    refuse("retry.attempts", &|options| options.retry.attempts = 0);
    refuse("retry.outlastMs", &|options| options.retry.outlast_ms = f64::NAN);
    refuse("retry.baseDelayMs", &|options| options.retry.base_delay_ms = -1.0);
    refuse("timeoutMs", &|options| options.timeout_ms = f64::INFINITY);
    refuse("deadlineMs", &|options| options.deadline_ms = 0.0);
    refuse("base URL", &|options| options.base_url = Some("http://tenant.example".into()));
    refuse("baseUrl", &|options| options.base_url = None);
    for url in ["http://a.example", "//a.example/x", "https://u:p@a.example/", "javascript:alert(1)", "token", ""] {
        refuse("token", &|options| options.token = TokenOption::Endpoint(url.into()));
        let webhook = || WebhookOptions { timeout_ms: 1.0, ..WebhookOptions::new(url) };
        refuse("webhook.url", &|options| options.webhook = Some(webhook()));
    }
}

#[test]
fn a_prefix_can_be_demanded_of_session_ids() {
    let platform = VirtualPlatform::new(1);
    serve(&platform, |_, _| Reply::json(body(&["a"])));
    let strict = DebuggerOptions { require_session_prefix: Some("sess_".into()), ..options() };
    let debugger = debugger(&platform, strict);
    assert_eq!(code(read(&platform, &debugger)), Code::InputInvalid);
    let good = debugger.snapshot(VariableQuery::session("sess_1"), CallOptions::default());
    assert!(platform.run(good).unwrap().is_ok());
}

#[test]
fn what_a_tenant_refuses_is_told_with_its_likely_reasons() {
    for (status, reason) in [(403, "member of the session's project"), (404, "userId"), (429, "attempts are used up")] {
        let platform = VirtualPlatform::new(1);
        platform.serve(move |request: &Request, _: f64| match is_token_request(request) {
            true => token_json("t", 300),
            false => Reply::status(status).header("Retry-After", "0"),
        });
        let error = read(&platform, &debugger(&platform, with_token())).unwrap_err();
        assert!(error.message().contains(reason), "{error}");
    }
}

#[test]
fn a_tenant_that_asks_for_a_token_where_none_is_configured_is_told_as_that() {
    let platform = VirtualPlatform::new(1);
    serve(&platform, |_, _| Reply::status(401).header("Content-Type", "application/json").body(r#"{"title":"Who?"}"#));
    let error = read(&platform, &debugger(&platform, options())).unwrap_err();
    assert_eq!((error.code(), reads(&platform)), (Code::Unauthenticated, 1));
    assert!(error.message().contains("none is configured") && error.message().contains("option token"), "{error}");
    assert_eq!((error.facts().status, error.facts().problem.as_deref()), (Some(401), Some("Who?")));
    // A relay that knows who asks.
    let platform = VirtualPlatform::new(1);
    serve(&platform, |_, _| Reply::status(403).body(r#"{"title":"Not yours"}"#));
    let error = read(&platform, &debugger(&platform, options())).unwrap_err();
    assert_eq!((error.code(), error.facts().problem.as_deref()), (Code::Forbidden, Some("Not yours")));
    assert!(error.message().contains("no token was sent") && !error.message().contains("scope"), "{error}");
    // With a token it is the token that was refused.
    let platform = VirtualPlatform::new(1);
    platform.serve(|request: &Request, _: f64| match is_token_request(request) {
        true => token_json("t", 300),
        false => Reply::status(401),
    });
    let error = read(&platform, &debugger(&platform, with_token())).unwrap_err();
    assert!(error.message().contains("refused the token"), "{error}");
}

#[test]
fn what_the_platform_tells_of_a_broken_network_stands_beside_our_words() {
    let fault = || Reply::error(TransportError::Unreachable("connect ECONNREFUSED\u{202e} tenant.example\n".into()));
    let told = Some("connect ECONNREFUSED\\u{202e} tenant.example");
    let platform = VirtualPlatform::new(1);
    serve(&platform, move |_, _| fault());
    let error = read(&platform, &debugger(&platform, options())).unwrap_err();
    assert_eq!((error.code(), reads(&platform)), (Code::NetworkOrCors, 4));
    assert_eq!(error.facts().problem.as_deref(), told);
    assert!(!error.message().contains("CORS") && !error.message().contains("ECONNREFUSED"), "{error}");
    // The token's own way.
    let platform = VirtualPlatform::new(1);
    platform.serve(move |_: &Request, _: f64| fault());
    let error = read(&platform, &debugger(&platform, with_token())).unwrap_err();
    assert_eq!((error.code(), error.facts().problem.as_deref()), (Code::TokenProviderFailed, told));
    assert!(!error.message().contains("origin"), "{error}");
    // However long it is, and whatever it holds.
    let secret = "Bearer abcdefghijklmnopqrstuvwxyz0123456789";
    for why in ["x".repeat(5_000), format!("refused {secret}"), String::new()] {
        let platform = VirtualPlatform::new(1);
        serve(&platform, move |_, _| Reply::error(TransportError::Unreachable(why.clone())));
        let problem = read(&platform, &debugger(&platform, options())).unwrap_err().facts().problem.clone();
        assert!(problem.as_ref().is_none_or(|text| text.len() <= 200 && !text.contains("abcdefgh")), "{problem:?}");
    }
}
