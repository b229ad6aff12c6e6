//! Snapshots as rows of a tree table: groups, open values, pins.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use cognigy_session_debugger::scope::Precedence;
use cognigy_session_debugger::snapshot::{
    ArrangedRow, Arrangement, Group, GroupKind, Grouping, HitPlace, HitsFrom, IngestOptions, Item, Lens, Mask, Pin,
    Place, RowChange, Snapshot, Sort, Step, Window,
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
    arrangement.show(Rc::clone(snapshot), None, &Window::default(), by, &Mask::off());
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
        Item::Removed(row) => format!("{} {}", row.name, row.change.unwrap().as_str()),
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
    arrangement.show(Rc::clone(&first), None, &filtered, Grouping::Scope, &Mask::off());
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
    arrangement.show(later, Some(earlier), &window, Grouping::None, &Mask::off());
    assert_eq!(told(&arrangement), ["other", "new", "same"]);
}

#[test]
fn names_come_in_natural_order_with_those_of_the_platform_last() {
    let names = ["item10", "_sys2", "Item2", "item2", "über", "item02", "_sys10", "zeta", "Zeta1"];
    let rows: Vec<_> = names.iter().map(|name| (*name, "bot", json!(1))).collect();
    let window = Window { sort: Sort::parse("name").unwrap(), ..Window::default() };
    let mut arrangement = Arrangement::default();
    arrangement.show(snapshot(&rows), None, &window, Grouping::None, &Mask::off());
    let order = ["Item2", "item02", "item2", "item10", "zeta", "Zeta1", "über", "_sys2", "_sys10"];
    assert_eq!(told(&arrangement), order);
}

#[test]
fn rows_say_what_became_of_them_and_only_where_there_is_a_snapshot_before() {
    let earlier = snapshot(&[("same", "bot", json!("1")), ("other", "bot", json!("1"))]);
    let later = snapshot(&[("same", "bot", json!("1")), ("new", "bot", json!("1")), ("other", "bot", json!("2"))]);
    let mut arrangement = Arrangement::default();
    let mut changes = |earlier: Option<&Rc<Snapshot>>| {
        arrangement.show(Rc::clone(&later), earlier.map(Rc::clone), &Window::default(), Grouping::None, &Mask::off());
        let rows = arrangement.rows(0, 10).into_iter();
        rows.map(|row| if let Item::Variable(row) = row.item { row.change } else { None }).collect::<Vec<_>>()
    };
    assert_eq!(changes(None), [None, None, None]);
    assert_eq!(changes(Some(&earlier)), [None, Some(RowChange::Added), Some(RowChange::Changed)]);
}

#[test]
fn a_row_that_changed_tells_what_it_was_through_the_same_mask() {
    let long = "x".repeat(300);
    let earlier = snapshot(&[
        ("same", "bot", json!(1)),
        ("total", "bot", json!("41")),
        ("list", "bot", json!([1, 2])),
        ("long", "bot", json!(long)),
        ("mail", "bot", json!("max@mail.example")),
        ("password", "bot", json!("old one")),
        ("winner", "bot", json!("b")),
    ]);
    let later = snapshot(&[
        ("same", "bot", json!(1)),
        ("total", "bot", json!(42)),
        ("list", "bot", json!([1, 2, 3])),
        ("long", "bot", json!("short")),
        ("mail", "bot", json!("none")),
        ("password", "bot", json!("new one")),
        ("winner", "bot", json!("b")),
        ("winner", "user", json!("u")),
        ("new", "bot", json!(1)),
    ]);
    let mut arrangement = Arrangement::default();
    let mut before = |mask: &Mask| {
        let (later, earlier) = (Rc::clone(&later), Some(Rc::clone(&earlier)));
        arrangement.show(later, earlier, &Window::default(), Grouping::None, mask);
        let rows = arrangement.rows(0, 100).into_iter();
        let told = rows.filter_map(|row| if let Item::Variable(row) = row.item { row.before } else { None });
        told.map(|row| (row.name, row.text, row.value_type.unwrap().as_str(), row.scope)).collect::<Vec<_>>()
    };
    let row = |name: &str, text: &str, value_type| (name.to_owned(), text.to_owned(), value_type, "bot".to_owned());
    let mut told = vec![
        row("total", "41", "integer"),
        row("list", "[1, 2]", "array"),
        row("long", &"x".repeat(200), "string"),
        row("mail", "max@mail.example", "string"),
        row("password", "old one", "string"),
        row("winner", "b", "string"),
    ];
    assert_eq!(before(&Mask::off()), told);
    (told[3].1, told[4].1) = ("••••".into(), "••••".into());
    assert_eq!(before(&Mask::standard()), told);
    // What is hidden by another scope is compared by that one, and was never that.
    let window = Window { shadowed: true, filter: "name:winner".into(), ..Window::default() };
    let (_, rows) = later.rows_through(&window, Lens { earlier: Some(&earlier), mask: &Mask::off() });
    let before = rows.iter().map(|row| (row.scope.as_str(), row.before.as_ref().map(|row| row.text.as_str())));
    assert_eq!(before.collect::<Vec<_>>(), [("bot", None), ("user", Some("b"))]);
}

#[test]
fn side_by_side_each_scope_tells_what_its_own_variable_was() {
    let read = |a: i32, b: i32| {
        let rows = json!([{"name": "n", "scope": "bot", "value": a}, {"name": "n", "scope": "user", "value": b}]);
        let precedence = Some(Precedence::side_by_side());
        let options = IngestOptions { precedence, ..IngestOptions::default() };
        Snapshot::parse(json!({ "variables": rows }).to_string().into_bytes(), options, 0.0).unwrap()
    };
    let (earlier, later) = (read(1, 2), read(3, 4));
    let (_, rows) = later.rows_through(&Window::default(), Lens { earlier: Some(&earlier), mask: &Mask::off() });
    let before = rows.iter().map(|row| (row.scope.as_str(), row.before.as_ref().unwrap().text.as_str()));
    assert_eq!(before.collect::<Vec<_>>(), [("bot", "1"), ("user", "2")]);
}

#[test]
fn the_next_change_is_found_from_any_row_and_round_the_ends() {
    let rows = |a: i32, c: i32, more: &[(&str, &str, Json)]| {
        let mut rows = vec![("a", "bot", json!([a])), ("b", "bot", json!(1)), ("c", "user", json!(c))];
        rows.extend_from_slice(more);
        snapshot(&rows)
    };
    let (earlier, later) = (rows(1, 1, &[]), rows(2, 2, &[("d", "user", json!(1)), ("e", "bot", json!({}))]));
    let mut arrangement = Arrangement::default();
    show(&mut arrangement, &later, Grouping::None);
    assert_eq!(arrangement.next_change(0, true), None, "there is no snapshot before");
    let mut shown = |earlier: &Rc<Snapshot>, by| {
        arrangement.expand(&place("a", &[]));
        arrangement.show(Rc::clone(&later), Some(Rc::clone(earlier)), &Window::default(), by, &Mask::off());
        let forward: Vec<_> = (0..arrangement.len()).map(|row| arrangement.next_change(row, true)).collect();
        let backward: Vec<_> = (0..arrangement.len()).map(|row| arrangement.next_change(row, false)).collect();
        (told(&arrangement), forward, backward)
    };
    let (all, forward, backward) = shown(&earlier, Grouping::None);
    assert_eq!(all, ["-a", " [0]", "b", "c", "d", "e"]);
    assert_eq!(forward, [3, 3, 3, 4, 5, 0].map(Some));
    assert_eq!(backward, [5, 5, 0, 0, 3, 4].map(Some));
    let (all, forward, backward) = shown(&earlier, Grouping::Scope);
    assert_eq!(all, ["-scope user(2)", " c", " d", "-scope bot(3)", " -a", "  [0]", " b", " e"]);
    assert_eq!(forward, [1, 2, 4, 4, 7, 7, 7, 1].map(Some));
    assert_eq!(backward, [7, 7, 1, 2, 2, 2, 4, 4].map(Some));
    assert_eq!(shown(&later, Grouping::None).1, [None; 6]);
    // What is gone has changed, too, and comes last.
    let more = rows(
        1,
        1,
        &[("d", "user", json!(1)), ("e", "bot", json!({})), ("gone", "bot", json!(1)), ("old", "x", json!(2))],
    );
    let (all, forward, backward) = shown(&more, Grouping::None);
    assert_eq!(all, ["-a", " [0]", "b", "c", "d", "e", "gone removed", "old removed"]);
    assert_eq!(forward, [3, 3, 3, 6, 6, 6, 7, 0].map(Some));
    assert_eq!(backward, [7, 7, 0, 0, 3, 3, 3, 6].map(Some));
}

#[test]
fn what_is_gone_stands_behind_all_others_by_the_same_filter() {
    let earlier = snapshot(&[
        ("a", "bot", json!(1)),
        ("zoo", "user", json!({"x": ["ada"]})),
        ("pinned", "user", json!(1)),
        ("bea", "bot", json!("ada")),
        ("pin", "user", json!("4711")),
    ]);
    let later = snapshot(&[("a", "bot", json!(2)), ("new", "x", json!([1, 2]))]);
    let mut arrangement = Arrangement::default();
    arrangement.pin(Pin { name: "pinned".into(), scope: None });
    arrangement.expand(&Place { scope: Some("x".into()), ..place("new", &[]) });
    let mut shown = |filter: &str, sort: &str, by, mask: &Mask| {
        let window = Window { filter: filter.into(), sort: Sort::parse(sort).unwrap(), ..Window::default() };
        arrangement.show(Rc::clone(&later), Some(Rc::clone(&earlier)), &window, by, mask);
        let all = arrangement.rows(0, 100);
        assert_eq!(all.len(), arrangement.len());
        for offset in 0..all.len() + 2 {
            for limit in 0..4 {
                let part = arrangement.rows(offset, limit);
                assert_eq!(part, all.iter().skip(offset).take(limit).cloned().collect::<Vec<_>>());
            }
        }
        let last = all.iter().filter(|row| matches!(row.item, Item::Removed(_)));
        for (place, row) in last.clone().enumerate() {
            assert_eq!((row.position, row.siblings, row.depth), (place, last.clone().count(), 0));
            let Item::Removed(variable) = &row.item else { panic!() };
            let at = arrangement.position_of_removed(variable.entry).unwrap();
            assert_eq!((&all[at], arrangement.parent(at), arrangement.expand_siblings(at)), (row, None, 0));
        }
        (told(&arrangement), arrangement.selected(), arrangement.unfiltered())
    };
    let off = Mask::off();
    let own = ["!pinned gone", "a", "-new", " [0]", " [1]"];
    let (all, selected, unfiltered) = shown("", "order", Grouping::None, &off);
    assert_eq!(all, [&own[..], &["zoo removed", "bea removed", "pin removed"]].concat());
    assert_eq!((selected, unfiltered), (5, 5));
    assert_eq!(shown("", "name", Grouping::None, &off).0[5..], ["bea removed", "pin removed", "zoo removed"]);
    assert_eq!(shown("", "order", Grouping::Scope, &off).0[7..], ["zoo removed", "bea removed", "pin removed"]);
    for (filter, found) in [
        ("ada", &["zoo removed", "bea removed"][..]),
        ("removed:yes scope:bot", &["bea removed"]),
        ("changed:yes ada", &["zoo removed", "bea removed"]),
        ("changed:yes", &["a", "zoo removed", "bea removed", "pin removed"]),
        ("-removed:yes", &["a", "-new", " [0]", " [1]"]),
        ("changed:no", &["-new", " [0]", " [1]"]),
        ("added:yes", &["-new", " [0]", " [1]"]),
    ] {
        let (all, _, unfiltered) = shown(filter, "order", Grouping::None, &off);
        assert_eq!(all[1..], *found, "{filter}");
        assert_eq!(unfiltered, 5, "{filter}");
    }
    // A secret that is gone is one still.
    assert_eq!(shown("4711", "order", Grouping::None, &off).0[1..], ["pin removed"]);
    assert_eq!(shown("4711", "order", Grouping::None, &Mask::standard()).0[1..], [""; 0]);
    assert!(arrangement.unpin(&Pin { name: "pinned".into(), scope: None }));
    assert_eq!(arrangement.unfiltered(), 6);
    // Without a snapshot before nothing is gone.
    show(&mut arrangement, &later, Grouping::None);
    assert_eq!(
        (told(&arrangement), arrangement.unfiltered()),
        (["a", "-new", " [0]", " [1]"].map(String::from).to_vec(), 2)
    );
}

#[test]
fn hits_go_on_into_what_is_gone() {
    let rows = |words: &[&str]| {
        snapshot(
            &words.iter().map(|word| (*word, "bot", json!({"n": [word, "ada ada"], "ada": "ada"}))).collect::<Vec<_>>(),
        )
    };
    let (earlier, later) = (rows(&["gone", "stays", "ada"]), rows(&["stays", "new"]));
    for filter in ["ada", "ada removed:yes", "stays", "changed:yes"] {
        let window = Window { filter: filter.into(), ..Window::default() };
        let mut arrangement = Arrangement::default();
        arrangement.show(Rc::clone(&later), Some(Rc::clone(&earlier)), &window, Grouping::None, &Mask::off());
        let all = arrangement.hits(HitsFrom::Start, 1_000);
        assert_eq!((all.rest, all.count), (None, all.hits.len()), "{filter}");
        assert_eq!(arrangement.hits(HitsFrom::Start, 0).count, all.hits.len(), "{filter}");
        let removed = all.hits.iter().filter(|hit| hit.removed);
        let first = all.hits.iter().position(|hit| hit.removed).unwrap_or(all.hits.len());
        assert!(all.hits[first..].iter().all(|hit| hit.removed), "they come last");
        assert_eq!(removed.clone().count() > 0, filter != "stays", "{filter}");
        for hit in removed {
            let row = arrangement.position_of_removed(hit.entry).unwrap();
            let Item::Removed(row) = &arrangement.rows(row, 1)[0].item else { panic!() };
            assert!(["gone", "ada"].contains(&row.name.as_str()));
        }
        for limit in 1..4 {
            let (mut forward, mut from) = (Vec::new(), HitsFrom::Start);
            loop {
                let slice = arrangement.hits(from, limit);
                forward.extend(slice.hits);
                let Some(rest) = slice.rest else { break };
                from = HitsFrom::After(rest);
            }
            assert_eq!(forward, all.hits, "{filter}, {limit} at a time");
            let (mut backward, mut from) = (Vec::new(), HitsFrom::Before(HitPlace { row: usize::MAX, hit: 0 }));
            loop {
                let slice = arrangement.hits(from, limit);
                backward.extend(slice.hits);
                let Some(rest) = slice.rest else { break };
                from = HitsFrom::Before(rest);
            }
            backward.reverse();
            assert_eq!(backward, all.hits, "{filter}, {limit} at a time, backwards");
        }
        for pair in all.hits.windows(2) {
            assert_eq!(arrangement.hits(HitsFrom::After(pair[0].place), 1).hits, [pair[1].clone()]);
            assert_eq!(arrangement.hits(HitsFrom::Before(pair[1].place), 1).hits, [pair[0].clone()]);
        }
    }
}

#[test]
fn a_part_is_revealed_by_its_positions_through_folded_groups_and_names_that_stand_twice() {
    let body = br#"{"variables":[
        {"name":"n","value":1,"scope":"bot"},
        {"name":"twice","value":{"a":{"x":1},"b":0,"a":{"x":2}},"scope":"user"},
        {"name":"n","value":7}]}"#;
    let snapshot = Rc::new(Snapshot::parse(body.to_vec(), IngestOptions::default(), 0.0).unwrap());
    let mut arrangement = Arrangement::default();
    show(&mut arrangement, &snapshot, Grouping::Scope);
    let user = Group { kind: GroupKind::Scope, label: "user".into() };
    arrangement.collapse_group(user.clone());
    assert_eq!(arrangement.position_of_part(1, &[]), None);
    assert_eq!(arrangement.reveal_part(1, &[2, 0]), Some(6));
    let all = told(&arrangement);
    assert_eq!(all[..7], ["-scope user(1)", " -twice", "  -a", "   x", "  b", "  -a", "   x"]);
    assert_eq!((arrangement.position_of_part(1, &[0, 0]), arrangement.position_of_part(1, &[2])), (Some(3), Some(5)));
    assert_eq!(arrangement.position_of_group(&user), Some(0));
    assert_eq!(arrangement.position_of_group(&Group { kind: GroupKind::Scope, label: "global".into() }), None);
    let parents: Vec<_> = (0..7).map(|row| arrangement.parent(row)).collect();
    assert_eq!(parents, [None, Some(0), Some(1), Some(2), Some(1), Some(1), Some(5)]);
    // An item that could not be read has a place too, and no parts.
    assert_eq!(all.last().map(String::as_str), Some(" n"));
    assert_eq!(arrangement.reveal_part(2, &[]), Some(all.len() - 1));
    assert_eq!((arrangement.reveal_part(2, &[0]), arrangement.reveal_part(9, &[])), (None, None));
}

#[test]
fn all_that_stand_beside_a_row_open_at_once() {
    let snapshot = snapshot(&[
        ("a", "bot", json!({"x": [1], "y": {"z": 1}, "e": []})),
        ("b", "bot", json!(2)),
        ("c", "bot", json!([[3], [4], 5])),
        ("d", "user", json!([6])),
    ]);
    let mut arrangement = Arrangement::default();
    show(&mut arrangement, &snapshot, Grouping::None);
    assert_eq!(arrangement.expand_siblings(1), 3);
    let open = ["-a", " e", " +x", " +y", "b", "-c", " +[0]", " +[1]", " [2]", "-d", " [0]"];
    assert_eq!(told(&arrangement), open);
    assert_eq!(arrangement.expand_siblings(8), 2);
    assert_eq!(told(&arrangement)[5..11], ["-c", " -[0]", "  [0]", " -[1]", "  [0]", " [2]"]);
    assert_eq!(arrangement.expand_siblings(8), 0);
    // In a group only those of the group; on headers all groups.
    show(&mut arrangement, &snapshot, Grouping::Scope);
    for name in ["a", "c", "d"] {
        arrangement.collapse(&place(name, &[]));
    }
    assert_eq!(arrangement.expand_siblings(1), 1);
    arrangement.collapse_group(Group { kind: GroupKind::Scope, label: "user".into() });
    arrangement.collapse_group(Group { kind: GroupKind::Scope, label: "bot".into() });
    assert_eq!(told(&arrangement), ["+scope user(1)", "+scope bot(3)"]);
    assert_eq!(arrangement.expand_siblings(0), 2);
    assert_eq!(told(&arrangement), ["-scope user(1)", " -d", "  [0]", "-scope bot(3)", " +a", " b", " +c"]);
}

#[test]
fn of_very_many_rows_those_next_to_the_one_open() {
    let rows: Vec<_> = (0..3_000).map(|at| (format!("n{at}"), json!([at]))).collect();
    let rows: Vec<_> = rows.iter().map(|(name, value)| (name.as_str(), "bot", value.clone())).collect();
    let mut arrangement = Arrangement::default();
    show(&mut arrangement, &snapshot(&rows), Grouping::None);
    assert_eq!(arrangement.expand_siblings(2_000), 1_000);
    assert_eq!(arrangement.position(&place("n2000", &[Step::Index(0)])), Some(2_000 + 500 + 1));
    assert_eq!(arrangement.len(), 4_000);
}

#[test]
fn hits_come_in_the_order_of_the_rows_pins_first() {
    let snapshot = snapshot(&[
        ("b1", "bot", json!({"q": "x"})),
        ("u1", "user", json!("x")),
        ("b2", "bot", json!("x")),
        ("none", "user", json!("y")),
    ]);
    let window = Window { filter: "value:x".into(), ..Window::default() };
    let mut arrangement = Arrangement::default();
    for name in ["none", "b2"] {
        arrangement.pin(Pin { name: name.into(), scope: None });
    }
    arrangement.show(snapshot, None, &window, Grouping::Scope, &Mask::off());
    arrangement.collapse_group(Group { kind: GroupKind::Scope, label: "bot".into() });
    let slice = arrangement.hits(HitsFrom::Start, 10);
    assert_eq!(slice.hits.iter().map(|hit| hit.entry).collect::<Vec<_>>(), [2, 1, 0]);
    assert_eq!(slice.hits[2].steps, [0]);
    let last = HitsFrom::Before(slice.hits[2].place);
    assert_eq!(arrangement.hits(last, 1).hits[0].entry, 1);
    assert_eq!(arrangement.reveal_part(0, &slice.hits[2].steps), Some(6));
    assert_eq!(told(&arrangement), ["!none", "!b2", "-scope user(1)", " u1", "-scope bot(1)", " -b1", "  q"]);
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
            let above = (0..at).rev().find(|above| all[*above].depth < row.depth);
            prop_assert_eq!(arrangement.parent(at), above);
        }
        let shown = all.iter().filter(|row| matches!(row.item, Item::Variable(_))).count();
        prop_assert_eq!(shown, snapshot.rows(&Window::default()).0);
    }
}
