//! Readings: the typed interpretation of a text, and of a value that was typed already.

use super::digits::decimal_digit;
use super::json::{Fault, FaultKind, JsonKind, validate};
use super::note::{Note, NoteCode};
use super::number::{exact_number, json_number_kind, lost_of_json};
use super::policy::Policy;
use super::python::{Lossy, json_string, read_python};
use super::types::{Value, ValueType};

/// An object or array in a text may be nested so deeply: 512 levels. A deeper one stays a text, flagged [`NoteCode::TooDeep`].
pub const MAX_TEXT_DEPTH: usize = 512;

/// The typed interpretation of a variable's value.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading<'a> {
    /// The typed value.
    pub value: Value<'a>,
    /// Why a text was not read as a type, or what its reading loses.
    pub note: Option<Note>,
}

impl Reading<'_> {
    /// What the value is.
    pub fn value_type(&self) -> ValueType {
        self.value.value_type()
    }

    fn is_too_deep(&self) -> bool {
        self.note.as_ref().is_some_and(|note| note.code == NoteCode::TooDeep)
    }
}

/// Reads a text value under a policy.
///
/// `declared` is the type that the data states for the value. It decides first:
/// - `string`: the text is the value.
/// - another type: the policy's reading is used where it is of that type (an integer is a number too); else the text is
///   the value, flagged [`NoteCode::DeclaredTypeNotMet`]. A declaration never allows a reading that the policy does not,
///   so that `007` declared `integer` stays `007` under [`Policy::Lossless`], and the note says what it would read as.
/// - an unknown word: flagged [`NoteCode::DeclaredTypeUnknown`] and otherwise ignored. A blank word is no declaration.
///
/// Never fails and takes time in proportion to the text.
///
/// ```
/// use cognigy_session_debugger::value::{NoteCode, Policy, Value, ValueType, read_text};
/// assert_eq!(read_text("42", Policy::Lossless, None).value, Value::Integer("42".into()));
/// let postal_code = read_text("01067", Policy::Lossless, None);
/// assert_eq!(postal_code.value, Value::String("01067".into()));
/// let note = postal_code.note.unwrap();
/// assert_eq!(note.code, NoteCode::LeadingZero);
/// assert_eq!(note.would_be, Some((ValueType::Integer, "1067".to_owned())));
/// assert_eq!(read_text("42", Policy::Lossless, Some("string")).value, Value::String("42".into()));
/// ```
pub fn read_text<'a>(text: &'a str, policy: Policy, declared: Option<&str>) -> Reading<'a> {
    let declared = Declared::of(declared);
    match declared {
        Declared::Known(ValueType::String) => keep(text),
        Declared::Known(wanted) => {
            let reading = read_undeclared(text, policy);
            let told = reading.value_type().fits(wanted) || reading.is_too_deep();
            if told { reading } else { keep_with(text, NoteCode::DeclaredTypeNotMet) }
        }
        Declared::Unknown => flag_unknown(read_undeclared(text, policy)),
        Declared::Nothing => read_undeclared(text, policy),
    }
}

/// Types a value that came as JSON: trimmed, valid JSON source, kept in its own spelling.
///
/// Flagged: a declared type that is not met (an integer is a number too, a `null` is only `null`), an unknown one, and a
/// number whose value binary64 does not hold. A string is taken for its text, as [`Policy::None`] does.
///
/// ```
/// use cognigy_session_debugger::value::{NoteCode, Value, read_json};
/// assert_eq!(read_json("1e3", None).value, Value::Number("1e3".into()));
/// assert_eq!(read_json("true", Some("int")).note.unwrap().code, NoteCode::DeclaredTypeNotMet);
/// ```
pub fn read_json<'a>(source: &'a str, declared: Option<&str>) -> Reading<'a> {
    let value = typed_json(source);
    let wrong = match Declared::of(declared) {
        Declared::Known(wanted) => (!value.value_type().fits(wanted)).then_some(NoteCode::DeclaredTypeNotMet),
        Declared::Unknown => Some(NoteCode::DeclaredTypeUnknown),
        Declared::Nothing => None,
    };
    let lost = || if matches!(value, Value::Number(_)) { lost_of_json(source) } else { None };
    let note = wrong.or_else(lost).map(|code| Note { code, would_be: None });
    Reading { value, note }
}

/// What the data says about the type of a value.
#[derive(Clone, Copy)]
enum Declared {
    Nothing,
    Known(ValueType),
    Unknown,
}

impl Declared {
    fn of(word: Option<&str>) -> Declared {
        match word {
            Some(word) if !word.trim().is_empty() => {
                ValueType::from_declared(word).map_or(Declared::Unknown, Declared::Known)
            }
            _ => Declared::Nothing,
        }
    }
}

/// Whether every text that is an object or a list in JSON, of this type and not too deep, is read as one.
pub(crate) fn reads_containers(policy: Policy, declared: Option<&str>, value_type: ValueType) -> bool {
    let fits = match Declared::of(declared) {
        Declared::Known(wanted) => value_type == wanted,
        Declared::Unknown | Declared::Nothing => true,
    };
    fits && matches!(policy, Policy::Lossless | Policy::Json)
}

fn read_undeclared(text: &str, policy: Policy) -> Reading<'_> {
    if policy == Policy::None || !may_be_typed(text) {
        return keep(text);
    }
    let lossy = match policy {
        Policy::None => None,
        Policy::Reference => read_python(text, MAX_TEXT_DEPTH),
        Policy::Json => strict_json(text),
        Policy::Lossless => return read_lossless(text),
    };
    let Some((value, lost)) = lossy else {
        let deep = is_braced(text) && container(text).is_err_and(|fault| fault.kind == FaultKind::Depth);
        return if deep { too_deep(text) } else { keep(text) };
    };
    Reading { value, note: lost.map(|code| Note { code, would_be: None }) }
}

fn read_lossless(text: &str) -> Reading<'_> {
    if is_braced(text) {
        return match container(text) {
            Ok(value) => plain(value),
            Err(fault) if fault.kind == FaultKind::Depth => too_deep(text),
            Err(_) => keep(text),
        };
    }
    if let Some(value) = exact_number(text).or_else(|| exact_word(text)) {
        return plain(value);
    }
    match read_python(text, MAX_TEXT_DEPTH) {
        Some((value, Some(code))) => {
            let would_be = Some((value.value_type(), value.written().into_owned()));
            Reading { value: Value::String(text.into()), note: Some(Note { code, would_be }) }
        }
        _ => keep(text),
    }
}

fn plain(value: Value<'_>) -> Reading<'_> {
    Reading { value, note: None }
}

/// The text as the value, without a remark.
fn keep(text: &str) -> Reading<'_> {
    plain(Value::String(text.into()))
}

/// The text of an object or array that is nested too deeply, as the value.
pub(crate) fn too_deep(text: &str) -> Reading<'_> {
    Reading { value: Value::String(text.into()), note: Some(Note { code: NoteCode::TooDeep, would_be: None }) }
}

/// The text as the value, with a remark and what it would read as.
fn keep_with(text: &str, code: NoteCode) -> Reading<'_> {
    let typed = if may_be_typed(text) { read_python(text, MAX_TEXT_DEPTH) } else { None };
    let would_be = typed.map(|(value, _)| (value.value_type(), value.written().into_owned()));
    Reading { value: Value::String(text.into()), note: Some(Note { code, would_be }) }
}

fn flag_unknown(reading: Reading<'_>) -> Reading<'_> {
    let would_be = reading.note.and_then(|note| note.would_be);
    Reading { value: reading.value, note: Some(Note { code: NoteCode::DeclaredTypeUnknown, would_be }) }
}

/// Whether any policy could read the text as something else; says no to most texts by their first character.
fn may_be_typed(text: &str) -> bool {
    match text.trim_start().chars().next() {
        Some('0'..='9' | '+' | '-' | '.' | '"' | '{' | '[') => true,
        Some('t' | 'T' | 'f' | 'F' | 'n' | 'N' | 'i' | 'I') => text.trim().len() <= "infinity".len(),
        Some(c) if !c.is_ascii() => decimal_digit(c).is_some(),
        _ => false,
    }
}

/// Whether no policy reads anything else in the text of a JSON string, as its first characters tell without decoding it; `false`
/// where they do not. `inside` is what stands between the quotes.
pub(crate) fn is_surely_text(inside: &[u8]) -> bool {
    const LOOKED_AT: usize = 64;
    let start = inside.iter().position(|byte| *byte != b' ').unwrap_or(inside.len());
    let rest = inside.get(start..).unwrap_or_default();
    match rest.first() {
        None | Some(b'0'..=b'9' | b'+' | b'-' | b'.' | b'{' | b'[' | b'\\') => false,
        Some(b't' | b'T' | b'f' | b'F' | b'n' | b'N' | b'i' | b'I') => {
            let seen = rest.get(..LOOKED_AT).unwrap_or(rest);
            let behind = seen.get("infinity".len()..).unwrap_or_default();
            !seen.contains(&b'\\') && behind.iter().any(u8::is_ascii_graphic)
        }
        Some(byte) => byte.is_ascii_graphic(),
    }
}

fn exact_word(text: &str) -> Option<Value<'_>> {
    match text {
        "true" => Some(Value::Boolean(true)),
        "false" => Some(Value::Boolean(false)),
        "null" => Some(Value::Null),
        _ => None,
    }
}

fn trim_json_space(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\n', '\r'])
}

fn is_braced(text: &str) -> bool {
    trim_json_space(text).starts_with(['{', '['])
}

/// An object or array that is the whole of the text but for JSON white space; of any other text it is not asked.
fn container(text: &str) -> Result<Value<'_>, Fault> {
    let trimmed = trim_json_space(text);
    let kind = validate(trimmed.as_bytes(), MAX_TEXT_DEPTH)?;
    Ok(if kind == JsonKind::Array { Value::Array(trimmed.into()) } else { Value::Object(trimmed.into()) })
}

/// The reading under [`Policy::Json`].
fn strict_json(text: &str) -> Option<Lossy<'_>> {
    match json_number_kind(text) {
        Some(JsonKind::Integer) => {
            Some((Value::Integer(text.into()), (text == "-0").then_some(NoteCode::NegativeZero)))
        }
        Some(_) => json_number(text),
        None if text.starts_with('"') => {
            validate(text.as_bytes(), 0).ok()?;
            Some((json_string(text)?, Some(NoteCode::JsonString)))
        }
        None if is_braced(text) => container(text).ok().map(|value| (value, None)),
        None => exact_word(text).map(|value| (value, None)),
    }
}

/// A JSON number with a fraction or exponent. It keeps its spelling; the note says what another writer would not keep.
fn json_number(text: &str) -> Option<Lossy<'_>> {
    if exact_number(text).is_some() {
        return Some((Value::Number(text.into()), None));
    }
    match read_python(text, 0)? {
        (Value::NonFinite(_), _) => None,
        (_, lost) => Some((Value::Number(text.into()), lost)),
    }
}

fn typed_json(source: &str) -> Value<'_> {
    match source.as_bytes().first() {
        Some(b'n') => Value::Null,
        Some(b't') => Value::Boolean(true),
        Some(b'f') => Value::Boolean(false),
        Some(b'[') => Value::Array(source.into()),
        Some(b'{') => Value::Object(source.into()),
        Some(b'"') => json_string(source).unwrap_or(Value::String(source.into())),
        _ if source.contains(['.', 'e', 'E']) => Value::Number(source.into()),
        _ => Value::Integer(source.into()),
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Beginnings, ends and what may stand between, nearly all of it close to what is read.
    fn texts() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            Just("true"),
            Just("Infinity"),
            Just("nan"),
            Just("7"),
            Just("-"),
            Just("{"),
            Just("\""),
            Just("\\"),
            Just(" "),
            Just("\u{a0}"),
            Just("\t"),
            Just("\u{664}"),
            Just("word"),
            Just("F"),
            Just("          "),
            Just("é"),
        ];
        prop::collection::vec(piece, 0..9).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn what_is_surely_text_is_read_as_nothing_else(text in texts()) {
            let escaped = serde_json::to_string(&text).unwrap_or_default();
            let inside = escaped.get(1..escaped.len() - 1).unwrap_or_default();
            // Spelled out, so that only the first characters can tell.
            let spelled: String = text.chars().map(|c| if c.is_ascii() { format!("\\u{:04x}", c as u32) } else { c.to_string() }).collect();
            for source in [inside, &spelled] {
                if is_surely_text(source.as_bytes()) {
                    for policy in [Policy::Lossless, Policy::Json, Policy::Reference, Policy::None] {
                        prop_assert_eq!(read_text(&text, policy, None), keep(&text));
                    }
                }
            }
        }
    }

    #[test]
    fn prose_is_surely_text() {
        for text in ["word", "  word", "this is a sentence", "not a number", "_", "Infinity and more"] {
            assert!(is_surely_text(text.as_bytes()), "{text}");
        }
        for text in ["true", "true     ", "1st", "", "é", "  [1]", "nan", "\\u0041"] {
            assert!(!is_surely_text(text.as_bytes()), "{text}");
        }
    }
}
