//! A store in memory: for tests, and for pages whose browser refuses them a lasting one.

use super::origin::{Change, Record, Room, Store, Stored};
use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::future::ready;

/// So many lines of the log are kept.
const MAX_LINES: usize = 10_000;

/// Forgets everything when it is dropped.
///
/// ```
/// use cognigy_session_debugger::platform::{MemoryStore, Store};
/// assert!(!MemoryStore::default().durable());
/// ```
#[derive(Default)]
pub struct MemoryStore {
    books: RefCell<Books>,
}

#[derive(Default)]
struct Books {
    numbers: u64,
    heads: BTreeMap<(String, u64), String>,
    bodies: BTreeMap<u64, String>,
    bytes: usize,
    notes: BTreeMap<String, String>,
    log: VecDeque<String>,
}

impl MemoryStore {
    /// The lines of the log, oldest first.
    pub fn log(&self) -> Vec<String> {
        self.books.borrow().log.iter().cloned().collect()
    }
}

impl Books {
    fn append(&mut self, list: &str, record: Record, room: Room) -> Option<u64> {
        let bytes = self.bytes + record.body.len();
        if self.bodies.len() >= room.records || bytes > room.bytes {
            return None;
        }
        self.bytes = bytes;
        self.numbers += 1;
        self.heads.insert((list.to_owned(), self.numbers), record.head);
        self.bodies.insert(self.numbers, record.body);
        Some(self.numbers)
    }

    fn change(&mut self, change: Change) {
        match change {
            Change::Head { list, number, to, head } => {
                if self.heads.remove(&(list, number)).is_some() {
                    self.heads.insert((to, number), head);
                }
            }
            Change::Remove { list, number } => {
                if self.heads.remove(&(list, number)).is_some() {
                    self.bytes -= self.bodies.remove(&number).map_or(0, |body| body.len());
                }
            }
            Change::Log(line) => {
                self.log.push_back(line);
                if self.log.len() > MAX_LINES {
                    self.log.pop_front();
                }
            }
            Change::Note(name, Some(text)) => drop(self.notes.insert(name, text)),
            Change::Note(name, None) => drop(self.notes.remove(&name)),
        }
    }
}

/// All is done at once.
fn done<T: 'static>(value: T) -> Stored<T> {
    Box::pin(ready(Ok(value)))
}

impl Store for MemoryStore {
    fn durable(&self) -> bool {
        false
    }

    fn append(&self, list: &str, record: Record, room: Room) -> Stored<Option<u64>> {
        done(self.books.borrow_mut().append(list, record, room))
    }

    fn heads(&self, list: &str, most: usize) -> Stored<Vec<(u64, String)>> {
        let books = self.books.borrow();
        let from = books.heads.range((list.to_owned(), 0)..).take_while(|((of, _), _)| of == list);
        done(from.take(most).map(|((_, number), head)| (*number, head.clone())).collect())
    }

    fn body(&self, number: u64) -> Stored<Option<String>> {
        done(self.books.borrow().bodies.get(&number).cloned())
    }

    fn commit(&self, changes: Vec<Change>) -> Stored<()> {
        let mut books = self.books.borrow_mut();
        changes.into_iter().for_each(|change| books.change(change));
        done(())
    }

    fn note(&self, name: &str) -> Stored<Option<String>> {
        done(self.books.borrow().notes.get(name).cloned())
    }

    fn used(&self) -> Stored<Room> {
        let books = self.books.borrow();
        done(Room { records: books.bodies.len(), bytes: books.bytes })
    }
}
