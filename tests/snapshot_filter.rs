//! The filter against a peer that knows nothing of bytes, blocks or spellings: a regular expression without letter case, over
//! names, what came, and what is shown.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice)]

use cognigy_session_debugger::snapshot::{EntryId, IngestOptions, Row, Snapshot, Sort, Variable, Window};
use cognigy_session_debugger::value::{Policy, Value};
use proptest::prelude::*;
use regex::{Regex, RegexBuilder};
use serde_json::Value as Json;

/// Few letters, so that texts hold one another, among them all that fold to more or to less than one would think.
fn text() -> impl Strategy<Value = String> {
    let letters: Vec<char> =
        "aAkKsSiIoeté\u{c9}ßẞſ\u{212a}\u{130}ıςσΣµμñД日😀\"\\/\n{}[]:,0123.+-_ nul".chars().collect();
    proptest::collection::vec(proptest::sample::select(letters), 0..12).prop_map(|chars| chars.into_iter().collect())
}

/// A text with some of its characters as escapes, as a JSON string may have any of them.
fn escaped(text: &str, which: u64) -> String {
    let mut out = String::from("\"");
    for (place, c) in text.chars().enumerate() {
        if which >> (place % 64) & 1 == 1 || matches!(c, '"' | '\\' | '\n') {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                out += &format!("\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out + "\""
}

fn value() -> impl Strategy<Value = String> {
    let string = (text(), any::<u64>()).prop_map(|(text, which)| escaped(&text, which)).boxed();
    let word = proptest::sample::select(vec!["null", "true", "1.50", "12", "-0.1e3"]).prop_map(String::from);
    let leaf = prop_oneof![4 => string.clone(), 1 => word].boxed();
    let nested = (leaf.clone(), string.clone()).prop_map(|(value, key)| format!("{{{key}:[{value}]}}")).boxed();
    // A document inside of a text.
    let inner = (nested.clone(), any::<u64>()).prop_map(|(document, which): (String, u64)| escaped(&document, which));
    let readings = proptest::sample::select(vec!["1_000", " TRUE ", "+12", "1.50", "Null", r#"\"x\\u0041\""#]);
    prop_oneof![leaf, nested, inner, readings.prop_map(|text| format!("\"{text}\""))]
}

fn body() -> impl Strategy<Value = String> {
    let scope = proptest::sample::select(vec!["user", "bot", "global"]);
    let row = (text(), any::<u64>(), value(), scope).prop_map(|(name, which, value, scope)| {
        format!("{{\"name\":{},\"value\":{value},\"scope\":\"{scope}\"}}", escaped(&name, which))
    });
    proptest::collection::vec(row, 0..8).prop_map(|rows| format!("{{\"variables\":[{}]}}", rows.join(",")))
}

fn is_in(pattern: &Regex, variable: &Variable) -> bool {
    let shown = match &variable.value {
        Value::Null => "null".to_owned(),
        Value::Boolean(value) => value.to_string(),
        Value::Integer(text) | Value::Number(text) | Value::String(text) => text.to_string(),
        Value::Array(source) | Value::Object(source) => {
            let document: Json = serde_json::from_str(source).unwrap();
            return pattern.is_match(&variable.name) || pattern.is_match(&variable.raw) || has(pattern, &document);
        }
        Value::NonFinite(_) => String::new(),
    };
    [&variable.name, &variable.raw, &shown].into_iter().any(|text| pattern.is_match(text))
}

/// Whether a name or a text inside of a document has it.
fn has(pattern: &Regex, document: &Json) -> bool {
    match document {
        Json::String(text) => pattern.is_match(text),
        Json::Array(items) => items.iter().any(|item| has(pattern, item)),
        Json::Object(members) => members.iter().any(|(key, item)| pattern.is_match(key) || has(pattern, item)),
        _ => false,
    }
}

/// The rows with this text, which is quoted, since it may hold what has a meaning in a search.
fn shown(snapshot: &Snapshot, text: &str) -> Vec<EntryId> {
    shown_by(snapshot, text, Sort::default())
}

fn shown_by(snapshot: &Snapshot, text: &str, sort: Sort) -> Vec<EntryId> {
    let filter = format!("\"{}\"", text.replace('\\', r"\\").replace('"', "\\\""));
    let window = Window { filter, sort, shadowed: true, limit: 100, ..Window::default() };
    snapshot.rows(&window).1.into_iter().map(|row| row.entry).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn the_filter_finds_what_a_plain_search_finds(
        body in body(), filter in text(), reference in any::<bool>(), cut in any::<prop::sample::Index>()
    ) {
        let policy = if reference { Policy::Reference } else { Policy::Lossless };
        let options = IngestOptions { policy: Some(policy), ..IngestOptions::default() };
        let snapshot = Snapshot::parse(body.clone().into_bytes(), options, 0.0).unwrap();
        let all = shown(&snapshot, "");
        prop_assert_eq!(all.len(), snapshot.entry_count());
        // A part of the body is found more often than any text by chance.
        let letters: Vec<char> = body.chars().collect();
        let from = cut.index(letters.len());
        let piece: String = letters[from..(from + 3).min(letters.len())].iter().collect();
        for filter in [filter, piece].into_iter().filter(|filter| !filter.is_empty()) {
            let pattern = RegexBuilder::new(&regex::escape(&filter)).case_insensitive(true).build().unwrap();
            let found = shown(&snapshot, &filter);
            for entry in &all {
                let variable = snapshot.variable(*entry).unwrap();
                let expected = is_in(&pattern, &variable);
                let is_document = matches!(variable.value, Value::Array(_) | Value::Object(_));
                // The braces and escapes of a document's source are found as well; what is in it has to be.
                if expected || !is_document {
                    prop_assert_eq!(found.contains(entry), expected, "{:?} in {:?}", filter, variable);
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn typing_on_finds_what_typing_at_once_finds(
        body in body(), filter in text(), sort in proptest::sample::select(vec!["order", "name", "-name", "size", "-scope"])
    ) {
        let parse = || Snapshot::parse(body.clone().into_bytes(), IngestOptions::default(), 0.0).unwrap();
        let (snapshot, sort) = (parse(), Sort::parse(sort).unwrap());
        for (end, c) in filter.char_indices() {
            let typed = &filter[..end + c.len_utf8()];
            prop_assert_eq!(shown_by(&snapshot, typed, sort), shown_by(&parse(), typed, sort), "{:?}", typed);
        }
    }
}

/// A term of a search, and what it asks of a row.
fn term() -> impl Strategy<Value = (String, Ask)> {
    let scopes = proptest::sample::select(vec!["user", "bot", "global"]);
    let part = proptest::sample::select(vec!["a", "k", "s", "1", "nu", "E", "ab"]);
    let named = part.clone().prop_map(|part| (format!("name:{part}"), Ask::Name(part)));
    let plain = part.prop_map(|part| (part.to_owned(), Ask::Anywhere(part)));
    let scope = scopes.clone().prop_map(|scope| (format!("scope:{scope}"), Ask::Scopes(vec![scope])));
    let either = (scopes.clone(), scopes).prop_map(|(a, b)| (format!("scope:{a}|{b}"), Ask::Scopes(vec![a, b])));
    let shadowed =
        any::<bool>().prop_map(|yes| (format!("shadowed:{}", if yes { "yes" } else { "no" }), Ask::Shadowed(yes)));
    let system = any::<bool>().prop_map(|yes| (format!("system:{}", if yes { "yes" } else { "no" }), Ask::System(yes)));
    (any::<bool>(), prop_oneof![named, plain, scope, either, shadowed, system])
        .prop_map(|(not, (text, ask))| if not { (format!("-{text}"), Ask::Not(Box::new(ask))) } else { (text, ask) })
}

#[derive(Debug, Clone)]
enum Ask {
    Name(&'static str),
    Anywhere(&'static str),
    Scopes(Vec<&'static str>),
    Shadowed(bool),
    System(bool),
    Not(Box<Ask>),
}

impl Ask {
    fn holds(&self, row: &Row, snapshot: &Snapshot) -> bool {
        match self {
            Ask::Name(part) => RegexBuilder::new(part).case_insensitive(true).build().unwrap().is_match(&row.name),
            // What one text finds is tested above.
            Ask::Anywhere(part) => shown(snapshot, part).contains(&row.entry),
            Ask::Scopes(scopes) => scopes.contains(&row.scope.as_str()),
            Ask::Shadowed(yes) => row.hidden == *yes,
            Ask::System(yes) => row.is_system == *yes,
            Ask::Not(ask) => !ask.holds(row, snapshot),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn terms_together_find_what_each_of_them_lets_through(
        body in body(), terms in proptest::collection::vec(term(), 1..4), asked_before in any::<bool>()
    ) {
        let snapshot = Snapshot::parse(body.into_bytes(), IngestOptions::default(), 0.0).unwrap();
        let window = |filter: String| Window { filter, shadowed: true, limit: 100, ..Window::default() };
        let all = snapshot.rows(&window(String::new())).1;
        if asked_before {
            // By then all letters are known.
            (0..4).for_each(|count| drop(snapshot.rows(&window(format!("x{count}")))));
        }
        let filter = terms.iter().map(|(text, _)| text.as_str()).collect::<Vec<_>>().join(" ");
        let found = snapshot.rows(&window(filter.clone())).1;
        for row in &all {
            let expected = terms.iter().all(|(_, ask)| ask.holds(row, &snapshot));
            prop_assert_eq!(found.iter().any(|one| one.entry == row.entry), expected, "{:?} in {:?}", filter, row);
        }
    }
}
