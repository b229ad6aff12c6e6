//! How the tutorial's client reads a text: Python 3.11's truth words, `int()`, `float()`, then JSON as orjson reads it.

use super::digits::to_ascii;
use super::json::{JsonKind, unescape, validate};
use super::note::NoteCode;
use super::number::{all_finite, json_number_kind, lost_value, plain_decimal};
use super::types::Value;
use std::borrow::Cow;

/// Python's `sys.int_info.default_max_str_digits`: with more digits `int()` refuses, and `float()` decides.
const MAX_INT_DIGITS: usize = 4300;

/// A typed value, and what of the text it does not keep.
pub(super) type Lossy<'a> = (Value<'a>, Option<NoteCode>);

/// The typed value of a text, in the tutorial's order; `None` where the text stays a text.
pub(super) fn read_python(text: &str, max_depth: usize) -> Option<Lossy<'_>> {
    truth(text).or_else(|| number(text)).or_else(|| document(text, max_depth))
}

/// `true` and `false` in any letter case, without space around.
fn truth(text: &str) -> Option<Lossy<'_>> {
    let value = text.eq_ignore_ascii_case("true");
    if !value && !text.eq_ignore_ascii_case("false") {
        return None;
    }
    let lower = text == "true" || text == "false";
    Some((Value::Boolean(value), (!lower).then_some(NoteCode::LetterCase)))
}

/// `int()`, then `float()`.
fn number(text: &str) -> Option<Lossy<'_>> {
    // Python strips what Unicode calls White_Space here, and that is what `trim` strips.
    let trimmed = text.trim();
    if trimmed.starts_with(['{', '[', '"']) {
        return None;
    }
    if let Some(value) = non_finite(trimmed) {
        return Some((Value::NonFinite(value), Some(NoteCode::NonFinite)));
    }
    let ascii = to_ascii(trimmed)?;
    let mut spelling = Spelling::of(ascii.as_bytes())?;
    spelling.foreign = !trimmed.is_ascii();
    spelling.spaced = trimmed.len() != text.len();
    if spelling.whole_only && spelling.digits <= MAX_INT_DIGITS {
        let value = integer(ascii, &spelling);
        spelling.negative_zero = spelling.minus && value == "0";
        return Some((Value::Integer(value), spelling.most_telling()));
    }
    float(ascii, &spelling)
}

/// The words for infinity and "not a number", in any letter case, with a sign.
fn non_finite(trimmed: &str) -> Option<f64> {
    let (sign, word) = match trimmed.as_bytes().first()? {
        b'-' => (-1.0, trimmed.get(1..)?),
        b'+' => (1.0, trimmed.get(1..)?),
        _ => (1.0, trimmed),
    };
    if word.eq_ignore_ascii_case("nan") {
        return Some(f64::NAN);
    }
    let infinite = word.eq_ignore_ascii_case("inf") || word.eq_ignore_ascii_case("infinity");
    infinite.then_some(sign * f64::INFINITY)
}

fn integer<'a>(ascii: Cow<'a, str>, spelling: &Spelling) -> Cow<'a, str> {
    let odd = spelling.plus || spelling.grouped || spelling.leading_zero;
    if !odd && ascii != "-0" {
        return ascii;
    }
    let magnitude: String = ascii.chars().filter(char::is_ascii_digit).skip_while(|&digit| digit == '0').collect();
    match (magnitude.is_empty(), spelling.minus) {
        (true, _) => Cow::Borrowed("0"),
        (false, true) => Cow::Owned(format!("-{magnitude}")),
        (false, false) => Cow::Owned(magnitude),
    }
}

fn float<'a>(ascii: Cow<'a, str>, spelling: &Spelling) -> Option<Lossy<'a>> {
    let ascii = if spelling.grouped { Cow::Owned(ascii.replace('_', "")) } else { ascii };
    let value: f64 = ascii.parse().ok()?;
    let lost = lost_value(&ascii, value).or(spelling.most_telling());
    if value.is_infinite() {
        return Some((Value::NonFinite(value), lost));
    }
    let is_json = json_number_kind(&ascii) == Some(JsonKind::Number);
    Some((Value::Number(if is_json { ascii } else { Cow::Owned(plain_decimal(value)) }), lost))
}

/// What orjson accepts beyond numbers: no number in it may be infinite.
fn document(text: &str, max_depth: usize) -> Option<Lossy<'_>> {
    let kind = validate(text.as_bytes(), max_depth).ok()?;
    let trimmed = text.trim_matches([' ', '\t', '\n', '\r']);
    let spaced = (trimmed.len() != text.len()).then_some(NoteCode::SurroundingSpace);
    match kind {
        JsonKind::Null => Some((Value::Null, spaced)),
        JsonKind::True => Some((Value::Boolean(true), spaced)),
        JsonKind::False => Some((Value::Boolean(false), spaced)),
        JsonKind::String => Some((json_string(trimmed)?, Some(NoteCode::JsonString))),
        JsonKind::Array if all_finite(trimmed) => Some((Value::Array(trimmed.into()), None)),
        JsonKind::Object if all_finite(trimmed) => Some((Value::Object(trimmed.into()), None)),
        // A finite JSON number was a Python number before.
        _ => None,
    }
}

/// The text of a quoted JSON string.
pub(super) fn json_string(source: &str) -> Option<Value<'_>> {
    unescape(source.strip_prefix('"')?.strip_suffix('"')?).map(Value::String)
}

/// How a number is spelled in Python's grammar of `int()` and `float()`, digits in ASCII.
#[derive(Debug, Default)]
struct Spelling {
    plus: bool,
    minus: bool,
    grouped: bool,
    leading_zero: bool,
    bare_point: bool,
    trailing_zero: bool,
    exponent: bool,
    foreign: bool,
    spaced: bool,
    /// Known only once the integer is read.
    negative_zero: bool,
    /// No point and no exponent, which is what `int()` accepts.
    whole_only: bool,
    /// Digits before the point.
    digits: usize,
}

impl Spelling {
    /// `None` where the text is no number.
    fn of(bytes: &[u8]) -> Option<Spelling> {
        let mut at = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
        let mut spelling = Spelling {
            plus: bytes.first() == Some(&b'+'),
            minus: bytes.first() == Some(&b'-'),
            whole_only: true,
            ..Spelling::default()
        };
        let first = bytes.get(at).copied();
        spelling.digits = spelling.take_digits(bytes, &mut at)?;
        spelling.leading_zero = spelling.digits > 1 && first == Some(b'0');
        if bytes.get(at) == Some(&b'.') {
            at += 1;
            spelling.whole_only = false;
            let fraction = spelling.take_digits(bytes, &mut at)?;
            if spelling.digits + fraction == 0 {
                return None;
            }
            spelling.bare_point = spelling.digits == 0 || fraction == 0;
            spelling.trailing_zero = fraction > 1 && bytes.get(at - 1) == Some(&b'0');
        } else if spelling.digits == 0 {
            return None;
        }
        if let Some(b'e' | b'E') = bytes.get(at) {
            at += 1;
            spelling.whole_only = false;
            spelling.exponent = true;
            at += usize::from(matches!(bytes.get(at), Some(b'+' | b'-')));
            if spelling.take_digits(bytes, &mut at)? == 0 {
                return None;
            }
        }
        (at == bytes.len()).then_some(spelling)
    }

    /// Skips digits with single underscores between them and counts the digits; `None` for a stray underscore.
    fn take_digits(&mut self, bytes: &[u8], at: &mut usize) -> Option<usize> {
        let mut count = 0;
        loop {
            match bytes.get(*at) {
                Some(b'0'..=b'9') => count += 1,
                Some(b'_') if count > 0 && matches!(bytes.get(*at + 1), Some(b'0'..=b'9')) => self.grouped = true,
                Some(b'_') => return None,
                _ => return Some(count),
            }
            *at += 1;
        }
    }

    /// The peculiarity that says most about what the text is: marks of an identifier before matters of style.
    fn most_telling(&self) -> Option<NoteCode> {
        let found = [
            (self.foreign, NoteCode::ForeignDigits),
            (self.grouped, NoteCode::DigitGrouping),
            (self.leading_zero, NoteCode::LeadingZero),
            (self.plus, NoteCode::PlusSign),
            (self.negative_zero, NoteCode::NegativeZero),
            (self.exponent, NoteCode::Exponent),
            (self.bare_point, NoteCode::BarePoint),
            (self.trailing_zero, NoteCode::TrailingZero),
            (self.spaced, NoteCode::SurroundingSpace),
        ];
        found.into_iter().find(|(is_so, _)| *is_so).map(|(_, code)| code)
    }
}
