//! Numbers as text: JSON's grammar, plain decimal notation, and what a binary64 number keeps of a text.

use super::json::{JsonKind, scan_value, skip_space};
use super::note::NoteCode;
use super::types::Value;
use std::cmp::Ordering;

/// Up to so many digits, decimal text and binary64 convert into each other without loss (C's `DBL_DIG`).
const SAFE_DIGITS: usize = 15;

/// No binary64 number needs a longer plain decimal text: sign, point, 323 places and 17 digits.
const MAX_PLAIN: usize = 350;

/// The shortest decimal text that reads back as the same binary64 number, without exponent and always with a fraction.
///
/// Meant for finite numbers; others are written as Rust writes them.
///
/// ```
/// use cognigy_session_debugger::value::plain_decimal;
/// assert_eq!(plain_decimal(1e21), "1000000000000000000000.0");
/// assert_eq!(plain_decimal(-0.0), "-0.0");
/// assert_eq!(plain_decimal(1e-7), "0.0000001");
/// ```
pub fn plain_decimal(value: f64) -> String {
    let mut text = value.to_string();
    if value.is_finite() {
        settle_tie(&mut text, value);
        if !text.contains('.') {
            text.push_str(".0");
        }
    }
    text
}

/// Of two shortest texts that are equally near, takes the one with the even digit, as JavaScript and Python do.
///
/// Rust writes 2^50 + 0.25 with a final 3, the others with a final 2.
fn settle_tie(text: &mut String, value: f64) {
    let Some((last, digit)) = text.char_indices().rfind(|(_, c)| matches!(c, '1'..='9')) else { return };
    let even = match digit {
        '3' => "2",
        '5' => "4",
        '7' => "6",
        '9' => "8",
        _ => return,
    };
    let Some(digits) = Decimal::of(text).map(|shortest| shortest.count()) else { return };
    if digits <= SAFE_DIGITS {
        return;
    }
    let nearest = format!("{value:.*e}", digits - 1);
    let mut other = text.clone();
    other.replace_range(last..=last, even);
    if Decimal::of(&nearest) == Decimal::of(&other) && other.parse() == Ok(value) {
        *text = other;
    }
}

/// The kind of a text that is one JSON number and nothing else.
pub(super) fn json_number_kind(text: &str) -> Option<JsonKind> {
    if !matches!(text.as_bytes().first(), Some(b'-' | b'0'..=b'9')) {
        return None;
    }
    let scanned = scan_value(text.as_bytes(), 0).ok()?;
    (scanned.end == text.len()).then_some(scanned.kind)
}

/// The number that a text is, where writing the number back gives the same text.
pub(super) fn exact_number(text: &str) -> Option<Value<'_>> {
    match json_number_kind(text)? {
        JsonKind::Integer if text != "-0" => Some(Value::Integer(text.into())),
        JsonKind::Number if is_plain_decimal(text) => Some(Value::Number(text.into())),
        _ => None,
    }
}

/// Whether a JSON number with a fraction or exponent is what [`plain_decimal`] would write for it.
fn is_plain_decimal(text: &str) -> bool {
    let Some((_, fraction)) = text.split_once('.') else { return false };
    if text.len() <= SAFE_DIGITS + 1 {
        let digits = fraction.bytes().all(|byte| byte.is_ascii_digit());
        return digits && (fraction == "0" || !fraction.ends_with('0'));
    }
    let shortest_fits = text.len() <= MAX_PLAIN;
    shortest_fits && text.parse().is_ok_and(|value| plain_decimal(value) == text)
}

/// What binary64 loses of the value (not the spelling) of a finite decimal text, given what the text parses to.
///
/// `text` is an optional sign, digits with an optional point, and an optional exponent.
pub(super) fn lost_value(text: &str, value: f64) -> Option<NoteCode> {
    if value.is_infinite() {
        return Some(NoteCode::Overflow);
    }
    let few_digits = text.len() <= SAFE_DIGITS && !text.contains(['e', 'E']);
    let same = few_digits || Decimal::of(text).is_some_and(|exact| Decimal::of(&plain_decimal(value)) == Some(exact));
    (!same).then_some(NoteCode::Precision)
}

/// The same as [`lost_value`] for a JSON number.
pub(super) fn lost_of_json(source: &str) -> Option<NoteCode> {
    source.parse().ok().and_then(|value| lost_value(source, value))
}

/// Whether two JSON numbers are the same number, exactly, however they are spelled.
///
/// ```
/// use cognigy_session_debugger::value::same_decimal;
/// assert!(same_decimal("1.50", "15e-1"));
/// assert!(!same_decimal("0.10000000000000000001", "0.1"));
/// ```
pub fn same_decimal(one: &str, other: &str) -> bool {
    let (Some(a), Some(b)) = (Decimal::of(one), Decimal::of(other)) else { return one == other };
    a == b && (one.starts_with('-') == other.starts_with('-') || a.count() == 0)
}

/// Which of two JSON numbers is greater, exactly; `None` where an exponent is beyond all bounds.
///
/// ```
/// use cognigy_session_debugger::value::compare_decimals;
/// use std::cmp::Ordering;
/// assert_eq!(compare_decimals("9007199254740993", "9007199254740992.5"), Some(Ordering::Greater));
/// assert_eq!(compare_decimals("-1e3", "-999"), Some(Ordering::Less));
/// assert_eq!(compare_decimals("-0", "0.00"), Some(Ordering::Equal));
/// ```
pub fn compare_decimals(one: &str, other: &str) -> Option<Ordering> {
    let (a, b) = (Decimal::of(one)?, Decimal::of(other)?);
    // By sign first: -1, 0 or 1.
    let sign = |text: &str, size: &Decimal<'_>| match (size.digits.is_empty(), text.starts_with('-')) {
        (true, _) => 0,
        (false, true) => -1,
        (false, false) => 1,
    };
    let (sign_a, sign_b) = (sign(one, &a), sign(other, &b));
    let by_size = || a.point.cmp(&b.point).then_with(|| a.digits().cmp(b.digits()));
    Some(sign_a.cmp(&sign_b).then_with(|| match sign_a {
        0 => Ordering::Equal,
        1 => by_size(),
        _ => by_size().reverse(),
    }))
}

/// The magnitude of a decimal text: `0.<digits> * 10^point`, digits without zeros at either end.
#[derive(Debug)]
struct Decimal<'a> {
    /// Digits and perhaps a point, which does not count.
    digits: &'a str,
    point: i64,
}

impl<'a> Decimal<'a> {
    /// `None` where the exponent is beyond all bounds.
    fn of(text: &'a str) -> Option<Decimal<'a>> {
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let mantissa = mantissa.trim_start_matches(['+', '-']);
        let whole = mantissa.find('.').unwrap_or(mantissa.len());
        let after_zeros = mantissa.trim_start_matches(['0', '.']);
        let digits = after_zeros.trim_end_matches(['0', '.']);
        if digits.is_empty() {
            return Some(Decimal { digits, point: 0 });
        }
        let skipped = mantissa.len() - after_zeros.len();
        let zeros = if skipped > whole { skipped - 1 } else { skipped };
        let shift = i64::try_from(whole).ok()?.checked_sub_unsigned(u64::try_from(zeros).ok()?)?;
        Some(Decimal { digits, point: exponent.parse::<i64>().ok()?.checked_add(shift)? })
    }
}

impl Decimal<'_> {
    fn digits(&self) -> impl Iterator<Item = u8> {
        self.digits.bytes().filter(u8::is_ascii_digit)
    }

    fn count(&self) -> usize {
        self.digits().count()
    }
}

impl PartialEq for Decimal<'_> {
    fn eq(&self, other: &Decimal<'_>) -> bool {
        self.point == other.point && self.digits().eq(other.digits())
    }
}

/// Whether every number in a valid JSON text is finite as binary64.
pub(super) fn all_finite(json: &str) -> bool {
    let bytes = json.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if !matches!(byte, b'"' | b'-' | b'0'..=b'9') {
            at += 1;
            continue;
        }
        let Ok(scanned) = scan_value(bytes, at) else { return false };
        let number = json.get(at..scanned.end).unwrap_or_default();
        if byte != b'"' && is_infinite(number) {
            return false;
        }
        at = skip_space(bytes, scanned.end);
    }
    true
}

fn is_infinite(number: &str) -> bool {
    let may_be = number.len() > 300 || number.contains(['e', 'E']);
    may_be && number.parse::<f64>().is_ok_and(f64::is_infinite)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_decimals_are_recognised_without_writing_them() {
        for text in
            ["0.0", "-0.0", "1.0", "3.14", "0.30000000000000004", "0.00000000000000000000001", "123456789012345680.0"]
        {
            assert!(is_plain_decimal(text), "{text}");
        }
        for text in
            ["1.10", "1e3", "1.5e3", "1.00", "0.1234567890123456789", "123456789012345678.0", "12345678901234568.5"]
        {
            assert!(!is_plain_decimal(text), "{text}");
        }
        assert!(!is_plain_decimal(&format!("{}.5", "9".repeat(400))));
    }

    #[test]
    fn lost_digits_are_seen_in_any_notation() {
        let lost = |text: &str| lost_value(text, text.parse().unwrap());
        for text in [
            "1e3",
            "100e-2",
            "0.0001e4",
            ".5",
            "5.",
            "1.10",
            "1e22",
            "0e999999999999999999999",
            "000000000000000000042",
        ] {
            assert_eq!(lost(text), None, "{text}");
        }
        for text in [
            "1e-400",
            "9007199254740993.0",
            "0.1234567890123456789",
            "123456789012345678e3",
            "-1e-9999999999999999999999",
        ] {
            assert_eq!(lost(text), Some(NoteCode::Precision), "{text}");
        }
        assert_eq!(lost("1e400"), Some(NoteCode::Overflow));
    }

    #[test]
    fn infinite_numbers_are_found_inside_documents_but_not_inside_strings() {
        assert!(all_finite(r#"{"1e400":["1e400",1e308,{"a":-0.5e10}]}"#));
        assert!(!all_finite(r#"{"a":[1,{"b":-1E400}]}"#));
        assert!(!all_finite(&format!("[{}]", "9".repeat(310))));
    }
}
