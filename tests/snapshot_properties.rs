//! What is true of every snapshot.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, unreachable_pub)]

#[path = "support/generators.rs"]
mod generators;

use cognigy_session_debugger::ingest::{Limits, Shape};
use cognigy_session_debugger::scope::Precedence;
use cognigy_session_debugger::snapshot::{
    ExplainOptions, IngestOptions, Snapshot, SnapshotBuilder, Sort, Step, Taken, Variable, Window,
};
use cognigy_session_debugger::value::json::Children;
use cognigy_session_debugger::value::{Policy, Value};
use generators::{deep_source, name, number, quoted, source, spelt, text};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use std::collections::BTreeSet;

/// A row before it is written: name, value as JSON source, scope.
type Entry = (String, String, &'static str);

/// Some spelling of a name, always the same one.
fn spelling(name: &str) -> u64 {
    name.bytes().fold(7, |bits, byte| bits.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ u64::from(byte))
}

fn body<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> String {
    let row = |(name, value, scope): &Entry| {
        format!("{{\"name\":{},\"value\":{value},\"scope\":{}}}", spelt(name, spelling(name)), quoted(scope))
    };
    format!("{{\"variables\":[{}]}}", entries.into_iter().map(row).collect::<Vec<_>>().join(","))
}

fn read(body: String, policy: Policy) -> Snapshot {
    let options = IngestOptions { policy: Some(policy), ..IngestOptions::default() };
    Snapshot::parse(body.into_bytes(), options, 0.0).unwrap()
}

const SCOPES: [&str; 6] = ["global", "bot", "session", "user", "campaign", ""];

fn entries(names: impl Strategy<Value = String>) -> impl Strategy<Value = Vec<Entry>> {
    proptest::collection::vec((names, deep_source(), select(SCOPES.to_vec())), 0..12)
}

/// The rows that a wire text stands for.
fn rows_of_wire(wire: &str) -> Vec<Entry> {
    let slice = |start: usize, end: usize| wire.get(start..end).unwrap();
    let member = |object: usize, name: &str| {
        let mut children = Children::new(wire.as_bytes(), object).map(Result::unwrap);
        children.find(|child| child.key.is_some_and(|(start, end)| slice(start, end) == name)).unwrap().value
    };
    let variables = member(0, "variables");
    let variable = |child: cognigy_session_debugger::value::json::Child| {
        let (start, end) = child.key.unwrap();
        let name: String = serde_json::from_str(&format!("\"{}\"", slice(start, end))).unwrap();
        let value = member(child.value.start, "value");
        let scope = member(child.value.start, "scope");
        let scope: String = serde_json::from_str(slice(scope.start, scope.end)).unwrap();
        let scope = SCOPES.into_iter().find(|known| *known == scope).unwrap();
        (name, slice(value.start, value.end).to_owned(), scope)
    };
    Children::new(wire.as_bytes(), variables.start).map(Result::unwrap).map(variable).collect()
}

/// A text that is JSON, with white space around it or without, or nearly JSON.
fn nearly_json() -> impl Strategy<Value = String> {
    let damage =
        proptest::option::of((any::<Index>(), select(vec!["", ",", "]", "}", "\"", " ", "\\ud800", "x", "[{"])));
    (deep_source(), damage, select(vec!["", "", " ", "\n\t"])).prop_map(|(mut source, damage, space)| {
        if let Some((at, piece)) = damage {
            let places: Vec<usize> = source.char_indices().map(|(at, _)| at).collect();
            let at = places[at.index(places.len())];
            source.replace_range(at..at + usize::from(source.is_char_boundary(at + 1)), piece);
        }
        format!("{space}{source}{space}")
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn a_text_opens_where_it_reads_as_an_object_or_a_list(
        text in nearly_json(),
        policy in select(vec![Policy::Lossless, Policy::Json, Policy::Reference, Policy::None]),
        declared in select(vec!["", "object", "array", "string", "integer", "no type"]),
        depth in 1..6_usize,
    ) {
        let (value, declared) = (quoted(&text), quoted(declared));
        let body = format!("{{\"variables\":[{{\"name\":\"a\",\"value\":{value},\"scope\":\"bot\",\"type\":{declared}}}]}}");
        let limits = Limits { depth, ..Limits::default() };
        let options = IngestOptions { policy: Some(policy), limits, ..IngestOptions::default() };
        let snapshot = Snapshot::parse(body.into_bytes(), options, 0.0).unwrap();
        let row = snapshot.row(0).unwrap();
        let page = snapshot.children(0, &[], 0, 1_000).unwrap();
        prop_assert_eq!(page.total, row.child_count.unwrap_or(0));
        let Some(variable) = snapshot.get("a", None) else { return Ok(()) };
        for node in page.nodes {
            let step = node.key.map_or(Step::Index(node.ordinal), Step::Name);
            let part = snapshot.at("a", None, &[step]).unwrap();
            prop_assert!(node.kept == Some(false) || part.value_type == node.value_type, "{:?}", variable.value);
        }
    }

    #[test]
    fn what_the_wire_says_reads_as_what_it_was(entries in prop_oneof![entries(text()), entries(name())], lossless in any::<bool>()) {
        let policy = if lossless { Policy::Lossless } else { Policy::None };
        let first = read(body(&entries), policy);
        let wire = first.to_json_text();
        let again = read(body(&rows_of_wire(&wire)), policy);
        prop_assert_eq!(again.to_json_text(), wire);
        for name in first.names() {
            let (one, other) = (first.get(&name, None).unwrap(), again.get(&name, None).unwrap());
            prop_assert_eq!((one.value, one.value_type, one.scope), (other.value, other.value_type, other.scope));
        }
    }

    #[test]
    fn however_bytes_are_cut_they_are_the_same_snapshot(
        entries in entries(prop_oneof![text(), name()]),
        cuts in proptest::collection::vec(1_usize..400, 1..8),
    ) {
        let body = body(&entries);
        let whole = read(body.clone(), Policy::Lossless);
        let options = IngestOptions { policy: Some(Policy::Lossless), ..IngestOptions::default() };
        let mut builder = SnapshotBuilder::new(options);
        let (mut rest, mut cuts) = (body.as_bytes(), cuts.into_iter().cycle());
        while !rest.is_empty() {
            let (slice, more) = rest.split_at(cuts.next().unwrap().min(rest.len()));
            builder.buffer().extend_from_slice(slice);
            builder.advance().unwrap();
            rest = more;
        }
        builder.end_page().unwrap();
        let sliced = builder.finish(Taken::at(0.0));
        let all = Window { limit: 1_000, shadowed: true, ..Window::default() };
        prop_assert_eq!(sliced.rows(&all), whole.rows(&all));
        prop_assert_eq!(sliced.to_json_text(), whole.to_json_text());
    }

    #[test]
    fn a_snapshot_that_was_handed_on_is_the_same_snapshot(
        entries in entries(text()),
        policy in select(Policy::ALL.to_vec()),
        side_by_side in any::<bool>(),
    ) {
        let precedence = side_by_side.then(Precedence::side_by_side);
        let options = IngestOptions { policy: Some(policy), precedence, ..IngestOptions::default() };
        let first = Snapshot::parse(body(&entries).into_bytes(), options.clone(), 0.0).unwrap();
        let wire = first.to_json_text();
        let again = Snapshot::parse(wire.clone().into_bytes(), options, 0.0).unwrap();
        prop_assert_eq!((again.shape(), again.unreadable_count()), (Shape::Snapshot, 0));
        prop_assert_eq!(again.to_json_text(), wire);
        for name in first.names() {
            let (one, other) = (first.get(&name, None).unwrap(), again.get(&name, None).unwrap());
            let told = |one: &Variable| (one.value_type, one.scope.clone(), one.is_system);
            prop_assert_eq!(told(&one), told(&other));
            // A number that is none is written as the text it was.
            prop_assert!(one.value == other.value || matches!(one.value, Value::NonFinite(value) if value.is_nan()));
        }
    }

    #[test]
    fn values_keep_every_byte_of_their_own(source in prop_oneof![source(), deep_source(), number()]) {
        let snapshot = read(body(&[("a".to_owned(), source.clone(), "user")]), Policy::None);
        let variable = snapshot.get("a", None).unwrap();
        if variable.raw_is_text {
            prop_assert_eq!(variable.raw, serde_json::from_str::<String>(&source).unwrap());
        } else {
            prop_assert_eq!(variable.raw, source);
        }
    }

    #[test]
    fn rows_and_a_context_of_the_same_members_hold_the_same(entries in entries(text())) {
        // The last of equal names counts in an object; here each name comes once.
        let mut seen = BTreeSet::new();
        let entries: Vec<_> = entries.into_iter().filter(|(name, ..)| seen.insert(name.clone())).collect();
        let members: Vec<_> = entries.iter().map(|(name, value, _)| format!("{}:{value}", quoted(name))).collect();
        let document = format!("{{{}}}", members.join(","));
        let rows = read(body(&entries), Policy::None);
        let plain = read(format!("{{\"context\":{document}}}"), Policy::None);
        let packed = read(format!("{{\"context\":{},\"epoch\":1}}", quoted(&document)), Policy::None);
        for name in rows.names() {
            let wanted = rows.get(&name, None).unwrap();
            for other in [&plain, &packed] {
                let found = other.get(&name, Some("context")).unwrap();
                prop_assert_eq!((&found.value, &found.raw), (&wanted.value, &wanted.raw));
            }
        }
    }

    #[test]
    fn resolution_does_not_depend_on_the_order_of_different_names(
        entries in prop_oneof![entries("[abc_]"), entries(name())],
        order in proptest::collection::vec(any::<Index>(), 12),
    ) {
        let first = read(body(&entries), Policy::Lossless);
        // Each step takes the next entry of some name: entries of one name keep their order among themselves.
        let mut rest: Vec<&Entry> = entries.iter().collect();
        let mut moved = Vec::new();
        for pick in order.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let name = &rest[pick.index(rest.len())].0;
            let place = rest.iter().position(|(other, ..)| other == name).unwrap();
            moved.push(rest.remove(place));
        }
        let second = read(body(moved), Policy::Lossless);
        prop_assert_eq!(first.len(), second.len());
        for name in first.names() {
            let (one, other) = (first.get(&name, None).unwrap(), second.get(&name, None).unwrap());
            prop_assert_eq!((one.value, one.raw, one.scope), (other.value, other.raw, other.scope));
            let (one, other) = (first.explain(&name, ExplainOptions::default()).unwrap(), second.explain(&name, ExplainOptions::default()).unwrap());
            prop_assert_eq!(one.sentence, other.sentence);
        }
    }

    #[test]
    fn the_first_look_shows_what_the_list_of_rows_does(
        names in proptest::collection::vec(select(vec!["a", "b", "c", "", "no row"]), 0..40),
        values in proptest::collection::vec(select(vec!["1", "\"x\"", "[]"]), 1..6),
        scopes in proptest::collection::vec(select(SCOPES.to_vec()), 1..7),
        (offset, limit) in (0_usize..14, 0_usize..40),
        (shadowed, side_by_side, cut) in any::<(bool, bool, Index)>(),
    ) {
        let row = |((name, value), scope): ((&&str, &&str), &&str)| match *name {
            "no row" => "7".to_owned(),
            name => format!("{{\"name\":\"{name}\",\"value\":{value},\"scope\":\"{scope}\"}}"),
        };
        let rows = names.iter().zip(values.iter().cycle()).zip(scopes.iter().cycle());
        let body = format!("{{\"variables\":[{}]}}", rows.map(row).collect::<Vec<_>>().join(","));
        let precedence = Some(if side_by_side { Precedence::side_by_side() } else { Precedence::layered() });
        let mut builder = SnapshotBuilder::new(IngestOptions { precedence, ..IngestOptions::default() });
        let (first, rest) = body.as_bytes().split_at(cut.index(body.len()));
        let mut snapshots = Vec::new();
        for part in [first, rest] {
            builder.buffer().extend_from_slice(part);
            builder.advance().unwrap();
            snapshots.extend(builder.so_far(Taken::at(0.0)));
        }
        for snapshot in snapshots {
            // A search for nothing goes through all rows.
            let window = Window { offset, limit, shadowed, filter: " ".into(), ..Window::default() };
            prop_assert_eq!(snapshot.rows(&Window { filter: String::new(), ..window.clone() }), snapshot.rows(&window));
        }
    }

    #[test]
    fn a_window_is_a_slice_of_all_rows(
        entries in entries(name()),
        (offset, limit) in (0_usize..14, 0_usize..14),
        sort in select(vec!["order", "name", "-name", "scope", "-scope", "type", "size", "-size"]),
        filter in select(vec!["", "a", "É", "1", "PREFIX.", "xxxx", "😀é", "item 1", "name:b", "-a", "type:string", "note:yes", "[1"]),
        (system, shadowed) in any::<(bool, bool)>(),
    ) {
        let snapshot = read(body(&entries), Policy::Lossless);
        let sort = Sort::parse(sort).unwrap();
        let all = Window { limit: 1_000, sort, filter: filter.into(), system, shadowed, ..Window::default() };
        let (total, rows) = snapshot.rows(&all);
        prop_assert_eq!(total, rows.len());
        // Another look in between, so that the window is not merely what was kept.
        snapshot.rows(&Window::default());
        let (again, part) = snapshot.rows(&Window { offset, limit, ..all });
        prop_assert_eq!(again, total);
        prop_assert_eq!(part, rows.into_iter().skip(offset).take(limit).collect::<Vec<_>>());
    }
}
