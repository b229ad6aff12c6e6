//! Entries that wait for their names.

use super::entry::EntryId;
use crate::ingest::Text;

/// An entry without a name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Waiting {
    pub(super) entry: EntryId,
    pub(super) name: Text,
    /// The part of the name's hash that tells its place.
    pub(super) tag: u32,
}

/// As many as a processor can wait for at once.
const MOST: usize = 32;

/// Some that are served together.
#[derive(Debug, Default)]
pub(super) struct Batch(Vec<Waiting>);

impl Batch {
    pub(super) fn push(&mut self, one: Waiting) {
        if self.0.capacity() == 0 {
            self.0.reserve_exact(MOST);
        }
        self.0.push(one);
    }

    pub(super) fn is_full(&self) -> bool {
        self.0.len() >= MOST
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Waiting> {
        self.0.iter()
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}
