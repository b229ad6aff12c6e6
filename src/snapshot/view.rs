//! A snapshot seen through filter and sort: the rows that a page can ask for.

use super::find::{Expression, Lens, Selection};
use super::mask::{Hidden, Mask, MaskMoment};
use super::name_order::NameOrder;
use super::row::{Row, RowChange};
use super::snapshot::Snapshot;
use super::store::{Entry, EntryId};
use crate::value::Keys;
use std::rc::Rc;

/// What rows are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SortKey {
    /// Order of first appearance.
    #[default]
    Order,
    /// Natural order of names: letter case and digits as people read them, names with `_` in front last.
    Name,
    /// Highest scope first.
    Scope,
    /// By the word for the type.
    Type,
    /// Smallest first.
    Size,
    /// What changed since the snapshot before comes first, then what is new. Without one: order of first appearance.
    Changed,
}

/// How rows are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sort {
    /// By what.
    pub key: SortKey,
    /// The other way round.
    pub reverse: bool,
}

impl Sort {
    const WORDS: [(SortKey, &'static str); 6] = [
        (SortKey::Order, "order"),
        (SortKey::Name, "name"),
        (SortKey::Scope, "scope"),
        (SortKey::Type, "type"),
        (SortKey::Size, "size"),
        (SortKey::Changed, "changed"),
    ];

    /// The sort with this name in the JavaScript contract; a leading `-` reverses.
    ///
    /// ```
    /// use cognigy_session_debugger::snapshot::{Sort, SortKey};
    /// assert_eq!(Sort::parse("-size"), Some(Sort { key: SortKey::Size, reverse: true }));
    /// assert_eq!(Sort::parse("colour"), None);
    /// ```
    pub fn parse(name: &str) -> Option<Sort> {
        let (reverse, name) = name.strip_prefix('-').map_or((false, name), |name| (true, name));
        let (key, _) = Self::WORDS.iter().find(|(_, word)| *word == name)?;
        Some(Sort { key: *key, reverse })
    }

    /// The name in the JavaScript contract.
    ///
    /// ```
    /// use cognigy_session_debugger::snapshot::Sort;
    /// assert_eq!(Sort::parse("-size").unwrap().word(), "-size");
    /// ```
    pub fn word(self) -> String {
        let word = Self::WORDS.iter().find(|(key, _)| *key == self.key).map_or("", |(_, word)| word);
        [if self.reverse { "-" } else { "" }, word].concat()
    }
}

/// Which rows, in which order, and which part of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// First row, from 0.
    pub offset: usize,
    /// At most so many rows.
    pub limit: usize,
    /// Only rows that pass this search: an [`Expression`].
    pub filter: String,
    /// The order.
    pub sort: Sort,
    /// Only this scope.
    pub scope: Option<String>,
    /// Show system variables.
    pub system: bool,
    /// Show variables that another one hides.
    pub shadowed: bool,
}

impl Default for Window {
    fn default() -> Window {
        Window {
            offset: 0,
            limit: 100,
            filter: String::new(),
            sort: Sort::default(),
            scope: None,
            system: true,
            shadowed: false,
        }
    }
}

impl Window {
    /// More rows are never given at once.
    pub const MOST_ROWS: usize = 1_000;

    /// Whether the same rows stand in the same order, the filter apart.
    fn arranges_as(&self, other: &Window) -> bool {
        (self.sort, &self.scope, self.system, self.shadowed) == (other.sort, &other.scope, other.system, other.shadowed)
    }

    /// Whether the same rows stand in the same order.
    pub(super) fn selects_as(&self, other: &Window) -> bool {
        self.arranges_as(other) && self.filter == other.filter
    }
}

/// Farther into a snapshot nobody looks without a list of its rows.
const MOST_WALKED: usize = 4 * Window::MOST_ROWS;

/// So many selections are kept: who scrolls through filtered rows also asks how many there are without the filter.
const KEPT: usize = 3;

/// The rows of a window that was asked for lately.
#[derive(Debug)]
pub(super) struct Selected {
    window: Window,
    /// The snapshot before, by its number, and the mask that the search went through.
    earlier: Option<u64>,
    through: MaskMoment,
    rows: Rc<[EntryId]>,
}

impl Snapshot {
    /// A window of the rows, and how many rows there are in all.
    pub fn rows(&self, window: &Window) -> (usize, Vec<Row>) {
        self.rows_through(window, Lens { earlier: None, mask: &Mask::off() })
    }

    /// The same for a search that knows the snapshot before, with rows and search behind a mask.
    pub fn rows_through(&self, window: &Window, lens: Lens<'_>) -> (usize, Vec<Row>) {
        self.covered_rows(window, lens, &mut Hidden::default())
    }

    /// The same; `hidden` counts what the mask hid in these rows.
    ///
    /// A search for `removed:yes` finds rows of the snapshot before, whose entries are numbered there.
    ///
    /// ```
    /// use cognigy_session_debugger::snapshot::{Hidden, IngestOptions, Lens, Mask, RowChange, Snapshot, Window};
    /// let parse = |body: &[u8]| Snapshot::parse(body.to_vec(), IngestOptions::default(), 0.0);
    /// let earlier = parse(br#"{"variables":[{"name":"cart","value":1,"scope":"user"}]}"#)?;
    /// let later = parse(br#"{"variables":[{"name":"paid","value":1,"scope":"user"}]}"#)?;
    /// let window = Window { filter: "removed:yes".into(), ..Window::default() };
    /// let lens = Lens { earlier: Some(&earlier), mask: &Mask::off() };
    /// let (total, rows) = later.covered_rows(&window, lens, &mut Hidden::default());
    /// assert_eq!((total, rows[0].name.as_str(), rows[0].change), (1, "cart", Some(RowChange::Removed)));
    /// # Ok::<(), cognigy_session_debugger::Error>(())
    /// ```
    pub fn covered_rows(&self, window: &Window, lens: Lens<'_>, hidden: &mut Hidden) -> (usize, Vec<Row>) {
        if let Some(earlier) = lens.earlier
            && let Some(filter) = Expression::from(window.filter.as_str()).of_removed()
        {
            return self.gone_rows(earlier, &Window { filter, ..window.clone() }, lens.mask, hidden);
        }
        let limit = window.limit.min(Window::MOST_ROWS);
        let (total, ids) = self.first_of_all(window, limit).unwrap_or_else(|| {
            let selected = self.select(window, lens);
            (selected.len(), selected.iter().skip(window.offset).take(limit).copied().collect())
        });
        (total, ids.into_iter().filter_map(|id| self.seen_row(id, lens, hidden)).collect())
    }

    /// How many rows there are, and the window's, where it is at the beginning of all of them in their own order: the first look
    /// at a snapshot need not wait for a list of its rows.
    fn first_of_all(&self, window: &Window, limit: usize) -> Option<(usize, Vec<EntryId>)> {
        let Window { filter, sort, scope, system, shadowed, offset, .. } = window;
        if !filter.is_empty() || *sort != Sort::default() || scope.is_some() || !system {
            return None;
        }
        let columns = &self.store.columns;
        let total = if *shadowed { columns.all().len() } else { columns.shown_count()? };
        let (start, end) = (total.min(*offset), total.min(offset.saturating_add(limit)));
        let is_shown = |(_, entry): &(EntryId, Entry)| entry.is_unreadable() || *shadowed || !columns.is_hidden(*entry);
        let shown = columns.all().take(MOST_WALKED).filter(is_shown).map(|(id, _)| id);
        let ids: Vec<EntryId> = shown.skip(start).take(end - start).collect();
        (ids.len() == end - start).then_some((total, ids))
    }

    /// Where a row stands among those of a window, from 0, wherever the window begins; `None` where it is not among them.
    ///
    /// ```
    /// use cognigy_session_debugger::snapshot::{IngestOptions, Lens, Mask, Snapshot, Window};
    /// let body = br#"{"variables":[{"name":"b","value":1,"scope":"user"},{"name":"a","value":2,"scope":"user"}]}"#;
    /// let snapshot = Snapshot::parse(body.to_vec(), IngestOptions::default(), 0.0)?;
    /// let window = Window { sort: cognigy_session_debugger::snapshot::Sort::parse("name").unwrap(), ..Window::default() };
    /// let lens = Lens { earlier: None, mask: &Mask::off() };
    /// assert_eq!(snapshot.position(snapshot.entry("b", None).unwrap(), &window, lens), Some(1));
    /// # Ok::<(), cognigy_session_debugger::Error>(())
    /// ```
    pub fn position(&self, entry: EntryId, window: &Window, lens: Lens<'_>) -> Option<usize> {
        self.select(window, lens).iter().position(|id| *id == entry)
    }

    pub(super) fn select(&self, window: &Window, lens: Lens<'_>) -> Rc<[EntryId]> {
        if let Some(rows) = self.selected_before(window, lens, |selected| selected.filter == window.filter) {
            return rows;
        }
        let through = MaskMoment::of(lens.mask);
        let expression = Expression::from(window.filter.as_str());
        let columns = &self.store.columns;
        let rows = match self.selected_within(window, lens, &expression) {
            Some(wider) => {
                let entries = wider.iter().filter_map(|id| Some((*id, columns.entry(*id)?)));
                self.pass(entries, lens, &expression)
            }
            None => {
                let arranged = columns.all().filter(|(_, entry)| self.is_arranged(*entry, window, lens.mask));
                let mut rows = self.pass(arranged, lens, &expression);
                self.sort(&mut rows, window.sort, lens);
                rows
            }
        };
        self.keep_selected(window, lens.earlier, through, rows)
    }

    /// Rows that were selected lately, arranged as these, seen through the same, and by a window that is `wanted`.
    pub(super) fn selected_before(
        &self,
        window: &Window,
        lens: Lens<'_>,
        mut wanted: impl FnMut(&Window) -> bool,
    ) -> Option<Rc<[EntryId]>> {
        let earlier = lens.earlier.map(|earlier| earlier.number);
        let kept = self.selected.take();
        let found = kept.iter().find(|selected| {
            selected.window.arranges_as(window)
                && selected.earlier == earlier
                && selected.through.holds_for(lens.mask)
                && wanted(&selected.window)
        });
        let rows = found.map(|selected| Rc::clone(&selected.rows));
        self.selected.replace(kept);
        rows
    }

    /// Rows of which those that an expression finds are a part.
    pub(super) fn selected_within(
        &self,
        window: &Window,
        lens: Lens<'_>,
        expression: &Expression,
    ) -> Option<Rc<[EntryId]>> {
        if expression.is_empty() {
            return None;
        }
        self.selected_before(window, lens, |wider| expression.is_within(&Expression::from(wider.filter.as_str())))
    }

    /// Those of some entries that an expression finds, in the order in which they come.
    fn pass(
        &self,
        entries: impl Iterator<Item = (EntryId, Entry)>,
        lens: Lens<'_>,
        expression: &Expression,
    ) -> Vec<EntryId> {
        if expression.is_empty() {
            return entries.map(|(id, _)| id).collect();
        }
        let mut selection = Selection::new(self, expression, lens);
        entries.for_each(|(id, entry)| selection.take(id, entry));
        selection.found()
    }

    /// Those of some entries that a window lets through, in its order.
    pub(super) fn select_among(&self, ids: &[EntryId], window: &Window, lens: Lens<'_>) -> Vec<EntryId> {
        let columns = &self.store.columns;
        let entries = ids.iter().filter_map(|id| Some((*id, columns.entry(*id)?)));
        let arranged = entries.filter(|(_, entry)| self.is_arranged(*entry, window, lens.mask));
        let mut rows = self.pass(arranged, lens, &Expression::from(window.filter.as_str()));
        self.sort(&mut rows, window.sort, lens);
        rows
    }

    /// Keeps the rows of a window, for whoever asks for them next.
    pub(super) fn keep_selected(
        &self,
        window: &Window,
        earlier: Option<&Snapshot>,
        through: MaskMoment,
        rows: Vec<EntryId>,
    ) -> Rc<[EntryId]> {
        let (rows, earlier): (Rc<[EntryId]>, _) = (rows.into(), earlier.map(|earlier| earlier.number));
        let mut kept = self.selected.take();
        kept.truncate(KEPT - 1);
        kept.insert(0, Selected { window: window.clone(), earlier, through, rows: Rc::clone(&rows) });
        self.selected.replace(kept);
        rows
    }

    /// Whether a window has room for a row, its search apart.
    #[inline(always)]
    pub(super) fn is_arranged(&self, entry: Entry, window: &Window, mask: &Mask) -> bool {
        let columns = &self.store.columns;
        if entry.is_unreadable() {
            // A row that could not be read belongs to no scope; only a text that it does not contain hides it.
            return window.scope.is_none();
        }
        (window.system || !entry.is_system())
            && (window.shadowed || !columns.is_hidden(entry))
            && window.scope.as_ref().is_none_or(|scope| self.is_in_scope(entry, scope, mask))
    }

    /// Whether an entry is in a scope, as far as the mask tells.
    #[inline(never)]
    fn is_in_scope(&self, entry: Entry, wanted: &str, mask: &Mask) -> bool {
        let scope = self.store.columns.scope(entry);
        if mask.is_off() {
            return wanted == scope;
        }
        match mask.cover_unlisted(&self.store.name(entry.name), &mut Hidden::default()) {
            Some(covered) => wanted == covered,
            None => mask.behind(wanted) == scope,
        }
    }

    pub(super) fn sort(&self, rows: &mut Vec<EntryId>, sort: Sort, lens: Lens<'_>) {
        if sort.key == SortKey::Name {
            self.name_order(lens.mask).sort(rows, |id| self.store.columns.entry(id));
        } else if sort.key == SortKey::Type {
            *rows = self.by_type(rows);
        } else if sort.key != SortKey::Order {
            let mut keys = Keys::default();
            for id in rows.iter() {
                if let Some(entry) = self.store.columns.entry(*id) {
                    self.write_key(&mut keys, (*id, entry), sort.key, lens);
                }
                keys.end();
            }
            *rows = keys.sorted().into_iter().filter_map(|place| rows.get(place).copied()).collect();
        }
        if sort.reverse {
            rows.reverse();
        }
    }

    #[inline(never)]
    fn name_order(&self, mask: &Mask) -> Rc<NameOrder> {
        let kept = self.name_order.take().filter(|(through, _)| through.holds_for(mask));
        let (through, order) =
            kept.unwrap_or_else(|| (MaskMoment::of(mask), Rc::new(NameOrder::of(&self.store, mask))));
        self.name_order.replace(Some((through, Rc::clone(&order))));
        order
    }

    fn write_key(&self, keys: &mut Keys, (id, entry): (EntryId, Entry), key: SortKey, lens: Lens<'_>) {
        match key {
            SortKey::Size => keys.number(self.told_size(id, entry, lens.mask)),
            SortKey::Changed => {
                keys.number(match lens.earlier.and_then(|earlier| self.row_change(id, earlier)) {
                    Some(RowChange::Changed) => 0,
                    Some(RowChange::Added) => 1,
                    Some(RowChange::Removed) | None => 2,
                });
            }
            SortKey::Order | SortKey::Name | SortKey::Type => {}
            SortKey::Scope if entry.is_unreadable() => keys.number(usize::MAX),
            SortKey::Scope => {
                let columns = &self.store.columns;
                let known = columns.precedence().highest_first().count();
                let rank = self.shown_rank(entry, lens.mask);
                keys.number(known.saturating_sub(usize::try_from(rank + 1).unwrap_or(0)));
                keys.natural(&lens.mask.scope_apart(columns.scope(entry), &self.store.name(entry.name)));
            }
        }
    }
}
