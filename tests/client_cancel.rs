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
    Clock, Headers, Method, Platform, Random, Reply, Request, Server, Sleep, Spawn, VirtualOrigin, VirtualPlatform,
};
use cognigy_session_debugger::query::VariableQuery;
use futures_util::future::join_all;
use std::cell::RefCell;
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

/// Answers everything, and notes when what was sent reached it: an abort does not call back what is on its way.
#[derive(Clone)]
struct Arrivals {
    dice: VirtualPlatform,
    longest_way_ms: f64,
    at_ms: Rc<RefCell<Vec<f64>>>,
}

impl Server for Arrivals {
    fn answer(&self, _: &Request, now: f64) -> Reply {
        let way_ms = 1.0 + self.dice.unit() * self.longest_way_ms;
        self.at_ms.borrow_mut().push(now + way_ms);
        Reply::json(body(&["a"])).after(way_ms + 1.0 + self.dice.unit() * self.longest_way_ms)
    }
}

impl Arrivals {
    /// How many a sliding window would have refused.
    fn refused(&self, limit: RateLimit) -> usize {
        let mut at_ms = self.at_ms.take();
        at_ms.sort_by(f64::total_cmp);
        let mut kept: Vec<f64> = Vec::new();
        at_ms.retain(|at| {
            let full =
                kept.iter().rev().take_while(|earlier| at - **earlier < limit.window_ms).count() >= limit.requests;
            if !full {
                kept.push(*at);
            }
            full
        });
        at_ms.len()
    }
}

#[test]
fn r1_what_was_cancelled_on_its_way_counts_as_long_as_it_may_yet_arrive() {
    const SEEDS: u64 = 300;
    const LIMIT: RateLimit = RateLimit { requests: 10, window_ms: 1_000.0 };
    let (mut sent, mut longest_s) = (0, 0.0_f64);
    for seed in 1..=SEEDS {
        let (platform, dice) = (VirtualPlatform::new(seed), VirtualPlatform::new(seed ^ 0xabe1));
        let longest_way_ms = dice.unit() * 400.0;
        let tenant = Arrivals { dice: dice.clone(), longest_way_ms, at_ms: Rc::default() };
        platform.serve(tenant.clone());
        let debugger = debugger(&platform, DebuggerOptions { rate_limit: LIMIT, max_concurrent: 20, ..options() });
        let reads: Vec<_> = (0..100)
            .map(|number| {
                let (cancel, patience) = (Cancel::new(), platform.sleep(dice.unit() * 8_000.0));
                let call = CallOptions { cancel: Some(cancel.clone()), ..CallOptions::default() };
                // Every other one is given up at some moment, on its way or not.
                if number % 2 == 0 {
                    platform.spawn(Box::pin(async move {
                        patience.await;
                        cancel.cancel();
                    }));
                }
                debugger.snapshot(VariableQuery::session(format!("s{number}")), call)
            })
            .collect();
        for result in platform.run(join_all(reads)).unwrap() {
            assert!(matches!(result.err().map(|error| error.code()), None | Some(Code::Aborted)), "seed {seed}");
        }
        sent += tenant.at_ms.borrow().len();
        longest_s = longest_s.max(platform.monotonic_ms() / 1_000.0);
        assert_eq!(tenant.refused(LIMIT), 0, "seed {seed}: ways of up to {longest_way_ms} ms");
    }
    figure(
        "R1",
        format!(
            "{sent} requests, many cancelled on their way, {SEEDS} seeds: 0 x 429, {longest_s:.1} s at most for 100"
        ),
    );
}
