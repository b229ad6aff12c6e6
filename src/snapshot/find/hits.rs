//! Finds a run of bytes all over a body at once, for many spans of it in turn.

use super::run::Run;
use std::ops::Range;

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
        let run = Run::of("abc").unwrap();
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
}
