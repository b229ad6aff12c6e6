//! The outbox in virtual time: its schedule, its bounds, and tabs that die at any moment.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use cognigy_session_debugger::client::hint::DelaySource;
use cognigy_session_debugger::client::ledger::RateLimit;
use cognigy_session_debugger::client::retry::Class;
use cognigy_session_debugger::client::{
    Action, CallOptions, DebuggerOptions, Delivery, OutboxStatus, OutboxStorage, SessionDebugger, Signer,
    WebhookOptions, WebhookPayload,
};
use cognigy_session_debugger::platform::{
    Ending, LocalFuture, Method, Random, Reply, Request, Spawn, TransportError, VirtualOrigin, VirtualPlatform,
    VirtualTab,
};
use cognigy_session_debugger::query::VariableQuery;
use cognigy_session_debugger::snapshot::{Mask, MaskOptions};
use cognigy_session_debugger::{Code, Error};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use support::*;

const S: f64 = 1_000.0;
const HOUR: f64 = 3_600.0 * S;
const DAY: f64 = 24.0 * HOUR;

fn with_hook(hook: WebhookOptions) -> DebuggerOptions {
    DebuggerOptions { webhook: Some(hook), ..options() }
}

fn in_tab(tab: &VirtualTab, hook: WebhookOptions) -> SessionDebugger {
    SessionDebugger::new(with_hook(hook), Rc::new(tab.clone())).unwrap()
}

/// A tenant that answers everything, and a receiver that answers its n-th post, from 1, as told.
fn serve(world: &VirtualPlatform, receiver: impl Fn(usize) -> Reply + 'static) {
    let posts = Cell::new(0);
    world.serve(move |request: &Request, _: f64| match request.method {
        Method::Get => Reply::json(body(&["a"])),
        Method::Post => {
            posts.set(posts.get() + 1);
            receiver(posts.get())
        }
    });
}

fn take(world: &VirtualPlatform, debugger: &SessionDebugger, session: &str) {
    let read = debugger.snapshot(VariableQuery::session(session), CallOptions::default());
    assert!(world.run(read).unwrap().is_ok());
}

fn posts(world: &VirtualPlatform) -> Vec<(f64, Request)> {
    let seen = world.seen().into_iter().filter(|seen| seen.request.url == HOOK_URL);
    seen.map(|seen| (seen.at_ms, seen.request)).collect()
}

fn status(world: &VirtualPlatform, debugger: &SessionDebugger) -> OutboxStatus {
    world.run(debugger.outbox()).unwrap().unwrap().unwrap()
}

fn session_of(request: &Request) -> String {
    let payload: serde_json::Value = serde_json::from_str(request.body.as_ref().unwrap()).unwrap();
    payload["session_id"].as_str().unwrap().to_owned()
}

#[test]
fn what_is_read_quietly_is_read_and_audited_but_not_posted() {
    let world = VirtualPlatform::new(7);
    serve(&world, |_| Reply::status(204));
    let debugger = in_tab(&VirtualOrigin::new(&world).open(), WebhookOptions::new(HOOK_URL));
    let quiet = CallOptions { post: false, ..CallOptions::default() };
    assert!(world.run(debugger.snapshot(VariableQuery::session("quiet"), quiet)).unwrap().is_ok());
    take(&world, &debugger, "told");
    world.run_for(60.0 * S);
    let told: Vec<String> = posts(&world).iter().map(|(_, request)| session_of(request)).collect();
    assert_eq!(told, ["told"]);
    let reads = debugger.audit_trail().into_iter().filter(|record| record.action == Action::Read);
    assert_eq!(reads.count(), 2);
}

#[test]
fn attempts_keep_to_the_schedule_and_then_end_among_the_dead_letters() {
    let world = VirtualPlatform::new(7);
    serve(&world, |_| Reply::status(500));
    let origin = VirtualOrigin::new(&world);
    let debugger = in_tab(&origin.open(), WebhookOptions::new(HOOK_URL));
    take(&world, &debugger, "s");
    world.run_for(6.0 * DAY);
    let seen = posts(&world);
    let hours = [2.0, 5.0, 10.0, 14.0, 20.0, 24.0].map(|hours| hours * HOUR);
    let planned = [5.0 * S, 300.0 * S, 1_800.0 * S].into_iter().chain(hours);
    let pauses: Vec<f64> = seen.windows(2).map(|pair| pair[1].0 - pair[0].0).collect();
    assert_eq!((seen.len(), pauses.len()), (10, 9));
    for (pause, planned) in pauses.iter().zip(planned) {
        assert!((0.79 * planned..1.21 * planned).contains(pause), "{pause} for {planned}");
    }
    let ids: Vec<_> = seen.iter().map(|(_, request)| header(request, "webhook-id").unwrap()).collect();
    assert!(ids[0].starts_with("msg_") && ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    assert!(seen.iter().all(|(_, request)| request.body == seen[0].1.body), "the payload is frozen");
    let stamps: Vec<u64> =
        seen.iter().map(|(_, request)| header(request, "webhook-timestamp").unwrap().parse().unwrap()).collect();
    assert!(stamps.windows(2).all(|pair| pair[0] < pair[1]) && stamps[0] == 1_767_225_600);
    assert_eq!(
        status(&world, &debugger),
        OutboxStatus { waiting: 0, dead: 1, durable: true, refused: 0, disabled: false }
    );
    serve(&world, |_| Reply::status(204));
    assert_eq!(world.run(debugger.replay_outbox()).unwrap(), Ok(1));
    world.run_for(S);
    assert_eq!(
        status(&world, &debugger),
        OutboxStatus { waiting: 0, dead: 0, durable: true, refused: 0, disabled: false }
    );
    let replayed = posts(&world).pop().unwrap().1;
    assert_eq!(header(&replayed, "webhook-id"), header(&seen[0].1, "webhook-id"));
    let attempts: Vec<_> =
        debugger.audit_trail().iter().filter(|r| r.action == Action::Webhook).map(|r| r.attempt).collect();
    assert_eq!(attempts, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1]);
    let log: Vec<serde_json::Value> = origin.log().iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(log.len(), 11);
    assert_eq!((&log[0]["outcome"], &log[0]["status"]), (&"WEBHOOK_REJECTED".into(), &500.into()));
    assert_eq!((&log[10]["outcome"], &log[10]["id"]), (&"OK".into(), &ids[0].into()));
}

#[test]
fn r13_a_debugger_that_is_gone_tries_nothing_again_and_leaves_what_is_stored_to_the_next_one() {
    for storage in [OutboxStorage::Persistent, OutboxStorage::Memory] {
        let world = VirtualPlatform::new(1);
        serve(&world, |_| Reply::status(500).after(100.0));
        let origin = VirtualOrigin::new(&world);
        let hook = || WebhookOptions { storage, ..WebhookOptions::new(HOOK_URL) };
        let debugger = in_tab(&origin.open(), hook());
        take(&world, &debugger, "first");
        // Its first attempt is under way.
        drop(debugger);
        world.run_for(2.0 * DAY);
        assert_eq!(posts(&world).len(), 1, "{storage:?}");
        let next = in_tab(&origin.open(), hook());
        world.run_for(S);
        let kept = usize::from(storage == OutboxStorage::Persistent);
        assert_eq!((posts(&world).len(), status(&world, &next).waiting), (1 + kept, kept), "{storage:?}");
    }
}

#[test]
fn r13_a_debugger_that_is_gone_sends_nothing_twice_where_it_cannot_note_what_it_sent() {
    let world = VirtualPlatform::new(1);
    serve(&world, |_| Reply::status(204).after(100.0));
    let origin = VirtualOrigin::new(&world);
    let debugger = in_tab(&origin.open(), WebhookOptions::new(HOOK_URL));
    take(&world, &debugger, "first");
    // It is under way.
    world.run_for(50.0);
    origin.fail_writes_after(Some(0));
    drop(debugger);
    world.run_for(HOUR);
    assert_eq!(posts(&world).len(), 1);
    origin.fail_writes_after(None);
    let next = in_tab(&origin.open(), WebhookOptions::new(HOOK_URL));
    world.run_for(S);
    assert_eq!((posts(&world).len(), status(&world, &next).waiting), (2, 0), "it was never noted as delivered");
}

/// A tenant whose answer is what stands in the cell, and a debugger that posts thin events.
fn thin(world: &VirtualPlatform, mask: Mask) -> (Rc<RefCell<String>>, SessionDebugger) {
    let rows = Rc::new(RefCell::new(String::new()));
    let now = Rc::clone(&rows);
    world.serve(move |request: &Request, _: f64| match request.method {
        Method::Get => Reply::json(format!(r#"{{"variables":[{}]}}"#, now.borrow()).into_bytes()),
        Method::Post => Reply::status(204),
    });
    let hook = WebhookOptions { payload: WebhookPayload::Thin, mask, ..WebhookOptions::new(HOOK_URL) };
    let debugger = in_tab(&VirtualOrigin::new(world).open(), hook);
    (rows, debugger)
}

fn row(name: &str, value: &str, scope: &str) -> String {
    format!(r#"{{"name":"{name}","value":"{value}","scope":"{scope}"}}"#)
}

/// The data of the latest post.
fn latest(world: &VirtualPlatform) -> serde_json::Value {
    world.run_for(S);
    let body = posts(world).into_iter().last().unwrap().1.body.unwrap();
    serde_json::from_str::<serde_json::Value>(&body).unwrap()["data"].take()
}

#[test]
fn a_thin_event_tells_of_a_snapshot_without_its_values() {
    let world = VirtualPlatform::new(1);
    let (rows, debugger) = thin(&world, Mask::standard());
    for text in ["one", "one", "two"] {
        *rows.borrow_mut() = row("city", text, "user");
        take(&world, &debugger, "s");
        world.run_for(S);
    }
    let bodies: Vec<String> = posts(&world).into_iter().map(|(_, request)| request.body.unwrap()).collect();
    let hash = |body: &String| {
        let event: serde_json::Value = serde_json::from_str(body).unwrap();
        let hash = event["data"]["hash"].as_str().unwrap().to_owned();
        let keys: Vec<_> = event.as_object().unwrap().keys().cloned().collect();
        assert_eq!(keys.len(), 3, "{body}");
        assert_eq!((&event["type"], &event["data"]["count"]), (&"variable_snapshot".into(), &1.into()));
        assert_eq!(event["data"]["session_id"], "s");
        assert!(event["timestamp"].as_str().unwrap().starts_with("2026-01-01T00:00:0"), "{body}");
        assert!(!body.contains("one") && !body.contains("two"), "{body}");
        hash
    };
    let hashes: Vec<String> = bodies.iter().map(hash).collect();
    assert!(hashes.len() == 3 && hashes[0].len() == 64 && hashes[0] == hashes[1] && hashes[1] != hashes[2]);
}

#[test]
fn a_thin_event_names_what_changed_since_the_last_one() {
    let world = VirtualPlatform::new(1);
    let (rows, debugger) = thin(&world, Mask::standard());
    let told = |session: &str, now: &[String]| {
        *rows.borrow_mut() = now.join(",");
        take(&world, &debugger, session);
        let data = latest(&world);
        (data["changedCount"].clone(), data["changedNames"].clone())
    };
    let none = || (serde_json::Value::Null, serde_json::Value::Null);
    let names = |names: &[&str]| (names.len().into(), names.to_vec().into());
    let (a, b, c) = (row("a", "1", "user"), row("b", "1", "user"), row("c", "1", "user"));
    assert_eq!(told("s", &[a.clone(), b.clone()]), none(), "there is none before it");
    assert_eq!(told("s", &[b.clone(), a.clone()]), names(&[]), "another order is no change");
    assert_eq!(told("other", std::slice::from_ref(&a)), none(), "each session by itself");
    assert_eq!(told("s", &[row("a", "2", "user"), c.clone()]), names(&["b", "a", "c"]), "gone and changed, then new");
    assert_eq!(told("s", &[row("a", "2", "session"), c.clone()]), names(&["a"]), "another scope");
    assert_eq!(told("s", &[row("a", "2", "session"), row("a", "9", "global"), c]), names(&[]), "what is not shown");
    for (value, declared, changed) in
        [("\"5\"", "string", None), ("\"5\"", "number", Some("a")), ("5", "number", Some("a"))]
    {
        let row = format!(r#"{{"name":"a","value":{value},"type":"{declared}","scope":"user"}}"#);
        assert_eq!(told("typed", &[row]), changed.map_or_else(none, |name| names(&[name])), "{value} {declared}");
    }
    // Through the mask: a hidden value's change is told, a secret in a name is not.
    let secret = "ghp_0123456789abcdefghijABCDEFGHIJ012345";
    assert_eq!(told("p", &[row("password", "x", "user")]), none());
    assert_eq!(told("p", &[row("password", "y", "user")]), names(&["password"]));
    let (count, changed) = told("p", &[row("password", "y", "user"), row(secret, "1", "user")]);
    assert_eq!(count, 1);
    assert!(changed[0].as_str().unwrap().starts_with("[masked:"), "{changed}");
    // However many there are.
    let many: Vec<String> = (0..5_000).map(|number| row(&format!("name_{number}"), "1", "user")).collect();
    let (count, changed) = told("p", &many);
    let changed = changed.as_array().unwrap();
    assert!(count == 5_002 && (1_000..2_500).contains(&changed.len()), "{count}, {}", changed.len());
}

#[test]
fn what_was_asked_for_in_another_way_is_no_change() {
    let world = VirtualPlatform::new(1);
    let (rows, debugger) = thin(&world, Mask::off());
    let told = |query: VariableQuery, now: String| {
        *rows.borrow_mut() = now;
        world.run(debugger.snapshot(query, CallOptions::default())).unwrap().unwrap();
        latest(&world)["changedNames"].clone()
    };
    let (whole, part) =
        (VariableQuery::session("s"), VariableQuery { scope: Some("user".into()), ..VariableQuery::session("s") });
    let both = [row("a", "1", "user"), row("b", "1", "session")].join(",");
    assert!(told(whole.clone(), both.clone()).is_null());
    assert!(told(part, row("a", "1", "user")).is_null());
    assert_eq!(told(whole, both), serde_json::json!([]));
}

#[test]
fn overloaded_receivers_say_when_to_come_back() {
    for (status, hinted) in
        [(429, true), (502, true), (503, true), (504, true), (500, false), (404, false), (302, false)]
    {
        let world = VirtualPlatform::new(1);
        serve(&world, move |post| match post {
            1 => Reply::status(status).header("Retry-After", "600"),
            _ => Reply::status(200),
        });
        let debugger = debugger(&world, with_hook(WebhookOptions::new(HOOK_URL)));
        take(&world, &debugger, "s");
        world.run_for(HOUR);
        let seen = posts(&world);
        let pause = seen[1].0 - seen[0].0;
        assert_eq!(pause >= 600.0 * S, hinted, "{status}: {pause}");
        assert!(pause < 601.0 * S && seen.len() == 2, "{status}: {pause}");
    }
}

#[test]
fn a_receiver_that_is_gone_gets_nothing_until_a_replay() {
    let world = VirtualPlatform::new(1);
    serve(&world, |post| Reply::status(if post == 1 { 410 } else { 200 }));
    let tab = VirtualOrigin::new(&world).open();
    let debugger = in_tab(&tab, WebhookOptions::new(HOOK_URL));
    for session in ["a", "b", "c"] {
        take(&world, &debugger, session);
        world.run_for(DAY);
    }
    assert_eq!(posts(&world).len(), 1);
    let told = debugger.audit_trail().iter().rev().find(|record| record.action == Action::Webhook).unwrap().outcome;
    assert_eq!(told, Some(Code::WebhookDisabled));
    assert_eq!(
        status(&world, &debugger),
        OutboxStatus { waiting: 3, dead: 0, durable: true, refused: 0, disabled: true }
    );
    assert_eq!(world.run(debugger.replay_outbox()).unwrap(), Ok(0));
    world.run_for(HOUR);
    let order: Vec<_> = posts(&world).iter().skip(1).map(|(_, request)| session_of(request)).collect();
    assert_eq!(order, ["a", "b", "c"]);
}

#[test]
fn a_receiver_that_says_late_that_it_is_gone_is_tried_at_once_by_a_replay() {
    let world = VirtualPlatform::new(1);
    serve(&world, |post| Reply::status([500, 500, 500, 500, 500, 410].get(post - 1).copied().unwrap_or(204)));
    let debugger = in_tab(&VirtualOrigin::new(&world).open(), WebhookOptions::new(HOOK_URL));
    take(&world, &debugger, "s");
    while !status(&world, &debugger).disabled {
        world.run_for(S);
    }
    let gone = debugger.audit_trail().pop().unwrap();
    assert_eq!((gone.status, gone.decided.unwrap().delay_ms), (Some(410), None), "nothing is tried again by itself");
    assert_eq!(world.run(debugger.replay_outbox()).unwrap(), Ok(0));
    world.run_for(S);
    assert_eq!((posts(&world).len(), status(&world, &debugger).waiting), (7, 0));
}

#[test]
fn what_a_closed_tab_has_stored_is_sent_by_one_that_has_nothing_to_send() {
    for closed in [VirtualTab::kill, |_: &VirtualTab| ()] {
        let world = VirtualPlatform::new(1);
        serve(&world, |post| Reply::status(if post == 1 { 500 } else { 204 }));
        let origin = VirtualOrigin::new(&world);
        let idle = in_tab(&origin.open(), WebhookOptions::new(HOOK_URL));
        world.run_for(HOUR);
        let tab = origin.open();
        let debugger = in_tab(&tab, WebhookOptions::new(HOOK_URL));
        take(&world, &debugger, "s");
        world.run_for(S);
        closed(&tab);
        drop(debugger);
        world.run_for(61.0 * S);
        assert_eq!((posts(&world).len(), status(&world, &idle).waiting), (2, 0));
    }
}

#[test]
fn what_a_receiver_has_taken_is_not_sent_again_though_its_answer_does_not_end() {
    for (timeout_ms, head) in [(500.0, 0.0), (15_000.0, 14_900.0)] {
        let world = VirtualPlatform::new(1);
        serve(&world, move |_| Reply::status(200).after(head).body("ok").cut(1, Ending::Stalled));
        let hook = WebhookOptions { timeout_ms, ..WebhookOptions::new(HOOK_URL) };
        let debugger = in_tab(&VirtualOrigin::new(&world).open(), hook);
        take(&world, &debugger, "s");
        world.run_for(HOUR);
        assert_eq!((posts(&world).len(), status(&world, &debugger).waiting), (1, 0));
    }
}

#[test]
fn a_computer_that_is_offline_uses_up_no_attempt() {
    let world = VirtualPlatform::new(1);
    serve(&world, |post| if post <= 500 { Reply::error(TransportError::Offline) } else { Reply::status(200) });
    let debugger = debugger(&world, with_hook(WebhookOptions::new(HOOK_URL)));
    take(&world, &debugger, "s");
    world.run_for(3.0 * DAY);
    assert_eq!(posts(&world).len(), 501);
    assert_eq!(status(&world, &debugger).dead, 0);
}

/// The pause is five minutes, and there is no need to wait for its end.
#[test]
fn what_waits_for_a_network_is_sent_when_there_is_one() {
    for (ordered, outage_ms) in [(true, 2.0 * S), (false, 2.0 * S), (true, HOUR), (false, HOUR)] {
        let world = VirtualPlatform::new(1);
        serve(&world, |_| Reply::status(204).after(20.0));
        let hook = WebhookOptions { ordered, ..WebhookOptions::new(HOOK_URL) };
        let debugger = in_tab(&VirtualOrigin::new(&world).open(), hook);
        let sessions = ["a", "b"].map(|id| debugger.snapshot(VariableQuery::session(id), CallOptions::default()));
        let read = futures_util::future::join_all(sessions);
        assert!(world.run(read).unwrap().iter().all(Result::is_ok));
        world.set_online(false);
        world.run_for(outage_ms);
        let before = posts(&world).len();
        assert!(before < 2, "both were sent");
        world.set_online(true);
        world.run_for(S);
        assert_eq!((posts(&world).len() - before, status(&world, &debugger).waiting), (2 - before, 0), "{ordered}");
    }
}

/// And what the receiver has refused before is not tried sooner for it.
#[test]
fn a_network_that_is_back_hurries_nothing_else() {
    let world = VirtualPlatform::new(1);
    serve(&world, |post| Reply::status(if post <= 3 { 500 } else { 204 }));
    let hook = WebhookOptions { ordered: false, ..WebhookOptions::new(HOOK_URL) };
    let debugger = in_tab(&VirtualOrigin::new(&world).open(), hook);
    take(&world, &debugger, "refused");
    world.run_for(400.0 * S);
    assert_eq!(posts(&world).len(), 3, "the next attempt is half an hour away");
    let read = debugger.snapshot(VariableQuery::session("new"), CallOptions::default());
    assert!(world.run(read).unwrap().is_ok());
    world.set_online(false);
    world.run_for(10.0 * S);
    world.set_online(true);
    world.run_for(S);
    let sent: Vec<String> = posts(&world).iter().skip(3).map(|(_, request)| session_of(request)).collect();
    assert_eq!((sent, status(&world, &debugger).waiting), (vec!["new".into()], 1));
}

#[test]
fn a_delivery_that_fails_tells_what_to_look_at() {
    type Line = (fn() -> Reply, Code, &'static str);
    let table: [Line; 5] = [
        (|| Reply::silence(), Code::WebhookRejected, "raise webhook.timeoutMs"),
        (|| Reply::error(TransportError::Network), Code::WebhookRejected, "Check its URL and CORS"),
        (|| Reply::error(TransportError::Offline), Code::Offline, "Connect to the network"),
        (|| Reply::status(410), Code::WebhookDisabled, "until a replay"),
        (|| Reply::status(500), Code::WebhookRejected, "(500)"),
    ];
    for (reply, code, words) in table {
        let world = VirtualPlatform::new(1);
        serve(&world, move |_| reply());
        let debugger = debugger(&world, with_hook(WebhookOptions::new(HOOK_URL)));
        take(&world, &debugger, "s");
        world.run_for(16.0 * S);
        let told = debugger.audit_trail().into_iter().find(|record| record.action == Action::Webhook).unwrap();
        assert_eq!(told.outcome, Some(code), "{words}");
        assert!(told.message.as_ref().unwrap().contains(words), "{:?}", told.message);
    }
}

#[test]
fn without_order_what_is_refused_holds_up_no_other() {
    for (ordered, expected) in [(true, vec!["bad"; 4]), (false, vec!["bad", "good", "bad", "bad", "bad"])] {
        let world = VirtualPlatform::new(1);
        world.serve(|request: &Request, _: f64| match request.method {
            Method::Get => Reply::json(body(&["a"])),
            Method::Post if session_of(request) == "bad" => Reply::status(422),
            Method::Post => Reply::status(204),
        });
        let hook = WebhookOptions { ordered, ..WebhookOptions::new(HOOK_URL) };
        let debugger = in_tab(&VirtualOrigin::new(&world).open(), hook);
        for session in ["bad", "good"] {
            take(&world, &debugger, session);
        }
        world.run_for(HOUR);
        let order: Vec<String> = posts(&world).iter().map(|(_, request)| session_of(request)).collect();
        assert_eq!(order, expected, "ordered: {ordered}");
        assert_eq!(status(&world, &debugger).waiting, if ordered { 2 } else { 1 });
    }
}

#[test]
fn without_order_even_a_thousand_refused_ones_hold_up_no_other() {
    let world = VirtualPlatform::new(1);
    world.serve(|request: &Request, _: f64| match request.method {
        Method::Get => Reply::json(body(&["a"])),
        Method::Post if session_of(request) == "good" => Reply::status(204),
        Method::Post => Reply::status(422),
    });
    let hook = WebhookOptions { ordered: false, ..WebhookOptions::new(HOOK_URL) };
    let rate_limit = RateLimit { requests: 10_000, ..RateLimit::default() };
    let debugger = SessionDebugger::new(
        DebuggerOptions { rate_limit, ..with_hook(hook) },
        Rc::new(VirtualOrigin::new(&world).open()),
    )
    .unwrap();
    for _ in 0..1_001 {
        take(&world, &debugger, "bad");
    }
    world.run_for(60.0 * S);
    take(&world, &debugger, "good");
    world.run_for(S);
    assert!(posts(&world).iter().any(|(_, request)| session_of(request) == "good"));
}

#[test]
fn without_order_a_receiver_that_asks_for_time_and_a_network_that_is_away_are_left_alone() {
    let world = VirtualPlatform::new(1);
    let since = Rc::new(Cell::new(f64::INFINITY));
    let busy = Rc::clone(&since);
    world.serve(move |request: &Request, now: f64| match request.method {
        Method::Get => Reply::json(body(&["a"])),
        Method::Post if now < busy.get() => Reply::status(429).header("Retry-After", "60"),
        Method::Post => Reply::status(204),
    });
    let hook = WebhookOptions { ordered: false, ..WebhookOptions::new(HOOK_URL) };
    let debugger = in_tab(&VirtualOrigin::new(&world).open(), hook);
    for number in 0..40 {
        take(&world, &debugger, &number.to_string());
    }
    world.run_for(59.0 * S);
    assert_eq!(posts(&world).len(), 1, "one that asks, and none that does not listen");
    since.set(0.0);
    world.run_for(600.0 * S);
    assert_eq!((posts(&world).len(), status(&world, &debugger).waiting), (41, 0));
    let trail = debugger.audit_trail();
    let refused = trail.iter().find(|record| record.status == Some(429)).unwrap().decided.unwrap();
    assert_eq!((refused.class, refused.source), (Class::Throttle, Some(DelaySource::RetryAfter)));
    assert!(refused.delay_ms.unwrap() >= 60.0 * S);
}

#[test]
fn what_became_of_deliveries_is_stored_with_what_it_changed() {
    let world = VirtualPlatform::new(1);
    serve(&world, |post| Reply::status(if post == 1 { 500 } else { 204 }));
    let origin = VirtualOrigin::new(&world);
    let tab = origin.open();
    let debugger = in_tab(&tab, WebhookOptions::new(HOOK_URL));
    take(&world, &debugger, "s");
    world.run_for(60.0 * S);
    tab.kill();
    let next = in_tab(&origin.open(), WebhookOptions::new(HOOK_URL));
    let told: Vec<serde_json::Value> =
        world.run(next.deliveries()).unwrap().unwrap().iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |member: &str| told.iter().map(|line| line[member].clone()).collect::<Vec<_>>();
    assert_eq!(
        (of("attempt"), of("status"), of("outcome")),
        (vec![1.into(), 2.into()], vec![500.into(), 204.into()], vec!["WEBHOOK_REJECTED".into(), "OK".into()])
    );
    assert_eq!(told[0]["id"], told[1]["id"]);
    let trail = debugger.audit_trail();
    let attempts: Vec<_> = trail.iter().filter(|record| record.action == Action::Webhook).collect();
    let decided = attempts[0].decided.unwrap();
    assert_eq!(
        (decided.class, decided.source, attempts[1].decided),
        (Class::Transient, Some(DelaySource::Backoff), None)
    );
    assert!((4.0 * S..=6.0 * S).contains(&decided.delay_ms.unwrap()));
}

#[test]
fn what_is_larger_than_a_delivery_may_be_is_refused_to_the_byte() {
    let world = VirtualPlatform::new(1);
    serve(&world, |_| Reply::status(204));
    let origin = VirtualOrigin::new(&world);
    take(&world, &in_tab(&origin.open(), WebhookOptions::new(HOOK_URL)), "s");
    world.run_for(S);
    let size = posts(&world)[0].1.body.as_ref().unwrap().len();
    for (max_bytes, refused) in [(size, 0), (size - 1, 1)] {
        let debugger = in_tab(&origin.open(), WebhookOptions { max_bytes, ..WebhookOptions::new(HOOK_URL) });
        take(&world, &debugger, "s");
        assert_eq!(status(&world, &debugger).refused, refused);
        let outcomes: Vec<_> = debugger.audit_trail().iter().map(|record| record.outcome).collect();
        assert_eq!(outcomes.contains(&Some(Code::BodyTooLarge)), refused == 1);
    }
}

#[test]
fn a_clock_that_is_set_back_by_years_holds_nothing_up() {
    let world = VirtualPlatform::new(1);
    serve(&world, |post| Reply::status(if post == 1 { 500 } else { 200 }));
    let debugger = debugger(&world, with_hook(WebhookOptions::new(HOOK_URL)));
    take(&world, &debugger, "s");
    world.run_for(10.0);
    world.step_wall_clock(-10.0 * 365.0 * DAY);
    world.run_for(120.0 * S);
    assert_eq!((posts(&world).len(), status(&world, &debugger).waiting), (2, 0));
}

#[test]
fn a_full_outbox_refuses_and_says_so() {
    let world = VirtualPlatform::new(1);
    serve(&world, |_| Reply::status(500));
    let limit = cognigy_session_debugger::client::ledger::RateLimit { requests: 100_000, window_ms: 1.0 };
    let options = DebuggerOptions { rate_limit: limit, ..with_hook(WebhookOptions::new(HOOK_URL)) };
    let debugger = debugger(&world, options);
    for _ in 0..10_001 {
        take(&world, &debugger, "s");
    }
    assert_eq!(
        status(&world, &debugger),
        OutboxStatus { waiting: 10_000, dead: 0, durable: false, refused: 1, disabled: false }
    );
    let last = debugger.audit_trail().pop().unwrap();
    assert_eq!((last.action, last.outcome_text()), (Action::Webhook, "OUTBOX_FULL"));
}

#[test]
fn a_store_that_fails_loses_nothing_that_it_took_and_repeats_nothing() {
    let world = VirtualPlatform::new(1);
    serve(&world, |_| Reply::status(200).after(100.0));
    let origin = VirtualOrigin::new(&world);
    let debugger = in_tab(&origin.open(), WebhookOptions::new(HOOK_URL));
    // Taken, and claimed.
    origin.fail_writes_after(Some(2));
    take(&world, &debugger, "taken");
    world.run_for(50.0);
    take(&world, &debugger, "refused");
    world.run_for(HOUR);
    assert_eq!(posts(&world).len(), 1, "it is not sent again because the store cannot forget it");
    let codes: Vec<_> =
        debugger.audit_trail().iter().filter(|r| r.action == Action::Webhook).map(|r| r.outcome_text()).collect();
    assert_eq!(codes, ["STORAGE_UNAVAILABLE"]);
    origin.fail_writes_after(None);
    world.run_for(HOUR);
    assert_eq!((posts(&world).len(), origin.log().len()), (1, 1));
    assert_eq!(
        status(&world, &debugger),
        OutboxStatus { waiting: 0, dead: 0, durable: true, refused: 1, disabled: false }
    );
}

#[test]
fn what_is_kept_in_memory_says_so_and_goes_with_its_tab() {
    let world = VirtualPlatform::new(1);
    serve(&world, |_| Reply::status(500));
    let origin = VirtualOrigin::new(&world);
    let tab = origin.open();
    let hook = || WebhookOptions { storage: OutboxStorage::Memory, ..WebhookOptions::new(HOOK_URL) };
    let debugger = in_tab(&tab, hook());
    take(&world, &debugger, "s");
    assert_eq!(
        status(&world, &debugger),
        OutboxStatus { waiting: 1, dead: 0, durable: false, refused: 0, disabled: false }
    );
    tab.kill();
    let next = in_tab(&origin.open(), hook());
    assert_eq!(status(&world, &next).waiting, 0);
}

struct Notary(RefCell<Vec<String>>);

impl Signer for Notary {
    fn sign(&self, delivery: &Delivery) -> LocalFuture<Result<String, Error>> {
        let mut seen = self.0.borrow_mut();
        seen.push(delivery.signed_text());
        let signature = if seen.len() == 1 { "v1,a\r\nx: y".to_owned() } else { format!("v1,{}", seen.len()) };
        Box::pin(async move { Ok(signature) })
    }
}

#[test]
fn each_attempt_is_signed_anew_and_no_header_is_smuggled_in() {
    let world = VirtualPlatform::new(1);
    serve(&world, |post| Reply::status(if post == 1 { 500 } else { 200 }));
    let notary = Rc::new(Notary(RefCell::default()));
    let hook = WebhookOptions { signer: Some(Rc::clone(&notary) as _), ..WebhookOptions::new(HOOK_URL) };
    let debugger = debugger(&world, with_hook(hook));
    take(&world, &debugger, "s");
    world.run_for(HOUR);
    let seen = posts(&world);
    let signatures: Vec<_> = seen.iter().map(|(_, request)| header(request, "webhook-signature").unwrap()).collect();
    assert_eq!(signatures, ["v1,2", "v1,3"]);
    for ((_, request), signed) in seen.iter().zip(notary.0.borrow().iter().skip(1)) {
        let parts = ["webhook-id", "webhook-timestamp"].map(|name| header(request, name).unwrap().to_owned());
        assert_eq!(*signed, format!("{}.{}.{}", parts[0], parts[1], request.body.as_ref().unwrap()));
    }
    let first = debugger.audit_trail().into_iter().find(|record| record.action == Action::Webhook).unwrap();
    assert_eq!(first.outcome_text(), "SIGNING_FAILED");
}

#[test]
fn r13_tabs_send_one_at_a_time_and_in_order() {
    send_one_at_a_time(|_| ());
}

#[test]
fn r13_tabs_without_locks_send_one_at_a_time_and_in_order() {
    send_one_at_a_time(VirtualOrigin::forget_locks);
}

fn send_one_at_a_time(prepare: fn(&VirtualOrigin)) {
    let world = VirtualPlatform::new(1);
    serve(&world, |_| Reply::status(200).after(500.0));
    let origin = VirtualOrigin::new(&world);
    prepare(&origin);
    let tabs: Vec<_> = (0..5).map(|_| in_tab(&origin.open(), WebhookOptions::new(HOOK_URL))).collect();
    for round in 0..20 {
        for (number, debugger) in tabs.iter().enumerate() {
            take(&world, debugger, &format!("{}", round * 5 + number));
        }
    }
    world.run_for(HOUR);
    let seen = posts(&world);
    let order: Vec<usize> = seen.iter().map(|(_, request)| session_of(request).parse().unwrap()).collect();
    assert_eq!(order, (0..100).collect::<Vec<_>>());
    assert!(seen.windows(2).all(|pair| pair[1].0 - pair[0].0 >= 500.0), "never two at once");
    figure("R13", format!("{} deliveries of 5 tabs in order (asked: all), never two at once", order.len()));
}

/// Tabs are killed in the middle of whatever they do. Nothing that was acknowledged is lost; what comes twice had not
/// been acknowledged by the receiver, or the tab died before it could note so.
#[test]
fn r13_nothing_is_lost_when_tabs_are_killed_at_any_moment() {
    kill_tabs(|_| ());
}

#[test]
fn r13_nothing_is_lost_when_tabs_without_locks_are_killed_at_any_moment() {
    kill_tabs(VirtualOrigin::forget_locks);
}

fn kill_tabs(prepare: fn(&VirtualOrigin)) {
    let (mut kills, mut stored_in_all, mut twice) = (0, 0, 0);
    for seed in 0..40 {
        let world = VirtualPlatform::new(seed);
        let dice = VirtualPlatform::new(seed + 1_000);
        let accepted = Rc::new(RefCell::new(Vec::new()));
        let (into, luck) = (Rc::clone(&accepted), dice.clone());
        world.serve(move |request: &Request, _: f64| {
            if request.method == Method::Get {
                return Reply::json(body(&["a"])).after(3.0);
            }
            let after = luck.unit() * 40.0;
            if luck.unit() < 0.3 {
                return Reply::status(500).after(after);
            }
            let id = header(request, "webhook-id").unwrap().to_owned();
            into.borrow_mut().push((id, session_of(request)));
            Reply::status(200).after(after)
        });
        let origin = VirtualOrigin::new(&world);
        prepare(&origin);
        let stored = Rc::new(RefCell::new(Vec::new()));
        let mut lives = 0;
        for life in 0..6 {
            let tab = origin.open();
            let debugger = in_tab(&tab, WebhookOptions::new(HOOK_URL));
            let into = Rc::clone(&stored);
            tab.spawn(Box::pin(async move {
                for number in 0..20 {
                    let session = format!("{life}-{number}");
                    let read = debugger.snapshot(VariableQuery::session(&session), CallOptions::default());
                    assert!(read.await.is_ok());
                    into.borrow_mut().push(session);
                }
            }));
            world.run_for(dice.unit() * 400.0);
            tab.kill();
            lives += 1;
        }
        kills += lives;
        let last = in_tab(&origin.open(), WebhookOptions::new(HOOK_URL));
        let nothing = OutboxStatus { waiting: 0, dead: 0, durable: true, refused: 0, disabled: false };
        let done = (0..30 * 24).any(|_| {
            world.run_for(HOUR);
            status(&world, &last) == nothing
        });
        assert!(done, "seed {seed}: {:?}", status(&world, &last));
        let accepted = accepted.borrow();
        let mut times: HashMap<&str, usize> = HashMap::new();
        let mut ids: HashMap<&str, &str> = HashMap::new();
        for (id, session) in accepted.iter() {
            *times.entry(session).or_default() += 1;
            assert_eq!(*ids.entry(session).or_insert(id), id, "seed {seed}: a repetition keeps its id");
        }
        for session in stored.borrow().iter() {
            assert!(times.contains_key(session.as_str()), "seed {seed}: {session} is lost");
        }
        // Each death can cost one acknowledgement, which is what was under way.
        let repeated: usize = times.values().map(|times| times - 1).sum();
        assert!(repeated <= lives, "seed {seed}: {repeated} repetitions for {lives} deaths");
        let mut firsts: Vec<&str> = Vec::new();
        for (_, session) in accepted.iter() {
            if !firsts.contains(&session.as_str()) {
                firsts.push(session);
            }
        }
        let numbers = |session: &str| {
            let (life, number) = session.split_once('-').unwrap();
            (life.parse::<usize>().unwrap(), number.parse::<usize>().unwrap())
        };
        assert!(firsts.windows(2).all(|pair| numbers(pair[0]) < numbers(pair[1])), "seed {seed}: the order is kept");
        stored_in_all += stored.borrow().len();
        twice += repeated;
    }
    figure("R13", format!("{kills} kills of tabs, {stored_in_all} stored: 0 lost (asked: 0), {twice} came twice"));
    assert!(kills >= 200 && stored_in_all > 500);
}

#[test]
fn what_is_stored_and_sent_went_through_the_mask() {
    let world = VirtualPlatform::new(3);
    serve(&world, |_| Reply::status(200));
    let masked = in_tab(&VirtualOrigin::new(&world).open(), WebhookOptions::new(HOOK_URL));
    take(&world, &masked, "write to max@mail.example");
    world.run_for(S);
    let sent = posts(&world).pop().unwrap().1.body.unwrap();
    assert!(sent.contains("[masked:email") && !sent.contains("max@mail.example"), "{sent}");
}

#[test]
fn a_redirect_is_no_delivery() {
    let world = VirtualPlatform::new(1);
    serve(&world, |post| if post == 1 { Reply::error(TransportError::Redirect) } else { Reply::status(200) });
    let debugger = debugger(&world, with_hook(WebhookOptions::new(HOOK_URL)));
    take(&world, &debugger, "s");
    world.run_for(HOUR);
    let outcomes: Vec<_> =
        debugger.audit_trail().iter().filter(|r| r.action == Action::Webhook).map(|r| r.outcome_text()).collect();
    assert_eq!(outcomes, ["WEBHOOK_REJECTED", "OK"]);
}

#[test]
fn a_receiver_can_be_given_listed_names_only() {
    let world = VirtualPlatform::new(1);
    world.serve(|request: &Request, _: f64| match request.method {
        Method::Get => Reply::json(
            r#"{"variables":[{"name":"plan","value":"gold","scope":"user"},{"name":"city","value":"Ulm","scope":"user"}]}"#,
        ),
        Method::Post => Reply::status(200),
    });
    let mask = Mask::new(MaskOptions { allow: Some(vec!["plan".into()]), ..MaskOptions::default() });
    let debugger = debugger(&world, with_hook(WebhookOptions { mask, ..WebhookOptions::new(HOOK_URL) }));
    take(&world, &debugger, "s");
    world.run_for(S);
    let sent = posts(&world).pop().unwrap().1.body.unwrap();
    assert!(sent.contains("gold") && !sent.contains("Ulm"), "{sent}");
}
