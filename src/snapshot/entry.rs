//! What one entry of the store means: its reading, made when somebody looks.

use super::mask::Masked;
use super::origin::Origin;
use super::snapshot::Snapshot;
use super::store::{Entry, EntryId};
use crate::value::json::{JsonKind, unescape, validate};
use crate::value::{MAX_TEXT_DEPTH, Note, Policy, Reading, Value, ValueType, read_json, read_text, too_deep};
use std::borrow::Cow;

/// One variable, by itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Variable {
    /// Its row's id.
    pub entry: EntryId,
    /// Its name.
    pub name: String,
    /// The reading, or the typed value as it came.
    pub value: Value<'static>,
    /// What came: the text itself where the value was a text, else its JSON source.
    pub raw: String,
    /// Whether `raw` is a text rather than JSON source.
    pub raw_is_text: bool,
    /// What the value is.
    pub value_type: ValueType,
    /// Its scope.
    pub scope: String,
    /// Whether it belongs to the platform.
    pub is_system: bool,
    /// Why the text was not read, or what the reading loses.
    pub note: Option<Note>,
    /// What the platform put in the place of the value.
    pub origin: Option<Origin>,
    /// What a mask did to the value, where one hid something of it.
    pub masked: Option<Masked>,
}

/// The reading of an entry, borrowed from the store where it can be.
pub(super) struct View<'a> {
    pub(super) value: Value<'a>,
    pub(super) raw: &'a str,
    pub(super) raw_is_text: bool,
    pub(super) note: Option<Note>,
}

impl<'a> View<'a> {
    /// A text that came as it is.
    pub(super) fn of_text(text: &'a str) -> View<'a> {
        View { value: Value::String(Cow::Borrowed(text)), raw: text, raw_is_text: true, note: None }
    }
}

impl View<'_> {
    pub(super) fn value_type(&self) -> ValueType {
        self.value.value_type()
    }

    /// Whether what is shown is not simply what came.
    pub(super) fn differs_from_raw(&self) -> bool {
        self.raw_is_text && !matches!(&self.value, Value::String(text) if text == self.raw)
    }
}

impl Snapshot {
    /// Looks at an entry. The reading lives as long as the look.
    pub(super) fn look<R>(&self, entry: Entry, see: impl FnOnce(View<'_>) -> R) -> R {
        let source = self.store.source(entry);
        if entry.is_unreadable() || entry.is_too_deep() {
            let Reading { value, note } = too_deep(&source);
            let note = note.filter(|_| !entry.is_unreadable());
            return see(View { value, raw: &source, raw_is_text: false, note });
        }
        let declared = self.store.columns.declared(entry);
        if entry.kind != JsonKind::String {
            let reading = read_json(&source, declared);
            return see(View { value: reading.value, raw: &source, raw_is_text: false, note: reading.note });
        }
        let text = self.string_text(entry, &source);
        let mut reading = read_text(&text, self.policy_of(entry), declared);
        if let Value::Array(source) | Value::Object(source) = &reading.value
            && self.store.columns.max_depth() < MAX_TEXT_DEPTH
            && validate(source.as_bytes(), self.store.columns.max_depth()).is_err()
        {
            reading = too_deep(&text);
        }
        see(View { value: reading.value, raw: &text, raw_is_text: true, note: reading.note })
    }

    pub(super) fn policy_of(&self, entry: Entry) -> Policy {
        if entry.is_stringified() { self.stringified_policy } else { self.policy }
    }

    fn string_text<'a>(&self, entry: Entry, source: &'a str) -> Cow<'a, str> {
        let inside = source.get(1..source.len().saturating_sub(1)).unwrap_or_default();
        if entry.is_escaped() { unescape(inside).unwrap_or_default() } else { Cow::Borrowed(inside) }
    }

    /// Whether both snapshots read the same bytes in the same way.
    pub(super) fn reads_as(&self, other: &Snapshot) -> bool {
        (self.policy, self.stringified_policy) == (other.policy, other.stringified_policy)
            && self.store.columns.max_depth() == other.store.columns.max_depth()
    }

    /// What came of an entry, without reading it: the text itself, or JSON source.
    pub(super) fn with_raw<R>(&self, entry: Entry, see: impl FnOnce(&str) -> R) -> R {
        let source = self.store.source(entry);
        if entry.is_too_deep() || entry.kind != JsonKind::String {
            return see(&source);
        }
        see(&self.string_text(entry, &source))
    }

    /// The variable of an entry, or `None` for an unreadable one or a number that no entry has.
    pub fn variable(&self, id: EntryId) -> Option<Variable> {
        let entry = self.store.columns.entry(id).filter(|entry| !entry.is_unreadable())?;
        Some(self.look(entry, |view| Variable {
            entry: id,
            name: self.store.name(entry.name).into_owned(),
            value_type: view.value_type(),
            raw: view.raw.to_owned(),
            raw_is_text: view.raw_is_text,
            origin: Origin::of(&view.value, view.raw),
            note: view.note,
            masked: None,
            value: view.value.into_owned(),
            scope: self.store.columns.scope(entry).to_owned(),
            is_system: entry.is_system(),
        }))
    }
}
