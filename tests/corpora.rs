//! Two public corpora, each case in every place that a text or a value can have.
//!
//! `data/json-test-suite.json` says of each case whether a parser has to accept it (`y`), to refuse it (`n`), or may choose
//! (`i`, and the suite's transformations). `data/naughty-strings.json` holds texts that programs stumble over.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice)]

use cognigy_session_debugger::Code;
use cognigy_session_debugger::snapshot::{ExplainOptions, ExportFormat, Hidden, IngestOptions, Mask, Snapshot, Window};
use cognigy_session_debugger::value::Policy;
use cognigy_session_debugger::value::json::escape_into;
use serde_json::Value as Json;
use std::io::Write;

/// Whether JSON's grammar has the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Accept,
    Refuse,
    Either,
}

fn suite() -> Vec<(String, String, Verdict)> {
    let file: Json = serde_json::from_str(include_str!("data/json-test-suite.json")).unwrap();
    let case = |case: &Json| {
        let name = case["name"].as_str().unwrap().to_owned();
        let text = match case["text"].as_str() {
            Some(text) => text.to_owned(),
            None => {
                let times = usize::try_from(case["times"].as_u64().unwrap()).unwrap();
                case["unit"].as_str().unwrap().repeat(times) + case["rest"].as_str().unwrap()
            }
        };
        let verdict = match name.split_once('_').unwrap().0 {
            "y" => Verdict::Accept,
            "n" => Verdict::Refuse,
            _ => Verdict::Either,
        };
        (name, text, verdict)
    };
    file["cases"].as_array().unwrap().iter().map(case).collect()
}

fn naughty() -> Vec<(String, String, Verdict)> {
    let file: Json = serde_json::from_str(include_str!("data/naughty-strings.json")).unwrap();
    let case = |(place, text): (usize, &Json)| {
        let text = text.as_str().unwrap().to_owned();
        let verdict = if serde_json::from_str::<Json>(&text).is_ok() { Verdict::Accept } else { Verdict::Refuse };
        (format!("string {place}"), text, verdict)
    };
    file["cases"].as_array().unwrap().iter().enumerate().map(case).collect()
}

fn all() -> Vec<(String, String, Verdict)> {
    let mut cases = suite();
    cases.extend(naughty());
    cases
}

fn count(what: &str, cases: &[(String, String, Verdict)]) {
    let of = |wanted| cases.iter().filter(|(_, _, verdict)| *verdict == wanted).count();
    let (accept, refuse, either) = (of(Verdict::Accept), of(Verdict::Refuse), of(Verdict::Either));
    // Written past the test runner, which keeps what is printed to itself.
    let mut out = std::io::stdout();
    writeln!(out, "corpora {what}: {} cases; {accept} to accept, {refuse} to refuse, {either} either", cases.len())
        .unwrap();
}

fn read(body: &str) -> Result<Snapshot, Code> {
    let snapshot = Snapshot::parse(body.as_bytes().to_vec(), IngestOptions::default(), 0.0);
    snapshot.map_err(|error| {
        assert!(error.message().len() < 800);
        error.code()
    })
}

fn quoted(text: &str) -> String {
    let mut out = String::new();
    escape_into(&mut out, text);
    out
}

fn trimmed(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\n', '\r'])
}

/// Everything that can be asked of a snapshot is asked.
fn ask(snapshot: &Snapshot) {
    let (_, rows) = snapshot.rows(&Window { filter: "é".into(), shadowed: true, ..Window::default() });
    assert!(rows.len() <= snapshot.entry_count() + snapshot.unreadable_count());
    for row in snapshot.rows(&Window::default()).1 {
        assert!(row.text.chars().count() <= 200);
        let page = snapshot.children(row.entry, &[], 0, 50).unwrap();
        assert!(page.nodes.len() <= page.total);
        assert_eq!(page.total, row.child_count.unwrap_or(0));
        snapshot.text(row.entry, &[], 3, 10).unwrap();
        snapshot.explain(&row.name, ExplainOptions::default());
    }
    let wire: Json = serde_json::from_str(&snapshot.to_json_text()).unwrap_or_else(|_| {
        // serde_json stops at 128 levels; ours is checked for form by the engine itself.
        cognigy_session_debugger::value::json::validate(snapshot.to_json_text().as_bytes(), usize::MAX).unwrap();
        Json::Null
    });
    assert!(wire.is_null() || wire["variables"].as_object().unwrap().len() == snapshot.len());
    assert!(
        snapshot.export(ExportFormat::Csv, &Mask::off(), &mut Hidden::default()).matches("\r\n").count()
            > snapshot.entry_count() + snapshot.unreadable_count()
    );
    assert_eq!(
        snapshot.export(ExportFormat::Ndjson, &Mask::off(), &mut Hidden::default()).lines().count(),
        snapshot.entry_count() + snapshot.unreadable_count()
    );
}

#[test]
fn as_a_body() {
    let cases = all();
    for (name, text, verdict) in &cases {
        let refused = match read(text) {
            Ok(snapshot) => {
                ask(&snapshot);
                false
            }
            Err(code) => matches!(code, Code::JsonSyntax | Code::BodyEmpty),
        };
        match verdict {
            Verdict::Accept => assert!(!refused, "{name} is JSON"),
            Verdict::Refuse => assert!(refused, "{name} is not JSON"),
            Verdict::Either => {}
        }
        assert_eq!(read(r#"{"variables":[{"name":"a","value":1,"scope":"s"}]}"#).unwrap().len(), 1);
    }
    count("as a body", &cases);
}

#[test]
fn as_a_raw_value_in_a_row() {
    let cases = all();
    for (name, text, verdict) in &cases {
        let body = format!(
            r#"{{"variables":[{{"name":"case","value":{text},"scope":"user"}},{{"name":"good","value":1,"scope":"user"}}]}}"#
        );
        let result = read(&body);
        match (verdict, &result) {
            (Verdict::Accept, Ok(snapshot)) => {
                let variable = snapshot.get("case", None).unwrap();
                let raw = if variable.raw_is_text { quoted(&variable.raw) } else { variable.raw };
                // A text may come back in another spelling of the same characters, anything else in its own.
                let as_text = |source: &str| serde_json::from_str::<String>(source).ok();
                let same = raw == trimmed(text) || (as_text(text).is_some() && as_text(&raw) == as_text(text));
                assert!(same, "{name}: {raw}");
            }
            (Verdict::Refuse, Err(Code::JsonSyntax)) | (Verdict::Either, _) => {}
            (_, result) => panic!("{name}: {:?}", result.as_ref().map(Snapshot::len)),
        }
        if let Ok(snapshot) = result {
            ask(&snapshot);
            assert_eq!(snapshot.get("good", None).unwrap().raw, "1", "{name}");
        }
    }
    count("as a raw value in a row", &cases);
}

#[test]
fn as_a_raw_value_in_a_context_and_in_a_text_of_one() {
    let cases = all();
    for (name, text, verdict) in &cases {
        let document = format!(r#"{{"case":{text},"good":1}}"#);
        let plain = read(&format!(r#"{{"context":{document},"profile":{{"good":1}}}}"#));
        let packed = read(&format!(r#"{{"context":{},"profile":{{"good":1}}}}"#, quoted(&document))).unwrap();
        ask(&packed);
        assert!(packed.get("good", Some("profile")).is_some(), "{name}");
        match verdict {
            Verdict::Accept => {
                let plain = plain.unwrap();
                ask(&plain);
                let (one, other) = (plain.get("case", None).unwrap(), packed.get("case", None).unwrap());
                assert_eq!((one.value, one.raw), (other.value, other.raw), "{name}");
                assert_eq!(packed.get("good", Some("context")).unwrap().raw, "1");
            }
            Verdict::Refuse => {
                assert_eq!(plain.unwrap_err(), Code::JsonSyntax, "{name}");
                assert_eq!((packed.len(), packed.unreadable_count()), (1, 1), "{name}");
            }
            Verdict::Either => {}
        }
    }
    count("as a raw value in a context, plain and in a text", &cases);
}

#[test]
fn as_a_text_value() {
    let cases = all();
    for (name, text, _) in &cases {
        let body = format!(r#"{{"variables":[{{"name":"case","value":{},"scope":"user"}}]}}"#, quoted(text));
        for policy in Policy::ALL {
            let options = IngestOptions { policy: Some(policy), ..IngestOptions::default() };
            let snapshot = Snapshot::parse(body.clone().into_bytes(), options, 0.0).unwrap();
            assert_eq!(&snapshot.get("case", None).unwrap().raw, text, "{name}");
            ask(&snapshot);
        }
    }
    count("as a text value under four policies", &cases);
}

#[test]
fn as_a_name() {
    let cases = all();
    for (name, text, _) in &cases {
        let quoted = quoted(text);
        for body in [
            format!(r#"{{"variables":[{{"name":{quoted},"value":1,"scope":{quoted}}}]}}"#),
            format!(r#"{{"context":{{{quoted}:1}},"profile":{{}}}}"#),
        ] {
            let snapshot = read(&body).unwrap();
            assert_eq!(snapshot.names().collect::<Vec<_>>(), [text.as_str()], "{name}");
            assert_eq!(&snapshot.get(text, None).unwrap().name, text, "{name}");
            let wire: Json = serde_json::from_str(&snapshot.to_json_text()).unwrap();
            assert_eq!(wire["variables"][text]["value"], 1, "{name}");
            ask(&snapshot);
        }
    }
    count("as a name", &cases);
}
