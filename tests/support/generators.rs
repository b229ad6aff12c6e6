//! Names, texts, numbers and documents of every form, for properties.

use cognigy_session_debugger::value::json::escape_into;
use proptest::prelude::*;
use proptest::sample::select;
use std::fmt::Write;

/// A text as JSON, escaped where it has to be.
pub fn quoted(text: &str) -> String {
    let mut out = String::new();
    escape_into(&mut out, text);
    out
}

/// The same text in another of its spellings: which characters are escaped, and how, is in the bits.
pub fn spelt(text: &str, bits: u64) -> String {
    let mut out = String::from("\"");
    for (place, c) in text.chars().enumerate() {
        let choice = bits >> (place % 61) & 7;
        match c {
            '/' if choice & 1 == 1 => out.push_str("\\/"),
            _ if choice == 7 => {
                c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| write!(out, "\\u{unit:04X}").unwrap())
            }
            _ if choice == 6 => {
                c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| write!(out, "\\u{unit:04x}").unwrap())
            }
            _ => {
                let one = quoted(c.encode_utf8(&mut [0; 4]));
                out.push_str(one.strip_prefix('"').and_then(|one| one.strip_suffix('"')).unwrap());
            }
        }
    }
    out.push('"');
    out
}

/// Numbers as JSON writes them: small, long, exact, rounded, tiny, and too large for any machine.
pub fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<i64>().prop_map(|number| number.to_string()),
        any::<f64>()
            .prop_filter("JSON has no other", |number| number.is_finite())
            .prop_map(|number| format!("{number:e}")),
        "-?(0|[1-9][0-9]{0,40})(\\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?",
        "-?[1-9][0-9]{300,420}",
        "-?0\\.0{0,330}[0-9]{1,20}",
        select(vec![
            "-0",
            "0",
            "0.0",
            "-0.0",
            "0e0",
            "1E400",
            "-1e400",
            "1e-400",
            "1.10",
            "9007199254740993",
            "1e00",
            "5e-324"
        ])
        .prop_map(str::to_owned),
    ]
}

/// Characters of every plane, those without a character and those that write nothing among them.
pub fn character() -> impl Strategy<Value = char> {
    prop_oneof![
        any::<char>(),
        select(vec![
            '\0', '\n', '\u{7f}', '"', '\\', '/', '\u{85}', '\u{a0}', '\u{300}', '\u{200d}', '\u{202e}', '\u{2028}',
            '\u{feff}', '\u{fffd}', '\u{ffff}'
        ]),
        (0_u32..17, 0_u32..0x1_0000)
            .prop_filter_map("half a pair is no character", |(plane, at)| char::from_u32(plane << 16 | at)),
    ]
}

/// Names: short ones that meet, odd ones, and long ones that differ only near their end.
pub fn name() -> impl Strategy<Value = String> {
    let long = |unit: &'static str| {
        (64_usize..200, "[ab]{0,2}").prop_map(move |(bytes, end)| unit.repeat(bytes.div_ceil(unit.len())) + &end)
    };
    prop_oneof![
        3 => "[ab_\u{e9}]{0,3}",
        2 => proptest::collection::vec(character(), 0..40).prop_map(String::from_iter),
        1 => long("prefix."),
        1 => long("\u{1f600}\u{e9}"),
        1 => Just("x".repeat(64)),
        1 => (0_u32..30).prop_map(|number| format!("item {number}")),
        1 => select(vec!["__proto__", "constructor", "", " ", "a.b", "a[0]", "null", "\u{65}\u{301}"]).prop_map(str::to_owned),
    ]
}

/// Texts of which many could be read as something else.
pub fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        name(),
        number(),
        "[ +]?[0-9_]{1,5}",
        select(vec![
            "true",
            "TRUE",
            "null",
            "nan",
            "{\"a\":1.10}",
            "[1, 2]",
            "{\"a\":",
            "\"x\"",
            "",
            " ",
            "\u{663}",
            "*****"
        ])
        .prop_map(str::to_owned),
    ]
}

/// JSON source with its own spellings of numbers, spaces, texts and names that stand twice.
pub fn source() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        select(vec!["null", "true", "false"]).prop_map(str::to_owned),
        number(),
        (text(), any::<u64>()).prop_map(|(text, bits)| spelt(&text, bits)),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let space = select(vec!["", " ", "\n", "\t "]);
        let key = (prop_oneof!["[ab\\PC]{0,3}", name()], any::<u64>()).prop_map(|(key, bits)| spelt(&key, bits));
        prop_oneof![
            (proptest::collection::vec(inner.clone(), 0..4), space.clone())
                .prop_map(|(parts, space)| format!("[{space}{}{space}]", parts.join(&format!("{space},{space}")))),
            (proptest::collection::vec((key, inner), 0..4), space).prop_map(|(parts, space)| {
                let parts: Vec<_> = parts.iter().map(|(key, part)| format!("{key}{space}:{part}")).collect();
                format!("{{{}{space}}}", parts.join(","))
            }),
        ]
    })
}

/// The same, now and then so deep that it is at the limit of 512 levels, or beyond.
pub fn deep_source() -> impl Strategy<Value = String> {
    let levels = prop_oneof![8 => Just(0), 1 => 1_usize..40, 1 => 505_usize..520];
    (source(), levels).prop_map(|(source, levels)| {
        let (open, close) = (["[", "{\"a\": "], ["]", "}"]);
        let before: String = (0..levels).map(|level| open[level % 2]).collect();
        let after: String = (0..levels).rev().map(|level| close[level % 2]).collect();
        format!("{before}{source}{after}")
    })
}
