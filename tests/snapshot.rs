//! What a snapshot tells of its variables: who wins, why, and the rows of a table.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, unreachable_pub)]

use cognigy_session_debugger::Code;
use cognigy_session_debugger::scope::Precedence;
use cognigy_session_debugger::snapshot::{ExplainOptions, IngestOptions, Sort, Status, Window};
use cognigy_session_debugger::value::{NoteCode, Policy, Value, ValueType};
use serde_json::{Value as Json, json};

#[path = "support/rows.rs"]
#[allow(dead_code)]
mod support;

use support::{names, parse, parse_with, rows_body, sample, variable};

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
fn rows_are_sorted_by_what_is_asked_for() {
    let snapshot = parse(&rows_body(&[
        variable("n10", json!("a text"), "global"),
        variable("_s", json!(true), "odd"),
        variable("n2", json!(7), "user"),
        variable("list", json!([1, 2, 3]), "bot"),
        variable("N9", json!("abc"), "session"),
    ]));
    let sorted = |sort: &str| {
        let (_, rows) = snapshot.rows(&Window { sort: Sort::parse(sort).unwrap(), ..Window::default() });
        rows.iter().map(|row| row.name.clone()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(sorted("order"), "n10 _s n2 list N9");
    assert_eq!(sorted("-order"), "N9 list n2 _s n10");
    assert_eq!(sorted("name"), "list n2 N9 n10 _s");
    assert_eq!(sorted("scope"), "n2 N9 list n10 _s");
    assert_eq!(sorted("-scope"), "_s n10 list N9 n2");
    assert_eq!(sorted("size"), "n2 _s N9 list n10");
    assert_eq!(sorted("-size"), "n10 list N9 _s n2");
    let types: Vec<_> = {
        let (_, rows) = snapshot.rows(&Window { sort: Sort::parse("type").unwrap(), ..Window::default() });
        rows.iter().map(|row| row.value_type.unwrap().as_str()).collect()
    };
    let mut runs = types.clone();
    runs.dedup();
    assert_eq!((types.len(), runs.len()), (5, 4), "rows of one type stand together: {types:?}");
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
fn what_is_escaped_inside_a_document_is_found() {
    let snapshot = parse(
        r#"{"variables":[{"name":"a","value":{"n":"M\u00fcller \"x\/y\""},"scope":"user"},
        {"name":"b","value":"{\"n\":\"M\\u00fcller\"}","scope":"user"}]}"#,
    );
    let total = |filter: &str| snapshot.rows(&Window { filter: filter.into(), ..Window::default() }).0;
    assert_eq!((total("MÜLLER"), total("\"x/y\""), total("mueller")), (2, 1, 0));
}

#[test]
fn numbers_inside_of_values_tell_what_a_64_bit_number_loses() {
    let snapshot = parse(
        r#"{"variables":[{"name":"n","value":[1.10,12345678901234567890,0.1234567890123456789,1E400,[1E400],"1E400"],"scope":"bot"}]}"#,
    );
    let codes = |path: &[usize]| -> Vec<_> {
        let nodes = snapshot.children(0, path, 0, 9).unwrap().nodes;
        nodes.into_iter().map(|node| node.note).collect()
    };
    let (precision, overflow) = (Some(NoteCode::Precision), Some(NoteCode::Overflow));
    assert_eq!(codes(&[]), [None, None, precision, overflow, None, None]);
    assert_eq!(codes(&[4]), [overflow]);
}
