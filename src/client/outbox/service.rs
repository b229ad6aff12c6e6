//! The outbox as the debugger sees it: takes payloads, tells how it stands, brings dead letters back.

use super::endpoint::Endpoint;
use super::entry::{Head, message_id};
use super::posted::{Posted, prints, question};
use crate::client::audit::Action;
use crate::client::audit_chain::{Checkpoint, hex};
use crate::client::call::Desk;
use crate::client::cancel::Cancel;
use crate::client::options::{OutboxStorage, WebhookOptions, WebhookPayload};
use crate::client::timing::within;
use crate::client::webhook::{Receiver, checkpoint_payload, payload, thin_payload};
use crate::error::{Code, Error};
use crate::platform::{Change, MemoryStore, Record, Room, Store, StoreError};
use crate::query::VariableQuery;
use crate::snapshot::{Mask, Snapshot};
use futures_util::future::AbortHandle;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

/// What all entries together may take: those that wait and those that were given up.
pub(super) const ROOM: Room = Room { records: 10_000, bytes: 20_000_000 };
/// So many entries are moved, or looked at, at once.
pub(super) const BATCH: usize = 500;

/// A store is waited for so many ms at least, however little time a call has left: one that has to be opened takes a while.
const LEAST_MS: f64 = 5_000.0;

/// How an outbox stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutboxStatus {
    /// Entries that are still to be delivered.
    pub waiting: usize,
    /// Entries that were given up; [`crate::client::SessionDebugger::replay_outbox`] brings them back.
    pub dead: usize,
    /// Whether entries outlive the tab.
    pub durable: bool,
    /// Snapshots that could not be stored since the debugger was made, and so are not delivered; why is in the audit. One that the store
    /// did not answer in time for may be delivered all the same.
    pub refused: usize,
    /// Whether the receiver has said that it is gone (410). Nothing is sent until a replay.
    pub disabled: bool,
}

/// Snapshots on their way out. Clones are the same outbox.
#[derive(Clone)]
pub(crate) struct Outbox {
    pub(super) inner: Rc<Inner>,
}

pub(super) struct Inner {
    pub(super) desk: Rc<Desk>,
    pub(super) receiver: Receiver,
    payload: WebhookPayload,
    mask: Mask,
    /// For thin events.
    posted: Posted,
    pub(super) route: Rc<str>,
    pub(super) endpoint: Endpoint,
    storage: OutboxStorage,
    pub(super) ordered: bool,
    max_bytes: usize,
    pub(super) timeout_ms: f64,
    /// By which the other tabs know this one.
    pub(super) sender: String,
    /// Nothing is sent before this moment of the wall clock, in whatever order: the receiver said so, or the network is away.
    pub(super) not_before_ms: Cell<f64>,
    /// The entry whose attempt, the latest one, found no network.
    pub(super) offline: Cell<Option<u64>>,
    /// There is one again, and this entry due.
    pub(super) at_once: Cell<Option<u64>>,
    store: RefCell<Option<Rc<dyn Store>>>,
    refused: Cell<usize>,
    pub(super) running: Cell<bool>,
    /// There may be something to send that the running drain has not seen.
    pub(super) wanted: Cell<bool>,
    /// Ends the rest of whoever sends, where it rests.
    pub(super) rest: Cell<Option<AbortHandle>>,
    /// Its debugger is gone.
    pub(super) left: Cancel,
}

impl Outbox {
    /// An outbox, which begins to send what an earlier visit left.
    pub(crate) fn new(desk: Rc<Desk>, options: WebhookOptions) -> Outbox {
        let inner = Inner {
            endpoint: Endpoint::of(&options.url),
            storage: options.storage,
            ordered: options.ordered,
            max_bytes: options.max_bytes,
            timeout_ms: options.timeout_ms,
            not_before_ms: Cell::new(0.0),
            offline: Cell::default(),
            at_once: Cell::default(),
            sender: hex(&desk.platform.secret()),
            payload: options.payload,
            mask: options.mask.clone(),
            posted: Posted::default(),
            receiver: Receiver::new(Rc::clone(&desk.platform), options),
            desk,
            route: "webhook".into(),
            store: RefCell::default(),
            refused: Cell::new(0),
            running: Cell::new(false),
            rest: Cell::default(),
            wanted: Cell::new(false),
            left: Cancel::new(),
        };
        let outbox = Outbox { inner: Rc::new(inner) };
        outbox.drain();
        outbox
    }

    /// Takes a snapshot, and comes back when it is stored or refused, in `limit_ms` or some seconds; a refusal is in the audit.
    pub(crate) async fn post(&self, snapshot: &Snapshot, query: &VariableQuery, limit_ms: f64) {
        let inner = &self.inner;
        let now_ms = inner.desk.platform.wall_ms();
        let session = snapshot.session_id();
        let (mut now, mut before) = (None, None);
        let question = question(query);
        let body = match inner.payload {
            WebhookPayload::Snapshot => payload(snapshot, now_ms, &inner.mask),
            WebhookPayload::Thin => {
                let now = now.insert(prints(snapshot));
                before = inner.posted.take(question);
                let changed = before.as_ref().map(|before| before.changed(snapshot, now));
                thin_payload(snapshot, changed.as_deref(), now_ms, &inner.mask)
            }
        };
        // Whoever is cancelled meanwhile may have stored it all the same.
        let _drains = Drains(self);
        let storing =
            async { if body.len() > inner.max_bytes { Err(too_large()) } else { self.store(session, body).await } };
        let error = match within(&*inner.desk.platform, limit_ms.max(LEAST_MS), storing).await {
            Some(Ok(())) => {
                if let Some(now) = now {
                    inner.posted.keep(question, now);
                }
                return;
            }
            Some(Err(error)) => error,
            None => {
                // It may be stored all the same.
                before = None;
                storage_silent()
            }
        };
        if let Some(before) = before {
            inner.posted.keep(question, before);
        }
        inner.refused.set(inner.refused.get() + 1);
        inner.desk.journal.begin(Action::Webhook, &inner.route, Some(&session.into()), 1).close(Some(&error));
    }

    /// Due at once, whatever the clock says later.
    async fn store(&self, session: &str, body: String) -> Result<(), Error> {
        let inner = &self.inner;
        let id = message_id(inner.desk.platform.secret());
        let head = Head { failed: 0, due_ms: 0.0, id, session: session.to_owned() };
        let record = Record { head: head.to_text(), body };
        match inner.store().await.append(&inner.endpoint.waiting, record, ROOM).await {
            Ok(Some(_)) => Ok(()),
            Ok(None) => {
                Err(Error::new(Code::OutboxFull, "The outbox holds 10,000 snapshots or 20 MB of them already."))
            }
            Err(StoreError) => Err(storage_unavailable()),
        }
    }

    /// Takes a checkpoint of the audit trail. One that cannot be stored is not told of: the next one says more.
    pub(crate) fn post_checkpoint(&self, checkpoint: Checkpoint) {
        let outbox = self.clone();
        let now_ms = self.inner.desk.platform.wall_ms();
        self.inner.desk.platform.spawn(Box::pin(async move {
            let _ = outbox.store("", checkpoint_payload(checkpoint, now_ms)).await;
            outbox.drain();
        }));
    }

    /// The same, for whoever does not keep it alive.
    pub(crate) fn downgrade(&self) -> WeakOutbox {
        WeakOutbox(Rc::downgrade(&self.inner))
    }

    /// The debugger is gone: what is due is sent, but nothing is waited for. What is stored stays for the next one.
    pub(crate) fn leave(&self) {
        self.inner.left.cancel();
    }

    pub(crate) async fn status(&self) -> Result<OutboxStatus, Error> {
        self.inner.status().await.map_err(|StoreError| storage_unavailable())
    }

    /// What became of the latest 10,000 attempts of all webhooks of the origin, oldest first: each as JSON.
    pub(crate) async fn log(&self) -> Result<Vec<String>, Error> {
        self.inner.store().await.lines().await.map_err(|StoreError| storage_unavailable())
    }

    /// Brings dead letters back with all their attempts before them, and tries a receiver again that was gone. Gives
    /// how many came back.
    pub(crate) async fn replay(&self) -> Result<usize, Error> {
        let moved = self.inner.revive().await.map_err(|StoreError| storage_unavailable());
        self.drain();
        moved
    }
}

/// An outbox that may be gone.
pub(crate) struct WeakOutbox(Weak<Inner>);

impl WeakOutbox {
    pub(crate) fn upgrade(&self) -> Option<Outbox> {
        self.0.upgrade().map(|inner| Outbox { inner })
    }
}

/// Begins to send when dropped.
struct Drains<'a>(&'a Outbox);

impl Drop for Drains<'_> {
    fn drop(&mut self) {
        self.0.drain();
    }
}

impl Inner {
    /// The store; one in memory where there is no other, or none is wanted.
    pub(super) async fn store(&self) -> Rc<dyn Store> {
        if let Some(store) = &*self.store.borrow() {
            return Rc::clone(store);
        }
        let found = match self.storage {
            OutboxStorage::Persistent => self.desk.platform.store().await,
            OutboxStorage::Memory => None,
        };
        // Another call may have been first.
        let mut store = self.store.borrow_mut();
        Rc::clone(store.get_or_insert_with(|| found.unwrap_or_else(|| Rc::new(MemoryStore::default()))))
    }

    async fn status(&self) -> Result<OutboxStatus, StoreError> {
        let (store, names) = (self.store().await, &self.endpoint);
        Ok(OutboxStatus {
            waiting: store.heads(&names.waiting, ROOM.records).await?.len(),
            dead: store.heads(&names.dead, ROOM.records).await?.len(),
            durable: store.durable(),
            refused: self.refused.get(),
            disabled: store.note(&names.disabled).await?.is_some(),
        })
    }

    async fn revive(&self) -> Result<usize, StoreError> {
        let (store, names) = (self.store().await, &self.endpoint);
        self.not_before_ms.set(0.0);
        let mut moved = 0;
        loop {
            let dead = store.heads(&names.dead, BATCH).await?;
            let mut changes = vec![Change::Note(names.disabled.clone(), None)];
            changes.extend(dead.iter().map(|(number, text)| {
                Change::Head {
                    list: names.dead.clone(),
                    number: *number,
                    to: names.waiting.clone(),
                    head: Head::read(text)
                        .map_or_else(|| text.clone(), |head| Head { failed: 0, due_ms: 0.0, ..head }.to_text()),
                }
            }));
            store.commit(changes).await?;
            moved += dead.len();
            if dead.len() < BATCH {
                return Ok(moved);
            }
        }
    }
}

fn too_large() -> Error {
    Error::new(
        Code::BodyTooLarge,
        "What is to be posted is larger than webhook.maxBytes. Raise that, or post thin events.",
    )
}

fn storage_silent() -> Error {
    Error::new(
        Code::StorageUnavailable,
        "The browser's storage did not answer, so that the snapshot may be delivered or not. Close other tabs of this site that hang.",
    )
}

fn storage_unavailable() -> Error {
    Error::new(
        Code::StorageUnavailable,
        "The browser's storage refused the outbox. Free some space, or allow this site to store data.",
    )
}
