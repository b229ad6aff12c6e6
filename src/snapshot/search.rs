//! Finds a text in names and values, whatever the letter case.

use std::borrow::Cow;

/// A text to look for. Letters match in any case, by Unicode's lower-case mapping.
#[derive(Debug, Clone)]
pub(super) struct Needle {
    folded: String,
}

impl Needle {
    /// A needle, unless the text is empty and so matches everything.
    pub(super) fn new(text: &str) -> Option<Needle> {
        (!text.is_empty()).then(|| Needle { folded: fold(text).into_owned() })
    }

    /// Whether the text is somewhere in `haystack`.
    pub(super) fn is_in(&self, haystack: &str) -> bool {
        if haystack.is_ascii() { self.is_in_ascii(haystack.as_bytes()) } else { fold(haystack).contains(&self.folded) }
    }

    /// Nothing is copied: most values are ASCII.
    fn is_in_ascii(&self, haystack: &[u8]) -> bool {
        let needle = self.folded.as_bytes();
        let Some(first) = needle.first() else { return true };
        if !needle.is_ascii() {
            return false;
        }
        let starts = |at: &[u8]| at.get(..needle.len()).is_some_and(|part| part.eq_ignore_ascii_case(needle));
        haystack
            .windows(needle.len())
            .any(|window| window.first().is_some_and(|byte| byte.to_ascii_lowercase() == *first) && starts(window))
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
        assert!(Needle::new("").is_none());
    }
}
