//! Names inside a text, with what they are given: `?token=…`, lines like `Authorization: Basic …`, and what was once a document
//! but cannot be read as one: cut off, in Python's notation, with words in front, escaped again.
//!
//! One look at each `=` and `:`, and from there a bounded way back and ahead.

use super::names::LEAF;
use super::rule::RuleId;
use super::words::push_words;

/// No name is longer, in bytes.
const MOST_NAME: usize = 64;
/// Nobody puts more spaces around a sign.
const MOST_SPACES: usize = 4;
/// Nobody looks further ahead, in bytes: what goes on for longer is judged by its beginning.
const MOST_VALUE: usize = 256;

/// A name that stands in front of a sign, and how it stands there.
struct Named<'t> {
    name: &'t str,
    /// In quotes, as documents have it.
    quoted: bool,
    /// What is before the name or its quote.
    front: Option<u8>,
}

/// Whether a text gives something to a name that promises a secret. `by_name` judges the words of a name.
pub(super) fn has_parameter(text: &str, by_name: impl Fn(&str) -> Option<(RuleId, u8)>) -> bool {
    memchr::memchr2_iter(b'=', b':', text.as_bytes()).any(|at| {
        let Some((colon, after)) = sign(text, at) else { return false };
        let Some(named) = named(text, at) else { return false };
        let judged = |may_be_leaf: bool| {
            let mut words = String::with_capacity(named.name.len() + 8);
            push_words(&mut words, named.name);
            let rule = by_name(&words).filter(|(_, how)| may_be_leaf || how & LEAF == 0);
            (rule.is_some(), words)
        };
        if named.quoted {
            return has_value(after) && judged(!after.starts_with(['{', '['])).0;
        }
        let line_begins = matches!(named.front, None | Some(b'\n' | b'\r'));
        if colon {
            let is_given = (line_begins && is_header_value(after)) || (is_between(named.front) && is_short(after));
            return is_given && judged(line_begins).0;
        }
        if matches!(named.front, Some(b'?' | b'&' | b'#' | b';' | b':')) || line_begins {
            let given = after.starts_with(|c: char| c != '&' && c != ';');
            // An OAuth answer's `code` and a signature open a door as a token does, but as a variable's name they say nothing.
            let (secret, words) = judged(true);
            return given && (secret || matches!(words.as_str(), "sig " | "signature " | "code " | "key "));
        }
        is_between(named.front) && is_short(after) && judged(false).0
    })
}

/// Whether the sign is a colon, and what follows it: `=`, `:`, `=>` and `:=` give something to a name; `==`, `!=` and `::` do not.
fn sign(text: &str, at: usize) -> Option<(bool, &str)> {
    let colon = text.as_bytes().get(at) == Some(&b':');
    let mut after = text.get(at + 1..)?;
    if let Some(rest) = after.strip_prefix(if colon { '=' } else { '>' }) {
        after = rest;
    } else if after.starts_with(['=', '~', ':']) {
        return None;
    }
    let after = skip_spaces(after);
    let end = (0..=MOST_VALUE.min(after.len())).rev().find(|end| after.is_char_boundary(*end))?;
    Some((colon, after.get(..end)?))
}

fn skip_spaces(text: &str) -> &str {
    text.trim_start_matches([' ', '\t'])
}

/// The name in front of a sign.
fn named(text: &str, at: usize) -> Option<Named<'_>> {
    let bytes = text.as_bytes();
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\t');
    let before = bytes.get(..at)?;
    let spaces = before.iter().rev().take(MOST_SPACES).take_while(|byte| is_space(byte)).count();
    let end = at - spaces;
    let quote = bytes.get(end.checked_sub(1)?).copied()?;
    if matches!(quote, b'"' | b'\'' | b'`') {
        // Escaped again, a quote has backslashes in front.
        let inside = bytes.get(..end - 1)?;
        let slashes = inside.iter().rev().take(MOST_NAME).take_while(|byte| **byte == b'\\').count();
        let inside = inside.get(..inside.len() - slashes)?;
        let length = inside.iter().rev().take(MOST_NAME).position(|byte| *byte == quote)?;
        let start = inside.len() - length;
        return Some(Named { name: text.get(start..inside.len())?, quoted: true, front: None });
    }
    let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || !byte.is_ascii() || b"_-.%[]$@".contains(byte);
    let length = before.get(..end)?.iter().rev().take(MOST_NAME).take_while(is_name).count();
    let mut start = end - length;
    while !text.is_char_boundary(start) {
        start += 1;
    }
    let name = text.get(start..end).filter(|name| !name.is_empty())?;
    Some(Named { name, quoted: false, front: start.checked_sub(1).and_then(|front| bytes.get(front)).copied() })
}

/// What stands in front of a name in a list, a call or a sentence.
fn is_between(front: Option<u8>) -> bool {
    front.is_none_or(|byte| byte.is_ascii_whitespace() || b",;:({[<\"'`".contains(&byte))
}

/// Whether something is given that could be a secret: not nothing, and not a word that stands for nothing.
fn has_value(after: &str) -> bool {
    let value = after.trim_start().trim_start_matches('\\');
    let empty = value.is_empty()
        || ["\"\"", "''", "{}", "[]", "\"\\\"", ",", "}", "]"].iter().any(|empty| value.starts_with(empty));
    let word = value.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    !empty && !["null", "none", "undefined", "true", "false"].iter().any(|nothing| word.eq_ignore_ascii_case(nothing))
}

/// One word behind the colon, or the name of a scheme and one: `token: abc123` and no sentence.
fn is_header_value(after: &str) -> bool {
    const MOST_WORDS: usize = 3;
    let line = after.split(['\r', '\n']).next().unwrap_or_default();
    let mut words = line.split(' ').take(MOST_WORDS);
    match (words.next(), words.next(), words.next()) {
        (Some(word), None | Some(""), None) => !word.is_empty() && !word.starts_with("//"),
        (Some("Basic" | "Bearer" | "Digest" | "Token" | "ApiKey"), Some(_), None) => true,
        _ => false,
    }
}

/// Something in quotes, or one word.
fn is_short(after: &str) -> bool {
    is_one_word(after) || (after.starts_with(['"', '\'']) && has_value(after))
}

/// One word, and then the end of the line or of a part of it: `pin: 4711, next` and no sentence.
fn is_one_word(after: &str) -> bool {
    const ENDS: [char; 10] = [',', ';', '}', ')', ']', '"', '\'', '&', '<', '`'];
    let end = after.find(|c: char| c.is_whitespace() || ENDS.contains(&c)).unwrap_or(after.len());
    let (word, rest) = after.split_at_checked(end).unwrap_or_default();
    let rest = skip_spaces(rest);
    has_value(word)
        && !word.starts_with("//")
        && (rest.is_empty() || rest.starts_with(['\r', '\n']) || rest.starts_with(ENDS))
}

#[cfg(test)]
mod tests {
    use super::super::names;
    use super::*;

    fn found(text: &str) -> bool {
        has_parameter(text, |words| names::judge(words, 0))
    }

    #[test]
    fn what_is_given_to_a_name_is_found_in_any_notation() {
        for text in [
            "https://host.example/x?a=1&access_token=abc",
            "https://host.example/?code=4/P7q7W91",
            "password=hunter2&user=max",
            "see //registry.example/:_authToken=a6fe3520 there",
            "Host: x\nAuthorization: Basic dXNlcg==",
            "token: https://host.example/token",
            "password = hunter2",
            "db_password := \"hunter 2\"",
            "log: {\"user\":\"max\",\"password\":\"hunter2\"}",
            "{\"password\":\"hunt",
            "{'password': 'hunter2', 'n': None}",
            "{:password => 'hunter2'}",
            "{\\\"password\\\":\\\"hunter2\\\"}",
            "[\"{\\\\\\\"password\\\\\\\":\\\\\\\"hunter2\\\\\\\"}\"]",
            "{\"credentials\":{\"x\":\"y\"",
            "{password: hunter2, user: max}",
            "connect(user=max, password=hunter2)",
            "<input password=\"hunter2\">",
            "My PIN: 4711",
            "the password: hunter2, thanks",
            "[db]\npassword = hunter2\nhost = x",
        ] {
            assert!(found(text), "{text}");
        }
    }

    #[test]
    fn sentences_and_names_of_nothing_are_none() {
        for text in [
            "https://host.example/@max?a=1&token=",
            "Password: please type the one that we sent you",
            "Please enter your password: it has eight letters",
            "[Agent] hello: how are you",
            "password == null",
            "if (token != x)",
            "std::token::Token",
            "{\"password\":null}",
            "{\"password\":\"\"}",
            "{\"password\": true, \"a\": 1",
            "{\"session\":{\"language\":\"de\"",
            "token",
            ":",
            "=",
            "é=x",
        ] {
            assert!(!found(text), "{text}");
        }
    }
}
