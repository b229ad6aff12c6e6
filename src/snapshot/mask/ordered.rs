//! The order of a list that grows: whatever is added last finds its place without moving all that was there before.

use std::cmp::Ordering;

/// The places of a list in the order of what stands there, as runs of which each is at least twice as long as the next. Whoever
/// moves goes into a run twice as long, so that nothing is moved often.
#[derive(Debug, Default)]
pub(super) struct Ordered {
    runs: Vec<Vec<u32>>,
    count: u32,
}

impl Ordered {
    /// Takes up the next place of the list; tells how many places were written for it.
    pub(super) fn push(&mut self, compare: &dyn Fn(usize, usize) -> Ordering) -> usize {
        let (mut run, mut written) = (vec![self.count], 1);
        self.count += 1;
        while let Some(last) = self.runs.pop_if(|last| last.len() < 2 * run.len()) {
            run = merge(&last, &run, compare);
            written += run.len();
        }
        self.runs.push(run);
        written
    }

    /// The place that is neither before nor behind what is looked for.
    pub(super) fn find(&self, compare: &dyn Fn(usize) -> Ordering) -> Option<usize> {
        let found = |run: &Vec<u32>| {
            let at = run.binary_search_by(|place| compare(*place as usize)).ok()?;
            run.get(at).map(|place| *place as usize)
        };
        self.runs.iter().find_map(found)
    }
}

fn merge(one: &[u32], other: &[u32], compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<u32> {
    let mut merged = Vec::with_capacity(one.len() + other.len());
    let (mut one, mut other) = (one, other);
    while let ([first, rest @ ..], [second, others @ ..]) = (one, other) {
        if compare(*first as usize, *second as usize) == Ordering::Greater {
            merged.push(*second);
            other = others;
        } else {
            merged.push(*first);
            one = rest;
        }
    }
    merged.extend_from_slice(one);
    merged.extend_from_slice(other);
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_are_found_and_none_is_moved_more_often_than_their_number_doubles() {
        const COUNT: usize = 20_000;
        // Ascending, descending, and up and down.
        let lists: [fn(usize) -> usize; 3] = [|n| n, |n| COUNT - n, |n| n * 7_919 % COUNT];
        for key in lists {
            let mut ordered = Ordered::default();
            let written: usize = (0..COUNT).map(|_| ordered.push(&|one, other| key(one).cmp(&key(other)))).sum();
            assert!(written <= COUNT * (COUNT.ilog2() as usize + 1), "{written}");
            for place in (0..COUNT).step_by(37) {
                assert_eq!(ordered.find(&|other| key(other).cmp(&key(place))), Some(place));
            }
            assert_eq!(ordered.find(&|other| key(other).cmp(&(COUNT + 1))), None);
        }
    }
}
