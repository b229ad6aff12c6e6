//! A snapshot seen through filter and sort: the rows that a page can ask for.

use super::find::{Expression, Lens, Selection};
use super::mask::Mask;
use super::name_order::NameOrder;
use super::order::Keys;
use super::row::Row;
use super::snapshot::Snapshot;
use super::store::{Entry, EntryId};
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
    /// The sort with this name in the JavaScript contract; a leading `-` reverses.
    ///
    /// ```
    /// use cognigy_session_debugger::snapshot::{Sort, SortKey};
    /// assert_eq!(Sort::parse("-size"), Some(Sort { key: SortKey::Size, reverse: true }));
    /// assert_eq!(Sort::parse("colour"), None);
    /// ```
    pub fn parse(name: &str) -> Option<Sort> {
        let (reverse, name) = name.strip_prefix('-').map_or((false, name), |name| (true, name));
        let key = match name {
            "order" => SortKey::Order,
            "name" => SortKey::Name,
            "scope" => SortKey::Scope,
            "type" => SortKey::Type,
            "size" => SortKey::Size,
            "changed" => SortKey::Changed,
            _ => return None,
        };
        Some(Sort { key, reverse })
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
}

/// So many selections are kept: who scrolls through filtered rows also asks how many there are without the filter.
const KEPT: usize = 3;

/// The rows of a window that was asked for lately.
#[derive(Debug)]
pub(super) struct Selected {
    window: Window,
    /// The snapshot before, by its number, and the mask that the search went through.
    earlier: Option<u64>,
    mask: Mask,
    rows: Rc<[EntryId]>,
}

impl Snapshot {
    /// A window of the rows, and how many rows there are in all.
    pub fn rows(&self, window: &Window) -> (usize, Vec<Row>) {
        self.rows_through(window, Lens { earlier: None, mask: &Mask::off() })
    }

    /// The same for a search that knows the snapshot before, and that a mask hides things from.
    pub fn rows_through(&self, window: &Window, lens: Lens<'_>) -> (usize, Vec<Row>) {
        let selected = self.select(window, lens);
        let limit = window.limit.min(Window::MOST_ROWS);
        let rows = selected.iter().skip(window.offset).take(limit).filter_map(|id| self.row(*id)).collect();
        (selected.len(), rows)
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
        let earlier = lens.earlier.map(|earlier| earlier.number);
        let kept = self.selected.take();
        let is_like = |selected: &&Selected| {
            selected.window.arranges_as(window) && selected.earlier == earlier && selected.mask.is_like(lens.mask)
        };
        let alike = kept.iter().filter(is_like);
        let rows = match alike.clone().find(|selected| selected.window.filter == window.filter) {
            Some(selected) => {
                let rows = Rc::clone(&selected.rows);
                self.selected.replace(kept);
                return rows;
            }
            None => self.search(window, lens, alike),
        };
        let mut kept = kept;
        kept.truncate(KEPT - 1);
        let (window, mask) = (window.clone(), lens.mask.clone());
        kept.insert(0, Selected { window, earlier, mask, rows: Rc::clone(&rows) });
        self.selected.replace(kept);
        rows
    }

    /// The rows of a window, out of those that were selected `before` and are arranged as these.
    fn search<'a>(
        &self,
        window: &Window,
        lens: Lens<'_>,
        mut before: impl Iterator<Item = &'a Selected>,
    ) -> Rc<[EntryId]> {
        let expression = Expression::from(window.filter.as_str());
        let mut selection = (!expression.is_empty()).then(|| Selection::new(self, &expression, lens));
        let columns = &self.store.columns;
        let wider = before.find(|selected| expression.is_within(&Expression::from(selected.window.filter.as_str())));
        if let Some(wider) = wider
            && let Some(mut selection) = selection.take()
        {
            for id in wider.rows.iter() {
                columns.entry(*id).into_iter().for_each(|entry| selection.take(*id, entry));
            }
            return selection.found().into();
        }
        let mut rows = Vec::new();
        for (id, entry) in columns.all() {
            if !self.is_arranged(entry, window) {
                continue;
            }
            match &mut selection {
                Some(selection) => selection.take(id, entry),
                None => rows.push(id),
            }
        }
        if let Some(selection) = selection {
            rows = selection.found();
        }
        self.sort(&mut rows, window.sort, lens);
        rows.into()
    }

    /// Whether a window has room for a row, its search apart.
    #[inline(always)]
    fn is_arranged(&self, entry: Entry, window: &Window) -> bool {
        let columns = &self.store.columns;
        if entry.is_unreadable() {
            // A row that could not be read belongs to no scope; only a text that it does not contain hides it.
            return window.scope.is_none();
        }
        (window.system || !entry.is_system())
            && (window.shadowed || !columns.is_hidden(entry))
            && window.scope.as_ref().is_none_or(|scope| scope == columns.scope(entry))
    }

    fn sort(&self, rows: &mut Vec<EntryId>, sort: Sort, lens: Lens<'_>) {
        if sort.key == SortKey::Name {
            let order = self.name_order.get_or_init(|| NameOrder::of(&self.store));
            order.sort(rows, |id| self.store.columns.entry(id));
        } else if sort.key != SortKey::Order {
            let mut keys = Keys::default();
            for id in rows.iter() {
                if let Some(entry) = self.store.columns.entry(*id) {
                    self.write_key(&mut keys, entry, sort.key, lens);
                }
                keys.end();
            }
            *rows = keys.sorted().into_iter().filter_map(|place| rows.get(place).copied()).collect();
        }
        if sort.reverse {
            rows.reverse();
        }
    }

    fn write_key(&self, keys: &mut Keys, entry: Entry, key: SortKey, lens: Lens<'_>) {
        match key {
            SortKey::Size => keys.number(entry.size()),
            SortKey::Changed => {
                let earlier = lens.earlier.filter(|_| !entry.is_unreadable());
                keys.number(match earlier.map(|earlier| self.change_since(earlier, entry)) {
                    Some(Some(kinds)) if !kinds.is_empty() => 0,
                    Some(None) => 1,
                    _ => 2,
                });
            }
            SortKey::Order | SortKey::Name => {}
            SortKey::Type if entry.is_unreadable() => {}
            SortKey::Type => keys.text(self.look(entry, |view| view.value_type().as_str())),
            SortKey::Scope if entry.is_unreadable() => keys.number(usize::MAX),
            SortKey::Scope => {
                let columns = &self.store.columns;
                let known = columns.precedence().highest_first().count();
                keys.number(known.saturating_sub(usize::try_from(columns.rank(entry) + 1).unwrap_or(0)));
                keys.natural(columns.scope(entry));
            }
        }
    }
}
