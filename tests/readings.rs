//! Readings case by case: the narrow policies, remarks, declared types, typed JSON, and long texts.

#![allow(unreachable_pub)]

#[path = "support/linear.rs"]
mod linear;

use cognigy_session_debugger::value::{
    MAX_TEXT_DEPTH, Note, NoteCode, Policy, Reading, Value, ValueType, plain_decimal, read_json, read_text,
};

/// Sixteen times as much takes sixteen times as long; what grew with the square would take 256 times.
const SHORT: usize = 1 << 14;
const TIMES: usize = 16;
const MOST: u32 = 64;

fn shown(reading: &Reading<'_>) -> (&'static str, String) {
    let spelling = match &reading.value {
        Value::Number(source) => source.to_string(),
        other => other.written().into_owned(),
    };
    (reading.value_type().as_str(), spelling)
}

fn code(reading: Reading<'_>) -> Option<NoteCode> {
    reading.note.map(|note| note.code)
}

fn would_be(reading: Reading<'_>) -> Option<(ValueType, String)> {
    reading.note.and_then(|note| note.would_be)
}

#[test]
fn json_reads_what_json_is() {
    let digits = "123456789012345678901234567890";
    for (text, value_type, value) in [
        ("42", "integer", "42"),
        ("-0", "integer", "-0"),
        (digits, "integer", digits),
        ("3.14", "number", "3.14"),
        ("1.0", "number", "1.0"),
        ("1.10", "number", "1.10"),
        ("1e3", "number", "1e3"),
        ("1e-400", "number", "1e-400"),
        ("true", "boolean", "true"),
        ("false", "boolean", "false"),
        ("null", "null", "null"),
        ("\"x\"", "string", "x"),
        (r#""\u00e9\"""#, "string", "é\""),
        ("{\"a\":1}", "object", "{\"a\":1}"),
        ("\r\n[1e400 ]\t", "array", "[1e400 ]"),
    ] {
        assert_eq!(shown(&read_text(text, Policy::Json, None)), (value_type, value.to_owned()), "{text:?}");
    }
}

#[test]
fn json_leaves_every_other_text_alone() {
    for text in [
        "007",
        "+49151",
        "1_000",
        " 42 ",
        "٣",
        ".5",
        "5.",
        "TRUE",
        "nan",
        "inf",
        "1e400",
        "{\"a\":",
        "",
        " ",
        "hello",
        " true",
        "\"x\" ",
        r#""\ud83d""#,
        "NULL",
        "truely",
        "nul",
        "-",
        "1 2",
        "\u{a0}[1]",
    ] {
        assert_eq!(read_text(text, Policy::Json, None), Reading { value: Value::String(text.into()), note: None });
    }
}

#[test]
fn none_leaves_every_text_alone() {
    for text in ["42", "007", "3.14", "true", "nan", "null", "\"x\"", "{\"a\":1}", "[1]", ""] {
        assert_eq!(read_text(text, Policy::None, None), Reading { value: Value::String(text.into()), note: None });
    }
}

#[test]
fn a_remark_names_what_is_most_telling() {
    for (text, expected) in [
        ("007", NoteCode::LeadingZero),
        ("-00", NoteCode::LeadingZero),
        (" +007 ", NoteCode::LeadingZero),
        ("00.50", NoteCode::LeadingZero),
        ("+49151", NoteCode::PlusSign),
        ("+.50", NoteCode::PlusSign),
        ("-0", NoteCode::NegativeZero),
        (" -0", NoteCode::NegativeZero),
        (" 42", NoteCode::SurroundingSpace),
        ("3.14\u{3000}", NoteCode::SurroundingSpace),
        ("null\n", NoteCode::SurroundingSpace),
        ("\ttrue", NoteCode::SurroundingSpace),
        ("1_000", NoteCode::DigitGrouping),
        ("٣", NoteCode::ForeignDigits),
        ("1e3", NoteCode::Exponent),
        ("1.50E3", NoteCode::Exponent),
        (".5", NoteCode::BarePoint),
        ("5.", NoteCode::BarePoint),
        ("1.10", NoteCode::TrailingZero),
        ("1.00", NoteCode::TrailingZero),
        ("0.1234567890123456789", NoteCode::Precision),
        ("9007199254740993.0", NoteCode::Precision),
        ("1e-400", NoteCode::Precision),
        ("1e400", NoteCode::Overflow),
        ("+1e400", NoteCode::Overflow),
        ("nan", NoteCode::NonFinite),
        (" -Infinity ", NoteCode::NonFinite),
        ("TRUE", NoteCode::LetterCase),
        ("\"x\"", NoteCode::JsonString),
    ] {
        let lossless = read_text(text, Policy::Lossless, None);
        assert_eq!(lossless.value, Value::String(text.into()), "{text:?}");
        assert_eq!(code(lossless), Some(expected), "{text:?}");
        let reference = read_text(text, Policy::Reference, None);
        assert_eq!(reference.note, Some(Note { code: expected, would_be: None }), "{text:?}");
    }
}

#[test]
fn a_remark_says_what_the_text_would_read_as() {
    for (text, value_type, written) in [
        ("007", ValueType::Integer, "7"),
        ("-0", ValueType::Integer, "0"),
        (" -1_0", ValueType::Integer, "-10"),
        ("1e3", ValueType::Number, "1000.0"),
        ("1e400", ValueType::Number, "Infinity"),
        ("-nan", ValueType::Number, "NaN"),
        ("FALSE", ValueType::Boolean, "false"),
        (" null", ValueType::Null, "null"),
        (r#""a\nb""#, ValueType::String, "a\nb"),
    ] {
        let note = would_be(read_text(text, Policy::Lossless, None));
        assert_eq!(note, Some((value_type, written.to_owned())), "{text:?}");
    }
}

#[test]
fn json_readings_say_what_they_lose() {
    for (text, expected) in [
        ("42", None),
        ("3.14", None),
        (" [1.10] ", None),
        ("1.10", Some(NoteCode::TrailingZero)),
        ("1e3", Some(NoteCode::Exponent)),
        ("1e-400", Some(NoteCode::Precision)),
        ("-0", Some(NoteCode::NegativeZero)),
        ("\"x\"", Some(NoteCode::JsonString)),
    ] {
        assert_eq!(code(read_text(text, Policy::Json, None)), expected, "{text:?}");
    }
}

#[test]
fn integers_have_no_limit_but_pythons() {
    let million = "9".repeat(1 << 20);
    for policy in [Policy::Lossless, Policy::Json] {
        let reading = read_text(&million, policy, None);
        assert_eq!(reading, Reading { value: Value::Integer((&*million).into()), note: None });
    }
    let reading = read_text(&million, Policy::Reference, None);
    assert_eq!((reading.value.clone(), code(reading)), (Value::NonFinite(f64::INFINITY), Some(NoteCode::Overflow)));
}

#[test]
fn hostile_texts_are_read_in_one_go() {
    let texts = |many: usize| {
        [
            format!("0.{}1", "0".repeat(many)),
            format!("{}e-{}", "7".repeat(many), many),
            format!("1e{}", "9".repeat(many)),
            vec!["1"; many].join("_"),
            "٣".repeat(many),
            " ".repeat(many),
            format!("{}x", " ".repeat(many)),
            "[".repeat(many),
            "{\"a\":".repeat(many),
            "\"\\".repeat(many),
            format!("[{}1]", "1e5,".repeat(many)),
            format!("\"{}\"", "\\u00e9".repeat(many)),
        ]
    };
    for (short, long) in texts(SHORT).iter().zip(&texts(SHORT * TIMES)) {
        for policy in Policy::ALL {
            let time = |text: &str| {
                linear::time(|| {
                    let reading = read_text(text, policy, Some("integer"));
                    assert!(reading.note.is_some() || reading.value_type() == ValueType::Integer);
                })
            };
            let linear = linear::grows_at_most(MOST, || time(short), || time(long));
            assert!(linear, "{} {}", policy.as_str(), short.chars().take(8).collect::<String>());
        }
    }
}

#[test]
fn documents_nest_to_a_limit() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let (deepest, deeper) = (nested(MAX_TEXT_DEPTH), nested(MAX_TEXT_DEPTH + 1));
    for policy in [Policy::Lossless, Policy::Reference, Policy::Json] {
        assert_eq!(read_text(&deepest, policy, None).value, Value::Array((&*deepest).into()));
        let reading = read_text(&deeper, policy, None);
        let note = Some(Note { code: NoteCode::TooDeep, would_be: None });
        assert_eq!(reading, Reading { value: Value::String((&*deeper).into()), note });
        assert_eq!(read_text(&deeper, policy, Some("array")), reading, "the type is not what is wrong");
        assert_eq!(code(read_text(&deeper, policy, Some("string"))), None);
        for no_json in [deeper.get(1..).unwrap(), &format!("{deeper},"), &"[".repeat(1_000_000)] {
            assert_eq!(code(read_text(no_json, policy, None)), None);
        }
    }
    assert_eq!(code(read_text(&deeper, Policy::None, None)), None);
}

#[test]
fn a_declared_string_is_never_read() {
    for policy in Policy::ALL {
        for (text, word) in [("42", "string"), ("007", "STR"), ("{}", "Text"), ("nan", " string ")] {
            let reading = read_text(text, policy, Some(word));
            assert_eq!(reading, Reading { value: Value::String(text.into()), note: None });
        }
    }
}

#[test]
fn a_declared_type_is_used_where_the_text_fits() {
    for policy in [Policy::Lossless, Policy::Reference, Policy::Json] {
        for (text, word, expected) in [
            ("42", "int", ValueType::Integer),
            ("42", "float", ValueType::Integer),
            ("4.5", "Number", ValueType::Number),
            ("true", "bool", ValueType::Boolean),
            ("null", "NoneType", ValueType::Null),
            ("[1]", "list", ValueType::Array),
            ("{}", "dict", ValueType::Object),
        ] {
            let reading = read_text(text, policy, Some(word));
            assert_eq!((reading.value_type(), reading.note), (expected, None), "{text} as {word}");
        }
    }
    let reading = read_text("007", Policy::Reference, Some("integer"));
    assert_eq!(reading.value, Value::Integer("7".into()));
    assert_eq!(code(reading), Some(NoteCode::LeadingZero));
}

#[test]
fn a_declared_type_that_is_not_met_leaves_the_text() {
    for (text, policy, word, would_be) in [
        ("007", Policy::Lossless, "integer", Some((ValueType::Integer, "7"))),
        ("1.10", Policy::Lossless, "number", Some((ValueType::Number, "1.1"))),
        ("TRUE", Policy::Lossless, "boolean", Some((ValueType::Boolean, "true"))),
        ("true", Policy::Lossless, "integer", Some((ValueType::Boolean, "true"))),
        ("3.5", Policy::Reference, "integer", Some((ValueType::Number, "3.5"))),
        ("[1]", Policy::Json, "object", Some((ValueType::Array, "[1]"))),
        ("42", Policy::None, "integer", Some((ValueType::Integer, "42"))),
        ("n/a", Policy::Lossless, "integer", None),
        ("", Policy::Reference, "number", None),
    ] {
        let would_be = would_be.map(|(value_type, written)| (value_type, written.to_owned()));
        let note = Some(Note { code: NoteCode::DeclaredTypeNotMet, would_be });
        let expected = Reading { value: Value::String(text.into()), note };
        assert_eq!(read_text(text, policy, Some(word)), expected, "{text:?} as {word}");
    }
}

#[test]
fn an_unknown_declared_type_is_flagged_and_ignored() {
    let reading = read_text("42", Policy::Lossless, Some("date"));
    assert_eq!(reading.value, Value::Integer("42".into()));
    assert_eq!(reading.note, Some(Note { code: NoteCode::DeclaredTypeUnknown, would_be: None }));
    let reading = read_text("007", Policy::Lossless, Some("date"));
    assert_eq!(reading.value, Value::String("007".into()));
    assert_eq!(code(reading.clone()), Some(NoteCode::DeclaredTypeUnknown));
    assert_eq!(would_be(reading), Some((ValueType::Integer, "7".to_owned())));
    assert_eq!(read_text("42", Policy::Lossless, Some(" ")).note, None);
    assert_eq!(code(read_json("1", Some("date"))), Some(NoteCode::DeclaredTypeUnknown));
}

#[test]
fn typed_json_keeps_its_spelling() {
    for (source, value_type, spelling) in [
        ("null", "null", "null"),
        ("true", "boolean", "true"),
        ("false", "boolean", "false"),
        ("-0", "integer", "-0"),
        ("42", "integer", "42"),
        ("1.10", "number", "1.10"),
        ("1E3", "number", "1E3"),
        ("[ 1 ]", "array", "[ 1 ]"),
        ("{\"b\":1}", "object", "{\"b\":1}"),
    ] {
        let reading = read_json(source, None);
        assert_eq!((shown(&reading), reading.note), ((value_type, spelling.to_owned()), None));
    }
    assert_eq!(code(read_json("1e400", None)), Some(NoteCode::Overflow));
    assert_eq!(code(read_json("0.1234567890123456789", None)), Some(NoteCode::Precision));
}

#[test]
fn typed_json_is_held_to_its_declared_type() {
    for (source, word, met) in [
        ("1", "number", true),
        ("1", "integer", true),
        ("1.0", "integer", false),
        ("1", "string", false),
        ("null", "string", false),
        ("null", "null", true),
        ("[]", "dict", false),
        ("{}", "Object", true),
        ("true", "BOOL", true),
    ] {
        let expected = (!met).then_some(NoteCode::DeclaredTypeNotMet);
        assert_eq!(code(read_json(source, Some(word))), expected, "{source} as {word}");
    }
}

/// Where two shortest texts are equally near, the even digit is written, as in JavaScript and Python. Beside a power of
/// two the nearest text of that length may be another number, and is not written.
#[test]
fn plain_decimals_are_those_of_javascript() {
    for (value, written) in [
        (1_738_466_968_525_166.0 + 0.25, "1738466968525166.2"),
        (1_738_466_968_525_166.0 + 0.75, "1738466968525166.8"),
        (2_f64.powi(50) + 0.25, "1125899906842624.2"),
        (2_f64.powi(-24), "0.00000005960464477539063"),
        (2_f64.powi(89), "618970019642690200000000000.0"),
        (5e-324, &*format!("0.{}5", "0".repeat(323))),
        (f64::MAX, &*format!("17976931348623157{}.0", "0".repeat(292))),
        (5.684341886080802e-14, "0.00000000000005684341886080802"),
        (9007199254740993.0, "9007199254740992.0"),
    ] {
        assert_eq!(plain_decimal(value), written);
    }
    let text = "1738466968525166.2";
    assert_eq!(read_text(text, Policy::Lossless, None).value, Value::Number(text.into()));
    assert_eq!(code(read_text("1738466968525166.3", Policy::Lossless, None)), Some(NoteCode::Precision));
}

#[test]
fn words_are_those_of_the_contract_with_javascript() {
    let contract = include_str!("../www/entry/reading.d.ts");
    for code in NoteCode::ALL {
        assert!(contract.contains(&format!("  | \"{}\"", code.as_str())), "{code:?}");
        assert!(code.message().ends_with('.') && code.message().matches(". ").count() == 0, "{code:?}");
    }
    for policy in Policy::ALL {
        assert!(contract.contains(&format!("- `{}`", policy.as_str())), "{policy:?}");
        assert_eq!(Policy::parse(policy.as_str()), Some(policy));
    }
    let types = ["Null", "Boolean", "Integer", "Number", "String", "Array", "Object"];
    for name in types {
        let value_type = ValueType::from_declared(name).unwrap();
        assert_eq!(value_type.as_str(), name.to_lowercase());
        assert_eq!(ValueType::from_declared(value_type.python_name()), Some(value_type));
    }
}
