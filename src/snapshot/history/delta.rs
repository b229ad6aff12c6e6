//! A snapshot's rows as what differs from the next newer one.

use crate::snapshot::store::{Pack, Store, StoredRow};

/// So many variables of one name are looked at for one that is the same.
const LOOKED_AT: usize = 16;

/// Rows of the newer one from a place on, and then rows of its own.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run {
    pub(super) from: u32,
    pub(super) len: u32,
    pub(super) own: u32,
}

/// What makes the rows of a newer snapshot those of an older one.
#[derive(Debug)]
pub(super) struct Delta {
    pub(super) runs: Vec<Run>,
    pub(super) pack: Pack,
}

/// A row by the pack that it lies in; the newest snapshot is a place of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RowRef {
    pub(super) pack: usize,
    pub(super) row: u32,
}

impl Delta {
    pub(super) fn between(older: &Store, newer: &Store) -> Delta {
        let mut delta = Delta { runs: Vec::new(), pack: Pack::new() };
        let mut next = 0;
        for (id, _) in older.columns.all() {
            let Some(row) = older.row(id) else { continue };
            let found = if is_at(newer, next, &row) { Ok(next) } else { look_up(newer, &row, next) };
            match (found, delta.runs.last_mut()) {
                (Ok(at), Some(run)) if run.own == 0 && run.from + run.len == at => run.len += 1,
                (Ok(at), _) => delta.runs.push(Run { from: at, len: 1, own: 0 }),
                (Err(_), Some(run)) => run.own += 1,
                (Err(_), None) => delta.runs.push(Run { from: 0, len: 0, own: 1 }),
            }
            next = match found {
                Ok(at) => at + 1,
                Err(after) => {
                    delta.pack.push(row);
                    after
                }
            };
        }
        delta.pack.shrink();
        delta.runs.shrink_to_fit();
        delta
    }

    /// The older one's rows, of the newer one's.
    pub(super) fn rows(&self, newer: &[RowRef], pack: usize) -> Vec<RowRef> {
        let mut rows = Vec::with_capacity(newer.len() + self.pack.len());
        let mut own = 0;
        for run in &self.runs {
            let (from, len) = (run.from as usize, run.len as usize);
            rows.extend_from_slice(newer.get(from..from + len).unwrap_or_default());
            rows.extend((own..own + run.own).map(|row| RowRef { pack, row }));
            own += run.own;
        }
        rows
    }

    /// Bytes that it takes.
    pub(super) fn memory(&self) -> usize {
        self.runs.capacity() * size_of::<Run>() + self.pack.memory()
    }
}

fn is_at(store: &Store, id: u32, row: &StoredRow<'_>) -> bool {
    store.row(id).is_some_and(|other| other.is(row))
}

/// Where a row is the same, or where to look for the next one.
fn look_up(store: &Store, row: &StoredRow<'_>, next: u32) -> Result<u32, u32> {
    // Nearly always it changed in its place.
    if store.row(next).is_some_and(|other| other.stands_for(row)) {
        return Err(next + 1);
    }
    let Some(name) = store.find(&row.name()).filter(|_| !row.is_unreadable()) else { return Err(next) };
    let mut after = next;
    for (id, _) in store.columns.chain(name).take(LOOKED_AT) {
        if is_at(store, id, row) {
            return Ok(id);
        }
        if store.row(id).is_some_and(|other| other.stands_for(row)) {
            after = id + 1;
        }
    }
    Err(after)
}
