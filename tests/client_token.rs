//! One token for everybody.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use cognigy_session_debugger::client::{Journal, Token, TokenCache, TokenEndpoint};
use cognigy_session_debugger::platform::{
    Clock, Credentials, Ending, Fate, Reply, Request, Server, Sleep, Spawn, TransportError, VirtualOrigin,
    VirtualPlatform,
};
use cognigy_session_debugger::{Code, Error};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use support::{TOKEN_URL, figure, header, token_json, token_requests};

fn cache(platform: &VirtualPlatform) -> (TokenCache, Journal) {
    let journal = Journal::new(Rc::new(platform.clone()), None);
    let source = TokenEndpoint::new(Rc::new(platform.clone()), TOKEN_URL);
    (TokenCache::new(Rc::new(platform.clone()), Box::new(source), 15_000.0, journal.clone()), journal)
}

/// Gives a new token to every request, 100 ms later.
fn counting(expires_in: u32) -> impl Server {
    let given = Cell::new(0);
    move |_: &Request, _: f64| {
        given.set(given.get() + 1);
        token_json(&format!("token-{}", given.get()), expires_in).after(100.0)
    }
}

fn ask(platform: &VirtualPlatform, cache: &TokenCache) -> Result<Token, Error> {
    let cache = cache.clone();
    platform.run(async move { cache.get().await }).unwrap()
}

/// So many callers at once; what each of them got.
fn crowd(platform: &VirtualPlatform, cache: &TokenCache, callers: usize) -> Vec<Result<Token, Error>> {
    let results: Rc<RefCell<Vec<_>>> = Rc::default();
    for _ in 0..callers {
        let (cache, results) = (cache.clone(), Rc::clone(&results));
        platform.spawn(Box::pin(async move {
            let result = cache.get().await;
            results.borrow_mut().push(result);
        }));
    }
    platform.run_for(20_000.0);
    results.take()
}

#[test]
fn r9_ten_thousand_callers_cause_one_request() {
    let platform = VirtualPlatform::new(1);
    platform.serve(counting(300));
    let (cache, journal) = cache(&platform);
    let results = crowd(&platform, &cache, 10_000);
    assert_eq!(results.len(), 10_000);
    assert!(results.iter().all(|result| result.as_ref().unwrap().header() == "Bearer token-1"));
    assert_eq!(token_requests(&platform), 1);
    assert_eq!(journal.records().len(), 1);
    let request = &platform.seen()[0].request;
    assert_eq!(request.credentials, Credentials::SameOrigin);
    assert_eq!(header(request, "accept"), Some("application/json"));
    assert_eq!(request.body.as_deref(), Some("reason=initial"));
    figure("R9", format!("{} callers: {} token request (asked: 1)", results.len(), token_requests(&platform)));
}

#[test]
fn r9_ten_thousand_callers_share_one_failure() {
    let platform = VirtualPlatform::new(1);
    platform.serve(|_: &Request, _: f64| Reply::status(500).after(100.0));
    let (cache, _) = cache(&platform);
    let results = crowd(&platform, &cache, 10_000);
    assert_eq!(results.len(), 10_000);
    assert!(results.iter().all(|result| result.as_ref().unwrap_err().code() == Code::TokenProviderFailed));
    assert_eq!(token_requests(&platform), 1);
    figure("R9", format!("{} callers: {} request that failed (asked: 1)", results.len(), token_requests(&platform)));
}

/// How long the pauses between requests to an endpoint are that always fails, in seconds.
fn pauses(platform: &VirtualPlatform, cache: &TokenCache) -> Vec<f64> {
    let mut moments = Vec::new();
    while moments.len() < 12 {
        let before = token_requests(platform);
        let error = ask(platform, cache).unwrap_err();
        if token_requests(platform) > before {
            moments.push(platform.monotonic_ms());
        } else {
            assert!(error.facts().retry_after_ms.unwrap() > 0.0);
        }
        platform.run_for(10.0);
    }
    moments.windows(2).map(|pair| (pair[1] - pair[0]) / 1_000.0).collect()
}

#[test]
fn failures_are_remembered_for_a_pause_that_doubles() {
    let mut longest = [0.0_f64; 11];
    for seed in 0..40 {
        let platform = VirtualPlatform::new(seed);
        platform.serve(|_: &Request, _: f64| Reply::status(403));
        let (cache, _) = cache(&platform);
        for (most, pause) in longest.iter_mut().zip(pauses(&platform, &cache)) {
            *most = most.max(pause);
        }
        platform.serve(counting(300));
        platform.run_for(60_000.0);
        assert!(ask(&platform, &cache).is_ok(), "a success ends the pause");
    }
    for (most, bound) in longest.iter().zip([1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0, 60.0, 60.0, 60.0]) {
        assert!(*most <= bound + 0.02 && *most > bound * 0.8, "full jitter up to {bound} s, at most {most} s");
    }
}

#[test]
fn an_endpoint_that_is_overrun_is_left_alone_for_a_minute_or_as_long_as_it_says_up_to_an_hour() {
    for (reply, pause) in [
        ((|| Reply::status(500)) as fn() -> Reply, 60.0),
        (|| Reply::status(429).header("Retry-After", "30"), 30.0),
        (|| Reply::status(503).header("Retry-After", "600"), 600.0),
        (|| Reply::status(429).header("Retry-After", "7200"), 3_600.0),
    ] {
        let platform = VirtualPlatform::new(1);
        platform.serve(move |_: &Request, _: f64| reply());
        let (cache, _) = cache(&platform);
        let all = pauses(&platform, &cache);
        assert!(all.iter().all(|found| (pause..pause + 0.02).contains(found)), "{all:?} for {pause}");
    }
}

#[test]
fn a_request_that_fails_on_its_way_is_repeated_twice() {
    for (status, wanted) in [(None, 3), (Some(502), 3), (Some(503), 3), (Some(500), 1), (Some(403), 1)] {
        let platform = VirtualPlatform::new(1);
        platform.serve(move |_: &Request, _: f64| match status {
            Some(status) => Reply::status(status),
            None => Reply::error(TransportError::Network),
        });
        let (cache, journal) = cache(&platform);
        assert_eq!(ask(&platform, &cache).unwrap_err().code(), Code::TokenProviderFailed);
        assert_eq!((token_requests(&platform), journal.records().len()), (wanted, wanted), "{status:?}");
        assert!(platform.monotonic_ms() < 15_000.0);
    }
    let platform = VirtualPlatform::new(1);
    let asked = Cell::new(0);
    platform.serve(move |_: &Request, _: f64| {
        asked.set(asked.get() + 1);
        if asked.get() < 3 { Reply::status(503).header("Retry-After", "2") } else { token_json("t", 300) }
    });
    let (cache, _) = cache(&platform);
    assert!(ask(&platform, &cache).is_ok());
    assert!((4_000.0..6_000.0).contains(&platform.monotonic_ms()));
}

#[test]
fn a_token_that_was_dropped_is_not_used_again() {
    let platform = VirtualPlatform::new(1);
    platform.serve(counting(300));
    let (cache, _) = cache(&platform);
    assert_eq!(ask(&platform, &cache).unwrap().header(), "Bearer token-1");
    cache.drop_token();
    assert_eq!(ask(&platform, &cache).unwrap().header(), "Bearer token-2");
    // Also not the one that is on its way.
    let waiting = cache.clone();
    cache.drop_token();
    let late: Rc<RefCell<Option<Result<Token, Error>>>> = Rc::default();
    let into = Rc::clone(&late);
    platform.spawn(Box::pin(async move {
        let result = waiting.get().await;
        *into.borrow_mut() = Some(result);
    }));
    platform.run_for(50.0);
    cache.drop_token();
    assert_eq!(ask(&platform, &cache).unwrap().header(), "Bearer token-4");
    assert_eq!(late.take().unwrap().unwrap_err().code(), Code::TokenProviderFailed);
}

#[test]
fn a_page_that_is_left_forgets_its_token_and_no_other_page_does() {
    let world = VirtualPlatform::new(1);
    world.serve(counting(300));
    let origin = VirtualOrigin::new(&world);
    let open = || {
        let tab = Rc::new(origin.open());
        let source = TokenEndpoint::new(tab.clone(), TOKEN_URL);
        let journal = Journal::new(tab.clone(), None);
        (tab.clone(), TokenCache::new(tab, Box::new(source), 15_000.0, journal))
    };
    let ((left, mine), (_stays, theirs)) = (open(), open());
    assert_eq!(ask(&world, &mine).unwrap().header(), "Bearer token-1");
    assert_eq!(ask(&world, &theirs).unwrap().header(), "Bearer token-2");
    left.close();
    assert_eq!(ask(&world, &theirs).unwrap().header(), "Bearer token-2");
    assert_eq!(ask(&world, &mine).unwrap().header(), "Bearer token-3", "what is left of it has no token");
}

#[test]
fn r9_ten_thousand_refusals_cause_one_refresh() {
    let platform = VirtualPlatform::new(1);
    platform.serve(counting(300));
    let (cache, _) = cache(&platform);
    let old = crowd(&platform, &cache, 10_000);
    for token in &old {
        cache.reject(token.as_ref().unwrap().generation);
    }
    let new = crowd(&platform, &cache, 10_000);
    assert!(new.iter().all(|token| token.as_ref().unwrap().header() == "Bearer token-2"));
    cache.reject(old[0].as_ref().unwrap().generation);
    assert_eq!(ask(&platform, &cache).unwrap().header(), "Bearer token-2", "a late refusal drops only its own token");
    assert_eq!(token_requests(&platform), 2);
    let reasons: Vec<_> = platform.seen().iter().filter_map(|seen| seen.request.body.clone()).collect();
    assert_eq!(reasons, ["reason=initial", "reason=rejected"], "an endpoint that caches must be told");
    figure("R9", format!("{} refusals: {} refresh (asked: 1)", old.len(), reasons.len() - 1));
}

/// What a caller gets after a wait, and how many requests there were once everything has settled.
fn after(life_s: u32, change: impl Fn(&VirtualPlatform)) -> (String, usize) {
    let platform = VirtualPlatform::new(1);
    platform.serve(counting(life_s));
    let (cache, _) = cache(&platform);
    ask(&platform, &cache).unwrap();
    change(&platform);
    let header = ask(&platform, &cache).unwrap().header();
    platform.run_for(1_000.0);
    (header, token_requests(&platform))
}

#[test]
fn expiry_is_soft_and_then_hard_on_both_clocks() {
    let first = || "Bearer token-1".to_owned();
    let second = || "Bearer token-2".to_owned();
    // 1,000 s: soft from 800 s, hard from 970 s, counted from before the request.
    assert_eq!(after(1_000, |p| p.run_for(799_000.0)), (first(), 1));
    assert_eq!(after(1_000, |p| p.run_for(801_000.0)), (first(), 2), "the old one is used while a new one is fetched");
    assert_eq!(after(1_000, |p| p.run_for(969_000.0)), (first(), 2));
    assert_eq!(after(1_000, |p| p.run_for(970_000.0)), (second(), 2));
    // A computer that slept: only the wall clock knows.
    assert_eq!(after(1_000, |p| p.step_wall_clock(971_000.0)), (second(), 2));
    // A wall clock that was set back cannot be believed, by an hour or by ten years.
    assert_eq!(after(1_000, |p| p.step_wall_clock(-3_600_000.0)), (second(), 2));
    assert_eq!(after(1_000, |p| p.step_wall_clock(-3.2e11)), (second(), 2));
    // A long life is renewed at most 300 s before its end.
    assert_eq!(after(10_000, |p| p.run_for(9_600_000.0)), (first(), 1));
    assert_eq!(after(10_000, |p| p.run_for(9_701_000.0)), (first(), 2));
    // A short life is usable for its first half.
    assert_eq!(after(20, |p| p.run_for(7_000.0)), (first(), 1));
    assert_eq!(after(20, |p| p.run_for(10_000.0)), (second(), 2));
}

/// Whether somebody has to wait for a new token so long after the first one came, from an endpoint that takes ten seconds.
fn blocks(body: &'static str, after_ms: f64) -> bool {
    let platform = VirtualPlatform::new(1);
    platform.serve(move |_: &Request, _: f64| Reply::json(body).after(10_000.0));
    let (cache, _) = cache(&platform);
    ask(&platform, &cache).unwrap();
    platform.run_for(after_ms);
    let before = platform.monotonic_ms();
    ask(&platform, &cache).unwrap();
    platform.monotonic_ms() > before
}

#[test]
fn a_life_counts_from_before_the_request_and_no_answer_makes_it_longer() {
    // Usable until 30 s before its end, and ten seconds old when it comes.
    for (body, life_ms) in [
        (r#"{"access_token":"a","expires_in":600}"#, 600_000.0),
        (r#"{"access_token":"a","expires_in":600,"issued_at":9e12,"expires_at":9e12}"#, 600_000.0),
        (r#"{"access_token":"a"}"#, 300_000.0),
        (r#"{"access_token":"a","expires_in":1e12}"#, 86_400_000.0),
    ] {
        let usable_ms = life_ms - 30_000.0 - 10_000.0;
        assert_eq!((blocks(body, usable_ms - 1.0), blocks(body, usable_ms)), (false, true), "{body}");
    }
}

#[test]
fn a_failed_early_refresh_leaves_the_old_token_in_use() {
    let platform = VirtualPlatform::new(1);
    platform.serve(counting(1_000));
    let (cache, _) = cache(&platform);
    ask(&platform, &cache).unwrap();
    platform.run_for(850_000.0);
    platform.serve(|_: &Request, _: f64| Reply::status(500));
    for _ in 0..100 {
        assert_eq!(ask(&platform, &cache).unwrap().header(), "Bearer token-1");
        platform.run_for(1.0);
    }
    assert_eq!(token_requests(&platform), 2, "one attempt, then a pause");
}

#[test]
fn a_token_that_is_born_expired_is_used_once() {
    let platform = VirtualPlatform::new(1);
    platform.serve(counting(0));
    let (cache, _) = cache(&platform);
    let results = crowd(&platform, &cache, 50);
    assert!(results.iter().all(Result::is_ok));
    assert_eq!(token_requests(&platform), 1);
}

#[test]
fn the_request_is_dropped_when_the_last_who_waits_leaves() {
    let platform = VirtualPlatform::new(1);
    platform.serve(|_: &Request, _: f64| Reply::silence());
    let (cache, journal) = cache(&platform);
    let leave = |ms: f64| {
        let (cache, clock) = (cache.clone(), platform.clone());
        platform.spawn(Box::pin(async move {
            let get = Box::pin(async move { drop(cache.get().await) });
            futures_util::future::select(get, clock.sleep(ms)).await;
        }));
    };
    leave(10.0);
    leave(20.0);
    platform.run_for(15.0);
    assert_eq!(platform.seen()[0].fate, Fate::Open, "one still waits");
    platform.run_for(10.0);
    assert_eq!(platform.seen()[0].fate, Fate::Dropped);
    assert_eq!(journal.records()[0].outcome, Some(Code::Aborted));
    platform.serve(counting(300));
    assert!(ask(&platform, &cache).is_ok(), "leaving is not a failure of the source");
}

#[test]
fn a_silent_endpoint_times_out() {
    let platform = VirtualPlatform::new(1);
    platform.serve(|_: &Request, _: f64| Reply::silence());
    let (cache, _) = cache(&platform);
    assert_eq!(ask(&platform, &cache).unwrap_err().code(), Code::TokenProviderFailed);
    assert_eq!(platform.monotonic_ms(), 15_000.0);
}

#[test]
fn only_a_bearer_token_is_a_token() {
    let answers: [(&str, Option<Code>); 19] = [
        (r#"{"access_token":"a.b-c_d~e+f/g=="}"#, None),
        (r#"{"access_token":"a","token_type":"bEaReR","issued_at":9e12}"#, None),
        (r#"{"access_token":"a","expires_in":"600"}"#, None),
        (r#"{"access_token":"a","token_type":null,"expires_in":null}"#, None),
        (r#"{"access_token":null}"#, Some(Code::TokenInvalid)),
        (r#"{"access_token":"a","token_type":"MAC"}"#, Some(Code::TokenInvalid)),
        (r#"{"access_token":"a","token_type":7}"#, Some(Code::TokenInvalid)),
        (r#"{"access_token":""}"#, Some(Code::TokenInvalid)),
        (r#"{"access_token":"="}"#, Some(Code::TokenInvalid)),
        (r#"{"access_token":"a b"}"#, Some(Code::TokenInvalid)),
        (r#"{"access_token":"a\r\nX-Evil: 1"}"#, Some(Code::TokenInvalid)),
        (r#"{"access_token":"ä"}"#, Some(Code::TokenInvalid)),
        (r#"{"access_token":7}"#, Some(Code::TokenInvalid)),
        (r#"{"token":"a"}"#, Some(Code::TokenInvalid)),
        (r#"{"access_token":"a","expires_in":-1}"#, Some(Code::TokenInvalid)),
        (r#"{"access_token":"a","expires_in":true}"#, Some(Code::TokenInvalid)),
        (r#"{"access_token":"a","expires_in":1e999}"#, Some(Code::TokenInvalid)),
        ("<html>", Some(Code::TokenInvalid)),
        ("", Some(Code::TokenInvalid)),
    ];
    for (body, wanted) in answers {
        let platform = VirtualPlatform::new(1);
        platform.serve(move |_: &Request, _: f64| Reply::json(body));
        let (cache, _) = cache(&platform);
        let result = ask(&platform, &cache);
        assert_eq!(result.err().map(|error| error.code()), wanted, "{body}");
    }
}

#[test]
fn a_refusal_tells_what_to_do_in_the_servers_words_too() {
    let platform = VirtualPlatform::new(1);
    platform.serve(|_: &Request, _: f64| Reply::status(403).body(r#"{"error_description":"not\u0000 yours"}"#));
    let (cache, _) = cache(&platform);
    let error = ask(&platform, &cache).unwrap_err();
    assert_eq!((error.facts().status, error.facts().problem.as_deref()), (Some(403), Some("not\\u{0} yours")));
    assert!(error.message().contains("Sign in"), "{}", error.message());
}

#[test]
fn a_refusal_whose_words_do_not_come_tells_what_to_do_all_the_same() {
    let platform = VirtualPlatform::new(1);
    platform.serve(|_: &Request, _: f64| Reply::status(401).body("{}").cut(1, Ending::Stalled));
    let (cache, _) = cache(&platform);
    let error = ask(&platform, &cache).unwrap_err();
    assert_eq!((error.facts().status, platform.monotonic_ms()), (Some(401), 1_000.0));
    assert!(error.message().contains("Sign in"), "{}", error.message());
}

#[test]
fn the_token_is_never_shown() {
    let platform = VirtualPlatform::new(1);
    platform.serve(|_: &Request, _: f64| token_json("s3cr3t", 300));
    let (cache, journal) = cache(&platform);
    let token = ask(&platform, &cache).unwrap();
    let shown = format!("{token:?} {:?} {:?}", journal.records(), platform.seen());
    assert!(!shown.contains("s3cr3t"), "{shown}");
}
