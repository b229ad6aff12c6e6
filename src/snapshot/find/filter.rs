//! Which entries hold a text: the body is searched as one, and only the entries that this cannot judge are read.

use super::hits::Hits;
use super::needle::Needle;
use super::run::Run;
use crate::snapshot::snapshot::Snapshot;
use crate::snapshot::store::{Entry, EntryId};
use crate::value::json::{JsonKind, unescape};
use crate::value::{Policy, Value};
use std::ops::Range;

/// Where these bytes are, a text may be that is spelled otherwise: `\u` escapes, and the two characters from outside of
/// ASCII that fold to a letter of ASCII, the Kelvin sign and the long s.
const UNPLAIN: [&str; 3] = ["\\u", "\u{212a}", "\u{17f}"];

/// What readings of texts as numbers, truth values and `null` are written with.
const OF_READINGS: &str = "0123456789.-+aefilnrstuy";

fn span(entry: Entry) -> Range<usize> {
    let (start, end) = entry.span();
    start..end
}

/// One search, entry by entry in their order.
pub(super) struct Filter<'a> {
    snapshot: &'a Snapshot,
    needle: &'a Needle,
    hits: Option<Hits<'a>>,
    /// What is left of the entries that have to be read.
    unplain: &'a [EntryId],
    /// Whether the text is in a name, for the names that were met.
    names: Vec<Option<bool>>,
}

impl<'a> Filter<'a> {
    pub(super) fn new(snapshot: &'a Snapshot, needle: &'a Needle) -> Filter<'a> {
        Filter {
            snapshot,
            needle,
            hits: needle.plain().map(|run| Hits::new(run, &snapshot.store.body)),
            unplain: snapshot.unplain.get_or_init(|| snapshot.find_unplain()),
            names: vec![None; snapshot.len()],
        }
    }

    /// Whether the text is in the entry's name or value; for an unreadable item, in what came.
    pub(super) fn shows(&mut self, id: EntryId, entry: Entry) -> bool {
        if entry.is_unreadable() {
            return self.needle.is_in(&self.snapshot.store.source(entry));
        }
        self.is_in_name(entry.name) || self.is_in_value(id, entry)
    }

    pub(super) fn is_in_name(&mut self, name: u32) -> bool {
        if let Some(known) = self.names.get(name as usize).copied().flatten() {
            return known;
        }
        let store = &self.snapshot.store;
        let found = match (&mut self.hits, store.plain_name(name)) {
            (Some(hits), Some(span)) => {
                hits.first_in(span).is_some() && (self.needle.is_plain() || self.needle.is_in(&store.name(name)))
            }
            _ => self.needle.is_in(&store.name(name)),
        };
        if let Some(slot) = self.names.get_mut(name as usize) {
            *slot = Some(found);
        }
        found
    }

    pub(super) fn is_in_value(&mut self, id: EntryId, entry: Entry) -> bool {
        while let Some((_, later)) = self.unplain.split_first().filter(|(first, _)| **first < id) {
            self.unplain = later;
        }
        if entry.kind == JsonKind::String && self.snapshot.may_show_otherwise(self.needle) {
            return self.snapshot.is_in_value(self.needle, entry);
        }
        let Some(hits) = self.hits.as_mut().filter(|_| self.unplain.first() != Some(&id)) else {
            return self.snapshot.is_in_value(self.needle, entry);
        };
        let Some(at) = hits.first_in(span(entry)) else { return false };
        let is_text = entry.is_escaped() && entry.kind == JsonKind::String;
        // After a backslash the first letter may be an escape's.
        let is_certain = !is_text || at.checked_sub(1).and_then(|at| self.snapshot.store.body.get(at)) != Some(&b'\\');
        (is_certain && self.needle.is_plain()) || self.snapshot.is_in_value(self.needle, entry)
    }
}

impl Snapshot {
    fn find_unplain(&self) -> Vec<EntryId> {
        let runs = UNPLAIN.map(Run::exactly);
        let mut each: Vec<Hits<'_>> = runs.iter().flatten().map(|run| Hits::new(run, &self.store.body)).collect();
        let is_unplain = |(id, entry): (EntryId, Entry)| {
            each.iter_mut().any(|hits| hits.first_in(span(entry)).is_some()).then_some(id)
        };
        self.store.columns.all().filter_map(is_unplain).collect()
    }

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
