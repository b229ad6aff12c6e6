//! The ring: what is kept, and what is let go.

use super::delta::{Delta, RowRef};
use crate::error::{Code, Error};
use crate::snapshot::mask::{Hidden, Mask};
use crate::snapshot::snapshot::Snapshot;
use crate::snapshot::store::{Store, StoredRow};
use std::collections::VecDeque;
use std::rc::Rc;

/// How much is kept.
#[derive(Debug, Clone, Copy)]
pub struct HistoryOptions {
    /// So many snapshots at most, from 1. Default: 50.
    pub count: usize,
    /// So many bytes at most, the newest snapshot and all indexes included. The newest is kept whatever it takes.
    /// Default: 64 MiB.
    pub bytes: usize,
}

impl Default for HistoryOptions {
    fn default() -> HistoryOptions {
        HistoryOptions { count: 50, bytes: 64 << 20 }
    }
}

/// A snapshot that is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Moment {
    /// Its number in this history, from 1. It stays the same when older ones are let go.
    pub id: u32,
    /// When it was complete, in ms since 1970.
    pub taken_at_ms: f64,
    /// What the host says of it: the turn of the conversation, for example.
    pub turn: Option<String>,
    /// How many different names.
    pub size: usize,
    /// Whether no page is missing.
    pub complete: bool,
    /// Since the one before it: variables that are new. Of the first snapshot 0, as the two below.
    pub added: usize,
    /// Variables that are gone.
    pub removed: usize,
    /// Variables that changed.
    pub changed: usize,
}

impl Moment {
    /// What a mask leaves of it: the host's word for the turn may hold something.
    #[must_use]
    pub fn through(mut self, mask: &Mask, hidden: &mut Hidden) -> Moment {
        self.turn = self.turn.map(|turn| mask.cover_text(&turn, &mask.nowhere(), hidden).into_owned());
        self
    }
}

/// An older snapshot.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) moment: Moment,
    /// All that is told of it, but for its rows.
    pub(super) head: Snapshot,
    /// What its rows are, against those of the next newer one.
    pub(super) delta: Delta,
    memory: usize,
}

/// The newest one.
#[derive(Debug)]
pub(super) struct Newest {
    pub(super) moment: Moment,
    pub(super) snapshot: Rc<Snapshot>,
    memory: usize,
}

/// The last snapshots of one session. Older ones are kept as what differs from the next newer one, so that what did not change
/// is there once; each is made again as it was when somebody asks for it.
///
/// ```
/// use cognigy_session_debugger::snapshot::{History, HistoryOptions, IngestOptions, Snapshot};
/// use std::rc::Rc;
/// let turn = |total: &str| {
///     let body = format!(r#"{{"variables":[{{"name":"total","value":{total},"scope":"session"}}]}}"#);
///     Snapshot::parse(body.into_bytes(), IngestOptions::default(), 0.0).map(Rc::new)
/// };
/// let mut history = History::new(HistoryOptions::default());
/// let first = history.push(turn("1.10")?, Some("hello".into()))?;
/// history.push(turn("7")?, None)?;
/// assert_eq!(history.snapshot(first).unwrap().get("total", None).unwrap().raw, "1.10");
/// let raws: Vec<_> = history.variable("total", None).into_iter().filter_map(|one| Some(one.variable?.raw)).collect();
/// assert_eq!(raws, ["1.10", "7"]);
/// # Ok::<(), cognigy_session_debugger::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct History {
    options: HistoryOptions,
    /// The oldest first.
    pub(super) older: VecDeque<Kept>,
    pub(super) newest: Option<Newest>,
    next_id: u32,
    evicted: usize,
}

impl History {
    /// Keeps nothing yet.
    pub fn new(options: HistoryOptions) -> History {
        History { options, ..History::default() }
    }

    /// Keeps a snapshot as the newest one, and gives its number. The oldest ones are let go where that is too much.
    ///
    /// # Errors
    /// `INPUT_INVALID` for a snapshot of another session.
    pub fn push(&mut self, snapshot: Rc<Snapshot>, turn: Option<String>) -> Result<u32, Error> {
        let mut moment = Moment {
            id: self.next_id + 1,
            taken_at_ms: snapshot.taken_at_ms(),
            turn,
            size: snapshot.len(),
            complete: snapshot.is_complete(),
            added: 0,
            removed: 0,
            changed: 0,
        };
        if let Some(last) = &self.newest {
            if last.snapshot.session_id() != snapshot.session_id() {
                let refused = "The snapshot is of another session. Give each session a history of its own.";
                return Err(Error::new(Code::InputInvalid, refused));
            }
            let found = snapshot.differences(&last.snapshot, |_| moment.changed += 1);
            (moment.added, moment.removed) = (found.added.len(), found.removed.len());
        }
        self.next_id = moment.id;
        let memory = snapshot.store.memory() + size_of::<Snapshot>();
        let last = self.newest.replace(Newest { moment, snapshot, memory });
        if let (Some(last), Some(now)) = (last, &self.newest) {
            let delta = Delta::between(&last.snapshot.store, &now.snapshot.store);
            let head = last.snapshot.with_store(last.snapshot.store.without_rows());
            let memory = delta.memory() + head.store.memory() + size_of::<Kept>();
            self.older.push_back(Kept { moment: last.moment, head, delta, memory });
        }
        while self.older.len() >= self.options.count.max(1) || self.bytes() > self.options.bytes {
            if self.older.pop_front().is_none() {
                break;
            }
            self.evicted += 1;
        }
        Ok(self.next_id)
    }

    /// The snapshots that are kept, the oldest first.
    pub fn moments(&self) -> impl Iterator<Item = &Moment> {
        self.older.iter().map(|kept| &kept.moment).chain(self.newest.as_ref().map(|newest| &newest.moment))
    }

    /// Says of a snapshot what turn of the conversation it shows, or anything else; `false` where it is not kept.
    pub fn label(&mut self, id: u32, turn: Option<String>) -> bool {
        let newest = self.newest.as_mut().map(|newest| &mut newest.moment);
        let found = self.older.iter_mut().map(|kept| &mut kept.moment).chain(newest).find(|moment| moment.id == id);
        found.map(|moment| moment.turn = turn).is_some()
    }

    /// A snapshot as it was; `None` where it is not kept.
    pub fn snapshot(&self, id: u32) -> Option<Rc<Snapshot>> {
        let newest = self.newest.as_ref()?;
        if newest.moment.id == id {
            return Some(Rc::clone(&newest.snapshot));
        }
        let place = self.older.iter().position(|kept| kept.moment.id == id)?;
        let rows = newest.snapshot.store.columns.all().map(|(row, _)| RowRef { pack: self.older.len(), row });
        let mut rows: Vec<RowRef> = rows.collect();
        for (pack, kept) in self.older.iter().enumerate().skip(place).rev() {
            rows = kept.delta.rows(&rows, pack);
        }
        let head = &self.older.get(place)?.head;
        Some(Rc::new(head.with_store(self.store_of(head, &rows))))
    }

    /// The rows as a store that resolves as a snapshot did.
    pub(super) fn store_of(&self, head: &Snapshot, rows: &[RowRef]) -> Store {
        let mut store = head.store.without_rows();
        for row in rows.iter().filter_map(|row| self.row(*row)) {
            store.push_row(row);
        }
        store.seal();
        store
    }

    pub(super) fn row(&self, row: RowRef) -> Option<StoredRow<'_>> {
        match self.older.get(row.pack) {
            Some(kept) => kept.delta.pack.row(row.row),
            None => self.newest.as_ref()?.snapshot.store.row(row.row),
        }
    }

    /// Bytes that all of it takes, the newest snapshot included; without what is made of that one when somebody searches or
    /// sorts it.
    pub fn bytes(&self) -> usize {
        let older: usize = self.older.iter().map(|kept| kept.memory).sum();
        older + self.newest.as_ref().map_or(0, |newest| newest.memory)
    }

    /// How many snapshots are kept.
    pub fn len(&self) -> usize {
        self.older.len() + usize::from(self.newest.is_some())
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.newest.is_none()
    }

    /// How many were let go.
    pub fn evicted(&self) -> usize {
        self.evicted
    }
}
