//! The audit trail: exactly one record of every attempt, whatever became of it.

use super::audit_chain::{AuditHash, Checkpoint, kept, seal};
use super::calendar::rfc3339;
use super::metrics::{Counters, Metrics};
use super::retry::Decided;
use crate::error::{Code, Error};
use crate::platform::Platform;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

/// So many records are kept; older ones are dropped and counted.
pub const MAX_RECORDS: usize = 10_000;

/// What was attempted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Reading a page from the tenant.
    Read,
    /// Asking for a token.
    Token,
    /// Posting a snapshot.
    Webhook,
    /// Reading through a callback of the host.
    Source,
    /// Taking data that the host has.
    Ingest,
}

impl Action {
    /// The word that JavaScript sees.
    pub fn as_str(self) -> &'static str {
        match self {
            Action::Read => "read",
            Action::Token => "token",
            Action::Webhook => "webhook",
            Action::Source => "source",
            Action::Ingest => "ingest",
        }
    }
}

/// One attempt at one thing. Holds no token, no value and no URL.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditRecord {
    /// Counts up from 1, in the order in which attempts ended.
    pub seq: u64,
    /// When the attempt ended, on the wall clock in ms.
    pub at_ms: f64,
    /// What was attempted.
    pub action: Action,
    /// The route template.
    pub route: Rc<str>,
    /// The session, where there is one.
    pub session_id: Option<Rc<str>>,
    /// `None` is success.
    pub outcome: Option<Code>,
    /// The error's sentence.
    pub message: Option<String>,
    /// HTTP status, where an answer came.
    pub status: Option<u16>,
    /// From 1.
    pub attempt: u32,
    /// From 1.
    pub page: Option<u32>,
    /// Waiting for a free slot, the rate limit or a retry, in ms.
    pub wait_ms: f64,
    /// From sending to the end, in ms.
    pub network_ms: f64,
    /// Bytes received.
    pub bytes: usize,
    /// Variables that the attempt brought.
    pub count: Option<usize>,
    /// Whether and when it is repeated, where it failed.
    pub decided: Option<Decided>,
    /// The hash of the record before this one.
    pub prev: AuditHash,
    /// The hash of this record.
    pub hash: AuditHash,
}

impl AuditRecord {
    /// `OK` or the error code.
    pub fn outcome_text(&self) -> &'static str {
        self.outcome.map_or("OK", Code::as_str)
    }

    /// When the attempt ended, as RFC 3339 in UTC.
    pub fn at(&self) -> String {
        rfc3339(self.at_ms)
    }
}

/// The trail and the counts that follow from it. Clones share both.
#[derive(Clone)]
pub struct Journal {
    platform: Rc<dyn Platform>,
    books: Rc<RefCell<Books>>,
}

#[derive(Default)]
struct Books {
    records: VecDeque<AuditRecord>,
    newest: Checkpoint,
    counters: Counters,
}

impl Journal {
    /// An empty trail.
    pub fn new(platform: Rc<dyn Platform>) -> Journal {
        Journal { platform, books: Rc::default() }
    }

    /// Begins an attempt. Its record is written when the entry is closed or dropped.
    pub(crate) fn begin(&self, action: Action, route: &Rc<str>, session_id: Option<&Rc<str>>, attempt: u32) -> Entry {
        let record = AuditRecord {
            seq: 0,
            at_ms: 0.0,
            action,
            route: Rc::clone(route),
            session_id: session_id.cloned(),
            outcome: None,
            message: None,
            status: None,
            attempt,
            page: None,
            wait_ms: 0.0,
            network_ms: 0.0,
            bytes: 0,
            count: None,
            decided: None,
            prev: AuditHash::default(),
            hash: AuditHash::default(),
        };
        let began_ms = self.platform.monotonic_ms();
        Entry { journal: self.clone(), record, began_ms, admitted_ms: None, sent_ms: None, closed: false }
    }

    /// The records that are kept, oldest first.
    pub fn records(&self) -> Vec<AuditRecord> {
        self.books.borrow().records.iter().cloned().collect()
    }

    /// Looks at the records from the newest to the oldest.
    pub(crate) fn newest_first<T>(&self, look: impl FnOnce(&mut dyn Iterator<Item = &AuditRecord>) -> T) -> T {
        look(&mut self.books.borrow().records.iter().rev())
    }

    /// How many records are no longer kept.
    pub fn dropped(&self) -> u64 {
        let books = self.books.borrow();
        books.newest.seq - books.records.len() as u64
    }

    /// How far the trail goes by now.
    pub fn checkpoint(&self) -> Checkpoint {
        self.books.borrow().newest
    }

    /// The counts so far.
    pub fn metrics(&self) -> Metrics {
        self.books.borrow().counters.metrics()
    }

    fn write(&self, mut record: AuditRecord, sent: bool) {
        let mut books = self.books.borrow_mut();
        record.seq = books.newest.seq + 1;
        record.prev = books.newest.hash;
        record.hash = seal(&record);
        books.newest = Checkpoint { seq: record.seq, hash: record.hash };
        books.counters.count(&record, sent);
        if books.records.len() >= MAX_RECORDS {
            books.records.pop_front();
        }
        books.records.push_back(record);
    }
}

/// An attempt that has not ended yet. Dropped without being closed, it is recorded as `ABORTED`.
pub(crate) struct Entry {
    journal: Journal,
    pub(crate) record: AuditRecord,
    began_ms: f64,
    admitted_ms: Option<f64>,
    sent_ms: Option<f64>,
    closed: bool,
}

impl Entry {
    /// Waiting is over.
    pub(crate) fn admitted(&mut self) {
        self.admitted_ms = Some(self.journal.platform.monotonic_ms());
    }

    /// The request leaves.
    pub(crate) fn sent(&mut self) {
        self.sent_ms = Some(self.journal.platform.monotonic_ms());
    }

    /// Writes the record.
    pub(crate) fn close(mut self, error: Option<&Error>) {
        self.write(error.map(Error::code), error.map(|error| error.message().to_owned()));
    }

    fn write(&mut self, outcome: Option<Code>, message: Option<String>) {
        if std::mem::replace(&mut self.closed, true) {
            return;
        }
        let platform = &self.journal.platform;
        let now = platform.monotonic_ms();
        let mut record = self.record.clone();
        record.at_ms = platform.wall_ms();
        record.outcome = outcome;
        record.message = message;
        record.wait_ms = kept(self.admitted_ms.unwrap_or(now) - self.began_ms);
        record.network_ms = kept(self.sent_ms.map_or(0.0, |sent| now - sent));
        if let Some(decided) = &mut record.decided {
            decided.delay_ms = decided.delay_ms.map(kept);
        }
        self.journal.write(record, self.sent_ms.is_some());
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.write(Some(Code::Aborted), Some(super::cancel::aborted().message().to_owned()));
    }
}
