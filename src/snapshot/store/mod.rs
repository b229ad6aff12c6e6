//! The columnar store: one record of 24 bytes a variable, one of 32 a name, and the bytes that they point into.

mod columns;
mod entry;
mod fill;
mod growth;
mod names;
mod pack;
mod places;
mod recent;
mod reopen;
mod scopes;
mod table;
mod waiting;

pub(super) use columns::{Columns, Mark};
pub(super) use entry::Entry;
pub use entry::EntryId;
pub(super) use names::same_bytes;
pub(super) use pack::{Pack, StoredRow};

use crate::ingest::{Problem, Text};
use crate::value::json::{unescape, unescape_bytes};
use entry::Declared;
use std::borrow::Cow;
use std::ops::Range;

/// Stands where there is no entry, name or scope.
const NONE: u32 = u32::MAX;

/// What lies between is fetched with both ends.
const TOUCHED: usize = 128;

/// Every column of a snapshot, and the bytes.
#[derive(Debug)]
pub(super) struct Store {
    pub(super) body: Vec<u8>,
    pub(super) columns: Columns,
}

impl Store {
    /// Asks memory for the beginning of a value. Whoever does so for some before looking at any waits once for all of them.
    #[inline(always)]
    pub(super) fn touch(&self, id: EntryId) -> u8 {
        let Some((start, end)) = self.columns.entry(id).map(Entry::span) else { return 0 };
        let byte = |at: usize| self.body.get(at).copied().unwrap_or(0);
        byte(start) ^ byte(end.min(start + TOUCHED))
    }

    /// The JSON source of an entry's value; for an unreadable item the whole item, with what is not UTF-8 replaced.
    pub(super) fn source(&self, entry: Entry) -> Cow<'_, str> {
        let bytes = self.bytes(entry);
        // Nearly always, and then quicker told.
        std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
    }

    /// The bytes of an entry's value, as they came.
    pub(super) fn bytes(&self, entry: Entry) -> &[u8] {
        let (start, end) = entry.span();
        self.body.get(start..end).unwrap_or_default()
    }

    /// The text that an entry's value is, where that is a JSON string.
    pub(super) fn text(&self, entry: Entry) -> Option<String> {
        unescape_bytes(self.bytes(entry).strip_prefix(b"\"")?.strip_suffix(b"\"")?)
    }

    /// Where a name stands in the body.
    pub(super) fn name_span(&self, id: u32) -> Range<usize> {
        self.columns.name_text(id).map_or(0..0, |text| text.start..text.end)
    }

    /// A name as it stands in the body, if there it is all ASCII and written without escapes.
    pub(super) fn ascii_name(&self, id: u32) -> Option<&[u8]> {
        let Text { start, end, escaped } = self.columns.name_text(id)?;
        self.body.get(start..end).filter(|name| !escaped && name.is_ascii())
    }

    pub(super) fn name(&self, id: u32) -> Cow<'_, str> {
        self.columns.name_text(id).map_or(Cow::Borrowed(""), |text| decode(&self.body, text))
    }

    /// Whether a name of this store is that of another one.
    pub(super) fn has_name_of(&self, id: u32, other: &Store, other_id: u32) -> bool {
        let (Some(one), Some(two)) = (self.columns.name_text(id), other.columns.name_text(other_id)) else {
            return false;
        };
        if one.escaped || two.escaped {
            return self.name(id) == other.name(other_id);
        }
        same_bytes(
            self.body.get(one.start..one.end).unwrap_or_default(),
            other.body.get(two.start..two.end).unwrap_or_default(),
        )
    }

    /// The name of an unreadable item, where at least that was readable.
    pub(super) fn problem_name(&self, problem: &Problem) -> Cow<'_, str> {
        problem.name.map_or(Cow::Borrowed(""), |(start, end, escaped)| decode(&self.body, Text { start, end, escaped }))
    }

    pub(super) fn find(&self, name: &str) -> Option<u32> {
        self.columns.find_name(&self.body, name)
    }

    /// Says of a name's entries that declare nothing what type they are of.
    pub(super) fn declare(&mut self, name: &str, word: &str) {
        if let Some(name) = self.find(name) {
            self.columns.declare(name, Declared::of(word));
        }
    }
}

/// The text at a place of the body. Items with texts that cannot be decoded never become entries.
fn decode(body: &[u8], text: Text) -> Cow<'_, str> {
    let source = std::str::from_utf8(body.get(text.start..text.end).unwrap_or_default()).unwrap_or_default();
    if text.escaped { unescape(source).unwrap_or_default() } else { Cow::Borrowed(source) }
}

/// Bodies are limited to 1 GiB, so nothing saturates.
fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}
