//! The names of a snapshot, each once, and the table that finds them.

use super::entry::EntryId;
use super::growth::{Growth, elsewhere};
use super::table::Table;
use super::{NONE, decode, narrow};
use crate::ingest::Text;

/// One name: where it stands, and its entries as a chain.
#[derive(Debug, Clone, Copy)]
pub(super) struct Name {
    start: u32,
    /// The lowest bit says whether it is escaped.
    len: u32,
    pub(super) first: EntryId,
    pub(super) last: EntryId,
    pub(super) winner: EntryId,
    pub(super) winner_scope: u32,
    pub(super) count: u32,
    /// Scopes that have the name, a bit each; the highest stands for all that have no bit of their own.
    pub(super) scopes: u32,
}

impl Name {
    fn of(text: Text) -> Name {
        let len = narrow(text.end - text.start) << 1 | u32::from(text.escaped);
        let none =
            Name { start: 0, len: 0, first: NONE, last: NONE, winner: NONE, winner_scope: NONE, count: 0, scopes: 0 };
        Name { start: narrow(text.start), len, ..none }
    }

    pub(super) fn text(&self) -> Text {
        let start = self.start as usize;
        Text { start, end: start + (self.len >> 1) as usize, escaped: self.len & 1 == 1 }
    }
}

/// Every name by its number, in order of first appearance, and by its text.
#[derive(Debug)]
pub(super) struct Names {
    list: Vec<Name>,
    table: Table,
}

impl Names {
    pub(super) fn new(seed: u64) -> Names {
        Names { list: Vec::new(), table: Table::new(seed) }
    }

    /// Bytes that the list and the table take.
    pub(super) fn memory(&self, each: usize) -> usize {
        self.list.capacity() * each + self.table.memory()
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    pub(super) fn get(&self, id: u32) -> Option<&Name> {
        self.list.get(id as usize)
    }

    pub(super) fn get_mut(&mut self, id: u32) -> Option<&mut Name> {
        self.list.get_mut(id as usize)
    }

    /// Where the list and the table begin.
    pub(super) fn addresses(&self) -> [usize; 2] {
        [self.list.as_ptr().addr(), self.table.address()]
    }

    /// Moves the list or the table elsewhere, if it begins at this address. Gives where it ended.
    pub(super) fn make_way(&mut self, start: usize, growth: Growth) -> Option<usize> {
        if self.list.as_ptr().addr() != start {
            return self.table.make_way(start);
        }
        let more = growth.from(self.list.len());
        // Before the list leaves its place, or else the table might take it.
        self.table.grow(self.list.len() + more);
        elsewhere(&mut self.list, start, more)
    }

    /// Forgets all names, and gives them.
    pub(super) fn take(&mut self) -> Vec<Name> {
        self.table.clear();
        std::mem::take(&mut self.list)
    }

    pub(super) fn find(&self, body: &[u8], name: &str) -> Option<u32> {
        let tag = self.table.tag(name.as_bytes());
        self.table.find(tag, |id| self.is(body, id, name.as_bytes())).ok()
    }

    /// The part of a name's hash that tells its place.
    #[inline(always)]
    pub(super) fn tag(&self, name: &[u8]) -> u32 {
        self.table.tag(name)
    }

    /// The name that this is likely to be.
    #[inline(always)]
    pub(super) fn foresee(&self, tag: u32) -> Option<&Name> {
        self.get(self.table.foresee(tag)?)
    }

    /// The number of a name, which gets the next one where it is new.
    #[inline(always)]
    pub(super) fn intern(&mut self, body: &[u8], text: Text, tag: u32, growth: Growth) -> u32 {
        if text.escaped {
            return self.intern_bytes(body, decode(body, text).as_bytes(), text, tag, growth);
        }
        self.intern_bytes(body, body.get(text.start..text.end).unwrap_or_default(), text, tag, growth)
    }

    fn intern_bytes(&mut self, body: &[u8], name: &[u8], text: Text, tag: u32, growth: Growth) -> u32 {
        if self.list.len() == self.list.capacity() {
            let more = growth.from(self.list.len());
            self.list.reserve_exact(more);
            self.table.grow(self.list.capacity());
        }
        match self.table.find(tag, |id| self.is(body, id, name)) {
            Ok(id) => id,
            Err(place) => {
                let id = narrow(self.list.len());
                self.list.push(Name::of(text));
                self.table.put(place, tag, id);
                id
            }
        }
    }

    /// Whether a known name has this text.
    #[inline(always)]
    fn is(&self, body: &[u8], id: u32, name: &[u8]) -> bool {
        let Some(known) = self.get(id).map(Name::text) else { return false };
        if known.escaped {
            return decode(body, known).as_bytes() == name;
        }
        same_bytes(body.get(known.start..known.end).unwrap_or_default(), name)
    }
}

/// Whether the bytes are the same, sixty-four at a time and then eight.
#[inline(always)]
pub(in super::super) fn same_bytes(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let word = |word: &[u8; 8]| u64::from_le_bytes(*word);
    let (blocks, one) = one.as_chunks::<64>();
    let (other_blocks, other) = other.as_chunks::<64>();
    let differs = |(block, other): (&[u8; 64], &[u8; 64])| {
        let (words, others) = (block.as_chunks::<8>().0, other.as_chunks::<8>().0);
        words.iter().zip(others).fold(0, |bits, (one, other)| bits | (word(one) ^ word(other))) != 0
    };
    if blocks.iter().zip(other_blocks).any(differs) {
        return false;
    }
    let (words, rest) = one.as_chunks::<8>();
    let (other_words, other_rest) = other.as_chunks::<8>();
    words.iter().zip(other_words).all(|(one, other)| word(one) == word(other))
        && rest.iter().zip(other_rest).all(|(byte, other)| byte == other)
}
