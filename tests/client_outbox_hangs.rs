//! The outbox in virtual time, where something hangs: the store, the tab that has the lock, whoever signs.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use cognigy_session_debugger::Error;
use cognigy_session_debugger::client::{
    Action, CallOptions, DebuggerOptions, Delivery, SessionDebugger, Signer, WebhookOptions,
};
use cognigy_session_debugger::platform::{
    Clock, LocalFuture, Method, Reply, Request, VirtualOrigin, VirtualPlatform, VirtualTab,
};
use cognigy_session_debugger::query::VariableQuery;
use std::cell::Cell;
use std::collections::HashMap;
use std::future::{pending, ready};
use std::rc::Rc;
use support::*;

const S: f64 = 1_000.0;

fn in_tab(tab: &VirtualTab, options: DebuggerOptions) -> SessionDebugger {
    SessionDebugger::new(options, Rc::new(tab.clone())).unwrap()
}

fn with_hook() -> DebuggerOptions {
    DebuggerOptions { webhook: Some(WebhookOptions::new(HOOK_URL)), ..options() }
}

/// A tenant that answers everything, and a receiver that takes everything.
fn world() -> (VirtualPlatform, VirtualOrigin) {
    let world = VirtualPlatform::new(1);
    world.serve(|request: &Request, _: f64| match request.method {
        Method::Get => Reply::json(body(&["a"])),
        Method::Post => Reply::status(200).after(500.0),
    });
    let origin = VirtualOrigin::new(&world);
    (world, origin)
}

fn take(world: &VirtualPlatform, debugger: &SessionDebugger, session: &str) {
    let read = debugger.snapshot(VariableQuery::session(session), CallOptions::default());
    assert!(world.run(read).unwrap().is_ok());
}

fn outcomes(debugger: &SessionDebugger) -> Vec<&'static str> {
    let trail = debugger.audit_trail();
    trail.iter().filter(|record| record.action == Action::Webhook).map(|record| record.outcome_text()).collect()
}

/// What was posted: its id, and its session.
fn posts(world: &VirtualPlatform) -> Vec<(String, String)> {
    let seen = world.seen().into_iter().map(|seen| seen.request).filter(|request| request.url == HOOK_URL);
    let post = |request: Request| {
        let payload: serde_json::Value = serde_json::from_str(request.body.as_ref().unwrap()).unwrap();
        (header(&request, "webhook-id").unwrap().to_owned(), payload["session_id"].as_str().unwrap().to_owned())
    };
    seen.map(post).collect()
}

#[test]
fn a_store_that_never_answers_holds_no_read_up_for_longer_than_some_seconds() {
    for (deadline_ms, most_ms) in [(500.0, 5.0 * S), (60.0 * S, 60.0 * S)] {
        let (world, origin) = world();
        let debugger = in_tab(&origin.open(), DebuggerOptions { deadline_ms, ..with_hook() });
        world.run_for(S);
        origin.silence_store(true);
        let began = world.monotonic_ms();
        take(&world, &debugger, "unheard");
        assert_eq!(world.monotonic_ms() - began, most_ms);
        assert_eq!(outcomes(&debugger), ["STORAGE_UNAVAILABLE"]);
        origin.silence_store(false);
        assert_eq!(world.run(debugger.outbox()).unwrap().unwrap().unwrap().refused, 1);
    }
}

/// A tab that has the lock is halted at any moment of its work, and goes on at any other: the other tab does not wait for it, nothing is
/// lost, and what comes twice is what the halted one had in hand.
#[test]
fn r12_a_halted_tab_that_has_the_lock_holds_up_no_delivery_of_another() {
    let mut twice = 0;
    for halted_ms in (0..24).map(|step| f64::from(step) * 1.5).chain([100.0, 300.0, 503.0, 504.5, 506.0]) {
        for resumed_ms in (0..50).map(|step| f64::from(step) * 970.0) {
            let (world, origin) = world();
            let halted = origin.open();
            let (one, other) = (in_tab(&halted, with_hook()), in_tab(&origin.open(), with_hook()));
            take(&world, &one, "1");
            world.run_for(halted_ms);
            halted.halt();
            ["2", "3"].iter().for_each(|session| take(&world, &other, session));
            world.run_for(resumed_ms);
            if resumed_ms > 45.0 * S {
                assert!(posts(&world).iter().any(|(_, session)| session == "3"), "halted after {halted_ms} ms");
            }
            halted.resume();
            take(&world, &one, "4");
            world.run_for(180.0 * S);
            let what = format!("halted after {halted_ms} ms, for {resumed_ms} ms: {:?}", posts(&world));
            let mut ids: HashMap<String, String> = HashMap::new();
            let mut order = Vec::new();
            for (id, session) in posts(&world) {
                let known = ids.entry(session.clone()).or_insert_with(|| {
                    order.push(session);
                    id.clone()
                });
                assert_eq!(*known, id, "{what}");
            }
            assert_eq!(order, ["1", "2", "3", "4"], "{what}");
            assert!(posts(&world).len() <= 5, "{what}");
            assert_eq!(world.run(other.outbox()).unwrap().unwrap().unwrap().waiting, 0, "{what}");
            twice += posts(&world).len() - 4;
        }
    }
    assert!(twice > 0, "some were halted while they sent");
}

#[test]
fn two_tabs_send_nothing_twice_where_the_one_that_has_the_lock_only_rests() {
    let (world, origin) = world();
    world.serve(|request: &Request, _: f64| match request.method {
        Method::Get => Reply::json(body(&["a"])),
        Method::Post => Reply::status(500).after(500.0),
    });
    let (one, other) = (in_tab(&origin.open(), with_hook()), in_tab(&origin.open(), with_hook()));
    take(&world, &one, "1");
    world.run_for(S);
    take(&world, &other, "2");
    world.run_for(3_600.0 * S);
    assert_eq!((posts(&world).len(), outcomes(&one).len() + outcomes(&other).len()), (4, 4), "as the schedule has it");
    assert!(posts(&world).iter().all(|(_, session)| session == "1"));
}

/// Does not answer when it is first asked.
#[derive(Default)]
struct Sleepy(Cell<bool>);

impl Signer for Sleepy {
    fn sign(&self, _: &Delivery) -> LocalFuture<Result<String, Error>> {
        match self.0.replace(true) {
            false => Box::pin(pending()),
            true => Box::pin(ready(Ok("v1,x".into()))),
        }
    }
}

#[test]
fn a_signature_that_does_not_come_is_told_as_that() {
    let (world, origin) = world();
    let hook = WebhookOptions { signer: Some(Rc::new(Sleepy::default())), ..WebhookOptions::new(HOOK_URL) };
    let debugger = in_tab(&origin.open(), DebuggerOptions { webhook: Some(hook), ..options() });
    take(&world, &debugger, "s");
    world.run_for(16.0 * S);
    assert_eq!((outcomes(&debugger), posts(&world).len()), (vec!["SIGNING_FAILED"], 0));
    world.run_for(60.0 * S);
    assert_eq!((outcomes(&debugger), posts(&world).len()), (vec!["SIGNING_FAILED", "OK"], 1));
}
