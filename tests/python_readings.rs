//! The reference policy against what Python 3.11 has answered: numbers at random, and every Unicode character.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use cognigy_session_debugger::value::{Policy, Value, ValueType, read_text};
use serde_json::Value as Json;

fn python() -> Json {
    serde_json::from_str(include_str!("data/python-readings.json")).unwrap()
}

fn integer(text: &str) -> Option<String> {
    match read_text(text, Policy::Reference, None).value {
        Value::Integer(digits) => Some(digits.into_owned()),
        _ => None,
    }
}

#[test]
fn reads_random_texts_as_python_does() {
    for case in python()["cases"].as_array().unwrap() {
        let [text, value_type, value] = [0, 1, 2].map(|at| case[at].as_str().unwrap());
        let reading = read_text(text, Policy::Reference, None);
        assert_eq!((reading.value_type().as_str(), &*reading.value.written()), (value_type, value), "{text:?}");
    }
}

#[test]
fn knows_the_digits_and_the_white_space_of_every_script() {
    let python = python();
    let codes = |list: &str| -> Vec<u32> {
        python[list].as_array().unwrap().iter().map(|code| u32::try_from(code.as_u64().unwrap()).unwrap()).collect()
    };
    let (zeros, spaces) = (codes("zeros"), codes("spaces"));
    for c in '\0'..=char::MAX {
        let code = u32::from(c);
        let digit = zeros.iter().find(|&&zero| (zero..zero + 10).contains(&code)).map(|zero| code - zero);
        let after = match (digit, c) {
            (Some(0), _) | (None, '+') => Some("7".to_owned()),
            (Some(digit), _) => Some(format!("{digit}7")),
            (None, '-') => Some("-7".to_owned()),
            (None, _) => spaces.contains(&code).then(|| "7".to_owned()),
        };
        assert_eq!(integer(&format!("{c}7")), after, "U+{code:04X} before a digit");
        let before = digit.map(|digit| format!("7{digit}")).or(spaces.contains(&code).then(|| "7".to_owned()));
        assert_eq!(integer(&format!("7{c}")), before, "U+{code:04X} after a digit");
    }
}

/// `int()` refuses more than 4,300 digits, leading zeros counted and underscores not; then `float()` decides.
#[test]
fn python_counts_digits() {
    let ones = "1".repeat(4300);
    assert_eq!(integer(&ones).as_deref(), Some(&*ones));
    assert_eq!(integer(&format!(" -{ones}\n")), Some(format!("-{ones}")));
    assert_eq!(integer(&vec!["1"; 4300].join("_")).as_deref(), Some(&*ones));
    assert_eq!(integer(&"٣".repeat(4300)), Some("3".repeat(4300)));
    for (text, written) in [
        ("1".repeat(4301), "Infinity"),
        (format!("-{}", "٣".repeat(4301)), "-Infinity"),
        ("0".repeat(4301), "0.0"),
        (format!("{}42", "0".repeat(4300)), "42.0"),
    ] {
        let reading = read_text(&text, Policy::Reference, None);
        assert_eq!((reading.value_type(), &*reading.value.written()), (ValueType::Number, written));
    }
}

/// orjson refuses what is not finite or no Unicode text, and the text stays a text.
#[test]
fn refuses_documents_that_orjson_refuses() {
    for text in ["[1e400]", r#"{"a":[-1E309]}"#, r#"["\ud83d"]"#, r#""\ude00""#, "\u{b}[1]", "\u{a0}[1]", "\u{feff}{}"]
    {
        assert_eq!(read_text(text, Policy::Reference, None).value, Value::String(text.into()), "{text:?}");
    }
    let text = r#"{"1e400":"[1e400]","b":[1e308,1e-400]}"#;
    assert_eq!(read_text(text, Policy::Reference, None).value, Value::Object(text.into()));
}
