//! Finds a run of bytes all over a body at once, for many spans of it in turn.

use crate::value::json::{BLOCK_BYTES, Block};
use std::ops::Range;

/// Common bytes of JSON and of words, the most common first.
const COMMON: &[u8] = b"e\" atnoisrlducmph,:0{}v1g2f3y4b5w6_7k8";

/// One byte of a run: where it stands, and the bit that does not count because it tells a letter's case.
#[derive(Debug, Clone, Copy)]
struct Probe {
    at: usize,
    byte: u8,
    case: u8,
}

impl Probe {
    /// In which of the places from `start` on the run may begin: one bit each, the first the lowest.
    #[inline(always)]
    fn fits(self, body: &[u8], start: usize) -> u64 {
        Block::at(body, start + self.at).is_with(self.byte, self.case)
    }
}

/// No run is longer, so that no body makes the comparison of each place slow.
const MOST_BYTES: usize = 32;

/// Bytes to look for; ASCII letters are in lower case and match in any.
#[derive(Debug, Clone)]
pub(super) struct Run {
    bytes: Vec<u8>,
    /// The two bytes that bodies have least often.
    probes: [Probe; 2],
}

impl Run {
    /// Of a long run the first bytes. `None` where there is nothing to look for.
    pub(super) fn new(bytes: &[u8]) -> Option<Run> {
        let bytes = bytes.get(..MOST_BYTES).unwrap_or(bytes);
        let commonness = |byte: u8| COMMON.iter().rev().position(|common| *common == byte).map_or(0, |place| place + 1);
        let probe =
            |(at, byte): (usize, &u8)| Probe { at, byte: *byte, case: u8::from(byte.is_ascii_lowercase()) << 5 };
        let rarest = bytes.iter().enumerate().min_by_key(|(_, byte)| commonness(**byte))?;
        let others = bytes.iter().enumerate().filter(|(at, _)| *at != rarest.0);
        let next = others.min_by_key(|(_, byte)| commonness(**byte)).unwrap_or(rarest);
        Some(Run { bytes: bytes.to_vec(), probes: [probe(rarest), probe(next)] })
    }

    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Where the run is first, not before `from`.
    fn first_in(&self, body: &[u8], from: usize) -> Option<usize> {
        let positions = (body.len() + 1).checked_sub(from.checked_add(self.len())?)?;
        let [one, two] = self.probes;
        let is_here =
            |at: usize| body.get(at..at + self.len()).is_some_and(|part| part.eq_ignore_ascii_case(&self.bytes));
        for start in (from..from + positions).step_by(BLOCK_BYTES) {
            let mut both = one.fits(body, start) & two.fits(body, start);
            while both != 0 {
                let at = start + both.trailing_zeros() as usize;
                if is_here(at) {
                    return Some(at);
                }
                both &= both - 1;
            }
        }
        None
    }
}

/// Walks the hits of a run in a body. Each byte is read once while the spans that are asked for ascend.
#[derive(Debug)]
pub(super) struct Hits<'a> {
    run: &'a Run,
    body: &'a [u8],
    /// `next` is the first hit that is not before this position.
    from: usize,
    next: Option<usize>,
}

impl<'a> Hits<'a> {
    pub(super) fn new(run: &'a Run, body: &'a [u8]) -> Hits<'a> {
        Hits { run, body, from: 0, next: run.first_in(body, 0) }
    }

    /// The first hit that lies in a span of the body.
    pub(super) fn first_in(&mut self, span: Range<usize>) -> Option<usize> {
        if span.start < self.from {
            // Behind the walk: only the span itself is read, lest the whole body be read for each.
            let part = self.body.get(span.clone())?;
            return self.run.first_in(part, 0).map(|at| span.start + at);
        }
        if self.next.is_some_and(|next| next < span.start) {
            self.next = self.run.first_in(self.body, span.start);
        }
        self.from = span.start;
        self.next.filter(|next| next.saturating_add(self.run.len()) <= span.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_run_in_spans_of_any_order() {
        let mut body = vec![b'.'; 300];
        body[70..73].copy_from_slice(b"AbC");
        body[200..203].copy_from_slice(b"abc");
        body[297..300].copy_from_slice(b"abC");
        let run = Run::new(b"abc").unwrap();
        let mut hits = Hits::new(&run, &body);
        for (span, hit) in [
            (0..72, None),
            (10..73, Some(70)),
            (71..300, Some(200)),
            (201..299, None),
            (0..300, Some(70)),
            (298..300, None),
            (250..300, Some(297)),
        ] {
            assert_eq!(hits.first_in(span.clone()), hit, "{span:?}");
        }
    }

    #[test]
    fn a_case_bit_makes_no_other_characters_equal() {
        for (run, body) in [("[", "{"), ("@", "`"), ("\u{e9}", "\u{c9}"), ("k", "K"), ("1", "\u{11}")] {
            let found = Hits::new(&Run::new(run.as_bytes()).unwrap(), body.as_bytes()).first_in(0..body.len());
            assert_eq!(found.is_some(), run == "k", "{run}");
        }
        assert!(Run::new(b"").is_none());
    }
}
