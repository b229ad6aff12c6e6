//! Snapshots as rows of a tree table: groups, open values, pins.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use cognigy_session_debugger::snapshot::{
    ArrangedRow, Arrangement, Group, GroupKind, Grouping, IngestOptions, Item, Lens, Mask, Pin, Place, Snapshot, Sort,
    Step, Window,
};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value as Json, json};
use std::rc::Rc;

fn snapshot(rows: &[(&str, &str, Json)]) -> Rc<Snapshot> {
    let rows: Vec<Json> =
        rows.iter().map(|(name, scope, value)| json!({"name": name, "scope": scope, "value": value})).collect();
    let body = json!({ "variables": rows }).to_string().into_bytes();
    Rc::new(Snapshot::parse(body, IngestOptions::default(), 0.0).unwrap())
}

fn show(arrangement: &mut Arrangement, snapshot: &Rc<Snapshot>, by: Grouping) {
    let lens = Lens { earlier: None, mask: &Mask::off() };
    arrangement.show(Rc::clone(snapshot), &Window::default(), by, lens);
}

fn place(name: &str, path: &[Step]) -> Place {
    Place { name: name.into(), scope: None, path: path.to_vec() }
}

fn name(name: &str) -> Step {
    Step::Name(name.into())
}

/// Each row as its depth, a sign for what is open or not, and what stands in it.
fn told(arrangement: &Arrangement) -> Vec<String> {
    arrangement.rows(0, 1_000).iter().map(tell).collect()
}

fn tell(row: &ArrangedRow) -> String {
    let sign = row.expanded.map_or("", |expanded| if expanded { "-" } else { "+" });
    let pin = if row.pinned { "!" } else { "" };
    let text = match &row.item {
        Item::Group { group, count } => format!("{} {}({count})", group.kind.as_str(), group.label),
        Item::Variable(row) => row.name.clone(),
        Item::Member { node, .. } => node.key.clone().unwrap_or_else(|| format!("[{}]", node.ordinal)),
        Item::Gone { pin, not_loaded } => format!("{} gone{}", pin.name, if *not_loaded { "?" } else { "" }),
    };
    format!("{}{pin}{sign}{text}", " ".repeat(row.depth))
}

#[test]
fn groups_have_headers_with_counts_and_fold() {
    let snapshot = snapshot(&[
        ("cart.total", "bot", json!(1)),
        ("cart_id", "user", json!(2)),
        ("_sys_x", "user", json!(3)),
        ("n", "x", json!(4)),
    ]);
    let mut arrangement = Arrangement::default();
    show(&mut arrangement, &snapshot, Grouping::Scope);
    let all = ["-scope user(2)", " cart_id", " _sys_x", "-scope bot(1)", " cart.total", "-scope x(1)", " n"];
    assert_eq!(told(&arrangement), all);
    assert!(arrangement.collapse_group(Group { kind: GroupKind::Scope, label: "user".into() }));
    assert_eq!(told(&arrangement)[..2], ["+scope user(2)", "-scope bot(1)"]);
    assert_eq!(arrangement.position(&place("cart_id", &[])), None);
    assert_eq!(arrangement.reveal(&place("cart_id", &[])), Some(1));
    assert_eq!(told(&arrangement), all);
    show(&mut arrangement, &snapshot, Grouping::Prefix);
    let prefixes = ["-prefix cart(2)", " cart.total", " cart_id", "-prefix _sys(1)", " _sys_x", "-no-prefix (1)", " n"];
    assert_eq!(told(&arrangement), prefixes);
}

#[test]
fn what_is_open_survives_a_refresh_and_a_time_without_the_variable() {
    let first = snapshot(&[("a", "bot", json!({"x": [1, {"y": 2}], "z": {}})), ("b", "bot", json!(1))]);
    let mut arrangement = Arrangement::default();
    show(&mut arrangement, &first, Grouping::None);
    assert_eq!(told(&arrangement), ["+a", "b"]);
    let deep = place("a", &[name("x"), Step::Index(1), name("y")]);
    assert_eq!(arrangement.position(&deep), None);
    assert_eq!(arrangement.reveal(&deep), Some(4));
    let open = ["-a", " -x", "  [0]", "  -[1]", "   y", " z", "b"];
    assert_eq!(told(&arrangement), open);
    assert!(arrangement.collapse(&place("a", &[name("x")])) && !arrangement.collapse(&place("a", &[name("x")])));
    assert_eq!(told(&arrangement), ["-a", " +x", " z", "b"]);
    assert!(arrangement.expand(&place("a", &[name("x")])));
    assert_eq!(told(&arrangement), open);
    show(&mut arrangement, &snapshot(&[("b", "bot", json!(1))]), Grouping::None);
    assert_eq!(told(&arrangement), ["b"]);
    let moved = snapshot(&[("c", "bot", json!(0)), ("b", "bot", json!(1)), ("a", "bot", json!({"q": 1, "x": [7]}))]);
    show(&mut arrangement, &moved, Grouping::None);
    assert_eq!(told(&arrangement), ["c", "b", "-a", " q", " -x", "  [0]"]);
}

#[test]
fn pins_stay_on_top_and_stay_when_the_variable_is_gone() {
    let first = snapshot(&[("a", "bot", json!(1)), ("b", "user", json!([5]))]);
    let mut arrangement = Arrangement::default();
    show(&mut arrangement, &first, Grouping::None);
    let pin = |name: &str| Pin { name: name.into(), scope: Some("user".into()) };
    assert!(arrangement.pin(pin("b")) && !arrangement.pin(pin("b")) && arrangement.pin(pin("never")));
    arrangement.expand(&place("b", &[]));
    assert_eq!(told(&arrangement), ["!-b", " ![0]", "!never gone", "a"]);
    let filtered = Window { filter: "zzz".into(), ..Window::default() };
    arrangement.show(Rc::clone(&first), &filtered, Grouping::Scope, Lens { earlier: None, mask: &Mask::off() });
    assert_eq!(told(&arrangement), ["!-b", " ![0]", "!never gone"]);
    show(&mut arrangement, &snapshot(&[("a", "bot", json!(1))]), Grouping::None);
    assert_eq!(told(&arrangement), ["!b gone", "!never gone", "a"]);
    assert!(arrangement.unpin(&pin("never")) && !arrangement.unpin(&pin("never")));
    show(&mut arrangement, &first, Grouping::None);
    assert_eq!(told(&arrangement), ["!-b", " ![0]", "a"]);
}

#[test]
fn what_changed_comes_first_then_what_is_new() {
    let earlier = snapshot(&[("same", "bot", json!("1")), ("other", "bot", json!("1"))]);
    let later = snapshot(&[("same", "bot", json!("1")), ("new", "bot", json!("1")), ("other", "bot", json!("2"))]);
    let window = Window { sort: Sort::parse("changed").unwrap(), ..Window::default() };
    let mut arrangement = Arrangement::default();
    arrangement.show(later, &window, Grouping::None, Lens { earlier: Some(&earlier), mask: &Mask::off() });
    assert_eq!(told(&arrangement), ["other", "new", "same"]);
}

fn value() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![Just(json!(1)), Just(json!("t"))];
    leaf.prop_recursive(4, 200, 90, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..90).prop_map(Json::from),
            proptest::collection::vec(("[a-d]", inner), 0..6).prop_map(|members| members.into_iter().collect()),
        ]
    })
}

proptest! {
    #[test]
    fn a_window_is_a_slice_of_all_rows(
        rows in proptest::collection::vec(("[ab][._]?[ab]", select(vec!["user", "bot", "odd"]), value()), 1..12),
        opened in proptest::collection::vec(any::<Index>(), 0..30),
        pinned in proptest::collection::vec(any::<Index>(), 0..3),
        by in select(vec![Grouping::None, Grouping::Scope, Grouping::Prefix]),
        offset in any::<Index>(),
        limit in 0_usize..80,
    ) {
        let rows: Vec<_> = rows.iter().map(|(name, scope, value)| (name.as_str(), *scope, value.clone())).collect();
        let snapshot = snapshot(&rows);
        let mut arrangement = Arrangement::default();
        show(&mut arrangement, &snapshot, by);
        for pin in &pinned {
            arrangement.pin(Pin { name: pin.get(&rows).0.into(), scope: None });
        }
        for index in &opened {
            let row = arrangement.rows(index.index(arrangement.len()), 1).remove(0);
            let before = arrangement.len();
            let (name, scope, path, children) = match row.item {
                Item::Variable(row) => (row.name, row.scope, Vec::new(), row.child_count),
                Item::Member { name, scope, path, node, .. } => (name, scope, path, node.child_count),
                _ => continue,
            };
            let place = Place { name, scope: Some(scope), path };
            if row.expanded == Some(false) && children.is_some() {
                prop_assert!(arrangement.expand(&place));
                prop_assert!(arrangement.len() >= before + children.unwrap());
            }
        }
        let mut all = Vec::new();
        while all.len() < arrangement.len() {
            let more = arrangement.rows(all.len(), 1_000);
            prop_assert!(!more.is_empty());
            all.extend(more);
        }
        prop_assert_eq!(all.len(), arrangement.len());
        let offset = offset.index(all.len() + 1);
        let slice: Vec<_> = all.iter().skip(offset).take(limit).cloned().collect();
        prop_assert_eq!(arrangement.rows(offset, limit), slice);
        for (at, row) in all.iter().enumerate() {
            prop_assert!(row.position < row.siblings);
            let place = match &row.item {
                Item::Variable(row) => Place { name: row.name.clone(), scope: Some(row.scope.clone()), path: Vec::new() },
                Item::Member { name, scope, path, .. } => {
                    Place { name: name.clone(), scope: Some(scope.clone()), path: path.clone() }
                }
                _ => continue,
            };
            prop_assert_eq!(arrangement.position(&place), Some(at));
        }
        let shown = all.iter().filter(|row| matches!(row.item, Item::Variable(_))).count();
        prop_assert_eq!(shown, snapshot.rows(&Window::default()).0);
    }
}
