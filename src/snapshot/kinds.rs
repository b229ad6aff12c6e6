//! What each value is, and whether its reading has a note: a byte for each entry, found with the first question about either.

use super::snapshot::Snapshot;
use super::store::{Entry, EntryId};
use crate::value::json::JsonKind;
use crate::value::{Note, ValueType, is_surely_text};

/// By their words; an item that could not be read stands before all of them.
const TYPES: [ValueType; 7] = [
    ValueType::Array,
    ValueType::Boolean,
    ValueType::Integer,
    ValueType::Null,
    ValueType::Number,
    ValueType::Object,
    ValueType::String,
];
/// A text without a note.
const STRING: u8 = TYPES.len() as u8;
/// The place of the type among them, from 1.
const TYPE: u8 = 0b0000_1111;
const NOTED: u8 = 0b0001_0000;
/// The note may be told of a value that is hidden, too.
const OF_NOTHING: u8 = 0b0010_0000;

/// One entry's.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kind(u8);

impl Kind {
    pub(super) fn value_type(self) -> Option<ValueType> {
        usize::from(self.0 & TYPE).checked_sub(1).and_then(|place| TYPES.get(place)).copied()
    }

    pub(super) fn has_note(self) -> bool {
        self.0 & NOTED != 0
    }

    pub(super) fn note_tells_nothing(self) -> bool {
        self.0 & OF_NOTHING != 0
    }
}

impl Snapshot {
    pub(super) fn kind(&self, id: EntryId) -> Kind {
        Kind(self.kinds().get(id as usize).copied().unwrap_or_default())
    }

    fn kinds(&self) -> &[u8] {
        self.kinds.get_or_init(|| {
            let all = self.store.columns.all().map(|(_, entry)| match entry.is_unreadable() {
                true => 0,
                false if self.is_surely_text(entry) => STRING,
                false => self.look(entry, |view| {
                    let place = TYPES.iter().position(|known| *known == view.value_type());
                    let place = place.and_then(|place| u8::try_from(place + 1).ok()).unwrap_or_default();
                    place
                        | view
                            .note
                            .as_ref()
                            .map_or(0, |note| NOTED | if Note::tells_nothing(note) { OF_NOTHING } else { 0 })
                }),
            });
            all.collect()
        })
    }

    /// Nearly all texts are told by their first characters, and those that are long are most of the body.
    fn is_surely_text(&self, entry: Entry) -> bool {
        let is_free = matches!(self.store.columns.declared(entry), None | Some("string"));
        let inside = || self.store.bytes(entry).strip_prefix(b"\"").unwrap_or_default();
        is_free && entry.kind == JsonKind::String && !entry.is_too_deep() && is_surely_text(inside())
    }

    /// Rows by the words for what their values are; those of one type keep their order.
    pub(super) fn by_type(&self, rows: &[EntryId]) -> Vec<EntryId> {
        let mut sorted = Vec::with_capacity(rows.len());
        for place in 0..=TYPE {
            sorted.extend(rows.iter().filter(|id| self.kind(**id).0 & TYPE == place));
        }
        sorted
    }
}
