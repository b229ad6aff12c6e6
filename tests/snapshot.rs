//! What a snapshot answers, through the public API.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice)]

use cognigy_session_debugger::Code;
use cognigy_session_debugger::ingest::Limits;
use cognigy_session_debugger::query::NextPage;
use cognigy_session_debugger::scope::Precedence;
use cognigy_session_debugger::snapshot::{
    ChangeKind, ExplainOptions, ExportFormat, Hidden, IngestOptions, Mask, Row, Snapshot, SnapshotBuilder, Sort,
    Status, Taken, Window,
};
use cognigy_session_debugger::value::{Policy, Value, ValueType};
use serde_json::{Value as Json, json};

fn parse_with(body: &str, options: IngestOptions) -> Snapshot {
    Snapshot::parse(body.as_bytes().to_vec(), options, 1_700_000_000_000.0).unwrap()
}

fn parse(body: &str) -> Snapshot {
    parse_with(body, IngestOptions::default())
}

fn rows_body(rows: &[Json]) -> String {
    json!({ "variables": rows }).to_string()
}

fn variable(name: &str, value: Json, scope: &str) -> Json {
    json!({ "name": name, "value": value, "scope": scope })
}

fn names(rows: &[Row]) -> Vec<&str> {
    rows.iter().map(|row| row.name.as_str()).collect()
}

fn sample() -> Snapshot {
    parse(&rows_body(&[
        variable("lang", json!("de"), "bot"),
        variable("phone", json!("+4915112345678"), "user"),
        variable("agent", json!("007"), "session"),
        variable("lang", json!("ar"), "user"),
        variable("age", json!("42"), "user"),
        variable("cart", json!("{\"items\":[1.10,2],\"items\":[3]}"), "session"),
        variable("_turn", json!(3), "session"),
        variable("lang", json!("en"), "campaign"),
        variable("empty", json!(""), "user"),
        variable("nothing", Json::Null, "user"),
    ]))
}

#[test]
fn the_higher_scope_wins_and_every_loser_stays() {
    let snapshot = sample();
    assert_eq!(snapshot.len(), 8);
    assert_eq!(snapshot.entry_count(), 10);
    assert_eq!(snapshot.get("lang", None).unwrap().scope, "user");
    assert_eq!(snapshot.get("lang", Some("bot")).unwrap().raw, "de");
    assert_eq!(snapshot.get("lang", Some("campaign")).unwrap().raw, "en");
    assert_eq!(snapshot.get("lang", Some("global")), None);
    assert_eq!(snapshot.get("gone", None), None);
}

#[test]
fn names_come_once_in_order_of_first_appearance() {
    let snapshot = sample();
    let names: Vec<_> = snapshot.names().collect();
    assert_eq!(names, ["lang", "phone", "agent", "age", "cart", "_turn", "empty", "nothing"]);
}

#[test]
fn what_would_lose_something_stays_a_text() {
    let snapshot = sample();
    assert_eq!(snapshot.get("agent", None).unwrap().value, Value::String("007".into()));
    assert_eq!(snapshot.get("phone", None).unwrap().value_type, ValueType::String);
    assert_eq!(snapshot.get("age", None).unwrap().value, Value::Integer("42".into()));
    assert!(snapshot.get("agent", None).unwrap().note.is_some());
    let reference = IngestOptions { policy: Some(Policy::Reference), ..IngestOptions::default() };
    let body = rows_body(&[variable("agent", json!("007"), "session")]);
    assert_eq!(parse_with(&body, reference).get("agent", None).unwrap().value, Value::Integer("7".into()));
}

#[test]
fn explanations_name_every_scope_and_what_became_of_it() {
    let explanation = sample().explain("lang", ExplainOptions::default()).unwrap();
    let told: Vec<_> = explanation.candidates.iter().map(|c| (c.scope.as_str(), c.rank, c.status)).collect();
    assert_eq!(
        told,
        [
            ("user", 3, Status::Wins),
            ("session", 2, Status::NotSet),
            ("bot", 1, Status::Hidden),
            ("global", 0, Status::NotSet),
            ("campaign", -1, Status::UnknownScope),
        ]
    );
    assert_eq!(explanation.rule, "layered/highest-scope-wins");
    assert_eq!(explanation.sentence, "user (rank 3) wins over bot (rank 1) and campaign (unknown scope, ranked last).");
    assert_eq!(sample().explain("gone", ExplainOptions::default()), None);
}

#[test]
fn the_first_of_equals_stays_and_the_explanation_says_so() {
    let snapshot = parse(&rows_body(&[variable("a", json!("1"), "user"), variable("a", json!("2"), "user")]));
    assert_eq!(snapshot.get("a", None).unwrap().raw, "1");
    let explanation = snapshot.explain("a", ExplainOptions::default()).unwrap();
    assert_eq!(explanation.candidates[1].status, Status::Duplicate);
    assert!(explanation.sentence.contains("twice"), "{}", explanation.sentence);
    let unknown = parse(&rows_body(&[variable("a", json!("1"), "x"), variable("a", json!("2"), "y")]));
    assert_eq!(unknown.get("a", None).unwrap().scope, "x");
    assert!(unknown.explain("a", ExplainOptions::default()).unwrap().sentence.contains("equal rank"));
}

#[test]
fn a_scope_that_was_not_asked_for_is_not_loaded_rather_than_not_set() {
    let options = IngestOptions { loaded_scope: Some("user".into()), ..IngestOptions::default() };
    let explanation = parse_with(&rows_body(&[variable("a", json!("1"), "user")]), options)
        .explain("a", ExplainOptions::default())
        .unwrap();
    assert_eq!(explanation.candidates[1].status, Status::NotLoaded);
    assert!(explanation.sentence.ends_with("This holds among the loaded scopes only."));
}

#[test]
fn side_by_side_nothing_wins() {
    let options = IngestOptions { precedence: Some(Precedence::side_by_side()), ..IngestOptions::default() };
    let body = rows_body(&[
        variable("lang", json!("de"), "bot"),
        variable("lang", json!("ar"), "user"),
        variable("lang", json!("fr"), "user"),
        variable("age", json!("42"), "user"),
    ]);
    let snapshot = parse_with(&body, options);
    let (total, rows) = snapshot.rows(&Window::default());
    assert_eq!((total, names(&rows)), (3, vec!["lang", "lang", "age"]));
    assert!(rows.iter().all(|row| !row.hidden && row.hides == 0));
    assert_eq!(snapshot.get("lang", None).unwrap().scope, "user");
    let explanation = snapshot.explain("lang", ExplainOptions::default()).unwrap();
    assert_eq!(explanation.winner, None);
    assert!(explanation.sentence.starts_with("user and bot have the name with different values."));
    let wire: Json = serde_json::from_str(&snapshot.to_json_text()).unwrap();
    assert_eq!(wire["variables"]["lang"]["value"], "ar");
    assert_eq!(wire["variables"]["lang"]["others"][0]["value"], "de");
}

#[test]
fn rows_show_the_value_and_the_raw_text_beside_a_reading_that_changed_it() {
    let snapshot = sample();
    let (total, rows) = snapshot.rows(&Window { shadowed: true, ..Window::default() });
    assert_eq!(total, 10);
    let row = |name: &str| rows.iter().find(|row| row.name == name).unwrap();
    assert_eq!((row("age").text.as_str(), row("age").raw.as_deref()), ("42", Some("42")));
    assert_eq!((row("agent").text.as_str(), row("agent").raw.as_deref()), ("007", None));
    assert_eq!(row("cart").text, "{items, items}");
    assert_eq!(row("cart").child_count, Some(2));
    assert_eq!((row("_turn").is_system, row("_turn").system_declared), (true, false));
    assert_eq!((row("lang").hidden, rows[3].hides, rows[3].hidden), (true, 2, false));
}

#[test]
fn a_window_is_a_slice_of_all_rows() {
    let body: Vec<Json> =
        (0..250).map(|n| variable(&format!("v{}", n * 7 % 250), json!(n.to_string()), "user")).collect();
    let snapshot = parse(&rows_body(&body));
    for sort in ["order", "name", "-name", "scope", "type", "size", "-size"] {
        let sort = Sort::parse(sort).unwrap();
        let (total, all) = snapshot.rows(&Window { limit: 1_000, sort, ..Window::default() });
        assert_eq!((total, all.len()), (250, 250));
        for (offset, limit) in [(0, 10), (95, 30), (240, 100), (250, 5), (9_999, 5)] {
            let (total, part) = snapshot.rows(&Window { offset, limit, sort, ..Window::default() });
            assert_eq!(total, 250);
            assert_eq!(part, all.iter().skip(offset).take(limit).cloned().collect::<Vec<_>>());
        }
    }
}

#[test]
fn rows_are_filtered_by_text_scope_and_system() {
    let snapshot = sample();
    let select =
        |window: Window| names(&snapshot.rows(&window).1).iter().map(|name| name.to_string()).collect::<Vec<_>>();
    let filter = |text: &str| select(Window { filter: text.into(), ..Window::default() });
    assert_eq!(filter("PHO"), ["phone"]);
    assert_eq!(filter("4915"), ["phone"]);
    assert_eq!(filter("items"), ["cart"]);
    assert!(filter("de").is_empty(), "a hidden value is found only where hidden rows are shown");
    assert_eq!(select(Window { filter: "de".into(), shadowed: true, ..Window::default() }), ["lang"]);
    assert_eq!(select(Window { scope: Some("session".into()), system: false, ..Window::default() }), ["agent", "cart"]);
    let by_name = Window { sort: Sort::parse("name").unwrap(), ..Window::default() };
    assert_eq!(select(by_name), ["age", "agent", "cart", "empty", "lang", "nothing", "phone", "_turn"]);
}

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
            "$.variables[8]",
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
fn names_are_data() {
    let odd = ["__proto__", "constructor", "", "a.b", "\u{202e}x", "na\"me", "😀", "_sys"];
    let snapshot = parse(&rows_body(&odd.map(|name| variable(name, json!(1), "user"))));
    assert_eq!(snapshot.names().collect::<Vec<_>>(), odd);
    let wire: Json = serde_json::from_str(&snapshot.to_json_text()).unwrap();
    for name in odd {
        assert_eq!(wire["variables"][name]["value"], 1, "{name}");
        assert_eq!(snapshot.get(name, Some("user")).unwrap().name, name);
    }
    let escaped = parse(
        r#"{"variables":[{"n\u0061me":"\u0061","value":1,"scope":"bot"},{"name":"a","value":2,"scope":"us\u0065r"}]}"#,
    );
    assert_eq!((escaped.len(), escaped.get("a", None).unwrap().scope.as_str()), (1, "user"));
}

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
fn values_open_level_by_level() {
    let snapshot = sample();
    let cart = snapshot.get("cart", None).unwrap().entry;
    let top = snapshot.children(cart, &[], 0, 10).unwrap();
    assert_eq!(top.nodes.iter().map(|node| node.kept).collect::<Vec<_>>(), [Some(false), Some(true)]);
    let items = snapshot.children(cart, &[0], 0, 10).unwrap();
    assert_eq!(items.nodes.iter().map(|node| node.text.as_str()).collect::<Vec<_>>(), ["1.10", "2"]);
    assert_eq!(snapshot.children(cart, &[0], 1, 1).unwrap().nodes[0].ordinal, 1);
    assert_eq!(snapshot.text(cart, &[0, 0], 0, 99).unwrap().text, "1.10");
    assert_eq!(snapshot.text(cart, &[], 0, 8).unwrap().text, "{\"items\"");
    assert_eq!(snapshot.children(cart, &[0, 0], 0, 10).unwrap().total, 0);
    assert_eq!(snapshot.children(cart, &[5], 0, 10).unwrap_err().code(), Code::InputInvalid);
    assert_eq!(snapshot.children(999, &[], 0, 10).unwrap_err().code(), Code::InputInvalid);
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
    assert_eq!(kinds("scope"), [ChangeKind::Scope]);
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
    assert_eq!(lines[1], r#""a","user","string","'=1+1","false","false""#);
    assert_eq!(lines[2], "\"a\",\"bot\",\"string\",\"say \"\"hi\"\"\n\",\"true\",\"false\"");
    assert_eq!(lines[3], r#""'+b","user","integer","'-5","false","false""#);
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

#[test]
fn the_rest_of_a_text_may_be_asked_for_without_knowing_its_length() {
    let snapshot = parse(&rows_body(&[variable("a", json!("hello 😀 world"), "user")]));
    for limit in [usize::MAX, u32::MAX as usize, 100] {
        assert_eq!(snapshot.text(0, &[], 6, limit).unwrap().text, "😀 world");
    }
    assert_eq!(
        snapshot.text(0, &[], 6, 1).unwrap().text,
        "😀",
        "a limit of one gets one character, whatever its width"
    );
    assert_eq!(snapshot.text(0, &[], 6, 0).unwrap().text, "");
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

#[test]
fn what_is_escaped_inside_a_document_is_found() {
    let snapshot = parse(
        r#"{"variables":[{"name":"a","value":{"n":"M\u00fcller \"x\/y\""},"scope":"user"},
        {"name":"b","value":"{\"n\":\"M\\u00fcller\"}","scope":"user"}]}"#,
    );
    let total = |filter: &str| snapshot.rows(&Window { filter: filter.into(), ..Window::default() }).0;
    assert_eq!((total("MÜLLER"), total("\"x/y\""), total("mueller")), (2, 1, 0));
}
