//! What is told of an item that could not be read, wherever it is written out.

use super::mask::{Hidden, Mask};
use super::snapshot::Snapshot;
use super::store::{Entry, EntryId};
use std::borrow::Cow;

/// An unreadable item through a mask.
pub(super) struct Told<'a> {
    /// The word for what is wrong.
    pub(super) reason: &'static str,
    /// JSON path of the fault, and `$` where a name in it is hidden.
    pub(super) path: String,
    /// Byte offset of the fault in its page.
    pub(super) offset: usize,
    /// The page, from 1.
    pub(super) page: usize,
    /// The name, where at least that could be read.
    pub(super) name: Option<String>,
    pub(super) source: Source<'a>,
}

/// The item itself.
pub(super) enum Source<'a> {
    /// What the mask leaves: nobody can tell what is secret in what cannot be read.
    Masked(String),
    Text(&'a str),
    /// It is not UTF-8.
    Bytes(&'a [u8]),
}

impl<'a> Source<'a> {
    /// For people: what is not UTF-8 is replaced.
    pub(super) fn shown(&self) -> Cow<'_, str> {
        match self {
            Source::Masked(text) => Cow::Borrowed(text),
            Source::Text(text) => Cow::Borrowed(*text),
            Source::Bytes(bytes) => String::from_utf8_lossy(bytes),
        }
    }
}

impl Snapshot {
    /// `None` for an entry that was read.
    pub(super) fn told(&self, id: EntryId, entry: Entry, mask: &Mask, hidden: &mut Hidden) -> Option<Told<'_>> {
        let problem = self.store.columns.problem(id)?;
        let name = self.store.problem_name(problem);
        let shown = mask.cover_variable_name(&name, hidden);
        let path = problem.path();
        let path = if shown == name { mask.cover_name(&path, hidden).into_owned() } else { String::from("$") };
        let source = if mask.is_off() {
            let bytes = self.store.bytes(entry);
            std::str::from_utf8(bytes).map_or(Source::Bytes(bytes), Source::Text)
        } else {
            Source::Masked(mask.cover_unreadable(hidden))
        };
        Some(Told {
            reason: problem.reason.as_str(),
            path,
            offset: problem.offset,
            page: problem.page,
            name: problem.name.map(|_| shown.into_owned()),
            source,
        })
    }
}
