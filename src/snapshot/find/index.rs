//! What is known of every name and value before it is read: made when a snapshot is searched for the first time, eight bytes
//! for each.

use super::letters::Letters;
use super::run::Run;
use crate::snapshot::store::{Entry, EntryId, Store};

/// Where these bytes are, a text may be that is spelled otherwise: `\u` escapes, and the two characters from outside of
/// ASCII that fold to a letter of ASCII, the Kelvin sign and the long s.
const UNPLAIN: [&str; 3] = ["\\u", "\u{212a}", "\u{17f}"];

/// The letters of each name and each value, by their numbers.
#[derive(Debug)]
pub(in crate::snapshot) struct LetterIndex {
    names: Vec<Letters>,
    values: Vec<Letters>,
}

impl LetterIndex {
    pub(in crate::snapshot) fn of(store: &Store) -> LetterIndex {
        let unplain: Vec<Run> = UNPLAIN.iter().filter_map(|text| Run::exactly(text)).collect();
        let value = |entry: Entry| {
            let letters = Letters::of(store.bytes(entry));
            let (start, end) = entry.span();
            let is_unplain =
                |run: &Run| letters.may_have(run.first_byte()) && run.first_in(&store.body, start..end).is_some();
            if entry.is_unreadable() || unplain.iter().any(is_unplain) { Letters::NOT_TOLD } else { letters }
        };
        let mut names = vec![Letters::NOT_TOLD; store.columns.name_count()];
        let mut last = None;
        let values = store.columns.all().map(|(_, entry)| {
            // A name's first entry stands right behind it, and names are numbered by their first entries.
            if entry.name < u32::MAX && last < Some(entry.name) {
                last = Some(entry.name);
                if let Some(slot) = names.get_mut(entry.name as usize) {
                    *slot = store.ascii_name(entry.name).map_or(Letters::NOT_TOLD, Letters::of);
                }
            }
            value(entry)
        });
        LetterIndex { values: values.collect(), names }
    }

    #[inline(always)]
    pub(super) fn name(&self, name: u32) -> Letters {
        self.names.get(name as usize).copied().unwrap_or(Letters::NOT_TOLD)
    }

    #[inline(always)]
    pub(super) fn value(&self, id: EntryId) -> Letters {
        self.values.get(id as usize).copied().unwrap_or(Letters::NOT_TOLD)
    }
}
