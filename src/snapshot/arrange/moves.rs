//! From one row to another: to a part of a value by its positions, to what is above a row, to all that stand beside it.

use super::arrangement::{Arrangement, Shown};
use super::groups::Group;
use super::kept::Place;
use super::lines::Line;
use super::row::Item;
use super::spread::Found;
use crate::snapshot::at::Step;
use crate::snapshot::find::{Hit, HitPlace, HitSlice, HitsFrom, Lens};
use crate::snapshot::snapshot::Snapshot;
use crate::snapshot::store::EntryId;

/// So many rows that stand side by side open at once.
const MOST_OPENED: usize = 1_000;

impl Arrangement {
    /// The row of a variable or of a part of its value, from 0; `None` where it is not there, or does not show as the rows are now.
    /// The positions lead down to it, as [`Snapshot::children`] takes them, so that each of two members of one name is told apart.
    pub fn position_of_part(&self, entry: EntryId, ordinals: &[usize]) -> Option<usize> {
        let shown = self.shown.as_ref()?;
        let row = shown.spread.row_of(shown.lines.line_of(entry)?);
        if ordinals.is_empty() {
            return Some(row);
        }
        Some(row + 1 + shown.values.get(&entry)?.row_of(ordinals)?)
    }

    /// The row of a variable that is gone, by its number in the snapshot before; `None` where it does not show.
    pub fn position_of_removed(&self, entry: EntryId) -> Option<usize> {
        let shown = self.shown.as_ref()?;
        Some(shown.own() + shown.lines.gone.iter().position(|id| *id == entry)?)
    }

    /// The row of the header of a group; `None` where there is no such group.
    pub fn position_of_group(&self, group: &Group) -> Option<usize> {
        let shown = self.shown.as_ref()?;
        let place = shown.lines.groups.iter().position(|span| span.group == *group)?;
        Some(shown.spread.row_of(*shown.lines.headers.get(place)?))
    }

    /// Opens whatever has to be open for a part of a value to show, and gives its row: the way to a hit of a search.
    ///
    /// ```
    /// use cognigy_session_debugger::snapshot::*;
    /// use std::rc::Rc;
    /// let body = br#"{"variables":[{"name":"cart","value":{"items":[{"note":"for Ada"}]},"scope":"user"}]}"#;
    /// let snapshot = Rc::new(Snapshot::parse(body.to_vec(), IngestOptions::default(), 0.0)?);
    /// let (window, mask) = (Window { filter: "ada".into(), ..Window::default() }, Mask::off());
    /// let mut arrangement = Arrangement::default();
    /// arrangement.show(snapshot, None, &window, Grouping::None, &mask);
    /// let hits = arrangement.hits(HitsFrom::Start, 1).hits;
    /// assert_eq!(arrangement.reveal_part(hits[0].entry, &hits[0].steps), Some(3)); // below cart, items and [0]
    /// # Ok::<(), cognigy_session_debugger::Error>(())
    /// ```
    pub fn reveal_part(&mut self, entry: EntryId, ordinals: &[usize]) -> Option<usize> {
        let shown = self.shown.as_ref()?;
        if !shown.lines.has(entry) {
            return None;
        }
        if let Some(span) = shown.lines.group_of(entry).and_then(|group| shown.lines.groups.get(group)) {
            self.kept.folded.remove(&span.group);
        }
        if !ordinals.is_empty() {
            let (name, scope) = shown.called(entry)?;
            let path = shown.snapshot.names_on_way(entry, ordinals)?;
            for depth in 0..path.len() {
                self.kept.open(scope.clone(), &name, path.get(..depth).unwrap_or_default());
            }
            self.open(&name, &scope);
        }
        self.count();
        self.position_of_part(entry, ordinals)
    }

    /// The hits of the filter, in the order in which the variables stand here: the pins that pass the filter first, then group by group,
    /// folded or not, and at last what is gone. For the rest as [`Snapshot::hits`]; the row of a [`HitPlace`] counts variables then, and
    /// not the rows of the tree, so that it stays the same whatever is opened.
    pub fn hits(&self, from: HitsFrom, limit: usize) -> HitSlice {
        let Some(shown) = &self.shown else { return HitSlice::default() };
        let pins = shown.lines.pins.iter().filter_map(|(_, entry)| *entry);
        let mut rows: Vec<EntryId> = pins.filter(|id| shown.selected.contains(id)).collect();
        rows.extend_from_slice(&shown.lines.rows);
        let lens = Lens { earlier: shown.asked.earlier.as_deref(), mask: &shown.asked.mask };
        let own = (&*shown.snapshot, rows.as_slice(), lens);
        let Some(earlier) = lens.earlier.filter(|_| !shown.lines.gone.is_empty()) else {
            return hits_of(own, &shown.asked.window.filter, from, limit);
        };
        let gone = (earlier, shown.lines.gone.as_slice(), Lens { earlier: None, ..lens });
        hits_of_both([own, gone], &shown.asked.window.filter, from, limit)
    }

    /// The row that a row stands below, in the tree; `None` for those on top.
    pub fn parent(&self, row: usize) -> Option<usize> {
        let shown = self.shown.as_ref().filter(|shown| row < shown.own())?;
        if let Found::Item(line) = shown.spread.locate(row) {
            let Line::Variable(group, _) = shown.lines.at(line) else { return None };
            return Some(shown.spread.row_of(*shown.lines.headers.get(group?)?));
        }
        match self.rows(row, 1).pop()?.item {
            Item::Member { entry, ordinals, .. } => self.position_of_part(entry, ordinals.split_last()?.1),
            _ => None,
        }
    }

    /// The row of the next variable, or the one before, that changed, is new or is gone since the snapshot before, unfolding its group;
    /// round at the ends. `None` where there is none, or no snapshot before.
    pub fn next_change(&mut self, row: usize, forward: bool) -> Option<usize> {
        let shown = self.shown.as_ref()?;
        let earlier = shown.asked.earlier.as_ref()?;
        let pins = shown.lines.pins.len();
        let own = pins + shown.lines.rows.len();
        let count = own + shown.lines.gone.len();
        let line = match shown.spread.locate(row) {
            Found::Item(line) => line,
            Found::Below(opened, _) => opened.place,
        };
        // Where the row stands among all variables; a header stands before those of its group.
        let (at, on_header) = match row.checked_sub(shown.own()) {
            Some(gone) => (own + gone, false),
            None => match shown.lines.at(line) {
                Line::Pin(pin) => (pin, false),
                Line::Header(group) => (pins + shown.lines.groups.get(group)?.rows.start, true),
                Line::Variable(_, place) => (pins + place, false),
            },
        };
        let changed = (0..count).find_map(|step| {
            let step = if forward && on_header { step } else { step + 1 };
            let place = if forward { at + step } else { at + count - step } % count;
            if let Some(gone) = place.checked_sub(own) {
                return shown.lines.gone.get(gone).map(|entry| (true, *entry));
            }
            let entry = match place.checked_sub(pins) {
                None => shown.lines.pins.get(place)?.1?,
                Some(place) => *shown.lines.rows.get(place)?,
            };
            shown.snapshot.row_change(entry, earlier).map(|_| (false, entry))
        })?;
        match changed {
            (true, gone) => self.position_of_removed(gone),
            (false, entry) => self.reveal_part(entry, &[]),
        }
    }

    /// Opens all that stand beside a row and can be opened, and the row itself; tells how many were closed. Of more than a thousand
    /// those next to the row are opened.
    pub fn expand_siblings(&mut self, row: usize) -> usize {
        let Some(from) = self.rows(row, 1).pop() else { return 0 };
        let first = from.position.saturating_sub(MOST_OPENED / 2);
        let mut opened = 0;
        match from.item {
            Item::Group { .. } => {
                let groups = self.shown.iter().flat_map(|shown| &shown.lines.groups);
                opened = groups.filter(|span| self.kept.folded.remove(&span.group).is_some()).count();
            }
            Item::Member { entry, name, scope, path, ordinals, .. } => {
                let above = ordinals.split_last().map_or(&[][..], |(_, above)| above);
                let Some(shown) = &self.shown else { return 0 };
                let Place { name, scope, path } = Place { name, scope: Some(scope), path }.behind(&shown.asked.mask);
                let scope = scope.unwrap_or_default();
                let Ok(page) = shown.snapshot.children(entry, above, first, MOST_OPENED) else { return 0 };
                let mut path = path;
                for node in page.nodes.into_iter().filter(|node| node.child_count.is_some_and(|count| count > 0)) {
                    path.pop();
                    path.push(node.key.map_or(Step::Index(node.ordinal), Step::Name));
                    opened += usize::from(self.kept.open(scope.clone(), &name, &path));
                }
                self.open(&name, &scope);
            }
            Item::Removed(_) => {}
            Item::Variable(_) | Item::Gone { .. } => {
                for (name, scope) in self.shown.as_ref().map(|shown| shown.beside(row, first)).unwrap_or_default() {
                    opened += usize::from(self.kept.open(scope.clone(), &name, &[]));
                    self.open(&name, &scope);
                }
            }
        }
        self.count();
        opened
    }
}

/// Rows of a snapshot, and what is looked for through.
type Searched<'a> = (&'a Snapshot, &'a [EntryId], Lens<'a>);

fn hits_of((of, rows, lens): Searched<'_>, filter: &str, from: HitsFrom, limit: usize) -> HitSlice {
    of.hits_in(rows, filter, lens, from, limit)
}

/// The hits of a snapshot's own rows, and behind them those of what is gone.
fn hits_of_both([own, gone]: [Searched<'_>; 2], filter: &str, from: HitsFrom, limit: usize) -> HitSlice {
    let (count, limit) = (own.1.len(), limit.min(Snapshot::MOST_HITS));
    let (forward, mut slice) = (!matches!(from, HitsFrom::Before(_)), HitSlice::default());
    for is_gone in if forward { [false, true] } else { [true, false] } {
        let first = if is_gone { count } else { 0 };
        let inside = |place: HitPlace| place.row.checked_sub(first).map(|row| HitPlace { row, ..place });
        let from = match from {
            HitsFrom::Start => HitsFrom::Start,
            HitsFrom::After(place) => inside(place).map_or(HitsFrom::Start, HitsFrom::After),
            HitsFrom::Before(place) => match inside(place) {
                Some(place) => HitsFrom::Before(place),
                None => continue,
            },
        };
        let missing = limit - slice.hits.len().min(limit);
        if limit > 0 && missing == 0 {
            // Whatever is in the other rows comes behind what was found last.
            slice.rest = slice.hits.last().map(|hit| hit.place);
            break;
        }
        let found = hits_of(if is_gone { gone } else { own }, filter, from, missing);
        let shift = |place: HitPlace| HitPlace { row: place.row + first, ..place };
        let shifted = |hit: Hit| Hit { place: shift(hit.place), removed: is_gone, ..hit };
        slice.count += found.count;
        slice.hits.extend(found.hits.into_iter().map(shifted));
        slice.rest = found.rest.map(shift);
        if slice.rest.is_some() {
            break;
        }
    }
    slice
}

impl Shown {
    /// Name and scope of an entry.
    fn called(&self, id: EntryId) -> Option<(String, String)> {
        let columns = &self.snapshot.store.columns;
        let entry = columns.entry(id).filter(|entry| !entry.is_unreadable())?;
        Some((self.snapshot.store.name(entry.name).into_owned(), columns.scope(entry).to_owned()))
    }

    /// The variables that can be opened among those beside the one in a row, from one of them on.
    fn beside(&self, row: usize, first: usize) -> Vec<(String, String)> {
        let Found::Item(line) = self.spread.locate(row) else { return Vec::new() };
        let start = match self.lines.at(line) {
            Line::Variable(Some(group), _) => self.lines.headers.get(group).map_or(0, |header| header + 1),
            _ => 0,
        };
        let end = match self.lines.at(line) {
            Line::Variable(Some(group), _) => self.lines.headers.get(group + 1).copied().unwrap_or(self.lines.count),
            _ => self.lines.headers.first().copied().unwrap_or(self.lines.count),
        };
        let lines = (start + first..end).take(MOST_OPENED);
        let entries = lines.filter_map(|line| self.lines.entry(self.lines.at(line)));
        let has_children = |id: &EntryId| {
            self.snapshot
                .row_through(*id, &self.asked.mask)
                .and_then(|row| row.child_count)
                .is_some_and(|children| children > 0)
        };
        entries.filter(has_children).filter_map(|id| self.called(id)).collect()
    }
}

impl Snapshot {
    /// The names and positions of a way that is told by positions alone.
    fn names_on_way(&self, entry: EntryId, ordinals: &[usize]) -> Option<Vec<Step>> {
        let mut path = Vec::with_capacity(ordinals.len());
        for (depth, ordinal) in ordinals.iter().enumerate() {
            let node = self.children(entry, ordinals.get(..depth)?, *ordinal, 1).ok()?.nodes.pop()?;
            path.push(node.key.map_or(Step::Index(*ordinal), Step::Name));
        }
        Some(path)
    }
}
