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
    if memchr::memchr(b'\\', source.as_bytes()).is_none() {
        return Some(Cow::Borrowed(source));
    }
    unescape_bytes(source.as_bytes()).map(Cow::Owned)
}

/// The same of bytes that nobody has read as UTF-8; `None` where they are not.
///
/// ```
/// use cognigy_session_debugger::value::json::unescape_bytes;
/// assert_eq!(unescape_bytes(br"a\n").as_deref(), Some("a\n"));
/// assert_eq!(unescape_bytes(b"\xff"), None);
/// ```
pub fn unescape_bytes(source: &[u8]) -> Option<String> {
    String::from_utf8(unescaped(source)?).ok()
}

/// So many bytes are copied at once, whether an escape follows among them or not: that is quicker than to ask first.
const WORD: usize = 8;

/// Text where `source` is one.
fn unescaped(source: &[u8]) -> Option<Vec<u8>> {
    // Nothing becomes longer, and the last word may reach beyond the end.
    let mut out = vec![0; source.len() + WORD];
    let (mut from, mut to) = (0, 0);
    while let Some(first) = source.get(from) {
        let plain = match source.get(from..).and_then(<[u8]>::first_chunk::<WORD>) {
            Some(word) => {
                *out.get_mut(to..)?.first_chunk_mut()? = *word;
                equal(u64::from_le_bytes(*word), b'\\').trailing_zeros() as usize / 8
            }
            None => {
                *out.get_mut(to)? = *first;
                usize::from(*first != b'\\')
            }
        };
        (from, to) = (from + plain, to + plain);
        if source.get(from) == Some(&b'\\') {
            (from, to) = one_escape(source, from, &mut out, to)?;
        }
    }
    out.truncate(to);
    Some(out)
}

const ONES: u64 = u64::MAX / 0xff;
const HIGH: u64 = ONES << 7;

// Of these bits the lowest is the highest one of the first byte that fits; those above it tell nothing.

fn equal(word: u64, byte: u8) -> u64 {
    let others = word ^ (ONES * u64::from(byte));
    others.wrapping_sub(ONES) & !others & HIGH
}

fn below_space(word: u64) -> u64 {
    word.wrapping_sub(ONES * 0x20) & !word & HIGH
}

/// Unescapes what begins with the backslash at `at`, and tells where both go on.
#[inline(always)]
fn one_escape(source: &[u8], at: usize, out: &mut [u8], to: usize) -> Option<(usize, usize)> {
    let c = match source.get(at + 1)? {
        same @ (b'"' | b'\\' | b'/') => *same,
        b'b' => 8,
        b'f' => 12,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'u' => {
            let (c, after) = unicode_escape(source, at)?;
            return Some((after, to + c.encode_utf8(out.get_mut(to..)?).len()));
        }
        _ => return None,
    };
    *out.get_mut(to)? = c;
    Some((at + 2, to + 1))
}

#[inline(never)]
fn unicode_escape(source: &[u8], at: usize) -> Option<(char, usize)> {
    let unit = hex4(source, at + 2).ok()?;
    let after = at + 6;
    if !(0xD800..=0xDBFF).contains(&unit) {
        return Some((char::from_u32(unit)?, after));
    }
    source.get(after..)?.strip_prefix(b"\\u")?;
    let low = hex4(source, after + 2).ok().filter(|low| (0xDC00..=0xDFFF).contains(low))?;
    Some((char::from_u32(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00))?, after + 6))
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
            && let Some(text) = unescape_bytes(&[one, low].concat())
            && text.chars().count() == 1
        {
            out.extend_from_slice(text.as_bytes());
            rest = behind;
        } else if let Some(text) = unescape_bytes(one) {
            out.extend_from_slice(text.as_bytes());
        } else {
            let unit = hex4(one, 2).unwrap_or(0xFFFD);
            let low_bits = |shift: u32| u8::try_from(unit >> shift & 0x3F).unwrap_or(0) | 0x80;
            out.extend_from_slice(&[0xE0 | u8::try_from(unit >> 12).unwrap_or(0), low_bits(6), low_bits(0)]);
        }
    }
    out.extend_from_slice(rest);
}

/// Appends `text` as a JSON string, quotes included.
///
/// Only what JSON demands is escaped, and U+2028 and U+2029, which line-oriented readers take for line ends.
pub fn escape_into(out: &mut String, text: &str) {
    out.reserve(text.len() + 2);
    out.push('"');
    let mut rest = text;
    loop {
        let (plain, after) = rest.split_at_checked(before_escape(rest.as_bytes())).unwrap_or((rest, ""));
        out.push_str(plain);
        let Some(c) = after.chars().next() else { break };
        escape_char(out, c);
        rest = after.get(c.len_utf8()..).unwrap_or_default();
    }
    out.push('"');
}

/// How many bytes stand before the first that may have to be escaped. With 0xE2 begin the two characters that end lines.
fn before_escape(bytes: &[u8]) -> usize {
    let (words, rest) = bytes.as_chunks::<WORD>();
    for (place, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let found = below_space(word) | equal(word, b'"') | equal(word, b'\\') | equal(word, 0xE2);
        if found != 0 {
            return place * WORD + found.trailing_zeros() as usize / 8;
        }
    }
    let end = rest.iter().position(|byte| matches!(byte, ..0x20 | b'"' | b'\\' | 0xE2));
    bytes.len() - rest.len() + end.unwrap_or(rest.len())
}

fn escape_char(out: &mut String, c: char) {
    match c {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\0'..='\u{1f}' | '\u{2028}' | '\u{2029}' => {
            const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
            out.push_str("\\u");
            for shift in [12, 8, 4, 0] {
                out.extend(HEX.get((c as usize >> shift) & 15));
            }
        }
        _ => out.push(c),
    }
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
    fn escapes_are_found_wherever_they_stand() {
        for escape in [r"\n", r"\\", r"\u00e9", r"\ud83d\ude00"] {
            for (before, after) in (0..20).flat_map(|before| (0..20).map(move |after| (before, after))) {
                let source = format!("{}{escape}{}", "x".repeat(before), "ü".repeat(after));
                let expected: String = serde_json::from_str(&format!("\"{source}\"")).unwrap();
                assert_eq!(unescape(&source).unwrap(), expected);
            }
        }
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
    fn what_is_escaped_is_found_wherever_it_stands() {
        for c in
            ['"', '\\', '\n', '\0', '\u{1f}', '\u{2028}', '\u{2029}', '\u{2027}', '\u{7f}', ' ', '!', '#', ']', 'é']
        {
            for (before, after) in (0..20).flat_map(|before| (0..20).map(move |after| (before, after))) {
                let text = format!("{}{c}{}", "x".repeat(before), "ü".repeat(after));
                let mut out = String::new();
                escape_into(&mut out, &text);
                assert_eq!(serde_json::from_str::<String>(&out).unwrap(), text);
                assert!(!out.contains(['\u{2028}', '\u{2029}']));
            }
        }
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
