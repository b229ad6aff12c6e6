//! A text that is looked for, whatever the letter case.

use super::fold::{fold_into, folded};
use super::run::Run;

/// Texts up to this length are compared place by place; longer ones by a search that is linear whatever they hold.
const SHORT: usize = 64;
/// So much is folded at a time: memory of the engine never shrinks.
const WINDOW: usize = 65_536;

/// A text to look for. Letters match in any case, by Unicode's simple case folding.
#[derive(Debug, Clone)]
pub(super) struct Needle {
    folded: String,
    /// A part that stands byte by byte in every source in which the text is, but for letter case.
    plain: Option<Run>,
}

impl Needle {
    /// A needle, unless the text is empty and so matches everything.
    pub(super) fn new(text: &str) -> Option<Needle> {
        (!text.is_empty()).then(|| {
            let folded = folded(text);
            Needle { plain: Run::of(&folded), folded }
        })
    }

    pub(super) fn folded(&self) -> &str {
        &self.folded
    }

    pub(super) fn plain(&self) -> Option<&Run> {
        self.plain.as_ref()
    }

    /// Whether the plain part is all of it.
    pub(super) fn is_plain(&self) -> bool {
        self.plain.as_ref().is_some_and(|run| run.len() == self.folded.len())
    }

    /// The text, if it is one byte that every spelling has.
    pub(super) fn only_byte(&self) -> Option<u8> {
        let run = self.plain.as_ref().filter(|run| self.is_plain() && run.len() == 1)?;
        run.bytes().next()
    }

    /// Whether the text is somewhere in `haystack`. Takes time in proportion to the haystack, whatever both hold.
    pub(super) fn is_in(&self, haystack: &str) -> bool {
        if !self.folded.is_ascii() {
            return !haystack.is_ascii() && self.is_in_folded(haystack);
        }
        if self.folded.len() > SHORT {
            return self.is_in_folded(haystack);
        }
        // ASCII is never a part of another character. Two characters from outside of it fold into it.
        self.is_in_bytes(haystack.as_bytes())
            || (haystack.contains(['\u{212a}', '\u{17f}']) && self.is_in_folded(haystack))
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

    /// Folds a window at a time, with as much of the one before as the text may reach back.
    fn is_in_folded(&self, haystack: &str) -> bool {
        // No character has twice its bytes once it is folded: most texts are too short for a long search.
        if haystack.len().saturating_mul(2) < self.folded.len() {
            return false;
        }
        let finder = memchr::memmem::Finder::new(self.folded.as_bytes());
        let size = WINDOW.max(self.folded.len());
        let mut window = String::new();
        let mut rest = haystack;
        while !rest.is_empty() {
            let (part, after) = rest.split_at(boundary(rest, size));
            rest = after;
            fold_into(&mut window, part);
            if finder.find(window.as_bytes()).is_some() {
                return true;
            }
            let tail = boundary(&window, window.len().saturating_sub(self.folded.len()));
            window.drain(..tail);
        }
        false
    }
}

/// The last place where a character begins or the text ends, at or before `at`; behind the first character if there is none.
fn boundary(text: &str, at: usize) -> usize {
    if at >= text.len() {
        return text.len();
    }
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_in(needle: &str, haystack: &str) -> bool {
        Needle::new(needle).unwrap().is_in(haystack)
    }

    #[test]
    fn letter_case_does_not_matter() {
        assert!(is_in("ORDER", "my order 1"));
        assert!(is_in("order", "ORDER"));
        assert!(is_in("MÜL", "Herr Müller"));
        assert!(is_in("a", "éA"));
        assert!(!is_in("ü", "u"));
        assert!(!is_in("orders", "order"));
        assert!(is_in("kelvin", "5 \u{212a}elvin") && is_in("\u{17f}", "S") && is_in("s", "\u{17f}"));
        assert!(is_in("ΣΑΣ", "σας") && !is_in("i", "\u{130}") && !is_in("ss", "ß"));
        assert!(is_in("é", "É") && !is_in("e", "é"));
        assert!(Needle::new("").is_none());
    }

    #[test]
    fn a_text_is_found_wherever_windows_meet() {
        for needle in
            ["é".repeat(40), "x".repeat(65), format!("{}é{}", "a".repeat(50), "日".repeat(50)), "日".repeat(40_000)]
        {
            for before in [0, 1, WINDOW - 70, WINDOW - 3, WINDOW - 1, WINDOW, 2 * WINDOW - 30] {
                let haystack = format!("{}{}z", "-".repeat(before), needle.to_uppercase());
                assert!(is_in(&needle, &haystack), "{before}");
                assert!(!is_in(&format!("{needle}!"), &haystack), "{before}");
            }
        }
    }
}
