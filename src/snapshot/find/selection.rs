//! Which entries a search lets through.

use super::expression::{Expression, Term};
use super::filter::Filter;
use super::needle::Needle;
use super::paths::{any_path, any_path_inside};
use super::question::{Flag, PathWord, Test, TextTest, is_number};
use crate::snapshot::mask::{Hidden, Mask};
use crate::snapshot::row::RowChange;
use crate::snapshot::snapshot::Snapshot;
use crate::snapshot::store::{Entry, EntryId};
use crate::value::json::{Scanned, scan_value, unescape};
use crate::value::{Value, compare_decimals, same_decimal};
use std::borrow::Cow;
use std::rc::Rc;

/// What a search is seen through.
#[derive(Debug, Clone, Copy)]
pub struct Lens<'a> {
    /// What changed is told by it. Default: nothing has changed.
    pub earlier: Option<&'a Snapshot>,
    /// What it hides is not found. Default: it hides nothing.
    pub mask: &'a Mask,
}

/// Whether a path in a variable of this name passes; its document, where it has one.
type AnyPath = fn(&str, Option<(&str, Scanned)>, &TextTest) -> bool;

/// So many rows are fetched from memory together.
const AT_ONCE: usize = 32;
/// No row has this number.
const NONE: EntryId = EntryId::MAX;

/// One search through one snapshot.
pub(in crate::snapshot) struct Selection<'a> {
    snapshot: &'a Snapshot,
    lens: Lens<'a>,
    terms: Vec<(&'a Term, Vec<Option<Filter<'a>>>)>,
    /// Whether it is one text that may stand anywhere, which is what people mostly type.
    is_anywhere: bool,
    found: Vec<EntryId>,
    /// The places of those among them that have to be looked at.
    open: Vec<usize>,
}

impl<'a> Selection<'a> {
    pub(in crate::snapshot) fn new(
        snapshot: &'a Snapshot,
        expression: &'a Expression,
        lens: Lens<'a>,
    ) -> Selection<'a> {
        let filter = |test: &'a Test| match test {
            Test::Anywhere(needle)
            | Test::Inside(PathWord { name: needle, .. })
            | Test::Path(_, Some(needle))
            | Test::Name(TextTest::Contains(needle))
            | Test::Value(TextTest::Contains(needle), _)
            | Test::Value(_, Some(needle)) => Some(Filter::new(snapshot, needle)),
            _ => None,
        };
        let terms = expression.terms.iter().map(|term| (term, term.any_of.iter().map(filter).collect())).collect();
        let is_anywhere = match expression.terms.as_slice() {
            [Term { negated: false, any_of, .. }] => matches!(any_of.as_slice(), [Test::Anywhere(_)]),
            _ => false,
        };
        Selection { snapshot, lens, terms, is_anywhere, found: Vec::new(), open: Vec::new() }
    }

    /// Takes a row, if it passes or has to be looked at: the more of these are looked at together, the less is waited for memory.
    #[inline(always)]
    pub(in crate::snapshot) fn take(&mut self, id: EntryId, entry: Entry) {
        match self.foresees(id, entry) {
            Some(false) => return,
            Some(true) => {}
            None => self.open.push(self.found.len()),
        }
        self.found.push(id);
    }

    /// The rows that pass, in the order in which they were taken. Others may be taken after them.
    pub(in crate::snapshot) fn found(&mut self) -> Vec<EntryId> {
        let (mut found, open) = (std::mem::take(&mut self.found), std::mem::take(&mut self.open));
        for batch in open.chunks(AT_ONCE) {
            let mut touched = 0;
            for place in batch {
                touched ^= found.get(*place).map_or(0, |id| self.snapshot.store.touch(*id));
            }
            std::hint::black_box(touched);
            for place in batch {
                let Some(slot) = found.get_mut(*place) else { continue };
                let passes = self.snapshot.store.columns.entry(*slot).is_some_and(|entry| self.looks(*slot, entry));
                if !passes {
                    *slot = NONE;
                }
            }
        }
        if !open.is_empty() {
            found.retain(|id| *id != NONE);
        }
        found
    }

    /// Whether an entry passes, where no value has to be read for it.
    #[inline(always)]
    fn foresees(&mut self, id: EntryId, entry: Entry) -> Option<bool> {
        if !self.lens.mask.is_off() || entry.is_unreadable() {
            return None;
        }
        if self.is_anywhere
            && let [(_, filters)] = self.terms.as_slice()
            && let [Some(filter)] = filters.as_slice()
        {
            return filter.foresees(id, entry);
        }
        self.foresees_terms(id, entry)
    }

    #[inline(never)]
    fn foresees_terms(&mut self, id: EntryId, entry: Entry) -> Option<bool> {
        let columns = &self.snapshot.store.columns;
        let mut foreseen = Some(true);
        for (term, filters) in &mut self.terms {
            let mut passes = Some(false);
            for (test, filter) in term.any_of.iter().zip(filters) {
                let one = match (test, filter) {
                    (Test::Scope(test), _) => Some(test.passes(columns.scope(entry))),
                    (Test::Name(TextTest::Contains(_)), Some(filter)) => Some(filter.is_in_name(entry.name)),
                    (Test::Flag(Flag::System, wanted), _) => Some(entry.is_system() == *wanted),
                    (Test::Flag(Flag::Shadowed, wanted), _) => Some(columns.is_hidden(entry) == *wanted),
                    (Test::Anywhere(_), Some(filter)) => filter.foresees(id, entry),
                    _ => None,
                };
                match one {
                    Some(false) => {}
                    Some(true) => {
                        passes = one;
                        break;
                    }
                    None => passes = None,
                }
            }
            match passes {
                Some(passes) if passes == term.negated => return Some(false),
                Some(_) => {}
                None => foreseen = None,
            }
        }
        foreseen
    }

    fn looks(&mut self, id: EntryId, entry: Entry) -> bool {
        let look = Look { snapshot: self.snapshot, lens: self.lens, id, entry };
        self.terms.iter_mut().all(|(term, filters)| {
            let passes = term.any_of.iter().zip(filters).any(|(test, filter)| look.passes(test, filter.as_mut()));
            passes != term.negated
        })
    }
}

/// One entry, looked at.
pub(super) struct Look<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) lens: Lens<'a>,
    pub(super) id: EntryId,
    pub(super) entry: Entry,
}

impl Look<'_> {
    pub(super) fn passes(&self, test: &Test, filter: Option<&mut Filter<'_>>) -> bool {
        let unreadable = self.entry.is_unreadable();
        match (test, filter) {
            (Test::Anywhere(needle), Some(filter)) => {
                (self.replaces() || filter.shows(self.id, self.entry)) && self.is_seen(needle, true, true)
            }
            (Test::Name(TextTest::Contains(needle)), Some(filter)) if !unreadable => {
                filter.is_in_name(self.entry.name) && self.is_seen(needle, true, false)
            }
            (Test::Value(TextTest::Contains(needle), _), Some(filter)) if !unreadable => {
                (self.replaces() || filter.is_in_value(self.id, self.entry)) && self.is_seen(needle, false, true)
            }
            (Test::Name(test), _) => test.passes(&self.name()),
            (Test::Value(test, _), Some(filter)) => {
                // What the mask puts in its place has other letters.
                (unreadable || filter.is_in_value(self.id, self.entry) || !self.is_the_same(test))
                    && self.value_passes(test)
            }
            (Test::Value(test, _), None) => self.value_passes(test),
            (Test::Scope(test), _) => {
                !unreadable
                    && if self.lens.mask.is_off() {
                        test.passes(self.snapshot.store.columns.scope(self.entry))
                    } else {
                        test.passes(&self.snapshot.shown_scope(self.entry, self.lens.mask, &mut Hidden::default()))
                    }
            }
            // A hidden name stands in a path as the mask shows it, and one that is escaped in what cannot be read as it is meant.
            (Test::Path(test, _), Some(filter)) => {
                (unreadable || filter.shows(self.id, self.entry) || self.hides_name())
                    && self.path_passes(test, any_path)
            }
            (Test::Path(test, _), None) => self.path_passes(test, any_path),
            (Test::Inside(word), Some(filter)) => {
                filter.shows(self.id, self.entry) && self.path_passes(&word.path, any_path_inside)
            }
            (Test::Note(test), _) => {
                let passes = |code: &str| test.passes(code);
                self.note_code().is_some_and(passes)
            }
            (Test::Number(order, number), _) => {
                !unreadable
                    && self.snapshot.look(self.entry, |view| match &view.value {
                        Value::Integer(text) | Value::Number(text) => {
                            compare_decimals(text, number).is_some_and(|is| order.holds(is))
                        }
                        _ => false,
                    })
                    && !self.hides()
            }
            (Test::Type(wanted), _) => {
                self.snapshot.kind(self.id).value_type().is_some_and(|value_type| value_type.fits(*wanted))
            }
            (Test::Size(order, bytes), _) => {
                order.holds((self.snapshot.told_size(self.id, self.entry, self.lens.mask) as u64).cmp(bytes))
            }
            (Test::Flag(flag, wanted), _) => self.flag(*flag) == *wanted,
            (Test::Anywhere(_) | Test::Inside(_), None) => false,
        }
    }

    fn flag(&self, flag: Flag) -> bool {
        let entry = self.entry;
        match flag {
            Flag::Unreadable => entry.is_unreadable(),
            Flag::Masked => self.hides() || self.hides_name(),
            _ if entry.is_unreadable() => false,
            Flag::System => entry.is_system(),
            Flag::Shadowed => self.snapshot.store.columns.is_hidden(entry),
            Flag::Noted => self.is_noted(),
            Flag::Added => self.change() == Some(RowChange::Added),
            Flag::Changed => self.change() == Some(RowChange::Changed),
            Flag::Removed => false,
        }
    }

    fn change(&self) -> Option<RowChange> {
        self.lens.earlier.and_then(|earlier| self.snapshot.row_change(self.id, earlier))
    }

    pub(super) fn name(&self) -> Cow<'_, str> {
        if !self.entry.is_unreadable() && !self.hides_name() {
            return self.snapshot.store.name(self.entry.name);
        }
        self.snapshot.shown_name(self.id, self.entry, self.lens.mask, &mut Hidden::default())
    }

    /// Whether the reading has a note that is told. Where anything of the value is hidden, none is that speaks of it.
    fn is_noted(&self) -> bool {
        let kind = self.snapshot.kind(self.id);
        kind.has_note() && (kind.note_tells_nothing() || !self.hides())
    }

    /// The code of such a note.
    fn note_code(&self) -> Option<&'static str> {
        if !self.is_noted() {
            return None;
        }
        self.snapshot.look(self.entry, |view| view.note.map(|note| note.code.as_str()))
    }

    fn hides_name(&self) -> bool {
        self.snapshot.hides_name(self.id, self.entry, self.lens.mask)
    }

    fn hides(&self) -> bool {
        self.snapshot.hides(self.id, self.entry, self.lens.mask)
    }

    /// What stands in the value's place, where anything is hidden.
    pub(super) fn covered_if_hidden(&self) -> Option<Rc<str>> {
        self.snapshot.cover(self.id, self.entry, self.lens.mask)
    }

    /// Whether a text is in the value, as far as it is not hidden.
    pub(super) fn has_in_value(&self, needle: &Needle) -> bool {
        if !self.lens.mask.is_off() {
            return self.is_seen_in_value(needle, true);
        }
        if self.entry.is_unreadable() {
            return needle.is_in(&self.snapshot.store.source(self.entry));
        }
        self.snapshot.is_in_value(needle, self.entry)
    }

    /// Whether what was found is not behind the mask.
    fn is_seen(&self, needle: &Needle, in_name: bool, in_value: bool) -> bool {
        if self.lens.mask.is_off() {
            return true;
        }
        if in_name && needle.is_in(&self.name()) {
            return true;
        }
        // What was found and is not in the name is in the value.
        in_value && self.is_seen_in_value(needle, self.replaces() || (in_name && self.hides_name()))
    }

    /// Whether something may stand in a value that did not come: what came then says nothing of it.
    fn replaces(&self) -> bool {
        self.lens.mask.replaces()
    }

    fn is_seen_in_value(&self, needle: &Needle, looks: bool) -> bool {
        if let Some(text) = self.covered_if_hidden() {
            return needle.is_in(&text) || unescape(&text).is_some_and(|text| needle.is_in(&text));
        }
        !looks || self.snapshot.is_in_value(needle, self.entry)
    }

    fn value_passes(&self, test: &TextTest) -> bool {
        if self.is_the_same(test) && !self.entry.is_unreadable() {
            return self.value_itself_passes(test) && !self.hides();
        }
        if let Some(text) = self.covered_if_hidden() {
            return test.passes(&text);
        }
        self.value_itself_passes(test)
    }

    /// Whether a text is asked for that is none where anything is hidden: a mark stands there, or what the host says.
    fn is_the_same(&self, test: &TextTest) -> bool {
        matches!(test, TextTest::Is(wanted) if self.lens.mask.marks_are_not(wanted))
    }

    fn value_itself_passes(&self, test: &TextTest) -> bool {
        if self.entry.is_unreadable() {
            return test.passes(&self.snapshot.store.source(self.entry));
        }
        self.snapshot.look(self.entry, |view| match &view.value {
            Value::Null => test.passes("null"),
            Value::Boolean(value) => test.passes(if *value { "true" } else { "false" }),
            Value::Integer(text) | Value::Number(text) => {
                test.passes(text)
                    || matches!(test, TextTest::Is(wanted) if is_number(wanted) && same_decimal(text, wanted))
            }
            Value::String(text) | Value::Array(text) | Value::Object(text) => test.passes(text),
            Value::NonFinite(_) => test.passes(view.raw),
        })
    }

    fn path_passes(&self, test: &TextTest, any_path: AnyPath) -> bool {
        let name = self.name();
        if self.entry.is_unreadable() {
            return any_path(&name, None, test);
        }
        let passes = self.snapshot.look(self.entry, |view| match &view.value {
            Value::Array(source) | Value::Object(source) => {
                any_path(&name, scan_value(source.as_bytes(), 0).ok().map(|value| (source.as_ref(), value)), test)
            }
            _ => any_path(&name, None, test),
        });
        // What is asked last takes longest.
        passes && (!self.hides() || any_path(&name, None, test))
    }
}
