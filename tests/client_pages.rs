//! Pages in three forms, and pages that go wrong.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use cognigy_session_debugger::Code;
use cognigy_session_debugger::client::{CallOptions, DebuggerOptions, MAX_PAGES, OnProgress, Progress, WebhookOptions};
use cognigy_session_debugger::platform::{Clock, Reply, Request, TransportError, VirtualPlatform};
use cognigy_session_debugger::query::{Parameters, VariableQuery};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use support::*;

/// A tenant that answers by what follows the path.
fn serve(platform: &VirtualPlatform, answer: impl Fn(&str) -> Reply + 'static) {
    platform.serve(move |request: &Request, _: f64| {
        let url = request.url.strip_prefix(BASE).unwrap_or("elsewhere");
        answer(url.strip_prefix("/api/v2/botsessions/s/variables").unwrap_or(url))
    });
}

fn names(platform: &VirtualPlatform) -> Vec<String> {
    let debugger = debugger(platform, options());
    let snapshot = read(platform, &debugger).unwrap();
    assert!(snapshot.is_complete());
    snapshot.names().map(String::from).collect()
}

#[test]
fn cursors_links_and_numbers_lead_to_the_same_end() {
    let forms: [fn(&str) -> Reply; 4] = [
        |rest| match rest {
            "" => Reply::json(page(&["a"], r#"{"nextCursor":"x/y z"}"#)),
            "?next=x%2Fy%20z" => Reply::json(page(&["b"], r#"{"nextCursor":"2"}"#)),
            "?next=2" => Reply::json(page(&["c"], r#"{"nextCursor":null}"#)),
            _ => Reply::status(404),
        },
        |rest| match rest {
            "" => Reply::json(page(&["a"], r#"{"next":"https://TENANT.example:443/p/2?t=1"}"#)),
            "/p/2?t=1" => Reply::json(page(&["b"], r#"{"next":"/p/3"}"#)),
            "/p/3" => Reply::json(page(&["c"], r#"{"next":""}"#)),
            _ => Reply::status(404),
        },
        |rest| match rest {
            "" => Reply::json(page(&["a"], r#"{"page":1,"pages":3}"#)),
            "?page=2" => Reply::json(page(&["b"], r#"{"page":2,"pages":3}"#)),
            "?page=3" => Reply::json(page(&["c"], r#"{"page":3,"pages":3}"#)),
            _ => Reply::status(404),
        },
        |rest| match rest {
            "" => Reply::json(body(&["a", "b", "c"])),
            _ => Reply::status(404),
        },
    ];
    for form in forms {
        let platform = VirtualPlatform::new(1);
        serve(&platform, form);
        assert_eq!(names(&platform), ["a", "b", "c"]);
    }
}

#[test]
fn circles_are_left() {
    type Circle = (fn(&str) -> Reply, usize);
    let circles: [Circle; 3] = [
        (|_| Reply::json(page(&["a"], r#"{"nextCursor":"same"}"#)), 2),
        (
            |rest| match rest {
                "?next=1" => Reply::json(page(&["b"], r#"{"nextCursor":"2"}"#)),
                _ => Reply::json(page(&["a"], r#"{"nextCursor":"1"}"#)),
            },
            3,
        ),
        (|_| Reply::json(page(&["a"], r#"{"page":1,"pages":2}"#)), 2),
    ];
    for (circle, requests) in circles {
        let platform = VirtualPlatform::new(1);
        serve(&platform, circle);
        assert_eq!(code(read(&platform, &debugger(&platform, options()))), Code::PageLoop);
        assert_eq!(reads(&platform), requests);
    }
}

#[test]
fn there_is_a_last_page() {
    let platform = VirtualPlatform::new(1);
    let count = Cell::new(0);
    serve(&platform, move |_| {
        count.set(count.get() + 1);
        Reply::json(page(&["a"], &format!(r#"{{"nextCursor":"{}"}}"#, count.get())))
    });
    let mut options = options();
    options.rate_limit.requests = 1_000_000;
    assert_eq!(code(read(&platform, &debugger(&platform, options))), Code::PageLimit);
    assert_eq!(reads(&platform), MAX_PAGES as usize);
}

#[test]
fn the_token_never_leaves_the_origin() {
    for link in
        ["https://evil.example/", "//evil.example/", "http://tenant.example/", "https://tenant.example.evil.example/"]
    {
        let platform = VirtualPlatform::new(1);
        platform.serve(move |request: &Request, _: f64| {
            if is_token_request(request) {
                return token_json("t", 300);
            }
            Reply::json(page(&["a"], &format!(r#"{{"next":"{link}"}}"#)))
        });
        let error = read(&platform, &debugger(&platform, with_token())).unwrap_err();
        assert_eq!((error.code(), reads(&platform)), (Code::SchemaMismatch, 1), "{link}");
        assert!(!error.message().contains("evil"));
    }
}

#[test]
fn a_later_page_that_fails_for_now_leaves_what_was_read() {
    let faults: [(fn() -> Reply, Code); 4] = [
        (|| Reply::status(503), Code::ServerError),
        (|| Reply::status(429).header("Retry-After", "3600"), Code::RateLimited),
        (|| Reply::error(TransportError::Network), Code::NetworkOrCors),
        (|| Reply::silence(), Code::DeadlineExceeded),
    ];
    for (fault, wanted) in faults {
        let platform = VirtualPlatform::new(5);
        serve(&platform, move |rest| match rest {
            "" => Reply::json(page(&["a"], r#"{"nextCursor":"2"}"#)),
            _ => fault(),
        });
        let last: Rc<RefCell<Option<Progress>>> = Rc::default();
        let listener: OnProgress = {
            let last = Rc::clone(&last);
            Rc::new(move |progress| *last.borrow_mut() = Some(progress.clone()))
        };
        let mut options = options();
        options.deadline_ms = 14_000.0;
        let debugger = debugger(&platform, options);
        let call = CallOptions { progress: Some(listener), ..CallOptions::default() };
        let snapshot = platform.run(debugger.snapshot(VariableQuery::session("s"), call)).unwrap().unwrap();
        assert!(!snapshot.is_complete());
        assert_eq!(snapshot.names().collect::<Vec<_>>(), ["a"]);
        let missing = last.borrow().as_ref().and_then(|progress| progress.missing.clone());
        assert_eq!(missing.map(|error| error.code()), Some(wanted));
        assert_eq!(debugger.audit_trail().last().unwrap().outcome, Some(wanted));
        assert!(snapshot.to_json_text().contains(wanted.as_str()), "the wire snapshot tells it too");
    }
}

/// The outcome of one read: how it was told to end, and how often a webhook was posted.
fn read_of_ten(query: VariableQuery) -> (bool, Option<Progress>, usize) {
    read_of_ten_with(Parameters { user_id: Some("userId".into()), ..Parameters::default() }, query)
}

fn read_of_ten_with(parameters: Parameters, query: VariableQuery) -> (bool, Option<Progress>, usize) {
    let platform = VirtualPlatform::new(5);
    platform.serve(|request: &Request, _: f64| match request.url == HOOK_URL {
        true => Reply::status(204),
        false => Reply::json(page(&["a"], r#"{"total":10}"#)),
    });
    let last: Rc<RefCell<Option<Progress>>> = Rc::default();
    let listener: OnProgress = {
        let last = Rc::clone(&last);
        Rc::new(move |progress| *last.borrow_mut() = Some(progress.clone()))
    };
    let webhook = Some(WebhookOptions::new(HOOK_URL));
    let debugger = debugger(&platform, DebuggerOptions { webhook, parameters, ..options() });
    let call = CallOptions { progress: Some(listener), ..CallOptions::default() };
    let snapshot = platform.run(debugger.snapshot(query, call)).unwrap().unwrap();
    platform.run_for(1_000.0);
    let posted = platform.seen().iter().filter(|seen| seen.request.url == HOOK_URL).count();
    (snapshot.is_complete(), last.take(), posted)
}

#[test]
fn a_total_counts_where_everything_was_asked_for() {
    let all = || VariableQuery { include_system: Some(true), ..VariableQuery::session("s") };
    let filtered = [
        VariableQuery::session("s"),
        VariableQuery { name: Some("a".into()), ..all() },
        VariableQuery { scope: Some("user".into()), ..all() },
        VariableQuery { user_id: Some("u".into()), ..all() },
    ];
    for query in filtered {
        let told = format!("{query:?}");
        let (complete, last, posted) = read_of_ten(query);
        assert_eq!((complete, posted), (true, 1), "{told}");
        assert_eq!(last.unwrap().missing, None, "{told}");
    }
    // Whoever has no parameter for system variables was not asked to leave them out.
    let without = || Parameters { include_system: None, ..Parameters::default() };
    let (complete, last, posted) = read_of_ten_with(without(), VariableQuery::session("s"));
    assert_eq!((complete, posted, last.unwrap().missing.is_some()), (false, 0, true));
    let named = VariableQuery { name: Some("a".into()), ..VariableQuery::session("s") };
    assert!(read_of_ten_with(without(), named).0);
    let (complete, last, posted) = read_of_ten(all());
    assert_eq!((complete, posted), (false, 0));
    let missing = last.unwrap().missing.unwrap();
    assert_eq!(missing.code(), Code::SchemaMismatch);
    assert!(missing.message().starts_with("Fewer items came"), "{missing}");
}

#[test]
fn a_later_page_that_is_refused_or_wrong_is_an_error() {
    let faults: [(fn() -> Reply, Code); 5] = [
        (|| Reply::status(401), Code::Unauthenticated),
        (|| Reply::status(403), Code::Forbidden),
        (|| Reply::status(404), Code::NotFound),
        (|| Reply::json("{}"), Code::ShapeUnknown),
        (|| Reply::json("no"), Code::JsonSyntax),
    ];
    for (fault, wanted) in faults {
        let platform = VirtualPlatform::new(1);
        serve(&platform, move |rest| match rest {
            "" => Reply::json(page(&["a"], r#"{"nextCursor":"2"}"#)),
            _ => fault(),
        });
        assert_eq!(code(read(&platform, &debugger(&platform, options()))), wanted);
    }
}

#[test]
fn a_page_is_repeated_without_the_others() {
    let platform = VirtualPlatform::new(1);
    let tries = Cell::new(0);
    serve(&platform, move |rest| match rest {
        "" => Reply::json(page(&["a"], r#"{"nextCursor":"2"}"#)),
        _ => {
            tries.set(tries.get() + 1);
            let whole = Reply::json(page(&["b", "c"], "null"));
            if tries.get() == 1 { whole.cut(70, cognigy_session_debugger::platform::Ending::Broken) } else { whole }
        }
    });
    assert_eq!(names(&platform), ["a", "b", "c"]);
    assert_eq!(reads(&platform), 3);
    assert!(platform.monotonic_ms() < 100.0);
}
