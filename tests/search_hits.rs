//! The hits of a search: where they are, forwards, backwards and in slices.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use cognigy_session_debugger::snapshot::{
    Hit, HitPart, HitPlace, HitSlice, HitsFrom, IngestOptions, Lens, Mask, Snapshot, Sort, Window,
};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value as Json, json};

fn parse(rows: &Json) -> Snapshot {
    Snapshot::parse(json!({ "variables": rows }).to_string().into_bytes(), IngestOptions::default(), 0.0).unwrap()
}

fn window(search: &str) -> Window {
    Window { filter: search.into(), shadowed: true, ..Window::default() }
}

fn ask(snapshot: &Snapshot, search: &str, from: HitsFrom, limit: usize) -> HitSlice {
    snapshot.hits(&window(search), Lens { earlier: None, mask: &Mask::off() }, from, limit)
}

fn all(snapshot: &Snapshot, search: &str) -> Vec<Hit> {
    let slice = ask(snapshot, search, HitsFrom::Start, 1_000);
    assert_eq!((slice.count, slice.rest), (slice.hits.len(), None));
    slice.hits
}

fn sample() -> Snapshot {
    parse(&json!([
        { "name": "lang", "value": "de", "scope": "session" },
        { "name": "cart", "value": { "items": [{ "price": 1.5, "cart": "A-1" }, { "price": 20 }], "note": "gift for cart" }, "scope": "user" },
        { "name": "text", "value": "{\"cart\":[\"caf\\u00e9\"]}", "scope": "user" },
        { "name": "zip", "value": "01067", "scope": "bot" },
        { "name": "login", "value": { "password": "carthage", "user": "cart" }, "scope": "user" },
        { "name": "bad", "value": "cart" },
    ]))
}

/// `entry where steps`, one after the other.
fn told(search: &str) -> String {
    let hit = |hit: &Hit| format!("{} {}{}", hit.entry, hit.part.as_str(), steps(hit));
    all(&sample(), search).iter().map(hit).collect::<Vec<_>>().join("; ")
}

fn steps(hit: &Hit) -> String {
    hit.steps.iter().map(|step| format!("/{step}")).collect()
}

#[test]
fn hits_tell_what_of_a_variable_was_found() {
    assert_eq!(told("cart"), "1 name; 1 key/0/0/0; 1 value/1; 2 key/0; 4 value/0; 4 value/1; 5 value");
    assert_eq!(told("CAFÉ"), "2 value/0/0");
    assert_eq!(told("name:cart|zip"), "1 name; 3 name");
    assert_eq!(told("scope:bot"), "3 scope");
    assert_eq!(
        told("type:object scope:user cart -login"),
        "1 name; 1 scope; 1 type; 1 key/0/0/0; 1 value/1; 2 scope; 2 type; 2 key/0"
    );
    assert_eq!(told("note:leading"), "3 note");
    assert_eq!(told("value=20"), "");
    assert_eq!(told("value:20"), "1 value/0/1/0");
    assert_eq!(told("value=de"), "0 value");
    assert_eq!(told("path:items[1]"), "1 path/0/1");
    assert_eq!(told("path:cart.items"), "1 path/0");
    assert_eq!(told("path:zip"), "3 path");
    assert_eq!(told("items[1].price"), "1 path/0/1/0");
    assert_eq!(told("size>60"), "1 size");
    assert_eq!(told("unreadable:yes"), "5 row");
    assert_eq!(told("-scope:user zip"), "3 name");
    assert_eq!(told("-scope:user|session -zip"), "5 row");
    assert_eq!(told(r#""A-1\",""#), "1 value", "what no part has by itself stands in the whole");
    assert_eq!(told(""), "");
    let dotted = parse(&json!([{ "name": "a.b", "value": { "a.b": 1, "c": { "a": { "b": 2 } } }, "scope": "user" }]));
    let hits: Vec<_> = all(&dotted, "a.b").iter().map(|hit| format!("{}{}", hit.part.as_str(), steps(hit))).collect();
    assert_eq!(hits, ["name", "key/0", "path/1/0/0"]);
}

#[test]
fn what_is_hidden_is_no_hit() {
    let masked = Lens { earlier: None, mask: &Mask::standard() };
    let hits = |search| sample().hits(&window(search), masked, HitsFrom::Start, 50).hits;
    let of_login: Vec<_> = hits("cart").into_iter().filter(|hit| hit.entry == 4).collect();
    assert_eq!(of_login.iter().map(|hit| (hit.part, steps(hit))).collect::<Vec<_>>(), [(HitPart::Value, "/1".into())]);
    assert_eq!(hits("carthage"), []);
    assert_eq!(hits("value:carth"), []);
}

#[test]
fn the_next_and_the_previous_hit_are_found_from_any_place() {
    let snapshot = sample();
    let hits = all(&snapshot, "cart");
    for (at, hit) in hits.iter().enumerate() {
        assert_eq!(
            ask(&snapshot, "cart", HitsFrom::After(hit.place), 1).hits,
            hits[at + 1..].iter().take(1).cloned().collect::<Vec<_>>()
        );
        assert_eq!(
            ask(&snapshot, "cart", HitsFrom::Before(hit.place), 1).hits,
            hits[..at].iter().rev().take(1).cloned().collect::<Vec<_>>()
        );
    }
    let nowhere = HitPlace { row: 1_000_000, hit: usize::MAX };
    assert_eq!(ask(&snapshot, "cart", HitsFrom::After(nowhere), 5), HitSlice::default());
    assert_eq!(ask(&snapshot, "cart", HitsFrom::Before(nowhere), 1).hits, hits[hits.len() - 1..], "round to the end");
}

#[test]
fn rows_stand_as_the_window_says() {
    let snapshot = sample();
    let by_size = Window { sort: Sort::parse("-size").unwrap(), scope: Some("user".into()), ..window("cart") };
    let slice = snapshot.hits(&by_size, Lens { earlier: None, mask: &Mask::off() }, HitsFrom::Start, 50);
    let rows: Vec<_> = slice.hits.iter().map(|hit| (hit.place.row, hit.entry)).collect();
    let places: Vec<_> = rows.iter().map(|(row, _)| *row).collect();
    assert!(places.is_sorted());
    let shown = snapshot.rows(&by_size).1;
    assert!(rows.iter().all(|(row, entry)| shown[*row].entry == *entry));
    assert_eq!(shown.len(), 3);
}

#[test]
fn a_long_count_comes_in_slices() {
    let filler = "x".repeat(10_000);
    let rows: Vec<_> = (0..1_000)
        .map(|n| json!({ "name": format!("v{n}"), "value": [filler, "needle", n], "scope": "user" }))
        .collect();
    let snapshot = parse(&json!(rows));
    let first = ask(&snapshot, "needle", HitsFrom::Start, 50);
    assert_eq!((first.hits.len(), first.count), (50, 50));
    let (mut slice, mut slices) = (ask(&snapshot, "needle", HitsFrom::Start, 0), 1);
    let mut count = slice.count;
    assert!(slice.hits.is_empty() && count < 1_000);
    while let Some(rest) = slice.rest {
        slice = ask(&snapshot, "needle", HitsFrom::After(rest), 0);
        (count, slices) = (count + slice.count, slices + 1);
    }
    assert_eq!(count, 1_000);
    assert!((5..50).contains(&slices), "{slices}");
}

fn value() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        select(vec!["a", "ab", "b", "É", "1", "x y"]).prop_map(Json::from),
        any::<u8>().prop_map(Json::from),
        Just(Json::Null),
        Just(json!("{\"a\":[\"b\"]}")),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            proptest::collection::btree_map("[abé1]{0,2}", inner, 0..4).prop_map(|map| json!(map)),
        ]
    })
}

/// How often a text is in the names and leaves of a value.
fn occurrences(value: &Json, text: &str) -> usize {
    let is_in = |found: &str| usize::from(found.to_lowercase().contains(&text.to_lowercase()));
    match value {
        Json::Array(list) => list.iter().map(|part| occurrences(part, text)).sum(),
        Json::Object(map) => map.iter().map(|(key, part)| is_in(key) + occurrences(part, text)).sum(),
        Json::String(leaf) => is_in(leaf),
        other => is_in(&other.to_string()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn slices_of_any_length_in_both_directions_are_all_hits(
        values in proptest::collection::vec(("[ab]{1,2}", value(), select(vec!["user", "bot"])), 0..8),
        search in select(vec!["a", "b", "é", "1", "ab", "value:a|1", "path:a", "a -b", "-a", "scope:bot a"]),
        limit in 1_usize..5,
    ) {
        let rows: Vec<_> = values.iter().map(|(name, value, scope)| json!({ "name": name, "value": value, "scope": scope })).collect();
        let snapshot = parse(&json!(rows));
        let hits = all(&snapshot, search);
        let (mut forwards, mut from) = (Vec::new(), HitsFrom::Start);
        loop {
            let slice = ask(&snapshot, search, from, limit);
            prop_assert!(slice.hits.len() <= limit);
            forwards.extend(slice.hits);
            let Some(rest) = slice.rest else { break };
            from = HitsFrom::After(rest);
        }
        prop_assert_eq!(&forwards, &hits);
        let (mut backwards, mut place) = (Vec::new(), HitPlace { row: usize::MAX, hit: 0 });
        loop {
            let slice = ask(&snapshot, search, HitsFrom::Before(place), limit);
            backwards.extend(slice.hits);
            let Some(rest) = slice.rest else { break };
            place = rest;
        }
        backwards.reverse();
        prop_assert_eq!(&backwards, &hits);
        prop_assert_eq!(ask(&snapshot, search, HitsFrom::Start, 0).count, hits.len());
        // Every row that passes has a hit, and no other.
        let rows = snapshot.rows(&Window { limit: 1_000, ..window(search) }).1;
        let mut found: Vec<_> = hits.iter().map(|hit| hit.entry).collect();
        found.dedup();
        prop_assert_eq!(found, rows.iter().map(|row| row.entry).collect::<Vec<_>>());
    }

    #[test]
    fn every_place_is_told_once(values in proptest::collection::vec(value(), 1..5), text in select(vec!["a", "b", "É", "1", "ab"])) {
        let rows: Vec<_> = values.iter().enumerate().map(|(at, value)| json!({ "name": format!("_{}", "z".repeat(at)), "value": value, "scope": "user" })).collect();
        let snapshot = parse(&json!(rows));
        for (entry, value) in (0_u32..).zip(&values) {
            let shown = if value == &json!("{\"a\":[\"b\"]}") { json!({ "a": ["b"] }) } else { value.clone() };
            let hits: Vec<_> = all(&snapshot, text).into_iter().filter(|hit| hit.entry == entry).collect();
            // A text that only several parts together hold is one hit more, of the whole.
            let parts = occurrences(&shown, text);
            prop_assert!(hits.len() == parts || (parts == 0 && hits.len() == 1 && hits[0].steps.is_empty()), "{hits:?} {parts}");
            for hit in hits.iter().filter(|hit| !hit.steps.is_empty()) {
                let (last, above) = hit.steps.split_last().unwrap();
                let node = &snapshot.children(entry, above, *last, 1).unwrap().nodes[0];
                let there = if hit.part == HitPart::Key { node.key.clone().unwrap() } else { node.text.clone() };
                prop_assert!(there.to_lowercase().contains(&text.to_lowercase()));
            }
        }
    }
}
