//! Puts what the readers find into the columns, and lets the right one of equal names win.

use super::columns::Columns;
use super::entry::{Declared, Entry, flag};
use super::recent::Word;
use super::{NONE, decode, narrow};
use crate::ingest::{Item, Label, Place, Problem, Shape, Sink, Text, Unreadable};

/// Scopes from this one on share a bit.
const LAST_BIT: u32 = u32::BITS - 1;

impl Columns {
    /// Hangs an entry that is about to be added into its name's chain and lets the higher scope win. The first of equals
    /// stays, unless the last of one scope counts.
    pub(super) fn resolve(&mut self, entry: &mut Entry) {
        let id = narrow(self.entries.len());
        let Some(name) = self.names.get_mut(entry.name) else { return };
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
                entry.flags |= flag::DUPLICATE;
            }
        }
        name.scopes |= bit;
        if let Some(last) = self.entries.get_mut(name.last as usize) {
            last.next = id;
        }
        name.last = id;
        let higher = self.scopes.rank(entry.scope) > self.scopes.rank(name.winner_scope);
        if higher || (self.last_of_equals && entry.scope == name.winner_scope) {
            if let Some(loser) = self.entries.get_mut(name.winner as usize) {
                loser.flags |= flag::SHADOWED;
            }
            (name.winner, name.winner_scope) = (id, entry.scope);
        } else {
            entry.flags |= flag::SHADOWED;
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

    fn add(&mut self, entry: Entry) {
        if self.entries.len() == self.entries.capacity() {
            self.entries.reserve_exact(self.growth.from(self.entries.len()));
        }
        self.entries.push(entry);
    }
}

impl Sink for Columns {
    fn shape(&mut self, shape: Shape) {
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
        let name = self.names.intern(body, item.name, self.growth);
        let scope = self.scope_id(body, item.scope);
        let declared = item.declared.map_or(Declared::Nothing, |text| self.declared_type(body, text));
        let underscore = if item.name.escaped {
            decode(body, item.name).starts_with('_')
        } else {
            item.name.end > item.name.start && body.get(item.name.start) == Some(&b'_')
        };
        let set = |bit, condition| if condition { bit } else { 0 };
        let flags = set(flag::ESCAPED, item.value.strings.escaped)
            | set(flag::SYSTEM, item.system.unwrap_or(underscore))
            | set(flag::SYSTEM_DECLARED, item.system.is_some())
            | set(flag::TOO_DEEP, item.value.depth > self.max_depth)
            | set(flag::STRINGIFIED, item.stringified);
        let (start, len) = (narrow(item.value.start), narrow(item.value.end - item.value.start));
        let mut entry = Entry { start, len, name, scope, next: NONE, declared, kind: item.value.kind, flags };
        self.resolve(&mut entry);
        self.add(entry);
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
