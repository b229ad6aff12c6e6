//! The store of a virtual origin, as one of its tabs reaches it.

use super::memory_store::MemoryStore;
use super::origin::{Change, Record, Room, Store, StoreError, Stored};
use super::traits::{Sleep, Spawn};
use super::virtual_tab::VirtualTab;
use futures_util::FutureExt;
use std::future::pending;

/// A transaction takes a moment, and happens at the end of it or, where the
/// tab has died by then, not at all.
pub(super) struct TabStore {
    pub(super) tab: VirtualTab,
}

const TRANSACTION_MS: f64 = 1.0;

impl TabStore {
    fn transact<T: Clone + 'static>(
        &self,
        writes: bool,
        act: impl FnOnce(&MemoryStore) -> Stored<T> + 'static,
    ) -> Stored<T> {
        let tab = self.tab.clone();
        if tab.shared.is_silent() {
            return Box::pin(pending());
        }
        let transaction = async move {
            tab.world.sleep(TRANSACTION_MS).await;
            if tab.is_closed() || (writes && !tab.shared.may_write()) {
                return Err(StoreError);
            }
            let done = act(&tab.shared.store);
            done.await
        };
        let world = self.tab.world.clone();
        Box::pin(async move {
            // As in a browser, a transaction that has begun ends, also where nobody waits for it any more.
            let transaction = transaction.boxed_local().shared();
            world.spawn(Box::pin(transaction.clone().map(drop)));
            transaction.await
        })
    }
}

impl Store for TabStore {
    fn durable(&self) -> bool {
        true
    }

    fn append(&self, list: &str, record: Record, room: Room) -> Stored<Option<u64>> {
        let list = list.to_owned();
        self.transact(true, move |store| store.append(&list, record, room))
    }

    fn heads(&self, list: &str, most: usize) -> Stored<Vec<(u64, String)>> {
        let list = list.to_owned();
        self.transact(false, move |store| store.heads(&list, most))
    }

    fn body(&self, number: u64) -> Stored<Option<String>> {
        self.transact(false, move |store| store.body(number))
    }

    fn commit(&self, changes: Vec<Change>) -> Stored<bool> {
        self.transact(true, move |store| store.commit(changes))
    }

    fn lines(&self) -> Stored<Vec<String>> {
        self.transact(false, MemoryStore::lines)
    }

    fn note(&self, name: &str) -> Stored<Option<String>> {
        let name = name.to_owned();
        self.transact(false, move |store| store.note(&name))
    }

    fn used(&self) -> Stored<Room> {
        self.transact(false, MemoryStore::used)
    }
}
