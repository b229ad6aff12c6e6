//! Everything but the bytes, and what is asked of it.

use super::entry::{Declared, Entry, EntryId, flag};
use super::growth::{Growth, elsewhere};
use super::names::{Name, Names};
use super::recent::Recent;
use super::scopes::Scopes;
use super::table::Table;
use super::waiting::Batch;
use super::{NONE, decode, narrow};
use crate::ingest::{Limits, Problem, Shape, Text};
use crate::query::NameFilter;
use crate::scope::Precedence;
use std::cell::OnceCell;
use std::ops::Range;

/// The columns: grow while the bytes arrive.
#[derive(Debug)]
pub(in super::super) struct Columns {
    pub(super) entries: Vec<Entry>,
    pub(super) waiting: Batch,
    pub(super) names: Names,
    pub(super) scopes: Scopes,
    pub(super) recent_scopes: Recent<u32>,
    pub(super) recent_types: Recent<Declared>,
    pub(super) problems: Vec<(EntryId, Problem)>,
    pub(super) precedence: Precedence,
    /// What the caller says; else the shape decides.
    pub(super) chosen: Option<Precedence>,
    /// The shape of the body that a file was written of.
    pub(super) taken_for: Option<Shape>,
    /// Whether the last of equal names in one scope counts, rather than the first.
    pub(super) last_of_equals: bool,
    /// Whether there may be duplicates that are not marked yet.
    pub(super) unmarked: bool,
    pub(super) max_depth: usize,
    /// The names that are kept.
    pub(super) only: Option<NameFilter>,
    pub(super) without_system: bool,
    /// System variables were dropped whose names do not tell that they are.
    pub(super) dropped_any: bool,
    /// Where the page being read begins, and its number from 1: problems are told within their page.
    pub(super) page_start: usize,
    pub(super) page: usize,
    pub(super) growth: Growth,
    pub(super) seed: u64,
    /// Entries by name and scope, once somebody asks for one of a name that has many.
    pub(super) places: OnceCell<Table>,
}

// Hardly ever asked: not a part of each reader.
#[inline(never)]
fn is_other(only: &NameFilter, body: &[u8], name: Text) -> bool {
    !only.passes(&decode(body, name))
}

/// Where the columns stood, to drop a page that has to be read again.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Mark {
    body: usize,
    entries: usize,
}

impl Columns {
    pub(in super::super) fn new(chosen: Option<Precedence>, limits: &Limits, seed: u64) -> Columns {
        Columns {
            entries: Vec::new(),
            waiting: Batch::default(),
            names: Names::new(seed),
            scopes: Scopes::new(seed),
            recent_scopes: Recent::new(),
            recent_types: Recent::new(),
            problems: Vec::new(),
            precedence: chosen.clone().unwrap_or_default(),
            chosen,
            taken_for: None,
            last_of_equals: false,
            unmarked: false,
            max_depth: limits.depth.min(Limits::MAX_DEPTH),
            only: None,
            without_system: false,
            dropped_any: false,
            page_start: 0,
            page: 1,
            growth: Growth { most: limits.variables, ..Growth::default() },
            seed,
            places: OnceCell::new(),
        }
    }

    /// Drops what has another name, and system variables where they are not wanted.
    pub(in super::super) fn only(self, names: Option<NameFilter>, without_system: bool) -> Columns {
        Columns { only: names, without_system, ..self }
    }

    pub(in super::super) fn dropped_any(&self) -> bool {
        self.dropped_any
    }

    #[inline(always)]
    pub(super) fn drops(&mut self, body: &[u8], name: Text, flags: u8, underscore: bool) -> bool {
        if self.without_system && flags & flag::SYSTEM != 0 {
            self.dropped_any |= !underscore;
            return true;
        }
        self.only.as_ref().is_some_and(|only| is_other(only, body, name))
    }

    /// How long the body will be, where that is known.
    pub(in super::super) fn expect(&mut self, bytes: usize) {
        self.growth.whole = bytes;
    }

    /// Bytes that the columns take.
    pub(in super::super) fn room(&self) -> usize {
        self.entries.capacity() * size_of::<Entry>() + self.names.memory(size_of::<Name>())
    }

    /// Moves the first column that begins between these addresses elsewhere, with room for what the body promises. Gives where
    /// it began and ended; nothing where there is none, or no memory for it.
    pub(in super::super) fn make_way(&mut self, between: Range<usize>) -> Option<(usize, usize)> {
        let starts = [self.entries.as_ptr().addr()].into_iter().chain(self.names.addresses());
        let start = starts.filter(|start| between.contains(start)).min()?;
        let more = self.growth.from(self.entries.len());
        let end = elsewhere(&mut self.entries, start, more).or_else(|| self.names.make_way(start, self.growth))?;
        Some((start, end))
    }

    pub(in super::super) fn begin_page(&mut self, start: usize, page: usize) {
        self.page_start = start;
        self.page = page;
    }

    pub(in super::super) fn mark(&self, body: &[u8]) -> Mark {
        Mark { body: body.len(), entries: self.entries.len() }
    }

    /// Forgets what came after `mark`. The winners are found again from what stays.
    pub(in super::super) fn rewind(&mut self, body: &mut Vec<u8>, mark: Mark) {
        body.truncate(mark.body);
        if mark.entries == self.entries.len() {
            return;
        }
        self.problems.retain(|(entry, _)| (*entry as usize) < mark.entries);
        self.entries.truncate(mark.entries);
        self.waiting.clear();
        let names = self.names.take();
        for id in 0..mark.entries {
            let Some(entry) = self.entries.get_mut(id) else { continue };
            let Some(name) = names.get(entry.name as usize).map(Name::text) else { continue };
            entry.next = NONE;
            entry.flags &= !(flag::DUPLICATE | flag::SHADOWED);
            let tag = self.names.tag(decode(body, name).as_bytes());
            let name = self.names.intern(body, name, tag, self.growth);
            self.resolve(narrow(id), name);
        }
    }

    pub(in super::super) fn entry(&self, id: EntryId) -> Option<Entry> {
        self.entries.get(id as usize).copied()
    }

    pub(in super::super) fn max_depth(&self) -> usize {
        self.max_depth
    }

    pub(in super::super) fn last_of_equals(&self) -> bool {
        self.last_of_equals
    }

    pub(in super::super) fn precedence(&self) -> &Precedence {
        &self.precedence
    }

    pub(in super::super) fn scope(&self, entry: Entry) -> &str {
        self.scopes.word(entry.scope)
    }

    pub(in super::super) fn rank(&self, entry: Entry) -> i32 {
        self.scopes.rank(entry.scope)
    }

    /// The word for the type that the data declares; one that is no type's where it declared none that is known.
    pub(in super::super) fn declared(&self, entry: Entry) -> Option<&'static str> {
        entry.declared.word()
    }

    pub(in super::super) fn problem(&self, id: EntryId) -> Option<&Problem> {
        let place = self.problems.binary_search_by_key(&id, |(entry, _)| *entry).ok()?;
        self.problems.get(place).map(|(_, problem)| problem)
    }

    pub(in super::super) fn name_count(&self) -> usize {
        self.names.len()
    }

    /// Readable entries.
    pub(in super::super) fn entry_count(&self) -> usize {
        self.entries.len() - self.problems.len()
    }

    pub(in super::super) fn unreadable_count(&self) -> usize {
        self.problems.len()
    }

    /// All entries, unreadable ones included, in order of appearance.
    pub(in super::super) fn all(&self) -> impl ExactSizeIterator<Item = (EntryId, Entry)> {
        self.entries.iter().enumerate().map(|(id, entry)| (narrow(id), *entry))
    }

    /// Where a name stands in the body.
    pub(super) fn name_text(&self, name: u32) -> Option<Text> {
        self.names.get(name).map(Name::text)
    }

    pub(super) fn find_name(&self, body: &[u8], name: &str) -> Option<u32> {
        self.names.find(body, name)
    }

    /// The entry that a name resolves to. Side by side, the first in the rule's order of scopes.
    pub(in super::super) fn winner(&self, name: u32) -> Option<EntryId> {
        self.names.get(name).map(|name| name.winner)
    }

    /// Whether another variable of the name is shown instead: the winner, or side by side the one that counts in the
    /// same scope.
    pub(in super::super) fn is_hidden(&self, entry: Entry) -> bool {
        if self.precedence.is_side_by_side() { entry.is_duplicate() } else { entry.is_shadowed() }
    }

    /// How many entries are shown, unreadable ones included, where that is known beforehand: as long as each name has one winner.
    pub(in super::super) fn shown_count(&self) -> Option<usize> {
        (!self.precedence.is_side_by_side()).then(|| self.names.len() + self.problems.len())
    }

    /// How many entries a name has.
    pub(in super::super) fn count(&self, name: u32) -> usize {
        self.names.get(name).map_or(0, |name| name.count as usize)
    }

    /// The entries of a name in order of appearance.
    pub(in super::super) fn chain(&self, name: u32) -> impl Iterator<Item = (EntryId, Entry)> {
        let mut next = self.names.get(name).map_or(NONE, |name| name.first);
        std::iter::from_fn(move || {
            let id = next;
            let entry = self.entry(id)?;
            next = entry.next;
            Some((id, entry))
        })
    }

    pub(super) fn declare(&mut self, name: u32, declared: Declared) {
        let mut next = self.names.get(name).map_or(NONE, |name| name.first);
        while let Some(entry) = self.entries.get_mut(next as usize) {
            if entry.declared == Declared::Nothing {
                entry.declared = declared;
            }
            next = entry.next;
        }
    }
}
