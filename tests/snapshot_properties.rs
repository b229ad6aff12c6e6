//! What is true of every snapshot.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use cognigy_session_debugger::snapshot::{ExplainOptions, IngestOptions, Snapshot, Sort, Window};
use cognigy_session_debugger::value::Policy;
use cognigy_session_debugger::value::json::{Children, escape_into};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use std::collections::BTreeSet;

/// A row before it is written: name, value as JSON source, scope.
type Entry = (String, String, &'static str);

fn quoted(text: &str) -> String {
    let mut out = String::new();
    escape_into(&mut out, text);
    out
}

fn body<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> String {
    let row = |(name, value, scope): &Entry| {
        format!("{{\"name\":{},\"value\":{value},\"scope\":{}}}", quoted(name), quoted(scope))
    };
    format!("{{\"variables\":[{}]}}", entries.into_iter().map(row).collect::<Vec<_>>().join(","))
}

fn read(body: String, policy: Policy) -> Snapshot {
    let options = IngestOptions { policy: Some(policy), ..IngestOptions::default() };
    Snapshot::parse(body.into_bytes(), options, 0.0).unwrap()
}

fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<i64>().prop_map(|number| number.to_string()),
        "-?(0|[1-9][0-9]{0,40})(\\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?".prop_map(|text| text),
    ]
}

/// Texts of which many could be read as something else.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        number(),
        "[ +]?[0-9_]{1,5}",
        select(vec!["true", "TRUE", "null", "nan", "{\"a\":1.10}", "[1, 2]", "{\"a\":", "\"x\"", "", " ", "٣"])
            .prop_map(str::to_owned),
    ]
}

/// JSON source with its own spellings of numbers, spaces and names that stand twice.
fn source() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        select(vec!["null", "true", "false"]).prop_map(str::to_owned),
        number(),
        text().prop_map(|text| quoted(&text)),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let space = select(vec!["", " ", "\n", "\t "]);
        prop_oneof![
            (proptest::collection::vec(inner.clone(), 0..4), space.clone())
                .prop_map(|(parts, space)| format!("[{space}{}{space}]", parts.join(&format!("{space},{space}")))),
            (proptest::collection::vec(("[ab\\PC]{0,3}", inner), 0..4), space).prop_map(|(parts, space)| {
                let parts: Vec<_> = parts.iter().map(|(key, part)| format!("{}{space}:{part}", quoted(key))).collect();
                format!("{{{}{space}}}", parts.join(","))
            }),
        ]
    })
}

const SCOPES: [&str; 6] = ["global", "bot", "session", "user", "campaign", ""];

fn entries(names: impl Strategy<Value = String>) -> impl Strategy<Value = Vec<Entry>> {
    proptest::collection::vec((names, source(), select(SCOPES.to_vec())), 0..12)
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

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn what_the_wire_says_reads_as_what_it_was(entries in entries(text()), lossless in any::<bool>()) {
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
    fn values_keep_every_byte_of_their_own(source in source()) {
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
        entries in entries("[abc_]"),
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
    fn a_window_is_a_slice_of_all_rows(
        entries in entries("[ab_é]{0,3}"),
        (offset, limit) in (0_usize..14, 0_usize..14),
        sort in select(vec!["order", "name", "-name", "scope", "-scope", "type", "size", "-size"]),
        filter in select(vec!["", "a", "É", "1"]),
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
