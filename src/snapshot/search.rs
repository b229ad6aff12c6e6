//! Finds a text in names and values, whatever the letter case.

use super::hits::Run;
use std::borrow::Cow;

/// A text to look for. Letters match in any case, by Unicode's lower-case mapping.
#[derive(Debug, Clone)]
pub(super) struct Needle {
    folded: String,
    /// The longest part that stands byte by byte in every source in which the text is, but for letter case.
    plain: Option<Run>,
}

impl Needle {
    /// A needle, unless the text is empty and so matches everything.
    pub(super) fn new(text: &str) -> Option<Needle> {
        (!text.is_empty()).then(|| {
            let folded = fold(text).into_owned();
            let longest = folded.split(|c| !is_plain(c)).max_by_key(|part| part.len()).unwrap_or_default();
            Needle { plain: Run::new(longest.as_bytes()), folded }
        })
    }

    pub(super) fn plain(&self) -> Option<&Run> {
        self.plain.as_ref()
    }

    /// Whether the plain part is all of it.
    pub(super) fn is_plain(&self) -> bool {
        self.plain.as_ref().is_some_and(|run| run.len() == self.folded.len())
    }

    /// Whether the text is somewhere in `haystack`.
    pub(super) fn is_in(&self, haystack: &str) -> bool {
        if !self.folded.is_ascii() {
            return !haystack.is_ascii() && fold(haystack).contains(&self.folded);
        }
        // ASCII is never a part of another character. Two characters from outside of it have lower-case forms inside.
        self.is_in_bytes(haystack.as_bytes())
            || (haystack.contains(['\u{212a}', '\u{130}']) && fold(haystack).contains(&self.folded))
    }

    /// Nothing is copied.
    fn is_in_bytes(&self, haystack: &[u8]) -> bool {
        let needle = self.folded.as_bytes();
        let Some(first) = needle.first() else { return true };
        let starts = |at: usize| {
            haystack.get(at..at.saturating_add(needle.len())).is_some_and(|part| part.eq_ignore_ascii_case(needle))
        };
        memchr::memchr2_iter(*first, first.to_ascii_uppercase(), haystack).any(starts)
    }
}

/// Whether a character of a folded text is written in one way only. Left out of account are `\u` escapes, U+212A and
/// U+0130, whose lower-case forms hold ASCII.
fn is_plain(c: char) -> bool {
    match c {
        '"' | '\\' | '/' | '\0'..='\u{1f}' => false,
        _ => c.is_ascii() || c.to_uppercase().eq([c]),
    }
}

/// Character by character, so that no letter's mapping depends on its neighbours.
fn fold(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().flat_map(char::to_lowercase).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letter_case_does_not_matter() {
        let is_in = |needle: &str, haystack: &str| Needle::new(needle).unwrap().is_in(haystack);
        assert!(is_in("ORDER", "my order 1"));
        assert!(is_in("order", "ORDER"));
        assert!(is_in("MÜL", "Herr Müller"));
        assert!(is_in("a", "éA"));
        assert!(!is_in("ü", "u"));
        assert!(!is_in("orders", "order"));
        assert!(is_in("kelvin", "5 \u{212a}elvin") && is_in("i", "\u{130}"));
        assert!(is_in("é", "É") && !is_in("e", "é"));
        assert!(Needle::new("").is_none());
    }

    #[test]
    fn what_is_plain_has_one_spelling() {
        for other in ('\u{80}'..=char::MAX).filter(|other| !matches!(other, '\u{212a}' | '\u{130}')) {
            assert!(other.to_lowercase().all(|c| c == other || !is_plain(c)), "{other:?}");
        }
    }
}
