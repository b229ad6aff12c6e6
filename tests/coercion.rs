//! Every case of `data/coercion.json`, whose reference column Python itself has answered.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use cognigy_session_debugger::value::{Policy, Value, read_text};
use serde_json::Value as Json;

/// A reading as the file writes it: numbers plain with a fraction, documents compact with sorted keys and ASCII only.
fn as_in_file(value: &Value<'_>) -> String {
    match value {
        Value::Array(source) | Value::Object(source) => {
            let mut out = String::new();
            write_sorted(&serde_json::from_str(source).unwrap(), &mut out);
            out
        }
        other => other.written().into_owned(),
    }
}

fn write_sorted(json: &Json, out: &mut String) {
    match json {
        Json::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                write_sorted(item, out);
            }
            out.push(']');
        }
        Json::Object(members) => {
            let mut keys: Vec<&String> = members.keys().collect();
            keys.sort();
            out.push('{');
            for (index, key) in keys.into_iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                write_ascii(key, out);
                out.push(':');
                write_sorted(&members[key], out);
            }
            out.push('}');
        }
        Json::String(text) => write_ascii(text, out),
        Json::Number(number) => out.push_str(&python_number(&number.to_string())),
        scalar => out.push_str(&scalar.to_string()),
    }
}

fn write_ascii(text: &str, out: &mut String) {
    for c in serde_json::to_string(text).unwrap().chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
}

fn python_number(source: &str) -> String {
    if source.contains(['.', 'e', 'E']) { format!("{:?}", source.parse::<f64>().unwrap()) } else { source.to_owned() }
}

fn check(policy: Policy) {
    let file: Json = serde_json::from_str(include_str!("data/coercion.json")).unwrap();
    let cases = file["cases"].as_array().unwrap();
    assert!(cases.len() >= 181);
    for case in cases {
        let text = case["text"].as_str().unwrap();
        let reading = read_text(text, policy, None);
        let expected = &case[policy.as_str()];
        assert_eq!(reading.value_type().as_str(), expected["type"].as_str().unwrap(), "type of {text:?}");
        assert_eq!(as_in_file(&reading.value), expected["value"].as_str().unwrap(), "value of {text:?}");
    }
}

#[test]
fn reference_reads_as_python_does() {
    check(Policy::Reference);
}

#[test]
fn lossless_reads_what_can_be_written_back() {
    check(Policy::Lossless);
}

/// What the note of a text that stays a text promises is what the reference policy gives.
#[test]
fn the_note_says_what_the_reference_reading_is() {
    let file: Json = serde_json::from_str(include_str!("data/coercion.json")).unwrap();
    for case in file["cases"].as_array().unwrap() {
        let text = case["text"].as_str().unwrap();
        let (reference, lossless) = (&case["reference"], &case["lossless"]);
        let note = read_text(text, Policy::Lossless, None).note;
        if reference == lossless {
            assert_eq!(note, None, "{text:?}");
        } else {
            let (value_type, written) = note.and_then(|note| note.would_be).unwrap_or_else(|| panic!("{text:?}"));
            assert_eq!(value_type.as_str(), reference["type"].as_str().unwrap(), "{text:?}");
            assert_eq!(written, reference["value"].as_str().unwrap(), "{text:?}");
        }
    }
}
