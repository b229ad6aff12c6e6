//! What holds for readings of any text.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

use cognigy_session_debugger::value::{Policy, Value, plain_decimal, read_json, read_text};
use num_bigint::BigInt;
use proptest::prelude::*;

/// Texts that are, or nearly are, something else than a text.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[ +-]?[0-9_]{1,24}[ ]?",
        "-?[0-9]{0,20}[.]?[0-9]{0,22}([eE][+-]?[0-9]{1,3})?",
        "(?i)[ +-]?(true|false|null|nan|inf|infinity)[ ]?",
        any::<f64>().prop_map(plain_decimal),
        any::<f64>().prop_map(|value| format!("{value:?}")),
        "[\\[\\]{}\", :0-9a-c]{0,16}",
        "[ \n]?\\[(\"[a-z]{0,3}\"|-?[1-9][0-9]{0,3}|null)(,[0-9]){0,3}\\][ \t]?",
    ]
}

fn json_text(value: &Value<'_>) -> Option<String> {
    match value {
        Value::Number(source) => Some(source.to_string()),
        Value::NonFinite(_) | Value::String(_) => None,
        other => Some(other.written().into_owned()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn lossless_readings_are_written_back_as_they_were(text in text()) {
        let reading = read_text(&text, Policy::Lossless, None);
        match &reading.value {
            Value::String(kept) => prop_assert_eq!(&**kept, text.as_str()),
            Value::Array(source) | Value::Object(source) => prop_assert_eq!(&**source, text.trim()),
            Value::Number(_) => {
                let value: f64 = text.parse().unwrap();
                prop_assert_eq!(plain_decimal(value), text.as_str());
                prop_assert!(reading.note.is_none());
            }
            other => prop_assert_eq!(&*other.written(), text.as_str()),
        }
    }

    #[test]
    fn whatever_is_read_is_json(text in text()) {
        for policy in Policy::ALL {
            let reading = read_text(&text, policy, None);
            if let Some(json) = json_text(&reading.value) {
                let parsed: Result<serde_json::Value, _> = serde_json::from_str(&json);
                prop_assert!(parsed.is_ok(), "{} of {:?}", json, text);
                prop_assert_eq!(read_json(&json, None).value_type(), reading.value_type());
            }
        }
    }

    #[test]
    fn none_keeps_every_text(text in any::<String>(), declared in proptest::option::of("[a-z]{0,8}")) {
        let reading = read_text(&text, Policy::None, declared.as_deref());
        prop_assert_eq!(reading.value, Value::String(text.as_str().into()));
    }

    #[test]
    fn a_lossless_note_tells_the_reference_reading(text in text()) {
        let reference = read_text(&text, Policy::Reference, None);
        let lossless = read_text(&text, Policy::Lossless, None);
        match lossless.note.and_then(|note| note.would_be) {
            Some((value_type, written)) => {
                prop_assert_eq!(lossless.value, Value::String(text.as_str().into()));
                prop_assert_eq!(value_type, reference.value_type());
                prop_assert_eq!(written, reference.value.written().into_owned());
                prop_assert!(reference.note.is_some());
            }
            None => prop_assert_eq!(lossless.value, reference.value),
        }
    }

    #[test]
    fn reference_integers_are_exact(digits in "[0-9]{1,300}", sign in "[+-]?", every in 1_usize..9) {
        let mut grouped = String::new();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && index % every == 0 {
                grouped.push('_');
            }
            grouped.push(digit);
        }
        let text = format!(" {sign}{grouped}\n");
        let exact: BigInt = format!("{sign}{digits}").parse().unwrap();
        let reading = read_text(&text, Policy::Reference, None);
        prop_assert_eq!(reading.value, Value::Integer(exact.to_string().into()));
    }

    #[test]
    fn every_finite_number_survives_plain_decimal(value in any::<f64>()) {
        prop_assume!(value.is_finite());
        let text = plain_decimal(value);
        prop_assert!(!text.contains(['e', 'E']) && text.contains('.'));
        prop_assert_eq!(text.parse::<f64>().unwrap().to_bits(), value.to_bits());
        prop_assert_eq!(read_text(&text, Policy::Lossless, None).value, Value::Number(text.as_str().into()));
    }

    #[test]
    fn an_owned_value_is_the_same_value(text in text()) {
        let reading = read_text(&text, Policy::Lossless, None);
        prop_assert_eq!(reading.value.clone().into_owned(), reading.value);
    }
}
