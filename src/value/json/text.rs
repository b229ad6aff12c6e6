//! The text of a JSON string, and back.

use super::strings::hex4;
use std::borrow::Cow;

/// The text that the inside of a JSON string stands for; borrowed where nothing is escaped.
///
/// `None` for a lone surrogate or an escape that JSON does not have.
///
/// ```
/// use cognigy_session_debugger::value::json::unescape;
/// assert_eq!(unescape(r"a\u00e9\n").as_deref(), Some("aé\n"));
/// assert_eq!(unescape(r"\ud83d"), None);
/// ```
pub fn unescape(source: &str) -> Option<Cow<'_, str>> {
    let Some((plain, _)) = source.split_once('\\') else {
        return Some(Cow::Borrowed(source));
    };
    let mut text = String::with_capacity(source.len());
    text.push_str(plain);
    let mut rest = source.get(plain.len()..)?;
    while let Some(escape) = rest.strip_prefix('\\') {
        let (c, after) = one_escape(escape)?;
        text.push(c);
        let next = memchr::memchr(b'\\', after.as_bytes()).unwrap_or(after.len());
        text.push_str(after.get(..next)?);
        rest = after.get(next..)?;
    }
    Some(Cow::Owned(text))
}

/// The character of an escape whose backslash is already gone, and what follows it.
fn one_escape(escape: &str) -> Option<(char, &str)> {
    let after = || escape.get(1..);
    let c = match escape.as_bytes().first()? {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return unicode_escape(escape),
        _ => return None,
    };
    Some((c, after()?))
}

fn unicode_escape(escape: &str) -> Option<(char, &str)> {
    let unit = hex4(escape.as_bytes(), 1).ok()?;
    if !(0xD800..=0xDBFF).contains(&unit) {
        return Some((char::from_u32(unit)?, escape.get(5..)?));
    }
    let low = escape.get(5..)?.strip_prefix("\\u")?;
    let low_unit = hex4(low.as_bytes(), 0).ok()?;
    if !(0xDC00..=0xDFFF).contains(&low_unit) {
        return None;
    }
    let c = char::from_u32(0x10000 + ((unit - 0xD800) << 10) + (low_unit - 0xDC00))?;
    Some((c, low.get(4..)?))
}

/// Appends the bytes that the inside of a JSON string stands for. Nothing is lost: half a surrogate pair becomes the three
/// bytes that UTF-8 would give it if it could, and bytes that are not UTF-8 stay, so that whoever reads the result as text
/// finds them at their place.
///
/// ```
/// use cognigy_session_debugger::value::json::spell_out;
/// let mut out = Vec::new();
/// spell_out(br#"{\"a\":\"\ud83d\"}"#, &mut out);
/// assert_eq!(out, b"{\"a\":\"\xed\xa0\xbd\"}");
/// ```
pub fn spell_out(source: &[u8], out: &mut Vec<u8>) {
    let mut rest = source;
    while let Some(place) = rest.iter().position(|byte| *byte == b'\\') {
        let (plain, escape) = rest.split_at(place);
        out.extend_from_slice(plain);
        let length = if escape.get(1) == Some(&b'u') { 6 } else { 2 };
        let (one, after) = escape.split_at_checked(length).unwrap_or((escape, &[]));
        rest = after;
        // A pair is unescaped together; the first half of one alone is not a text.
        let pair = after.split_at_checked(6).filter(|_| length == 6);
        if let Some((low, behind)) = pair
            && let Some(text) = unescaped(&[one, low].concat())
            && text.chars().count() == 1
        {
            out.extend_from_slice(text.as_bytes());
            rest = behind;
        } else if let Some(text) = unescaped(one) {
            out.extend_from_slice(text.as_bytes());
        } else {
            let unit = hex4(one, 2).unwrap_or(0xFFFD);
            let low_bits = |shift: u32| u8::try_from(unit >> shift & 0x3F).unwrap_or(0) | 0x80;
            out.extend_from_slice(&[0xE0 | u8::try_from(unit >> 12).unwrap_or(0), low_bits(6), low_bits(0)]);
        }
    }
    out.extend_from_slice(rest);
}

fn unescaped(source: &[u8]) -> Option<String> {
    unescape(std::str::from_utf8(source).ok()?).map(Cow::into_owned)
}

/// Appends `text` as a JSON string, quotes included.
///
/// Only what JSON demands is escaped, and U+2028 and U+2029, which line-oriented readers take for line ends.
pub fn escape_into(out: &mut String, text: &str) {
    out.push('"');
    // With 0xE2 begin the two characters that end lines.
    if !text.bytes().any(|byte| matches!(byte, ..0x20 | b'"' | b'\\' | 0xE2)) {
        out.push_str(text);
        out.push('"');
        return;
    }
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\0'..='\u{1f}' | '\u{2028}' | '\u{2029}' => {
                const HEX: [char; 16] =
                    ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
                out.push_str("\\u");
                for shift in [12, 8, 4, 0] {
                    out.extend(HEX.get((c as usize >> shift) & 15));
                }
            }
            _ => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unescapes_what_json_has() {
        assert_eq!(unescape("plain"), Some(Cow::Borrowed("plain")));
        assert_eq!(unescape(r#"\"\\\/\b\f\n\r\t"#).as_deref(), Some("\"\\/\u{8}\u{c}\n\r\t"));
        assert_eq!(unescape(r"\ud83d\ude00!").as_deref(), Some("😀!"));
        assert_eq!(unescape(r"\u0000").as_deref(), Some("\0"));
    }

    #[test]
    fn refuses_what_no_text_can_hold() {
        for source in [r"\ud83d", r"\ude00", r"\ud83dx", r"\ud83d\u0041", r"\x", r"\u12", "\\"] {
            assert_eq!(unescape(source), None, "{source}");
        }
    }

    #[test]
    fn spelling_out_is_unescaping_where_there_is_a_text() {
        for source in ["", "plain", r#"\"\\\/\b\f\n\r\t"#, r"\u00e9\ud83d\ude00x", r"\u0041\u0042\u0043", "\\\\u0041é"]
        {
            let mut out = b"before ".to_vec();
            spell_out(source.as_bytes(), &mut out);
            assert_eq!(out, format!("before {}", unescape(source).unwrap()).into_bytes(), "{source}");
        }
        let mut out = Vec::new();
        spell_out(b"\\ude00\\ud83d\\u0041\xff\\ud83d\\ud83d\\ude00", &mut out);
        assert_eq!(out, b"\xed\xb8\x80\xed\xa0\xbdA\xff\xed\xa0\xbd\xf0\x9f\x98\x80");
    }

    #[test]
    fn escaping_is_undone_by_unescaping() {
        let text = "ab\"b\\c\n\r\t\0\u{1f}\u{2028}é😀";
        let mut out = String::new();
        escape_into(&mut out, text);
        assert_eq!(unescape(out.trim_matches('"')).as_deref(), Some(text));
        assert_eq!(serde_json::from_str::<String>(&out).unwrap(), text);
    }
}
