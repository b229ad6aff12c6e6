//! One session with secrets in every field, and everything that leaves the engine: there are none in it.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

#[path = "support/canary.rs"]
mod canary;
mod support;

use canary::{CANARY, OWN_TOKEN, assert_nothing_sings, session};
use cognigy_session_debugger::client::{
    Action, CallOptions, DebuggerOptions, RevealRequest, SessionDebugger, WebhookOptions,
};
use cognigy_session_debugger::ingest::Limits;
use cognigy_session_debugger::platform::{Method, Reply, Request, VirtualPlatform};
use cognigy_session_debugger::query::VariableQuery;
use cognigy_session_debugger::scope::Precedence;
use cognigy_session_debugger::snapshot::*;
use cognigy_session_debugger::value::Policy;
use serde_json::json;
use std::cell::RefCell;
use std::rc::Rc;
use support::{HOOK_URL, debugger, is_token_request, token_json, with_token};

fn hidden() -> Hidden {
    Hidden::default()
}

/// Every document and every copy that is made of a snapshot.
fn documents(of: &Snapshot, mask: &Mask) -> String {
    let (mut all, mut hidden) = (String::new(), hidden());
    for format in [ExportFormat::Json, ExportFormat::Ndjson, ExportFormat::Csv, ExportFormat::Markdown] {
        all += &of.export(format, mask, &mut hidden);
    }
    all += &of.to_masked_json_text(mask, &mut hidden);
    all += &of.variables_json(mask, &mut hidden);
    let file = of.to_file(mask, &mut hidden);
    let reopened = Snapshot::open(file.clone().into_bytes(), Limits::default(), 1).unwrap();
    all += &file;
    all += &reopened.to_json_text();
    let forms =
        ["value", "json-pointer", "json-path", "javascript", "expression"].map(|form| CopyForm::parse(form).unwrap());
    let entries = u32::try_from(of.entry_count() + of.unreadable_count()).unwrap();
    for entry in 0..entries {
        for path in PATHS {
            for form in forms {
                // Not every value has such a place.
                all += &of.copy_text(entry, path, form, mask, &mut hidden).ok().flatten().unwrap_or_default();
                all.push('\n');
            }
        }
    }
    all
}

/// Ways down into the values of the session.
const PATHS: [&[usize]; 8] = [&[], &[0], &[0, 1], &[0, 1, 0], &[0, 1, 1], &[0, 1, 1, 0], &[0, 1, 2], &[0, 1, 2, 0]];

/// Everything that is displayed of a session and its predecessor, written out.
fn displayed(later: &Rc<Snapshot>, earlier: &Rc<Snapshot>, mask: &Mask) -> String {
    let mut all = String::new();
    let mut take = |shown: &dyn std::fmt::Debug| all += &format!("{shown:?}\n");
    let lens = Lens { earlier: Some(earlier), mask };
    let filters = [
        "",
        CANARY,
        "value:c4n4ry",
        "name:c4n4ry",
        "scope:bearer",
        "path:c4n4ry",
        "size>0",
        "masked:yes",
        "note:leading",
    ];
    for filter in filters {
        let window = Window { filter: filter.into(), shadowed: true, ..Window::default() };
        // A filter is told nowhere; what it finds is.
        let rows = later.covered_rows(&window, lens, &mut hidden());
        take(&rows);
        take(&later.hits(&window, lens, HitsFrom::Start, 1_000).hits);
        for by in [Grouping::None, Grouping::Scope, Grouping::Prefix] {
            let mut arrangement = Arrangement::default();
            arrangement.show(Rc::clone(later), Some(Rc::clone(earlier)), &window, by, mask);
            for row in &rows.1 {
                arrangement.pin(Pin { name: row.name.clone(), scope: Some(row.scope.clone()) });
                arrangement.unpin(&Pin { name: row.name.clone(), scope: Some(row.scope.clone()) });
            }
            for _ in 0..6 {
                (0..arrangement.len()).for_each(|row| {
                    arrangement.expand_siblings(row);
                });
            }
            take(&arrangement.rows(0, 1_000));
            take(&arrangement.pins());
        }
    }
    let all_rows = Window { shadowed: true, ..Window::default() };
    let rule = Precedence::custom(["user", "bot"]);
    for row in later.covered_rows(&all_rows, lens, &mut hidden()).1 {
        for path in PATHS {
            take(&later.children_through(row.entry, path, (0, 100), mask, &mut hidden()));
            take(&later.text_through(row.entry, path, (0, 100_000), mask, &mut hidden()));
        }
        for precedence in [None, Some(&rule), Some(&Precedence::side_by_side())] {
            let options = ExplainOptions { precedence, earlier: Some(earlier), normalize: None, mask: Some(mask) };
            take(&later.explain(&row.name, options));
        }
        take(&later.get_through(&row.name, None, mask, &mut hidden()));
        take(&later.at_through(&row.name, None, &[Step::Name("a".into())], mask, &mut hidden()));
        let options = DiffOptions { mask: mask.clone(), ..DiffOptions::default() };
        take(&later.diff_value(earlier, &row.name, None, &options));
        take(&later.patch_value(earlier, &row.name, None, mask));
        let mut history = History::new(HistoryOptions::default());
        history.push(Rc::clone(earlier), Some(format!("Bearer {CANARY}{CANARY}{CANARY}4"))).unwrap();
        history.push(Rc::clone(later), None).unwrap();
        take(&history.variable_through(&row.name, None, mask, &mut hidden()));
        take(&history.moments().map(|moment| moment.clone().through(mask, &mut hidden())).collect::<Vec<_>>());
    }
    take(&later.diff_through(earlier, mask, &mut hidden()));
    take(&later.patch(earlier, mask));
    let mut watchpoints = Watchpoints::new();
    let deep = vec![Step::Name("a".into()), Step::Index(1), Step::Name("password".into()), Step::Name("any".into())];
    for (name, path) in
        [("value", vec![]), ("nested", vec![]), ("nested", deep), ("clientSecret", vec![]), ("scope", vec![])]
    {
        for when in [Condition::UnchangedFor(1), Condition::Changes] {
            watchpoints.add(Watchpoint { name: name.into(), scope: None, path: path.clone(), when }).unwrap();
        }
    }
    take(&watchpoints.check_through(earlier, mask));
    take(&watchpoints.check_through(later, mask));
    all
}

#[test]
fn a_secret_in_any_field_is_in_nothing_that_is_displayed() {
    Mask::know(OWN_TOKEN);
    let shown = displayed(&session(2), &session(1), &Mask::standard());
    assert_nothing_sings("displayed", &shown);
    assert!(shown.matches("[masked:bearer").count() > 50 && shown.contains("••••"));
    assert!(shown.matches("[masked:own-token").count() > 50);
    let open = displayed(&session(2), &session(1), &Mask::off());
    assert!(open.matches(CANARY).count() > 500 && !open.contains("[masked"));
}

#[test]
fn a_secret_in_any_field_is_in_no_document() {
    Mask::know(OWN_TOKEN);
    for policy in Policy::ALL {
        for precedence in [Precedence::custom(["user", "bot"]), Precedence::side_by_side()] {
            let options =
                IngestOptions { policy: Some(policy), precedence: Some(precedence), ..IngestOptions::default() };
            let snapshot = Snapshot::parse(canary::body(1).into_bytes(), options, 0.0).unwrap();
            let written = documents(&snapshot, &Mask::standard());
            assert_nothing_sings(policy.as_str(), &written);
            assert!(written.matches("[masked:own-token").count() > 100);
            assert!(documents(&snapshot, &Mask::off()).matches(CANARY).count() > 1_000);
        }
    }
}

/// A session with a secret in every kind of leaf that no rule knows, but the host does.
fn only_the_host_knows(version: u32) -> Rc<Snapshot> {
    let said = format!("{CANARY} sings {version}");
    let inside = json!({ "a": [1, said, { "song": said, "deep": [[said]], "count": version }], "b": said });
    let long = |before: usize| format!("{}{said} after", ".".repeat(before));
    let mut rows = json!([
        { "name": "value", "value": said, "scope": "user" },
        { "name": "value", "value": said, "scope": "bot" },
        { "name": "nested", "value": inside, "scope": "user" },
        { "name": "text", "value": json!(inside.to_string()).to_string(), "scope": "user" },
        { "name": "typed", "value": said, "type": "number", "scope": "user" },
        { "name": "scope", "value": [[said]], "scope": "session" },
    ]);
    for before in [20, 190, 1_000, 10_000] {
        let row = json!({ "name": format!("long{before}"), "value": [long(before)], "scope": "user" });
        let plain = json!({ "name": format!("plain{before}"), "value": long(before), "scope": "user" });
        rows.as_array_mut().unwrap().extend([row, plain]);
    }
    let body = json!({ "session_id": "s", "variables": rows }).to_string().into_bytes();
    Rc::new(Snapshot::parse(body, IngestOptions::default(), 0.0).unwrap())
}

#[test]
fn what_only_the_host_knows_is_in_no_exit() {
    // Once hidden, once replaced.
    for instead in [None, Some(String::from("a bird"))] {
        let word = instead.clone().unwrap_or_else(|| "[masked:sanitized]".into());
        let sanitize =
            Sanitizer::new(
                move |leaf| {
                    if leaf.text.contains(CANARY) { instead.clone() } else { Some(leaf.text.to_owned()) }
                },
            );
        let mask = Mask::new(MaskOptions { sanitize: Some(sanitize), ..MaskOptions::default() });
        let (earlier, later) = (only_the_host_knows(1), only_the_host_knows(2));
        let shown = displayed(&later, &earlier, &mask);
        assert_nothing_sings("displayed", &shown);
        assert!(shown.matches(&word).count() > 50, "{word}");
        let written = documents(&later, &mask);
        assert_nothing_sings("documents", &written);
        assert!(written.matches(&word).count() > 100, "{word}");
        let standard = Mask::standard();
        assert!(displayed(&later, &earlier, &standard).contains(CANARY));
        assert!(documents(&later, &standard).matches(CANARY).count() > 100);
        // A search goes by what is shown.
        let found = |filter: &str, mask: &Mask| {
            let window = Window { filter: filter.into(), ..Window::default() };
            later.rows_through(&window, Lens { earlier: None, mask }).0
        };
        assert_eq!((found("sings", &mask), found("value:sings", &mask), found("value:after", &mask)), (0, 0, 0));
        assert!(found("value:sings", &standard) > 20 && found("masked:yes", &mask) == later.len());
    }
}

/// Reads one session from a tenant that answers so, and gives all that is told of it.
fn told_of(reply: impl Fn() -> Reply + 'static, receiver: impl Fn() -> Reply + 'static) -> (String, Option<Snapshot>) {
    let platform = VirtualPlatform::new(1);
    platform.serve(move |request: &Request, _: f64| match request.method {
        _ if is_token_request(request) => token_json(OWN_TOKEN, 300),
        Method::Get => reply(),
        Method::Post => receiver(),
    });
    let debugger =
        debugger(&platform, DebuggerOptions { webhook: Some(WebhookOptions::new(HOOK_URL)), ..with_token() });
    let progress = Rc::new(RefCell::new(String::new()));
    let heard = Rc::clone(&progress);
    let options = CallOptions {
        progress: Some(Rc::new(move |progress| *heard.borrow_mut() += &format!("{progress:?}\n"))),
        ..CallOptions::default()
    };
    let answer = platform.run(debugger.snapshot(VariableQuery::session("s"), options)).unwrap();
    platform.run_for(60_000.0);
    let posted: Vec<_> = platform.seen().into_iter().filter(|seen| seen.request.url == HOOK_URL).collect();
    assert_eq!(posted.is_empty(), answer.is_err());
    let mut told = progress.borrow().clone();
    told += &format!("{:?}\n", posted.iter().map(|seen| &seen.request.body).collect::<Vec<_>>());
    told += &format!("{:?}\n{:?}\n", debugger.audit_trail(), debugger.metrics());
    told += &format!("{:?}\n", platform.run(debugger.outbox()).unwrap());
    if let Err(error) = &answer {
        told += &format!("{error:?} {error}\n");
    }
    (told, answer.ok())
}

#[test]
fn a_secret_in_any_field_is_in_no_payload_and_no_record() {
    let secret = format!("Bearer {CANARY}-{CANARY}-{CANARY}");
    let refuses = move || Reply::status(400).body(json!({ "detail": secret, "title": OWN_TOKEN }).to_string());
    let (told, snapshot) = told_of(|| Reply::json(canary::body(1)), refuses);
    assert_nothing_sings("told", &told);
    assert!(told.contains("variable_snapshot") && told.contains("WebhookRejected"));
    // The request for the session taught the mask the token.
    assert_nothing_sings("written", &documents(&snapshot.unwrap(), &Mask::standard()));
}

#[test]
fn a_secret_in_an_answer_that_fails_is_in_no_error_and_no_record() {
    let bearer = format!("Bearer {CANARY}-{CANARY}-{CANARY}");
    let jwt = format!("eyJhbGciOiJIUzI1NiJ9.eyJ{0}{0}{0}.{0}{0}{0}{0}", "c4n4rYc4n4ry");
    for (secret, before) in
        [&bearer, &jwt, OWN_TOKEN].into_iter().flat_map(|secret| [0, 20, 110, 190].map(|n| (secret, n)))
    {
        let text = format!("{} {secret} after", ".".repeat(before));
        let problem = json!({ "detail": text, "title": text, "error_description": text, "traceId": text }).to_string();
        let described = move |status: u16, body: &str| {
            Reply::status(status).header("content-type", "application/problem+json").body(body.to_owned())
        };
        let mut replies: Vec<Rc<dyn Fn() -> Reply>> = Vec::new();
        for status in [301, 400, 401, 403, 404, 408, 418, 429, 500, 503] {
            let titled = json!({ "title": text, "traceId": text }).to_string();
            let (problem, text) = (problem.clone(), text.clone());
            replies.push(Rc::new(move || {
                described(status, &problem)
                    .header("x-request-id", text.clone())
                    .header("retry-after", text.clone())
                    .header("www-authenticate", text.clone())
                    .header("location", text.clone())
            }));
            replies.push(Rc::new(move || described(status, &titled)));
        }
        let page = |next: &str| json!({ "variables": [], "pagination": { "next": next, "nextCursor": next } });
        for body in [
            json!({ text.as_str(): text, "a": text }),
            json!({ "variables": { text.as_str(): text } }),
            json!({ "variables": text }),
            json!([text]),
            json!(text),
            page(&text),
            page(&format!("https://{CANARY}.example/{text}")),
            page(&format!("?cursor={text}")),
        ] {
            let body = body.to_string();
            let cut = body.get(..body.len() - 2).unwrap().to_owned();
            replies.push(Rc::new(move || Reply::json(body.clone())));
            replies.push(Rc::new(move || Reply::json(cut.clone())));
        }
        let typed = text.clone();
        replies.push(Rc::new(move || Reply::status(200).header("content-type", typed.clone()).body(typed.clone())));
        for reply in replies {
            let (told, snapshot) = told_of(move || reply(), || Reply::status(200));
            assert!(snapshot.is_none(), "{text}");
            assert_nothing_sings(&text, &told);
        }
    }
}

#[test]
fn a_secret_in_a_reason_is_in_no_record() {
    Mask::know(OWN_TOKEN);
    let (one, mask, mut reveals) = (session(1), Mask::standard(), Reveals::default());
    let debugger: SessionDebugger = debugger(&VirtualPlatform::new(1), with_token());
    let entries = u32::try_from(one.entry_count() + one.unreadable_count()).unwrap();
    for before in [0, 300, 480, 490] {
        let reason = format!("{} {OWN_TOKEN}", ".".repeat(before));
        for (entry, path) in (0..entries).flat_map(|entry| PATHS.map(|path| (entry, path))) {
            let request =
                RevealRequest { snapshot: &one, entry, path, mask: &mask, reason: Some(&reason), prevented: false };
            if let Err(error) = debugger.reveal(&mut reveals, request) {
                assert_nothing_sings("error", &format!("{error:?}"));
            }
        }
    }
    let trail = debugger.audit_trail();
    assert!(trail.len() > 100 && trail.iter().all(|record| record.action == Action::Reveal));
    assert_nothing_sings("trail", &format!("{trail:?}"));
}
