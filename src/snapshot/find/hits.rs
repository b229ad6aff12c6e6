//! The hits of a search, one after the other, in slices.

use super::expression::Expression;
use super::places::{HitPart, Places};
use super::selection::Lens;
use crate::snapshot::Window;
use crate::snapshot::snapshot::Snapshot;
use crate::snapshot::store::{Entry, EntryId};
use std::ops::Range;

/// Where a hit stands: its row among those that pass the search, and its number in the row, both from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct HitPlace {
    /// The row.
    pub row: usize,
    /// The hit of the row.
    pub hit: usize,
}

/// Something that a search found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Where it stands.
    pub place: HitPlace,
    /// The row's variable.
    pub entry: EntryId,
    /// Whether it is gone, and its number that of the snapshot before.
    pub removed: bool,
    /// What of it.
    pub part: HitPart,
    /// The positions that lead down to a part of the value, as [`Snapshot::children`] takes them.
    pub steps: Vec<usize>,
}

/// Which hits are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HitsFrom {
    /// From the first one on.
    Start,
    /// Behind this one, forwards.
    After(HitPlace),
    /// In front of this one, backwards: the nearest first.
    Before(HitPlace),
}

/// Some of the hits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HitSlice {
    /// In the order in which they were met.
    pub hits: Vec<Hit>,
    /// How many there are in what was looked at: as many as `hits`, or more where no more were asked for.
    pub count: usize,
    /// Where to go on, in the same direction; `None` where everything has been looked at.
    pub rest: Option<HitPlace>,
}

/// A slice ends when so many bytes of values have been looked at: a few milliseconds.
const SLICE_BYTES: usize = 1 << 20;
/// What a row takes beside its value.
const ROW_BYTES: usize = 64;

impl Snapshot {
    /// More hits are never given at once.
    pub const MOST_HITS: usize = 1_000;

    /// The hits of the window's filter in its rows, in the order of the rows, and in a row that of name, scope, type, note, size and the
    /// parts of the value; its offset and limit do not matter. Parts inside of values are found whether or not anybody has opened them.
    /// What a minus excludes is no hit.
    ///
    /// At most `limit` hits are given. A slice ends when it has them, or after a mebibyte of values; with a limit of 0 it only counts, so
    /// that a caller who adds up `count` until there is no `rest` knows how many there are without ever waiting long.
    ///
    /// ```
    /// use cognigy_session_debugger::snapshot::{HitPart, HitsFrom, IngestOptions, Lens, Mask, Snapshot, Window};
    /// let body = br#"{"variables":[{"name":"cart","value":{"note":"for the cart"},"scope":"user"}]}"#;
    /// let snapshot = Snapshot::parse(body.to_vec(), IngestOptions::default(), 0.0)?;
    /// let window = Window { filter: "cart".into(), ..Window::default() };
    /// let slice = snapshot.hits(&window, Lens { earlier: None, mask: &Mask::off() }, HitsFrom::Start, 50);
    /// let parts: Vec<_> = slice.hits.iter().map(|hit| (hit.part, hit.steps.as_slice())).collect();
    /// assert_eq!(parts, [(HitPart::Name, &[][..]), (HitPart::Value, &[0])]);
    /// assert_eq!((slice.count, slice.rest), (2, None));
    /// # Ok::<(), cognigy_session_debugger::Error>(())
    /// ```
    pub fn hits(&self, window: &Window, lens: Lens<'_>, from: HitsFrom, limit: usize) -> HitSlice {
        self.hits_in(&self.select(window, lens), &window.filter, lens, from, limit)
    }

    /// The same in any order of the rows that pass the search.
    pub(in crate::snapshot) fn hits_in(
        &self,
        rows: &[EntryId],
        search: &str,
        lens: Lens<'_>,
        from: HitsFrom,
        limit: usize,
    ) -> HitSlice {
        let expression = Expression::from(search);
        let mut slice = HitSlice::default();
        if expression.is_empty() {
            return slice;
        }
        let places = Places::new(self, &expression, lens);
        let limit = limit.min(Self::MOST_HITS);
        let backwards = matches!(from, HitsFrom::Before(_));
        let (mut row, mut bounds) = match from {
            HitsFrom::Start => (0, 0..usize::MAX),
            HitsFrom::After(place) => (place.row, place.hit.saturating_add(1)..usize::MAX),
            HitsFrom::Before(place) => (place.row, 0..place.hit),
        };
        let mut bytes = 0;
        // A place behind the last row has all rows in front of it.
        if backwards && row >= rows.len() {
            let Some(last) = rows.len().checked_sub(1) else { return slice };
            (row, bounds) = (last, 0..usize::MAX);
        }
        while let Some((id, entry)) = rows.get(row).and_then(|id| Some((*id, self.store.columns.entry(*id)?))) {
            let mut total = 0;
            places.visit(id, entry, &mut |_, _| total += 1);
            let asked = bounds.start.min(total)..bounds.end.min(total);
            let missing = limit - slice.hits.len();
            let taken = match limit {
                0 => asked,
                _ if backwards => asked.end.saturating_sub(missing)..asked.end,
                _ => asked.start..asked.end.min(asked.start + missing),
            };
            slice.count += taken.len();
            if limit > 0 && !taken.is_empty() {
                self.take_hits(&places, (row, id, entry), &taken, backwards, &mut slice.hits);
            }
            bytes += ROW_BYTES + entry.size();
            let next = if backwards { row.checked_sub(1) } else { Some(row + 1).filter(|next| *next < rows.len()) };
            if (limit > 0 && slice.hits.len() == limit) || bytes >= SLICE_BYTES {
                let is_row_done = if backwards { taken.start == 0 } else { taken.end == total };
                let hit = if backwards { taken.start } else { taken.end.saturating_sub(1) };
                slice.rest = (!is_row_done || next.is_some()).then_some(HitPlace { row, hit });
                break;
            }
            let Some(next) = next else { break };
            (row, bounds) = (next, 0..usize::MAX);
        }
        slice
    }

    /// The hits of one row with these numbers.
    fn take_hits(
        &self,
        places: &Places<'_>,
        (row, id, entry): (usize, EntryId, Entry),
        taken: &Range<usize>,
        backwards: bool,
        hits: &mut Vec<Hit>,
    ) {
        let (first, mut number) = (hits.len(), 0);
        places.visit(id, entry, &mut |part, steps| {
            if taken.contains(&number) {
                let place = HitPlace { row, hit: number };
                hits.push(Hit { place, entry: id, removed: false, part, steps: steps.to_vec() });
            }
            number += 1;
        });
        if let Some(own) = hits.get_mut(first..).filter(|_| backwards) {
            own.reverse();
        }
    }
}
