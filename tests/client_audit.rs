//! Exactly one record of every attempt, whatever becomes of it; and cancelling at every step.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use cognigy_session_debugger::Code;
use cognigy_session_debugger::client::{
    Action, CallOptions, Cancel, DebuggerOptions, MAX_RECORDS, SessionDebugger, WebhookOptions,
};
use cognigy_session_debugger::platform::{Clock, Fate, Method, Reply, Request, TransportError, VirtualPlatform};
use cognigy_session_debugger::query::VariableQuery;
use cognigy_session_debugger::snapshot::IngestOptions;
use cognigy_session_debugger::snapshot::{ExportFormat, Hidden, Mask};
use futures_util::StreamExt;
use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use support::*;

/// Needs a token, a retry, a replay, two pages and several pieces: every kind of wait there is.
fn winding_tenant(platform: &VirtualPlatform) {
    let (reads, tokens) = (Cell::new(0), Cell::new(0));
    platform.serve(move |request: &Request, _: f64| {
        if is_token_request(request) {
            tokens.set(tokens.get() + 1);
            return token_json(&format!("token-{}", tokens.get()), 300).after(7.0);
        }
        reads.set(reads.get() + 1);
        match reads.get() {
            1 => Reply::status(401).after(5.0),
            2 => Reply::status(503).header("Retry-After", "1").after(5.0),
            3 => Reply::error(TransportError::Network).after(5.0),
            4 => Reply::json(page(&["a", "b"], r#"{"nextCursor":"x"}"#)).after(5.0).pieces(20, 3.0),
            _ => Reply::json(page(&["c"], "null")).after(5.0).pieces(20, 3.0),
        }
    });
}

/// Drops a future at its `steps`-th step. `true` where it ended before.
async fn stopped_after(steps: usize, future: impl Future) -> bool {
    let mut future = pin!(future);
    let mut step = 0;
    poll_fn(|context| {
        if step == steps {
            return Poll::Ready(false);
        }
        step += 1;
        match future.as_mut().poll(context) {
            Poll::Ready(_) => Poll::Ready(true),
            Poll::Pending => {
                if step == steps {
                    context.waker().wake_by_ref();
                }
                Poll::Pending
            }
        }
    })
    .await
}

/// What must hold at any moment at which nothing is under way.
fn check_books(platform: &VirtualPlatform, debugger: &SessionDebugger, what: &str) {
    let records = debugger.audit_trail();
    let of = |action| records.iter().filter(move |record| record.action == action);
    // One record for every request that arrived; a waiting attempt that was never sent has one too.
    let sent = of(Action::Read).filter(|record| record.network_ms > 0.0 || record.status.is_some()).count();
    assert!(sent <= reads(platform) && reads(platform) <= of(Action::Read).count(), "{what}");
    assert_eq!(of(Action::Token).count(), token_requests(platform), "{what}");
    assert!(platform.seen().iter().all(|seen| seen.fate != Fate::Open), "{what}: nothing is left running");
    let attempts: Vec<_> = of(Action::Read).map(|record| (record.page, record.attempt)).collect();
    let mut unique = attempts.clone();
    unique.dedup();
    assert_eq!(attempts, unique, "{what}: one record an attempt");
    let unfinished = of(Action::Read).filter(|record| record.outcome == Some(Code::Aborted)).count();
    assert!(unfinished <= 1, "{what}");
    assert!(records.iter().zip(1..).all(|(record, seq)| record.seq == seq), "{what}");
}

/// Drops a call at each of its steps. How many there are, where each look at the clock takes so long, in ms.
fn drop_at_each_step(work_ms: f64) -> usize {
    let mut steps = 0;
    loop {
        let platform = VirtualPlatform::new(1);
        platform.set_work_ms(work_ms);
        winding_tenant(&platform);
        let one_slot = DebuggerOptions { max_concurrent: 1, ..with_token() };
        let debugger = debugger(&platform, one_slot);
        let call = debugger.snapshot(VariableQuery::session("s"), CallOptions::default());
        let ended = platform.run(stopped_after(steps, call)).unwrap();
        let what = format!("step {steps}");
        assert_eq!(platform.tasks(), 0, "{what}: nothing goes on");
        check_books(&platform, &debugger, &what);
        let trail = debugger.audit_trail();
        if ended {
            assert!(trail.iter().all(|record| record.outcome != Some(Code::Aborted)));
            return steps;
        }
        let aborted =
            trail.iter().filter(|record| record.action == Action::Read && record.outcome == Some(Code::Aborted));
        assert_eq!(aborted.clone().count(), usize::from(steps > 0), "{what}");
        assert!(aborted.into_iter().all(|record| record.decided.is_none()), "{what}: a wish is no failure");
        // The only slot is free again, and the next good call works.
        platform.serve(
            |request: &Request, _: f64| {
                if is_token_request(request) { token_json("t", 300) } else { Reply::json(body(&["a"])) }
            },
        );
        platform.run_for(2_000.0);
        assert!(read(&platform, &debugger).is_ok(), "{what}");
        assert_eq!(platform.tasks(), 0, "{what}");
        steps += 1;
    }
}

#[test]
fn r11_dropping_a_call_at_any_step_leaves_the_books_in_order() {
    let steps = drop_at_each_step(0.0);
    assert!(steps > 15, "there are many steps, not {steps}");
    // Where reading takes time others get their turn in the midst of it, and a call can end there.
    let with_work = drop_at_each_step(2.0);
    assert!(with_work > steps, "reading has steps of its own: {with_work}, without them {steps}");
    figure(
        "R11",
        format!(
            "dropped at each of {steps} steps, and of {with_work} where reading takes time: one record, the slot is free (asked: every step)"
        ),
    );
}

#[test]
fn r11_cancelling_at_any_moment_ends_the_call_at_that_moment() {
    let run = |cancel_at: Option<f64>| {
        let platform = VirtualPlatform::new(1);
        winding_tenant(&platform);
        let debugger = debugger(&platform, with_token());
        let cancel = Cancel::new();
        let call = CallOptions { cancel: Some(cancel.clone()), ..CallOptions::default() };
        let call = debugger.snapshot(VariableQuery::session("s"), call);
        if let Some(at) = cancel_at {
            use cognigy_session_debugger::platform::{Sleep, Spawn};
            let clock = platform.clone();
            platform.spawn(Box::pin(async move {
                clock.sleep(at).await;
                cancel.cancel();
            }));
        }
        let result = platform.run(call).unwrap();
        check_books(&platform, &debugger, &format!("cancelled at {cancel_at:?}"));
        (result.map(|_| ()).map_err(|error| error.code()), platform.monotonic_ms())
    };
    let (result, whole_ms) = run(None);
    assert_eq!(result, Ok(()));
    let moments = (0..300).map(|part| f64::from(part) * whole_ms / 300.0);
    for at in moments {
        assert_eq!(run(Some(at)), (Err(Code::Aborted), at));
    }
    figure("R11", "cancelled at each of 300 moments: ended 0 ms later (asked: <= 1 ms)");
}

#[test]
fn r11_a_call_that_is_cancelled_already_does_nothing() {
    let platform = VirtualPlatform::new(1);
    winding_tenant(&platform);
    let debugger = debugger(&platform, with_token());
    let cancel = Cancel::new();
    cancel.cancel();
    let call = CallOptions { cancel: Some(cancel), ..CallOptions::default() };
    assert_eq!(code(platform.run(debugger.snapshot(VariableQuery::session("s"), call)).unwrap()), Code::Aborted);
    assert_eq!((platform.seen().len(), debugger.audit_trail().len()), (0, 0));
}

#[test]
fn the_winding_way_in_full() {
    let platform = VirtualPlatform::new(1);
    winding_tenant(&platform);
    let debugger = debugger(&platform, with_token());
    let snapshot = read(&platform, &debugger).unwrap();
    assert_eq!(snapshot.len(), 3);
    let told: Vec<_> = debugger
        .audit_trail()
        .iter()
        .map(|r| (r.action.as_str(), r.outcome_text(), r.status, r.attempt, r.page, r.count))
        .collect();
    let page_1 = Some(1);
    assert_eq!(
        told,
        [
            ("token", "OK", None, 1, None, None),
            ("read", "UNAUTHENTICATED", Some(401), 1, page_1, None),
            ("token", "OK", None, 1, None, None),
            ("read", "SERVER_ERROR", Some(503), 2, page_1, None),
            ("read", "NETWORK_OR_CORS", None, 3, page_1, None),
            ("read", "OK", Some(200), 4, page_1, Some(2)),
            ("read", "OK", Some(200), 1, Some(2), Some(1)),
        ]
    );
    let third = &debugger.audit_trail()[4];
    assert!(third.wait_ms >= 1_000.0 && third.network_ms == 5.0, "{third:?}");
    assert_eq!(third.route.as_ref(), "/api/v2/botsessions/{sessionId}/variables");
    let metrics = debugger.metrics();
    assert_eq!((metrics.requests, metrics.succeeded, metrics.failed, metrics.retried), (5, 2, 3, 3));
    assert_eq!((metrics.token_requests, metrics.variables, metrics.requests_used), (2, 3, 5));
    assert_eq!((metrics.network.count, metrics.wait.count), (4, 5));
}

#[test]
fn a_record_tells_who_read_what_the_server_calls_it_and_where_the_time_went() {
    let platform = VirtualPlatform::new(1);
    platform.serve(|request: &Request, _: f64| match is_token_request(request) {
        true => token_json("a.token", 300).after(40.0),
        false => Reply::json(body(&["a", "b"])).header("X-Request-Id", " r-1\u{202e} ").after(100.0).pieces(20, 3.0),
    });
    let debugger = debugger(&platform, DebuggerOptions { actor: Some("ada@team.example".into()), ..with_token() });
    for _ in 0..2 {
        read(&platform, &debugger).unwrap();
    }
    let trail = debugger.audit_trail();
    assert!(trail.iter().all(|record| record.actor.as_deref() == Some("ada@team.example")));
    let [token, first, second] = &trail[..] else { panic!("{trail:?}") };
    assert_eq!((token.token_ms, token.first_byte_ms, token.parse_ms), (None, None, None));
    assert_eq!((first.token_ms, second.token_ms), (Some(40.0), Some(0.0)), "the second one finds a token");
    assert_eq!((first.first_byte_ms, first.parse_ms), (Some(100.0), Some(0.0)), "in virtual time reading takes none");
    assert!(first.network_ms > 100.0, "the body comes in pieces: {first:?}");
    assert_eq!(first.request_id.as_deref(), Some("r-1\\u{202e}"));
    let metrics = debugger.metrics();
    assert_eq!((metrics.token.count, metrics.first_byte.count, metrics.parse.count), (2, 2, 2));
    let body_ms = first.network_ms - 100.0;
    assert_eq!((metrics.body.count, metrics.failed_network.count), (2, 0));
    assert!((metrics.body.max.unwrap() - body_ms).abs() <= body_ms * 0.05, "{:?} of {body_ms}", metrics.body);
    platform.serve(|_: &Request, _: f64| Reply::status(404).after(70.0));
    read(&platform, &debugger).unwrap_err();
    let metrics = debugger.metrics();
    assert_eq!((metrics.network.count, metrics.failed_network.count, metrics.body.count), (3, 1, 2));

    for actor in ["", " ada", "a\nb", &"a".repeat(129)] {
        let options = DebuggerOptions { actor: Some(actor.into()), ..with_token() };
        let refused = SessionDebugger::new(options, std::rc::Rc::new(platform.clone())).err();
        assert_eq!(refused.map(|error| error.code()), Some(Code::ConfigInvalid), "{actor:?}");
    }
}

#[test]
fn a_snapshot_tells_of_its_own_session_only() {
    let platform = VirtualPlatform::new(1);
    platform.serve(|request: &Request, _: f64| match request.url.contains("/slow/") {
        true => Reply::json(body(&["a"])).after(3_000.0),
        false => Reply::json(body(&["a"])).after(100.0),
    });
    let debugger = debugger(&platform, options());
    let read = |id: &str| {
        platform.run(debugger.snapshot(VariableQuery::session(id), CallOptions::default())).unwrap().unwrap()
    };
    (0..12).for_each(|_| drop(read("slow")));
    let json: serde_json::Value = serde_json::from_str(&read("quick").to_json_text()).unwrap();
    assert_eq!(json["metrics"]["avg_latency"].as_f64(), Some(0.1));
    assert_eq!(json["metrics"]["total_retrieved"].as_u64(), Some(1));
    let trail = json["metrics"]["audit_trail"].as_array().unwrap();
    assert_eq!(trail.len(), 1);
    assert_eq!((&trail[0]["session_id"], &trail[0]["status"]), (&"quick".into(), &"SUCCESS".into()));
    let json: serde_json::Value = serde_json::from_str(&read("slow").to_json_text()).unwrap();
    assert_eq!(json["metrics"]["audit_trail"].as_array().unwrap().len(), 5);
    assert_eq!(json["metrics"]["audit_trail"][4]["timestamp"], "2026-01-01T00:00:39.100Z");
}

#[test]
fn the_trail_is_bounded_and_counts_what_it_dropped() {
    let platform = VirtualPlatform::new(1);
    let debugger = debugger(&platform, options());
    let ingest = |body: &str| debugger.ingest(body.into(), IngestOptions::default());
    assert_eq!(ingest("nonsense").unwrap_err().code(), Code::JsonSyntax);
    assert_eq!(debugger.audit_trail()[0].outcome_text(), "JSON_SYNTAX");
    for _ in 0..MAX_RECORDS + 4 {
        ingest(r#"{"variables":[]}"#).unwrap();
    }
    let trail = debugger.audit_trail();
    assert_eq!((trail.len(), debugger.audit_dropped()), (MAX_RECORDS, 5));
    assert_eq!((trail[0].seq, trail[0].action, trail[0].count), (6, Action::Ingest, Some(0)));
}

fn with_webhook() -> DebuggerOptions {
    DebuggerOptions { webhook: Some(WebhookOptions::new(HOOK_URL)), ..options() }
}

fn hooks(platform: &VirtualPlatform) -> Vec<(f64, Request)> {
    let posts = platform.seen().into_iter().filter(|seen| seen.request.url == HOOK_URL);
    posts.map(|seen| (seen.at_ms, seen.request)).collect()
}

#[test]
fn the_webhook_gets_the_tutorials_payload_and_delays_nobody() {
    let platform = VirtualPlatform::new(1);
    platform.serve(|request: &Request, _: f64| match request.method {
        Method::Post => Reply::status(200).after(4_000.0),
        Method::Get => Reply::json(r#"{"variables":[{"name":"__proto__","value":"42","scope":"user"}]}"#).after(100.0),
    });
    let debugger = debugger(&platform, with_webhook());
    let outcomes = debugger.snapshots(["a\"b", "c"].map(VariableQuery::session), None).collect::<Vec<_>>();
    assert_eq!(platform.run(outcomes).unwrap().len(), 2);
    assert_eq!(platform.monotonic_ms(), 100.0);
    platform.run_for(10_000.0);
    let posts = hooks(&platform);
    assert_eq!(posts.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [100.0, 4_100.0], "one after the other");
    assert_eq!(header(&posts[0].1, "content-type"), Some("application/json"));
    assert_eq!(header(&posts[0].1, "authorization"), None);
    let payload: serde_json::Value = serde_json::from_str(posts[0].1.body.as_ref().unwrap()).unwrap();
    assert_eq!(
        payload,
        serde_json::json!({
            "event": "variable_snapshot",
            "session_id": "a\"b",
            "timestamp": serde_json::from_str::<serde_json::Value>("1767225600.100").unwrap(),
            "data": {"__proto__": {"value": 42, "scope": "user", "type": "integer", "is_system": true}},
        })
    );
    let records = debugger.audit_trail();
    let webhook: Vec<_> = records.iter().filter(|record| record.action == Action::Webhook).collect();
    assert_eq!(webhook.len(), 2);
    assert!(webhook.iter().all(|record| record.outcome.is_none() && &*record.route == "webhook"));
}

#[test]
fn leaving_the_loop_cancels_what_is_under_way() {
    let platform = VirtualPlatform::new(1);
    platform.serve(|request: &Request, _: f64| match request.url.contains("/quick/") {
        true => Reply::json(body(&["a"])),
        false => Reply::silence(),
    });
    let debugger = debugger(&platform, options());
    let queries = ["quick", "b", "c", "d", "e", "f"].map(VariableQuery::session);
    let mut outcomes = debugger.snapshots(queries, None);
    platform.run(async move { assert!(outcomes.next().await.unwrap().result.is_ok()) }).unwrap();
    platform.run_for(1.0);
    assert!(platform.seen().iter().all(|seen| seen.fate != Fate::Open));
    assert!(platform.seen().iter().any(|seen| seen.fate == Fate::Dropped));
    assert_eq!(platform.tasks(), 0);
}

#[test]
fn leaving_the_loop_asks_for_no_more() {
    let platform = VirtualPlatform::new(1);
    platform.serve(|_: &Request, _: f64| Reply::json(body(&["a"])).after(100.0));
    let debugger = debugger(&platform, options());
    let queries = || (0..50).map(|number| VariableQuery::session(format!("s{number}")));
    let mut outcomes = debugger.snapshots(queries(), None);
    platform.run(async move { assert!(outcomes.next().await.unwrap().result.is_ok()) }).unwrap();
    platform.run_for(60_000.0);
    assert!(reads(&platform) < 12, "{} were asked for", reads(&platform));
    assert!(platform.seen().iter().all(|seen| seen.fate != Fate::Open));
    let cancel = Cancel::new();
    let mut outcomes = debugger.snapshots(queries(), Some(cancel.clone()));
    let ended = platform.run(async move {
        let first = outcomes.next().await.is_some();
        cancel.cancel();
        (first, outcomes.next().await.is_some())
    });
    assert_eq!(ended, Some((true, false)));
}

#[test]
fn a_slow_consumer_lets_nothing_time_out_and_nothing_pile_up() {
    use cognigy_session_debugger::platform::Sleep;
    let platform = VirtualPlatform::new(1);
    platform.serve(|_: &Request, _: f64| Reply::json(body(&["a", "b"])).after(100.0).pieces(10, 10.0));
    let debugger = debugger(&platform, options());
    let mut outcomes = debugger.snapshots((0..8).map(|n| VariableQuery::session(format!("s{n}"))), None);
    let clock = platform.clone();
    let results = platform.run(async move {
        let mut results = Vec::new();
        while let Some(outcome) = outcomes.next().await {
            clock.sleep(20_000.0).await;
            results.push((outcome.result.is_ok(), reads(&clock)));
        }
        results
    });
    let results = results.unwrap();
    assert!(results.len() == 8 && results.iter().all(|(ok, _)| *ok));
    assert!(results[0].1 <= 6, "{} reads before the second outcome was taken", results[0].1);
}

#[test]
fn a_watch_pauses_goes_on_after_faults_and_ends_with_refusals() {
    let platform = VirtualPlatform::new(1);
    let count = Cell::new(0);
    platform.serve(move |_: &Request, _: f64| {
        count.set(count.get() + 1);
        match count.get() {
            2..=5 => Reply::status(500),
            7 => Reply::status(403),
            _ => Reply::json(body(&["a"])).after(300.0),
        }
    });
    let debugger = debugger(&platform, options());
    let mut watch = debugger.watch(VariableQuery::session("s"), 5_000.0, Cancel::new()).unwrap();
    let clock = platform.clone();
    let told = platform.run(async move {
        let mut told = Vec::new();
        while let Some(result) = watch.next().await {
            told.push((result.map(|_| ()).map_err(|error| error.code()), clock.monotonic_ms()));
        }
        told
    });
    let told = told.unwrap();
    assert_eq!(told[0], (Ok(()), 300.0));
    let (second, at) = &told[1];
    assert!(
        second.is_ok() && (13_300.0..16_000.0).contains(at),
        "one pause, four attempts that outlast 3 s, one pause: {at}"
    );
    assert_eq!(told[2], (Err(Code::Forbidden), at + 5_000.0));
    assert_eq!(told.len(), 3);
    assert_eq!(platform.most_in_flight(), 1);
    assert!(debugger.watch(VariableQuery::session("s"), f64::NAN, Cancel::new()).is_err());
}

#[test]
fn a_cancelled_watch_ends_without_an_error() {
    use cognigy_session_debugger::platform::{Sleep, Spawn};
    let platform = VirtualPlatform::new(1);
    platform.serve(|_: &Request, _: f64| Reply::json(body(&["a"])));
    let debugger = debugger(&platform, options());
    let cancel = Cancel::new();
    let watch = debugger.watch(VariableQuery::session("s"), 1_000.0, cancel.clone()).unwrap();
    let clock = platform.clone();
    platform.spawn(Box::pin(async move {
        clock.sleep(3_500.0).await;
        cancel.cancel();
    }));
    let snapshots = platform.run(watch.into_stream().map(|result| result.is_ok()).collect::<Vec<_>>()).unwrap();
    assert_eq!((snapshots, platform.monotonic_ms()), (vec![true; 4], 3_500.0));
}

#[test]
fn a_dead_receiver_takes_nothing_from_the_retries_of_reads() {
    let platform = VirtualPlatform::new(1);
    let reads = Cell::new(0);
    platform.serve(move |request: &Request, _: f64| match request.method {
        Method::Post => Reply::status(500),
        Method::Get => {
            reads.set(reads.get() + 1);
            if reads.get() == 41 { Reply::status(502) } else { Reply::json(body(&["a"])) }
        }
    });
    let debugger = debugger(&platform, with_webhook());
    for _ in 0..40 {
        assert!(read(&platform, &debugger).is_ok());
        platform.run_for(300_000.0);
    }
    assert!(read(&platform, &debugger).is_ok(), "one 502 is tried again, whatever became of forty webhooks");
}

/// A tenant that repeats what it was sent must not get the token into what is handed on.
#[test]
fn the_token_that_was_sent_is_in_no_document() {
    const TOKEN: &str = "opaque/t0ken-of-ours=";
    let platform = VirtualPlatform::new(1);
    platform.serve(|request: &Request, _: f64| {
        if is_token_request(request) {
            return token_json(TOKEN, 300);
        }
        let sent = header(request, "authorization").unwrap().trim_start_matches("Bearer ").to_owned();
        let encoded = sent.replace('/', "%2F").replace('=', "%3d");
        let row = |name: &str, value: &str| format!(r#"{{"name":"{name}","value":"{value}","scope":"user"}}"#);
        Reply::json(format!(r#"{{"variables":[{},{}]}}"#, row("echo", &sent), row(&format!("at {encoded}"), "1")))
    });
    let debugger = debugger(&platform, with_token());
    let snapshot = read(&platform, &debugger).unwrap();
    let export = |mask: &Mask| snapshot.export(ExportFormat::Csv, mask, &mut Hidden::default());
    assert!(export(&Mask::off()).contains(TOKEN) && export(&Mask::off()).contains("%2Ft0ken"));
    assert!(!export(&Mask::standard()).contains("t0ken"), "{}", export(&Mask::standard()));
    debugger.drop_token();
    assert!(export(&Mask::standard()).contains("t0ken"), "a token that was dropped is not kept for the mask either");
}
