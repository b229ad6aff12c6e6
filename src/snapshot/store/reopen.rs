//! Puts back what a file tells beside its rows.

use super::columns::Columns;
use super::entry::{EntryId, flag};
use super::{Store, narrow};
use crate::ingest::{Problem, Shape};

impl Columns {
    /// The rows are those of a body of this shape, and are resolved as that one was.
    pub(in super::super) fn take_for(&mut self, shape: Shape) {
        self.taken_for = Some(shape);
    }

    /// In these the platform writes typed values as texts.
    pub(in super::super) fn mark_stringified(&mut self, ids: &[EntryId]) {
        for id in ids {
            if let Some(entry) = self.entries.get_mut(*id as usize).filter(|entry| !entry.is_unreadable()) {
                entry.flags |= flag::STRINGIFIED;
            }
        }
    }

    /// The items that could not be read.
    pub(in super::super) fn unreadable_ids(&self) -> Vec<EntryId> {
        self.problems.iter().map(|(id, _)| *id).collect()
    }
}

impl Store {
    /// Makes an unreadable item the one that it stands for. Its bytes are put behind the body.
    pub(in super::super) fn restore_unreadable(
        &mut self,
        id: EntryId,
        source: &[u8],
        name: Option<&str>,
        problem: Problem,
    ) {
        let Ok(place) = self.columns.problems.binary_search_by_key(&id, |(entry, _)| *entry) else { return };
        let name = name.map(|name| {
            let start = self.body.len();
            self.body.extend_from_slice(name.as_bytes());
            (start, self.body.len(), false)
        });
        let start = self.body.len();
        self.body.extend_from_slice(source);
        if let Some((_, slot)) = self.columns.problems.get_mut(place) {
            *slot = Problem { name, ..problem };
        }
        if let Some(entry) = self.columns.entries.get_mut(id as usize) {
            (entry.start, entry.len) = (narrow(start), narrow(source.len()));
        }
    }
}
