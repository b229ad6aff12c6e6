//! No id leaves its segment: the URLs that a query makes, read by the `url` crate as browsers read them.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use cognigy_session_debugger::Code;
use cognigy_session_debugger::query::{Endpoint, VariableQuery};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use support::figure;
use url::Url;

const ORIGIN: &str = "https://tenant.example:8443";
const PREFIXES: [&str; 3] = ["", "/base", "/base/v2.1/~team"];

/// A route, and which of its segments are the session and the user.
const ROUTES: [(&str, usize, Option<usize>); 3] = [
    ("/api/v2/botsessions/{sessionId}/variables", 3, None),
    ("/{sessionId}", 0, None),
    ("/u/{userId}/s/{sessionId}", 3, Some(1)),
];

/// What means something in a URL, or did once it is decoded.
#[rustfmt::skip]
const TELLING: [&str; 36] = [
    ".", "..", "/", "//", "\\", "%", "?", "#", ";", ":", "@", "&", "=", "+", " ", "[", "]", "{", "}", "\t", "\n", "\0", "\u{7f}",
    "%2e", "%2F", "%5c", "%00", "%25", "{userId}", "{sessionId}", "a", "b", "0", "~", "-", "\u{202e}",
];

/// Any Unicode, and much of that.
fn ids() -> impl Strategy<Value = String> {
    let part = prop_oneof![3 => prop::sample::select(&TELLING[..]).prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from)];
    let short = prop::collection::vec(part, 0..12).prop_map(|parts| parts.concat());
    let long = prop::collection::vec(any::<char>(), 0..90).prop_map(String::from_iter);
    prop_oneof![8 => short, 2 => long]
}

fn is_refused(id: &str) -> bool {
    matches!(id, "" | "." | "..") || id.len() > 256
}

/// A segment without its percent signs; a plus, which would be a space, is never left in one.
fn decoded(segment: &str) -> String {
    url::form_urlencoded::parse(segment.as_bytes()).map(|(text, rest)| format!("{text}{rest}")).collect()
}

fn check(prefix: &str, route: (&str, usize, Option<usize>), session: &str, user: &str) -> Result<bool, TestCaseError> {
    let (template, session_at, user_at) = route;
    let endpoint = Endpoint::new(&format!("{ORIGIN}{prefix}/"), Some(template)).unwrap();
    let mut query = VariableQuery::session(session);
    query.user_id = user_at.map(|_| user.to_owned());
    let made = endpoint.url(&query);
    if is_refused(session) || user_at.is_some() && is_refused(user) {
        prop_assert_eq!(made.unwrap_err().code(), Code::InputInvalid);
        return Ok(false);
    }
    let url = Url::parse(&made.unwrap()).unwrap();
    prop_assert_eq!(url.origin().ascii_serialization(), ORIGIN);
    let path = url.path().strip_prefix(prefix).and_then(|path| path.strip_prefix('/'));
    prop_assert!(path.is_some(), "{url}");
    prop_assert_eq!((url.username(), url.password(), url.query(), url.fragment()), ("", None, None, None));
    let found: Vec<&str> = path.unwrap_or_default().split('/').collect();
    let asked: Vec<&str> = template.split('/').skip(1).collect();
    prop_assert_eq!(found.len(), asked.len(), "{}", &url);
    for (at, (found, asked)) in found.into_iter().zip(asked).enumerate() {
        let meant = if at == session_at { session } else { asked };
        let meant = if Some(at) == user_at { user } else { meant };
        prop_assert_eq!(decoded(found), meant, "segment {} of {}", at, &url);
    }
    Ok(true)
}

#[test]
fn no_id_leaves_its_segment_however_it_is_written() {
    const CASES: u32 = 20_000;
    let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
    let input = (0..PREFIXES.len(), 0..ROUTES.len(), ids(), ids());
    let made = std::cell::Cell::new(0);
    TestRunner::new(config)
        .run(&input, |(prefix, route, session, user)| {
            made.set(made.get() + u32::from(check(PREFIXES[prefix], ROUTES[route], &session, &user)?));
            Ok(())
        })
        .unwrap();
    assert!(made.get() > CASES / 2, "{}", made.get());
    figure("S5", format!("{} of {CASES} ids by chance stay in their segment, the others are refused", made.get()));
}
