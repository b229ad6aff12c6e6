//! A search in slices gives what a search in one go gives, wherever its slices end, and is not done again.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use cognigy_session_debugger::snapshot::{
    EntryId, Hidden, IngestOptions, Lens, Mask, MaskOptions, Reveals, Row, Sanitizer, Search, Snapshot, Sort, Window,
};
use proptest::prelude::*;
use proptest::sample::select;
use std::cell::RefCell;
use std::rc::Rc;

const FILTERS: [&str; 14] = [
    "",
    "a",
    "7",
    "secret",
    "-a",
    "scope:user",
    "password",
    "masked:yes",
    "value:1",
    "changed:yes",
    "removed:yes",
    "type:string",
    "name:key 3",
    "nothing-has-this",
];
const SORTS: [&str; 5] = ["order", "-order", "name", "-size", "changed"];

/// Some hundred variables, of which every tenth has a value that looks like a secret.
fn snapshot(rows: usize, salt: usize) -> Rc<Snapshot> {
    let row = |number: usize| {
        let scope = ["user", "bot", "global"][(number * 7 + salt) % 3];
        let value = match number % 10 {
            0 => format!("\"Bearer secret{}\"", number * 31 + salt),
            1 => format!("{{\"password\":\"a{number}\",\"list\":[{number},7]}}"),
            2 => number.to_string(),
            _ => format!("\"value {} of a\"", number + salt % 2),
        };
        format!(r#"{{"name":"key{}","value":{value},"scope":"{scope}"}}"#, number * 13 % 401)
    };
    // The last one is no variable.
    let rows: Vec<String> = (0..rows).map(row).chain(["7".into()]).collect();
    let body = format!(r#"{{"variables":[{}]}}"#, rows.join(","));
    Rc::new(Snapshot::parse(body.into_bytes(), IngestOptions::default(), 0.0).unwrap())
}

fn ids(rows: &[Row]) -> Vec<EntryId> {
    rows.iter().map(|row| row.entry).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn slices_find_what_one_go_finds(
        rows in 0..500_usize,
        filters in proptest::collection::vec((select(FILTERS.to_vec()), any::<bool>()), 1..4),
        sort in select(SORTS.to_vec()),
        flags in any::<(bool, bool, bool)>(),
        slices in any::<u64>(),
    ) {
        let (masked, told, shadowed) = flags;
        let mask = if masked { Mask::standard() } else { Mask::off() };
        let (sliced, whole) = (snapshot(rows, 1), snapshot(rows, 1));
        let earlier = told.then(|| snapshot(rows.saturating_sub(5), 2));
        let lens = Lens { earlier: earlier.as_deref(), mask: &mask };
        for (filter, given_up) in filters {
            let window = Window { filter: filter.into(), sort: Sort::parse(sort).unwrap(), shadowed, ..Window::default() };
            let mut search = Search::new(Rc::clone(&sliced), window.clone(), earlier.clone(), mask.clone());
            let (mut step, mut first, mut over) = (0_u32, None, false);
            while !(over || given_up && step == 2) {
                over = search.step(|| { step += 1; slices >> (step % 64) & 1 == 1 });
                if first.is_none() {
                    first = search.first_rows(5, &mut Hidden::default());
                }
                prop_assert_eq!(search.total().is_some(), over);
            }
            let (total, expected) = whole.covered_rows(&window, lens, &mut Hidden::default());
            if over {
                prop_assert_eq!(search.total(), Some(total));
                prop_assert!(first.is_some());
            }
            if let Some(first) = first {
                prop_assert_eq!(ids(&first), ids(&expected[..first.len()]));
                prop_assert_eq!(first.len(), total.min(5));
            }
            // Whoever asks then gets the same, also where the search was given up.
            let (count, rows) = sliced.covered_rows(&window, lens, &mut Hidden::default());
            prop_assert_eq!((count, ids(&rows)), (total, ids(&expected)));
        }
    }
}

#[test]
fn a_slice_ends_when_it_is_told_to_and_large_values_end_it_sooner() {
    let snapshot = snapshot(6_400, 1);
    let window = Window { filter: "value".into(), shadowed: true, ..Window::default() };
    let mut search = Search::new(snapshot, window, None, Mask::standard());
    let mut slices = 1;
    while !search.step(|| true) {
        slices += 1;
    }
    assert_eq!(slices, 101, "sixty-four entries each, and one for what cannot be read");
    let large = format!(r#"{{"name":"a","value":"{}","scope":"user"}}"#, "x".repeat(40_000));
    let body = format!(r#"{{"variables":[{}]}}"#, vec![large; 10].join(","));
    let snapshot = Snapshot::parse(body.into_bytes(), IngestOptions::default(), 0.0).unwrap();
    let window = Window { filter: "y".into(), shadowed: true, ..Window::default() };
    let mut search = Search::new(Rc::new(snapshot), window, None, Mask::off());
    let mut slices = 1;
    while !search.step(|| true) {
        slices += 1;
    }
    assert_eq!(slices, 5);
}

#[test]
fn a_hook_that_asks_through_its_own_mask_ends_no_search() {
    let snapshot = snapshot(500, 1);
    let own: Rc<RefCell<Option<Mask>>> = Rc::default();
    let (asks, mask_of) = (Rc::clone(&snapshot), Rc::clone(&own));
    let sanitize = Sanitizer::new(move |leaf| {
        let mask = mask_of.borrow().clone().unwrap();
        let _ = asks.get_through("key1", None, &mask, &mut Hidden::default());
        Some(leaf.text.to_owned())
    });
    let mask = Mask::new(MaskOptions { sanitize: Some(sanitize), ..MaskOptions::default() });
    own.replace(Some(mask.clone()));
    let window = Window { filter: "value".into(), ..Window::default() };
    let mut search = Search::new(Rc::clone(&snapshot), window, None, mask);
    let slices = (1..100).find(|_| search.step(|| true));
    own.replace(None);
    assert!(slices.is_some());
}

#[test]
fn what_is_hidden_again_between_two_slices_is_not_shown() {
    let snapshot = snapshot(500, 1);
    let entry = snapshot.entry("key0", Some("bot")).unwrap();
    let mask = Mask::standard();
    let mut reveals = Reveals::default();
    reveals.reveal(&snapshot, entry, &[], 1_000.0);
    let window = Window { filter: "key0".into(), shadowed: true, ..Window::default() };
    let begun = |mask: Mask| Search::new(Rc::clone(&snapshot), window.clone(), None, mask);
    let shows = |search: &mut Search| {
        while !search.step(|| true) {}
        let rows = search.first_rows(50, &mut Hidden::default()).unwrap();
        assert!(rows.iter().any(|row| row.entry == entry));
        rows.iter().any(|row| row.text.contains("secret"))
    };
    let mut search = begun(reveals.through(&mask, &snapshot, 1.0));
    assert!(!search.step(|| true));
    assert!(shows(&mut begun(reveals.through(&mask, &snapshot, 1.0))));
    search.see_through(reveals.through(&mask, &snapshot, 2_000.0));
    assert!(!shows(&mut search));
}
