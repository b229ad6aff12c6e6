//! A tenant and a token endpoint for tests of the client, in virtual time.
#![allow(dead_code, reason = "every test file uses a part of it")]

pub(crate) mod kinds;
pub(crate) mod tabs;
pub(crate) mod tenant;

use cognigy_session_debugger::client::{CallOptions, DebuggerOptions, SessionDebugger, TokenOption};
use cognigy_session_debugger::platform::{Method, Reply, Request, VirtualPlatform};
use cognigy_session_debugger::query::VariableQuery;
use cognigy_session_debugger::snapshot::Snapshot;
use cognigy_session_debugger::{Code, Error};
use std::rc::Rc;

pub(crate) const BASE: &str = "https://tenant.example";
pub(crate) const TOKEN_URL: &str = "/debug/token";
pub(crate) const HOOK_URL: &str = "https://receiver.example/hook?key=1";

/// One row, so that a body counts for something.
pub(crate) fn body(names: &[&str]) -> String {
    format!(r#"{{"variables":[{}]}}"#, rows(names))
}

pub(crate) fn rows(names: &[&str]) -> String {
    let row = |name: &&str| format!(r#"{{"name":"{name}","value":"1","scope":"user"}}"#);
    names.iter().map(row).collect::<Vec<_>>().join(",")
}

pub(crate) fn page(names: &[&str], pagination: &str) -> String {
    format!(r#"{{"variables":[{}],"pagination":{pagination}}}"#, rows(names))
}

pub(crate) fn token_json(text: &str, expires_in: u32) -> Reply {
    Reply::json(format!(r#"{{"access_token":"{text}","token_type":"Bearer","expires_in":{expires_in}}}"#))
}

pub(crate) fn options() -> DebuggerOptions {
    DebuggerOptions { base_url: Some(BASE.into()), ..DebuggerOptions::default() }
}

pub(crate) fn with_token() -> DebuggerOptions {
    DebuggerOptions { token: TokenOption::Endpoint(TOKEN_URL.into()), ..options() }
}

pub(crate) fn debugger(platform: &VirtualPlatform, options: DebuggerOptions) -> SessionDebugger {
    SessionDebugger::new(options, Rc::new(platform.clone())).unwrap()
}

/// Reads a session to the end of the call.
pub(crate) fn read(platform: &VirtualPlatform, debugger: &SessionDebugger) -> Result<Snapshot, Error> {
    platform.run(debugger.snapshot(VariableQuery::session("s"), CallOptions::default())).expect("the call must end")
}

pub(crate) fn code(result: Result<Snapshot, Error>) -> Code {
    result.expect_err("must fail").code()
}

pub(crate) fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request.headers.iter().find(|(have, _)| *have == name).map(|(_, value)| value.as_str())
}

pub(crate) fn is_token_request(request: &Request) -> bool {
    request.method == Method::Post && request.url == TOKEN_URL
}

/// Requests for variables that the server saw.
pub(crate) fn reads(platform: &VirtualPlatform) -> usize {
    platform.seen().iter().filter(|seen| seen.request.method == Method::Get).count()
}

pub(crate) fn token_requests(platform: &VirtualPlatform) -> usize {
    platform.seen().iter().filter(|seen| is_token_request(&seen.request)).count()
}

/// How many seeds a figure is of: `SEEDS=600` for more of them than is usual.
pub(crate) fn seeds(usual: u64) -> u64 {
    std::env::var("SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(usual)
}

/// One line of the table in `tests/README.md`.
pub(crate) fn figure(name: &str, reached: impl std::fmt::Display) {
    println!("{name}: {reached}");
}
