//! What is known of names and values before they are read: sixteen bytes for each. Found by and by, a part with each search, so
//! that none of them takes long.

use super::letters::Letters;
use super::run::Run;
use crate::snapshot::store::{Entry, EntryId, Store};
use std::ops::Range;

/// Where these bytes are, a text may be that is spelled otherwise: `\u` escapes, and the two characters from outside of
/// ASCII that fold to a letter of ASCII, the Kelvin sign and the long s.
const UNPLAIN: [(&str, Option<char>); 3] = [("\\u", None), ("\u{212a}", Some('k')), ("\u{17f}", Some('s'))];

/// How many searches it takes to know all entries.
const SEARCHES: usize = 4;
/// So many entries take a few milliseconds.
const LEAST: usize = 16_384;

/// The spellings of which a byte by byte search knows nothing, each with the letters that it has.
pub(super) struct Unplain(Vec<(Run, Letters)>);

impl Unplain {
    /// Those that matter to a folded text.
    pub(super) fn of(folded: &str) -> Unplain {
        let matters = |letter: Option<char>| letter.is_none_or(|letter| folded.contains(letter));
        let spellings = UNPLAIN.iter().filter(|(_, letter)| matters(*letter));
        let runs = spellings.filter_map(|(text, _)| Some((Run::exactly(text)?, Letters::wanted(text.as_bytes()))));
        Unplain(runs.collect())
    }

    /// Whether there is one of them in a text that has these letters.
    pub(super) fn is_in(&self, body: &[u8], span: &Range<usize>, letters: Letters) -> bool {
        self.0.iter().any(|(run, wanted)| letters.has_all(*wanted) && run.first_in(body, span.clone()).is_some())
    }
}

/// The letters of names and values, by their numbers.
#[derive(Debug, Clone, Default)]
pub(in crate::snapshot) struct LetterIndex {
    names: Vec<Letters>,
    values: Vec<Letters>,
    /// The last name that was looked at.
    last: Option<u32>,
}

impl LetterIndex {
    /// Gets to know some more entries, if there are any.
    pub(super) fn learn(&mut self, store: &Store) {
        let (known, all) = (self.values.len(), store.columns.all().len());
        if known == all {
            return;
        }
        let unplain = Unplain::of("ks");
        self.names.resize(store.columns.name_count(), Letters::UNSEEN);
        self.values.reserve_exact(all - known);
        for (_, entry) in store.columns.all().skip(known).take(LEAST.max(all.div_ceil(SEARCHES))) {
            // A name's first entry stands right behind it, and names are numbered by their first entries.
            if entry.name < u32::MAX && self.last < Some(entry.name) {
                self.last = Some(entry.name);
                if let Some(slot) = self.names.get_mut(entry.name as usize) {
                    *slot = store.ascii_name(entry.name).map_or(Letters::NOT_TOLD, Letters::of);
                }
            }
            self.values.push(letters_of(store, entry, &unplain));
        }
    }

    #[inline(always)]
    pub(super) fn name(&self, name: u32) -> Letters {
        self.names.get(name as usize).copied().unwrap_or(Letters::UNSEEN)
    }

    #[inline(always)]
    pub(super) fn value(&self, id: EntryId) -> Letters {
        self.values.get(id as usize).copied().unwrap_or(Letters::UNSEEN)
    }
}

fn letters_of(store: &Store, entry: Entry, unplain: &Unplain) -> Letters {
    let letters = Letters::of(store.bytes(entry));
    let (start, end) = entry.span();
    if entry.is_unreadable() || unplain.is_in(&store.body, &(start..end), letters) {
        Letters::NOT_TOLD
    } else {
        letters
    }
}
