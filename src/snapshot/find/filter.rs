//! Which entries hold a text: those whose letters cannot make it are passed over, and only the entries that bytes cannot
//! judge are read.

use super::index::{LetterIndex, Unplain};
use super::letters::Letters;
use super::needle::Needle;
use super::run::Run;
use crate::snapshot::snapshot::Snapshot;
use crate::snapshot::store::{Entry, EntryId};
use crate::value::json::{JsonKind, unescape};
use crate::value::{Policy, Value};
use std::rc::Rc;

/// What readings of texts as numbers, truth values and `null` are written with.
const OF_READINGS: &str = "0123456789.-+aefilnrstuy";

/// One search through the entries of a snapshot, in any order.
pub(super) struct Filter<'a> {
    snapshot: &'a Snapshot,
    needle: &'a Needle,
    index: Rc<LetterIndex>,
    /// How it may be spelled where bytes do not tell.
    unplain: Unplain,
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
        Filter::with(snapshot, needle, snapshot.learned_letters())
    }

    fn with(snapshot: &'a Snapshot, needle: &'a Needle, index: Rc<LetterIndex>) -> Filter<'a> {
        Filter {
            snapshot,
            needle,
            index,
            unplain: Unplain::of(needle.folded()),
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
        let in_name = in_name && self.only.is_some() && name.are_known();
        (in_name || (in_value && self.tells_value(entry, value))).then_some(true)
    }

    /// Whether a value whose letters are those that are looked for surely has the text.
    #[inline(always)]
    fn tells_value(&self, entry: Entry, letters: Letters) -> bool {
        // After a backslash a letter may be an escape's.
        let is_letter = |byte| !has_escapes(entry) || !matches!(byte, b'b' | b'f' | b'n' | b'r' | b't' | b'u');
        !self.reads && letters.are_known() && self.only.is_some_and(is_letter)
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
        if self.only.is_some() && letters.are_known() {
            return true;
        }
        if let Some(known) = self.names.get(name as usize).copied().flatten() {
            return known;
        }
        let store = &self.snapshot.store;
        let is_told = if letters.is_unseen() { store.ascii_name(name).is_some() } else { !letters.is_not_told() };
        let found = match self.needle.plain().filter(|_| is_told) {
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
        let Some(at) = run.first_in(body, start..end) else {
            return letters.is_unseen()
                && self.unplain.is_in(body, &(start..end), letters)
                && self.snapshot.is_in_value(self.needle, entry);
        };
        let is_certain = !has_escapes(entry) || at.checked_sub(1).and_then(|at| body.get(at)) != Some(&b'\\');
        (is_certain && self.needle.is_plain()) || self.snapshot.is_in_value(self.needle, entry)
    }
}

fn has_escapes(entry: Entry) -> bool {
    entry.is_escaped() && entry.kind == JsonKind::String
}

impl Snapshot {
    /// What is known of the letters, which with each search is more.
    fn learned_letters(&self) -> Rc<LetterIndex> {
        let mut letters = self.letters.take();
        // One search may have several filters; then the first has seen to it.
        if let Some(index) = Rc::get_mut(&mut letters) {
            index.learn(&self.store);
        }
        self.letters.replace(Rc::clone(&letters));
        letters
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::IngestOptions;

    /// Names and values, as JSON source, that the same texts stand in with many spellings.
    const ROWS: [(&str, &str); 14] = [
        ("order", r#""sent""#),
        ("K\u{212a}", "\"\u{17f}ession\""),
        (r"or\u0064er", r#""Session""#),
        ("größe", r#""GRÖSSE 7""#),
        ("a", r#""{\"order\":[1,true]}""#),
        ("b", r#""{\"\\u006frder\":\"x\"}""#),
        ("c", r#"{"order":"K"}"#),
        ("d", r#"{"x":"\u006frder \u212a"}"#),
        ("e", r#""line\norder\tk""#),
        ("f", r#""1_000""#),
        ("g", "1e3"),
        ("h", "true"),
        ("i", r#""größe\u00fc""#),
        ("j", r#""\ud800 order""#),
    ];

    #[test]
    fn what_is_not_known_yet_is_found_too() {
        let row = |(name, value): &(&str, &str)| format!(r#"{{"name":"{name}","value":{value},"scope":"user"}}"#);
        for policy in [Policy::Lossless, Policy::Reference] {
            let body = format!(r#"{{"variables":[{}]}}"#, ROWS.iter().map(row).collect::<Vec<_>>().join(","));
            let options = IngestOptions { policy: Some(policy), ..IngestOptions::default() };
            let snapshot = Snapshot::parse(body.into_bytes(), options, 0.0).unwrap();
            for text in
                ["order", "k", "s", "e", "session", "größe", "ü", "1000", "1", "t", "n", "true", "u0", "zz", "\\"]
            {
                let needle = Needle::new(text).unwrap();
                let mut known = Filter::new(&snapshot, &needle);
                let mut unseen = Filter::with(&snapshot, &needle, Rc::default());
                for (id, entry) in snapshot.store.columns.all() {
                    let shows = known.shows(id, entry);
                    assert_eq!(unseen.shows(id, entry), shows, "{text} in row {id}");
                    if !entry.is_unreadable() {
                        assert!(
                            unseen.foresees(id, entry).is_none_or(|foreseen| foreseen == shows),
                            "{text} in row {id}"
                        );
                        assert_eq!(unseen.is_in_name(entry.name), known.is_in_name(entry.name), "{text} in name {id}");
                        assert_eq!(unseen.is_in_value(id, entry), known.is_in_value(id, entry), "{text} in value {id}");
                    }
                }
            }
        }
    }
}
