//! When an attempt is repeated: the tables.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use cognigy_session_debugger::Code;
use cognigy_session_debugger::client::retry::{
    Decision, Failure, RetryBudget, RetryKind, RetryPolicy, decide, hinted_ms,
};
use cognigy_session_debugger::client::retry_after::retry_after_ms;
use cognigy_session_debugger::client::verdict::{Verdict, judge_status, judge_transport};
use cognigy_session_debugger::platform::{Headers, TransportError};

/// 2026-11-23T12:00:00Z.
const NOW: f64 = 1_795_435_200_000.0;

fn hint(value: &str, date: Option<&str>) -> Option<f64> {
    let mut headers = Headers::new();
    headers.push("Retry-After", value);
    date.into_iter().for_each(|date| headers.push("Date", date));
    retry_after_ms(&headers, NOW)
}

#[test]
fn retry_after_in_seconds() {
    for (value, ms) in [
        ("0", 0.0),
        ("1", 1_000.0),
        ("120", 120_000.0),
        (" 7\t", 7_000.0),
        ("007", 7_000.0),
        ("2147484", 2_147_484_000.0),
        ("4294968", 4_294_968_000.0),
        ("18446744073709551616", 9_007_199_254_740_991.0),
    ] {
        assert_eq!(hint(value, None), Some(ms), "{value}");
    }
    let long = hint(&"9".repeat(400), None).unwrap();
    assert!(long.is_finite());
}

#[test]
fn malformed_hints_are_no_hints() {
    for value in [
        "",
        " ",
        "-5",
        "+5",
        "1.5",
        "1e3",
        "0x10",
        "abc",
        "5 s",
        "2, 2",
        "٣",
        "NaN",
        "inf",
        "Mon",
        "2026-11-23T12:00:30Z",
        "Mon, 23 Nov 2026 12:00:30",
        "Mon, 23 Nov 2026 12:00:30 UTC",
        "Mon, 23 Nov 2026 12:00:30 +0000",
        "mon, 23 nov 2026 12:00:30 gmt",
        "Mon 23 Nov 2026 12:00:30 GMT",
        "Xyz, 23 Nov 2026 12:00:30 GMT",
        "Mon, 3 Nov 2026 12:00:30 GMT",
        "Mon, 31 Nov 2026 12:00:30 GMT",
        "Mon, 29 Feb 2026 12:00:30 GMT",
        "Mon, 00 Nov 2026 12:00:30 GMT",
        "Mon, 23 Nov 2026 24:00:00 GMT",
        "Mon, 23 Nov 2026 12:60:00 GMT",
        "Mon, 23 Nov 2026 12:00:61 GMT",
        "Mon, 23 Nov 2026 12:00 GMT",
        "Mon, 23 Nov 2026 12:00:00:00 GMT",
        "Monday, 23-Nov-2026 12:00:30 GMT",
        "Monday, 23-Nov-26-1 12:00:30 GMT",
        "Mon Nov 23 12:00:30 26",
        "Mon, 23 Nov 99999 12:00:30 GMT",
    ] {
        assert_eq!(hint(value, None), None, "{value}");
    }
    assert_eq!(retry_after_ms(&Headers::new(), NOW), None);
}

#[test]
fn retry_after_as_a_date_in_all_three_forms() {
    for value in ["Mon, 23 Nov 2026 12:00:30 GMT", "Monday, 23-Nov-26 12:00:30 GMT", "Mon Nov 23 12:00:30 2026"] {
        assert_eq!(hint(value, None), Some(30_000.0), "{value}");
        // The server's own clock is an hour ahead; what counts is the distance between its two dates.
        assert_eq!(hint(value, Some("Mon, 23 Nov 2026 12:00:10 GMT")), Some(20_000.0), "{value}");
        assert_eq!(hint(value, Some("yesterday")), Some(30_000.0), "a Date that cannot be read is none");
    }
    assert_eq!(hint("Tue Dec  1 12:00:00 2026", None), Some(8.0 * 86_400_000.0), "a one-digit day of asctime");
    assert_eq!(hint("Mon, 23 Nov 2026 12:00:60 GMT", None), Some(60_000.0), "a leap second");
    assert_eq!(hint("Mon, 29 Feb 2028 12:00:00 GMT", None), Some(463.0 * 86_400_000.0));
    for past in ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Thu, 01 Jan 0000 00:00:00 GMT"] {
        assert_eq!(hint(past, None), Some(0.0), "{past}");
    }
    // Two digits are never more than 50 years ahead.
    assert!(hint("Monday, 23-Nov-76 12:00:30 GMT", None).unwrap() > 0.0);
    assert_eq!(hint("Monday, 23-Nov-77 12:00:30 GMT", None), Some(0.0));
}

/// What a status comes to, in one word.
fn word(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Ok => "ok",
        Verdict::Renew(_) => "renew",
        Verdict::Fail(_) => "fail",
        Verdict::Retry { kind: RetryKind::Throttle, .. } => "throttle",
        Verdict::Retry { kind: RetryKind::Transient, .. } => "transient",
    }
}

#[test]
fn every_status_has_its_verdict() {
    let table = [
        (200, "ok", None),
        (204, "ok", None),
        (301, "fail", Some(Code::RedirectRefused)),
        (304, "fail", Some(Code::RedirectRefused)),
        (400, "fail", Some(Code::RequestRejected)),
        (401, "renew", Some(Code::Unauthenticated)),
        (403, "fail", Some(Code::Forbidden)),
        (404, "fail", Some(Code::NotFound)),
        (408, "transient", Some(Code::ServerError)),
        (409, "fail", Some(Code::Conflict)),
        (410, "fail", Some(Code::NotFound)),
        (413, "fail", Some(Code::RequestRejected)),
        (422, "fail", Some(Code::RequestRejected)),
        (425, "transient", Some(Code::ServerError)),
        (429, "throttle", Some(Code::RateLimited)),
        (500, "transient", Some(Code::ServerError)),
        (501, "fail", Some(Code::ServerError)),
        (502, "transient", Some(Code::ServerError)),
        (503, "transient", Some(Code::ServerError)),
        (504, "transient", Some(Code::ServerError)),
        (599, "fail", Some(Code::ServerError)),
        (0, "fail", Some(Code::RequestRejected)),
    ];
    for (status, wanted, code) in table {
        let verdict = judge_status(status, &Headers::new(), NOW);
        assert_eq!((word(&verdict), verdict.error().map(|error| error.code())), (wanted, code), "{status}");
        if let Some(error) = verdict.error() {
            assert_eq!(error.facts().status, Some(status));
        }
    }
    let mut headers = Headers::new();
    headers.push("Retry-After", "3");
    headers.push("X-Request-Id", "abc\u{202e}def");
    let verdict = judge_status(503, &headers, NOW);
    assert_eq!(word(&verdict), "throttle", "503 with a hint is a throttle");
    let facts = verdict.error().unwrap().facts();
    assert_eq!((facts.retry_after_ms, facts.request_id.as_deref()), (Some(3_000.0), Some("abc\\u{202e}def")));
}

#[test]
fn a_403_names_the_scope_that_is_missing() {
    let problem = |status: u16, challenge: &str| {
        let mut headers = Headers::new();
        headers.push("WWW-Authenticate", challenge);
        let error = judge_status(status, &headers, NOW).error().unwrap().clone();
        (error.facts().problem.clone(), error.message().contains("lacks a scope"))
    };
    let lacking = r#"Bearer realm="x", error="insufficient_scope", scope="variable:read session:read""#;
    assert_eq!(problem(403, lacking), (Some("scope: variable:read session:read".into()), true));
    assert_eq!(problem(401, lacking).0, None);
    let hostile = format!("Bearer error=\"insufficient_scope\", scope=\"\u{202e}{}\"", "s".repeat(5_000));
    let (shown, _) = problem(403, &hostile);
    assert!(shown.as_ref().is_some_and(|text| text.len() <= 128 && !text.contains('\u{202e}')), "{shown:?}");
    for none in ["", "Bearer", "Bearer scope=", r#"Bearer scope="""#, r#"Bearer scope="x"#] {
        assert_eq!(problem(403, none), (None, false), "{none}");
    }
}

#[test]
fn every_transport_error_has_its_verdict() {
    for (error, wanted, code) in [
        (TransportError::Network, "transient", Code::NetworkOrCors),
        (TransportError::Offline, "fail", Code::Offline),
        (TransportError::Redirect, "fail", Code::RedirectRefused),
        (TransportError::Aborted, "fail", Code::Aborted),
    ] {
        let verdict = judge_transport(error);
        assert_eq!((word(&verdict), verdict.error().unwrap().code()), (wanted, code));
    }
}

fn failure(kind: RetryKind, hint_ms: Option<f64>, attempt: u32) -> Failure {
    Failure { kind, hint_ms, attempt, remaining_ms: 60_000.0, since_first_ms: 0.0 }
}

fn wait(failure: Failure, unit: f64) -> Option<f64> {
    match decide(&RetryPolicy::default(), &mut RetryBudget::new(), failure, unit) {
        Decision::Wait { ms, .. } => Some(ms),
        Decision::Stop => None,
    }
}

#[test]
fn backoff_has_full_jitter_and_a_cap() {
    use RetryKind::{Throttle, Transient};
    let almost = 1.0 - f64::EPSILON;
    for (kind, attempt, longest) in
        [(Transient, 1, 50.0), (Transient, 2, 100.0), (Throttle, 1, 1_000.0), (Throttle, 3, 4_000.0)]
    {
        assert_eq!(wait(failure(kind, None, attempt), 0.0), Some(0.0));
        let most = wait(failure(kind, None, attempt), almost).unwrap();
        assert!(most <= longest && most > longest * 0.999, "{most} for {longest}");
    }
    assert_eq!(wait(failure(Transient, None, 4), 0.5), None, "four attempts in all");
    let policy = RetryPolicy { attempts: u32::MAX, ..RetryPolicy::default() };
    assert!((1..10_000).all(|attempt| policy.backoff_ms(Throttle, attempt, almost) <= 20_000.0));
}

#[test]
fn a_hint_is_never_undercut_and_never_shortened() {
    for hint in [0.0, 1.0, 999.0, 5_000.0, 30_000.0, 59_999.0] {
        for unit in [0.0, 0.3, 0.999_999] {
            let ms = wait(failure(RetryKind::Throttle, Some(hint), 1), unit).unwrap();
            assert!(ms >= hint && ms < 60_000.0, "{ms} for {hint}");
        }
    }
    assert_eq!(hinted_ms(2_000.0, 0.5), 2_500.0);
    assert_eq!(hinted_ms(40_000.0, 0.5), 42_000.0);
    for hint in [60_000.0, 60_001.0, 9e15, f64::MAX] {
        assert_eq!(wait(failure(RetryKind::Throttle, Some(hint), 1), 0.0), None, "{hint} does not fit");
    }
}

#[test]
fn the_budget_ends_retries_in_an_outage() {
    let mut budget = RetryBudget::new();
    let mut retries = 0;
    for _ in 0..1_000 {
        let decision = decide(&RetryPolicy::default(), &mut budget, failure(RetryKind::Transient, None, 1), 0.5);
        retries += u32::from(matches!(decision, Decision::Wait { .. }));
    }
    assert_eq!(retries, 500 / 14);
    for _ in 0..20 {
        budget.earn(None);
    }
    assert!(budget.pay(RetryKind::Transient).is_some(), "successes fill it again");
    for _ in 0..1_000 {
        budget.earn(Some(14));
    }
    assert_eq!(budget.left(), RetryBudget::FULL, "but not beyond what it holds");
}

#[test]
fn the_last_attempt_after_a_transient_failure_outlasts_a_restart() {
    use RetryKind::{Throttle, Transient};
    let decided = |policy: RetryPolicy, failure: Failure, unit: f64| {
        let decision = decide(&policy, &mut RetryBudget::new(), failure, unit);
        let Decision::Wait { ms, .. } = decision else { panic!("{failure:?} must wait") };
        ms
    };
    let standard = RetryPolicy::default();
    let third = Failure { since_first_ms: 500.0, ..failure(Transient, None, 3) };
    assert_eq!(decided(standard, third, 0.0), 2_500.0, "3 s after the first failure");
    assert_eq!(decided(standard, third, 0.5), 3_250.0, "and up to half as long again");
    assert_eq!(decided(standard, Failure { remaining_ms: 2_000.0, ..third }, 0.5), 1_000.0, "half of the time left");
    assert_eq!(decided(standard, Failure { since_first_ms: 9_000.0, ..third }, 0.5), 100.0, "long over: the backoff");
    assert_eq!(decided(standard, Failure { attempt: 2, ..third }, 0.5), 50.0, "only the last attempt waits");
    assert_eq!(decided(standard, Failure { hint_ms: Some(7.0), ..third }, 0.0), 7.0, "the server knows better");
    assert_eq!(decided(standard, Failure { kind: Throttle, ..third }, 0.0), 0.0);
    assert_eq!(decided(RetryPolicy { outlast_ms: 0.0, ..standard }, third, 0.5), 100.0);
    assert_eq!(decided(RetryPolicy { max_delay_ms: 900.0, ..standard }, third, 0.5), 900.0);
    assert_eq!(decided(RetryPolicy { attempts: 2, ..standard }, Failure { attempt: 1, ..third }, 0.0), 2_500.0);
}
