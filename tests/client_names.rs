//! Which names a query is answered with, whatever the tenant makes of the name that it is told.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use cognigy_session_debugger::Error;
use cognigy_session_debugger::client::{CallOptions, DebuggerOptions, Source};
use cognigy_session_debugger::platform::{LocalFuture, Reply, Request, VirtualPlatform};
use cognigy_session_debugger::query::{NameMatch, Parameters, VariableQuery};
use support::*;

const NAMES: [&str; 12] =
    ["user_age", "user_", "user_*", "User_age", "auser_age", "user", "", "über", "user_.id", "order_id", "a?b", "axb"];

/// How tenants read the name that they are told.
type Reading = fn(&str, &str) -> bool;

const AT_LEAST_BEGINNINGS: [(&str, Reading); 4] = [
    ("prefix", |name, told| name.starts_with(told)),
    ("contains", |name, told| name.contains(told)),
    ("contains, without letter case", |name, told| name.to_lowercase().contains(&told.to_lowercase())),
    ("not at all", |_, _| true),
];

const EXACT: (&str, Reading) = ("exact", |name, told| name == told);

/// What a person means by each query, written out by hand.
const MEANT: [(&str, NameMatch, &[&str]); 12] = [
    ("user_", NameMatch::Prefix, &["user_age", "user_", "user_*", "user_.id"]),
    ("user_", NameMatch::Exact, &["user_"]),
    ("user_", NameMatch::Glob, &["user_"]),
    ("user_*", NameMatch::Glob, &["user_age", "user_", "user_*", "user_.id"]),
    ("user_*", NameMatch::Exact, &["user_*"]),
    ("user_*", NameMatch::Prefix, &["user_*"]),
    (r"user_\*", NameMatch::Glob, &["user_*"]),
    ("*_id", NameMatch::Glob, &["order_id"]),
    ("a?b", NameMatch::Glob, &["a?b", "axb"]),
    ("?ber", NameMatch::Glob, &["über"]),
    ("", NameMatch::Exact, &[""]),
    ("none", NameMatch::Prefix, &[]),
];

/// Two pages of what the tenant takes the name for.
fn serve(platform: &VirtualPlatform, reads: Reading) {
    platform.serve(move |request: &Request, _: f64| {
        let url = url::Url::parse(&request.url).unwrap();
        let told = url.query_pairs().find(|(key, _)| key == "name").map(|(_, value)| value.into_owned());
        let second = url.query_pairs().any(|(key, value)| key == "page" && value == "2");
        let half = if second { &NAMES[6..] } else { &NAMES[..6] };
        let found = half.iter().copied().filter(|name| told.as_ref().is_none_or(|told| reads(name, told)));
        let paging = format!(r#"{{"page":{},"pages":2}}"#, if second { 2 } else { 1 });
        Reply::json(page(&found.collect::<Vec<_>>(), &paging))
    });
}

fn asked(name: &str, name_match: NameMatch) -> VariableQuery {
    VariableQuery { name: Some(name.into()), name_match, include_system: Some(true), ..VariableQuery::session("s") }
}

fn names_of(platform: &VirtualPlatform, options: DebuggerOptions, query: VariableQuery) -> Vec<String> {
    let debugger = debugger(platform, options);
    let snapshot = platform.run(debugger.snapshot(query, CallOptions::default())).unwrap().unwrap();
    assert!(snapshot.is_complete());
    snapshot.names().map(String::from).collect()
}

#[test]
fn the_answer_does_not_depend_on_how_the_tenant_reads_a_name() {
    for (reading, reads) in AT_LEAST_BEGINNINGS {
        for (name, rule, meant) in MEANT {
            let platform = VirtualPlatform::new(1);
            serve(&platform, reads);
            assert_eq!(names_of(&platform, options(), asked(name, rule)), meant, "{name:?} {rule:?}, read {reading}");
        }
    }
}

#[test]
fn a_tenant_that_takes_a_name_for_the_whole_is_told_none() {
    let parameters = || Parameters { name: None, ..Parameters::default() };
    for (name, rule, meant) in MEANT {
        let platform = VirtualPlatform::new(1);
        serve(&platform, EXACT.1);
        let without = DebuggerOptions { parameters: parameters(), ..options() };
        assert_eq!(names_of(&platform, without, asked(name, rule)), meant, "{name:?} {rule:?}");
    }
}

struct Host;

impl Source for Host {
    fn read(&self, _: &VariableQuery) -> LocalFuture<Result<Vec<u8>, Error>> {
        Box::pin(async { Ok(body(&NAMES).into_bytes()) })
    }
}

#[test]
fn what_a_host_gives_is_matched_as_well() {
    for (name, rule, meant) in MEANT {
        let platform = VirtualPlatform::new(1);
        let from_host = DebuggerOptions { source: Some(Box::new(Host)), ..DebuggerOptions::default() };
        assert_eq!(names_of(&platform, from_host, asked(name, rule)), meant, "{name:?} {rule:?}");
    }
}

#[test]
fn without_a_name_all_come() {
    let platform = VirtualPlatform::new(1);
    serve(&platform, EXACT.1);
    let all = VariableQuery { name: None, ..asked("", NameMatch::Glob) };
    assert_eq!(names_of(&platform, options(), all), NAMES);
}

#[test]
fn system_variables_are_left_out_where_the_query_says_so() {
    const BODY: &str = r#"{"variables":[
        {"name":"_guessed","value":"1","scope":"user"},
        {"name":"told","value":"1","scope":"user","isSystem":true},
        {"name":"_own","value":"1","scope":"user","isSystem":false},
        {"name":"plain","value":"1","scope":"user"}]}"#;
    let names = |include_system| {
        let platform = VirtualPlatform::new(1);
        platform.serve(|_: &Request, _: f64| Reply::json(BODY));
        let query = VariableQuery { include_system, ..VariableQuery::session("s") };
        (names_of(&platform, options(), query), platform.seen()[0].request.url.clone())
    };
    let all = ["_guessed", "told", "_own", "plain"].map(String::from).to_vec();
    let (found, url) = names(Some(true));
    assert_eq!((found, url.ends_with("?includeSystem=true")), (all.clone(), true));
    let (found, url) = names(None);
    assert_eq!((found, url.contains('?')), (all, false), "what the tenant sees fit to send");
    let (found, url) = names(Some(false));
    assert_eq!((found, url.ends_with("?includeSystem=false")), (vec!["_own".to_owned(), "plain".to_owned()], true));
}
