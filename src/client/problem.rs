//! The server's own words about a failure, made fit to be shown.

use crate::value::json::{Children, JsonKind, Scanned, unescape, validate};

/// So many characters of a server's sentence are kept.
const MAX_CHARS: usize = 200;
/// No answer that only describes a failure is read further.
pub(crate) const MAX_BYTES: usize = 16 * 1_024;

/// The members of a JSON object; `None` where the bytes are no JSON object. Of members of one name the last counts.
pub(crate) struct Members<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Members<'a> {
    pub(crate) fn of(bytes: &'a [u8]) -> Option<Members<'a>> {
        const MAX_DEPTH: usize = 16;
        if validate(bytes, MAX_DEPTH).ok()? != JsonKind::Object {
            return None;
        }
        let at = bytes.iter().position(|byte| *byte == b'{')?;
        Some(Members { bytes, at })
    }

    pub(crate) fn get(&self, name: &str) -> Option<Scanned> {
        let named = |range: (usize, usize)| {
            let source = self.bytes.get(range.0..range.1).and_then(|key| std::str::from_utf8(key).ok());
            source.and_then(unescape).is_some_and(|key| key == name)
        };
        let children = Children::new(self.bytes, self.at).filter_map(Result::ok);
        children.filter(|child| child.key.is_some_and(named)).last().map(|child| child.value)
    }

    pub(crate) fn text(&self, value: Scanned) -> Option<String> {
        if value.kind != JsonKind::String {
            return None;
        }
        let inside = self.bytes.get(value.start + 1..value.end - 1)?;
        unescape(std::str::from_utf8(inside).ok()?).map(String::from)
    }

    /// A number, also where it is written as a text.
    pub(crate) fn number(&self, value: Scanned) -> Option<f64> {
        match value.kind {
            JsonKind::Integer | JsonKind::Number => {
                std::str::from_utf8(self.bytes.get(value.start..value.end)?).ok()?.parse().ok()
            }
            JsonKind::String => {
                let text = self.text(value)?;
                text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
            }
            _ => None,
        }
    }
}

/// What a server says about its failure (RFC 9457's `detail` or `title`, RFC 6749's `error_description`).
pub(crate) fn problem_of(body: &[u8]) -> Option<String> {
    let members = Members::of(body)?;
    ["detail", "title", "error_description"]
        .into_iter()
        .filter_map(|name| members.text(members.get(name)?))
        .map(|text| clean(&text, MAX_CHARS))
        .find(|text| !text.is_empty())
}

/// Text without characters that act instead of being seen: controls, line separators and directional marks.
pub(crate) fn clean(text: &str, max_chars: usize) -> String {
    let acts = |c: char| {
        c.is_control()
            || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
            || matches!(c, '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
    };
    let kept: String = text.chars().filter(|c| !acts(*c)).take(max_chars).collect();
    kept.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_what_the_server_says_without_what_acts() {
        let body = br#"{"title":"Too many","detail":"Slow\u202e down\r\n\u0000 please"}"#;
        assert_eq!(problem_of(body).as_deref(), Some("Slow down please"));
        assert_eq!(problem_of(br#"{"detail":7,"title":"T"}"#).as_deref(), Some("T"));
        assert_eq!(problem_of(br#"{"error_description":"bad client"}"#).as_deref(), Some("bad client"));
        let long = format!(r#"{{"detail":"{}"}}"#, "ü".repeat(500));
        assert_eq!(problem_of(long.as_bytes()).unwrap().chars().count(), 200);
        for silent in [&b"<html>"[..], b"[]", b"", br#"{"detail":""}"#, br#"{"detail":"x""#] {
            assert_eq!(problem_of(silent), None);
        }
    }
}
