//! Values that look like a secret, wherever in a text they stand. One pass, and beside it one for each `@` and `://`.

use super::rule::RuleId;
use super::{addresses, numbers, tokens};

/// No user and password in front of a host are longer.
const MOST_AUTHORITY: usize = 512;

/// The rule that a text falls under by what is in it. Telephone numbers count where they are asked for.
pub(super) fn judge(text: &str, phone: bool) -> Option<RuleId> {
    let bytes = text.as_bytes();
    if bytes.len() < 6 {
        return None;
    }
    let found = [
        (memchr::memmem::find(bytes, b"-----BEGIN ").is_some(), RuleId::PRIVATE_KEY),
        (tokens::jwt(bytes), RuleId::JWT),
        (memchr::memmem::find(bytes, b"hooks.slack.com/").is_some(), RuleId::TOKEN),
        (has_url_password(bytes), RuleId::URL_PASSWORD),
    ];
    let found = found.into_iter().find(|(found, _)| *found).map(|(_, rule)| rule);
    found
        .or_else(|| at_starts(bytes, phone))
        .or_else(|| memchr::memchr_iter(b'@', bytes).any(|at| addresses::email(bytes, at)).then_some(RuleId::EMAIL))
}

/// What can only begin where a word begins.
fn at_starts(bytes: &[u8], phone: bool) -> Option<RuleId> {
    let (mut earlier, mut previous) = (b' ', b' ');
    for (at, byte) in bytes.iter().enumerate() {
        let [before_that, before] = [earlier, previous];
        (earlier, previous) = (previous, *byte);
        if before.is_ascii_alphanumeric() {
            continue;
        }
        let rest = bytes.get(at..).unwrap_or_default();
        if phone && matches!(byte, b'+' | b'0' | b'(') && before != b'.' && addresses::phone(rest) {
            return Some(RuleId::PHONE);
        }
        if byte.is_ascii_alphanumeric() && tokens::is_shaped(rest) {
            return Some(RuleId::TOKEN);
        }
        if byte.is_ascii_digit() {
            // Digits behind a point, a sign or a `/` are a part of a larger number, or of `Chrome/120.0.0.0`.
            let inside = matches!(before, b'.' | b'_') || (before == b'/' && before_that != b'/');
            if !inside && before != b'-' && numbers::card(rest) {
                return Some(RuleId::CARD);
            }
            if !inside && addresses::ipv4(rest) {
                return Some(RuleId::IP);
            }
        }
        if byte.is_ascii_alphabetic() {
            if let Some(rule) = tokens::key(rest) {
                return Some(rule);
            }
            if matches!(byte, b'b' | b'B') && tokens::bearer(rest) {
                return Some(RuleId::BEARER);
            }
            if rest.get(2).is_some_and(u8::is_ascii_digit) && numbers::iban(rest) {
                return Some(RuleId::IBAN);
            }
        }
        if byte.is_ascii_hexdigit() && before != b':' && addresses::ipv6(rest) {
            return Some(RuleId::IP);
        }
    }
    None
}

/// `scheme://user:password@host`, or a user alone.
fn has_url_password(bytes: &[u8]) -> bool {
    memchr::memmem::find_iter(bytes, b"://").any(|at| {
        let authority = bytes.get(at + 3..).unwrap_or_default();
        let ends = |byte: &&u8| {
            !matches!(**byte, b'/' | b'?' | b'#' | b'"' | b'\'' | b'<' | b'>') && !byte.is_ascii_whitespace()
        };
        authority.iter().take(MOST_AUTHORITY).take_while(ends).skip(1).any(|byte| *byte == b'@')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(text: &str) -> Option<RuleId> {
        judge(text, false)
    }

    #[test]
    fn urls_with_secrets() {
        assert_eq!(rule("see https://max:pw@host.example/x"), Some(RuleId::URL_PASSWORD));
    }

    #[test]
    fn numbers_of_versions_and_times_are_none() {
        for text in
            ["Mozilla/5.0 Chrome/120.0.6099.109", "2026-11-24T00:23:51.120Z", "1700000000000", "v4.82.0.1", "12:30:45"]
        {
            assert_eq!(rule(text), None, "{text}");
        }
        assert_eq!(rule("from http://203.0.113.9/"), Some(RuleId::IP));
    }
}
