//! The server's own words about a failure, made fit to be shown.

use super::timing::within;
use crate::platform::{Platform, Response, TransportError};
use crate::snapshot::{Hidden, Mask};
use crate::value::json::{Children, JsonKind, Scanned, unescape, validate};

/// So many characters of a server's sentence are kept.
const MAX_CHARS: usize = 200;
const MAX_TRACE_CHARS: usize = 128;
/// No wait is told to be longer; 2^53 − 1 ms.
const LONGEST_MS: f64 = 9_007_199_254_740_991.0;
/// No answer that only describes a failure is read further.
const MAX_BYTES: usize = 16 * 1_024;
/// Nor waited for longer, in ms: the failure itself is known already.
const MOST_MS: f64 = 1_000.0;

/// The members of a JSON object; `None` where the bytes are no JSON object. Of members of one name the last counts; `null` is none.
pub(crate) struct Members<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Members<'a> {
    pub(crate) fn of(bytes: &'a [u8]) -> Option<Members<'a>> {
        const MAX_DEPTH: usize = 16;
        // A mark of the byte order says nothing.
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
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
        let value = children.filter(|child| child.key.is_some_and(named)).last()?.value;
        (value.kind != JsonKind::Null).then_some(value)
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
            JsonKind::String => whole_number(&self.text(value)?),
            _ => None,
        }
    }
}

/// A number in a text, as of seconds that somebody has put in quotes.
pub(crate) fn whole_number(text: &str) -> Option<f64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

/// What a server says about its failure (RFC 9457, RFC 6749 §5.2).
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Problem {
    /// `detail`, `title` or `error_description`, fit to be shown.
    pub(crate) text: Option<String>,
    /// `traceId`, by which the real platform's logs are searched.
    pub(crate) trace: Option<String>,
    /// `retryAfter`, in ms.
    pub(crate) retry_after_ms: Option<f64>,
}

/// The body, cut off at `limit` bytes.
pub(crate) async fn read_up_to(mut response: Response, limit: usize) -> Result<Vec<u8>, TransportError> {
    let mut body = Vec::new();
    while body.len() < limit && response.body.read_into(&mut body).await? > 0 {}
    body.truncate(limit);
    Ok(body)
}

/// What an answer says beside its status, where that comes within `most_ms`, and within a second.
pub(crate) async fn words_of(platform: &dyn Platform, most_ms: f64, response: Response) -> Problem {
    let body = within(platform, most_ms.min(MOST_MS), read_up_to(response, MAX_BYTES)).await;
    body.and_then(Result::ok).map(|body| problem_of(&body)).unwrap_or_default()
}

fn problem_of(body: &[u8]) -> Problem {
    let Some(members) = Members::of(body) else { return Problem::default() };
    let text = |name: &str, most| {
        let text = clean(&members.text(members.get(name)?)?, most);
        (!text.is_empty()).then_some(text)
    };
    let seconds = members.get("retryAfter").and_then(|value| members.number(value));
    Problem {
        text: ["detail", "title", "error_description"].into_iter().find_map(|name| text(name, MAX_CHARS)),
        trace: text("traceId", MAX_TRACE_CHARS),
        retry_after_ms: seconds.filter(|seconds| *seconds >= 0.0).map(|seconds| (seconds * 1_000.0).min(LONGEST_MS)),
    }
}

/// A server's text without what looks like a secret, and as [`visible`].
pub(crate) fn clean(text: &str, max_chars: usize) -> String {
    let mask = Mask::standard();
    // Before it is shortened: half a secret has no shape any more.
    visible(&mask.cover_text(text.trim(), &mask.nowhere(), &mut Hidden::default()), max_chars)
}

/// A text in which characters that act instead of being seen (controls, line separators, directional marks) are written as escapes,
/// shortened.
pub(super) fn visible(text: &str, max_chars: usize) -> String {
    let acts = |c: char| {
        c.is_control()
            || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
            || matches!(c, '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
    };
    let mut shown = String::new();
    let mut left = max_chars;
    for c in text.chars() {
        let piece: String = if acts(c) { c.escape_unicode().collect() } else { c.into() };
        match left.checked_sub(piece.chars().count()) {
            Some(less) => left = less,
            None => break,
        }
        shown += &piece;
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(body: &[u8]) -> Option<String> {
        problem_of(body).text
    }

    #[test]
    fn tells_what_the_server_says_with_escapes_for_what_acts() {
        let body = br#"{"title":"Too many","detail":"Slow\u202e down\r\n\u0000 please\n"}"#;
        assert_eq!(text_of(body).as_deref(), Some("Slow\\u{202e} down\\u{d}\\u{a}\\u{0} please"));
        assert_eq!(text_of(br#"{"detail":7,"title":"T"}"#).as_deref(), Some("T"));
        assert_eq!(text_of(br#"{"error_description":"bad client"}"#).as_deref(), Some("bad client"));
        for long in ["ü".repeat(500), "\\u202e".repeat(500)] {
            let shown = text_of(format!(r#"{{"detail":"{long}"}}"#).as_bytes()).unwrap();
            assert!((193..=200).contains(&shown.chars().count()) && !shown.contains('\u{202e}'), "{shown}");
        }
        for silent in [&b"<html>"[..], b"[]", b"", br#"{"detail":""}"#, br#"{"detail":"x""#] {
            assert_eq!(problem_of(silent), Problem::default());
        }
    }

    #[test]
    fn finds_the_trace_and_when_to_come_back() {
        let problem = problem_of(br#"{"traceId":"api--1","retryAfter":1.5}"#);
        assert_eq!((problem.trace.as_deref(), problem.retry_after_ms), (Some("api--1"), Some(1_500.0)));
        for odd in ["-1", "\"x\"", "null", "[]", "\"1.5\""] {
            let body = format!(r#"{{"retryAfter":{odd}}}"#);
            assert_eq!(problem_of(body.as_bytes()).retry_after_ms, None, "{odd}");
        }
        assert!(problem_of(br#"{"retryAfter":1e999}"#).retry_after_ms.is_none_or(f64::is_finite));
    }
}
