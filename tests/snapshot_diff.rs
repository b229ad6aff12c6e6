//! Differences against a peer that keeps maps of names.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use cognigy_session_debugger::scope::Precedence;
use cognigy_session_debugger::snapshot::{IngestOptions, Snapshot};
use proptest::prelude::*;
use serde_json::json;
use std::collections::BTreeMap;

type Row = (u8, u8, u8);

const SCOPES: [&str; 3] = ["user", "session", "bot"];

fn read(rows: &[Row], side_by_side: bool) -> Snapshot {
    let rows: Vec<_> = rows
        .iter()
        .map(|(name, value, scope)| {
            // Names that have to be unescaped, and values that differ in spelling only.
            let value = [json!("1.0"), json!(1.0), json!("x"), json!({"a": [1]})][usize::from(*value)].clone();
            json!({ "name": format!("n\"{name}"), "value": value, "scope": SCOPES[usize::from(*scope)] })
        })
        .collect();
    let precedence = side_by_side.then(Precedence::side_by_side);
    let options = IngestOptions { precedence, ..IngestOptions::default() };
    Snapshot::parse(json!({ "variables": rows }).to_string().into_bytes(), options, 0.0).unwrap()
}

/// What counts of a snapshot: by name, or by name and scope.
fn kept(snapshot: &Snapshot, side_by_side: bool) -> BTreeMap<(String, String), String> {
    let mut all = BTreeMap::new();
    for name in snapshot.names() {
        for scope in SCOPES {
            let variable = snapshot.get(&name, side_by_side.then_some(scope));
            if let Some(one) = variable {
                let scope_of_key = if side_by_side { scope } else { "" };
                all.insert(
                    (name.to_string(), scope_of_key.to_owned()),
                    format!("{} {:?} {} {}", one.scope, one.value, one.raw, one.raw_is_text),
                );
            }
        }
    }
    all
}

proptest! {
    #[test]
    fn differences_are_those_of_two_maps(
        before in proptest::collection::vec((0..6_u8, 0..4_u8, 0..3_u8), 0..10),
        after in proptest::collection::vec((0..6_u8, 0..4_u8, 0..3_u8), 0..10),
        side_by_side in any::<bool>()
    ) {
        let (earlier, later) = (read(&before, side_by_side), read(&after, side_by_side));
        let (old, new) = (kept(&earlier, side_by_side), kept(&later, side_by_side));
        let diff = later.diff(&earlier);
        let names = |keys: Vec<&(String, String)>| { let mut names: Vec<_> = keys.into_iter().map(|key| key.0.clone()).collect(); names.sort(); names };
        let sorted = |mut list: Vec<String>| { list.sort(); list };
        prop_assert_eq!(sorted(diff.added.clone()), names(new.keys().filter(|key| !old.contains_key(key)).collect()));
        prop_assert_eq!(sorted(diff.removed.clone()), names(old.keys().filter(|key| !new.contains_key(key)).collect()));
        let differs = |key: &&(String, String)| old.get(*key).is_some_and(|value| *value != new[*key]);
        let changed = diff.changed.iter().map(|change| change.after.name.clone()).collect();
        prop_assert_eq!(sorted(changed), names(new.keys().filter(differs).collect()));
        prop_assert_eq!(diff.unchanged + diff.changed.len() + diff.added.len(), new.len());
    }
}
