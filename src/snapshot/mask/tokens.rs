//! Tokens and keys that tell themselves by how they begin.

use super::rule::RuleId;

/// How a key begins, and how many characters follow at least. From the issuers' own documentation.
const PREFIXES: [(&str, usize, RuleId); 45] = [
    ("AKIA", 16, RuleId::API_KEY),
    ("ASIA", 16, RuleId::API_KEY),
    ("ABIA", 16, RuleId::API_KEY),
    ("ACCA", 16, RuleId::API_KEY),
    ("AIza", 35, RuleId::API_KEY),
    ("ya29.", 20, RuleId::TOKEN),
    ("GOCSPX-", 20, RuleId::SECRET),
    ("ghp_", 36, RuleId::TOKEN),
    ("gho_", 36, RuleId::TOKEN),
    ("ghu_", 36, RuleId::TOKEN),
    ("ghs_", 36, RuleId::TOKEN),
    ("ghr_", 36, RuleId::TOKEN),
    ("github_pat_", 22, RuleId::TOKEN),
    ("glpat-", 20, RuleId::TOKEN),
    ("glptt-", 20, RuleId::TOKEN),
    ("xoxb-", 10, RuleId::TOKEN),
    ("xoxa-", 10, RuleId::TOKEN),
    ("xoxp-", 10, RuleId::TOKEN),
    ("xoxr-", 10, RuleId::TOKEN),
    ("xoxs-", 10, RuleId::TOKEN),
    ("xoxo-", 10, RuleId::TOKEN),
    ("xoxe.", 10, RuleId::TOKEN),
    ("xoxe-", 10, RuleId::TOKEN),
    ("xapp-", 10, RuleId::TOKEN),
    ("sk_live_", 10, RuleId::API_KEY),
    ("sk_test_", 10, RuleId::API_KEY),
    ("rk_live_", 10, RuleId::API_KEY),
    ("rk_test_", 10, RuleId::API_KEY),
    ("whsec_", 16, RuleId::SECRET),
    ("sk-ant-", 20, RuleId::API_KEY),
    ("sk-proj-", 20, RuleId::API_KEY),
    ("sk-", 32, RuleId::API_KEY),
    ("SG.", 22, RuleId::API_KEY),
    ("npm_", 36, RuleId::TOKEN),
    ("pypi-", 30, RuleId::TOKEN),
    ("hf_", 30, RuleId::TOKEN),
    ("dop_v1_", 40, RuleId::TOKEN),
    ("shpat_", 32, RuleId::TOKEN),
    ("shpss_", 32, RuleId::SECRET),
    ("dckr_pat_", 20, RuleId::TOKEN),
    ("hvs.", 24, RuleId::TOKEN),
    ("EAACEdEose0cBA", 10, RuleId::TOKEN),
    ("SK", 32, RuleId::API_KEY),
    ("AC", 32, RuleId::ACCOUNT),
    ("LTAI", 16, RuleId::API_KEY),
];

fn is_key(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

/// The rule of a key that begins the text.
pub(super) fn key(text: &[u8]) -> Option<RuleId> {
    PREFIXES
        .iter()
        .find(|(prefix, least, _)| {
            // Two letters alone say little: what follows them has to be hexadecimal.
            let is_part = |byte: &&u8| if prefix.len() == 2 { byte.is_ascii_hexdigit() } else { is_key(**byte) };
            text.strip_prefix(prefix.as_bytes())
                .is_some_and(|rest| rest.iter().take(*least).take_while(is_part).count() == *least)
        })
        .map(|(_, _, rule)| *rule)
}

/// Whether `Bearer` and a token begin the text. A word of a sentence about bearers is none.
pub(super) fn bearer(text: &[u8]) -> bool {
    const WORD: &[u8] = b"bearer";
    const LONG: usize = 20;
    let Some((word, rest)) = text.split_at_checked(WORD.len()) else { return false };
    if !word.eq_ignore_ascii_case(WORD)
        || !rest.first().is_some_and(|byte| matches!(byte, b' ' | b'\t' | b':' | b'+' | b'%'))
    {
        return false;
    }
    let token = rest.strip_prefix(b"%20").unwrap_or(rest.get(1..).unwrap_or_default()).trim_ascii_start();
    let is_part = |byte: &&u8| is_key(**byte) || matches!(byte, b'.' | b'~' | b'+' | b'/' | b'=');
    let length = token.iter().take(LONG).take_while(is_part).count();
    let token = token.get(..length).unwrap_or_default();
    let word = token.iter().skip(1).all(u8::is_ascii_lowercase);
    length >= LONG || (length >= 6 && !word)
}

/// Whether a JSON Web Token is in the text: `eyJ`, which is how `{"` looks in base64, and the parts behind it.
pub(super) fn jwt(text: &[u8]) -> bool {
    const LEAST_PART: usize = 6;
    let part = |from: usize| text.iter().skip(from).take_while(|byte| is_key(**byte)).count();
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| memchr::memchr(b'e', rest)) {
        let start = at + found;
        at = start + 1;
        if !text.get(start..).is_some_and(|rest| rest.starts_with(b"eyJ")) {
            continue;
        }
        // Where this part does not end at a point, no token that begins inside of it does.
        let dot = start + part(start);
        at = dot;
        if text.get(dot) != Some(&b'.') || dot - start < LEAST_PART {
            continue;
        }
        let length = part(dot + 1);
        let second = text.get(dot + 1..).unwrap_or_default();
        let third = text.get(dot + 1 + length) == Some(&b'.');
        if length >= LEAST_PART && (second.starts_with(b"eyJ") || third) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bearers_are_tokens_and_no_words() {
        assert!(
            bearer(b"Bearer abc123") && bearer(b"bearer  mF_9.B5f-4.1JqM") && bearer(b"Bearer abcdefghijklmnopqrstuv")
        );
        assert!(
            !bearer(b"bearer of news")
                && !bearer(b"Bearer authentication")
                && !bearer(b"bearers")
                && !bearer(b"Bearer")
        );
    }

    #[test]
    fn web_tokens_have_parts() {
        assert!(jwt(b"x eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl") && jwt(b"eyJhbGciOi.eyJzdWIiOi."));
        assert!(jwt(b"eyJlbmMiOi.ciphered-key.iv.text.tag"));
        assert!(!jwt(b"eyJhbGciOi") && !jwt(b"eyJ.eyJ.x") && !jwt(b"eye eyJx"));
    }
}
