//! Which shape a body has, and what holds for all of them.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, unreachable_pub)]

#[path = "support/shapes.rs"]
#[allow(dead_code)]
mod support;

#[path = "support/linear.rs"]
mod linear;

use cognigy_session_debugger::Code;
use cognigy_session_debugger::ingest::{Limits, Shape};
use cognigy_session_debugger::snapshot::{IngestOptions, SnapshotBuilder, Taken, Window};
use cognigy_session_debugger::value::{NoteCode, ValueType};
use serde_json::{Value as Json, json};
use support::{read, read_with, rows, shaped, system, told};

#[test]
fn every_shape_is_recognised() {
    let message = json!({"inputId": "i", "sessionId": "s", "inputText": "hi", "inputData": {}, "type": "input", "source": "user"});
    let contact =
        json!({"_id": "0123456789abcdef01234567", "profile": {"firstname": "Max"}, "contactIds": ["max@example.com"]});
    for (body, shape) in [
        (json!({"variables": []}), "variable-rows"),
        (json!({"session_id": "s", "variables": {"a": {"value": 1, "scope": "user", "type": "integer"}}}), "snapshot"),
        (json!({"session_id": "", "variables": {}, "metrics": {}}), "snapshot"),
        (json!({"event": "variable_snapshot", "session_id": "s", "timestamp": "t", "data": {}}), "snapshot"),
        (
            json!({"input": {}, "context": {}, "profile": {}, "state": "default", "sessionId": "s", "userId": "u"}),
            "memory-bundle",
        ),
        (json!({"ci": {}, "cc": {}, "cp": {}}), "memory-bundle"),
        (json!({"cc": {"a": 1}}), "memory-bundle"),
        (json!({"sessionId": "s", "contextJson": "{\"a\":1}"}), "memory-bundle"),
        (json!({"context": {}, "state": "default", "sessionId": "s", "userId": "u"}), "memory-bundle"),
        (json!({"context": {}, "epoch": 3, "flowId": "f", "sessionId": "s"}), "session-state"),
        (json!({"context": "{}", "state": "default", "sessionId": "s"}), "session-state"),
        (json!({"context": {"a": 1}, "sessionId": "s"}), "debug-event"),
        (json!({"profile": {"a": 1}}), "debug-event"),
        (json!({"input": {"text": "hi"}, "sessionId": "s"}), "debug-event"),
        (contact.clone(), "contact-profile"),
        (json!({"items": [contact.clone()], "schema": {"firstname": "string"}}), "profile-list"),
        (json!({"items": [contact], "total": 1}), "profile-list"),
        (json!({"items": [7, contact], "nextCursor": null}), "profile-list"),
        (json!({"schema": {"firstname": "string"}, "details": []}), "profile-schema"),
        (json!({"items": [message], "total": 1}), "conversation"),
        (json!({"items": message, "total": 1}), "conversation"),
        (json!({"items": [], "total": 0}), "conversation"),
        (json!({"items": [{"odd": 1}, message], "total": 2}), "conversation"),
        (
            json!({"items": [{"_id": "x", "msg": "m", "type": "info", "meta": {}, "traceId": "t"}], "total": 1}),
            "log-page",
        ),
        (json!({"items": [{"msg": "m", "traceId": "t"}]}), "log-page"),
        (json!({"meta": {"sessionId": "s"}, "request": {"body": {}}, "response": {"result": ""}}), "request-log"),
        (json!({"meta": {}, "response": {}}), "request-log"),
        (json!({"value": [message]}), "odata-rows"),
        (json!({"@odata.context": "x", "value": []}), "odata-rows"),
        (json!({"_embedded": {"logEntry": []}, "_links": {}}), "hal"),
        (json!({"_id": "x", "referenceId": "r", "name": "Main", "context": {}}), "flow"),
        (json!({"text": "hi", "data": {}, "source": "bot"}), "output"),
        (json!({"output": {"data": {"a": 1}}}), "output"),
        (json!({"data": {"__debug": {"v": 1, "context": {}}}}), "output"),
        (json!({"data": {"__debug": "{\"context\":{}}"}}), "output"),
        (json!({"text": "", "data": null, "outputStack": [], "userId": "u", "sessionId": "s"}), "output"),
    ] {
        assert_eq!(read(&body).shape().as_str(), shape, "{body}");
        assert_eq!(shaped(&body, Shape::parse(shape).unwrap()).unwrap().shape().as_str(), shape, "{body}");
    }
}

#[test]
fn the_contract_with_javascript_tells_every_shape_in_the_order_in_which_it_is_looked_for() {
    let contract = include_str!("../www/entry/snapshot-options.d.ts");
    let places = |before: &str, after: &str| -> Vec<usize> {
        Shape::all().map(|shape| contract.find(&format!("{before}{}{after}", shape.as_str())).unwrap()).collect()
    };
    assert!(places("  | \"", "\"").is_sorted());
    assert!(places(" * - `", "`: ").is_sorted());
}

#[test]
fn what_has_no_shape_is_an_error_with_names_and_without_values() {
    for body in [
        json!({"items": ["secret"], "total": 1}),
        json!({"items": [{"secret": 1}]}),
        json!({"items": [{"msg": "secret"}]}),
        json!({"meta": {"sessionId": "secret"}}),
        json!({"meta": "secret", "request": {}}),
        json!({"data": {"__debug": "secret"}}),
        json!({"value": ["secret"]}),
        json!({"value": "secret"}),
        json!({"data": {"a": "secret"}}),
        json!({"profile": "secret", "a": 1}),
        json!({"context": "secret", "a": 1}),
        json!({"context": null, "a": 1}),
        json!({"a": "secret"}),
        json!({"output": "secret"}),
        json!({"_embedded": "secret"}),
        json!({}),
        json!(["secret"]),
        json!("secret"),
    ] {
        let error = read_with(&body.to_string(), IngestOptions::default()).unwrap_err();
        assert_eq!(error.code(), Code::ShapeUnknown, "{body}");
        assert!(!error.message().contains("secret"), "{body}: {}", error.message());
        for key in body.as_object().into_iter().flat_map(|object| object.keys()) {
            assert!(error.facts().members.contains(key), "{body}: {:?}", error.facts().members);
            assert!(key.len() < 5 || !error.message().contains(key), "no name is told in: {}", error.message());
        }
    }
}

#[test]
fn eight_names_of_forty_characters_are_told_of_what_has_no_shape() {
    let named = |place: usize| format!("n{place:02}{}", "é".repeat(50));
    let members: Vec<_> = (0..12).map(|place| format!("\"{}\":\"secret{place}\"", named(place))).collect();
    let error = read_with(&format!("{{{}}}", members.join(",")), IngestOptions::default()).unwrap_err();
    let told: Vec<_> = (0..8).map(|place| named(place).chars().take(40).collect::<String>()).collect();
    assert_eq!((error.code(), &error.facts().members), (Code::ShapeUnknown, &told));
    assert!(error.message().contains("an object of 12 members; the names of the first are"), "{}", error.message());
    assert!(!format!("{error:?}").contains("secret"), "{error:?}");
    let contract = include_str!("../www/entry/error.d.ts");
    assert!(contract.contains("its first 8 top-level names, of each the first 40"));
}

#[test]
fn a_shape_that_was_asked_for_has_to_be_there() {
    let rows = json!({"variables": [{"name": "a", "value": "42", "scope": "user"}]});
    let bundle = json!({"context": {"a": 1}, "profile": {}});
    for (body, shape) in [(&rows, Shape::MemoryBundle), (&bundle, Shape::VariableRows), (&bundle, Shape::Conversation)]
    {
        let error = shaped(body, shape).unwrap_err();
        assert_eq!(error.code(), Code::SchemaMismatch, "{body}");
    }
    assert_eq!(shaped(&json!([1]), Shape::PlainObject).unwrap_err().code(), Code::ShapeUnknown);
    let plain = shaped(&json!({"variables": [1], "b": "42"}), Shape::PlainObject).unwrap();
    assert_eq!(told(&plain), ["context/b=42", "context/variables=[1]"]);
}

#[test]
fn what_the_debugger_hands_on_it_reads() {
    let body = json!({
        "session_id": "s-7",
        "variables": {
            "n": {"value": 42, "scope": "user", "type": "integer", "is_system": true, "others": [{"value": "42", "scope": "bot"}]},
            "_t": {"value": "007", "scope": "user", "type": "string", "is_system": false},
            "odd": 7,
            "flag": {"value": 1, "scope": "user", "is_system": 0},
            "less": {"scope": "user"}
        },
        "metrics": {"total_retrieved": 2}
    });
    let snapshot = read(&body);
    assert_eq!(snapshot.session_id(), "s-7");
    assert_eq!(
        told(&snapshot),
        [
            "user/_t=007",
            "/flag={\"is_system\":0,\"scope\":\"user\",\"value\":1}",
            "/less={\"scope\":\"user\"}",
            "bot/n=42",
            "/odd=7"
        ]
    );
    assert_eq!(system(&snapshot), ["user/n"]);
    let types = ["user", "bot"].map(|scope| snapshot.get("n", Some(scope)).unwrap().value_type);
    assert_eq!(types, [ValueType::Integer, ValueType::String]);
    let problems: Vec<_> =
        rows(&snapshot).into_iter().filter_map(|row| row.problem).map(|problem| problem.path).collect();
    assert_eq!(problems, ["$.variables.flag.is_system", "$.variables.less", "$.variables.odd"]);
    for (body, code) in [
        (json!({"variables": {"a": 1}}), Code::SchemaMismatch),
        (json!({"variables": {}}), Code::SchemaMismatch),
        (json!({"variables": {"a": {"value": 1}}}), Code::SchemaMismatch),
        (json!({"event": "variable_snapshot", "data": {"a": 1}}), Code::ShapeUnknown),
    ] {
        assert_eq!(read_with(&body.to_string(), IngestOptions::default()).unwrap_err().code(), code, "{body}");
    }
    let beside = read(&json!({"context": {"a": 1}, "variables": {"b": 2}}));
    assert_eq!(
        (beside.shape(), told(&beside), system(&beside)),
        (Shape::MemoryBundle, vec!["context/a=1".into()], vec!["session/variables".into()])
    );
    let twice = r#"{"variables":{},"variables":[]}"#;
    assert_eq!(read_with(twice, IngestOptions::default()).unwrap_err().code(), Code::SchemaMismatch);
}

#[test]
fn limits_hold_for_every_shape() {
    let limits = Limits { body_bytes: 300, value_bytes: 60, variables: 3, depth: 2 };
    let parse = |body: Json| read_with(&body.to_string(), IngestOptions { limits, ..IngestOptions::default() });
    let long = "x".repeat(80);
    let value = parse(json!({"context": {"a": 1, "b": long}})).unwrap_err();
    assert_eq!((value.code(), value.facts().offset), (Code::ValueTooLarge, Some(22)));
    assert_eq!(parse(json!({"context": {"a": 1, "b": 2, "c": 3, "d": 4}})).unwrap_err().code(), Code::TooManyVariables);
    let inner = json!({"a": "x".repeat(50), "b": "x".repeat(50), "c": "x".repeat(50)}).to_string();
    assert_eq!(parse(json!({"epoch": 1, "context": inner})).unwrap_err().code(), Code::BodyTooLarge);
    let deep = parse(json!({"context": {"a": [[[1]]], "b": [[1]]}})).unwrap();
    let a = deep.get("a", None).unwrap();
    assert_eq!((a.value_type, a.note.unwrap().code, a.raw.as_str()), (ValueType::String, NoteCode::TooDeep, "[[[1]]]"));
    let b = deep.get("b", None).unwrap();
    assert_eq!((b.value_type, b.note), (ValueType::Array, None));
    let text = read_with(
        r#"{"variables":[{"name":"a","value":"[[[1]]]","scope":"s"},{"name":"b","value":"[[1]]","scope":"s"}]}"#,
        IngestOptions { limits: Limits { depth: 2, ..Limits::default() }, ..IngestOptions::default() },
    )
    .unwrap();
    let a = text.get("a", None).unwrap();
    assert_eq!((a.value_type, a.note.unwrap().code), (ValueType::String, NoteCode::TooDeep));
    assert_eq!(text.get("b", None).unwrap().value_type, ValueType::Array);
    let filter = |filter: &str| text.rows(&Window { filter: filter.into(), ..Window::default() }).0;
    assert_eq!((filter("note:too-deep"), filter("note:no")), (1, 1));
}

#[test]
fn a_namespace_may_be_larger_than_one_value() {
    let limits = Limits { value_bytes: 100, ..Limits::default() };
    let body = json!({"context": {"a": "x".repeat(60), "b": "x".repeat(60), "c": "x".repeat(60)}}).to_string();
    let mut builder = SnapshotBuilder::new(IngestOptions { limits, ..IngestOptions::default() });
    for slice in body.as_bytes().chunks(7) {
        builder.buffer().extend_from_slice(slice);
        builder.advance().unwrap();
    }
    builder.end_page().unwrap();
    assert_eq!(builder.finish(Taken::at(0.0)).len(), 3);
}

/// Ten times as much takes ten times as long; what grew with the square would take a hundred times.
const TIMES: usize = 10;
const MOST: u32 = 30;

#[test]
fn hostile_envelopes_cost_no_more_than_their_length() {
    let many = |count: usize| format!("{{{}\"context\":{{\"a\":1}}}}", "\"k\":1,".repeat(count));
    let deep = |count: usize| format!("{{\"context\":{{\"a\":{}{}}}}}", "[".repeat(count), "]".repeat(count));
    let open = |count: usize| format!("{{\"context\":{}", "{\"a\":".repeat(count));
    let envelopes: [(usize, &dyn Fn(usize) -> String); 3] = [(10_000, &many), (50_000, &deep), (50_000, &open)];
    for (count, envelope) in envelopes {
        let time = |body: &str| {
            linear::time(|| {
                std::hint::black_box(read_with(body, IngestOptions::default()).err());
            })
        };
        let (short, long) = (envelope(count), envelope(count * TIMES));
        assert!(linear::grows_at_most(MOST, || time(&short), || time(&long)), "{}", &short[..30]);
    }
    let snapshot = read_with(&many(100_000), IngestOptions::default()).unwrap();
    assert_eq!((snapshot.shape(), snapshot.entry_count()), (Shape::MemoryBundle, 100_001));
    let snapshot = read_with(&deep(500_000), IngestOptions::default()).unwrap();
    assert_eq!(snapshot.get("a", None).unwrap().value_type, ValueType::String);
    let error = read_with(&open(500_000), IngestOptions::default()).unwrap_err();
    assert_eq!(error.code(), Code::JsonSyntax);
}
