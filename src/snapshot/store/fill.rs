//! Puts what the readers find into the columns, and lets the right one of equal names win.

use super::columns::Columns;
use super::entry::{Declared, Entry, EntryId, flag};
use super::recent::Word;
use super::waiting::Waiting;
use super::{NONE, decode, narrow};
use crate::ingest::{Item, Label, Place, Problem, Shape, Sink, Text, Unreadable};

/// Scopes from this one on share a bit.
const LAST_BIT: u32 = u32::BITS - 1;

impl Columns {
    /// Gives the entries that wait for it their names. What that takes of memory far away is asked for all of them before
    /// any is waited for.
    pub(in super::super) fn settle(&mut self, body: &[u8]) {
        let waiting = std::mem::take(&mut self.waiting);
        let mut touched = 0;
        for one in waiting.iter() {
            if let Some(name) = self.names.foresee(one.tag) {
                let text = name.text();
                touched ^= body.get(text.start).copied().unwrap_or(0);
                touched ^= self.entries.get(name.last as usize).map_or(0, |entry| entry.flags);
            }
        }
        std::hint::black_box(touched);
        for one in waiting.iter() {
            let name = self.names.intern(body, one.name, one.tag, self.growth);
            self.resolve(one.entry, name);
        }
        self.waiting = waiting;
        self.waiting.clear();
    }

    /// Hangs an entry into its name's chain and lets the higher scope win. The first of equals stays, unless the last of
    /// one scope counts.
    pub(super) fn resolve(&mut self, id: EntryId, name_id: u32) {
        let (Some(name), Some(slot)) = (self.names.get_mut(name_id), self.entries.get_mut(id as usize)) else { return };
        slot.name = name_id;
        let entry = *slot;
        let bit = 1 << entry.scope.min(LAST_BIT);
        name.count += 1;
        if name.count == 1 {
            (name.first, name.last, name.winner) = (id, id, id);
            (name.winner_scope, name.scopes) = (entry.scope, bit);
            return;
        }
        if name.scopes & bit != 0 {
            if self.last_of_equals || entry.scope >= LAST_BIT {
                self.unmarked = true;
            } else {
                slot.flags |= flag::DUPLICATE;
            }
        }
        name.scopes |= bit;
        let last = std::mem::replace(&mut name.last, id);
        let higher = self.scopes.rank(entry.scope) > self.scopes.rank(name.winner_scope);
        let mut loser = id;
        if higher || (self.last_of_equals && entry.scope == name.winner_scope) {
            loser = std::mem::replace(&mut name.winner, id);
            name.winner_scope = entry.scope;
        }
        if let Some(last) = self.entries.get_mut(last as usize) {
            last.next = id;
        }
        if let Some(loser) = self.entries.get_mut(loser as usize) {
            loser.flags |= flag::SHADOWED;
        }
    }

    #[inline(always)]
    fn scope_id(&mut self, body: &[u8], label: Label) -> u32 {
        let text = match label {
            Label::Body(text) => text,
            Label::Fixed(word) => return self.scopes.intern(word, &self.precedence),
        };
        let word = Word::of(body, text);
        if let Some(id) = word.and_then(|word| self.recent_scopes.get(word)) {
            return id;
        }
        let id = self.scopes.intern(&decode(body, text), &self.precedence);
        if let Some(word) = word {
            self.recent_scopes.put(word, id);
        }
        id
    }

    #[inline(always)]
    fn declared_type(&mut self, body: &[u8], text: Text) -> Declared {
        let word = Word::of(body, text);
        if let Some(declared) = word.and_then(|word| self.recent_types.get(word)) {
            return declared;
        }
        let declared = Declared::of(&decode(body, text));
        if let Some(word) = word {
            self.recent_types.put(word, declared);
        }
        declared
    }

    pub(super) fn add(&mut self, entry: Entry) {
        if self.entries.len() == self.entries.capacity() {
            self.entries.reserve_exact(self.growth.from(self.entries.len()));
        }
        self.entries.push(entry);
    }
}

impl Sink for Columns {
    fn shape(&mut self, shape: Shape) {
        let shape = self.taken_for.unwrap_or(shape);
        self.last_of_equals = shape.last_of_equals();
        let own = shape.precedence();
        self.precedence = match &self.chosen {
            // Side by side has no winner; the order in which namespaces are looked at stays theirs.
            Some(chosen) if !(chosen.is_side_by_side() && own.is_side_by_side()) => chosen.clone(),
            _ => own,
        };
        self.scopes.rank_by(&self.precedence);
    }

    // The reader of rows calls it for every one of them, and not through a table as the other shapes do.
    #[inline(always)]
    fn variable(&mut self, body: &[u8], item: Item) {
        self.growth.read = item.value.end;
        let scope = self.scope_id(body, item.scope);
        let declared = item.declared.map_or(Declared::Nothing, |text| self.declared_type(body, text));
        let (tag, underscore) = if item.name.escaped {
            let name = decode(body, item.name);
            (self.names.tag(name.as_bytes()), name.starts_with('_'))
        } else {
            let name = body.get(item.name.start..item.name.end).unwrap_or_default();
            (self.names.tag(name), name.first() == Some(&b'_'))
        };
        let set = |bit, condition| if condition { bit } else { 0 };
        let flags = set(flag::ESCAPED, item.value.strings.escaped)
            | set(flag::SYSTEM, item.system.unwrap_or(underscore))
            | set(flag::SYSTEM_DECLARED, item.system.is_some())
            | set(flag::TOO_DEEP, item.value.depth > self.max_depth)
            | set(flag::STRINGIFIED, item.stringified);
        if self.drops(body, item.name, flags, underscore) {
            return;
        }
        let (start, len) = (narrow(item.value.start), narrow(item.value.end - item.value.start));
        let (name, next, kind) = (NONE, NONE, item.value.kind);
        self.waiting.push(Waiting { entry: narrow(self.entries.len()), name: item.name, tag });
        self.add(Entry { start, len, name, scope, next, declared, kind, flags });
        if self.waiting.is_full() {
            self.settle(body);
        }
    }

    fn unreadable(&mut self, start: usize, end: usize, place: Place, fault: Unreadable) {
        let id = narrow(self.entries.len());
        self.add(Entry::unreadable(narrow(start), narrow(end - start)));
        let problem = Problem {
            reason: fault.reason,
            place,
            offset: fault.at - self.page_start,
            page: self.page,
            name: fault.name.map(|name| (name.start, name.end, name.escaped)),
        };
        self.problems.push((id, problem));
    }

    fn len(&self) -> usize {
        self.entries.len()
    }
}
