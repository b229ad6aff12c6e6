//! A table that finds numbers by the hash of what they stand for.

use super::NONE;
use super::growth::elsewhere;
use foldhash::quality::FixedState;
use std::hash::{BuildHasher, Hasher};

/// A place: a part of the hash, and whose it is.
#[derive(Debug, Clone, Copy)]
struct Slot {
    tag: u32,
    number: u32,
}

const FREE: Slot = Slot { tag: 0, number: NONE };

/// Numbers by hash. Whoever keeps the table keeps what the numbers stand for, compares it, and calls
/// [`Table::grow`] before there are more numbers than it was told.
#[derive(Debug)]
pub(super) struct Table {
    /// A power of two; a number stands in the first one that is free from where its tag points.
    slots: Vec<Slot>,
    /// What comes from outside must not be able to choose its places.
    hasher: FixedState,
}

impl Table {
    pub(super) fn new(seed: u64) -> Table {
        Table { slots: Vec::new(), hasher: FixedState::with_seed(seed) }
    }

    /// Bytes that it takes.
    pub(super) fn memory(&self) -> usize {
        self.slots.capacity() * size_of::<Slot>()
    }

    pub(super) fn clear(&mut self) {
        self.slots.fill(FREE);
    }

    /// The part of the hash that tells places.
    #[inline(always)]
    pub(super) fn tag(&self, bytes: &[u8]) -> u32 {
        let mut hasher = self.hasher.build_hasher();
        hasher.write(bytes);
        let hash = hasher.finish();
        u32::try_from(hash >> 32).unwrap_or(0)
    }

    /// The number with this tag that fits, or the place for it.
    #[inline(always)]
    pub(super) fn find(&self, tag: u32, fits: impl Fn(u32) -> bool) -> Result<u32, usize> {
        let last = self.slots.len().wrapping_sub(1);
        let mut place = tag as usize & last;
        while let Some(slot) = self.slots.get(place).filter(|slot| slot.number != NONE) {
            if slot.tag == tag && fits(slot.number) {
                return Ok(slot.number);
            }
            place = (place + 1) & last;
        }
        Err(place)
    }

    /// The number that stands first where a tag points, if it has this tag.
    #[inline(always)]
    pub(super) fn foresee(&self, tag: u32) -> Option<u32> {
        let slot = self.slots.get(tag as usize & self.slots.len().wrapping_sub(1))?;
        (slot.tag == tag).then_some(slot.number)
    }

    /// Puts a number into the place that was found for it.
    pub(super) fn put(&mut self, place: usize, tag: u32, number: u32) {
        if let Some(slot) = self.slots.get_mut(place) {
            *slot = Slot { tag, number };
        }
    }

    pub(super) fn address(&self) -> usize {
        self.slots.as_ptr().addr()
    }

    /// Moves elsewhere, if it begins at this address, and gives where it ended.
    pub(super) fn make_way(&mut self, start: usize) -> Option<usize> {
        elsewhere(&mut self.slots, start, 0)
    }

    /// Makes room for so many numbers, of which at most two thirds of the places are taken.
    #[inline(never)]
    pub(super) fn grow(&mut self, numbers: usize) {
        let places = (numbers + numbers / 2 + 1).next_power_of_two();
        if places <= self.slots.len() {
            return;
        }
        let old = std::mem::replace(&mut self.slots, vec![FREE; places]);
        for slot in old.into_iter().filter(|slot| slot.number != NONE) {
            if let Err(place) = self.find(slot.tag, |_| false) {
                self.put(place, slot.tag, slot.number);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_by_what_they_stand_for() {
        for seed in 0..20 {
            let mut table = Table::new(seed);
            let words: Vec<String> = (0..1_000).map(|number| format!("word {}", number % 700)).collect();
            let mut known: Vec<&str> = Vec::new();
            for word in &words {
                table.grow(known.len() + 1);
                let tag = table.tag(word.as_bytes());
                let found = table.find(tag, |number| known[number as usize] == word);
                assert_eq!(
                    found.ok(),
                    known.iter().position(|other| other == word).map(|at| u32::try_from(at).unwrap())
                );
                if let Err(place) = found {
                    table.put(place, tag, u32::try_from(known.len()).unwrap());
                    known.push(word);
                }
            }
            assert_eq!(known.len(), 700);
        }
    }

    #[test]
    fn an_empty_table_finds_nothing() {
        let mut table = Table::new(1);
        assert!(table.find(7, |_| true).is_err());
        table.grow(1);
        assert!(table.find(7, |_| true).is_err());
    }

    #[test]
    fn places_depend_on_the_seed() {
        let tags: Vec<u32> = (0..50).map(|seed| Table::new(seed).tag(b"name")).collect();
        assert!(tags.iter().any(|tag| *tag != tags[0]));
    }
}
