//! What a tenant says of its limit: `RateLimit: "a";r=50;t=30` and `RateLimit-Policy: "a";q=100;w=60`
//! (draft-ietf-httpapi-ratelimit-headers), lists of structured fields (RFC 9651). A malformed field is no field.

use crate::platform::Headers;

/// A promise of the tenant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Policy {
    /// Requests of a window, at least 1.
    pub quota: usize,
    /// In ms.
    pub window_ms: f64,
}

/// What is left now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Remaining {
    /// Requests.
    pub requests: usize,
    /// Until there are more, in ms.
    pub reset_ms: f64,
}

/// The policies that count requests in windows. All of them hold.
///
/// ```
/// use cognigy_session_debugger::client::rate_fields::{Policy, policies};
/// use cognigy_session_debugger::platform::Headers;
/// let mut headers = Headers::new();
/// headers.push("RateLimit-Policy", r#""burst";q=50;w=1, "minute";q=100;w=60"#);
/// let (burst, minute) = (Policy { quota: 50, window_ms: 1_000.0 }, Policy { quota: 100, window_ms: 60_000.0 });
/// assert_eq!(policies(&headers), [burst, minute]);
/// ```
pub fn policies(headers: &Headers) -> Vec<Policy> {
    let pairs = headers.get("ratelimit-policy").and_then(|field| members(field, "q", "w")).unwrap_or_default();
    let policies = pairs.into_iter().filter(|(quota, window)| *quota > 0 && *window > 0);
    policies.map(|(quota, window)| Policy { quota, window_ms: seconds(window) }).collect()
}

/// The least that is left of any policy.
pub fn remaining(headers: &Headers) -> Option<Remaining> {
    let pairs = members(headers.get("ratelimit")?, "r", "t")?;
    let all = pairs.into_iter().map(|(requests, reset)| Remaining { requests, reset_ms: seconds(reset) });
    all.min_by_key(|remaining| remaining.requests)
}

/// How long to wait, where nothing is left.
pub(super) fn reset_ms(headers: &Headers) -> Option<f64> {
    remaining(headers).filter(|remaining| remaining.requests == 0).map(|remaining| remaining.reset_ms)
}

fn seconds(seconds: usize) -> f64 {
    seconds as f64 * 1_000.0
}

/// Two numbers of each member of the list that has both. `None` where anything of the list is malformed.
fn members(field: &str, first: &str, second: &str) -> Option<Vec<(usize, usize)>> {
    let mut found = Vec::new();
    for member in split(field, ',')? {
        let mut parts = split(member, ';')?.into_iter();
        if !is_name(parts.next()?.trim_matches([' ', '\t'])) {
            return None;
        }
        let (mut one, mut other) = (None, None);
        for part in parts {
            let part = part.trim_start_matches(' ');
            let (key, value) = part.split_once('=').unwrap_or((part, "?1"));
            if !is_key(key) || !is_bare_item(value) {
                return None;
            }
            // Of parameters of one name the last counts (RFC 9651 §4.2.3.2).
            if key == first {
                one = Some(number(value)?);
            } else if key == second {
                other = Some(number(value)?);
            }
        }
        found.extend(one.zip(other));
    }
    Some(found)
}

/// The parts between separators that do not stand inside a string. `None` where a string does not end.
fn split(text: &str, separator: char) -> Option<Vec<&str>> {
    let (mut quoted, mut escaped) = (false, false);
    let parts = text.split(|c| {
        let inside = quoted;
        if escaped {
            escaped = false;
        } else {
            escaped = quoted && c == '\\';
            quoted ^= c == '"';
        }
        c == separator && !inside
    });
    let parts = parts.collect();
    (!quoted).then_some(parts)
}

/// A policy's name is a string; earlier drafts also had tokens.
fn is_name(text: &str) -> bool {
    is_string(text) || is_token(text)
}

fn is_bare_item(text: &str) -> bool {
    let byte_sequence = text.len() >= 2 && text.starts_with(':') && text.ends_with(':');
    number(text).is_some() || is_string(text) || is_token(text) || byte_sequence || matches!(text, "?0" | "?1")
}

fn is_string(text: &str) -> bool {
    let inside = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    inside.is_some_and(|inside| inside.bytes().all(|byte| (b' '..=b'~').contains(&byte)))
}

fn is_token(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '*')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~:/".contains(&byte))
}

fn is_key(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase() || c == '*')
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-.*".contains(&byte))
}

/// A whole number that is not negative, of at most 15 digits (RFC 9651 §3.3.1).
fn number(text: &str) -> Option<usize> {
    let digits = text.len() <= 15 && !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    // Where a number has no room (32 bits), it is as good as endless.
    digits.then(|| text.parse().unwrap_or(usize::MAX))
}
