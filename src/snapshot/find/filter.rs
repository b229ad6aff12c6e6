//! Which entries hold a text: those whose letters cannot make it are passed over, and only the entries that bytes cannot
//! judge are read.

use super::index::LetterIndex;
use super::letters::Letters;
use super::needle::Needle;
use super::run::Run;
use crate::snapshot::snapshot::Snapshot;
use crate::snapshot::store::{Entry, EntryId};
use crate::value::json::{JsonKind, unescape};
use crate::value::{Policy, Value};

/// What readings of texts as numbers, truth values and `null` are written with.
const OF_READINGS: &str = "0123456789.-+aefilnrstuy";

/// One search through the entries of a snapshot, in any order.
pub(super) struct Filter<'a> {
    snapshot: &'a Snapshot,
    needle: &'a Needle,
    index: &'a LetterIndex,
    /// What stands in every text that has it.
    wanted: Letters,
    /// The text, where it is one character that the index tells by itself.
    only: Option<u8>,
    /// Texts may be shown otherwise than they came.
    reads: bool,
    /// Whether the text is in a name, for the names that were met.
    names: Vec<Option<bool>>,
}

impl<'a> Filter<'a> {
    pub(super) fn new(snapshot: &'a Snapshot, needle: &'a Needle) -> Filter<'a> {
        Filter {
            snapshot,
            needle,
            index: snapshot.letters.get_or_init(|| LetterIndex::of(&snapshot.store)),
            wanted: Letters::wanted(&needle.plain().into_iter().flat_map(Run::bytes).collect::<Vec<u8>>()),
            only: needle.only_byte().filter(|byte| Letters::tells(*byte)),
            reads: snapshot.may_show_otherwise(needle),
            names: vec![None; snapshot.len()],
        }
    }

    /// Whether the text is in a readable entry's name or value, where the index says.
    #[inline(always)]
    pub(super) fn foresees(&self, id: EntryId, entry: Entry) -> Option<bool> {
        let (name, value) = (self.index.name(entry.name), self.index.value(id));
        let (in_name, in_value) = (name.has_all(self.wanted), value.has_all(self.wanted) || self.reads);
        if !(in_name || in_value) {
            return Some(false);
        }
        let in_name = in_name && self.only.is_some() && !name.is_not_told();
        (in_name || (in_value && self.tells_value(entry, value))).then_some(true)
    }

    /// Whether a value whose letters are those that are looked for surely has the text.
    #[inline(always)]
    fn tells_value(&self, entry: Entry, letters: Letters) -> bool {
        // After a backslash a letter may be an escape's.
        let is_letter = |byte| !has_escapes(entry) || !matches!(byte, b'b' | b'f' | b'n' | b'r' | b't' | b'u');
        !self.reads && !letters.is_not_told() && self.only.is_some_and(is_letter)
    }

    /// Whether the text is in the entry's name or value; for an unreadable item, in what came.
    #[inline(always)]
    pub(super) fn shows(&mut self, id: EntryId, entry: Entry) -> bool {
        if entry.is_unreadable() {
            return self.needle.is_in(&self.snapshot.store.source(entry));
        }
        self.is_in_name(entry.name) || self.is_in_value(id, entry)
    }

    #[inline(always)]
    pub(super) fn is_in_name(&mut self, name: u32) -> bool {
        let letters = self.index.name(name);
        letters.has_all(self.wanted) && self.looks_in_name(name, letters)
    }

    fn looks_in_name(&mut self, name: u32, letters: Letters) -> bool {
        if self.only.is_some() && !letters.is_not_told() {
            return true;
        }
        if let Some(known) = self.names.get(name as usize).copied().flatten() {
            return known;
        }
        let store = &self.snapshot.store;
        let found = match self.needle.plain().filter(|_| !letters.is_not_told()) {
            Some(run) => {
                run.first_in(&store.body, store.name_span(name)).is_some()
                    && (self.needle.is_plain() || self.needle.is_in(&store.name(name)))
            }
            None => self.needle.is_in(&store.name(name)),
        };
        if let Some(slot) = self.names.get_mut(name as usize) {
            *slot = Some(found);
        }
        found
    }

    #[inline(always)]
    pub(super) fn is_in_value(&self, id: EntryId, entry: Entry) -> bool {
        let letters = self.index.value(id);
        (letters.has_all(self.wanted) || self.reads) && self.looks_in_value(entry, letters)
    }

    fn looks_in_value(&self, entry: Entry, letters: Letters) -> bool {
        let is_text = entry.kind == JsonKind::String;
        let Some(run) = self.needle.plain().filter(|_| !(letters.is_not_told() || is_text && self.reads)) else {
            return self.snapshot.is_in_value(self.needle, entry);
        };
        if !letters.has_all(self.wanted) {
            return false;
        }
        if self.tells_value(entry, letters) {
            return true;
        }
        let (start, end) = entry.span();
        let body = &self.snapshot.store.body;
        let Some(at) = run.first_in(body, start..end) else { return false };
        let is_certain = !has_escapes(entry) || at.checked_sub(1).and_then(|at| body.get(at)) != Some(&b'\\');
        (is_certain && self.needle.is_plain()) || self.snapshot.is_in_value(self.needle, entry)
    }
}

fn has_escapes(entry: Entry) -> bool {
    entry.is_escaped() && entry.kind == JsonKind::String
}

impl Snapshot {
    /// Whether a text may be shown that did not come: `1_000` reads as 1000 where texts are read as Python reads them.
    fn may_show_otherwise(&self, needle: &Needle) -> bool {
        let reads = [self.policy, self.stringified_policy].contains(&Policy::Reference);
        reads && needle.folded().chars().all(|c| OF_READINGS.contains(c))
    }

    /// Whether a text is in what came, in what is shown, or in what the escapes of a document stand for. What came is read only
    /// where that differs.
    pub(super) fn is_in_value(&self, needle: &Needle, entry: Entry) -> bool {
        let (found, escapes) = self.with_raw(entry, |raw| (needle.is_in(raw), raw.contains('\\')));
        found
            || ((escapes || self.may_show_otherwise(needle))
                && self.look(entry, |view| match view.value {
                    Value::Array(_) | Value::Object(_) => {
                        escapes && unescape(view.raw).is_some_and(|text| needle.is_in(&text))
                    }
                    Value::String(text) => text != view.raw && needle.is_in(&text),
                    Value::Integer(text) | Value::Number(text) => needle.is_in(&text),
                    Value::Boolean(value) => needle.is_in(if value { "true" } else { "false" }),
                    Value::Null => needle.is_in("null"),
                    Value::NonFinite(_) => false,
                }))
    }
}
