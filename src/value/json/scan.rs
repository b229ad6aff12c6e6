//! Finds the end of a JSON value and checks its form on the way.

use super::brackets::Brackets;
use super::strings::scan_string;

/// What a JSON value is. Numbers are told apart by their spelling: a fraction or an exponent makes a `Number`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[allow(missing_docs)]
pub enum JsonKind {
    #[default]
    Null,
    False,
    True,
    Integer,
    Number,
    String,
    Array,
    Object,
}

impl JsonKind {
    /// Whether the value has members or elements.
    pub fn is_container(self) -> bool {
        matches!(self, JsonKind::Array | JsonKind::Object)
    }
}

/// A value that was scanned: its bytes are `start..end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Scanned {
    /// What the value is.
    pub kind: JsonKind,
    /// First byte; for a string the opening quote.
    pub start: usize,
    /// One past the last byte; for a string one past the closing quote.
    pub end: usize,
    /// Deepest nesting: 0 for a scalar, 1 for `[]`, 2 for `[[]]`.
    pub depth: usize,
    /// What the strings in it hold.
    pub strings: Strings,
}

/// What was seen inside strings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Strings {
    /// There is a backslash: the text differs from the bytes.
    pub escaped: bool,
    /// There are bytes from 0x80 up, which still have to be checked as UTF-8.
    pub non_ascii: bool,
    /// There is half a surrogate pair, which no Unicode text can hold.
    pub lone_surrogate: bool,
}

impl Strings {
    /// Joins what two places hold.
    pub fn add(&mut self, other: Strings) {
        self.escaped |= other.escaped;
        self.non_ascii |= other.non_ascii;
        self.lone_surrogate |= other.lone_surrogate;
    }
}

/// Why a scan stopped, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// What stopped it.
    pub kind: FaultKind,
    /// The byte at which the text stops being JSON.
    pub offset: usize,
}

/// What stops a scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// The bytes end inside the value: more may still arrive.
    End,
    /// The byte cannot stand here.
    Syntax,
    /// The value is nested more deeply than allowed.
    Depth,
}

const fn end(offset: usize) -> Fault {
    Fault { kind: FaultKind::End, offset }
}

const fn syntax(offset: usize) -> Fault {
    Fault { kind: FaultKind::Syntax, offset }
}

/// The first byte at or after `at` that is not JSON white space.
pub fn skip_space(bytes: &[u8], mut at: usize) -> usize {
    while let Some(b' ' | b'\n' | b'\r' | b'\t') = bytes.get(at) {
        at += 1;
    }
    at
}

/// Scans the value that begins at `at` (no white space before it).
///
/// A number that touches the end of the bytes is complete: the caller knows whether more may come.
#[inline(always)]
pub fn scan_value(bytes: &[u8], at: usize) -> Result<Scanned, Fault> {
    let scalar = |kind, end| Scanned { kind, start: at, end, depth: 0, strings: Strings::default() };
    match bytes.get(at) {
        None => Err(end(at)),
        Some(b'"') => {
            let (end, strings) = scan_string(bytes, at + 1)?;
            Ok(Scanned { kind: JsonKind::String, start: at, end, depth: 0, strings })
        }
        Some(b'{' | b'[') => scan_container(bytes, at),
        Some(_) => scan_scalar(bytes, at).map(|(kind, end)| scalar(kind, end)),
    }
}

/// Checks that the whole of `text` is one JSON value, with JSON white space around it allowed.
///
/// Strings must be free of lone surrogates, and `text` must be UTF-8 where it comes from outside.
///
/// # Errors
/// A [`Fault`]; `FaultKind::Depth` where the value is nested more deeply than `max_depth`.
pub fn validate(text: &[u8], max_depth: usize) -> Result<JsonKind, Fault> {
    let value = scan_whole(text)?;
    if value.strings.lone_surrogate {
        return Err(syntax(value.start));
    }
    if value.depth > max_depth {
        return Err(Fault { kind: FaultKind::Depth, offset: value.start });
    }
    Ok(value.kind)
}

/// The one JSON value that the whole of `text` is, with JSON white space around it allowed.
///
/// # Errors
/// A [`Fault`] where it is none. Half surrogate pairs, depth and UTF-8 are for the caller to judge.
///
/// ```
/// use cognigy_session_debugger::value::json::{JsonKind, scan_whole};
/// assert_eq!(scan_whole(b" [1] ").map(|value| value.kind), Ok(JsonKind::Array));
/// assert_eq!(scan_whole(b"[1] 2").unwrap_err().offset, 4);
/// ```
pub fn scan_whole(text: &[u8]) -> Result<Scanned, Fault> {
    let value = scan_value(text, skip_space(text, 0))?;
    let rest = skip_space(text, value.end);
    if rest == text.len() { Ok(value) } else { Err(syntax(rest)) }
}

fn scan_scalar(bytes: &[u8], at: usize) -> Result<(JsonKind, usize), Fault> {
    match bytes.get(at) {
        Some(b't') => scan_word(bytes, at, b"true").map(|end| (JsonKind::True, end)),
        Some(b'f') => scan_word(bytes, at, b"false").map(|end| (JsonKind::False, end)),
        Some(b'n') => scan_word(bytes, at, b"null").map(|end| (JsonKind::Null, end)),
        Some(b'-' | b'0'..=b'9') => scan_number(bytes, at),
        Some(_) => Err(syntax(at)),
        None => Err(end(at)),
    }
}

fn scan_word(bytes: &[u8], at: usize, word: &[u8]) -> Result<usize, Fault> {
    for (step, expected) in word.iter().enumerate() {
        match bytes.get(at + step) {
            Some(byte) if byte == expected => {}
            Some(_) => return Err(syntax(at + step)),
            None => return Err(end(at + step)),
        }
    }
    Ok(at + word.len())
}

fn skip_digits(bytes: &[u8], mut at: usize) -> usize {
    while let Some(b'0'..=b'9') = bytes.get(at) {
        at += 1;
    }
    at
}

/// At least one digit at `at`.
fn need_digits(bytes: &[u8], at: usize) -> Result<usize, Fault> {
    match bytes.get(at) {
        Some(b'0'..=b'9') => Ok(skip_digits(bytes, at + 1)),
        Some(_) => Err(syntax(at)),
        None => Err(end(at)),
    }
}

fn scan_number(bytes: &[u8], start: usize) -> Result<(JsonKind, usize), Fault> {
    let mut at = if bytes.get(start) == Some(&b'-') { start + 1 } else { start };
    at = match bytes.get(at) {
        Some(b'0') => at + 1,
        _ => need_digits(bytes, at)?,
    };
    let mut kind = JsonKind::Integer;
    if bytes.get(at) == Some(&b'.') {
        kind = JsonKind::Number;
        at = need_digits(bytes, at + 1)?;
    }
    if let Some(b'e' | b'E') = bytes.get(at) {
        kind = JsonKind::Number;
        at += 1;
        if let Some(b'+' | b'-') = bytes.get(at) {
            at += 1;
        }
        at = need_digits(bytes, at)?;
    }
    Ok((kind, at))
}

fn scan_container(bytes: &[u8], start: usize) -> Result<Scanned, Fault> {
    let mut open = Brackets::default();
    let mut strings = Strings::default();
    let mut at = start;
    loop {
        // A value is due here.
        match bytes.get(at) {
            Some(bracket @ (b'{' | b'[')) => {
                let object = *bracket == b'{';
                open.open(object);
                at = skip_space(bytes, at + 1);
                match bytes.get(at) {
                    Some(b'}') if object => {}
                    Some(b']') if !object => {}
                    Some(_) => {
                        if object {
                            at = scan_key(bytes, at, &mut strings)?;
                        }
                        continue;
                    }
                    None => return Err(end(at)),
                }
            }
            Some(b'"') => {
                let (after, seen) = scan_string(bytes, at + 1)?;
                strings.add(seen);
                at = after;
            }
            _ => at = scan_scalar(bytes, at)?.1,
        }
        // A value has ended: close what closes, then a comma brings the next one.
        loop {
            at = skip_space(bytes, at);
            match (bytes.get(at), open.in_object()) {
                (Some(b'}'), true) | (Some(b']'), false) => {
                    open.close();
                    at += 1;
                    if open.depth == 0 {
                        let kind = if bytes.get(start) == Some(&b'{') { JsonKind::Object } else { JsonKind::Array };
                        return Ok(Scanned { kind, start, end: at, depth: open.deepest, strings });
                    }
                }
                (Some(b','), object) => {
                    at = skip_space(bytes, at + 1);
                    if object {
                        at = scan_key(bytes, at, &mut strings)?;
                    }
                    break;
                }
                (Some(_), _) => return Err(syntax(at)),
                (None, _) => return Err(end(at)),
            }
        }
    }
}

/// Scans `"key" :` and gives the first byte of the member's value.
fn scan_key(bytes: &[u8], at: usize, strings: &mut Strings) -> Result<usize, Fault> {
    match bytes.get(at) {
        Some(b'"') => {}
        Some(_) => return Err(syntax(at)),
        None => return Err(end(at)),
    }
    let (after, seen) = scan_string(bytes, at + 1)?;
    strings.add(seen);
    let colon = skip_space(bytes, after);
    match bytes.get(colon) {
        Some(b':') => Ok(skip_space(bytes, colon + 1)),
        Some(_) => Err(syntax(colon)),
        None => Err(end(colon)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> Result<JsonKind, FaultKind> {
        validate(text.as_bytes(), 512).map_err(|fault| fault.kind)
    }

    #[test]
    fn tells_what_a_value_is() {
        assert_eq!(kind(" null "), Ok(JsonKind::Null));
        assert_eq!(kind("true"), Ok(JsonKind::True));
        assert_eq!(kind("-0"), Ok(JsonKind::Integer));
        assert_eq!(kind("1e3"), Ok(JsonKind::Number));
        assert_eq!(kind(r#""a\u00e9""#), Ok(JsonKind::String));
        assert_eq!(kind("[1, {\"a\": []}]"), Ok(JsonKind::Array));
        assert_eq!(kind("{}"), Ok(JsonKind::Object));
    }

    #[test]
    fn refuses_what_is_not_json() {
        for text in [
            "[1,]",
            "{\"a\":1,}",
            "{a:1}",
            "01",
            "+1",
            ".5",
            "[1}",
            "{\"a\" 1}",
            "\"\t\"",
            r#""\x""#,
            "nul!",
            "[] x",
            "{1:2}",
            "[,]",
        ] {
            assert_eq!(kind(text), Err(FaultKind::Syntax), "{text}");
        }
        for text in ["", "[", "1.", "{\"a\":", "\"", "tru", "-", "1e", r#""\u12"#, r#""\"#] {
            assert_eq!(kind(text), Err(FaultKind::End), "{text}");
        }
    }

    #[test]
    fn a_fault_says_where() {
        assert_eq!(validate(b"{\"a\":tru}", 9).unwrap_err().offset, 8);
        assert_eq!(validate(b"[1,2 3]", 9).unwrap_err().offset, 5);
    }

    #[test]
    fn finds_the_end_of_strings_of_every_length() {
        for length in 0..40 {
            for tail in ["", "é", "\\\"", "\\\\"] {
                let text = format!("\"{}{tail}\" ", "x".repeat(length));
                let value = scan_value(text.as_bytes(), 0).unwrap();
                assert_eq!(value.end, text.len() - 1, "{text}");
                assert_eq!(value.strings.non_ascii, tail == "é");
                assert_eq!(value.strings.escaped, tail.starts_with('\\'));
            }
        }
    }

    #[test]
    fn sees_half_surrogate_pairs() {
        for (text, lone) in [
            (r#""\ud83d\ude00""#, false),
            (r#""\ud83d""#, true),
            (r#""\ude00""#, true),
            (r#""\ud83dx""#, true),
            (r#""\ud83d\ud83d\ude00""#, true),
            (r#""\ud83d\n""#, true),
        ] {
            assert_eq!(scan_value(text.as_bytes(), 0).unwrap().strings.lone_surrogate, lone, "{text}");
        }
    }

    #[test]
    fn depth_has_no_cost_in_stack() {
        let deep = format!("{}{}", "[".repeat(1_000_000), "]".repeat(1_000_000));
        assert_eq!(validate(deep.as_bytes(), 512).unwrap_err().kind, FaultKind::Depth);
        assert_eq!(validate(deep.as_bytes(), 1_000_000), Ok(JsonKind::Array));
        let mixed = format!("{}{}{}", "{\"a\":[".repeat(200), "1", "]}".repeat(200));
        assert_eq!(validate(mixed.as_bytes(), 400), Ok(JsonKind::Object));
        let crossed = format!("{}{}{}", "{\"a\":[".repeat(200), "1", "}]".repeat(200));
        assert_eq!(kind(&crossed), Err(FaultKind::Syntax));
        assert_eq!(kind(&"[".repeat(1_000_000)), Err(FaultKind::End));
    }
}
