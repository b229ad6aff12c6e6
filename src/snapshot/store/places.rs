//! The entry that counts of a name in one scope.

use super::columns::Columns;
use super::entry::{Entry, EntryId, flag};
use super::narrow;
use super::table::Table;

/// Names with more entries are not walked for each question: with one name in very many scopes that would take for ever.
const LONG_CHAIN: usize = 32;

impl Columns {
    /// The entry that counts of a name in one scope. To be asked when all have come.
    pub(in super::super) fn in_scope(&self, name: u32, scope: &str) -> Option<EntryId> {
        let scope = self.scopes.find(scope)?;
        if self.count(name) > LONG_CHAIN {
            let places = self.places.get_or_init(|| self.find_places(LONG_CHAIN, |_| ()));
            return self.find_place(places, (name, scope)).ok();
        }
        let mut found = self.chain(name).filter(|(_, entry)| entry.scope == scope).map(|(id, _)| id);
        if self.last_of_equals { found.last() } else { found.next() }
    }

    /// Finds the entries whose place in their scope another one of the same name takes, where that could not be told
    /// while they came: where the last of equals counts, and beyond the scopes that have a bit of their own.
    pub(in super::super) fn mark_duplicates(&mut self) {
        if !std::mem::take(&mut self.unmarked) {
            return;
        }
        let mut others = Vec::new();
        self.find_places(1, |id| others.push(id));
        for id in others {
            if let Some(entry) = self.entries.get_mut(id as usize) {
                entry.flags |= flag::DUPLICATE;
            }
        }
    }

    /// The entries that count, of names with more than so many; `other` is told of those that do not.
    fn find_places(&self, more_than: usize, mut other: impl FnMut(EntryId)) -> Table {
        let is_asked = |entry: &Entry| !entry.is_unreadable() && self.count(entry.name) > more_than;
        let mut places = Table::new(self.seed);
        places.grow(self.entries.iter().filter(|entry| is_asked(entry)).count());
        let count = self.entries.len();
        for step in 0..count {
            let id = if self.last_of_equals { count - 1 - step } else { step };
            let Some(entry) = self.entries.get(id).filter(|entry| is_asked(entry)) else { continue };
            match self.find_place(&places, (entry.name, entry.scope)) {
                Err((free, tag)) => places.put(free, tag, narrow(id)),
                Ok(_) => other(narrow(id)),
            }
        }
        places
    }

    /// The entry of a name and scope, or the place for one.
    fn find_place(&self, places: &Table, place: (u32, u32)) -> Result<EntryId, (usize, u32)> {
        let tag = places.tag(&(u64::from(place.0) << 32 | u64::from(place.1)).to_le_bytes());
        let same = |id| self.entries.get(id as usize).is_some_and(|entry: &Entry| (entry.name, entry.scope) == place);
        places.find(tag, same).map_err(|free| (free, tag))
    }
}
