//! What namespaces become: bundles, session states and events.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, unreachable_pub)]

#[path = "support/shapes.rs"]
#[allow(dead_code)]
mod support;

use cognigy_session_debugger::ingest::Shape;
use cognigy_session_debugger::scope::Precedence;
use cognigy_session_debugger::snapshot::{ChangeKind, ExplainOptions, IngestOptions, Origin, Snapshot, Status};
use cognigy_session_debugger::value::{Policy, ValueType};
use serde_json::{Value as Json, json};
use support::{read, read_with, rows, system, told};

#[test]
fn namespaces_stand_side_by_side() {
    let body = json!({
        "input": {"text": "hi", "email": "i@example.com"},
        "context": {"email": "c@example.com", "order": {"id": 7}, "phone": "0049176", "count": 42},
        "profile": {"email": "p@example.com"},
        "state": "default", "sessionId": "s-1", "userId": "u", "inputId": "i"
    });
    let snapshot = read(&body);
    assert_eq!(
        told(&snapshot),
        [
            "input/email=i@example.com",
            "input/text=hi",
            "context/count=42",
            "context/email=c@example.com",
            "context/order={id}",
            "context/phone=0049176",
            "profile/email=p@example.com",
        ]
    );
    assert_eq!(system(&snapshot), ["session/inputId", "session/state", "session/userId"]);
    assert_eq!(snapshot.session_id(), "s-1");
    assert_eq!(snapshot.get("email", None).unwrap().scope, "input");
    assert_eq!(snapshot.get("email", Some("profile")).unwrap().raw, "p@example.com");
    let explanation = snapshot.explain("order", ExplainOptions::default()).unwrap();
    assert_eq!((explanation.rule, explanation.winner), ("side-by-side/one-per-scope", None));
    let status: Vec<_> = explanation.candidates.iter().map(|one| (one.scope.as_str(), one.status)).collect();
    assert_eq!(
        status,
        [
            ("input", Status::NotSet),
            ("context", Status::Shown),
            ("profile", Status::NotSet),
            ("default", Status::NotLoaded)
        ]
    );
    assert_eq!(snapshot.get("phone", None).unwrap().value_type, ValueType::String);
    assert!(snapshot.get("phone", None).unwrap().note.is_none());
}

#[test]
fn the_caller_may_choose_policy_and_precedence() {
    let body = json!({"context": {"n": "42"}, "profile": {"n": "43"}}).to_string();
    let options = IngestOptions {
        policy: Some(Policy::Lossless),
        precedence: Some(Precedence::custom(["context", "profile"])),
        ..IngestOptions::default()
    };
    let snapshot = read_with(&body, options).unwrap();
    let variable = snapshot.get("n", None).unwrap();
    assert_eq!((variable.scope.as_str(), variable.value_type), ("profile", ValueType::Integer));
    let side = IngestOptions { precedence: Some(Precedence::side_by_side()), ..IngestOptions::default() };
    assert_eq!(read_with(&body, side).unwrap().get("n", None).unwrap().scope, "context");
}

#[test]
fn a_context_in_a_text_is_opened() {
    let context = json!({"a\"b": {"n": [1, 2]}, "é😀": "x\n", "t": "42", "__proto__": 1});
    let body = json!({"_id": "x", "sessionId": "s", "userId": "u", "epoch": 4, "state": "default", "context": context.to_string(), "systemContext": {}});
    let snapshot = read(&body);
    assert_eq!(snapshot.shape(), Shape::SessionState);
    let wire: Json = serde_json::from_str(&snapshot.to_json_text()).unwrap();
    for (name, value) in context.as_object().unwrap() {
        assert_eq!(&wire["variables"][name]["value"], value, "{name}");
        assert_eq!(wire["variables"][name]["scope"], "context");
    }
    let from_object = json!({"sessionId": "s", "epoch": 4, "context": context});
    let diff = snapshot.diff(&read(&from_object));
    assert!(diff.changed.is_empty(), "{:?}", diff.changed);
    assert_eq!(diff.unchanged, 5, "the four and the epoch");
}

#[test]
fn one_bad_part_never_hides_the_others() {
    let body = r#"{"input":[1],"context":"{\"a\":1,","profile":{"good":1,"bad":"\ud83d","also":2},"sessionId":"s"}"#;
    let snapshot = read_with(body, IngestOptions::default()).unwrap();
    assert_eq!(told(&snapshot).len(), 5);
    assert_eq!(snapshot.names().collect::<Vec<_>>(), ["good", "also"]);
    let problems: Vec<_> =
        rows(&snapshot).into_iter().filter_map(|row| row.problem.map(|problem| (row.name, problem))).collect();
    let paths: Vec<_> = problems.iter().map(|(name, problem)| (name.as_str(), problem.path.as_str())).collect();
    assert_eq!(paths, [("input", "$.input"), ("context", "$.context"), ("bad", "$.profile.bad")]);
    assert_eq!(problems[0].1.offset, body.find("[1]").unwrap());
    assert_eq!(problems[1].1.offset, body.find("\"{\\").unwrap());
    assert_eq!(problems[1].1.reason, "The text does not hold a JSON object.");
}

#[test]
fn a_bad_text_inside_a_context_text_spoils_only_its_own_member() {
    let body = br#"{"epoch":1,"context":"{\"a\":\"\ud83d\",\"b\":\"\\ud83d\",\"c\":\"\ud83d\ude00\",\"d\":\"x\xff\",\"e\":1}"}"#;
    let mut bytes = Vec::new();
    // `\xff` in the raw text stands for the byte itself.
    for (place, part) in body.split(|byte| *byte == b'x').enumerate() {
        match (place, part.strip_prefix(b"ff")) {
            (0, _) => bytes.extend_from_slice(part),
            (_, Some(rest)) => {
                bytes.pop();
                bytes.push(0xff);
                bytes.extend_from_slice(rest);
            }
            _ => {
                bytes.push(b'x');
                bytes.extend_from_slice(part);
            }
        }
    }
    assert!(bytes.contains(&0xff));
    let snapshot = Snapshot::parse(bytes.clone(), IngestOptions::default(), 0.0).unwrap();
    assert_eq!(snapshot.get("c", None).unwrap().raw, "😀");
    assert_eq!(snapshot.get("e", None).unwrap().raw, "1");
    let string = bytes.windows(2).position(|two| two == b"\"{").unwrap();
    let problems: Vec<_> = rows(&snapshot).into_iter().filter_map(|row| row.problem).collect();
    assert_eq!(
        problems.iter().map(|one| one.path.as_str()).collect::<Vec<_>>(),
        ["$.context.a", "$.context.b", "$.context.d"]
    );
    assert!(problems.iter().all(|one| one.offset == string));
    assert!(problems[0].reason.contains("surrogate") && problems[1].reason.contains("surrogate"));
    assert!(problems[2].reason.contains("UTF-8"));
}

#[test]
fn names_that_stand_twice_are_kept_and_the_last_counts() {
    let snapshot = read_with(r#"{"context":{"a":1,"b":2,"a":3}}"#, IngestOptions::default()).unwrap();
    assert_eq!(snapshot.get("a", None).unwrap().raw, "3");
    assert_eq!(snapshot.get("a", Some("context")).unwrap().raw, "3");
    assert_eq!(rows(&snapshot).iter().map(|row| row.hidden).collect::<Vec<_>>(), [true, false, false]);
    let status: Vec<_> = snapshot
        .explain("a", ExplainOptions::default())
        .unwrap()
        .candidates
        .iter()
        .filter(|one| one.entry.is_some())
        .map(|one| one.status)
        .collect();
    assert_eq!(status, [Status::Shown, Status::Duplicate]);
    let layered = IngestOptions { precedence: Some(Precedence::layered()), ..IngestOptions::default() };
    let snapshot = read_with(r#"{"context":{"a":1,"a":3}}"#, layered).unwrap();
    assert_eq!(snapshot.get("a", None).unwrap().raw, "3");
    assert!(snapshot.explain("a", ExplainOptions::default()).unwrap().sentence.contains("its last value is kept"));
}

#[test]
fn values_that_the_platform_replaced_are_recognised() {
    let message = "Cannot add value to context for key big: exceeded maximum context size.";
    let snapshot = read(&json!({"context": {"iban": "*****", "big": {"error": message}, "star": "*", "fine": "x"}}));
    let origin = |name: &str| snapshot.get(name, None).unwrap().origin;
    assert_eq!(origin("iban"), Some(Origin::MaskedByPlatform));
    assert_eq!(origin("big"), Some(Origin::Overflow));
    assert_eq!((origin("star"), origin("fine")), (None, None));
    let nested =
        json!({"context": {"all": {"iban": "****", "big": {"error": message}, "fine": "*", "list": ["***", "a***"]}}});
    let nested = read(&nested);
    let all = nested.get("all", None).unwrap();
    let origins = |path: &[usize]| -> Vec<_> {
        nested.children(all.entry, path, 0, 9).unwrap().nodes.into_iter().map(|node| node.origin).collect()
    };
    assert_eq!(all.origin, None);
    // By name: big, fine, iban, list.
    assert_eq!(origins(&[]), [Some(Origin::Overflow), None, Some(Origin::MaskedByPlatform), None]);
    assert_eq!(origins(&[3]), [Some(Origin::MaskedByPlatform), None]);
    let by_row: Vec<_> = rows(&snapshot).into_iter().filter(|row| row.origin.is_some()).map(|row| row.name).collect();
    assert_eq!(by_row.len(), 2);
}

#[test]
fn turns_can_be_compared() {
    let before = read(&json!({"context": {"n": "5", "gone": 1}, "profile": {"n": 1}}));
    let after = read(&json!({"context": {"n": 5, "new": 1}, "profile": {"n": 1}}));
    let diff = after.diff(&before);
    assert_eq!((diff.added, diff.removed), (vec!["new".to_owned()], vec!["gone".to_owned()]));
    assert!(diff.changed[0].kinds.contains(&ChangeKind::Type));
}
