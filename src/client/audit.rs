//! The audit trail: exactly one record of every attempt, whatever became of it.

use super::audit_chain::{AuditHash, Checkpoint, kept, seal};
use super::audit_sessions::Sessions;
use super::audit_stored::{AuditStorage, StoredTrail};
use super::calendar::rfc3339;
use super::checkpoints::{Checkpoints, OnCheckpoint};
use super::metrics::{Counters, Metrics};
use super::retry::Decided;
use super::verdict::request_id;
use crate::error::{Code, Error};
use crate::platform::{Headers, Platform};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::Future;
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
    /// Showing something that a mask hides.
    Reveal,
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
            Action::Reveal => "reveal",
        }
    }
}

/// What was shown, or was to be shown, of what a mask hides. Never the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevealNote {
    /// The rule that hides it.
    pub rule: String,
    /// The way there, as the mask shows it; `None` where there are no words for it.
    pub path: Option<String>,
    /// Why, where somebody said.
    pub reason: Option<String>,
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
    /// Who attempted it, where the host has said so.
    pub actor: Option<Rc<str>>,
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
    /// Waiting for a token after that, in ms; `None` where none was needed.
    pub token_ms: Option<f64>,
    /// From sending to the end, in ms.
    pub network_ms: f64,
    /// Of those, up to the head of the answer; `None` where none came.
    pub first_byte_ms: Option<f64>,
    /// Of those, reading what had arrived; `None` where nothing was read.
    pub parse_ms: Option<f64>,
    /// What the server calls the request, where it says so.
    pub request_id: Option<String>,
    /// Bytes received.
    pub bytes: usize,
    /// Variables that the attempt brought.
    pub count: Option<usize>,
    /// Whether and when it is repeated, where it failed. An attempt that was cut short and a reveal that was refused went as somebody
    /// wished: they are no failures, and have none.
    pub decided: Option<Decided>,
    /// What was shown of what a mask hides.
    pub reveal: Option<RevealNote>,
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

    /// Whether it is of a checkpoint on its way to the webhook, and of nothing else.
    pub(super) fn posts_checkpoint(&self) -> bool {
        self.action == Action::Webhook && self.session_id.is_none()
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
    checkpoints: Option<Rc<Checkpoints>>,
    stored: Option<Rc<StoredTrail>>,
    actor: Option<Rc<str>>,
}

#[derive(Default)]
struct Books {
    /// Each with the `seq` of the one before it in its chain, 0 where there is none.
    records: VecDeque<(AuditRecord, u64)>,
    sessions: Sessions,
    newest: Checkpoint,
    counters: Counters,
    /// Whoever goes on with this trail: what ends later is written there.
    heir: Option<Rc<RefCell<Books>>>,
}

impl Books {
    fn kept(&self, seq: u64) -> Option<&(AuditRecord, u64)> {
        let dropped = self.newest.seq - self.records.len() as u64;
        self.records.get(usize::try_from(seq.checked_sub(dropped + 1)?).ok()?)
    }
}

impl Journal {
    /// An empty trail. Whoever wants to keep its checkpoints is told of them.
    pub fn new(platform: Rc<dyn Platform>, on_checkpoint: Option<OnCheckpoint>) -> Journal {
        let checkpoints = on_checkpoint.map(|tell| Checkpoints::new(Rc::clone(&platform), tell));
        Journal { platform, books: Rc::default(), checkpoints, stored: None, actor: None }
    }

    /// The same, kept there. Checkpoints are those of the stored trail then.
    pub fn kept_in(self, storage: AuditStorage) -> Journal {
        let AuditStorage::Persistent(naming) = storage else { return self };
        let (platform, checkpoints) = (Rc::clone(&self.platform), self.checkpoints.clone());
        Journal { stored: Some(StoredTrail::new(platform, naming, checkpoints)), ..self }
    }

    /// The same, with this actor in every record.
    pub fn by(self, actor: Option<&str>) -> Journal {
        Journal { actor: actor.map(Rc::from), ..self }
    }

    /// Begins an attempt. Its record is written when the entry is closed or dropped.
    pub(crate) fn begin(&self, action: Action, route: &Rc<str>, session_id: Option<&Rc<str>>, attempt: u32) -> Entry {
        let record = AuditRecord {
            seq: 0,
            at_ms: 0.0,
            action,
            route: Rc::clone(route),
            actor: self.actor.clone(),
            session_id: session_id.cloned(),
            outcome: None,
            message: None,
            status: None,
            attempt,
            page: None,
            wait_ms: 0.0,
            token_ms: None,
            network_ms: 0.0,
            first_byte_ms: None,
            parse_ms: None,
            request_id: None,
            bytes: 0,
            count: None,
            decided: None,
            reveal: None,
            prev: AuditHash::default(),
            hash: AuditHash::default(),
        };
        let began_ms = self.platform.monotonic_ms();
        Entry { journal: self.clone(), record, began_ms, admitted_ms: None, sent_ms: None, closed: false }
    }

    /// The records that are kept, oldest first.
    pub fn records(&self) -> Vec<AuditRecord> {
        self.books().borrow().records.iter().map(|(record, _)| record.clone()).collect()
    }

    /// Looks at the records of a session from the newest to the oldest, and at few others.
    pub(crate) fn of_session(&self, session: &str, mut look: impl FnMut(&AuditRecord) -> bool) {
        let books = self.books();
        let books = books.borrow();
        let mut seq = books.sessions.newest(session);
        // One that is not kept any more ends the chain.
        while let Some((record, before)) = books.kept(seq) {
            if record.session_id.as_deref() == Some(session) && !look(record) {
                return;
            }
            seq = *before;
        }
    }

    /// The records that the store keeps of all tabs, oldest first, each as its JSON; only those of a session where one is named.
    ///
    /// # Errors
    /// `CONFIG_INVALID` where the trail is not stored; `STORAGE_UNAVAILABLE`.
    pub fn stored_records(&self, session: Option<String>) -> impl Future<Output = Result<Vec<String>, Error>> + use<> {
        let stored = self.stored.clone();
        async move {
            match stored {
                Some(stored) => stored.records(session).await,
                None => Err(Error::new(Code::ConfigInvalid, "The audit trail is not stored: see the option audit.")),
            }
        }
    }

    /// How many records are no longer kept.
    pub fn dropped(&self) -> u64 {
        let books = self.books();
        let books = books.borrow();
        books.newest.seq - books.records.len() as u64
    }

    /// How far the trail goes by now.
    pub fn checkpoint(&self) -> Checkpoint {
        self.books().borrow().newest
    }

    /// The counts so far.
    pub fn metrics(&self) -> Metrics {
        self.books().borrow().counters.metrics()
    }

    /// Goes on with the trail and the counts of a journal that this one replaces.
    ///
    /// # Errors
    /// `INPUT_INVALID` where this one has records of its own.
    pub(crate) fn continue_from(&self, earlier: &Journal) -> Result<(), Error> {
        let (own, earlier) = (self.books(), earlier.books());
        if Rc::ptr_eq(&own, &earlier) {
            return Ok(());
        }
        if own.borrow().newest.seq > 0 {
            return Err(Error::new(Code::InputInvalid, "This debugger has records of its own already."));
        }
        std::mem::swap(&mut *own.borrow_mut(), &mut *earlier.borrow_mut());
        earlier.borrow_mut().heir = Some(own);
        Ok(())
    }

    /// The books as they are kept now.
    fn books(&self) -> Rc<RefCell<Books>> {
        let mut books = Rc::clone(&self.books);
        loop {
            let Some(heir) = books.borrow().heir.clone() else { return books };
            books = heir;
        }
    }

    fn write(&self, mut record: AuditRecord, sent: bool) {
        let books = self.books();
        let mut books = books.borrow_mut();
        record.seq = books.newest.seq + 1;
        record.prev = books.newest.hash;
        record.hash = seal(&record);
        books.newest = Checkpoint { seq: record.seq, hash: record.hash, trail: None };
        books.counters.count(&record, sent);
        if books.records.len() >= MAX_RECORDS {
            books.records.pop_front();
        }
        let before = books.sessions.add(record.session_id.as_deref().unwrap_or_default(), record.seq);
        let only_posted = record.posts_checkpoint();
        let for_store = self.stored.is_some().then(|| record.clone());
        books.records.push_back((record, before));
        let newest = books.newest;
        drop(books);
        match (&self.stored, for_store, &self.checkpoints) {
            (Some(stored), Some(record), _) => stored.take(record, newest),
            (_, _, Some(checkpoints)) => checkpoints.reach(newest, 1, only_posted),
            _ => {}
        }
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

    /// There is a token.
    pub(crate) fn has_token(&mut self) {
        let now = self.journal.platform.monotonic_ms();
        self.record.token_ms = Some(now - self.admitted_ms.unwrap_or(now));
    }

    /// The request leaves.
    pub(crate) fn sent(&mut self) {
        self.sent_ms = Some(self.journal.platform.monotonic_ms());
    }

    /// The head of the answer is there.
    pub(crate) fn answered(&mut self, status: u16, headers: &Headers) {
        let now = self.journal.platform.monotonic_ms();
        self.record.status = Some(status);
        self.record.first_byte_ms = Some(now - self.sent_ms.unwrap_or(now));
        self.record.request_id = request_id(headers);
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
        for part in [&mut record.token_ms, &mut record.first_byte_ms, &mut record.parse_ms] {
            *part = part.map(kept);
        }
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
