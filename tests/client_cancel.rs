//! What whoever is cancelled leaves behind: nothing that holds up the others.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use cognigy_session_debugger::Code;
use cognigy_session_debugger::client::ledger::RateLimit;
use cognigy_session_debugger::client::limiter::{Limiter, Want};
use cognigy_session_debugger::client::retry::RetryPolicy;
use cognigy_session_debugger::client::{
    CallOptions, Cancel, DebuggerOptions, SessionDebugger, WebhookOptions, WebhookPayload,
};
use cognigy_session_debugger::platform::{
    Clock, Headers, Method, Platform, Reply, Request, Sleep, Spawn, VirtualOrigin, VirtualPlatform,
};
use cognigy_session_debugger::query::VariableQuery;
use std::rc::Rc;
use support::{HOOK_URL, body, code, debugger, figure, options, reads};

/// Reads, and is cancelled after so long.
fn cancelled(platform: &VirtualPlatform, debugger: &SessionDebugger, after_ms: f64) {
    let cancel = Cancel::new();
    let call = CallOptions { cancel: Some(cancel.clone()), ..CallOptions::default() };
    let sleep = platform.sleep(after_ms);
    platform.spawn(Box::pin(async move {
        sleep.await;
        cancel.cancel();
    }));
    let result = platform.run(debugger.snapshot(VariableQuery::session("s"), call)).unwrap();
    assert_eq!(code(result), Code::Aborted);
}

#[test]
fn r11_a_retry_that_was_never_made_costs_the_others_nothing() {
    let platform = VirtualPlatform::new(1);
    platform.serve(|_: &Request, _: f64| Reply::status(503).after(20.0));
    let retry = RetryPolicy { attempts: 2, ..RetryPolicy::default() };
    let rate_limit = RateLimit { requests: 1_000_000, window_ms: 1.0 };
    let debugger = debugger(&platform, DebuggerOptions { retry, rate_limit, ..options() });
    for _ in 0..100 {
        // In the pause before the last attempt.
        cancelled(&platform, &debugger, 1_000.0);
    }
    assert_eq!((reads(&platform), debugger.metrics().retry_budget), (100, 500));
    // One that leaves is paid for, whatever becomes of it.
    let second = platform.run(debugger.snapshot(VariableQuery::session("s"), CallOptions::default())).unwrap();
    assert_eq!(code(second), Code::ServerError);
    assert_eq!((reads(&platform), debugger.metrics().retry_budget), (102, 486));
    figure("R11", "100 retries that were cancelled before they were sent cost 0 of the budget (asked: 0)");
}

#[test]
fn r11_a_slot_that_was_given_back_is_left_in_what_the_tenant_said() {
    let platform = VirtualPlatform::new(1);
    let limiter = Limiter::new(Rc::new(platform.clone()), RateLimit::TUTORIAL, 5);
    let mut headers = Headers::new();
    headers.push("RateLimit", r#""default";r=3;t=60"#);
    limiter.heed(&headers);
    for _ in 0..20 {
        let one = limiter.clone();
        platform.run(async move { drop(one.acquire(Want::default(), |_| {}).await.unwrap()) }).unwrap();
    }
    assert_eq!(platform.monotonic_ms(), 0.0, "nothing was sent, so nothing is used");
    for sent in 1..=4 {
        let one = limiter.clone();
        platform.run(async move { one.acquire(Want::default(), |_| {}).await.unwrap().mark_sent() }).unwrap();
        assert_eq!(platform.monotonic_ms() > 0.0, sent > 3, "{sent}");
    }
    figure("R11", "20 slots that were given back unused: 3 of 3 requests are left (asked: 3)");
}

/// A transaction ends, also where nobody waits for it any more.
#[test]
fn r11_what_a_cancelled_call_has_stored_is_sent_all_the_same() {
    for payload in [WebhookPayload::Snapshot, WebhookPayload::Thin] {
        let world = VirtualPlatform::new(1);
        world.serve(|request: &Request, _: f64| match request.method {
            Method::Get => Reply::json(body(&["a"])),
            Method::Post => Reply::status(204),
        });
        let webhook = Some(WebhookOptions { payload, ..WebhookOptions::new(HOOK_URL) });
        let tab: Rc<dyn Platform> = Rc::new(VirtualOrigin::new(&world).open());
        let debugger = SessionDebugger::new(DebuggerOptions { webhook, ..options() }, tab).unwrap();
        world.run_for(100.0);
        // In the midst of the write.
        cancelled(&world, &debugger, 0.5);
        world.run_for(5_000.0);
        assert_eq!(world.seen().iter().filter(|seen| seen.request.url == HOOK_URL).count(), 1, "{payload:?}");
    }
    figure("R11", "a write that was cancelled midway: 1 delivery (asked: 1), of a snapshot and of a thin event");
}
