//! The variables that a snapshot before has and this one has no more.

use super::explain::Status;
use super::find::{Expression, Lens};
use super::mask::{Hidden, Mask, MaskMoment};
use super::row::{Row, RowChange};
use super::snapshot::Snapshot;
use super::store::{Entry, EntryId};
use super::view::Window;
use std::rc::Rc;

/// The rows that were asked for last, so that scrolling does not look for them again.
#[derive(Debug)]
pub(super) struct Gone {
    earlier: u64,
    /// All entries that are gone, whatever is asked of them.
    all: Rc<[EntryId]>,
    /// With what is asked of them as its filter.
    window: Window,
    through: MaskMoment,
    rows: Rc<[EntryId]>,
}

impl Snapshot {
    /// The entries of a snapshot before whose variables are gone from this one, as far as they pass the window. What was not asked
    /// for, or not read to its end, may be there all the same.
    pub(super) fn gone(&self, earlier: &Snapshot, window: &Window, mask: &Mask) -> Rc<[EntryId]> {
        let is_good = |gone: &Gone| {
            gone.earlier == earlier.number && gone.window.selects_as(window) && gone.through.holds_for(mask)
        };
        let before = self.gone.take().filter(|gone| gone.earlier == earlier.number);
        let all = before.as_ref().map(|gone| Rc::clone(&gone.all));
        let gone = before.filter(is_good).unwrap_or_else(|| {
            let through = MaskMoment::of(mask);
            // Few are, as a rule, and whether they are is known sooner than what the mask leaves of them.
            let all = all.unwrap_or_else(|| self.look_for_gone(earlier));
            let rows = earlier.select_among(&all, window, Lens { earlier: None, mask }).into();
            Gone { earlier: earlier.number, all, window: window.clone(), through, rows }
        });
        let rows = Rc::clone(&gone.rows);
        self.gone.replace(Some(gone));
        rows
    }

    fn look_for_gone(&self, earlier: &Snapshot) -> Rc<[EntryId]> {
        let by_scope = self.pairs_by_scope(earlier);
        let is_gone = |entry: Entry| {
            let (name, scope) = (earlier.store.name(entry.name), earlier.store.columns.scope(entry));
            self.find(&name, by_scope.then_some(scope)).is_none()
                && self.status_of_absent(&name, scope) == Status::NotSet
        };
        let entries = earlier.store.columns.all().filter(|(_, entry)| !entry.is_unreadable() && is_gone(*entry));
        entries.map(|(id, _)| id).collect()
    }

    /// The same for a window whose filter asks this snapshot: what is gone was removed, and so has changed. None where the filter
    /// excludes it.
    pub(super) fn gone_beside(&self, earlier: &Snapshot, window: &Window, mask: &Mask) -> Rc<[EntryId]> {
        match Expression::from(window.filter.as_str()).of_gone() {
            Some(filter) => self.gone(earlier, &Window { filter, ..window.clone() }, mask),
            None => Rc::default(),
        }
    }

    /// The rows of a window that asks for nothing else.
    pub(super) fn gone_rows(
        &self,
        earlier: &Snapshot,
        window: &Window,
        mask: &Mask,
        hidden: &mut Hidden,
    ) -> (usize, Vec<Row>) {
        let gone = self.gone(earlier, window, mask);
        let shown = gone.iter().skip(window.offset).take(window.limit.min(Window::MOST_ROWS));
        (gone.len(), shown.filter_map(|id| earlier.removed_row(*id, mask, hidden)).collect())
    }

    /// The row of an entry that a later snapshot does not have.
    pub(super) fn removed_row(&self, id: EntryId, mask: &Mask, hidden: &mut Hidden) -> Option<Row> {
        let lens = Lens { earlier: None, mask };
        Some(Row { change: Some(RowChange::Removed), ..self.seen_row(id, lens, hidden)? })
    }
}
