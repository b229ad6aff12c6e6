//! What bytes become: items that are odd, bodies that are none, limits, slices and pages.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, unreachable_pub)]

use cognigy_session_debugger::Code;
use cognigy_session_debugger::ingest::Limits;
use cognigy_session_debugger::query::NextPage;
use cognigy_session_debugger::scope::Precedence;
use cognigy_session_debugger::snapshot::{ExplainOptions, IngestOptions, Snapshot, SnapshotBuilder, Taken, Window};
use cognigy_session_debugger::value::{Value, ValueType};
use serde_json::{Value as Json, json};

#[path = "support/rows.rs"]
#[allow(dead_code)]
mod support;

use support::{parse, parse_with, rows_body, variable};

#[test]
fn one_bad_item_never_hides_the_others() {
    let body = r#"{"variables":[ {"name":"a","value":1,"scope":"user"}, 7, {"value":1,"scope":"user"},
        {"name":null,"value":1,"scope":"user"}, {"name":"n","scope":"user"}, {"name":"s","value":1},
        {"name":"t","value":1,"scope":2}, {"name":"d","name":"d","value":1,"scope":"user"},
        {"name":"u","value":"\ud83d","scope":"user"}, {"name":"y","value":1,"scope":"user","type":{}},
        {"name":"z","value":2,"scope":"user","more":[1]} ], "pagination": null}"#;
    let snapshot = parse(body);
    assert_eq!(snapshot.names().collect::<Vec<_>>(), ["a", "z"]);
    assert_eq!(snapshot.unreadable_count(), 9);
    let (_, rows) = snapshot.rows(&Window::default());
    let told: Vec<_> =
        rows.iter().filter_map(|row| row.problem.as_ref()).map(|problem| problem.path.as_str()).collect();
    assert_eq!(
        told,
        [
            "$.variables[1]",
            "$.variables[2]",
            "$.variables[3].name",
            "$.variables[4]",
            "$.variables[5]",
            "$.variables[6].scope",
            "$.variables[7].name",
            "$.variables[8].value",
            "$.variables[9].type",
        ]
    );
    let seven = rows[1].problem.as_ref().unwrap();
    assert_eq!(&body[seven.offset..seven.offset + 1], "7");
    assert_eq!(rows[1].text, "7");
    assert_eq!(rows[4].name, "n", "what could be read of it is shown");
}

#[test]
fn text_that_is_not_utf8_is_one_unreadable_row() {
    let mut body = br#"{"variables":[{"name":"a","value":"x"#.to_vec();
    body.push(0xff);
    body.extend_from_slice("\",\"scope\":\"user\"},{\"name\":\"b\",\"value\":\"é\",\"scope\":\"user\"}]}".as_bytes());
    let snapshot = Snapshot::parse(body, IngestOptions::default(), 0.0).unwrap();
    assert_eq!(snapshot.unreadable_count(), 1);
    assert_eq!(snapshot.get("b", None).unwrap().raw, "é");
    let (_, rows) = snapshot.rows(&Window::default());
    assert_eq!(rows[0].problem.as_ref().unwrap().offset, 36);
}

#[test]
fn bodies_that_are_no_snapshot_are_one_clear_error() {
    let error = |body: &str| Snapshot::parse(body.as_bytes().to_vec(), IngestOptions::default(), 0.0).unwrap_err();
    assert_eq!(error("").code(), Code::BodyEmpty);
    assert_eq!(error(" \n").code(), Code::BodyEmpty);
    assert_eq!(error("<html>").code(), Code::JsonSyntax);
    let cut = error("{\"variables\":[{\"name\":\"a\"");
    assert_eq!((cut.code(), cut.facts().offset), (Code::JsonSyntax, Some(25)));
    let odd = error("{\"variables\":[{\"name\":x}]}");
    assert_eq!((odd.code(), odd.facts().offset), (Code::JsonSyntax, Some(22)));
    assert_eq!(error("{\"variables\":[]} x").code(), Code::JsonSyntax);
    assert_eq!(error("{\"variables\":[1 2]}").code(), Code::JsonSyntax);
    assert_eq!(error("[1]").code(), Code::ShapeUnknown);
    assert_eq!(error("42").code(), Code::ShapeUnknown);
    assert_eq!(error("{\"variables\":{}}").code(), Code::SchemaMismatch);
    let unknown = error("{\"items\":[\"secret\"],\"total\":1}");
    assert_eq!(unknown.code(), Code::ShapeUnknown);
    assert_eq!(unknown.facts().members, ["items", "total"]);
    assert!(!unknown.message().contains("secret") && !unknown.message().contains("total"));
    assert_eq!(error(&"[".repeat(1_000_000)).code(), Code::JsonSyntax);
}

#[test]
fn every_limit_has_its_own_error() {
    let limits = Limits { body_bytes: 400, value_bytes: 100, variables: 2, depth: 2 };
    let parse = |body: String| {
        let options = IngestOptions { limits, ..IngestOptions::default() };
        Snapshot::parse(body.into_bytes(), options, 0.0)
    };
    let row = |value: Json| variable("a", value, "user");
    assert_eq!(parse(rows_body(&[row(json!("x".repeat(500)))])).unwrap_err().code(), Code::BodyTooLarge);
    assert_eq!(parse(rows_body(&[row(json!("x".repeat(120)))])).unwrap_err().code(), Code::ValueTooLarge);
    assert_eq!(
        parse(rows_body(&[row(json!(1)), row(json!(2)), row(json!(3))])).unwrap_err().code(),
        Code::TooManyVariables
    );
    let deep = parse(rows_body(&[row(json!([[[1]]]))])).unwrap();
    let variable = deep.get("a", None).unwrap();
    assert_eq!((variable.value_type, variable.raw.as_str()), (ValueType::String, "[[[1]]]"));
    let mut builder = SnapshotBuilder::new(IngestOptions { limits, ..IngestOptions::default() });
    assert_eq!(builder.reserve(401).unwrap_err().code(), Code::BodyTooLarge);
}

#[test]
fn any_slicing_of_the_bytes_gives_the_same_snapshot() {
    let body = format!(
        "\u{feff} {}",
        rows_body(&[
            variable("a", json!("x\u{e9}\"\\"), "user"),
            variable("b", json!({"k": [1, {"m": null}]}), "bot"),
            variable("a", json!(true), "global"),
        ])
    );
    let whole = parse(&body).to_json_text();
    for size in 1..body.len() {
        let mut builder = SnapshotBuilder::new(IngestOptions::default());
        for slice in body.as_bytes().chunks(size) {
            builder.buffer().extend_from_slice(slice);
            builder.advance().unwrap();
        }
        assert_eq!(builder.end_page().unwrap(), None);
        assert_eq!(builder.finish(Taken::at(0.0)).to_json_text(), whole, "slices of {size}");
    }
}

#[test]
fn pages_join_and_a_repeated_page_counts_once() {
    let page = |rows: &[Json], pagination: Json| json!({ "variables": rows, "pagination": pagination }).to_string();
    let mut builder = SnapshotBuilder::new(IngestOptions::default());
    let first =
        page(&[variable("a", json!("1"), "bot"), variable("b", json!("1"), "bot")], json!({"nextCursor": "c2"}));
    builder.buffer().extend_from_slice(first.as_bytes());
    assert_eq!(builder.end_page().unwrap(), Some(NextPage::Cursor("c2".into())));
    let second = page(&[variable("a", json!("2"), "user"), variable("c", json!("3"), "bot")], Json::Null);
    builder.buffer().extend_from_slice(&second.as_bytes()[..second.len() - 2]);
    builder.advance().unwrap();
    assert_eq!(builder.variables(), 4);
    builder.reset_page();
    assert_eq!(builder.variables(), 2);
    builder.buffer().extend_from_slice(second.as_bytes());
    assert_eq!(builder.end_page().unwrap(), None);
    let snapshot = builder.finish(Taken::at(0.0));
    assert_eq!((snapshot.len(), snapshot.entry_count()), (3, 4));
    assert_eq!(snapshot.get("a", None).unwrap().raw, "2");
    assert_eq!(snapshot.get("a", Some("bot")).unwrap().raw, "1");
}

#[test]
fn the_three_forms_of_paging_are_read() {
    let next = |pagination: Json| {
        let mut builder = SnapshotBuilder::new(IngestOptions::default());
        builder.buffer().extend_from_slice(json!({"variables": [], "pagination": pagination}).to_string().as_bytes());
        builder.end_page()
    };
    assert_eq!(next(json!({"nextCursor": "x"})).unwrap(), Some(NextPage::Cursor("x".into())));
    assert_eq!(next(json!({"next": "/p?page=2"})).unwrap(), Some(NextPage::Link("/p?page=2".into())));
    assert_eq!(next(json!({"page": 1, "pages": 3})).unwrap(), Some(NextPage::Number { page: 2, pages: 3 }));
    for last in
        [json!({"page": 3, "pages": 3}), json!({"nextCursor": null}), json!({"next": ""}), json!({}), Json::Null]
    {
        assert_eq!(next(last).unwrap(), None);
    }
    for odd in [json!([]), json!("x"), json!({"next": 7}), json!({"nextCursor": {}}), json!({"page": "1", "pages": 2})]
    {
        assert_eq!(next(odd).unwrap_err().code(), Code::SchemaMismatch);
    }
}

#[test]
fn one_name_a_hundred_thousand_times_is_no_trap() {
    let rows: Vec<String> =
        (0..100_000).map(|n| format!(r#"{{"name":"a","value":{n},"scope":"s{}"}}"#, n % 50_000)).collect();
    let body = format!(r#"{{"variables":[{}]}}"#, rows.join(","));
    let options = IngestOptions { precedence: Some(Precedence::side_by_side()), ..IngestOptions::default() };
    let snapshot = parse_with(&body, options);
    let window = Window { limit: 1, ..Window::default() };
    assert_eq!(snapshot.rows(&window).0, 50_000, "each scope once");
    let explanation = snapshot.explain("a", ExplainOptions::default()).unwrap();
    assert_eq!(explanation.candidates.len(), 1_000, "the first ones, since nobody reads more");
    assert!(explanation.sentence.contains("s0, s1,") && explanation.sentence.len() < 300);
}

#[test]
fn what_is_declared_counts_however_many_words_there_are() {
    let mut rows: Vec<Json> =
        (0..100).map(|n| json!({"name": n.to_string(), "value": "1", "scope": "s", "type": format!("t{n}")})).collect();
    rows.push(json!({"name": "text", "value": "42", "scope": "s", "type": "string"}));
    let snapshot = parse(&rows_body(&rows));
    assert_eq!(snapshot.get("text", None).unwrap().value, Value::String("42".into()));
    assert_eq!(snapshot.get("99", None).unwrap().note.unwrap().code.as_str(), "declared-type-unknown");
}
