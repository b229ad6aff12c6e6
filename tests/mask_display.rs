//! What a mask leaves of what is displayed, and what shows it for a while.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

use cognigy_session_debugger::client::{DebuggerOptions, RevealOptions, RevealRequest, SessionDebugger, verify_audit};
use cognigy_session_debugger::platform::{Clock, VirtualPlatform};
use cognigy_session_debugger::snapshot::*;
use cognigy_session_debugger::value::NoteCode;
use serde_json::{Value as Json, json};
use std::rc::Rc;

#[path = "support/canary.rs"]
mod canary;

use canary::{CANARY, OWN_TOKEN, session};

fn snapshot(rows: &Json) -> Rc<Snapshot> {
    let body = json!({ "session_id": "sess_1", "variables": rows }).to_string();
    Rc::new(Snapshot::parse(body.into_bytes(), IngestOptions::default(), 0.0).unwrap())
}

fn hidden() -> Hidden {
    Hidden::default()
}

#[test]
fn a_masked_row_tells_rule_type_and_size_class_and_no_more() {
    let rows = json!([
        { "name": "pin", "value": 4711, "scope": "user" },
        { "name": "apiKey", "value": "k".repeat(100), "scope": "user" },
        { "name": "clientSecret", "value": { "a": ["x".repeat(5_000)] }, "scope": "user" },
        { "name": "cart", "value": { "n": 1, "mail": "max@mail.example", "pin": 4711 }, "scope": "user" },
        { "name": "age", "value": "42", "scope": "user" },
    ]);
    let (snapshot, mask) = (snapshot(&rows), Mask::standard());
    let mut hidden = hidden();
    let (_, rows) = snapshot.covered_rows(&Window::default(), Lens { earlier: None, mask: &mask }, &mut hidden);
    let told: Vec<_> = rows
        .iter()
        .map(|row| {
            let masked = row.masked.as_ref().map(|masked| (masked.rule.as_str(), masked.whole, masked.size.as_str()));
            (row.value_type.unwrap().as_str(), row.text.as_str(), masked, row.size, row.child_count)
        })
        .collect();
    assert_eq!(
        told,
        [
            ("integer", "••••", Some(("one-time-code", true, "small")), 0, None),
            ("string", "••••", Some(("api-key", true, "medium")), 64, None),
            ("object", "••••", Some(("secret", true, "large")), 4_096, None),
            ("object", "{mail, n, pin}", Some(("email", false, "small")), 0, Some(3)),
            ("integer", "42", None, 4, None),
        ]
    );
    let summary: Vec<_> = hidden.by_rule().map(|(rule, count)| (mask.rule(rule), count)).collect();
    assert_eq!(summary, [("one-time-code", 2), ("api-key", 1), ("secret", 1), ("email", 1)]);
    // Sorting and searching by size go by the class.
    let find = |filter: &str| {
        let window = Window { filter: filter.into(), ..Window::default() };
        snapshot.rows_through(&window, Lens { earlier: None, mask: &mask }).0
    };
    assert_eq!((find("size>100"), find("size>5000"), find("size:102")), (1, 0, 0));
}

#[test]
fn leaves_are_masked_one_by_one_and_their_siblings_stay() {
    let value = json!({ "user": "max", "mail": "max@mail.example", "login": { "password": "hunter2", "tries": 3 },
        "raw": "{\"password\":\"hunter2\",\"n\":1.10}", "eva@mail.example": 1 });
    let snapshot = snapshot(&json!([{ "name": "cart", "value": value, "scope": "user" }]));
    let (mask, mut hidden) = (Mask::standard(), hidden());
    let mut nodes = |path: &[usize]| snapshot.children_through(0, path, (0, 10), &mask, &mut hidden).unwrap().nodes;
    let told = |node: &ValueNode| {
        (node.key.clone().unwrap(), node.text.clone(), node.masked.as_ref().map(|masked| masked.whole))
    };
    let top: Vec<_> = nodes(&[]).iter().map(told).collect();
    let login = top.iter().find(|(key, ..)| key == "login").unwrap();
    assert_eq!((login.1.as_str(), login.2), ("{password, tries}", Some(false)));
    assert!(top.contains(&("user".into(), "max".into(), None)));
    assert!(top.contains(&("mail".into(), "••••".into(), Some(true))));
    assert!(top.contains(&("raw".into(), r#"{"password":"[masked:password]","n":1.10}"#.into(), Some(false))));
    assert!(top.iter().any(|(key, text, _)| key.starts_with("[masked:email#") && text == "1"));
    let place = top.iter().position(|(key, ..)| key == "login").unwrap();
    let inside: Vec<_> = nodes(&[place]).iter().map(|node| node.text.clone()).collect();
    assert_eq!(inside, ["••••", "3"]);
}

#[test]
fn what_is_hidden_as_a_whole_has_no_inside() {
    let snapshot = snapshot(&json!([{ "name": "credentials", "value": { "a": { "b": [1] } }, "scope": "user" }]));
    let mask = Mask::standard();
    let children = |path: &[usize]| snapshot.children_through(0, path, (0, 10), &mask, &mut hidden());
    assert_eq!(children(&[]).unwrap().total, 0);
    assert!(children(&[0]).is_err() && children(&[0, 0]).is_err());
    // A place that is there and one that is not answer alike.
    assert_eq!(children(&[0]).unwrap_err().message(), children(&[7]).unwrap_err().message());
    assert!(snapshot.text_through(0, &[0], (0, 10), &mask, &mut hidden()).is_err());
    let path = [Step::Name("a".into())];
    assert!(snapshot.at_through("credentials", None, &path, &mask, &mut hidden()).is_none());
}

#[test]
fn hidden_names_lead_back_to_their_variables_and_outlive_a_refresh() {
    let rows = |second: &str| {
        snapshot(&json!([
            { "name": second, "value": 1, "scope": "user" },
            { "name": "max@mail.example", "value": { "a": { "b": 1 } }, "scope": "user" },
        ]))
    };
    let (first, later, mask) = (rows("x"), rows("eva@mail.example"), Mask::standard());
    let name = first.row_through(1, &mask).unwrap().name;
    assert_eq!(later.row_through(1, &mask).unwrap().name, name);
    assert_eq!(later.entry_through(&name, Some("user"), &mask), Some(1));
    assert!(later.explain(&name, ExplainOptions { mask: Some(&mask), ..ExplainOptions::default() }).is_some());
    let mut arrangement = Arrangement::default();
    arrangement.show(first, None, &Window::default(), Grouping::None, &mask);
    assert!(arrangement.expand(&Place { name: name.clone(), scope: None, path: Vec::new() }));
    arrangement.show(Rc::clone(&later), None, &Window::default(), Grouping::None, &mask);
    assert_eq!(arrangement.len(), 3);
    // Another mask has shown nothing yet.
    assert_eq!(later.entry_through(&name, None, &Mask::standard()), None);
}

#[test]
fn changes_of_hidden_values_are_told() {
    let pin = |pin: &str| snapshot(&json!([{ "name": "pin", "value": pin, "scope": "user" }]));
    let (earlier, later, same, mask) = (pin("4711"), pin("0815"), pin("4711"), Mask::standard());
    let rows = |of: &Snapshot| of.rows_through(&Window::default(), Lens { earlier: Some(&earlier), mask: &mask }).1;
    assert_eq!(rows(&later)[0].change, Some(RowChange::Changed));
    assert_eq!(rows(&same)[0].change, None);
    let diff = later.diff_through(&earlier, &mask, &mut hidden());
    assert_eq!(diff.changed[0].kinds, [ChangeKind::Value, ChangeKind::Type]);
}

/// A row that could not be read has no scope that would say what it is, and its names lead nowhere.
#[test]
fn a_search_does_not_see_through_the_mask_into_what_could_not_be_read() {
    let snapshot =
        snapshot(&json!([{ "name": "password", "value": "hunter2" }, { "value": { "password": "hunter2" } }]));
    let find = |mask: &Mask| {
        ["hunter2", "value:hunter2", "value=hunter2"].map(|filter| {
            let window = Window { filter: filter.into(), ..Window::default() };
            snapshot.rows_through(&window, Lens { earlier: None, mask }).0
        })
    };
    assert_eq!(find(&Mask::standard()), [0, 0, 0]);
    assert_eq!(find(&Mask::off())[0], 2);
}

fn debugger(reveal: RevealOptions) -> (SessionDebugger, VirtualPlatform) {
    let platform = VirtualPlatform::new(1);
    let options =
        DebuggerOptions { base_url: Some("https://tenant.example".into()), reveal, ..DebuggerOptions::default() };
    (SessionDebugger::new(options, Rc::new(platform.clone())).unwrap(), platform)
}

#[test]
fn a_reveal_ends_by_time_by_another_snapshot_and_by_hiding() {
    Mask::know(OWN_TOKEN);
    let (debugger, platform) = debugger(RevealOptions::default());
    let (one, other, mask) = (session(1), session(2), Mask::standard());
    let entry = one.entry("clientSecret", None).unwrap();
    let mut reveals = Reveals::default();
    let ask = |reveals: &mut Reveals, path: &[usize]| {
        debugger
            .reveal(reveals, RevealRequest { snapshot: &one, entry, path, mask: &mask, reason: None, prevented: false })
    };
    let is_shown = |reveals: &mut Reveals, of: &Snapshot| {
        let now = reveals.through(&mask, of, platform.monotonic_ms());
        let row = of.row_through(entry, &now).unwrap();
        let inside = of.children_through(entry, &[], (0, 10), &now, &mut hidden()).unwrap().total == 2;
        assert_eq!(row.masked.is_none(), inside);
        inside
    };
    assert!(!is_shown(&mut reveals, &one));
    assert_eq!(ask(&mut reveals, &[]).unwrap(), 30_000.0);
    assert!(is_shown(&mut reveals, &one));
    platform.step_monotonic_clock(29_999.0);
    assert!(is_shown(&mut reveals, &one));
    platform.step_monotonic_clock(1.0);
    assert!(!is_shown(&mut reveals, &one));

    ask(&mut reveals, &[]).unwrap();
    assert!(!is_shown(&mut reveals, &other) && !is_shown(&mut reveals, &one), "another snapshot ends it for good");
    ask(&mut reveals, &[]).unwrap();
    reveals.hide();
    assert!(!is_shown(&mut reveals, &one));
    // What goes out stays masked, and so does what is searched.
    ask(&mut reveals, &[]).unwrap();
    let now = reveals.through(&mask, &one, platform.monotonic_ms());
    let copied = one.copy_text(entry, &[], CopyForm::Value, &now, &mut hidden()).unwrap().unwrap();
    assert_eq!(copied, r#""[masked:secret]""#);
    for format in [ExportFormat::Json, ExportFormat::Ndjson, ExportFormat::Csv, ExportFormat::Markdown] {
        assert!(!one.export(format, &now, &mut hidden()).contains(CANARY));
    }
    assert!(!one.to_file(&now, &mut hidden()).contains(CANARY));
    let window = Window { filter: CANARY.into(), ..Window::default() };
    assert_eq!(one.rows_through(&window, Lens { earlier: None, mask: &now }).0, 0);
}

#[test]
fn a_part_is_revealed_without_the_rest() {
    let (debugger, platform) = debugger(RevealOptions::default());
    let value = json!({ "a": { "pin": 4711, "mail": "max@mail.example" } });
    let (snapshot, mask) = (snapshot(&json!([{ "name": "cart", "value": value, "scope": "user" }])), Mask::standard());
    let mut reveals = Reveals::default();
    let pin = snapshot.at("cart", None, &[Step::Name("a".into()), Step::Name("pin".into())]).unwrap().ordinals;
    let request = RevealRequest {
        snapshot: &snapshot,
        entry: 0,
        path: &pin,
        mask: &mask,
        reason: Some(" look "),
        prevented: false,
    };
    debugger.reveal(&mut reveals, request).unwrap();
    let now = reveals.through(&mask, &snapshot, platform.monotonic_ms());
    let nodes = snapshot.children_through(0, &[0], (0, 10), &now, &mut hidden()).unwrap().nodes;
    let mut texts: Vec<_> = nodes.iter().map(|node| node.text.as_str()).collect();
    texts.sort_unstable();
    assert_eq!(texts, ["4711", "••••"]);
    assert_eq!(snapshot.text_through(0, &pin, (0, 10), &now, &mut hidden()).unwrap().text, "4711");
    assert!(!snapshot.text_through(0, &[], (0, 100), &now, &mut hidden()).unwrap().text.contains("4711"));
    let nothing =
        RevealRequest { snapshot: &snapshot, entry: 0, path: &[7], mask: &mask, reason: None, prevented: false };
    assert_eq!(debugger.reveal(&mut reveals, nothing).unwrap_err().code().as_str(), "INPUT_INVALID");
}

#[test]
fn what_the_host_prevents_is_one_refusal_and_shows_nothing() {
    let (debugger, platform) = debugger(RevealOptions::default());
    let (one, mask, mut reveals) = (session(1), Mask::standard(), Reveals::default());
    let entry = one.entry("clientSecret", None).unwrap();
    let request =
        RevealRequest { snapshot: &one, entry, path: &[], mask: &mask, reason: Some("ticket 7"), prevented: true };
    assert_eq!(debugger.reveal(&mut reveals, request).unwrap_err().code().as_str(), "REVEAL_REFUSED");
    let now = reveals.through(&mask, &one, platform.monotonic_ms());
    assert!(one.row_through(entry, &now).unwrap().masked.is_some());
    let trail = debugger.audit_trail();
    let told: Vec<_> = trail.iter().map(|record| (record.outcome_text(), record.reveal.as_ref().unwrap())).collect();
    let [("REVEAL_REFUSED", note)] = told[..] else { panic!("{told:?}") };
    assert_eq!(note.reason.as_deref(), Some("ticket 7"));
}

#[test]
fn reveals_can_be_forbidden_later_and_no_record_of_one_is_lost() {
    let (first, _) = debugger(RevealOptions::default());
    let (one, mask, mut reveals) = (session(1), Mask::standard(), Reveals::default());
    let entry = one.entry("clientSecret", None).unwrap();
    let mut ask = |debugger: &SessionDebugger, reason: Option<&str>| {
        let request = RevealRequest { snapshot: &one, entry, path: &[], mask: &mask, reason, prevented: false };
        debugger.reveal(&mut reveals, request).map_err(|error| error.code().as_str())
    };
    assert_eq!(ask(&first, None), Ok(30_000.0));
    let (refused, needs_reason) =
        (Err("REVEAL_REFUSED"), RevealOptions { needs_reason: true, for_ms: 5.0, allowed: true });
    first.allow_reveals(needs_reason).unwrap();
    assert_eq!((ask(&first, None), ask(&first, Some("ticket 7"))), (refused, Ok(5.0)));
    first.allow_reveals(RevealOptions { allowed: false, ..needs_reason }).unwrap();
    assert_eq!(ask(&first, Some("ticket 8")), refused);
    assert!(first.allow_reveals(RevealOptions { for_ms: 1e9, ..needs_reason }).is_err());
    // Another tenant, hence another debugger: the trail goes on, from whichever of both.
    let (second, third) = (debugger(RevealOptions::default()).0, debugger(RevealOptions::default()).0);
    second.continue_from(&first).unwrap();
    assert_eq!((ask(&second, None), ask(&first, None)), (Ok(30_000.0), refused));
    third.continue_from(&second).unwrap();
    let (trail, first_again) = (third.audit_trail(), first.audit_trail());
    let outcomes: Vec<_> = trail.iter().map(|record| (record.seq, record.outcome.is_none())).collect();
    assert_eq!(outcomes, [(1, true), (2, false), (3, true), (4, false), (5, true), (6, false)]);
    assert_eq!((verify_audit(&trail, &[third.audit_checkpoint()]), first_again), (None, trail));
    let (other, _) = debugger(RevealOptions::default());
    assert_eq!(ask(&other, None), Ok(30_000.0));
    assert!(other.continue_from(&third).is_err());
    assert_eq!((other.audit_trail().len(), third.audit_trail().len()), (1, 6));
}

#[test]
fn each_reveal_and_each_refusal_is_one_record_without_secrets() {
    Mask::know(OWN_TOKEN);
    let forbidden = RevealOptions { allowed: false, ..RevealOptions::default() };
    let reasoned = RevealOptions { needs_reason: true, for_ms: 5_000.0, ..RevealOptions::default() };
    for (options, reasons, outcomes) in [
        (forbidden, [Some("I must"), None], ["REVEAL_REFUSED", "REVEAL_REFUSED"]),
        (reasoned, [Some("  "), Some("ticket 7 of Bearer c4n4ry-c4n4ry-c4n4ry")], ["REVEAL_REFUSED", "OK"]),
        (RevealOptions::default(), [None, Some("ticket 7")], ["OK", "OK"]),
    ] {
        let (debugger, _) = debugger(options);
        let (one, mask, mut reveals) = (session(1), Mask::standard(), Reveals::default());
        let hidden_name = one.covered_rows(&Window::default(), Lens { earlier: None, mask: &mask }, &mut hidden()).1;
        let nested = one.entry("nested", None).unwrap();
        assert!(hidden_name.len() > 5);
        let mut entries = vec![(nested, vec![0, 1, 0]), (one.entry("value", None).unwrap(), vec![])];
        for reason in reasons {
            let (entry, path) = entries.pop().unwrap();
            let _ = debugger.reveal(
                &mut reveals,
                RevealRequest { snapshot: &one, entry, path: &path, mask: &mask, reason, prevented: false },
            );
        }
        let trail = debugger.audit_trail();
        assert_eq!(trail.iter().map(|record| record.outcome_text()).collect::<Vec<_>>(), outcomes);
        assert!(!format!("{trail:?}").contains(CANARY), "{trail:?}");
        let note = trail[1].reveal.as_ref().unwrap();
        assert_eq!(note.rule, "bearer");
        assert!(trail[1].session_id.as_deref().unwrap().starts_with("[masked:own-token#"), "{trail:?}");
        assert!(note.path.as_deref().unwrap().starts_with(r#"nested.a[1]["[masked:bearer#"#), "{:?}", note.path);
        assert_eq!(verify_audit(&trail, &[debugger.audit_checkpoint()]), None);
        let mut changed = trail;
        changed[1].reveal.as_mut().unwrap().reason = Some("another".into());
        assert_eq!(verify_audit(&changed, &[debugger.audit_checkpoint()]), Some(2));
        assert_eq!(debugger.metrics().requests, 0);
    }
}

#[test]
fn what_is_nested_too_deeply_is_hidden_as_a_whole_and_says_why() {
    let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    let row = |value: &str| format!(r#"{{"name":"deep","value":{value},"scope":"user"}}"#);
    for value in [deep(513), format!("\"{}\"", deep(513))] {
        let body = format!(r#"{{"variables":[{},{{"name":"pin","value":"007","scope":"user"}}]}}"#, row(&value));
        let snapshot = Snapshot::parse(body.into_bytes(), IngestOptions::default(), 0.0).unwrap();
        let mask = Mask::standard();
        let row = snapshot.row_through(0, &mask).unwrap();
        assert_eq!((row.masked.unwrap().whole, row.note.unwrap().code), (true, NoteCode::TooDeep));
        let variable = snapshot.get_through("deep", None, &mask, &mut Hidden::default()).unwrap();
        assert_eq!((variable.masked.is_some(), variable.note.unwrap().code), (true, NoteCode::TooDeep));
        let found = |filter: &str| {
            let window = Window { filter: filter.into(), ..Window::default() };
            snapshot.covered_rows(&window, Lens { earlier: None, mask: &mask }, &mut Hidden::default()).0
        };
        assert_eq!((found("note:too-deep"), found("note:leading-zero"), found("note:no")), (1, 0, 1));
    }
}
