//! The host's own hook: what it is asked, what its answer does, and what it cannot do.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

use cognigy_session_debugger::snapshot::*;
use std::cell::RefCell;
use std::rc::Rc;

fn snapshot(body: &str) -> Snapshot {
    Snapshot::parse(body.as_bytes().to_vec(), IngestOptions::default(), 0.0).unwrap()
}

fn with(ask: impl Fn(&Leaf<'_>) -> Option<String> + 'static) -> Mask {
    Mask::new(MaskOptions { sanitize: Some(Sanitizer::new(ask)), ..MaskOptions::default() })
}

fn raw(of: &Snapshot, name: &str, mask: &Mask) -> String {
    of.get_through(name, None, mask, &mut Hidden::default()).unwrap().raw
}

#[test]
fn it_is_asked_about_every_leaf_that_the_rules_leave() {
    let asked = Rc::new(RefCell::new(Vec::new()));
    let seen = Rc::clone(&asked);
    let mask = with(move |leaf| {
        seen.borrow_mut().push(format!("{} {} {} {}", leaf.name, leaf.scope, leaf.path.join("/"), leaf.text));
        Some(leaf.text.to_owned())
    });
    let body = r#"{"variables":[
        {"name":"a","value":{"b":[1.50,{"c":"x"}],"password":"p","d":true,"e":null,"f":"{\"g\":\"y\"}","mail":"a@mail.example"},"scope":"user"},
        {"name":"b","value":"","scope":"bot"},{"name":"pin","value":4711,"scope":"user"},{"name":"n","value":"007","scope":"user"}]}"#;
    let snapshot = snapshot(body);
    let written = snapshot.export(ExportFormat::Ndjson, &mask, &mut Hidden::default());
    assert_eq!(
        *asked.borrow(),
        ["a user b 1.50", "a user b/c x", "a user d true", "a user e null", "a user f/g y", "b bot  ", "n user  007"]
    );
    // What it leaves, stays in its own spelling.
    assert_eq!(written, snapshot.export(ExportFormat::Ndjson, &Mask::standard(), &mut Hidden::default()));
}

#[test]
fn its_answer_is_judged_by_the_rules_again() {
    let of =
        snapshot(r#"{"variables":[{"name":"a","value":"x","scope":"user"},{"name":"b","value":[7],"scope":"user"}]}"#);
    for (answer, shown, rules) in [
        (Some("plain"), "plain", vec!["sanitized"]),
        (Some("write to max@mail.example"), "[masked:email]", vec!["email"]),
        (Some(r#"{"password":"p","n":1}"#), r#"{"password":"[masked:password]","n":1}"#, vec!["password"]),
        (Some(r#"{"password":"p"#), "[masked:unreadable]", vec!["unreadable"]),
        (Some(""), "", vec!["sanitized"]),
        (None, "[masked:sanitized]", vec!["sanitized"]),
    ] {
        let mask = with(move |_| answer.map(String::from));
        let mut hidden = Hidden::default();
        assert_eq!(of.get_through("a", None, &mask, &mut hidden).unwrap().raw, shown);
        assert_eq!(hidden.by_rule().map(|(rule, _)| mask.rule(rule).to_owned()).collect::<Vec<_>>(), rules);
        let part = of.at_through("b", None, &[Step::Index(0)], &mask, &mut hidden).unwrap();
        assert_eq!(serde_json::from_str::<String>(&part.raw).unwrap(), shown);
    }
}

#[test]
fn rows_tell_its_rule_and_keep_the_type() {
    let of = snapshot(
        r#"{"variables":[{"name":"n","value":4.50,"scope":"user"},{"name":"o","value":{"a":1,"b":"x"},"scope":"user"}]}"#,
    );
    let mask = with(|leaf| match leaf.text {
        "4.50" => Some("about \"5\"".into()),
        "x" => None,
        other => Some(other.into()),
    });
    let (_, rows) = of.rows_through(&Window::default(), Lens { earlier: None, mask: &mask });
    let told: Vec<_> = rows.iter().map(|row| (row.text.as_str(), row.value_type.unwrap().as_str(), row.size)).collect();
    assert_eq!(told, [("about \"5\"", "number", 0), ("{a, b}", "object", 0)]);
    let masked = rows[0].masked.clone().unwrap();
    assert_eq!((masked.rule.as_str(), masked.whole, masked.parts), ("sanitized", false, 1));
    let nodes = of.children_through(1, &[], (0, 10), &mask, &mut Hidden::default()).unwrap().nodes;
    let told: Vec<_> = nodes.iter().map(|node| (node.text.as_str(), node.masked.as_ref().map(|m| m.whole))).collect();
    assert_eq!(told, [("1", None), ("••••", Some(true))]);
}

#[test]
fn masks_with_different_hooks_do_not_share_what_was_found() {
    let of = snapshot(
        r#"{"variables":[{"name":"a","value":"book","scope":"user"},{"name":"b","value":"loop","scope":"user"}]}"#,
    );
    let without = |word: &'static str| with(move |leaf| (leaf.text != word).then(|| leaf.text.to_owned()));
    let found = |filter: &str, mask: &Mask| {
        let window = Window { filter: filter.into(), ..Window::default() };
        of.rows_through(&window, Lens { earlier: None, mask }).1.into_iter().map(|row| row.name).collect::<Vec<_>>()
    };
    let (books, loops) = (without("book"), without("loop"));
    for _ in 0..2 {
        assert_eq!((found("value:o", &books), found("value:o", &loops)), (vec!["b".into()], vec!["a".into()]));
        assert_eq!(found("masked:yes", &books.clone()), ["a"]);
    }
}

#[test]
fn what_it_asks_through_its_own_mask_is_hidden_from_it() {
    let of = Rc::new(snapshot(
        r#"{"variables":[{"name":"a","value":"x","scope":"user"},{"name":"b","value":"y","scope":"user"}]}"#,
    ));
    let own: Rc<RefCell<Option<Mask>>> = Rc::default();
    let heard = Rc::new(RefCell::new(Vec::new()));
    let (asks, mask_of, told) = (Rc::clone(&of), Rc::clone(&own), Rc::clone(&heard));
    let mask = with(move |leaf| {
        let mask = mask_of.borrow().clone().unwrap();
        let window = Window { filter: "y".into(), ..Window::default() };
        told.borrow_mut()
            .push((raw(&asks, "b", &mask), asks.rows_through(&window, Lens { earlier: None, mask: &mask }).0));
        Some(leaf.text.to_owned())
    });
    *own.borrow_mut() = Some(mask.clone());
    assert_eq!(raw(&of, "a", &mask), "x");
    assert_eq!(*heard.borrow(), [("[masked:sanitized]".to_owned(), 0)]);
    // And it is asked again afterwards: nothing of what was hidden from it is kept.
    assert_eq!(raw(&of, "b", &mask), "y");
    let window = Window { filter: "y".into(), ..Window::default() };
    assert_eq!(of.rows_through(&window, Lens { earlier: None, mask: &mask }).0, 1);
}

#[test]
fn what_it_puts_in_place_is_found_and_what_it_takes_away_is_not() {
    let of = snapshot(
        r#"{"variables":[{"name":"a","value":"Maximilian","scope":"user"},{"name":"b","value":{"for":"Maximilian"},"scope":"user"},
            {"name":"c","value":"Anna","scope":"user"}]}"#,
    );
    let mask = with(|leaf| Some(leaf.text.replace("Maximilian", "M.")));
    let found = |filter: &str| {
        let window = Window { filter: filter.into(), ..Window::default() };
        of.rows_through(&window, Lens { earlier: None, mask: &mask })
            .1
            .into_iter()
            .map(|row| row.name)
            .collect::<String>()
    };
    for (filter, names) in
        [("M.", "ab"), ("value:m.", "ab"), ("value=M.", "a"), ("Maximilian", ""), ("-M.", "c"), ("anna", "c")]
    {
        assert_eq!(found(filter), names, "{filter}");
    }
}
