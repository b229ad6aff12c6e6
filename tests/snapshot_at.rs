//! Parts of values by path, against serde_json, which found the paths.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use cognigy_session_debugger::snapshot::{IngestOptions, Snapshot, Step};
use cognigy_session_debugger::value::ValueType;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

fn parse(value: &Json) -> Snapshot {
    let body = json!({ "variables": [{ "name": "v", "value": value, "scope": "user" }] }).to_string();
    Snapshot::parse(body.into_bytes(), IngestOptions::default(), 0.0).unwrap()
}

fn name(name: &str) -> Step {
    Step::Name(name.to_owned())
}

/// Every path into a value, with what serde_json has there.
fn places(root: &Json) -> Vec<(Vec<Step>, &Json)> {
    let mut found = vec![(Vec::new(), root)];
    let mut next = 0;
    while let Some((path, value)) = found.get(next).cloned() {
        let below: Vec<(Step, &Json)> = match value {
            Json::Object(members) => members.iter().map(|(key, value)| (name(key), value)).collect(),
            Json::Array(items) => items.iter().enumerate().map(|(at, value)| (Step::Index(at), value)).collect(),
            _ => Vec::new(),
        };
        found.extend(below.into_iter().map(|(step, value)| ([path.clone(), vec![step]].concat(), value)));
        next += 1;
    }
    found
}

fn any_json() -> impl Strategy<Value = Json> {
    let scalar = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        ".{0,8}".prop_map(Json::from),
    ];
    scalar.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Json::from),
            prop::collection::btree_map(".{0,4}", inner, 0..6).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

proptest! {
    #[test]
    fn every_path_leads_where_serde_json_says(value in any_json()) {
        for stands_as_text in [false, true] {
            // Only an object or an array is read out of a text; anything else stays one.
            if stands_as_text && !(value.is_object() || value.is_array()) {
                continue;
            }
            let sent = if stands_as_text { Json::from(value.to_string()) } else { value.clone() };
            let snapshot = parse(&sent);
            for (path, expected) in places(&value) {
                if path.is_empty() && expected.is_string() {
                    continue;
                }
                let part = snapshot.at("v", None, &path).unwrap();
                let read: Json = serde_json::from_str(&part.raw).unwrap();
                prop_assert_eq!(&read, expected);
            }
        }
    }
}

#[test]
fn numbers_keep_their_spelling_and_the_positions_open_the_same_place() {
    let snapshot = parse(&Json::from(r#"{"a":[{"n":1.10},{"n":9007199254740993}]}"#));
    let part = snapshot.at("v", Some("user"), &[name("a"), Step::Index(1), name("n")]).unwrap();
    assert_eq!((part.raw.as_str(), part.value_type), ("9007199254740993", ValueType::Integer));
    assert_eq!(part.ordinals, [0, 1, 0]);
    assert_eq!(snapshot.text(part.entry, &part.ordinals, 0, 100).unwrap().text, part.raw);
}

#[test]
fn the_last_of_equal_names_is_the_one_that_json_parse_keeps() {
    let snapshot = parse(&Json::from(r#"{"a":1,"b":2,"\u0061":{"c":3}}"#));
    let part = snapshot.at("v", None, &[name("a"), name("c")]).unwrap();
    assert_eq!((part.raw.as_str(), part.ordinals.as_slice()), ("3", &[2, 0][..]));
}

#[test]
fn a_path_that_leads_nowhere_is_nothing() {
    let snapshot = parse(&json!({ "a": [1], "": { "__proto__": 2 } }));
    for path in [
        vec![name("b")],
        vec![name("a"), name("0")],
        vec![name("a"), Step::Index(1)],
        vec![Step::Index(0)],
        vec![name("a"), Step::Index(0), name("x")],
        vec![name("constructor")],
    ] {
        assert_eq!(snapshot.at("v", None, &path), None, "{path:?}");
    }
    assert_eq!(snapshot.at("v", None, &[name(""), name("__proto__")]).unwrap().raw, "2");
    assert_eq!(snapshot.at("w", None, &[]), None);
    assert_eq!(snapshot.at("v", Some("bot"), &[]), None);
}

#[test]
fn what_a_part_loses_is_told_where_it_is() {
    let body = br#"{"variables":[{"name":"v","value":"[1e400,0.1234567890123456789,\"1e400\",7]","scope":"user"},
        {"name":"w","value":1e400,"scope":"user"},{"name":"t","value":"007","scope":"user"}]}"#;
    let snapshot = Snapshot::parse(body.to_vec(), IngestOptions::default(), 0.0).unwrap();
    let code = |name, path: &[Step]| snapshot.at(name, None, path).unwrap().note.map(|note| note.code.as_str());
    let inside = |at| code("v", &[Step::Index(at)]);
    assert_eq!([0, 1, 2, 3].map(inside), [Some("overflow"), Some("precision"), None, None]);
    assert_eq!([code("v", &[]), code("w", &[]), code("t", &[])], [None, Some("overflow"), Some("leading-zero")]);
}
