//! The scopes that a snapshot met, each once, with its rank.

use super::narrow;
use super::table::Table;
use crate::scope::Precedence;

/// Scopes by their number, in order of first appearance, and by their word.
#[derive(Debug)]
pub(super) struct Scopes {
    list: Vec<(String, i32)>,
    table: Table,
}

impl Scopes {
    pub(super) fn new(seed: u64) -> Scopes {
        Scopes { list: Vec::new(), table: Table::new(seed) }
    }

    /// Bytes that they take.
    pub(super) fn memory(&self) -> usize {
        let words: usize = self.list.iter().map(|(word, _)| word.capacity()).sum();
        words + self.list.capacity() * size_of::<(String, i32)>() + self.table.memory()
    }

    pub(super) fn word(&self, id: u32) -> &str {
        self.list.get(id as usize).map_or("", |(word, _)| word)
    }

    pub(super) fn rank(&self, id: u32) -> i32 {
        self.list.get(id as usize).map_or(-1, |(_, rank)| *rank)
    }

    /// Ranks all scopes by another rule.
    pub(super) fn rank_by(&mut self, rule: &Precedence) {
        self.list.iter_mut().for_each(|(word, rank)| *rank = rule.rank(word));
    }

    /// The number of a scope, where it was met.
    pub(super) fn find(&self, word: &str) -> Option<u32> {
        self.table.find(self.table.tag(word.as_bytes()), |id| self.word(id) == word).ok()
    }

    /// The number of a scope, which gets the next one where it is new.
    pub(super) fn intern(&mut self, word: &str, rule: &Precedence) -> u32 {
        let tag = self.table.tag(word.as_bytes());
        self.table.grow(self.list.len() + 1);
        match self.table.find(tag, |id| self.word(id) == word) {
            Ok(id) => id,
            Err(place) => {
                let id = narrow(self.list.len());
                self.table.put(place, tag, id);
                self.list.push((word.to_owned(), rule.rank(word)));
                id
            }
        }
    }
}
