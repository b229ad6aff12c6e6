//! The arrangement itself: what a person has set up, over the snapshot that is shown now.

use super::groups::{Group, Grouping};
use super::kept::{Kept, Pin, Place};
use super::lines::{Line, Lines};
use super::members::{Member, Members};
use super::open_value::OpenValue;
use super::row::{ArrangedRow, Item};
use super::spread::{Found, Spread};
use crate::snapshot::explain::Status;
use crate::snapshot::find::Lens;
use crate::snapshot::snapshot::Snapshot;
use crate::snapshot::store::EntryId;
use crate::snapshot::view::Window;
use crate::value::Value;
use std::collections::BTreeMap;
use std::rc::Rc;

/// The rows of a tree table over one snapshot after the other. What is open, folded and pinned is kept by name, so that it
/// survives a refresh, and even a snapshot in which the variable is not there.
///
/// A window of rows costs what is in it, and not what is in the snapshot: an arrangement keeps counts, no rows.
///
/// ```
/// use cognigy_session_debugger::snapshot::*;
/// use std::rc::Rc;
/// let body = br#"{"variables":[
///     {"name":"cart","value":{"items":[{"price":1.10}]},"scope":"user"},
///     {"name":"lang","value":"de","scope":"bot"}]}"#;
/// let snapshot = Rc::new(Snapshot::parse(body.to_vec(), IngestOptions::default(), 0.0)?);
/// let mut arrangement = Arrangement::default();
/// let lens = Lens { earlier: None, mask: &Mask::off() };
/// arrangement.show(snapshot, &Window::default(), Grouping::Scope, lens);
/// arrangement.expand(&Place { name: "cart".into(), scope: None, path: Vec::new() });
/// let depths: Vec<_> = arrangement.rows(0, 10).iter().map(|row| row.depth).collect();
/// assert_eq!(depths, [0, 1, 2, 0, 1]); // user, cart, items, bot, lang
/// # Ok::<(), cognigy_session_debugger::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct Arrangement {
    kept: Kept,
    shown: Option<Shown>,
}

/// What is shown of a snapshot.
#[derive(Debug)]
struct Shown {
    snapshot: Rc<Snapshot>,
    selected: Rc<[EntryId]>,
    by: Grouping,
    lines: Lines,
    /// Each variable that is open and shown, or in a group that is folded.
    values: BTreeMap<EntryId, OpenValue>,
    /// The lines of those that are shown.
    spread: Spread,
}

impl Arrangement {
    /// Shows a snapshot, in the place of the one that was shown: the rows that the window's filter, sort and switches select.
    /// Where the window begins and ends does not matter here. The snapshot is held until the next one is shown.
    ///
    /// Pinned variables are shown even where the filter would hide them.
    pub fn show(&mut self, snapshot: Rc<Snapshot>, window: &Window, by: Grouping, lens: Lens<'_>) {
        let selected = snapshot.select(window, lens);
        self.arrange(snapshot, selected, by);
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.shown.as_ref().map_or(0, |shown| shown.lines.count + shown.spread.below())
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Some of the rows: from `offset` on, at most `limit` and at most [`Window::MOST_ROWS`].
    pub fn rows(&self, offset: usize, limit: usize) -> Vec<ArrangedRow> {
        let mut rows = Vec::new();
        let Some(shown) = &self.shown else { return rows };
        let end = offset.saturating_add(limit.min(Window::MOST_ROWS)).min(self.len());
        while offset + rows.len() < end {
            let before = rows.len();
            match shown.spread.locate(offset + before) {
                Found::Item(line) => rows.extend(shown.line(line, &self.kept)),
                Found::Below(opened, row) => shown.members(opened.place, row, end - offset - before, &mut rows),
            }
            if rows.len() == before {
                break;
            }
        }
        rows
    }

    /// Opens a value: what is in it has rows. Tells whether it was closed. What is above it stays as it is.
    ///
    /// Variables that share name and scope open together, and so do members that share a name.
    pub fn expand(&mut self, place: &Place) -> bool {
        self.turn(place, |kept, scope| kept.open(scope, &place.name, &place.path))
    }

    /// Closes a value. Tells whether it was open. What is open inside it is open again with it.
    pub fn collapse(&mut self, place: &Place) -> bool {
        self.turn(place, |kept, scope| kept.close(scope, &place.name, &place.path))
    }

    /// Shows what is in a group. Tells whether it was folded.
    pub fn expand_group(&mut self, group: &Group) -> bool {
        let was_folded = self.kept.folded.remove(group);
        self.count();
        was_folded
    }

    /// Folds a group: its header alone is shown. Tells whether it was not folded.
    pub fn collapse_group(&mut self, group: Group) -> bool {
        let is_new = self.kept.folded.insert(group);
        self.count();
        is_new
    }

    /// Pins a variable below those that are pinned already. Tells whether that is new.
    pub fn pin(&mut self, pin: Pin) -> bool {
        let is_new = !self.kept.pins.contains(&pin);
        if is_new {
            self.kept.pins.push(pin);
            self.again();
        }
        is_new
    }

    /// Takes a pin away. Tells whether there was one.
    pub fn unpin(&mut self, pin: &Pin) -> bool {
        let before = self.kept.pins.len();
        self.kept.pins.retain(|pinned| pinned != pin);
        let was_pinned = self.kept.pins.len() < before;
        if was_pinned {
            self.again();
        }
        was_pinned
    }

    /// The pins, uppermost first.
    pub fn pins(&self) -> &[Pin] {
        &self.kept.pins
    }

    /// The row of a place, from 0; `None` where it is not there, or does not show as the rows are now.
    pub fn position(&self, place: &Place) -> Option<usize> {
        let shown = self.shown.as_ref()?;
        let (id, ordinals) = shown.seek(place)?;
        let row = shown.spread.row_of(shown.lines.line_of(id)?);
        if ordinals.is_empty() {
            return Some(row);
        }
        Some(row + 1 + shown.values.get(&id)?.row_of(&ordinals)?)
    }

    /// Opens whatever has to be open for a place to show, and gives its row; `None` where it is not there, or was not selected.
    /// That is how one goes to the next hit of a search, wherever it is.
    pub fn reveal(&mut self, place: &Place) -> Option<usize> {
        let shown = self.shown.as_ref()?;
        let (id, _) = shown.seek(place)?;
        if !shown.lines.has(id) {
            return None;
        }
        if let Some(span) = shown.lines.group_of(id).and_then(|group| shown.lines.groups.get(group)) {
            self.kept.folded.remove(&span.group);
        }
        let scope = shown.scope_of(place)?;
        for depth in 0..place.path.len() {
            self.kept.open(scope.clone(), &place.name, place.path.get(..depth).unwrap_or_default());
        }
        self.open(&place.name, &scope);
        self.count();
        self.position(place)
    }

    fn turn(&mut self, place: &Place, turn: impl FnOnce(&mut Kept, String) -> bool) -> bool {
        let known = place.scope.clone();
        let Some(scope) = known.or_else(|| self.shown.as_ref()?.scope_of(place)) else { return false };
        let turned = turn(&mut self.kept, scope.clone());
        if turned {
            self.open(&place.name, &scope);
            self.count();
        }
        turned
    }

    fn again(&mut self) {
        if let Some(shown) = self.shown.take() {
            self.arrange(shown.snapshot, shown.selected, shown.by);
        }
    }

    fn arrange(&mut self, snapshot: Rc<Snapshot>, selected: Rc<[EntryId]>, by: Grouping) {
        let lines = Lines::new(&snapshot, &selected, by, &self.kept);
        let mut shown = Shown { snapshot, selected, by, lines, values: BTreeMap::new(), spread: Spread::default() };
        for (scope, name, paths) in self.kept.values() {
            shown.open(name, scope, Some(paths));
        }
        self.shown = Some(shown);
        self.count();
    }

    /// Reads again what is open of a variable.
    fn open(&mut self, name: &str, scope: &str) {
        let paths = self.kept.values().find(|(of, called, _)| (*of, *called) == (scope, name));
        if let Some(shown) = &mut self.shown {
            shown.open(name, scope, paths.map(|(.., paths)| paths));
        }
    }

    fn count(&mut self) {
        let Some(shown) = &mut self.shown else { return };
        shown.lines.fold(&self.kept);
        let line = |(id, value): (&EntryId, &OpenValue)| Some((shown.lines.line_of(*id)?, value.rows(), *id));
        let mut open: Vec<_> = shown.values.iter().filter_map(line).collect();
        open.sort_unstable();
        shown.spread = Spread::default();
        for (line, rows, id) in open {
            shown.spread.push(line, rows, id as usize);
        }
    }
}

impl Shown {
    /// The variable of a place, and the way down to it.
    fn seek(&self, place: &Place) -> Option<(EntryId, Vec<usize>)> {
        let scope = place.scope.as_deref();
        if place.path.is_empty() {
            return Some((self.snapshot.find(&place.name, scope)?, Vec::new()));
        }
        let part = self.snapshot.at(&place.name, scope, &place.path)?;
        Some((part.entry, part.ordinals))
    }

    fn scope_of(&self, place: &Place) -> Option<String> {
        let id = self.snapshot.find(&place.name, place.scope.as_deref())?;
        Some(self.snapshot.store.columns.scope(self.snapshot.store.columns.entry(id)?).to_owned())
    }

    fn open(&mut self, name: &str, scope: &str, paths: Option<&super::kept::Paths>) {
        let columns = &self.snapshot.store.columns;
        let Some(name) = self.snapshot.store.find(name) else { return };
        for (id, entry) in columns.chain(name).filter(|(_, entry)| columns.scope(*entry) == scope) {
            let open = paths.filter(|_| self.lines.has(id)).and_then(|paths| {
                self.snapshot.look(entry, |view| match &view.value {
                    Value::Array(source) | Value::Object(source) => Some(OpenValue::read(source, paths)),
                    _ => None,
                })
            });
            match open {
                Some(value) => self.values.insert(id, value),
                None => self.values.remove(&id),
            };
        }
    }

    fn line(&self, line: usize, kept: &Kept) -> Option<ArrangedRow> {
        let (lines, at) = (&self.lines, self.lines.at(line));
        // Pins and groups, or pins and rows that are in no group, stand side by side.
        let on_top = lines.pins.len() + if lines.groups.is_empty() { lines.rows.len() } else { lines.groups.len() };
        let row = |depth, position, siblings, expanded, item| {
            let pinned = matches!(at, Line::Pin(_));
            Some(ArrangedRow { depth, position, siblings, expanded, pinned, item })
        };
        if let Line::Header(group) = at {
            let (span, folded) = (lines.groups.get(group)?, *lines.folded.get(group)?);
            let item = Item::Group { group: span.group.clone(), count: span.rows.len() };
            return row(0, lines.pins.len() + group, on_top, Some(!folded), item);
        }
        let Some(id) = lines.entry(at) else {
            let Line::Pin(place) = at else { return None };
            let pin = kept.pins.get(lines.pins.get(place)?.0)?;
            let not_loaded = self.may_not_be_loaded(pin.scope.as_deref());
            return row(0, line, on_top, None, Item::Gone { pin: pin.clone(), not_loaded });
        };
        let variable = self.snapshot.row(id)?;
        let expanded = variable.child_count.filter(|count| *count > 0).map(|_| self.values.contains_key(&id));
        let (depth, position, siblings) = match at {
            Line::Variable(Some(group), place) => {
                let span = lines.groups.get(group)?;
                (1, place - span.rows.start, span.rows.len())
            }
            _ => (0, line, on_top),
        };
        row(depth, position, siblings, expanded, Item::Variable(Box::new(variable)))
    }

    /// The rows of an open variable from one on, at most so many.
    fn members(&self, line: usize, row: usize, most: usize, rows: &mut Vec<ArrangedRow>) {
        let at = self.lines.at(line);
        let Some(id) = self.lines.entry(at) else { return };
        let columns = &self.snapshot.store.columns;
        let (Some(entry), Some(value)) = (columns.entry(id), self.values.get(&id)) else { return };
        let (name, scope) = (self.snapshot.store.name(entry.name), columns.scope(entry));
        let above = usize::from(matches!(at, Line::Variable(Some(_), _)));
        let arranged = |Member { path, ordinals, node, is_open, siblings }| ArrangedRow {
            depth: above + ordinals.len(),
            position: node.ordinal,
            siblings,
            expanded: node.child_count.filter(|count| *count > 0).map(|_| is_open),
            pinned: matches!(at, Line::Pin(_)),
            item: Item::Member { entry: id, name: name.to_string(), scope: scope.to_owned(), path, ordinals, node },
        };
        self.snapshot.look(entry, |view| {
            if let Value::Array(source) | Value::Object(source) = &view.value {
                rows.extend(Members::new(value, source, row).take(most).map(arranged));
            }
        });
    }

    fn may_not_be_loaded(&self, scope: Option<&str>) -> bool {
        let snapshot = &self.snapshot;
        match scope {
            Some(scope) => snapshot.status_of_absent(scope) == Status::NotLoaded,
            None => !snapshot.is_complete() || snapshot.loaded_scope.is_some(),
        }
    }
}
