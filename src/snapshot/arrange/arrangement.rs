//! The arrangement itself: what a person has set up, over the snapshot that is shown now.

use super::groups::{Group, Grouping};
use super::kept::{Kept, Pin, Place};
use super::lines::{Line, Lines};
use super::members::{Member, Members};
use super::open_value::OpenValue;
use super::row::{ArrangedRow, Item};
use super::spread::{Found, Spread};
use crate::snapshot::find::Lens;
use crate::snapshot::mask::{Hidden, Mask};
use crate::snapshot::snapshot::Snapshot;
use crate::snapshot::sorted::Sorted;
use crate::snapshot::store::EntryId;
use crate::snapshot::view::Window;
use crate::value::{Keys, Value};
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
/// arrangement.show(snapshot, None, &Window::default(), Grouping::Scope, &Mask::off());
/// arrangement.expand(&Place { name: "cart".into(), scope: None, path: Vec::new() });
/// let depths: Vec<_> = arrangement.rows(0, 10).iter().map(|row| row.depth).collect();
/// assert_eq!(depths, [0, 1, 2, 0, 1]); // user, cart, items, bot, lang
/// # Ok::<(), cognigy_session_debugger::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct Arrangement {
    pub(super) kept: Kept,
    pub(super) shown: Option<Shown>,
}

/// What is shown of a snapshot.
#[derive(Debug)]
pub(super) struct Shown {
    pub(super) snapshot: Rc<Snapshot>,
    /// What was asked for; whatever it selects does not change while it is shown.
    pub(super) asked: Asked,
    pub(super) selected: Rc<[EntryId]>,
    /// What the snapshot before has and this one does not, by the same window.
    gone: Rc<[EntryId]>,
    pub(super) lines: Lines,
    /// Each variable that is open and shown, or in a group that is folded.
    pub(super) values: Sorted<EntryId, OpenValue>,
    /// The lines of those that are shown.
    pub(super) spread: Spread,
}

/// How a snapshot is shown.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) earlier: Option<Rc<Snapshot>>,
    pub(super) window: Window,
    pub(super) mask: Mask,
    pub(super) by: Grouping,
}

impl Arrangement {
    /// Shows a snapshot, in the place of the one that was shown: the rows that the window's filter, sort and switches select.
    /// Where the window begins and ends does not matter here. What changed is told by the snapshot before; what the mask hides is
    /// neither shown nor found, and what it hides as a whole does not open. Places and pins are told by names as they are or as the
    /// mask has shown them. Both snapshots are held until the next one is shown.
    ///
    /// Pinned variables are shown even where the filter would hide them. What is gone since the snapshot before stands behind all others,
    /// by the same filter, but for what is pinned: that says so by itself.
    pub fn show(
        &mut self,
        snapshot: Rc<Snapshot>,
        earlier: Option<Rc<Snapshot>>,
        window: &Window,
        by: Grouping,
        mask: &Mask,
    ) {
        let selected = snapshot.select(window, Lens { earlier: earlier.as_deref(), mask });
        let gone = earlier.as_ref().map(|earlier| snapshot.gone_beside(earlier, window, mask)).unwrap_or_default();
        self.arrange(snapshot, (selected, gone), Asked { earlier, window: window.clone(), mask: mask.clone(), by });
    }

    /// Sees what is shown through another state of the same mask: what is revealed changes with time.
    pub fn see_through(&mut self, mask: Mask) {
        if let Some(shown) = &mut self.shown {
            shown.asked.mask = mask;
        }
    }

    /// Lets go of the snapshots. What is open, folded and pinned stays for the next one.
    pub fn hide(&mut self) {
        self.shown = None;
    }

    /// How many variables the window selects, whether or not they show; those that are gone and not pinned included.
    pub fn selected(&self) -> usize {
        self.shown.as_ref().map_or(0, |shown| shown.selected.len() + shown.lines.gone.len())
    }

    /// How many there would be without the filter.
    pub fn unfiltered(&self) -> usize {
        let Some(shown) = &self.shown else { return 0 };
        let Asked { earlier, window, mask, .. } = &shown.asked;
        let window = Window { filter: String::new(), ..window.clone() };
        let own = shown.snapshot.select(&window, Lens { earlier: earlier.as_deref(), mask }).len();
        let gone = |earlier: &Rc<Snapshot>| {
            unpinned(&shown.snapshot.gone_beside(earlier, &window, mask), earlier, &self.kept).count()
        };
        own + earlier.as_ref().map_or(0, gone)
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.shown.as_ref().map_or(0, |shown| shown.own() + shown.lines.gone.len())
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Some of the rows: from `offset` on, at most `limit` and at most [`Window::MOST_ROWS`].
    pub fn rows(&self, offset: usize, limit: usize) -> Vec<ArrangedRow> {
        let mut rows = Vec::new();
        let Some(shown) = &self.shown else { return rows };
        let last = offset.saturating_add(limit.min(Window::MOST_ROWS));
        let end = last.min(shown.own());
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
        let gone = offset.max(shown.own()) - shown.own()..last.max(shown.own()) - shown.own();
        rows.extend(gone.map_while(|place| shown.removed(place)));
        rows
    }

    /// Opens a value: what is in it has rows. Tells whether it was closed. What is above it stays as it is.
    ///
    /// Variables that share name and scope open together, and so do members that share a name.
    pub fn expand(&mut self, place: &Place) -> bool {
        self.turn(place, |kept, scope, place| kept.open(scope, &place.name, &place.path))
    }

    /// Closes a value. Tells whether it was open. What is open inside it is open again with it.
    pub fn collapse(&mut self, place: &Place) -> bool {
        self.turn(place, |kept, scope, place| kept.close(scope, &place.name, &place.path))
    }

    /// Shows what is in a group. Tells whether it was folded.
    pub fn expand_group(&mut self, group: &Group) -> bool {
        let was_folded = self.kept.folded.remove(group).is_some();
        self.count();
        was_folded
    }

    /// Folds a group: its header alone is shown. Tells whether it was not folded.
    pub fn collapse_group(&mut self, group: Group) -> bool {
        let is_new = self.kept.folded.insert(group, ()).is_none();
        self.count();
        is_new
    }

    /// Pins a variable below those that are pinned already. Tells whether that is new.
    pub fn pin(&mut self, pin: Pin) -> bool {
        let pin = pin.behind(&self.mask());
        let is_new = !self.kept.pins.contains(&pin);
        if is_new {
            self.kept.pins.push(pin);
            self.again();
        }
        is_new
    }

    /// Takes a pin away. Tells whether there was one.
    pub fn unpin(&mut self, pin: &Pin) -> bool {
        let (before, pin) = (self.kept.pins.len(), pin.clone().behind(&self.mask()));
        self.kept.pins.retain(|pinned| *pinned != pin);
        let was_pinned = self.kept.pins.len() < before;
        if was_pinned {
            self.again();
        }
        was_pinned
    }

    /// The pins, uppermost first, as the mask of what is shown has them.
    pub fn pins(&self) -> Vec<Pin> {
        self.kept.pins.iter().map(|pin| pin.through(&self.mask())).collect()
    }

    pub(super) fn mask(&self) -> Mask {
        self.shown.as_ref().map_or_else(Mask::off, |shown| shown.asked.mask.clone())
    }

    /// The row of a place, from 0; `None` where it is not there, or does not show as the rows are now.
    pub fn position(&self, place: &Place) -> Option<usize> {
        let (id, ordinals) = self.shown.as_ref()?.seek(place)?;
        self.position_of_part(id, &ordinals)
    }

    /// Opens whatever has to be open for a place to show, and gives its row; `None` where it is not there, or was not selected.
    /// That is how one goes to the next hit of a search, wherever it is.
    pub fn reveal(&mut self, place: &Place) -> Option<usize> {
        let (id, ordinals) = self.shown.as_ref()?.seek(place)?;
        self.reveal_part(id, &ordinals)
    }

    fn turn(&mut self, place: &Place, turn: impl FnOnce(&mut Kept, String, &Place) -> bool) -> bool {
        let place = &place.behind(&self.mask());
        let known = place.scope.clone();
        let Some(scope) = known.or_else(|| self.shown.as_ref()?.scope_of(place)) else { return false };
        let turned = turn(&mut self.kept, scope.clone(), place);
        if turned {
            self.open(&place.name, &scope);
            self.count();
        }
        turned
    }

    pub(super) fn again(&mut self) {
        if let Some(shown) = self.shown.take() {
            self.arrange(shown.snapshot, (shown.selected, shown.gone), shown.asked);
        }
    }

    fn arrange(&mut self, snapshot: Rc<Snapshot>, (selected, gone): (Rc<[EntryId]>, Rc<[EntryId]>), asked: Asked) {
        let mut lines = Lines::new(&snapshot, &selected, asked.by, &asked.mask, &self.kept);
        if let Some(earlier) = &asked.earlier {
            lines.gone = unpinned(&gone, earlier, &self.kept).collect();
        }
        let (values, spread) = (Sorted::default(), Spread::default());
        let mut shown = Shown { snapshot, asked, selected, gone, lines, values, spread };
        for (scope, name, paths) in self.kept.values() {
            shown.open(name, scope, Some(paths));
        }
        self.shown = Some(shown);
        self.count();
    }

    /// Reads again what is open of a variable.
    pub(super) fn open(&mut self, name: &str, scope: &str) {
        if let Some(shown) = &mut self.shown {
            shown.open(name, scope, self.kept.paths(scope, name));
        }
    }

    pub(super) fn count(&mut self) {
        let Some(shown) = &mut self.shown else { return };
        shown.lines.fold(&self.kept);
        let line = |(id, value): (&EntryId, &OpenValue)| Some((shown.lines.line_of(*id)?, value.rows(), *id));
        let open: Vec<_> = shown.values.iter().filter_map(line).collect();
        let mut keys = Keys::default();
        for (line, ..) in &open {
            keys.number(*line);
            keys.end();
        }
        shown.spread = Spread::default();
        for (line, rows, id) in keys.sorted().into_iter().filter_map(|place| open.get(place)) {
            shown.spread.push(*line, *rows, *id as usize);
        }
    }
}

/// Those of a snapshot's entries that no pin is about.
fn unpinned<'a>(entries: &'a [EntryId], of: &'a Snapshot, kept: &'a Kept) -> impl Iterator<Item = EntryId> + 'a {
    let is_pinned = |id: EntryId| {
        let called = of.store.columns.entry(id).map(|entry| (of.store.name(entry.name), of.store.columns.scope(entry)));
        called.is_some_and(|(name, scope)| kept.pins.iter().any(|pin| pin.is_of(&name, scope)))
    };
    entries.iter().copied().filter(move |id| kept.pins.is_empty() || !is_pinned(*id))
}

impl Shown {
    /// How many rows the snapshot itself has.
    pub(super) fn own(&self) -> usize {
        self.lines.count + self.spread.below()
    }

    /// The row of something that is gone.
    fn removed(&self, place: usize) -> Option<ArrangedRow> {
        let (earlier, siblings) = (self.asked.earlier.as_ref()?, self.lines.gone.len());
        let row = earlier.removed_row(*self.lines.gone.get(place)?, &self.asked.mask, &mut Hidden::default())?;
        let item = Item::Removed(Box::new(row));
        Some(ArrangedRow { depth: 0, position: place, siblings, expanded: None, pinned: false, item })
    }

    /// The variable of a place, and the way down to it.
    fn seek(&self, place: &Place) -> Option<(EntryId, Vec<usize>)> {
        let place = place.behind(&self.asked.mask);
        let scope = place.scope.as_deref();
        if place.path.is_empty() {
            return Some((self.snapshot.find(&place.name, scope)?, Vec::new()));
        }
        let part = self.snapshot.at(&place.name, scope, &place.path)?;
        Some((part.entry, part.ordinals))
    }

    pub(super) fn scope_of(&self, place: &Place) -> Option<String> {
        let id = self.snapshot.find(&place.name, place.scope.as_deref())?;
        Some(self.snapshot.store.columns.scope(self.snapshot.store.columns.entry(id)?).to_owned())
    }

    fn open(&mut self, name: &str, scope: &str, paths: Option<&super::kept::Paths>) {
        let columns = &self.snapshot.store.columns;
        let Some(name) = self.snapshot.store.find(name) else { return };
        for (id, entry) in columns.chain(name).filter(|(_, entry)| columns.scope(*entry) == scope) {
            let spot = self.snapshot.spot(entry, &self.asked.mask);
            let open = paths.filter(|_| self.lines.has(id) && spot.whole().is_none()).and_then(|paths| {
                self.snapshot.look(entry, |view| match &view.value {
                    Value::Array(source) | Value::Object(source) => Some(OpenValue::read(source, paths, &spot)),
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
            let not_loaded = !self.snapshot.tells_absence(&pin.name, pin.scope.as_deref());
            return row(0, line, on_top, None, Item::Gone { pin: pin.through(&self.asked.mask), not_loaded });
        };
        let lens = Lens { earlier: self.asked.earlier.as_deref(), mask: &self.asked.mask };
        let variable = self.snapshot.seen_row(id, lens, &mut Hidden::default())?;
        let entry = self.snapshot.store.columns.entry(id)?;
        let may_open = entry.is_unreadable() || self.snapshot.spot(entry, &self.asked.mask).whole().is_none();
        let expanded = variable.child_count.filter(|count| may_open && *count > 0).map(|_| self.values.contains(&id));
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
        let mut hidden = Hidden::default();
        let name = self.snapshot.shown_name(id, entry, &self.asked.mask, &mut hidden);
        let scope = self.snapshot.shown_scope(entry, &self.asked.mask, &mut hidden);
        let above = usize::from(matches!(at, Line::Variable(Some(_), _)));
        let arranged = |Member { path, ordinals, node, is_open, siblings, .. }| ArrangedRow {
            depth: above + ordinals.len(),
            position: node.ordinal,
            siblings,
            expanded: node.child_count.filter(|count| *count > 0).map(|_| is_open),
            pinned: matches!(at, Line::Pin(_)),
            item: Item::Member { entry: id, name: name.to_string(), scope: scope.clone(), path, ordinals, node },
        };
        let spot = self.snapshot.spot(entry, &self.asked.mask);
        let is_masked =
            |ordinals: &[usize]| !self.asked.mask.is_off() && !self.asked.mask.reveals(&self.snapshot, id, ordinals);
        self.snapshot.look(entry, |view| {
            if let Value::Array(source) | Value::Object(source) = &view.value {
                let mut cover = |member: Member| {
                    if is_masked(&member.ordinals) {
                        member.through(source, &self.asked.mask, &spot, &mut hidden)
                    } else {
                        member
                    }
                };
                rows.extend(Members::new(value, source, row).take(most).map(|member| arranged(cover(member))));
            }
        });
    }
}
