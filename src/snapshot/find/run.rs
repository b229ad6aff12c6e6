//! The bytes that every spelling of a text has, and where in a body they are.

use super::fold::{fold, others_of};
use crate::value::json::{BLOCK_BYTES, Block};
use std::ops::Range;

/// Common bytes of JSON and of words, the most common first.
const COMMON: &[u8] = b"e\" atnoisrlducmph,:0{}v1g2f3y4b5w6_7k8";

/// No run is longer, so that no body makes the comparison of each place slow.
const MOST_BYTES: usize = 32;

/// One byte of a run, in all cases of its letter: what it is once the bits in which the cases differ are set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct ByteTest {
    byte: u8,
    set: u8,
}

impl ByteTest {
    fn of(byte: u8) -> ByteTest {
        ByteTest { byte, set: 0 }
    }

    fn or(self, other: u8) -> ByteTest {
        let set = self.set | (self.byte ^ (other | self.set));
        ByteTest { byte: self.byte | set, set }
    }

    fn fits(self, byte: u8) -> bool {
        byte | self.set == self.byte
    }
}

/// A part of a folded text that stands in the bytes of every source of it, whatever the case of its letters.
#[derive(Debug, Clone)]
pub(super) struct Run {
    text: String,
    tests: Vec<ByteTest>,
    /// Where the two bytes are that bodies have least often.
    probes: [(usize, ByteTest); 2],
    /// Whether what fits the bytes may be another letter.
    is_vague: bool,
}

/// How a character of a folded text is spelled: one test a byte, or nothing where it is escaped in JSON, or has spellings of
/// different lengths. Left out of account are `\u` escapes, and the two characters from beyond ASCII that fold into it.
fn spellings(c: char) -> Option<Vec<ByteTest>> {
    let mut buffer = [0; 4];
    let mut tests: Vec<ByteTest> = c.encode_utf8(&mut buffer).bytes().map(ByteTest::of).collect();
    if let (true, Some(test)) = (c.is_ascii(), tests.first_mut()) {
        *test = test.or(test.byte.to_ascii_uppercase());
        return (!matches!(c, '"' | '\\' | '/' | '\0'..='\u{1f}')).then_some(tests);
    }
    for other in others_of(c) {
        if other.len_utf8() != tests.len() {
            return None;
        }
        for (test, byte) in tests.iter_mut().zip(other.encode_utf8(&mut buffer).bytes()) {
            *test = test.or(byte);
        }
    }
    Some(tests)
}

impl Run {
    /// The longest run of a folded text; of a long one the beginning.
    pub(super) fn of(folded: &str) -> Option<Run> {
        let (mut longest, mut run) = (Run::empty(), Run::empty());
        for c in folded.chars().take(2 * MOST_BYTES) {
            match spellings(c).filter(|tests| run.tests.len() + tests.len() <= MOST_BYTES) {
                Some(tests) => {
                    run.is_vague |= !c.is_ascii() && tests.iter().any(|test| test.set != 0);
                    run.text.push(c);
                    run.tests.extend(tests);
                }
                None => run = Run::empty(),
            }
            if run.tests.len() > longest.tests.len() {
                longest = run.clone();
            }
        }
        longest.choose_probes()
    }

    /// A run of these bytes and no others.
    pub(super) fn exactly(text: &str) -> Option<Run> {
        let tests = text.bytes().map(ByteTest::of).collect();
        Run { text: text.to_owned(), tests, ..Run::empty() }.choose_probes()
    }

    fn empty() -> Run {
        Run { text: String::new(), tests: Vec::new(), probes: [(0, ByteTest::of(0)); 2], is_vague: false }
    }

    fn choose_probes(mut self) -> Option<Run> {
        let commonness =
            |test: &ByteTest| COMMON.iter().rev().position(|common| test.fits(*common)).map_or(0, |place| place + 1);
        let rarest = |except: usize| {
            let others = self.tests.iter().enumerate().filter(|(at, _)| *at != except);
            others.min_by_key(|(_, test)| commonness(test)).map(|(at, test)| (at, *test))
        };
        let first = rarest(usize::MAX)?;
        self.probes = [first, rarest(first.0).unwrap_or(first)];
        Some(self)
    }

    pub(super) fn len(&self) -> usize {
        self.tests.len()
    }

    fn is_at(&self, body: &[u8], at: usize) -> bool {
        let Some(part) = body.get(at..at + self.len()) else { return false };
        if !self.tests.iter().zip(part).all(|(test, byte)| test.fits(*byte)) {
            return false;
        }
        !self.is_vague || std::str::from_utf8(part).is_ok_and(|part| part.chars().map(fold).eq(self.text.chars()))
    }

    /// A byte of each place, in one case of its letter.
    pub(super) fn bytes(&self) -> impl Iterator<Item = u8> {
        self.tests.iter().map(|test| test.byte)
    }

    /// Where the run is first in a span of a body.
    pub(super) fn first_in(&self, body: &[u8], span: Range<usize>) -> Option<usize> {
        let last = span.end.checked_sub(self.len())?;
        let [one, two] = self.probes;
        let mut start = span.start;
        while start <= last {
            let (rarest, rare) = (Block::at(body, start + one.0), one.1);
            if rarest.has_with(rare.byte, rare.set) {
                let mut both =
                    rarest.is_with(rare.byte, rare.set) & Block::at(body, start + two.0).is_with(two.1.byte, two.1.set);
                while both != 0 {
                    let at = start + both.trailing_zeros() as usize;
                    if at > last {
                        return None;
                    }
                    if self.is_at(body, at) {
                        return Some(at);
                    }
                    both &= both - 1;
                }
            }
            start += BLOCK_BYTES;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_found_in_every_case_of_its_letters_and_in_no_other_letter() {
        let found = |text: &str, body: &str| Run::of(text).unwrap().first_in(body.as_bytes(), 0..body.len());
        for (run, body) in [("k", "K"), ("müller", "xMÜLLER"), ("ж", "Ж"), ("日本", "日本"), ("ñ1", "Ñ1")] {
            assert_eq!(found(run, body), body.find(body.trim_start_matches('x')), "{run}");
        }
        // What differs from a letter in the bits of its case alone.
        for (run, body) in [("[", "{"), ("@", "`"), ("1", "\u{11}"), ("é", "e"), ("÷", "×"), ("ā", "Ă"), ("ж", "З")]
        {
            assert_eq!(found(run, body), None, "{run}");
        }
    }

    #[test]
    fn what_is_spelled_in_several_lengths_is_no_part_of_a_run() {
        assert!(Run::of("").is_none() && Run::of("\\\"").is_none() && Run::of("ß").is_none() && Run::of("å").is_none());
        assert_eq!(Run::of("a\"bcd/e").unwrap().text, "bcd");
        assert_eq!(Run::of("aßbc").unwrap().text, "bc");
        assert_eq!(Run::of(&"x".repeat(100)).unwrap().len(), MOST_BYTES);
    }

    #[test]
    fn every_spelling_of_a_character_fits_its_tests() {
        // Every letter of the alphabets near by, and some of all others.
        for c in ('\u{80}'..=char::MAX).filter(|c| *c < '\u{600}' || u32::from(*c) % 13 == 0) {
            let folded = fold(c);
            if folded != c
                && !folded.is_ascii()
                && let Some(run) = Run::of(&folded.to_string())
            {
                assert_eq!(run.first_in(c.to_string().as_bytes(), 0..c.len_utf8()), Some(0), "{c}");
            }
        }
    }

    #[test]
    fn a_run_is_found_inside_of_a_span_alone() {
        let mut body = vec![b'.'; 300];
        body[70..73].copy_from_slice(b"AbC");
        body[200..203].copy_from_slice(b"abc");
        body[297..300].copy_from_slice(b"abC");
        let run = Run::of("abc").unwrap();
        for (span, hit) in [
            (0..72, None),
            (10..73, Some(70)),
            (70..73, Some(70)),
            (71..300, Some(200)),
            (201..299, None),
            (250..300, Some(297)),
            (298..300, None),
            (300..300, None),
        ] {
            assert_eq!(run.first_in(&body, span.clone()), hit, "{span:?}");
        }
    }
}
