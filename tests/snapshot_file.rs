//! A snapshot's file: written, opened, damaged, and handed on.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, unreachable_pub)]

#[path = "support/bodies.rs"]
mod bodies;

use bodies::{Chance, body};
use cognigy_session_debugger::Code;
use cognigy_session_debugger::ingest::Limits;
use cognigy_session_debugger::query::{NameFilter, NameMatch};
use cognigy_session_debugger::scope::Precedence;
use cognigy_session_debugger::snapshot::{
    ExplainOptions, Hidden, IngestOptions, Mask, MaskOptions, Row, Snapshot, SnapshotBuilder, Taken, Window, WireAudit,
    WireMetrics,
};
use cognigy_session_debugger::value::Policy;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

fn parse(body: &Json) -> Snapshot {
    Snapshot::parse(body.to_string().into_bytes(), IngestOptions::default(), 1_700_000_000_123.0).unwrap()
}

fn file(snapshot: &Snapshot) -> String {
    snapshot.to_file(&Mask::off(), &mut Hidden::default())
}

fn masked(snapshot: &Snapshot) -> String {
    snapshot.to_file(&Mask::standard(), &mut Hidden::default())
}

fn open(file: &str) -> Snapshot {
    Snapshot::open(file.as_bytes().to_vec(), Snapshot::FILE_LIMITS, 7).unwrap()
}

fn rows(snapshot: &Snapshot) -> Vec<Row> {
    snapshot.rows(&Window { limit: 1_000, shadowed: true, ..Window::default() }).1
}

/// Everything that a program can ask.
fn assert_same(one: &Snapshot, other: &Snapshot) {
    assert_eq!(rows(one), rows(other));
    assert_eq!(one.rows(&Window::default()), other.rows(&Window::default()));
    assert_eq!(one.to_json_text(), other.to_json_text());
    let known = |snapshot: &Snapshot| {
        let counts = (snapshot.len(), snapshot.entry_count(), snapshot.unreadable_count());
        (snapshot.session_id().to_owned(), snapshot.taken_at_ms(), snapshot.is_complete(), snapshot.shape(), counts)
    };
    assert_eq!(known(one), known(other));
    let whatif = Precedence::custom(["user", "bot", "context"]);
    for name in one.names() {
        for precedence in [None, Some(&whatif)] {
            let options = ExplainOptions { precedence, ..ExplainOptions::default() };
            assert_eq!(one.explain(&name, options), other.explain(&name, options));
        }
        // NaN is not the same as itself.
        let variable = |snapshot: &Snapshot| format!("{:?}", snapshot.get(&name, None));
        assert_eq!(variable(one), variable(other));
    }
    for row in rows(one).iter().filter(|row| row.child_count.is_some()) {
        assert_eq!(one.children(row.entry, &[], 0, 100), other.children(row.entry, &[], 0, 100));
    }
    let diff = other.diff(one);
    assert_eq!((diff.added.len(), diff.removed.len(), diff.changed.len()), (0, 0, 0));
}

fn options(chance: usize) -> IngestOptions {
    IngestOptions {
        policy: [None, Some(Policy::Reference), Some(Policy::None), Some(Policy::Json)][chance % 4],
        precedence: [
            None,
            Some(Precedence::side_by_side()),
            Some(Precedence::custom(["user", "input", "bot"])),
            Some(Precedence::layered()),
        ][chance / 4 % 4]
            .clone(),
        session_id: (chance & 16 != 0).then(|| "sess \"1\"".to_owned()),
        loaded_scope: (chance & 32 != 0).then(|| "user".to_owned()),
        without_system: chance & 128 != 0,
        names: (chance & 64 != 0).then(|| NameFilter::new("*a*", NameMatch::Glob)),
        ..IngestOptions::default()
    }
}

#[test]
fn bodies_of_every_shape_come_back_as_they_were() {
    let (mut bytes, mut read, mut unreadable) = (Vec::new(), 0, 0);
    for number in 0..30_000 {
        let mut chance = Chance::new(number);
        body(&mut chance, &mut bytes);
        let Ok(snapshot) = Snapshot::parse(bytes.clone(), options(chance.below(256)), 5.0) else { continue };
        let text = file(&snapshot);
        let again = open(&text);
        assert_same(&snapshot, &again);
        assert_eq!(file(&again), text, "input {number}");
        serde_json::from_str::<serde::de::IgnoredAny>(&text).unwrap();
        read += 1;
        unreadable += snapshot.unreadable_count();
        // Through a mask it is another snapshot, but one of the same form.
        let hidden = open(&masked(&snapshot));
        let form = |snapshot: &Snapshot| (snapshot.len(), snapshot.entry_count(), snapshot.unreadable_count());
        assert_eq!(form(&hidden), form(&snapshot));
        let shadowed = |snapshot: &Snapshot| rows(snapshot).iter().map(|row| row.hidden).collect::<Vec<_>>();
        assert_eq!(shadowed(&hidden), shadowed(&snapshot));
    }
    assert!(read > 10_000 && unreadable > 1_000, "{read} {unreadable}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn any_names_values_and_scopes_come_back(
        entries in proptest::collection::vec((any::<String>(), any::<String>(), "user|bot|\\PC{0,4}", any::<Option<bool>>()), 0..8),
        chance in any::<u8>(),
    ) {
        let row = |(name, value, scope, system): &(String, String, String, Option<bool>)| {
            json!({ "name": name, "value": value, "scope": scope, "isSystem": system, "type": if *system == Some(true) { "integer" } else { "what" } })
        };
        let body = json!({ "variables": entries.iter().map(row).collect::<Vec<_>>() }).to_string();
        let snapshot = Snapshot::parse(body.into_bytes(), options(usize::from(chance)), 0.0).unwrap();
        let text = file(&snapshot);
        let again = open(&text);
        assert_same(&snapshot, &again);
        prop_assert_eq!(file(&again), text);
    }
}

/// Two pages, a duplicate, what could not be read, bytes that are no text, a history.
fn rich() -> Snapshot {
    let mut builder = SnapshotBuilder::new(IngestOptions { session_id: Some("sess_1".into()), ..options(0) });
    let one = br#"{"variables":[{"name":"n","value":{"a":1.10,"a":-0e5},"scope":"user"},7,{"name":"b","scope":"bot"}],"pagination":{"nextCursor":"c"}}"#;
    builder.buffer().extend_from_slice(one);
    assert!(builder.end_page().unwrap().is_some());
    builder.buffer().extend_from_slice(b"{\"variables\":[{\"name\":\"x\",\"value\":\"\xff\xfe\",\"scope\":\"bot\"},{\"name\":\"n\",\"value\":\" 42\",\"scope\":\"bot\",\"type\":\"int\"},{\"name\":\"_s\",\"value\":\"007\",\"scope\":\"user\",\"isSystem\":false}]}");
    builder.end_page().unwrap();
    let record = WireAudit {
        timestamp: "2026-01-02T03:04:05.000Z".into(),
        session_id: "sess_1".into(),
        status: "SUCCESS".into(),
        latency_s: 0.123_457,
        count: Some(5),
        error: None,
    };
    let failed = WireAudit { status: "TIMEOUT".into(), count: None, error: Some("Too slow.".into()), ..record.clone() };
    let metrics = WireMetrics { avg_latency_s: Some(1.5), audit: vec![record, failed] };
    builder.finish(Taken { at_ms: 1_700_000_000_123.0, complete: false, metrics })
}

#[test]
fn pages_unreadable_items_and_the_history_come_back() {
    let snapshot = rich();
    let again = open(&file(&snapshot));
    assert_same(&snapshot, &again);
    let problems: Vec<_> = rows(&again).into_iter().filter_map(|row| row.problem).collect();
    let told: Vec<_> = problems.iter().map(|problem| (problem.path.as_str(), problem.page)).collect();
    assert_eq!(told, [("$.variables[1]", 1), ("$.variables[2]", 1), ("$.variables[0].value", 2)]);
    let bytes = rows(&again).iter().find(|row| row.entry == 3).unwrap().size;
    assert_eq!(bytes, br#"{"name":"x","value":"..","scope":"bot"}"#.len(), "bytes that are no text stay bytes");
    let winner = again.explain("n", ExplainOptions::default()).unwrap().candidates[0].provenance.unwrap();
    assert_eq!((winner.page, winner.position), (1, 0));
    assert_eq!(again.get("n", None).unwrap().raw, r#"{"a":1.10,"a":-0e5}"#);
}

#[test]
fn a_file_is_a_body_too() {
    let snapshot = parse(&json!({ "variables": [{ "name": "a", "value": "1.10", "scope": "user" }] }));
    let body = Snapshot::parse(file(&snapshot).into_bytes(), IngestOptions::default(), 0.0).unwrap();
    assert_eq!(rows(&body), rows(&snapshot));
    let head: Json = serde_json::from_str(&file(&snapshot)).unwrap();
    assert_eq!((&head["format"], &head["version"]), (&json!("cognigy-session-debugger"), &json!(1)));
    assert_eq!(head["variables"], json!([{ "name": "a", "value": "1.10", "scope": "user" }]));
    assert_eq!((&head["takenAt"], &head["masked"]), (&json!(1_700_000_000_123_u64), &json!(false)));
}

#[test]
fn what_is_no_file_says_so() {
    let error = |bytes: &[u8]| Snapshot::open(bytes.to_vec(), Snapshot::FILE_LIMITS, 0).unwrap_err();
    for bytes in [
        &b""[..],
        b"\xff",
        b"[]",
        b"{}",
        br#"{"variables":[]}"#,
        br#"{"format":"har","version":1}"#,
        br#"{"format":7,"version":9}"#,
    ] {
        assert_eq!(error(bytes).code(), Code::FileInvalid, "{}", String::from_utf8_lossy(bytes));
    }
    // A newer one need not even be JSON any more behind its version.
    for newer in [
        r#"{"format":"cognigy-session-debugger","version":2}"#,
        r#"{"format":"cognigy-session-debugger","version":18446744073709551615,"#,
        "\u{feff} {\"format\":\"cognigy-session-debugger\",\"version\":2,\"packed\":H4sI",
    ] {
        let error = error(newer.as_bytes());
        assert_eq!((error.code(), error.is_retryable()), (Code::FileTooNew, false), "{newer}");
    }
}

#[test]
fn a_damaged_file_is_an_error_or_a_snapshot_and_never_more() {
    let text = file(&rich());
    for end in 0..text.len() {
        let error = Snapshot::open(text.as_bytes()[..end].to_vec(), Snapshot::FILE_LIMITS, 0).unwrap_err();
        assert_eq!(error.code(), Code::FileInvalid, "{end}");
    }
    let mut opened = 0;
    for at in 0..text.len() {
        for bit in 0..8 {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= 1 << bit;
            match Snapshot::open(bytes, Snapshot::FILE_LIMITS, 0) {
                Ok(snapshot) => {
                    rows(&snapshot);
                    opened += 1;
                }
                Err(error) => assert!(matches!(error.code(), Code::FileInvalid | Code::FileTooNew), "{at} {bit}"),
            }
        }
    }
    assert!(opened > 100, "{opened}");
    for member in ["sessionId", "takenAt", "complete", "shape", "policy", "stringifiedPolicy", "precedence", "depth"] {
        for wrong in [None, Some(json!({})), Some(json!("what")), Some(json!(-1))] {
            if wrong == Some(json!("what")) && member == "sessionId" {
                continue;
            }
            let mut damaged: serde_json::Map<String, Json> = serde_json::from_str(&text).unwrap();
            match &wrong {
                Some(wrong) => damaged.insert(member.into(), wrong.clone()),
                None => damaged.remove(member),
            };
            let error =
                Snapshot::open(Json::Object(damaged).to_string().into_bytes(), Snapshot::FILE_LIMITS, 0).unwrap_err();
            assert_eq!(error.code(), Code::FileInvalid, "{member} {wrong:?}");
            assert_eq!(error.facts().path.as_deref(), Some(format!("$.{member}").as_str()));
        }
    }
}

#[test]
fn what_a_newer_reader_added_is_left_alone() {
    let text = file(&rich()).replacen(",\"masked\"", ",\"colour\":{\"x\":[1]},\"masked\"", 1);
    assert_same(&open(&text), &rich());
}

#[test]
fn a_secret_in_any_field_is_not_in_a_masked_file() {
    const CANARY: &str = "sk-ant-api03-abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJ";
    let bodies = [
        json!({ "session_id": CANARY, "variables": [{ "name": "a", "value": "1", "scope": "user" }] }),
        json!({ "variables": [{ "name": CANARY, "value": "1", "scope": "user" }, { "name": CANARY, "value": "2", "scope": "bot" }] }),
        json!({ "variables": [{ "name": "a", "value": { "b": [CANARY, { CANARY: 1 }] }, "scope": "user" }] }),
        json!({ "variables": [{ "name": "a", "value": json!({ "b": CANARY }).to_string(), "scope": "user" }] }),
        json!({ "variables": [{ "name": "a", "value": "1", "scope": CANARY, "type": CANARY }] }),
        json!({ "variables": [{ "name": "a", "value": CANARY }, { "value": CANARY }, CANARY, [CANARY], { "name": CANARY, "value": 1 }] }),
        json!({ "context": 7, "sessionId": CANARY, "profile": { CANARY: "1" } }),
        json!({ "cc": { "password": "hunter2-canary" }, "userId": CANARY }),
    ];
    for body in bodies {
        let snapshot = parse(&body);
        let text = masked(&snapshot);
        assert!(!text.contains("api03") && !text.contains("hunter2"), "{text}");
        assert!(text.contains("\"masked\":true"));
        assert!(file(&snapshot).contains("api03") || file(&snapshot).contains("hunter2"), "{body}");
        let again = open(&text);
        assert_eq!((again.len(), again.entry_count()), (snapshot.len(), snapshot.entry_count()));
    }
    // What a name says of a value that stands beside it, nobody knows of an item that cannot be read.
    let unreadable = parse(&json!({ "variables": [{ "name": "password", "value": "hunter2", "scope": 5 }] }));
    assert!(!masked(&unreadable).contains("hunter2") && masked(&unreadable).contains("scope-not-text"));
}

#[test]
fn a_list_of_those_that_pass_leaves_nothing_of_the_others() {
    let snapshot = parse(&json!({ "session_id": "s", "variables": [
        { "name": "lang", "value": "de", "scope": "user" },
        { "name": "cart", "value": { "total": 3 }, "scope": "vault" },
        { "name": "cart", "value": "x", "scope": "user" },
    ] }));
    let mask = Mask::new(MaskOptions { allow: Some(vec!["lang".into()]), ..MaskOptions::default() });
    let text = snapshot.to_file(&mask, &mut Hidden::default());
    assert!(!text.contains("cart") && !text.contains("total") && !text.contains("vault"), "{text}");
    let again = open(&text);
    assert_eq!(again.get("lang", None).unwrap().raw, "de");
    assert_eq!((again.len(), again.entry_count()), (2, 3), "the scopes of one name stay together");
}

#[test]
fn a_file_has_limits_of_its_own() {
    let text = file(&parse(&json!({ "variables": [{ "name": "a", "value": "1", "scope": "user" }, 7, 7] })));
    let error = |limits| Snapshot::open(text.clone().into_bytes(), limits, 0).unwrap_err().code();
    assert_eq!(error(Limits { variables: 2, ..Snapshot::FILE_LIMITS }), Code::TooManyVariables);
    assert_eq!(error(Limits { body_bytes: 100, ..Snapshot::FILE_LIMITS }), Code::BodyTooLarge);
    assert_eq!(error(Limits { value_bytes: 10, ..Snapshot::FILE_LIMITS }), Code::ValueTooLarge);
    let most = Limits { variables: 3, body_bytes: text.len(), ..Snapshot::FILE_LIMITS };
    assert_eq!(Snapshot::open(text.clone().into_bytes(), most, 0).unwrap().unreadable_count(), 2);
}
