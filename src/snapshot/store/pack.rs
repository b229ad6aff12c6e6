//! Rows by themselves, without a table of names, and stores made of rows.

use super::columns::Columns;
use super::entry::{Declared, Entry, EntryId, flag};
use super::names::Name;
use super::scopes::Scopes;
use super::waiting::Waiting;
use super::{Store, decode, narrow, same_bytes};
use crate::ingest::{Limits, Problem, Text};
use crate::scope::Precedence;
use crate::value::json::JsonKind;
use std::borrow::Cow;
use std::mem::size_of;

/// What is found again when a store is made: which of equal names counts.
const RESOLVED: u8 = flag::DUPLICATE | flag::SHADOWED;

/// A row, wherever it lies.
#[derive(Clone, Copy)]
pub(in super::super) struct StoredRow<'a> {
    name: &'a [u8],
    name_escaped: bool,
    scope: &'a str,
    value: &'a [u8],
    declared: Declared,
    kind: JsonKind,
    flags: u8,
    /// Of an item that could not be read, with its name where that was readable.
    problem: Option<(&'a Problem, &'a [u8])>,
}

impl StoredRow<'_> {
    pub(in super::super) fn name(&self) -> Cow<'_, str> {
        decode(self.name, Text { start: 0, end: self.name.len(), escaped: self.name_escaped })
    }

    pub(in super::super) fn is_unreadable(&self) -> bool {
        self.problem.is_some()
    }

    /// Whether both are of one name and scope.
    pub(in super::super) fn stands_for(&self, other: &StoredRow<'_>) -> bool {
        let same_name = if self.name_escaped || other.name_escaped {
            self.name() == other.name()
        } else {
            same_bytes(self.name, other.name)
        };
        same_name && self.scope == other.scope && self.is_unreadable() == other.is_unreadable()
    }

    /// Whether nobody could tell both apart.
    pub(in super::super) fn is(&self, other: &StoredRow<'_>) -> bool {
        let facts = |row: &Self| (row.declared, row.kind, row.flags);
        let told = |(problem, name): (&Problem, &[u8])| {
            (
                problem.reason,
                problem.place.clone(),
                problem.offset,
                problem.page,
                problem.name.map(|name| name.2),
                name.to_vec(),
            )
        };
        facts(self) == (other.declared, other.kind, other.flags)
            && self.stands_for(other)
            && same_bytes(self.value, other.value)
            && self.problem.map(told) == other.problem.map(told)
    }
}

/// A row in a pack: its name stands before its value.
#[derive(Debug, Clone, Copy)]
struct Packed {
    name: u32,
    start: u32,
    end: u32,
    scope: u32,
    declared: Declared,
    kind: JsonKind,
    flags: u8,
    name_escaped: bool,
}

/// Rows that nobody has to find by name.
#[derive(Debug)]
pub(in super::super) struct Pack {
    bytes: Vec<u8>,
    rows: Vec<Packed>,
    scopes: Scopes,
    problems: Vec<(u32, Problem)>,
}

impl Pack {
    pub(in super::super) fn new() -> Pack {
        Pack { bytes: Vec::new(), rows: Vec::new(), scopes: Scopes::new(0), problems: Vec::new() }
    }

    pub(in super::super) fn push(&mut self, row: StoredRow<'_>) {
        let id = narrow(self.rows.len());
        let name = narrow(self.bytes.len());
        self.bytes.extend_from_slice(row.name);
        let start = narrow(self.bytes.len());
        self.bytes.extend_from_slice(row.value);
        let end = narrow(self.bytes.len());
        if let Some((problem, name)) = row.problem {
            let problem = relocated(&mut self.bytes, problem, name);
            self.problems.push((id, problem));
        }
        let StoredRow { declared, kind, flags, name_escaped, .. } = row;
        let scope = self.scopes.intern(row.scope, &Precedence::default());
        self.rows.push(Packed { name, start, end, scope, declared, kind, flags, name_escaped });
    }

    /// Gives back what it took too much.
    pub(in super::super) fn shrink(&mut self) {
        self.bytes.shrink_to_fit();
        self.rows.shrink_to_fit();
        self.problems.shrink_to_fit();
    }

    pub(in super::super) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(in super::super) fn row(&self, id: u32) -> Option<StoredRow<'_>> {
        let Packed { name, start, end, scope, declared, kind, flags, name_escaped } = *self.rows.get(id as usize)?;
        let bytes = |from: u32, to: u32| self.bytes.get(from as usize..to as usize).unwrap_or_default();
        let place = self.problems.binary_search_by_key(&id, |(row, _)| *row).ok();
        let problem = place.and_then(|place| self.problems.get(place)).map(|(_, problem)| problem);
        Some(StoredRow {
            name: bytes(name, start),
            name_escaped,
            scope: self.scopes.word(scope),
            value: bytes(start, end),
            declared,
            kind,
            flags,
            problem: problem.map(|problem| (problem, problem_name(&self.bytes, problem))),
        })
    }

    /// Bytes that it takes.
    pub(in super::super) fn memory(&self) -> usize {
        self.bytes.capacity()
            + self.rows.capacity() * size_of::<Packed>()
            + self.problems.capacity() * size_of::<(u32, Problem)>()
            + self.scopes.memory()
    }
}

fn problem_name<'a>(bytes: &'a [u8], problem: &Problem) -> &'a [u8] {
    problem.name.and_then(|(start, end, _)| bytes.get(start..end)).unwrap_or_default()
}

/// The same problem with its name at the end of these bytes.
fn relocated(bytes: &mut Vec<u8>, problem: &Problem, name: &[u8]) -> Problem {
    let start = bytes.len();
    bytes.extend_from_slice(name);
    let place = problem.name.map(|(_, _, escaped)| (start, bytes.len(), escaped));
    Problem { name: place, ..problem.clone() }
}

impl Store {
    /// A store without rows, that resolves as this one does.
    pub(in super::super) fn without_rows(&self) -> Store {
        let columns = &self.columns;
        Store {
            body: Vec::new(),
            columns: Columns {
                precedence: columns.precedence.clone(),
                last_of_equals: columns.last_of_equals,
                max_depth: columns.max_depth,
                ..Columns::new(None, &Limits::default(), columns.seed)
            },
        }
    }

    pub(in super::super) fn row(&self, id: EntryId) -> Option<StoredRow<'_>> {
        let entry = self.columns.entry(id)?;
        let name = self.columns.name_text(entry.name).unwrap_or(Text { start: 0, end: 0, escaped: false });
        let problem = if entry.is_unreadable() { self.columns.problem(id) } else { None };
        Some(StoredRow {
            name: self.body.get(name.start..name.end).unwrap_or_default(),
            name_escaped: name.escaped,
            scope: self.columns.scope(entry),
            value: self.bytes(entry),
            declared: entry.declared,
            kind: entry.kind,
            flags: entry.flags & !RESOLVED,
            problem: problem.map(|problem| (problem, problem_name(&self.body, problem))),
        })
    }

    /// Adds a row behind all others. [`Store::seal`] resolves them.
    pub(in super::super) fn push_row(&mut self, row: StoredRow<'_>) {
        let Store { body, columns } = self;
        let id = narrow(columns.entries.len());
        let name = Text { start: body.len(), end: body.len() + row.name.len(), escaped: row.name_escaped };
        body.extend_from_slice(row.name);
        body.extend_from_slice(row.value);
        let (start, len) = (narrow(name.end), narrow(row.value.len()));
        if let Some((problem, name)) = row.problem {
            columns.add(Entry::unreadable(start, len));
            columns.problems.push((id, relocated(body, problem, name)));
            return;
        }
        let scope = columns.scopes.intern(row.scope, &columns.precedence);
        let tag = columns.names.tag(row.name().as_bytes());
        columns.waiting.push(Waiting { entry: id, name, tag });
        let StoredRow { declared, kind, flags, .. } = row;
        columns.add(Entry { scope, declared, kind, flags, ..Entry::unreadable(start, len) });
        if columns.waiting.is_full() {
            columns.settle(body);
        }
    }

    /// Lets the right one of equal names count.
    pub(in super::super) fn seal(&mut self) {
        self.columns.settle(&self.body);
        self.columns.mark_duplicates();
    }

    /// Bytes that it takes, its index included.
    pub(in super::super) fn memory(&self) -> usize {
        let columns = &self.columns;
        self.body.capacity()
            + columns.entries.capacity() * size_of::<Entry>()
            + columns.names.memory(size_of::<Name>())
            + columns.problems.capacity() * size_of::<(EntryId, Problem)>()
            + columns.scopes.memory()
    }
}
