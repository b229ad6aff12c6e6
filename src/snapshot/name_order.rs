//! The natural order of a snapshot's names: found when rows are sorted by name for the first time, and good for every sort after
//! through the same mask.

use super::mask::Mask;
use super::store::{Entry, EntryId, Store};
use crate::value::Keys;
use std::borrow::Cow;

/// The place of each name among all of them.
#[derive(Debug)]
pub(super) struct NameOrder(Vec<u32>);

impl NameOrder {
    /// Hidden names stand where the mark of their rule does, in order of first appearance: where else they stood would tell what
    /// they are.
    pub(super) fn of(store: &Store, mask: &Mask) -> NameOrder {
        let names = u32::try_from(store.columns.name_count()).unwrap_or(u32::MAX);
        let mut keys = Keys::default();
        let mut hidden = Vec::new();
        for name in 0..names {
            let plain = if mask.is_off() { store.ascii_name(name) } else { None };
            match plain {
                Some(ascii) => keys.folded_ascii(ascii),
                None => {
                    let own = store.name(name);
                    let shown = mask.name_apart(&own);
                    keys.folded(&shown);
                    if let Cow::Owned(mark) = shown {
                        hidden.push((name, mark));
                    }
                }
            }
            keys.end();
        }
        let name = |place: usize| {
            let place = u32::try_from(place).unwrap_or(u32::MAX);
            let mark = hidden.binary_search_by_key(&place, |(name, _)| *name).ok().and_then(|at| hidden.get(at));
            mark.map_or_else(|| store.name(place), |(_, mark)| Cow::Borrowed(mark.as_str()))
        };
        let mut places = vec![0; keys.len()];
        // Items without a name have place 0.
        for (place, at) in (1..).zip(keys.sorted_by(&|one, other| name(one).cmp(&name(other)))) {
            if let Some(slot) = places.get_mut(at) {
                *slot = place;
            }
        }
        NameOrder(places)
    }

    fn place(&self, entry: Option<Entry>) -> usize {
        entry.and_then(|entry| self.0.get(entry.name as usize)).map_or(0, |place| *place as usize)
    }

    /// Sorts by the names of entries: each goes behind all with names before its own. Those of one name keep their order.
    pub(super) fn sort(&self, rows: &mut Vec<EntryId>, entry: impl Fn(EntryId) -> Option<Entry>) {
        let mut ends = vec![0_usize; self.0.len() + 2];
        let place = |row: EntryId| self.place(entry(row)) + 1;
        for row in rows.iter() {
            if let Some(count) = ends.get_mut(place(*row)) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for end in &mut ends {
            sum += *end;
            *end = sum;
        }
        let mut sorted = vec![0; rows.len()];
        for row in rows.iter() {
            // What ends before a place begins it.
            let Some(begin) = ends.get_mut(place(*row) - 1) else { continue };
            if let Some(slot) = sorted.get_mut(*begin) {
                *slot = *row;
            }
            *begin += 1;
        }
        *rows = sorted;
    }
}
