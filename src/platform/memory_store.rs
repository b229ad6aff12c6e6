//! A store in memory: for tests, and for pages whose browser refuses them a lasting one.

use super::origin::{Change, Record, Room, Store, Stored};
use std::cell::RefCell;
use std::collections::VecDeque;
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

/// One record of a list.
struct Kept {
    number: u64,
    list: String,
    record: Record,
}

#[derive(Default)]
struct Books {
    numbers: u64,
    /// By number. At most 10,000, so that a walk is quicker than an index would be small.
    kept: Vec<Kept>,
    bytes: usize,
    notes: Vec<(String, String)>,
    log: VecDeque<String>,
    /// By number.
    lines: VecDeque<Line>,
}

struct Line {
    list: String,
    number: u64,
    text: String,
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
        if self.kept.len() >= room.records || bytes > room.bytes {
            return None;
        }
        self.bytes = bytes;
        self.numbers += 1;
        self.kept.push(Kept { number: self.numbers, list: list.to_owned(), record });
        Some(self.numbers)
    }

    fn place(&self, list: &str, number: u64) -> Option<usize> {
        self.kept.iter().position(|kept| kept.number == number && kept.list == list)
    }

    fn note(&self, name: &str) -> Option<&String> {
        self.notes.iter().find(|(known, _)| known == name).map(|(_, text)| text)
    }

    fn is_expected(&self, change: &Change) -> bool {
        !matches!(change, Change::Expect(name, text) if self.note(name) != text.as_ref())
    }

    fn change(&mut self, change: Change) {
        match change {
            Change::Head { list, number, to, head } => {
                if let Some(kept) = self.place(&list, number).and_then(|place| self.kept.get_mut(place)) {
                    kept.list = to;
                    kept.record.head = head;
                }
            }
            Change::Remove { list, number } => {
                if let Some(place) = self.place(&list, number) {
                    self.bytes -= self.kept.remove(place).record.body.len();
                }
            }
            Change::Log(line) => {
                self.log.push_back(line);
                if self.log.len() > MAX_LINES {
                    self.log.pop_front();
                }
            }
            Change::Note(name, text) => {
                self.notes.retain(|(known, _)| *known != name);
                self.notes.extend(text.map(|text| (name, text)));
            }
            Change::Line { list, number, text } => {
                let place = self.lines.partition_point(|line| line.number < number);
                let is_it = |line: &&mut Line| line.number == number && line.list == list;
                match self.lines.iter_mut().skip(place).take_while(|line| line.number == number).find(is_it) {
                    Some(line) => line.text = text,
                    None => self.lines.insert(place, Line { list, number, text }),
                }
            }
            Change::Trim { list, to } => self.lines.retain(|line| line.list != list || line.number > to),
            // Has been asked.
            Change::Expect(..) => {}
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
        let of_list = books.kept.iter().filter(|kept| kept.list == list);
        let records = of_list.map(|kept| (kept.number, kept.record.head.clone()));
        let of_list = books.lines.iter().filter(|line| line.list == list);
        let lines = of_list.map(|line| (line.number, line.text.clone()));
        done(records.chain(lines).take(most).collect())
    }

    fn body(&self, number: u64) -> Stored<Option<String>> {
        let books = self.books.borrow();
        let kept = books.kept.iter().find(|kept| kept.number == number);
        done(kept.map(|kept| kept.record.body.clone()))
    }

    fn commit(&self, changes: Vec<Change>) -> Stored<bool> {
        let mut books = self.books.borrow_mut();
        let expected = changes.iter().all(|change| books.is_expected(change));
        if expected {
            changes.into_iter().for_each(|change| books.change(change));
        }
        done(expected)
    }

    fn lines(&self) -> Stored<Vec<String>> {
        done(self.log())
    }

    fn note(&self, name: &str) -> Stored<Option<String>> {
        let books = self.books.borrow();
        done(books.note(name).cloned())
    }

    fn used(&self) -> Stored<Room> {
        let books = self.books.borrow();
        done(Room { records: books.kept.len(), bytes: books.bytes })
    }
}
