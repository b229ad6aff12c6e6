//! Watchpoints, snapshot by snapshot.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use cognigy_session_debugger::Code;
use cognigy_session_debugger::snapshot::{
    Condition, IngestOptions, Snapshot, SnapshotBuilder, Step, Taken, Watchpoint, Watchpoints, WireMetrics,
};
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use std::cmp::Ordering;

/// Rows of scope and value under the name `v`, and one that is always there.
fn turn(rows: &[(&str, Json)]) -> Snapshot {
    turn_with(rows, IngestOptions::default())
}

fn turn_with(rows: &[(&str, Json)], options: IngestOptions) -> Snapshot {
    let mut list: Vec<Json> =
        rows.iter().map(|(scope, value)| json!({"name": "v", "value": value, "scope": scope})).collect();
    list.push(json!({"name": "other", "value": "1", "scope": "bot"}));
    Snapshot::parse(json!({ "variables": list }).to_string().into_bytes(), options, 7.0).unwrap()
}

fn raw_turn(value: &str) -> Snapshot {
    let body = format!(r#"{{"variables":[{{"name":"v","value":{value},"scope":"bot"}}]}}"#);
    Snapshot::parse(body.into_bytes(), IngestOptions::default(), 0.0).unwrap()
}

fn at(scope: Option<&str>, path: &[Step], when: Condition) -> Watchpoint {
    Watchpoint { name: "v".into(), scope: scope.map(String::from), path: path.to_vec(), when }
}

/// In which of the snapshots the condition is met, from 0.
fn met(watchpoint: &Watchpoint, snapshots: &[Snapshot]) -> Vec<usize> {
    let mut watchpoints = Watchpoints::new();
    let id = watchpoints.add(watchpoint.clone()).unwrap();
    let met: Vec<usize> =
        snapshots.iter().enumerate().filter(|(_, one)| !watchpoints.check(one).is_empty()).map(|(at, _)| at).collect();
    assert_eq!(watchpoints.hits(id), Some(u32::try_from(met.len()).unwrap()));
    met
}

fn met_in(when: Condition, values: &[&str]) -> Vec<usize> {
    met(&at(None, &[], when), &values.iter().map(|value| raw_turn(value)).collect::<Vec<_>>())
}

#[test]
fn a_change_is_another_value_and_not_another_spelling() {
    let values = ["1.50", "15e-1", r#""1.5""#, "1.5", "1.5", "2"];
    assert_eq!(met_in(Condition::Changes, &values), [5], "a text that reads as the number is the number");
    assert_eq!(met_in(Condition::TypeChanges, &values), [5]);
    assert_eq!(met_in(Condition::Changes, &[r#"{"a":1}"#, r#"{ "a" : 1.0 }"#, r#"{"a":2}"#]), [2]);
    assert_eq!(met_in(Condition::TypeChanges, &["1", "true", "false", "null"]), [1, 3]);
}

#[test]
fn what_comes_and_goes_is_told_as_such_and_is_no_change() {
    let there = |value: i32| turn(&[("user", json!(value))]);
    let turns = [turn(&[]), there(1), there(2), turn(&[]), there(2)];
    assert_eq!(met(&at(None, &[], Condition::Appears), &turns), [1, 4]);
    assert_eq!(met(&at(None, &[], Condition::Disappears), &turns), [3]);
    assert_eq!(met(&at(None, &[], Condition::Changes), &turns), [2]);
    assert_eq!(
        met(&at(None, &[], Condition::Appears), &[there(1)]),
        Vec::<usize>::new(),
        "the first look knows no before"
    );
    assert_eq!(met(&at(Some("bot"), &[], Condition::Appears), &turns), Vec::<usize>::new());
}

#[test]
fn a_part_of_a_value_is_watched_by_its_path() {
    let path = [Step::Name("items".into()), Step::Index(1)];
    let turns = [json!({"items": [1]}), json!({"items": [1, 2]}), json!({"items": [9, 2]}), json!("text")];
    let turns: Vec<Snapshot> = turns.into_iter().map(|value| turn(&[("session", value)])).collect();
    assert_eq!(met(&at(None, &path, Condition::Appears), &turns), [1]);
    assert_eq!(met(&at(None, &path, Condition::Changes), &turns), Vec::<usize>::new());
    assert_eq!(met(&at(None, &path, Condition::Disappears), &turns), [3]);
}

#[test]
fn a_winner_changes_with_the_scope_that_the_name_resolves_to() {
    let turns = [
        turn(&[("bot", json!("x"))]),
        turn(&[("bot", json!("x")), ("user", json!("x"))]),
        turn(&[("bot", json!("y")), ("user", json!("x"))]),
    ];
    assert_eq!(met(&at(None, &[], Condition::WinnerChanges), &turns), [1]);
    assert_eq!(met(&at(Some("bot"), &[], Condition::Changes), &turns), [2]);
    assert_eq!(met(&at(None, &[], Condition::Changes), &turns), Vec::<usize>::new());
}

#[test]
fn what_is_so_now_is_met_when_it_begins() {
    let equals = |json: &str| Condition::Equals(json.into());
    assert_eq!(met_in(equals(" 5 "), &["5", "5.0", "6", "50e-1"]), [0, 3]);
    assert_eq!(met_in(equals("5"), &[r#""5 ""#]), Vec::<usize>::new());
    assert_eq!(met_in(equals(r#"{"a":[1.0]}"#), &["{}", r#"{"\u0061":[1]}"#]), [1]);
    assert_eq!(met_in(equals("9007199254740993"), &["9007199254740992", "9007199254740993"]), [1]);
    let contains = |text: &str| Condition::Contains(text.into());
    assert_eq!(met_in(contains("fée"), &[r#""caf\u00e9""#, r#""f\u00e9e""#, "null"]), [1]);
    assert_eq!(met_in(contains("b\"c"), &[r#"{"a":[{"k":"ab\"cd"}]}"#, r#"{"b\"c":1}"#, "[]"]), [0]);
    assert_eq!(met_in(Condition::Exceeds(5), &["12345", "123456", "1234567", "1", r#"{"a":1}"#]), [1, 4]);
}

#[test]
fn a_number_is_crossed_when_it_is_reached_or_passed_in_either_direction() {
    let crosses = |limit: &str| Condition::Crosses(limit.into());
    assert_eq!(met_in(crosses("100"), &["99.9", "100.0", "101", "99", "50", "1e9"]), [1, 3, 5]);
    assert_eq!(met_in(crosses("0.3"), &["0.1", "0.30000000000000000001"]), [1]);
    assert_eq!(
        met_in(crosses("9007199254740993"), &["9007199254740992", "9007199254740992.5", "9007199254740993"]),
        [2]
    );
    assert_eq!(met_in(crosses("-1"), &["-2", "true", "5"]), Vec::<usize>::new(), "between them was no number");
}

#[test]
fn what_stays_the_same_is_told_once_in_a_row() {
    assert_eq!(met_in(Condition::UnchangedFor(3), &["1", "1", "1.0", "1", "1", "1", "2", "2", "2"]), [5, 8]);
    assert_eq!(met_in(Condition::UnchangedFor(1), &["1"]), [0]);
}

#[test]
fn what_a_snapshot_cannot_tell_is_no_event() {
    let there = || turn(&[("user", json!(1))]);
    let only_bot = || turn_with(&[], IngestOptions { loaded_scope: Some("bot".into()), ..IngestOptions::default() });
    let gone = at(None, &[], Condition::Disappears);
    assert_eq!(met(&gone, &[there(), only_bot(), there()]), Vec::<usize>::new());
    assert_eq!(met(&at(Some("user"), &[], Condition::Disappears), &[there(), only_bot()]), Vec::<usize>::new());

    let mut builder = SnapshotBuilder::new(IngestOptions::default());
    builder.buffer().extend_from_slice(br#"{"variables":[]}"#);
    builder.end_page().unwrap();
    let missing = builder.finish(Taken { at_ms: 0.0, complete: false, metrics: WireMetrics::default() });
    assert!(!missing.is_complete());
    assert_eq!(met(&gone, &[there(), missing, there()]), Vec::<usize>::new());
}

fn namespaces(body: &str) -> Snapshot {
    Snapshot::parse(body.as_bytes().to_vec(), IngestOptions::default(), 0.0).unwrap()
}

fn there() -> Snapshot {
    namespaces(r#"{"context":{"v":1},"input":{}}"#)
}

fn without_context() -> Snapshot {
    namespaces(r#"{"input":{"x":1},"profile":{}}"#)
}

/// The variable is gone, and its namespace is not.
fn gone() -> Snapshot {
    namespaces(r#"{"context":{"x":1}}"#)
}

#[test]
fn a_namespace_that_did_not_come_is_no_sign_that_a_variable_is_gone() {
    for scope in [None, Some("context")] {
        let disappears = at(scope, &[], Condition::Disappears);
        assert_eq!(met(&disappears, &[there(), without_context(), there(), gone()]), [3], "{scope:?}");
        let changes = at(scope, &[], Condition::Appears);
        assert_eq!(met(&changes, &[there(), without_context(), there(), gone(), there()]), [4], "{scope:?}");
    }
}

#[test]
fn a_namespace_that_has_only_come_now_is_no_sign_that_a_variable_has_appeared() {
    let in_input = || namespaces(r#"{"input":{"v":1}}"#);
    for scope in [None, Some("context")] {
        let appears = at(scope, &[], Condition::Appears);
        assert_eq!(met(&appears, &[without_context(), there(), there()]), Vec::<usize>::new(), "{scope:?}");
        assert_eq!(met(&appears, &[without_context(), gone(), there()]), [2], "{scope:?}");
        assert_eq!(met(&appears, &[gone(), without_context(), there()]), [2], "{scope:?}: it was not there before");
        assert_eq!(met(&appears, &[there(), gone(), without_context(), there()]), [3], "{scope:?}");
    }
    assert_eq!(met(&at(None, &[], Condition::Appears), &[without_context(), in_input()]), [1]);
}

#[test]
fn another_session_begins_anew_and_keeps_the_counts() {
    let of = |session: &str, value: i32| {
        let options = IngestOptions { session_id: Some(session.into()), ..IngestOptions::default() };
        turn_with(&[("user", json!(value))], options)
    };
    assert_eq!(met(&at(None, &[], Condition::Changes), &[of("a", 1), of("b", 2), of("b", 3), of("a", 1)]), [2]);
}

#[test]
fn an_event_tells_what_was_and_what_is() {
    let mut watchpoints = Watchpoints::new();
    let first = watchpoints.add(at(None, &[], Condition::Changes)).unwrap();
    let second = watchpoints.add(at(None, &[], Condition::Disappears)).unwrap();
    assert!(watchpoints.check(&turn(&[("user", json!("old"))])).is_empty());
    let events = watchpoints.check(&turn(&[("user", json!("new"))]));
    assert_eq!((events.len(), events[0].id, events[0].hits, events[0].taken_at_ms), (1, first, 1, 7.0));
    let observed = |observed: &Option<_>| {
        let observed: &cognigy_session_debugger::snapshot::Observed = observed.as_ref().unwrap();
        (format!("{:?}", observed.value), observed.scope.clone(), observed.bytes)
    };
    assert_eq!(observed(&events[0].before), (r#"String("old")"#.into(), "user".into(), 3));
    assert_eq!(observed(&events[0].after), (r#"String("new")"#.into(), "user".into(), 3));
    assert!(watchpoints.remove(first) && !watchpoints.remove(first));
    let events = watchpoints.check(&turn(&[]));
    assert_eq!((events.len(), events[0].id, events[0].after.clone()), (1, second, None));
}

#[test]
fn conditions_that_mean_nothing_are_refused() {
    let mut watchpoints = Watchpoints::new();
    for when in [
        Condition::Equals("{".into()),
        Condition::Equals(String::new()),
        Condition::Crosses("\"5\"".into()),
        Condition::Crosses("five".into()),
        Condition::Crosses("[1]".into()),
        Condition::UnchangedFor(0),
    ] {
        assert_eq!(watchpoints.add(at(None, &[], when.clone())).unwrap_err().code(), Code::InputInvalid, "{when:?}");
    }
    for _ in 0..1_000 {
        watchpoints.add(at(None, &[], Condition::Changes)).unwrap();
    }
    assert!(watchpoints.add(at(None, &[], Condition::Changes)).is_err());
}

proptest! {
    /// Against whole numbers, which need no decimals to be compared.
    #[test]
    fn decimals_compare_as_the_numbers_do(one in -10_000_i64..10_000, other in -10_000_i64..10_000, scale in 0_i32..6) {
        let spelled = |number: i64, places: i32| match places % 3 {
            0 => format!("{number}"),
            1 => format!("{number}.000"),
            _ => format!("{number}0e-1"),
        };
        let order = cognigy_session_debugger::value::compare_decimals(&spelled(one, scale), &spelled(other, scale / 3));
        prop_assert_eq!(order, Some(one.cmp(&other)));
        let small = cognigy_session_debugger::value::compare_decimals(&format!("{one}e-9"), &format!("{other}E-9"));
        prop_assert_eq!(small, Some(one.cmp(&other)));
        prop_assert!(order != Some(Ordering::Equal) || one == other);
    }
}
