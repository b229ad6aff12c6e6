//! A search in slices: whoever runs it says when a slice is over, and does other things before the next one.

use super::find::{Expression, Lens, Selection};
use super::mask::{Hidden, Mask, MaskMoment};
use super::row::Row;
use super::snapshot::Snapshot;
use super::store::{Entry, EntryId};
use super::view::{Sort, Window};
use std::rc::Rc;

/// After so many entries, or so many bytes of their values, it is asked whether the slice is over.
const ENTRIES: usize = 64;
const BYTES: usize = 64 * 1_024;

/// A search that is under way. When it is over, its snapshot gives the rows of the window without another one.
///
/// ```
/// use cognigy_session_debugger::snapshot::{IngestOptions, Mask, Search, Snapshot, Window};
/// use std::rc::Rc;
/// let body = br#"{"variables":[{"name":"a","value":1,"scope":"user"},{"name":"b","value":2,"scope":"user"}]}"#;
/// let snapshot = Rc::new(Snapshot::parse(body.to_vec(), IngestOptions::default(), 0.0)?);
/// let window = Window { filter: "b".into(), ..Window::default() };
/// let mut search = Search::new(Rc::clone(&snapshot), window, None, Mask::standard());
/// while !search.step(|| true) {
///     // Other things go first.
/// }
/// assert_eq!(search.total(), Some(1));
/// # Ok::<(), cognigy_session_debugger::Error>(())
/// ```
#[derive(Debug)]
pub struct Search {
    snapshot: Rc<Snapshot>,
    window: Window,
    earlier: Option<Rc<Snapshot>>,
    mask: Mask,
    through: MaskMoment,
    /// The moment at which the last slice ended: what a hook asks meanwhile does not count, what happens between slices does.
    left_at: MaskMoment,
    /// Rows among which all that pass are, in their order; `None`: all entries.
    among: Option<Rc<[EntryId]>>,
    /// The place of the next one to be looked at.
    at: usize,
    found: Vec<EntryId>,
    is_over: bool,
}

impl Search {
    /// A search for the rows of a window, told by `earlier` what changed, and behind a mask. Nothing is looked at yet.
    pub fn new(snapshot: Rc<Snapshot>, window: Window, earlier: Option<Rc<Snapshot>>, mask: Mask) -> Search {
        let mut search = Search {
            snapshot,
            window,
            earlier,
            mask,
            through: MaskMoment::default(),
            left_at: MaskMoment::default(),
            among: None,
            at: 0,
            found: Vec::new(),
            is_over: false,
        };
        search.begin();
        search
    }

    /// From the beginning, behind the mask as it hides now.
    fn begin(&mut self) {
        self.through = MaskMoment::of(&self.mask);
        self.left_at = self.through.clone();
        self.at = 0;
        self.found.clear();
        let expression = Expression::from(self.window.filter.as_str());
        let is_this = |window: &Window| window.filter == self.window.filter;
        let is_known = self.snapshot.selected_before(&self.window, self.lens(), is_this).is_some();
        // What is gone is in the snapshot before, which is not searched.
        self.is_over = is_known || (self.earlier.is_some() && expression.of_removed().is_some());
        self.among = self.snapshot.selected_within(&self.window, self.lens(), &expression);
    }

    /// Goes on until all is searched, or `enough` says so after a part. Gives whether all is.
    pub fn step(&mut self, mut enough: impl FnMut() -> bool) -> bool {
        if !self.is_over && !self.left_at.holds_for(&self.mask) {
            self.begin();
        }
        let expression = Expression::from(self.window.filter.as_str());
        let (snapshot, earlier, mask) = (Rc::clone(&self.snapshot), self.earlier.clone(), self.mask.clone());
        let lens = Lens { earlier: earlier.as_deref(), mask: &mask };
        let mut selection = (!expression.is_empty()).then(|| Selection::new(&snapshot, &expression, lens));
        let all = self.among.as_ref().map_or(snapshot.store.columns.all().len(), |among| among.len());
        while !self.is_over {
            let part = self.part(all);
            match &mut selection {
                Some(selection) => {
                    part.into_iter().for_each(|(id, entry)| selection.take(id, entry));
                    self.found.extend(selection.found());
                }
                None => self.found.extend(part.into_iter().map(|(id, _)| id)),
            }
            if self.at >= all {
                self.end();
            } else if enough() {
                break;
            }
        }
        self.left_at = MaskMoment::of(&self.mask);
        self.is_over
    }

    /// Sees through another state of the same mask from now on: what was revealed may be hidden again.
    pub fn see_through(&mut self, mask: Mask) {
        self.mask = mask;
    }

    /// The next entries that the window has room for.
    fn part(&mut self, all: usize) -> Vec<(EntryId, Entry)> {
        let columns = &self.snapshot.store.columns;
        let (mut part, mut bytes, end) = (Vec::with_capacity(ENTRIES), 0, all.min(self.at + ENTRIES));
        while self.at < end && bytes < BYTES {
            let id = match &self.among {
                Some(among) => among.get(self.at).copied(),
                None => EntryId::try_from(self.at).ok(),
            };
            self.at += 1;
            let Some((id, entry)) = id.and_then(|id| Some((id, columns.entry(id)?))) else { continue };
            if self.among.is_some() || self.snapshot.is_arranged(entry, &self.window, &self.mask) {
                let (start, end) = entry.span();
                bytes += end - start;
                part.push((id, entry));
            }
        }
        part
    }

    /// All are found: they are put in order, and kept by the snapshot.
    fn end(&mut self) {
        let lens = Lens { earlier: self.earlier.as_deref(), mask: &self.mask };
        let mut rows = std::mem::take(&mut self.found);
        if self.among.is_none() {
            self.snapshot.sort(&mut rows, self.window.sort, lens);
        }
        self.snapshot.keep_selected(&self.window, lens.earlier, self.through.clone(), rows);
        self.is_over = true;
    }

    /// How many rows there are, once that is known.
    pub fn total(&self) -> Option<usize> {
        self.is_over.then(|| self.rows(0, &mut Hidden::default()).0)
    }

    /// The first of them, at most [`Window::MOST_ROWS`], once they are known: in another order than that of the body all have to be found
    /// before.
    pub fn first_rows(&self, most: usize, hidden: &mut Hidden) -> Option<Vec<Row>> {
        if self.is_over {
            return Some(self.rows(most, hidden).1);
        }
        let in_order = self.among.is_some() || self.window.sort == Sort::default();
        let known = in_order && self.found.len() >= most;
        let first = self.found.iter().take(most.min(Window::MOST_ROWS));
        known.then(|| first.filter_map(|id| self.snapshot.seen_row(*id, self.lens(), hidden)).collect())
    }

    fn rows(&self, limit: usize, hidden: &mut Hidden) -> (usize, Vec<Row>) {
        let window = Window { offset: 0, limit, ..self.window.clone() };
        self.snapshot.covered_rows(&window, self.lens(), hidden)
    }

    fn lens(&self) -> Lens<'_> {
        Lens { earlier: self.earlier.as_deref(), mask: &self.mask }
    }
}
