//! What the tabs of one origin share: locks, a channel, and a store of what is still to be sent and of what was done.

use super::traits::LocalFuture;
use std::rc::Rc;

/// What the tabs of one origin share. A platform has none of it unless it says otherwise; its tabs then go on alone.
pub trait Origin {
    /// Waits until nobody else in this origin holds the lock of that name. `None` where there are no locks.
    fn lock(&self, _name: &str) -> LocalFuture<Option<Lock>> {
        Box::pin(async { None })
    }

    /// Joins the channel of that name. `None` where there are no channels.
    fn join(&self, _name: &str, _hear: Hear) -> LocalFuture<Option<Box<dyn Channel>>> {
        Box::pin(async { None })
    }

    /// Opens the store. `None` where it is missing or blocked.
    fn store(&self) -> LocalFuture<Option<Rc<dyn Store>>> {
        Box::pin(async { None })
    }
}

/// A lock that is held until this is dropped.
pub struct Lock {
    /// Whether somebody else held it at first.
    pub waited: bool,
    /// Gives the lock back when dropped.
    pub held: Box<dyn std::any::Any>,
}

/// Is told what comes over a channel.
pub type Hear = Rc<dyn Fn(Heard)>;

/// What comes over a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// What another tab said. Any script of the origin can say anything, so it is not to be believed.
    Word(String),
    /// This tab is about to be closed; what is said now still arrives.
    Leaving,
}

/// A channel to the other tabs. Left when dropped.
pub trait Channel {
    /// Tells all others, but not oneself.
    fn say(&self, word: &str);
}

/// What a store keeps of one thing: a short head, which can change, and a body, which cannot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Read with every look into a list.
    pub head: String,
    /// Read when it is needed.
    pub body: String,
}

/// How much a store may hold in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// Records.
    pub records: usize,
    /// Bytes of their bodies.
    pub bytes: usize,
}

/// The store could not do it: a quota, a transaction that was aborted, a database that was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoreError;

/// The answer of a store.
pub type Stored<T> = LocalFuture<Result<T, StoreError>>;

/// One of the changes that are made together or not at all. Changes of a record that is not there do nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Another head, perhaps in another list. The number stays.
    Head {
        /// Where the record is.
        list: String,
        /// Its number.
        number: u64,
        /// Where it goes.
        to: String,
        /// Its new head.
        head: String,
    },
    /// The record goes.
    Remove {
        /// Where the record is.
        list: String,
        /// Its number.
        number: u64,
    },
    /// A line is added to the log, which keeps the latest 10,000.
    Log(String),
    /// A note of that name is set, or taken away.
    Note(String, Option<String>),
    /// Nothing is changed at all unless the note of that name is so. Stands before all other changes.
    Expect(String, Option<String>),
    /// A line is set in a list, under a number of the caller's. It has a head alone, and takes no room of records.
    Line {
        /// Where it goes.
        list: String,
        /// Its number.
        number: u64,
        /// Its head.
        text: String,
    },
    /// Lines go whose number is so or smaller.
    Trim {
        /// Where they are.
        list: String,
        /// The greatest number that goes.
        to: u64,
    },
}

/// Lists of records in the order of their numbers, notes, and a log. What it says is done stays done when the tab dies,
/// if [`Store::durable`].
pub trait Store {
    /// Whether what is stored outlives this tab.
    fn durable(&self) -> bool;

    /// Adds a record at the end of a list and gives its number, unless all lists together would then hold more than
    /// `room`.
    fn append(&self, list: &str, record: Record, room: Room) -> Stored<Option<u64>>;

    /// Numbers and heads of a list's first records.
    fn heads(&self, list: &str, most: usize) -> Stored<Vec<(u64, String)>>;

    /// The body of a record; `None` where it is gone.
    fn body(&self, number: u64) -> Stored<Option<String>>;

    /// Makes changes, all or none. `false` where a note was not as expected.
    fn commit(&self, changes: Vec<Change>) -> Stored<bool>;

    /// The lines of the log, oldest first.
    fn lines(&self) -> Stored<Vec<String>>;

    /// A note, where it is set.
    fn note(&self, name: &str) -> Stored<Option<String>>;

    /// How much all lists hold.
    fn used(&self) -> Stored<Room>;
}
