//! Snapshots kept one after the other: as they were, in little room, and variable by variable.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::cast_precision_loss)]

use cognigy_session_debugger::Code;
use cognigy_session_debugger::query::{NameFilter, NameMatch};
use cognigy_session_debugger::scope::Precedence;
use cognigy_session_debugger::snapshot::{
    ChangeKind, ExportFormat, Hidden, History, HistoryOptions, IngestOptions, Mask, Snapshot, SnapshotBuilder, Taken,
    Window,
};
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use std::rc::Rc;

fn parse(body: &str) -> Rc<Snapshot> {
    Rc::new(Snapshot::parse(body.as_bytes().to_vec(), IngestOptions::default(), 0.0).unwrap())
}

fn rows(rows: &[Json]) -> String {
    json!({ "variables": rows }).to_string()
}

fn row(name: &str, value: impl Into<Json>, scope: &str) -> Json {
    json!({"name": name, "value": value.into(), "scope": scope})
}

fn unlimited() -> History {
    History::new(HistoryOptions { count: usize::MAX, bytes: usize::MAX })
}

/// All that can be asked of a snapshot without saying how it came.
fn told(snapshot: &Snapshot) -> String {
    let mut out = snapshot.to_json_text();
    out.push_str(&snapshot.export(ExportFormat::Ndjson, &Mask::off(), &mut Hidden::default()));
    for shadowed in [false, true] {
        out.push_str(&format!("{:?}", snapshot.rows(&Window { limit: usize::MAX, shadowed, ..Window::default() })));
    }
    let names: Vec<_> = snapshot.names().collect();
    format!(
        "{out} {names:?} {:?} {} {} {} {}",
        snapshot.shape(),
        snapshot.session_id(),
        snapshot.taken_at_ms(),
        snapshot.is_complete(),
        snapshot.unreadable_count()
    )
}

#[test]
fn every_snapshot_is_given_back_as_it_was() {
    let bodies = [
        r#"{"variables":[{"name":"a","value":"1","scope":"user"},{"name":"b","value":{"x":1.10},"scope":"bot"}]}"#,
        r#"{"variables":[{"name":"\u0061","value":"1","scope":"bot"},{"name":"a","value":"2","scope":"user","type":"string"}]}"#,
        r#"{"variables":[{"name":"a"},7,{"name":"n\"ull","value":null,"scope":"user","is_system":true},{"name":"a","value":"\ud800","scope":"x"}]}"#,
        r#"{"variables":[]}"#,
        r#"{"variables":[{"name":"b","value":{"x":1.1},"scope":"bot"},{"name":"a","value":"1","scope":"user"}]}"#,
        r#"{"input":{"text":"hi"},"context":{"a":{"b":1}},"profile":{"name":"x"},"state":{"s":true}}"#,
        r#"{"variables":[{"name":"a","value":"1","scope":"user"},{"name":"a","value":"1","scope":"user"},{"name":"a","value":"3","scope":"user"}]}"#,
    ];
    let mut history = unlimited();
    let snapshots: Vec<_> = bodies.iter().map(|body| parse(body)).collect();
    for (at, snapshot) in snapshots.iter().enumerate() {
        assert_eq!(history.push(Rc::clone(snapshot), None).unwrap() as usize, at + 1);
    }
    for (at, snapshot) in snapshots.iter().enumerate() {
        let again = history.snapshot(u32::try_from(at + 1).unwrap()).unwrap();
        assert_eq!(told(&again), told(snapshot), "{}", bodies[at]);
        let diff = again.diff(snapshot);
        assert_eq!((diff.added.len(), diff.removed.len(), diff.changed.len()), (0, 0, 0));
    }
    assert!(history.snapshot(0).is_none() && history.snapshot(8).is_none());
}

#[test]
fn a_history_lets_the_oldest_go_by_count_and_by_bytes() {
    let turn = |n: usize| parse(&rows(&[row("n", n, "user"), row("text", "x".repeat(10_000), "user")]));
    let mut history = History::new(HistoryOptions { count: 3, bytes: usize::MAX });
    for n in 0..10 {
        history.push(turn(n), Some(format!("turn {n}"))).unwrap();
    }
    assert_eq!((history.len(), history.evicted()), (3, 7));
    let kept: Vec<_> =
        history.moments().map(|moment| (moment.id, moment.turn.clone().unwrap(), moment.changed)).collect();
    assert_eq!(kept, [(8, "turn 7".into(), 1), (9, "turn 8".into(), 1), (10, "turn 9".into(), 1)]);
    assert!(history.snapshot(7).is_none());
    assert_eq!(history.snapshot(8).unwrap().get("n", None).unwrap().raw, "7");
    assert!(history.label(9, Some("refund".into())) && history.label(10, None) && !history.label(7, None));
    let turns: Vec<_> = history.moments().map(|moment| moment.turn.clone()).collect();
    assert_eq!(turns, [Some("turn 7".into()), Some("refund".into()), None]);

    let other = |n: usize| parse(&rows(&[row("text", n.to_string().repeat(100_000), "user")]));
    let one = {
        let mut one = unlimited();
        one.push(other(1), None).unwrap();
        one.bytes()
    };
    let mut history = History::new(HistoryOptions { count: 1_000, bytes: 5 * one });
    for n in 0..10 {
        history.push(other(n), None).unwrap();
        assert!(history.bytes() <= 5 * one);
    }
    assert!((3..=5).contains(&history.len()), "{}", history.len());
    let mut history = History::new(HistoryOptions { count: 0, bytes: 0 });
    history.push(other(1), None).unwrap();
    assert_eq!((history.push(other(2), None).unwrap(), history.len()), (2, 1), "the newest is kept whatever it takes");
}

#[test]
fn a_snapshot_of_another_session_is_refused() {
    let of = |session: &str| {
        let options = IngestOptions { session_id: Some(session.into()), ..IngestOptions::default() };
        Rc::new(Snapshot::parse(rows(&[]).into_bytes(), options, 0.0).unwrap())
    };
    let mut history = unlimited();
    history.push(of("one"), None).unwrap();
    assert_eq!(history.push(of("other"), None).unwrap_err().code(), Code::InputInvalid);
    assert_eq!((history.push(of("one"), None).unwrap(), history.len()), (2, 2));
}

#[test]
fn the_history_of_a_variable_is_each_change_once() {
    let mut history = unlimited();
    let turns = [
        vec![row("other", 1, "user")],
        vec![row("a", "1", "bot")],
        vec![row("other", 1, "user"), row("a", "1", "bot")],
        vec![row("a", "1", "bot"), row("a", "1", "user")],
        vec![row("a", "2", "user"), row("a", "1", "bot")],
        vec![row("a", 2, "user")],
        vec![row("a", "x", "user")],
        vec![],
        vec![row("a", json!({"x": 1, "y": 2}), "user")],
        vec![row("x", 1, "user"), row("a", json!({"x": 1, "y": 2}), "user")],
    ];
    for turn in &turns {
        history.push(parse(&rows(turn)), None).unwrap();
    }
    let lines = |scope: Option<&str>| -> Vec<String> {
        let line = |id: u32, kinds: &[ChangeKind], raw: Option<String>| {
            let kinds: Vec<_> = kinds.iter().map(|kind| kind.as_str()).collect();
            format!("{id} {} {}", kinds.join("+"), raw.unwrap_or("gone".into()))
        };
        let told = history.variable("a", scope);
        told.into_iter().map(|one| line(one.moment.id, &one.kinds, one.variable.map(|variable| variable.raw))).collect()
    };
    assert_eq!(
        lines(None),
        ["2  1", "4 winner 1", "5 value 2", "6 raw 2", "7 value+type x", "8  gone", r#"9  {"x":1,"y":2}"#]
    );
    assert_eq!(lines(Some("bot")), ["2  1", "6  gone"]);
    assert!(history.variable("none", None).is_empty() && unlimited().variable("a", None).is_empty());
    let entry = history.variable("a", None).last().unwrap().variable.as_ref().unwrap().entry;
    assert_eq!(history.snapshot(9).unwrap().variable(entry).unwrap().name, "a");
}

#[test]
fn a_snapshot_that_cannot_tell_is_no_sign_that_a_variable_is_gone() {
    let mut history = unlimited();
    let take = |names: &[&str], complete: bool, loaded: Option<&str>, asked: Option<&str>| {
        let options = IngestOptions {
            loaded_scope: loaded.map(String::from),
            names: asked.map(|name| NameFilter::new(name, NameMatch::Prefix)),
            ..IngestOptions::default()
        };
        let mut builder = SnapshotBuilder::new(options);
        let rows_of: Vec<_> = names.iter().map(|name| row(name, 1, "user")).collect();
        builder.buffer().extend_from_slice(rows(&rows_of).as_bytes());
        builder.end_page().unwrap();
        Rc::new(builder.finish(Taken { complete, ..Taken::at(0.0) }))
    };
    for (names, complete, loaded, asked) in [
        (&["a"][..], true, None, None),
        (&[], false, None, None),
        (&[], true, Some("bot"), None),
        (&["a"], true, None, Some("b")),
        (&["a"], true, None, None),
        (&[], true, None, Some("a")),
    ] {
        history.push(take(names, complete, loaded, asked), None).unwrap();
    }
    let ids: Vec<_> = history.variable("a", None).iter().map(|one| one.moment.id).collect();
    assert_eq!(ids, [1, 6]);
    // System variables that were dropped are not gone.
    let mut history = unlimited();
    let system = |name: &str, declared: bool, without_system: bool| {
        let options = IngestOptions { without_system, ..IngestOptions::default() };
        let row = serde_json::json!({ "name": name, "value": "1", "scope": "user" });
        let mut rows = vec![row];
        if declared {
            rows[0]["isSystem"] = true.into();
        }
        let body = serde_json::json!({ "variables": rows }).to_string();
        Rc::new(Snapshot::parse(body.into_bytes(), options, 0.0).unwrap())
    };
    for (name, declared) in [("_lang", false), ("told", true)] {
        for without_system in [false, true] {
            history.push(system(name, declared, without_system), None).unwrap();
        }
        let told: Vec<_> = history.variable(name, None).iter().map(|one| one.variable.is_some()).collect();
        assert_eq!(told, [true], "{name}");
    }
}

#[test]
fn a_namespace_that_did_not_come_tells_nothing_of_what_stands_in_it() {
    let bodies = [
        r#"{"context":{"v":1},"input":{}}"#,
        r#"{"input":{"x":1},"profile":{}}"#,
        r#"{"context":{"v":1}}"#,
        r#"{"context":{"x":1}}"#,
        r#"{"input":{"x":1}}"#,
        r#"{"context":{"v":1},"input":{"x":1}}"#,
    ];
    let mut history = unlimited();
    for body in bodies {
        history.push(parse(body), None).unwrap();
    }
    for scope in [None, Some("context")] {
        let told = history.variable("v", scope);
        let told: Vec<_> = told.iter().map(|one| (one.moment.id, one.variable.is_some())).collect();
        assert_eq!(told, [(1, true), (4, false), (6, true)], "{scope:?}");
    }
    // The one after it has nothing to say of it.
    history.push(parse(bodies[4]), None).unwrap();
    assert_eq!(history.variable("v", None).last().unwrap().moment.id, 6);
}

/// Ten thousand variables, of which a hundredth changes from one to the next.
fn session(name: &str, value: impl Fn(usize, usize) -> String) -> f64 {
    let mut values: Vec<usize> = vec![0; 10_000];
    let mut history = unlimited();
    let mut one = 0;
    let mut expected = Vec::new();
    for turn in 0..100 {
        if turn > 0 {
            // Another hundredth each time, spread over the session.
            (0..100).for_each(|step| values[(turn * 37 + step * 101) % 10_000] = turn);
        }
        let rows: Vec<String> = values
            .iter()
            .enumerate()
            .map(|(at, turn)| format!(r#"{{"name":"variable_{at}","value":{},"scope":"session"}}"#, value(at, *turn)))
            .collect();
        let snapshot = parse(&format!(r#"{{"variables":[{}]}}"#, rows.join(",")));
        if turn == 42 {
            expected.push(told(&snapshot));
        }
        history.push(snapshot, None).unwrap();
        one = one.max(if turn == 0 { history.bytes() } else { 0 });
        assert!(turn == 0 || history.moments().last().unwrap().changed == 100);
    }
    assert_eq!(history.len(), 100);
    assert_eq!(told(&history.snapshot(43).unwrap()), expected[0]);
    let ratio = history.bytes() as f64 / one as f64;
    println!("memory of 100 snapshots, {name}: {ratio:.2} times one ({one} bytes)");
    ratio
}

#[test]
fn a_hundred_snapshots_take_at_most_three_times_the_memory_of_one() {
    assert!(session("numbers", |at, turn| format!("{}", at * 1_000 + turn)) <= 3.0);
    assert!(
        session("objects", |at, turn| format!(
            r#"{{"id":{at},"turn":{turn},"text":"{}","list":[1.10,"é",null]}}"#,
            "x".repeat(at % 300)
        )) <= 3.0
    );
}

#[test]
fn one_name_very_often_is_no_trap() {
    let body = |last: usize| {
        let rows: Vec<_> =
            (0..50_000).map(|n| format!(r#"{{"name":"a","value":{n},"scope":"s{}"}}"#, n % 20_000)).collect();
        format!(r#"{{"variables":[{},{{"name":"a","value":{last},"scope":"user"}}]}}"#, rows.join(","))
    };
    let mut history = unlimited();
    for last in 0..5 {
        history.push(parse(&body(last)), None).unwrap();
    }
    let mut turned: Json = serde_json::from_str(&body(5)).unwrap();
    turned["variables"].as_array_mut().unwrap().reverse();
    history.push(parse(&turned.to_string()), None).unwrap();
    assert_eq!(history.variable("a", None).len(), 6);
    assert_eq!(history.snapshot(3).unwrap().get("a", None).unwrap().raw, "2");
}

proptest! {
    /// Whatever comes after it, a snapshot is given back as it was, and its variables as they were.
    #[test]
    fn what_is_kept_is_what_was_pushed(
        turns in proptest::collection::vec(
            proptest::collection::vec((0..5_usize, 0..4_usize, 0..3_usize), 0..8), 1..8),
        side_by_side in any::<bool>(),
    ) {
        let snapshots: Vec<_> = turns.iter().map(|turn| {
            let rows_of: Vec<_> = turn.iter().map(|(name, value, scope)| {
                let value = [json!("1.0"), json!(1), json!("x"), json!({"a": [1]})][*value].clone();
                if *name == 4 { json!(7) } else { row(["a", "b", "c\"", ""][*name], value, ["user", "bot", "odd"][*scope]) }
            }).collect();
            let precedence = side_by_side.then(Precedence::side_by_side);
            let options = IngestOptions { precedence, ..IngestOptions::default() };
            Rc::new(Snapshot::parse(rows(&rows_of).into_bytes(), options, 0.0).unwrap())
        }).collect();
        let mut history = unlimited();
        for snapshot in &snapshots {
            history.push(Rc::clone(snapshot), None).unwrap();
        }
        for (id, snapshot) in (1..).zip(&snapshots) {
            prop_assert_eq!(told(&history.snapshot(id).unwrap()), told(snapshot));
        }
        for name in ["a", "b", "c\"", ""] {
            for scope in [None, Some("bot")] {
                // Told by a peer that looks at each snapshot in turn.
                let mut expected = Vec::new();
                let mut last = None;
                for (id, snapshot) in (1_u32..).zip(&snapshots) {
                    let now = snapshot.get(name, scope);
                    let key = now.as_ref().map(|one| (one.value.clone(), one.raw.clone(), one.raw_is_text, one.scope.clone()));
                    if key != last {
                        expected.push((id, now));
                    }
                    last = key;
                }
                let found: Vec<_> = history.variable(name, scope).into_iter().map(|one| (one.moment.id, one.variable)).collect();
                prop_assert_eq!(found, expected);
            }
        }
    }
}
