//! Tokens and keys that tell themselves by how they begin.

use super::rule::RuleId;

/// How a key begins, and how many characters follow at least. From the issuers' own documentation.
const PREFIXES: [(&str, usize, RuleId); 84] = [
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
    ("AGPA", 16, RuleId::API_KEY),
    ("AIDA", 16, RuleId::API_KEY),
    ("AROA", 16, RuleId::API_KEY),
    ("AIPA", 16, RuleId::API_KEY),
    ("ANPA", 16, RuleId::API_KEY),
    ("ANVA", 16, RuleId::API_KEY),
    ("A3T", 17, RuleId::API_KEY),
    ("AKC", 20, RuleId::API_KEY),
    ("vcp_", 20, RuleId::TOKEN),
    ("vci_", 20, RuleId::TOKEN),
    ("vca_", 20, RuleId::TOKEN),
    ("vcr_", 20, RuleId::TOKEN),
    ("vck_", 20, RuleId::TOKEN),
    ("shppa_", 32, RuleId::TOKEN),
    ("shpca_", 32, RuleId::TOKEN),
    ("dapi", 32, RuleId::TOKEN),
    ("figd_", 40, RuleId::TOKEN),
    ("glsa_", 32, RuleId::TOKEN),
    ("gsk_", 52, RuleId::API_KEY),
    ("hvb.", 24, RuleId::TOKEN),
    ("hvr.", 24, RuleId::TOKEN),
    ("lin_api_", 32, RuleId::TOKEN),
    ("ntn_", 46, RuleId::TOKEN),
    ("sq0csp-", 43, RuleId::SECRET),
    ("sq0atp-", 22, RuleId::TOKEN),
    ("gldt-", 20, RuleId::TOKEN),
    ("glft-", 20, RuleId::TOKEN),
    ("glsoat-", 20, RuleId::TOKEN),
    ("glrt-", 20, RuleId::TOKEN),
    ("glcbt-", 20, RuleId::TOKEN),
    ("glimt-", 25, RuleId::TOKEN),
    ("glagent-", 50, RuleId::TOKEN),
    ("gloas-", 64, RuleId::SECRET),
    ("GR1348941", 20, RuleId::TOKEN),
    ("ops_eyJ", 30, RuleId::TOKEN),
    ("cfk_", 40, RuleId::API_KEY),
    ("cfut_", 40, RuleId::TOKEN),
    ("cfat_", 40, RuleId::TOKEN),
    ("tskey-", 20, RuleId::API_KEY),
];

/// The two letters that keys begin with, a bit each, which others share: nearly every word of a text is none of them.
const BEGINNINGS: [u64; 4] = {
    let mut bits = [0; 4];
    let mut at = 0;
    #[allow(clippy::indexing_slicing)]
    while at < PREFIXES.len() {
        let prefix = PREFIXES[at].0.as_bytes();
        let place = place(prefix[0], prefix[1]);
        bits[place / 64] |= 1 << (place % 64);
        at += 1;
    }
    bits
};

const fn place(one: u8, other: u8) -> usize {
    one.wrapping_mul(29).wrapping_add(other) as usize
}

fn may_begin(text: &[u8]) -> bool {
    let place = text.first_chunk().map(|[one, other]| place(*one, *other));
    place.is_some_and(|place| BEGINNINGS.get(place / 64).is_some_and(|bits| bits >> (place % 64) & 1 != 0))
}

fn is_key(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

/// Whether parts of so many characters begin the text, with these signs between them, and then a word ends.
fn has_parts(text: &[u8], parts: &[(std::ops::RangeInclusive<usize>, &[u8])]) -> bool {
    let mut rest = text;
    for (lengths, sign) in parts {
        let length = rest.iter().take(lengths.end() + 1).take_while(|byte| is_key(**byte)).count();
        let behind = rest.get(length..).unwrap_or_default();
        match behind.strip_prefix(*sign) {
            Some(next) if lengths.contains(&length) => rest = next,
            _ => return false,
        }
    }
    true
}

/// Tokens that tell themselves by their parts: those of Discord's bots, of Telegram's, and Mailchimp's keys.
pub(super) fn is_shaped(text: &[u8]) -> bool {
    let discord: [(_, &[u8]); 3] = [(24..=26, b"."), (6..=6, b"."), (27..=38, b"")];
    let telegram: [(_, &[u8]); 2] = [(8..=10, b":"), (35..=35, b"")];
    let mailchimp = || {
        let center = text.get(32..).and_then(|rest| rest.strip_prefix(b"-us")).and_then(|rest| rest.first());
        let is_part = |byte: &u8| byte.is_ascii_digit() || byte.is_ascii_lowercase();
        center.is_some_and(u8::is_ascii_digit) && text.iter().take(32).all(is_part)
    };
    match text.first() {
        Some(b'M' | b'N' | b'O') => has_parts(text, &discord),
        Some(b'0'..=b'9') => {
            let digits = text.iter().take(11).take_while(|byte| byte.is_ascii_digit()).count();
            ((8..=10).contains(&digits) && has_parts(text, &telegram)) || mailchimp()
        }
        _ => mailchimp(),
    }
}

/// The rule of a key that begins the text.
pub(super) fn key(text: &[u8]) -> Option<RuleId> {
    if !may_begin(text) {
        return None;
    }
    let two: Option<&[u8; 2]> = text.first_chunk();
    PREFIXES
        .iter()
        .find(|(prefix, least, _)| {
            // Two letters alone say little: what follows them has to be hexadecimal.
            let is_part = |byte: &&u8| if prefix.len() == 2 { byte.is_ascii_hexdigit() } else { is_key(**byte) };
            prefix.as_bytes().first_chunk() == two
                && text
                    .strip_prefix(prefix.as_bytes())
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
