//! A token that is on its way when the user logs out reaches no tab, whichever of them asked for it.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use cognigy_session_debugger::client::{CallOptions, SessionDebugger};
use cognigy_session_debugger::platform::{Method, Reply, Request, Spawn, VirtualOrigin, VirtualPlatform, VirtualTab};
use cognigy_session_debugger::query::VariableQuery;
use cognigy_session_debugger::{Code, Error};
use std::cell::RefCell;
use std::rc::Rc;
use support::tabs::shared;
use support::{body, header, is_token_request, token_json, token_requests, with_token};

const LOGOUT_MS: f64 = 200.0;

type Outcome = Rc<RefCell<Option<Result<(), Error>>>>;

/// Reads in the background.
fn read(tab: &VirtualTab, debugger: &SessionDebugger) -> Outcome {
    let outcome = Outcome::default();
    let (into, read) = (Rc::clone(&outcome), debugger.snapshot(VariableQuery::session("s"), CallOptions::default()));
    tab.spawn(Box::pin(async move {
        *into.borrow_mut() = Some(read.await.map(drop));
    }));
    outcome
}

/// Two tabs of one user, one of which logs out while the first one waits for a token. The next user's is another.
fn logs_out(which: usize) {
    let world = VirtualPlatform::new(1);
    world.serve(|request: &Request, now: f64| match is_token_request(request) {
        true if now < LOGOUT_MS => token_json("old", 600).after(400.0),
        true => token_json("new", 600).after(20.0),
        false => Reply::json(body(&["a"])).after(20.0),
    });
    let origin = VirtualOrigin::new(&world);
    let tabs = [origin.open(), origin.open()];
    let debuggers = [0, 1].map(|number: usize| shared(&tabs[number], with_token(), true));
    world.run_for(10.0);
    let waiting = read(&tabs[0], &debuggers[0]);
    world.run_for(LOGOUT_MS - 10.0);
    debuggers[which].drop_token();
    world.run_for(1_000.0);
    let error = waiting.take().unwrap().unwrap_err();
    assert_eq!(error.code(), Code::TokenProviderFailed, "the call that waits for it");
    for (tab, debugger) in tabs.iter().zip(&debuggers) {
        let next = read(tab, debugger);
        world.run_for(2_000.0);
        assert!(next.take().unwrap().is_ok());
    }
    let seen = world.seen();
    let sent = seen.iter().filter(|seen| seen.request.method == Method::Get);
    let sent: Vec<_> = sent.map(|seen| header(&seen.request, "authorization").unwrap()).collect();
    assert_eq!(sent, ["Bearer new", "Bearer new"], "tab {which} has logged out");
    assert_eq!(token_requests(&world), 2, "the next token travels again");
}

#[test]
fn a_token_that_comes_after_the_logout_of_its_own_tab_is_used_in_none() {
    logs_out(0);
}

#[test]
fn a_token_that_comes_after_the_logout_of_another_tab_is_used_in_none() {
    logs_out(1);
}
