//! The trail that outlives the tab: the latest records of all debuggers of the origin, one chain in the origin's store.
//! One writes at a time; where there are no locks, or a halted tab keeps them, a write that another was ahead of is done again.

use super::audit::{AuditRecord, MAX_RECORDS};
use super::audit_chain::{AuditHash, Checkpoint, InStore, TrailId, hex, plain, seal_stored, text, unhex};
use super::checkpoints::Checkpoints;
use super::timing::turn;
use crate::error::{Code, Error};
use crate::platform::{Change, LocalFuture, Platform, Store, StoreError};
use futures_util::FutureExt;
use futures_util::future::{AbortHandle, Shared, abortable};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

/// The list of its records, in the store.
const LIST: &str = "audit";
/// The note of the newest record: the trail's name, its number, its hash.
const HEAD: &str = "audit-head";
/// The note of the key by which sessions are named.
const KEY: &str = "audit-key";
const LOCK: &str = "cognigy-session-debugger audit";
/// So many records are written at once: a checkpoint comes with each hundred.
const BATCH: usize = 100;
/// JavaScript can count so far.
const MOST_NUMBERS: u64 = 1 << 53;
/// What could not be written, though the store is there, is tried again after so many ms, or with the next record. A store that does
/// not open is tried again with the next record only: where there is none at all, as in Node, a timer would keep the program running.
const AGAIN_MS: f64 = 60_000.0;

/// How the stored trail names sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SessionNaming {
    /// By an HMAC under a key that never leaves this origin's store: the same session is seen to be the same, and who has the
    /// records without the store cannot tell which it is.
    #[default]
    Hmac,
    /// By its id.
    Plain,
}

/// Where the audit trail is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AuditStorage {
    /// In memory, each debugger's own: it ends with the tab.
    #[default]
    Memory,
    /// In the origin's store as well: the latest 10,000 records of all tabs.
    Persistent(SessionNaming),
}

/// Writes records behind those who make them.
pub(super) struct StoredTrail {
    platform: Rc<dyn Platform>,
    naming: SessionNaming,
    /// Which debugger a record is from; a tab has one, as a rule.
    tab: String,
    checkpoints: Option<Rc<Checkpoints>>,
    store: RefCell<Option<Rc<dyn Store>>>,
    /// The key, as the store had it last.
    key: Cell<Option<[u8; 32]>>,
    /// What is still to be written, oldest first.
    pending: RefCell<VecDeque<Pending>>,
    /// How far the debugger's own trail goes.
    own: Cell<Checkpoint>,
    writing: RefCell<Option<Writing>>,
    /// Stops the timer of another try, where one runs.
    again: Cell<Option<AbortHandle>>,
}

struct Pending {
    record: AuditRecord,
    monotonic_ms: f64,
}

impl Pending {
    fn posts_checkpoint(&self) -> bool {
        self.record.posts_checkpoint()
    }
}

type Writing = Shared<LocalFuture<Result<(), StoreError>>>;

/// The newest record of the stored trail.
struct Head {
    trail: TrailId,
    newest: Checkpoint,
}

impl Head {
    fn to_text(&self) -> String {
        [hex(&self.trail.0), self.newest.seq.to_string(), self.newest.hash.to_string()].join(" ")
    }

    /// `None` for a text that this version did not write.
    fn read(note: &str) -> Option<Head> {
        let mut parts = note.split(' ');
        let trail = TrailId(unhex(parts.next()?)?);
        let seq = parts.next()?.parse().ok().filter(|seq| *seq < MOST_NUMBERS)?;
        let hash = AuditHash(unhex(parts.next()?)?);
        Some(Head { trail, newest: Checkpoint { seq, hash, trail: Some(trail) } })
    }

    fn new(trail: TrailId) -> Head {
        Head { trail, newest: Checkpoint { trail: Some(trail), ..Checkpoint::default() } }
    }
}

impl StoredTrail {
    pub(super) fn new(
        platform: Rc<dyn Platform>,
        naming: SessionNaming,
        checkpoints: Option<Rc<Checkpoints>>,
    ) -> Rc<StoredTrail> {
        let tab = hex(platform.secret().first_chunk::<8>().unwrap_or(&[0; 8]));
        Rc::new(StoredTrail {
            platform,
            naming,
            tab,
            checkpoints,
            store: RefCell::default(),
            key: Cell::default(),
            pending: RefCell::default(),
            own: Cell::default(),
            writing: RefCell::default(),
            again: Cell::default(),
        })
    }

    /// Takes a record of the debugger's own trail, which goes as far as `own` by now.
    pub(super) fn take(self: &Rc<StoredTrail>, record: AuditRecord, own: Checkpoint) {
        let monotonic_ms = self.platform.monotonic_ms();
        let mut pending = self.pending.borrow_mut();
        // A store that fails for long costs the oldest, as a full one does.
        if pending.len() >= MAX_RECORDS {
            pending.pop_front();
        }
        pending.push_back(Pending { record, monotonic_ms });
        drop(pending);
        self.own.set(own);
        // Goes on by itself.
        drop(self.write());
    }

    /// The records that are kept, oldest first, each as its JSON; only those of a session where one is named.
    ///
    /// # Errors
    /// `STORAGE_UNAVAILABLE`.
    pub(super) async fn records(self: Rc<StoredTrail>, session: Option<String>) -> Result<Vec<String>, Error> {
        self.read(session.as_deref()).await.map_err(|StoreError| {
            Error::new(
                Code::StorageUnavailable,
                "The browser's storage refused the audit trail. Free some space, or allow this site to store data.",
            )
        })
    }

    async fn read(self: &Rc<StoredTrail>, session: Option<&str>) -> Result<Vec<String>, StoreError> {
        self.write().await?;
        let store = self.store().await?;
        let lines = store.heads(LIST, MAX_RECORDS).await?.into_iter().map(|(_, line)| line);
        let Some(session) = session else { return Ok(lines.collect()) };
        let key = self.key(&*store).await?;
        // Within a text of JSON no quotation mark stands alone, so that this is found as a member only.
        let names = [SessionNaming::Hmac, SessionNaming::Plain].map(|naming| plain(&named(naming, &key, session)));
        let is_of = |line: &String| names.iter().any(|name| line.contains(name.as_str()));
        Ok(lines.filter(is_of).collect())
    }

    /// Begins to write, unless it is being written already.
    fn write(self: &Rc<StoredTrail>) -> Writing {
        let mut writing = self.writing.borrow_mut();
        if let Some(running) = writing.as_ref().filter(|running| running.peek().is_none()) {
            return running.clone();
        }
        let trail = Rc::clone(self);
        let running = (Box::pin(trail.write_all()) as LocalFuture<_>).shared();
        *writing = Some(running.clone());
        self.platform.spawn(Box::pin(running.clone().map(drop)));
        running
    }

    /// Until nothing is left to write.
    async fn write_all(self: Rc<StoredTrail>) -> Result<(), StoreError> {
        let written = self.write_pending().await;
        if written.is_err() {
            // The debugger's own trail is the only one that is sure to go on.
            let pending = self.pending.borrow();
            self.reach(self.own.get(), pending.len() as u64, pending.iter().all(Pending::posts_checkpoint));
            drop(pending);
            if self.store.borrow().is_some() {
                self.try_again_later();
            }
        }
        written
    }

    async fn write_pending(&self) -> Result<(), StoreError> {
        let store = self.store().await?;
        let _lock = turn(&*self.platform, LOCK).await;
        while !self.pending.borrow().is_empty() {
            self.write_batch(&*store).await?;
        }
        Ok(())
    }

    fn try_again_later(self: &Rc<StoredTrail>) {
        let (sleep, timer) = abortable(self.platform.sleep(AGAIN_MS));
        if let Some(before) = self.again.replace(Some(timer)) {
            before.abort();
        }
        // The timer keeps no trail alive that nobody can add to.
        let weak = Rc::downgrade(self);
        self.platform.spawn(Box::pin(async move {
            if sleep.await.is_ok()
                && let Some(trail) = weak.upgrade()
            {
                drop(trail.write());
            }
        }));
    }

    /// Writes the oldest of them, unless another tab has written since the head was read.
    async fn write_batch(&self, store: &dyn Store) -> Result<(), StoreError> {
        let key = match self.key.take() {
            Some(key) => key,
            None => self.key(store).await?,
        };
        let before = store.note(HEAD).await?;
        let known = before.as_deref().and_then(Head::read);
        let mut changes = vec![Change::Expect(HEAD.into(), before), Change::Expect(KEY.into(), Some(hex(&key)))];
        let mut head = known.unwrap_or_else(|| {
            // There is none, or none that can be gone on with: what it was the head of, is a trail without an end.
            changes.push(Change::Trim { list: LIST.into(), to: u64::MAX });
            Head::new(TrailId(self.platform.secret()))
        });
        let batch: Vec<Pending> = {
            let mut pending = self.pending.borrow_mut();
            let size = pending.len().min(BATCH);
            pending.drain(..size).collect()
        };
        changes.extend(batch.iter().map(|pending| self.line(&mut head, &key, pending)));
        if let Some(to) = head.newest.seq.checked_sub(MAX_RECORDS as u64).filter(|to| *to > 0) {
            changes.push(Change::Trim { list: LIST.into(), to });
        }
        changes.push(Change::Note(HEAD.into(), Some(head.to_text())));
        let written = store.commit(changes).await;
        if written == Ok(true) {
            // Another one may be in the store by now: then the next write is refused, and reads it.
            self.key.set(Some(key));
            self.reach(head.newest, batch.len() as u64, batch.iter().all(Pending::posts_checkpoint));
        } else {
            let mut pending = self.pending.borrow_mut();
            batch.into_iter().rev().for_each(|one| pending.push_front(one));
        }
        written.map(drop)
    }

    /// One more record at the end of the chain.
    fn line(&self, head: &mut Head, key: &[u8; 32], pending: &Pending) -> Change {
        let mut record = pending.record.clone();
        record.seq = head.newest.seq + 1;
        record.prev = head.newest.hash;
        let session = record.session_id.take().map(|session| named(self.naming, key, &session));
        let place = InStore {
            monotonic_ms: pending.monotonic_ms,
            session: session.as_deref().unwrap_or_default(),
            tab: &self.tab,
            trail: head.trail,
        };
        let (line, hash) = seal_stored(&record, &place);
        head.newest = Checkpoint { seq: record.seq, hash, ..head.newest };
        Change::Line { list: LIST.into(), number: record.seq, text: line }
    }

    fn reach(&self, newest: Checkpoint, added: u64, only_posted: bool) {
        if let Some(checkpoints) = &self.checkpoints {
            checkpoints.reach(newest, added, only_posted);
        }
    }

    async fn store(&self) -> Result<Rc<dyn Store>, StoreError> {
        if let Some(store) = &*self.store.borrow() {
            return Ok(Rc::clone(store));
        }
        let store = self.platform.store().await.ok_or(StoreError)?;
        Ok(Rc::clone(self.store.borrow_mut().insert(store)))
    }

    /// The key of this origin, made by whoever needs it first, or finds one that is none.
    async fn key(&self, store: &dyn Store) -> Result<[u8; 32], StoreError> {
        loop {
            let note = store.note(KEY).await?;
            if let Some(key) = note.as_deref().and_then(unhex) {
                return Ok(key);
            }
            let key = hex(&[self.platform.secret(), self.platform.secret()].concat());
            store.commit(vec![Change::Expect(KEY.into(), note), Change::Note(KEY.into(), Some(key))]).await?;
        }
    }
}

impl Drop for StoredTrail {
    fn drop(&mut self) {
        if let Some(timer) = self.again.take() {
            timer.abort();
        }
    }
}

/// The member of a record that names its session.
fn named(naming: SessionNaming, key: &[u8; 32], session: &str) -> String {
    let mut out = String::new();
    match naming {
        SessionNaming::Plain => text(&mut out, ",\"sessionId\":", session),
        SessionNaming::Hmac => text(&mut out, ",\"sessionRef\":", &reference(key, session)),
    }
    out
}

/// The first half of an HMAC-SHA256, in hexadecimal.
fn reference(key: &[u8; 32], session: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return String::new() };
    mac.update(session.as_bytes());
    hex(mac.finalize().into_bytes().first_chunk::<16>().unwrap_or(&[0; 16]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_named_by_hmac_sha256() {
        // By OpenSSL: printf sess_1 | openssl dgst -sha256 -mac HMAC -macopt hexkey:000102…1f
        let key: [u8; 32] = std::array::from_fn(|at| u8::try_from(at).unwrap());
        assert_eq!(reference(&key, "sess_1"), "457e37aee4efacefc01a61662d2cf7db");
    }
}
