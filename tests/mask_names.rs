//! Names and scopes that a mask hides: nothing about them is told by order, rank or group, and each leads back to its own row.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

use cognigy_session_debugger::snapshot::*;
use serde_json::json;
use std::rc::Rc;

/// A snapshot of rows of name, value and scope.
fn snapshot(rows: &[(&str, &str, &str)]) -> Rc<Snapshot> {
    let rows: Vec<_> =
        rows.iter().map(|(name, value, scope)| json!({"name": name, "value": value, "scope": scope})).collect();
    let body = json!({ "session_id": "sess_1", "variables": rows }).to_string();
    Rc::new(Snapshot::parse(body.into_bytes(), IngestOptions::default(), 0.0).unwrap())
}

fn listed(names: &[&str]) -> Mask {
    let allow = Some(names.iter().map(|name| (*name).to_owned()).collect());
    Mask::new(MaskOptions { allow, ..MaskOptions::default() })
}

fn window(sort: &str) -> Window {
    Window { sort: Sort::parse(sort).unwrap(), shadowed: true, ..Window::default() }
}

fn names(of: &Snapshot, sort: &str, mask: &Mask) -> Vec<String> {
    of.rows_through(&window(sort), Lens { earlier: None, mask }).1.into_iter().map(|row| row.name).collect()
}

/// All that is shown of a snapshot in whatever order, and explained.
fn shown(of: &Rc<Snapshot>, mask: &Mask) -> String {
    let mut all = String::new();
    for sort in ["order", "name", "-name", "scope", "-scope", "type", "size", "changed"] {
        for scope in [None, Some("user"), Some("[masked:not-listed]")] {
            for by in [Grouping::None, Grouping::Scope, Grouping::Prefix] {
                let mut arrangement = Arrangement::default();
                let window = Window { scope: scope.map(String::from), ..window(sort) };
                arrangement.show(Rc::clone(of), None, &window, by, mask);
                all += &format!("{:#?}\n", arrangement.rows(0, 100));
            }
        }
    }
    for row in of.rows_through(&window("order"), Lens { earlier: None, mask }).1 {
        let options = ExplainOptions { mask: Some(mask), ..ExplainOptions::default() };
        all += &format!("{:#?}\n", of.explain(&row.name, options));
    }
    all
}

#[test]
fn no_order_tells_a_hidden_name() {
    let of = |one: &str, other: &str| {
        snapshot(&[("Zeta", "1", "user"), (one, "1", "user"), ("alpha", "1", "bot"), (other, "1", "user")])
    };
    let (first, second) = ("ann@mail.example", "zoe@mail.example");
    let one = of(first, second);
    assert_eq!(names(&one, "name", &Mask::off()), ["alpha", first, "Zeta", second]);
    let mask = Mask::standard();
    assert_eq!(names(&one, "name", &mask), ["[masked:email#1]", "[masked:email#2]", "alpha", "Zeta"]);
    assert_eq!(names(&one, "-name", &mask), ["Zeta", "alpha", "[masked:email#2]", "[masked:email#1]"]);
    // Whichever of them comes first, what is shown is the same.
    assert_eq!(shown(&one, &Mask::standard()), shown(&of(second, first), &Mask::standard()));
    // What was sorted through one mask is not told through another.
    assert_eq!(names(&one, "name", &Mask::off()), ["alpha", first, "Zeta", second]);
}

#[test]
fn a_list_of_names_lets_no_scope_through() {
    let of = |scopes: [&str; 4]| {
        snapshot(&[
            ("x", "1", scopes[0]),
            ("plan", "gold", "bot"),
            ("y", "1", scopes[1]),
            ("x", "1", "session"),
            ("z", "1", scopes[2]),
            ("w", "1", scopes[3]),
        ])
    };
    let told = |scopes| shown(&of(scopes), &listed(&["plan"]));
    let one = told(["user", "bot", "global", "attic"]);
    assert_eq!(one, told(["user", "global", "user", "bot"]));
    assert!(!one.contains("attic"));
    assert!(one.contains("[masked:not-listed] wins over [masked:not-listed#2]."), "{one}");
}

#[test]
fn every_hidden_row_is_found_by_what_is_shown_of_it() {
    let rows =
        [("x", "1", "bot"), ("x", "2", "user"), ("y", "3", "user"), ("plan", "gold", "bot"), ("x", "4", "session")];
    let (mask, before) = (listed(&["plan"]), snapshot(&rows));
    let shown = |of: &Snapshot| -> Vec<(EntryId, String, String)> {
        let rows = of.rows_through(&window("order"), Lens { earlier: None, mask: &mask }).1;
        rows.into_iter().map(|row| (row.entry, row.name, row.scope)).collect()
    };
    let found = shown(&before);
    for (entry, name, scope) in &found {
        assert_eq!(before.entry_through(name, Some(scope), &mask), Some(*entry), "{name} {scope}");
    }
    // The same variables after a refresh, in another order and with one more in front.
    let mut others: Vec<_> = rows.into_iter().rev().collect();
    others.insert(0, ("x", "5", "global"));
    let after = snapshot(&others);
    for (entry, name, scope) in &found {
        let (was, is) = (before.variable(*entry).unwrap(), after.entry_through(name, Some(scope), &mask).unwrap());
        let is = after.variable(is).unwrap();
        assert_eq!((was.name, was.scope, was.raw), (is.name, is.scope, is.raw));
    }
    let mut arrangement = Arrangement::default();
    arrangement.show(Rc::clone(&before), None, &window("order"), Grouping::None, &mask);
    let (_, name, scope) = found.iter().find(|(entry, ..)| *entry == 4).unwrap();
    arrangement.pin(Pin { name: name.clone(), scope: Some(scope.clone()) });
    arrangement.show(Rc::clone(&after), None, &window("order"), Grouping::None, &mask);
    let Item::Variable(row) = arrangement.rows(0, 1).remove(0).item else { panic!("the pin has no variable") };
    assert_eq!(after.variable(row.entry).unwrap().raw, "4");
    let mut history = History::new(HistoryOptions::default());
    history.push(before, None).unwrap();
    assert!(history.variable_through(name, Some(scope), &mask, &mut Hidden::default())[0].variable.is_some());
}

#[test]
fn what_one_mask_hides_is_not_taken_for_what_another_does() {
    let of = snapshot(&[("note", "opaque-token-7", "user"), ("pin", "4711", "user"), ("n", "x", "user")]);
    let found = |filter: &str, mask: &Mask| {
        let window = Window { filter: filter.into(), ..Window::default() };
        // The same question is asked twice: once it has to be found out, once it is known.
        let other = Window { filter: format!("{filter} "), ..window.clone() };
        let lens = Lens { earlier: None, mask };
        let (first, again) = (of.rows_through(&window, lens).0, of.rows_through(&other, lens).0);
        assert_eq!(first, again, "{filter}");
        first
    };
    let (standard, own) =
        (Mask::standard(), Mask::new(MaskOptions { names: vec!["n".into()], ..MaskOptions::default() }));
    assert_eq!([found("4711", &Mask::off()), found("4711", &standard), found("masked:yes", &standard)], [1, 0, 1]);
    assert_eq!([found("value=x", &standard), found("value=x", &own), found("masked:yes", &own)], [1, 0, 2]);
    assert_eq!([found("opaque", &standard), found("masked:yes", &Mask::off())], [1, 0]);
    // A token of its own that the engine learns later is hidden from then on.
    Mask::know("opaque-token-7");
    assert_eq!([found("opaque-t", &standard), found("masked:yes -name:zz", &standard)], [0, 2]);
    Mask::forget_tokens();
    assert_eq!(found("opaque-to", &standard), 1);
}

#[test]
fn the_order_of_names_tells_nothing_of_a_token_that_the_engine_learned_later() {
    let of = snapshot(&[("a-9", "1", "user"), ("zz-secret-token", "1", "user"), ("b", "1", "user")]);
    let mask = Mask::standard();
    assert_eq!(names(&of, "name", &mask), ["a-9", "b", "zz-secret-token"]);
    Mask::know("zz-secret-token");
    assert_eq!(names(&of, "name", &mask), ["[masked:own-token#1]", "a-9", "b"]);
    Mask::forget_tokens();
    assert_eq!(names(&of, "name", &mask), ["a-9", "b", "zz-secret-token"]);
}

#[test]
fn a_hidden_scope_keeps_its_number_however_many_were_hidden_since() {
    let mask = listed(&[]);
    let scopes = |of: &Snapshot| -> Vec<String> {
        let lens = Lens { earlier: None, mask: &mask };
        of.rows_through(&window("order"), lens).1.into_iter().map(|row| row.scope).collect()
    };
    let first = snapshot(&[("x", "1", "user"), ("y", "1", "user"), ("x", "1", "bot")]);
    let expected = ["[masked:not-listed]", "[masked:not-listed]", "[masked:not-listed#2]"];
    assert_eq!(scopes(&first), expected);
    assert_eq!(
        scopes(&snapshot(&[("y", "1", "bot"), ("x", "1", "z")])),
        ["[masked:not-listed#2]", "[masked:not-listed#3]"]
    );
    assert_eq!(scopes(&first), expected);
    assert_eq!(first.entry_through("[masked:not-listed#1]", Some("[masked:not-listed#2]"), &mask), Some(2));
}

#[test]
fn a_hidden_name_can_be_watched_as_it_is_shown() {
    let of = |mail: &str| snapshot(&[("max@mail.example", mail, "user"), ("x", "1", "bot")]);
    for (mask, told) in [(Mask::standard(), "2"), (listed(&["x"]), "[masked:not-listed]")] {
        let row = of("1").row_through(0, &mask).unwrap();
        assert!(row.name.starts_with("[masked:"));
        let mut watchpoints = Watchpoints::new();
        let watchpoint =
            Watchpoint { name: row.name, scope: Some(row.scope), path: Vec::new(), when: Condition::Changes };
        let id = watchpoints.add_through(watchpoint, &mask).unwrap();
        let known = watchpoints.watchpoint(id).unwrap();
        assert_eq!((known.name.as_str(), known.scope.as_deref()), ("max@mail.example", Some("user")));
        assert!(watchpoints.check_through(&of("1"), &mask).is_empty());
        let events = watchpoints.check_through(&of("2"), &mask);
        let after = events[0].after.as_ref().unwrap();
        let text = match &after.value {
            cognigy_session_debugger::value::Value::Integer(text)
            | cognigy_session_debugger::value::Value::String(text) => text.as_ref(),
            other => panic!("{other:?}"),
        };
        assert_eq!((text, after.scope == "user"), (told, told == "2"));
    }
}
