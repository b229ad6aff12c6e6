//! The rows of an arrangement as far as nothing is open: pins, then groups with what is in them. A line is such a row.

use super::groups::{Grouping, Span};
use super::kept::Kept;
use crate::snapshot::mask::Mask;
use crate::snapshot::snapshot::Snapshot;
use crate::snapshot::store::EntryId;

const NOWHERE: u32 = u32::MAX;

/// What stands in a line.
#[derive(Debug, Clone, Copy)]
pub(super) enum Line {
    /// This one of the pins that are shown.
    Pin(usize),
    /// The header of this group.
    Header(usize),
    /// A variable: its group, and its place among all.
    Variable(Option<usize>, usize),
}

#[derive(Debug)]
pub(super) struct Lines {
    /// Which pin, and its variable, where there is one. What is pinned twice is shown once.
    pub(super) pins: Vec<(usize, Option<EntryId>)>,
    /// All variables but those that are pinned, group by group.
    pub(super) rows: Vec<EntryId>,
    /// What only the snapshot before has, behind all others.
    pub(super) gone: Vec<EntryId>,
    /// None where rows are not grouped.
    pub(super) groups: Vec<Span>,
    /// The place of each entry among the rows.
    places: Vec<u32>,
    /// The line of each group's header.
    pub(super) headers: Vec<usize>,
    /// Whether each group is folded.
    pub(super) folded: Vec<bool>,
    pub(super) count: usize,
}

impl Lines {
    pub(super) fn new(snapshot: &Snapshot, selected: &[EntryId], by: Grouping, mask: &Mask, kept: &Kept) -> Lines {
        let mut pins: Vec<(usize, Option<EntryId>)> = Vec::new();
        for (place, pin) in kept.pins.iter().enumerate() {
            let entry = snapshot.entry_through(&pin.name, pin.scope.as_deref(), mask);
            if entry.is_none() || pins.iter().all(|(_, pinned)| *pinned != entry) {
                pins.push((place, entry));
            }
        }
        let (mut rows, entries) = (selected.to_vec(), snapshot.store.columns.all().count());
        if !pins.is_empty() {
            let mut pinned = vec![false; entries];
            for (_, entry) in &pins {
                if let Some(slot) = entry.and_then(|id| pinned.get_mut(id as usize)) {
                    *slot = true;
                }
            }
            rows.retain(|id| pinned.get(*id as usize) != Some(&true));
        }
        let (rows, groups) = if by == Grouping::None { (rows, Vec::new()) } else { snapshot.group(&rows, by, mask) };
        let mut places = vec![NOWHERE; entries];
        for (id, place) in rows.iter().zip(0..) {
            if let Some(slot) = places.get_mut(*id as usize) {
                *slot = place;
            }
        }
        Lines { pins, rows, gone: Vec::new(), groups, places, headers: Vec::new(), folded: Vec::new(), count: 0 }
    }

    /// Looks again at which groups are folded.
    pub(super) fn fold(&mut self, kept: &Kept) {
        self.folded = self.groups.iter().map(|span| kept.folded.contains(&span.group)).collect();
        self.headers.clear();
        self.count = self.pins.len();
        for (span, folded) in self.groups.iter().zip(&self.folded) {
            self.headers.push(self.count);
            self.count += 1 + if *folded { 0 } else { span.rows.len() };
        }
        if self.groups.is_empty() {
            self.count += self.rows.len();
        }
    }

    pub(super) fn at(&self, line: usize) -> Line {
        let Some(below) = line.checked_sub(self.pins.len()) else { return Line::Pin(line) };
        let group = self.headers.partition_point(|header| *header <= line).checked_sub(1);
        let place = |group: usize| Some((*self.headers.get(group)?, self.groups.get(group)?.rows.start));
        match group.and_then(|group| Some((group, place(group)?))) {
            None => Line::Variable(None, below),
            Some((group, (header, _))) if header == line => Line::Header(group),
            Some((group, (header, start))) => Line::Variable(Some(group), start + line - header - 1),
        }
    }

    /// The variable of a line.
    pub(super) fn entry(&self, line: Line) -> Option<EntryId> {
        match line {
            Line::Pin(pin) => self.pins.get(pin)?.1,
            Line::Header(_) => None,
            Line::Variable(_, place) => self.rows.get(place).copied(),
        }
    }

    /// The group that a variable is in; `None` where it is in none.
    pub(super) fn group_of(&self, id: EntryId) -> Option<usize> {
        let place = self.place(id)?;
        self.groups.partition_point(|span| span.rows.start <= place).checked_sub(1)
    }

    /// The line of a variable; `None` where it is not selected, or its group is folded.
    pub(super) fn line_of(&self, id: EntryId) -> Option<usize> {
        if let Some(pin) = self.pins.iter().position(|(_, entry)| *entry == Some(id)) {
            return Some(pin);
        }
        let place = self.place(id)?;
        let Some(group) = self.group_of(id) else { return Some(self.pins.len() + place) };
        let folded = *self.folded.get(group)?;
        let line = self.headers.get(group)? + 1 + place - self.groups.get(group)?.rows.start;
        (!folded).then_some(line)
    }

    /// Whether a variable has a line, or would have one if its group were not folded.
    pub(super) fn has(&self, id: EntryId) -> bool {
        self.place(id).is_some() || self.line_of(id).is_some()
    }

    fn place(&self, id: EntryId) -> Option<usize> {
        self.places.get(id as usize).filter(|place| **place != NOWHERE).map(|place| *place as usize)
    }
}
