//! Two public corpora, each case in every place that a text or a value can have.
//!
//! `data/json-test-suite.json` says of each case whether a parser has to accept it (`y`), to refuse it (`n`), or may choose
//! (`i`, and the suite's transformations). `data/json-test-suite-bytes.json` has the bytes of those that are no UTF-8.
//! `data/naughty-strings.json` holds texts that programs stumble over. `package/corpora.test.mjs` asks the same of the compiled engine.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice)]

use cognigy_session_debugger::Code;
use cognigy_session_debugger::ingest::Reason;
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

struct Case {
    name: String,
    bytes: Vec<u8>,
    verdict: Verdict,
}

impl Case {
    /// Its text; `None` where it is no UTF-8.
    fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.bytes).ok()
    }

    /// The same as a string of JSON; what is no UTF-8 stands in it as it is.
    fn quoted(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for chunk in self.bytes.utf8_chunks() {
            let text = quoted(chunk.valid());
            out.extend_from_slice(&text.as_bytes()[1..text.len() - 1]);
            out.extend_from_slice(chunk.invalid());
        }
        [b"\"", out.as_slice(), b"\""].concat()
    }
}

fn unhex(hex: &str) -> Vec<u8> {
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    hex.as_bytes().chunks(2).map(byte).collect()
}

fn cases_of(file: &str) -> Vec<Json> {
    let file: Json = serde_json::from_str(file).unwrap();
    file["cases"].as_array().unwrap().clone()
}

fn suite() -> Vec<Case> {
    let known = cases_of(include_str!("data/json-test-suite-bytes.json"));
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
        let known = known.iter().find(|known| known["name"] == name.as_str());
        let bytes = known.map_or_else(|| text.clone().into_bytes(), |known| unhex(known["hex"].as_str().unwrap()));
        assert_eq!(String::from_utf8_lossy(&bytes), text, "{name}: the bytes become what the package has of them");
        assert_eq!(known.is_some(), text.contains('\u{fffd}'), "{name}: no other case has lost its bytes");
        Case { name, bytes, verdict }
    };
    cases_of(include_str!("data/json-test-suite.json")).iter().map(case).collect()
}

fn naughty() -> Vec<Case> {
    let case = |(place, text): (usize, &Json)| {
        let text = text.as_str().unwrap();
        let verdict = if serde_json::from_str::<Json>(text).is_ok() { Verdict::Accept } else { Verdict::Refuse };
        Case { name: format!("string {place}"), bytes: text.into(), verdict }
    };
    cases_of(include_str!("data/naughty-strings.json")).iter().enumerate().map(case).collect()
}

fn all() -> Vec<Case> {
    let mut cases = suite();
    cases.extend(naughty());
    cases
}

fn count(what: &str, cases: &[Case]) {
    let of = |wanted| cases.iter().filter(|case| case.verdict == wanted).count();
    let (accept, refuse, either) = (of(Verdict::Accept), of(Verdict::Refuse), of(Verdict::Either));
    let not_utf8 = cases.iter().filter(|case| case.text().is_none()).count();
    // Written past the test runner, which keeps what is printed to itself.
    let mut out = std::io::stdout();
    writeln!(
        out,
        "corpora {what}: {} cases; {accept} to accept, {refuse} to refuse, {either} either; {not_utf8} are no UTF-8",
        cases.len()
    )
    .unwrap();
}

fn read(body: impl AsRef<[u8]>) -> Result<Snapshot, Code> {
    let snapshot = Snapshot::parse(body.as_ref().to_vec(), IngestOptions::default(), 0.0);
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

/// A body around the bytes of a case.
fn around(before: &str, bytes: &[u8], after: &str) -> Vec<u8> {
    [before.as_bytes(), bytes, after.as_bytes()].concat()
}

/// What is no UTF-8 is an unreadable row or a clear error, and takes nothing else with it.
fn check_not_utf8(name: &str, body: &[u8], good: Option<&str>) {
    let snapshot = read(body).unwrap();
    ask(&snapshot);
    assert_eq!((snapshot.len(), snapshot.unreadable_count()), (1, 1), "{name}");
    assert_eq!(snapshot.get("good", good).unwrap().raw, "1", "{name}");
    let rows = snapshot.rows(&Window::default()).1;
    let problem = rows.iter().find_map(|row| row.problem.as_ref()).unwrap();
    let valid = std::str::from_utf8(body).unwrap_err().valid_up_to();
    assert_eq!((problem.reason, problem.offset), (Reason::NotUtf8.sentence(), valid), "{name}");
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
    for Case { name, bytes, verdict } in &cases {
        let refused = match read(bytes) {
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

/// Of the cases that a parser may accept or refuse (`i_`) these are exact values. The other texts hold half a surrogate pair, which
/// makes an unreadable row, or a mark of the byte order within the body, which JSON does not have.
const ACCEPTED: [&str; 11] = [
    "number_double_huge_neg_exp",
    "number_huge_exp",
    "number_neg_int_huge_exp",
    "number_pos_double_huge_exp",
    "number_real_neg_overflow",
    "number_real_pos_overflow",
    "number_real_underflow",
    "number_too_big_neg_int",
    "number_too_big_pos_int",
    "number_very_big_negative_int",
    "structure_500_nested_arrays",
];

/// The value is the text itself. A string may come back in another spelling of the same characters.
fn check_exact(name: &str, snapshot: &Snapshot, text: &str) {
    let variable = snapshot.get("case", None).unwrap();
    let raw = if variable.raw_is_text { quoted(&variable.raw) } else { variable.raw };
    let as_text = |source: &str| serde_json::from_str::<String>(source).ok();
    let same = raw == trimmed(text) || (as_text(text).is_some() && as_text(&raw) == as_text(text));
    assert!(same, "{name}: {raw}");
}

#[test]
fn as_a_raw_value_in_a_row() {
    let cases = all();
    let mut accepted = Vec::new();
    for case in &cases {
        let Case { name, bytes, verdict } = case;
        let (before, after) = (
            r#"{"variables":[{"name":"case","value":"#,
            r#","scope":"user"},{"name":"good","value":1,"scope":"user"}]}"#,
        );
        let body = around(before, bytes, after);
        let result = read(&body);
        match (verdict, &result, case.text()) {
            (Verdict::Accept, Ok(snapshot), Some(text)) => check_exact(name, snapshot, text),
            (Verdict::Either, Ok(snapshot), Some(text)) if snapshot.get("case", None).is_some() => {
                check_exact(name, snapshot, text);
                accepted.extend(name.strip_prefix("i_"));
            }
            // UTF-16 has zeros where JSON has nothing.
            (Verdict::Either, Err(Code::JsonSyntax), None) if bytes.contains(&0) => {}
            (Verdict::Either, _, None) => check_not_utf8(name, &body, Some("user")),
            (Verdict::Either, Ok(snapshot), Some(_)) => assert_eq!(snapshot.unreadable_count(), 1, "{name}"),
            (Verdict::Refuse | Verdict::Either, Err(Code::JsonSyntax), _) => {}
            (_, result, _) => panic!("{name}: {:?}", result.as_ref().map(Snapshot::len)),
        }
        if let Ok(snapshot) = result {
            ask(&snapshot);
            assert_eq!(snapshot.get("good", None).unwrap().raw, "1", "{name}");
        }
    }
    assert_eq!(accepted, ACCEPTED.map(|name| format!("{name}.json")));
    count("as a raw value in a row", &cases);
}

#[test]
fn as_a_raw_value_in_a_context_and_in_a_text_of_one() {
    let cases = all();
    for case in &cases {
        let Case { name, bytes, verdict } = case;
        let document = around(r#"{"case":"#, bytes, r#","good":1}"#);
        let plain = read(around(r#"{"context":"#, &document, r#","profile":{"good":1}}"#));
        let text = Case { name: name.clone(), bytes: document, verdict: *verdict };
        let packed = read(around(r#"{"context":"#, &text.quoted(), r#","profile":{"good":1}}"#)).unwrap();
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
    for case in &cases {
        let row = r#"{"name":"good","value":1,"scope":"user"}"#;
        let body = around(
            &format!(r#"{{"variables":[{row},{{"name":"case","value":"#),
            &case.quoted(),
            r#","scope":"user"}]}"#,
        );
        let Some(text) = case.text() else {
            check_not_utf8(&case.name, &body, Some("user"));
            continue;
        };
        for policy in Policy::ALL {
            let options = IngestOptions { policy: Some(policy), ..IngestOptions::default() };
            let snapshot = Snapshot::parse(body.clone(), options, 0.0).unwrap();
            assert_eq!(snapshot.get("case", None).unwrap().raw, text, "{}", case.name);
            ask(&snapshot);
        }
    }
    count("as a text value under four policies", &cases);
}

#[test]
fn as_a_name() {
    let cases = all();
    for case in &cases {
        let (name, quoted) = (&case.name, case.quoted());
        let in_row = [br#"{"name":"#, quoted.as_slice(), br#","value":1,"scope":"#, &quoted, b"}"].concat();
        let Some(text) = case.text() else {
            let good = r#",{"name":"good","value":1,"scope":"user"}]}"#;
            check_not_utf8(name, &around(r#"{"variables":["#, &in_row, good), Some("user"));
            check_not_utf8(name, &around(r#"{"context":{"#, &quoted, r#":1,"good":1},"profile":{}}"#), Some("context"));
            continue;
        };
        for body in
            [around(r#"{"variables":["#, &in_row, "]}"), around(r#"{"context":{"#, &quoted, r#":1},"profile":{}}"#)]
        {
            let snapshot = read(&body).unwrap();
            assert_eq!(snapshot.names().collect::<Vec<_>>(), [text], "{name}");
            assert_eq!(snapshot.get(text, None).unwrap().name, text, "{name}");
            let wire: Json = serde_json::from_str(&snapshot.to_json_text()).unwrap();
            assert_eq!(wire["variables"][text]["value"], 1, "{name}");
            ask(&snapshot);
        }
    }
    count("as a name", &cases);
}
