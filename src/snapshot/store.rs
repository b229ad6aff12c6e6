//! The columnar store: one record of 24 bytes a variable, one a name, and the bytes that they point into.

use crate::ingest::{Item, Label, Place, Problem, Shape, Sink, Text, Unreadable};
use crate::scope::Precedence;
use crate::value::ValueType;
use crate::value::json::{JsonKind, unescape};
use foldhash::quality::FixedState;
use hashbrown::HashTable;
use std::borrow::Cow;
use std::hash::BuildHasher;
use std::ops::Range;

/// Identifies a variable within its snapshot: its position in order of appearance.
pub type EntryId = u32;

/// Stands where there is no entry or name.
const NONE: u32 = u32::MAX;

/// What the flags of an [`Entry`] say.
mod flag {
    pub(super) const ESCAPED: u8 = 1;
    pub(super) const SYSTEM: u8 = 2;
    pub(super) const SYSTEM_DECLARED: u8 = 4;
    pub(super) const TOO_DEEP: u8 = 8;
    pub(super) const UNREADABLE: u8 = 16;
    pub(super) const STRINGIFIED: u8 = 32;
    pub(super) const DUPLICATE: u8 = 64;
}

/// What the data says a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Declared {
    Nothing,
    Type(ValueType),
    Unknown,
}

impl Declared {
    fn of(word: &str) -> Declared {
        match ValueType::from_declared(word) {
            Some(value_type) => Declared::Type(value_type),
            None if word.trim().is_empty() => Declared::Nothing,
            None => Declared::Unknown,
        }
    }
}

/// One variable: where its value stands, and what is known of it without looking.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    start: u32,
    len: u32,
    /// Into `names`; `NONE` for an unreadable item without a name.
    pub(super) name: u32,
    /// Into `scopes`; `NONE` for an unreadable item.
    scope: u32,
    /// The next entry of the same name.
    next: u32,
    declared: Declared,
    pub(super) kind: JsonKind,
    flags: u8,
}

impl Entry {
    pub(super) fn is_system(self) -> bool {
        self.flags & flag::SYSTEM != 0
    }

    pub(super) fn system_is_declared(self) -> bool {
        self.flags & flag::SYSTEM_DECLARED != 0
    }

    pub(super) fn is_unreadable(self) -> bool {
        self.flags & flag::UNREADABLE != 0
    }

    /// Whether another entry of the same name and scope counts instead.
    pub(super) fn is_duplicate(self) -> bool {
        self.flags & flag::DUPLICATE != 0
    }

    pub(super) fn is_too_deep(self) -> bool {
        self.flags & flag::TOO_DEEP != 0
    }

    /// Whether the platform is known to write typed values as texts here.
    pub(super) fn is_stringified(self) -> bool {
        self.flags & flag::STRINGIFIED != 0
    }

    pub(super) fn is_escaped(self) -> bool {
        self.flags & flag::ESCAPED != 0
    }

    /// Whether the same bytes mean the same here and there.
    pub(super) fn reads_as(self, other: Entry) -> bool {
        let meaning = |flags: u8| flags & (flag::TOO_DEEP | flag::STRINGIFIED);
        self.declared == other.declared && meaning(self.flags) == meaning(other.flags)
    }

    /// Bytes of the value in the body.
    pub(super) fn size(self) -> usize {
        self.len as usize
    }
}

/// One name: where it stands, and its entries as a chain.
#[derive(Debug, Clone, Copy)]
struct Name {
    start: u32,
    len: u32,
    escaped: bool,
    hash: u64,
    first: u32,
    last: u32,
    winner: u32,
    count: u32,
}

/// Every column of a snapshot.
#[derive(Debug)]
pub(super) struct Store {
    pub(super) body: Vec<u8>,
    pub(super) columns: Columns,
}

/// Everything but the bytes: grows while the bytes arrive.
#[derive(Debug)]
pub(super) struct Columns {
    entries: Vec<Entry>,
    names: Vec<Name>,
    name_table: HashTable<u32>,
    /// Names from outside must not be able to choose their places in the table.
    hasher: FixedState,
    scopes: Vec<String>,
    scope_ranks: Vec<i32>,
    scope_table: HashTable<u32>,
    problems: Vec<(EntryId, Problem)>,
    unreadable: u32,
    precedence: Precedence,
    /// What the caller says; else the shape decides.
    chosen: Option<Precedence>,
    /// Whether the last of equal names in one scope counts, rather than the first.
    last_of_equals: bool,
    max_depth: usize,
    /// Where the page being read begins, and its number from 1: problems are told within their page.
    page_start: usize,
    page: usize,
}

fn narrow(offset: usize) -> u32 {
    // Bodies are limited to 1 GiB, so nothing saturates.
    u32::try_from(offset).unwrap_or(u32::MAX)
}

/// Where the columns stood, to drop a page that has to be read again.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    body: usize,
    entries: usize,
}

impl Columns {
    pub(super) fn new(chosen: Option<Precedence>, max_depth: usize, seed: u64) -> Columns {
        Columns {
            entries: Vec::new(),
            names: Vec::new(),
            name_table: HashTable::new(),
            hasher: FixedState::with_seed(seed),
            scopes: Vec::new(),
            scope_ranks: Vec::new(),
            scope_table: HashTable::new(),
            problems: Vec::new(),
            unreadable: 0,
            precedence: chosen.clone().unwrap_or_default(),
            chosen,
            last_of_equals: false,
            max_depth,
            page_start: 0,
            page: 1,
        }
    }

    pub(super) fn begin_page(&mut self, start: usize, page: usize) {
        self.page_start = start;
        self.page = page;
    }

    pub(super) fn mark(&self, body: &[u8]) -> Mark {
        Mark { body: body.len(), entries: self.entries.len() }
    }

    /// Forgets what came after `mark`. The winners are found again from what stays.
    pub(super) fn rewind(&mut self, body: &mut Vec<u8>, mark: Mark) {
        body.truncate(mark.body);
        if mark.entries == self.entries.len() {
            return;
        }
        self.entries.truncate(mark.entries);
        self.problems.retain(|(entry, _)| (*entry as usize) < mark.entries);
        self.unreadable = narrow(self.problems.len());
        self.name_table.clear();
        let hashes: Vec<(Text, u64)> = self.names.iter().map(|name| (name.text(), name.hash)).collect();
        self.names.clear();
        for id in 0..narrow(self.entries.len()) {
            let Some(mut entry) = self.entry(id).filter(|entry| !entry.is_unreadable()) else { continue };
            let Some((text, hash)) = hashes.get(entry.name as usize) else { continue };
            entry.next = NONE;
            entry.name = self.intern_hashed(body, *text, *hash);
            self.set(id, entry);
            self.resolve(id, entry);
        }
    }

    pub(super) fn entry(&self, id: EntryId) -> Option<Entry> {
        self.entries.get(id as usize).copied()
    }

    fn set(&mut self, id: EntryId, entry: Entry) {
        if let Some(slot) = self.entries.get_mut(id as usize) {
            *slot = entry;
        }
    }

    pub(super) fn max_depth(&self) -> usize {
        self.max_depth
    }

    pub(super) fn last_of_equals(&self) -> bool {
        self.last_of_equals
    }

    pub(super) fn precedence(&self) -> &Precedence {
        &self.precedence
    }

    pub(super) fn scope(&self, entry: Entry) -> &str {
        self.scopes.get(entry.scope as usize).map_or("", String::as_str)
    }

    pub(super) fn rank(&self, entry: Entry) -> i32 {
        self.scope_ranks.get(entry.scope as usize).copied().unwrap_or(-1)
    }

    /// The word for the type that the data declares; one that is no type's where it declared none that is known.
    pub(super) fn declared(&self, entry: Entry) -> Option<&'static str> {
        match entry.declared {
            Declared::Nothing => None,
            Declared::Type(value_type) => Some(value_type.as_str()),
            Declared::Unknown => Some("?"),
        }
    }

    pub(super) fn problem(&self, id: EntryId) -> Option<&Problem> {
        let place = self.problems.binary_search_by_key(&id, |(entry, _)| *entry).ok()?;
        self.problems.get(place).map(|(_, problem)| problem)
    }

    pub(super) fn name_count(&self) -> usize {
        self.names.len()
    }

    /// Readable entries.
    pub(super) fn entry_count(&self) -> usize {
        self.entries.len() - self.unreadable as usize
    }

    pub(super) fn unreadable_count(&self) -> usize {
        self.unreadable as usize
    }

    /// All entries, unreadable ones included, in order of appearance.
    pub(super) fn all(&self) -> impl Iterator<Item = (EntryId, Entry)> {
        self.entries.iter().enumerate().map(|(id, entry)| (narrow(id), *entry))
    }

    /// The entry that a name resolves to. Side by side, the first in the rule's order of scopes.
    pub(super) fn winner(&self, name: u32) -> Option<EntryId> {
        self.names.get(name as usize).map(|name| name.winner)
    }

    /// Whether another variable of the name is shown instead: the winner, or side by side the one that counts in the
    /// same scope.
    pub(super) fn is_hidden(&self, id: EntryId, entry: Entry) -> bool {
        if self.precedence.is_side_by_side() { entry.is_duplicate() } else { self.winner(entry.name) != Some(id) }
    }

    /// How many entries a name has.
    pub(super) fn count(&self, name: u32) -> usize {
        self.names.get(name as usize).map_or(0, |name| name.count as usize)
    }

    /// The entries of a name in order of appearance.
    pub(super) fn chain(&self, name: u32) -> impl Iterator<Item = (EntryId, Entry)> {
        let mut next = self.names.get(name as usize).map_or(NONE, |name| name.first);
        std::iter::from_fn(move || {
            let id = next;
            let entry = self.entry(id)?;
            next = entry.next;
            Some((id, entry))
        })
    }

    /// Finds the entries whose place in their scope another one of the same name takes: an earlier one, or a later one
    /// where the last counts. Done once, when all entries are there: walking the chain for each would take for ever
    /// where one name has very many.
    pub(super) fn mark_duplicates(&mut self) {
        let mut seen: HashTable<(u32, u32)> = HashTable::new();
        let hasher = self.hasher.clone();
        let count = self.entries.len();
        for step in 0..count {
            let id = narrow(if self.last_of_equals { count - 1 - step } else { step });
            let Some(entry) = self.entry(id).filter(|entry| !entry.is_unreadable()) else { continue };
            if self.count(entry.name) < 2 {
                continue;
            }
            let place = (entry.name, entry.scope);
            let hash = hasher.hash_one(place);
            if seen.find(hash, |other| *other == place).is_some() {
                self.set(id, Entry { flags: entry.flags | flag::DUPLICATE, ..entry });
            } else {
                seen.insert_unique(hash, place, |other| hasher.hash_one(other));
            }
        }
    }

    /// The entry that counts of a name in one scope.
    pub(super) fn in_scope(&self, name: u32, scope: &str) -> Option<EntryId> {
        let mut found = self.chain(name).filter(|(_, entry)| self.scope(*entry) == scope).map(|(id, _)| id);
        if self.last_of_equals { found.last() } else { found.next() }
    }

    fn intern(&mut self, body: &[u8], text: Text) -> u32 {
        let hash = self.hasher.hash_one(decode(body, text).as_ref());
        self.intern_hashed(body, text, hash)
    }

    fn intern_hashed(&mut self, body: &[u8], text: Text, hash: u64) -> u32 {
        let wanted = decode(body, text);
        let names = &self.names;
        let same = |id: &u32| {
            names.get(*id as usize).is_some_and(|name| name.hash == hash && decode(body, name.text()) == wanted)
        };
        if let Some(id) = self.name_table.find(hash, same) {
            return *id;
        }
        let id = narrow(names.len());
        let len = narrow(text.end - text.start);
        self.names.push(Name {
            start: narrow(text.start),
            len,
            escaped: text.escaped,
            hash,
            first: NONE,
            last: NONE,
            winner: NONE,
            count: 0,
        });
        let names = &self.names;
        self.name_table.insert_unique(hash, id, |id| names.get(*id as usize).map_or(0, |name| name.hash));
        id
    }

    fn scope_id(&mut self, scope: &str) -> u32 {
        let hash = self.hasher.hash_one(scope);
        let scopes = &self.scopes;
        if let Some(id) = self.scope_table.find(hash, |id| scopes.get(*id as usize).is_some_and(|known| known == scope))
        {
            return *id;
        }
        let id = narrow(scopes.len());
        self.scopes.push(scope.to_owned());
        self.scope_ranks.push(self.precedence.rank(scope));
        let (scopes, hasher) = (&self.scopes, &self.hasher);
        self.scope_table
            .insert_unique(hash, id, |id| hasher.hash_one(scopes.get(*id as usize).map_or("", String::as_str)));
        id
    }

    /// Hangs an entry into its name's chain and lets the higher scope win. The first of equals stays, unless the last of
    /// one scope counts.
    fn resolve(&mut self, id: EntryId, entry: Entry) {
        let rank = self.rank(entry);
        let Some(name) = self.names.get(entry.name as usize).copied() else { return };
        let last = self.entry(name.last);
        let winner = self.entry(name.winner);
        if let Some(last) = last {
            self.set(name.last, Entry { next: id, ..last });
        }
        let wins = winner
            .is_none_or(|winner| rank > self.rank(winner) || (self.last_of_equals && entry.scope == winner.scope));
        if let Some(slot) = self.names.get_mut(entry.name as usize) {
            slot.first = if slot.first == NONE { id } else { slot.first };
            slot.last = id;
            slot.winner = if wins { id } else { slot.winner };
            slot.count += 1;
        }
    }
}

impl Name {
    fn text(&self) -> Text {
        let start = self.start as usize;
        Text { start, end: start + self.len as usize, escaped: self.escaped }
    }
}

/// The text at a place of the body. Items with texts that cannot be decoded never become entries.
fn decode(body: &[u8], text: Text) -> Cow<'_, str> {
    let source = std::str::from_utf8(body.get(text.start..text.end).unwrap_or_default()).unwrap_or_default();
    if text.escaped { unescape(source).unwrap_or_default() } else { Cow::Borrowed(source) }
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
        self.scope_ranks = self.scopes.iter().map(|scope| self.precedence.rank(scope)).collect();
    }

    // The reader of rows calls it for every one of them, and not through a table as the other shapes do.
    #[inline(always)]
    fn variable(&mut self, body: &[u8], item: Item) {
        let name = self.intern(body, item.name);
        let scope = self.scope_id(&match item.scope {
            Label::Body(text) => decode(body, text),
            Label::Fixed(word) => Cow::Borrowed(word),
        });
        let declared = item.declared.map_or(Declared::Nothing, |word| Declared::of(&decode(body, word)));
        let by_name = decode(body, item.name).starts_with('_');
        let mut flags = 0;
        for (bit, set) in [
            (flag::ESCAPED, item.value.strings.escaped),
            (flag::SYSTEM, item.system.unwrap_or(by_name)),
            (flag::SYSTEM_DECLARED, item.system.is_some()),
            (flag::TOO_DEEP, item.value.depth > self.max_depth),
            (flag::STRINGIFIED, item.stringified),
        ] {
            flags |= if set { bit } else { 0 };
        }
        let id = narrow(self.entries.len());
        let (start, len) = (narrow(item.value.start), narrow(item.value.end - item.value.start));
        let entry = Entry { start, len, name, scope, next: NONE, declared, kind: item.value.kind, flags };
        self.entries.push(entry);
        self.resolve(id, entry);
    }

    fn unreadable(&mut self, start: usize, end: usize, place: Place, fault: Unreadable) {
        let id = narrow(self.entries.len());
        let len = narrow(end - start);
        let flags = flag::UNREADABLE;
        self.entries.push(Entry {
            start: narrow(start),
            len,
            name: NONE,
            scope: NONE,
            next: NONE,
            declared: Declared::Nothing,
            kind: JsonKind::Null,
            flags,
        });
        let problem = Problem {
            reason: fault.reason,
            place,
            offset: fault.at - self.page_start,
            page: self.page,
            name: fault.name.map(|name| (name.start, name.end, name.escaped)),
        };
        self.problems.push((id, problem));
        self.unreadable += 1;
    }

    fn len(&self) -> usize {
        self.entries.len()
    }
}

impl Store {
    /// The JSON source of an entry's value; for an unreadable item the whole item, with what is not UTF-8 replaced.
    pub(super) fn source(&self, entry: Entry) -> Cow<'_, str> {
        String::from_utf8_lossy(self.bytes(entry))
    }

    /// The bytes of an entry's value, as they came.
    pub(super) fn bytes(&self, entry: Entry) -> &[u8] {
        let start = entry.start as usize;
        self.body.get(start..start + entry.size()).unwrap_or_default()
    }

    /// Where the value stands in the body.
    pub(super) fn span(entry: Entry) -> Range<usize> {
        let start = entry.start as usize;
        start..start + entry.size()
    }

    /// Where a name stands in the body, if there it is all ASCII and written without escapes.
    pub(super) fn plain_name(&self, id: u32) -> Option<Range<usize>> {
        let Text { start, end, escaped } = self.columns.names.get(id as usize)?.text();
        (!escaped && self.body.get(start..end)?.is_ascii()).then_some(start..end)
    }

    pub(super) fn name(&self, id: u32) -> Cow<'_, str> {
        self.columns.names.get(id as usize).map_or(Cow::Borrowed(""), |name| decode(&self.body, name.text()))
    }

    /// The name of an unreadable item, where at least that was readable.
    pub(super) fn problem_name(&self, problem: &Problem) -> Cow<'_, str> {
        problem.name.map_or(Cow::Borrowed(""), |(start, end, escaped)| decode(&self.body, Text { start, end, escaped }))
    }

    pub(super) fn find(&self, name: &str) -> Option<u32> {
        let hash = self.columns.hasher.hash_one(name);
        let same = |id: &u32| {
            self.columns.names.get(*id as usize).is_some_and(|known| known.hash == hash) && self.name(*id) == name
        };
        self.columns.name_table.find(hash, same).copied()
    }
}
