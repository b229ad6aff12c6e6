//! What a snapshot is written as, and how two of them differ.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, unreachable_pub)]

use cognigy_session_debugger::scope::Precedence;
use cognigy_session_debugger::snapshot::{
    ChangeKind, ExportFormat, Hidden, IngestOptions, Lens, Mask, Snapshot, Sort, Window,
};
use cognigy_session_debugger::value::Policy;
use serde_json::{Value as Json, json};

#[path = "support/rows.rs"]
#[allow(dead_code)]
mod support;

use support::{parse, parse_with, rows_body, variable};

#[test]
fn the_wire_keeps_the_tutorials_fields_and_every_spelling() {
    let body = r#"{"session_id":"s1","variables":[{"name":"n","value":{"a":1.10,"b":12345678901234567890},"scope":"user"},
        {"name":"t","value":"42","scope":"bot"},{"name":"_x","value":"nan","scope":"bot"}]}"#;
    let snapshot = parse(body);
    let wire = snapshot.to_json_text();
    assert!(wire.contains(r#""value":{"a":1.10,"b":12345678901234567890}"#));
    let json: Json = serde_json::from_str(&wire).unwrap();
    assert_eq!(json["session_id"], "s1");
    assert_eq!(json["variables"]["t"], json!({"value": 42, "scope": "bot", "type": "integer", "is_system": false}));
    assert_eq!(json["metrics"], json!({"avg_latency": null, "total_retrieved": 3, "audit_trail": []}));
    let options = IngestOptions { policy: Some(Policy::Reference), ..IngestOptions::default() };
    let json: Json = serde_json::from_str(&parse_with(body, options).to_json_text()).unwrap();
    assert_eq!(json["variables"]["t"]["type"], "int");
    assert_eq!(json["variables"]["n"]["type"], "dict");
    assert_eq!(json["variables"]["_x"], json!({"value": "nan", "scope": "bot", "type": "float", "is_system": true}));
}

#[test]
fn diffs_tell_values_from_types_and_spellings() {
    let before = parse(&rows_body(&[
        variable("same", json!("1"), "user"),
        variable("value", json!("1"), "user"),
        variable("type", json!("1"), "user"),
        variable("raw", json!({"a": 1}), "user"),
        variable("scope", json!("x"), "bot"),
        variable("gone", json!("x"), "bot"),
    ]));
    let after = parse(&rows_body(&[
        variable("new", json!("1"), "user"),
        variable("scope", json!("x"), "bot"),
        variable("scope", json!("x"), "user"),
        variable("same", json!("1"), "user"),
        variable("value", json!("2"), "user"),
        variable("type", json!("01"), "user"),
        variable("raw", json!("{\"a\":1}"), "user"),
    ]));
    let diff = after.diff(&before);
    assert_eq!((diff.added, diff.removed, diff.unchanged), (vec!["new".to_owned()], vec!["gone".to_owned()], 1));
    let kinds = |name: &str| diff.changed.iter().find(|change| change.after.name == name).unwrap().kinds.clone();
    assert_eq!(kinds("value"), [ChangeKind::Value]);
    assert_eq!(kinds("type"), [ChangeKind::Value, ChangeKind::Type]);
    assert_eq!(kinds("raw"), [ChangeKind::Raw]);
    assert_eq!(kinds("scope"), [ChangeKind::Winner]);
}

#[test]
fn documents_hold_every_variable_and_no_formula() {
    let snapshot = parse(&rows_body(&[
        variable("a", json!("=1+1"), "user"),
        variable("a", json!("say \"hi\"\n"), "bot"),
        variable("+b", json!("-5"), "user"),
    ]));
    let csv = snapshot.export(ExportFormat::Csv, &Mask::off(), &mut Hidden::default());
    let lines: Vec<_> = csv.split("\r\n").collect();
    assert_eq!(lines[1], r#""a","user","string","'=1+1","false","false","""#);
    assert_eq!(lines[2], "\"a\",\"bot\",\"string\",\"say \"\"hi\"\"\n\",\"true\",\"false\",\"\"");
    assert_eq!(lines[3], r#""'+b","user","integer","'-5","false","false","""#);
    for first in ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"] {
        let value = format!("{first}1+cmd|' /C calc'!A0");
        let snapshot = parse(&rows_body(&[variable("a", json!(value), "user")]));
        let csv = snapshot.export(ExportFormat::Csv, &Mask::off(), &mut Hidden::default());
        assert!(csv.contains(&format!(",\"'{value}\",")), "{csv:?}");
    }
    let ndjson = snapshot.export(ExportFormat::Ndjson, &Mask::off(), &mut Hidden::default());
    let parsed: Vec<Json> = ndjson.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        parsed[1],
        json!({"name":"a","value":"say \"hi\"\n","scope":"bot","type":"string","is_system":false,"hidden":true})
    );
    assert_eq!(snapshot.export(ExportFormat::Json, &Mask::off(), &mut Hidden::default()), snapshot.to_json_text());
}

#[test]
fn documents_tell_of_what_could_not_be_read() {
    let body = [
        &br#"{"variables":[{"name":"half","value":"\ud83d","scope":"user"},{"name":"pin","value":"#[..],
        b"\"\xff\"",
        br#","scope":"user"},7,{"name":"good","value":1,"scope":"user"}]}"#,
    ]
    .concat();
    let snapshot = Snapshot::parse(body, IngestOptions::default(), 0.0).unwrap();
    let export = |format, mask: &Mask| snapshot.export(format, mask, &mut Hidden::default());
    let csv = export(ExportFormat::Csv, &Mask::off());
    let lines: Vec<_> = csv.lines().collect();
    assert_eq!(lines[0], "name,scope,type,raw,hidden,is_system,problem");
    assert_eq!(
        lines[3],
        r#""","","unreadable","7","false","false","not-an-object at $.variables[2], byte 104 of page 1""#
    );
    assert!(lines[1].contains(r#""half","","unreadable","{""name"":""half"",""value"":""\ud83d"""#), "{}", lines[1]);
    assert!(lines[2].contains('\u{fffd}') && lines[2].contains("not-utf8 at $.variables[1]"), "{}", lines[2]);
    let ndjson = export(ExportFormat::Ndjson, &Mask::off());
    let told: Vec<Json> = ndjson.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        told[2],
        json!({"unreadable":{"reason":"not-an-object","path":"$.variables[2]","offset":104,"page":1,"source":"7"}})
    );
    assert_eq!(told[3]["name"], "good");
    // Nobody can tell what of them is secret.
    for format in [ExportFormat::Csv, ExportFormat::Ndjson, ExportFormat::Markdown] {
        let masked = export(format, &Mask::standard());
        assert!(!masked.contains("ud83d") && !masked.contains('\u{fffd}'), "{masked}");
        assert_eq!(masked.matches("unreadable").count(), 6, "{masked}");
    }
}

#[test]
fn side_by_side_every_scope_has_its_own_differences() {
    let of = |context: i32, more: &[&str]| {
        let mut rows = vec![variable("k", json!(1), "user"), variable("k", json!(context), "session")];
        rows.extend(more.iter().map(|scope| variable("k", json!(0), scope)));
        parse_with(
            &rows_body(&rows),
            IngestOptions { precedence: Some(Precedence::side_by_side()), ..IngestOptions::default() },
        )
    };
    let diff = of(2, &["bot"]).diff(&of(1, &["global"]));
    assert_eq!(diff.changed.iter().map(|change| change.after.scope.as_str()).collect::<Vec<_>>(), ["session"]);
    assert_eq!((diff.added, diff.removed, diff.unchanged), (vec!["k".to_owned()], vec!["k".to_owned()], 1));
}

#[test]
fn another_spelling_of_a_document_is_the_same_value() {
    let of = |value: &str| parse(&format!(r#"{{"variables":[{{"name":"a","value":{value},"scope":"user"}}]}}"#));
    let kinds =
        |before: &str, after: &str| of(after).diff(&of(before)).changed.first().map(|change| change.kinds.clone());
    assert_eq!(kinds(r#"{"x":[1.50,"\u00e9"]}"#, r#"{ "x" : [15e-1, "é"] }"#), Some(vec![ChangeKind::Raw]));
    assert_eq!(kinds(r#"{"x":1}"#, r#"{"x":1}"#), None);
    for (before, after) in
        [(r#"{"x":1}"#, r#"{"x":"1"}"#), ("[1,2]", "[1,2,3]"), ("[1]", "[-1]"), ("[0.10000000000000000001]", "[0.1]")]
    {
        assert_eq!(kinds(before, after), Some(vec![ChangeKind::Value]), "{before} {after}");
    }
    assert_eq!(kinds("1.10", "1.1"), Some(vec![ChangeKind::Raw]));
}

/// The names of a document's lines, in their order.
fn names_of(snapshot: &Snapshot, window: &Window, mask: &Mask) -> Vec<String> {
    let lens = Lens { earlier: None, mask };
    let lines = snapshot.export_rows(ExportFormat::Ndjson, window, lens, &mut Hidden::default());
    let name = |line: &str| serde_json::from_str::<Json>(line).unwrap()["name"].as_str().unwrap_or("?").to_owned();
    lines.lines().map(name).collect()
}

#[test]
fn a_document_of_rows_has_those_that_a_window_shows_and_in_its_order() {
    let body = br#"{"variables":[{"name":"n10","value":"order 7","scope":"bot"},{"name":"n2","value":"order 8","scope":"user"},
        {"name":"n10","value":"x","scope":"user"},{"name":7},{"name":"password","value":"order 9","scope":"bot"}]}"#;
    let snapshot = Snapshot::parse(body.to_vec(), IngestOptions::default(), 0.0).unwrap();
    let window = |filter: &str| Window { filter: filter.into(), shadowed: true, ..Window::default() };
    let names = |window: &Window| names_of(&snapshot, window, &Mask::off());
    assert_eq!(names(&window("")), ["n10", "n2", "n10", "?", "password"]);
    assert_eq!(names(&window("order")), ["n10", "n2", "password"]);
    assert_eq!(names(&Window { shadowed: false, ..window("order") }), ["n2", "password"]);
    assert_eq!(names(&Window { sort: Sort::parse("-name").unwrap(), ..window("scope:user") }), ["n10", "n2"]);
    assert_eq!(names(&Window { scope: Some("bot".into()), ..window("") }), ["n10", "password"]);
    assert_eq!(names(&window("unreadable:yes")), ["?"]);
    // All of the window's rows, wherever it stands on a page.
    assert_eq!(names(&Window { offset: 1, limit: 1, ..window("order") }).len(), 3);
    assert_eq!(names_of(&snapshot, &window("order"), &Mask::standard()), ["n10", "n2"], "behind the mask is nothing");
    let lens = Lens { earlier: None, mask: &Mask::off() };
    for format in [ExportFormat::Csv, ExportFormat::Markdown] {
        let text = |window: &Window| snapshot.export_rows(format, window, lens, &mut Hidden::default());
        let whole = snapshot.export(format, &Mask::off(), &mut Hidden::default());
        assert_eq!(text(&window("")), whole);
        let (part, headings) = (text(&window("order")), text(&window("nothing has this")));
        assert_eq!((part.lines().count(), part.matches("order").count()), (headings.lines().count() + 3, 3));
        assert!(whole.starts_with(&headings) && part.starts_with(&headings));
    }
}

#[test]
fn the_wire_of_rows_has_their_names_alone() {
    let body = br#"{"variables":[{"name":"a","value":"1","scope":"bot"},{"name":"a","value":"2","scope":"user"},
        {"name":"b","value":"3","scope":"bot"}]}"#;
    let of = |precedence: Option<Precedence>, filter: &str| {
        let options = IngestOptions { precedence, ..IngestOptions::default() };
        let snapshot = Snapshot::parse(body.to_vec(), options, 0.0).unwrap();
        let window = Window { filter: filter.into(), shadowed: true, ..Window::default() };
        let lens = Lens { earlier: None, mask: &Mask::off() };
        let text = snapshot.export_rows(ExportFormat::Json, &window, lens, &mut Hidden::default());
        assert_eq!(snapshot.export(ExportFormat::Json, &Mask::off(), &mut Hidden::default()), snapshot.to_json_text());
        serde_json::from_str::<Json>(&text).unwrap()
    };
    let user = of(None, "scope:user");
    assert_eq!((user["variables"].as_object().unwrap().len(), &user["variables"]["a"]["value"]), (1, &json!(2)));
    assert_eq!(user["metrics"]["total_retrieved"], 2, "the read is told as it was");
    assert_eq!(of(None, "scope:bot")["variables"].as_object().unwrap().keys().collect::<Vec<_>>(), ["b"]);
    let beside = of(Some(Precedence::side_by_side()), "scope:user");
    assert_eq!(beside["variables"]["a"]["value"], 2);
    assert_eq!(beside["variables"]["a"].get("others"), None);
    let beside = of(Some(Precedence::side_by_side()), "name:a");
    assert_eq!(beside["variables"]["a"]["others"].as_array().unwrap().len(), 1);
}
