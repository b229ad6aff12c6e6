//! Forty kinds of fault, each alone and each with every other: every call ends with the code that is documented, every
//! attempt has exactly one record, and the next good call works.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use Then::{Ends, Goes, Passes, Renews};
use cognigy_session_debugger::Code;
use cognigy_session_debugger::client::{Action, SessionDebugger};
use cognigy_session_debugger::ingest::Limits;
use cognigy_session_debugger::platform::{Ending, Fate, Reply, Request, TransportError, VirtualPlatform};
use std::cell::Cell;
use std::rc::Rc;
use support::*;

/// What the client makes of a fault, by the table of classes in the reference.
#[derive(Clone, Copy, PartialEq)]
enum Then {
    /// The call ends with this code.
    Ends(Code),
    /// It is tried again; four times in all.
    Passes(Code),
    /// The token is renewed, once.
    Renews,
    /// No fault for this call.
    Goes,
}

/// Where a fault happens.
#[derive(Clone, Copy)]
enum Fault {
    Tenant(fn() -> Reply),
    Token(fn() -> Reply),
    /// Of the wall clock, in ms.
    Clock(f64),
}

struct Kind {
    name: &'static str,
    fault: Fault,
    then: Then,
}

const fn tenant(name: &'static str, then: Then, reply: fn() -> Reply) -> Kind {
    Kind { name, fault: Fault::Tenant(reply), then }
}

const fn token(name: &'static str, code: Code, reply: fn() -> Reply) -> Kind {
    Kind { name, fault: Fault::Token(reply), then: Ends(code) }
}

const fn clock(name: &'static str, ms: f64) -> Kind {
    Kind { name, fault: Fault::Clock(ms), then: Goes }
}

fn good() -> Reply {
    Reply::json(body(&["good", "b"])).after(5.0)
}

const KINDS: [Kind; 40] = [
    // A name that is not known, a refusal, a reset, and an answer without CORS are the same to a page.
    tenant("no answer", Passes(Code::NetworkOrCors), || Reply::error(TransportError::Network).after(20.0)),
    tenant("offline", Passes(Code::Offline), || Reply::error(TransportError::Offline)),
    tenant("leaving the page", Ends(Code::Aborted), || Reply::error(TransportError::Aborted)),
    tenant("redirect, told", Ends(Code::RedirectRefused), || Reply::error(TransportError::Redirect)),
    tenant("silence", Passes(Code::Timeout), Reply::silence),
    tenant("stall", Passes(Code::Timeout), || good().cut(20, Ending::Stalled)),
    tenant("broken body", Passes(Code::BodyTruncated), || good().cut(30, Ending::Broken)),
    tenant("short body", Passes(Code::BodyTruncated), || good().cut(40, Ending::Short)),
    tenant("short body, unannounced", Passes(Code::BodyTruncated), || good().cut(50, Ending::Short).unannounced()),
    tenant("HTML", Ends(Code::BadContentType), || Reply::status(200).header("Content-Type", "text/html").body("<p>")),
    tenant("HTML as JSON", Ends(Code::JsonSyntax), || Reply::json("<!doctype html>")),
    tenant("204", Ends(Code::BodyEmpty), || Reply::status(204)),
    tenant("302", Ends(Code::RedirectRefused), || Reply::status(302)),
    tenant("400", Ends(Code::RequestRejected), || Reply::status(400)),
    tenant("401", Renews, || Reply::status(401)),
    tenant("403", Ends(Code::Forbidden), || Reply::status(403)),
    tenant("404", Ends(Code::NotFound), || Reply::status(404)),
    tenant("408", Passes(Code::ServerError), || Reply::status(408)),
    tenant("410", Ends(Code::NotFound), || Reply::status(410)),
    tenant("413", Ends(Code::RequestRejected), || Reply::status(413)),
    tenant("422", Ends(Code::RequestRejected), || Reply::status(422)),
    tenant("425", Passes(Code::ServerError), || Reply::status(425)),
    tenant("429", Passes(Code::RateLimited), || Reply::status(429)),
    tenant("429, come back tomorrow", Ends(Code::RateLimited), || Reply::status(429).header("Retry-After", "86400")),
    tenant("500", Passes(Code::ServerError), || Reply::status(500)),
    tenant("501", Ends(Code::ServerError), || Reply::status(501)),
    tenant("502 with HTML", Passes(Code::ServerError), || Reply::status(502).body("<html>")),
    tenant("503 with a hint", Passes(Code::ServerError), || Reply::status(503).header("Retry-After", "1")),
    tenant("504", Passes(Code::ServerError), || Reply::status(504)),
    tenant("bad UTF-8", Ends(Code::JsonSyntax), || Reply::json(b"{\"variables\":\xff}".to_vec())),
    tenant("more than the limit", Ends(Code::BodyTooLarge), || Reply::json(vec![b' '; 70_000])),
    tenant("a bomb", Ends(Code::BodyTooLarge), || Reply::json(vec![b' '; 70_000]).unannounced().pieces(999, 0.0)),
    tenant("sixty thousand brackets", Ends(Code::ShapeUnknown), || {
        Reply::json([br#"{"data":"#.to_vec(), vec![b'['; 30_000], vec![b']'; 30_000], b"}".to_vec()].concat())
    }),
    tenant("no shape", Ends(Code::ShapeUnknown), || Reply::json("[]")),
    tenant("pages elsewhere", Ends(Code::SchemaMismatch), || {
        Reply::json(page(&["a"], r#"{"next":"https://elsewhere.example/"}"#))
    }),
    tenant("pages in a circle", Ends(Code::PageLoop), || {
        Reply::json(page(&["a"], r#"{"next":"/api/v2/botsessions/s/variables"}"#))
    }),
    token("token endpoint down", Code::TokenProviderFailed, || Reply::error(TransportError::Network)),
    token("token of another kind", Code::TokenInvalid, || {
        Reply::json(r#"{"access_token":"secret","token_type":"mac"}"#)
    }),
    clock("clock set back an hour", -3_600_000.0),
    clock("clock set ten years ahead", 315_360_000_000.0),
];

/// A tenant that has the two faults in turn, until it is mended.
fn serve(platform: &VirtualPlatform, faults: [Fault; 2]) -> Rc<Cell<bool>> {
    let (turn, mended) = (Cell::new(0_usize), Rc::new(Cell::new(false)));
    let (now, clock) = (Rc::clone(&mended), platform.clone());
    platform.serve(move |request: &Request, _: f64| {
        let fault = faults[turn.get() % 2];
        if is_token_request(request) {
            return match fault {
                Fault::Token(reply) if !now.get() => reply(),
                _ => token_json("canary-token", 300),
            };
        }
        turn.set(turn.get() + 1);
        match fault {
            Fault::Tenant(reply) if !now.get() => return reply(),
            Fault::Clock(ms) if !now.get() => clock.step_wall_clock(ms),
            _ => {}
        }
        good()
    });
    mended
}

/// What the call must come to.
fn expected(kinds: [&Kind; 2]) -> Option<Code> {
    let (mut failures, mut has_token, mut renewed) = (0, false, false);
    for turn in 0.. {
        let kind = kinds[turn % 2];
        match (kind.fault, kind.then) {
            (Fault::Token(_), Ends(code)) if !has_token => return Some(code),
            (Fault::Tenant(_), Ends(code)) => return Some(code),
            (_, Ends(_) | Goes) => return None,
            (_, Renews) if renewed => return Some(Code::Unauthenticated),
            (_, Renews) => (renewed, has_token) = (true, false),
            (_, Passes(code)) => {
                (failures, has_token) = (failures + 1, true);
                if failures == 4 {
                    return Some(code);
                }
            }
        }
    }
    None
}

fn check_books(platform: &VirtualPlatform, debugger: &SessionDebugger, what: &str) -> usize {
    let records = debugger.audit_trail();
    let of = |action| records.iter().filter(move |record| record.action == action);
    let tokenless = |code| matches!(code, Some(Code::TokenProviderFailed | Code::TokenInvalid));
    let sent = of(Action::Read).filter(|record| !tokenless(record.outcome)).count();
    assert_eq!(sent, reads(platform), "{what}: one record for each request that was sent");
    assert_eq!(of(Action::Token).count(), token_requests(platform), "{what}: and for each token that was asked for");
    assert!(of(Action::Read).all(|record| record.outcome.is_some() == record.decided.is_some()), "{what}");
    assert!(platform.seen().iter().all(|seen| seen.fate != Fate::Open), "{what}: nothing is left running");
    for record in &records {
        let message = record.message.as_deref().unwrap_or_default();
        assert!(!message.contains("canary") && !message.contains(".example"), "{what}: {message}");
    }
    records.len()
}

/// Runs a call through the two faults. How many records it made.
fn run(kinds: [&Kind; 2], seed: u64) -> usize {
    let what = format!("{} and {}, seed {seed}", kinds[0].name, kinds[1].name);
    let platform = VirtualPlatform::new(seed);
    let mended = serve(&platform, kinds.map(|kind| kind.fault));
    let mut options = with_token();
    options.limits = Limits { body_bytes: 65_536, ..Limits::default() };
    // Four attempts that end by their time limit, and their pauses, must fit.
    options.deadline_ms = 120_000.0;
    let debugger = debugger(&platform, options);
    let result = read(&platform, &debugger);
    let code = result.as_ref().err().map(|error| error.code());
    assert_eq!(code, expected(kinds), "{what}");
    if let Ok(snapshot) = &result {
        assert_eq!(snapshot.names().collect::<Vec<_>>(), ["good", "b"], "{what}: faults leave nothing behind");
    }
    let records = check_books(&platform, &debugger, &what);
    let trail = debugger.audit_trail();
    let last = trail.iter().rfind(|record| record.action == Action::Read).unwrap();
    assert_eq!(last.outcome, code, "{what}: the last record of a read says what the call came to");
    mended.set(true);
    platform.run_for(3_700_000.0);
    assert!(read(&platform, &debugger).is_ok(), "{what}: the next good call works");
    check_books(&platform, &debugger, &what);
    records
}

#[test]
fn r12_forty_kinds_of_fault_alone_and_in_pairs() {
    let mut records = 0;
    for (number, kind) in KINDS.iter().enumerate() {
        records += run([kind, kind], number as u64);
    }
    figure("R12", format!("{} kinds alone: each its code, and the next good call works", KINDS.len()));
    let mut pairs = 0;
    for (number, one) in KINDS.iter().enumerate() {
        for other in &KINDS[number + 1..] {
            records += run([one, other], pairs);
            pairs += 1;
        }
    }
    figure("R12", format!("{pairs} pairs (asked: 780): each its code, and the next good call works"));
    figure("R15", format!("{records} records, one for each attempt (asked: exactly one)"));
    assert_eq!(pairs, 780);
}
