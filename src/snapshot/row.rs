//! What a table shows of one variable: every decision about it is made here.

use super::origin::Origin;
use super::preview::{MOST_CHARS, child_count, cut, shown};
use super::snapshot::Snapshot;
use super::store::{Entry, EntryId};
use crate::value::{Note, ValueType};

/// One row of the table.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Identifies the row within its snapshot.
    pub entry: EntryId,
    /// The variable's name; empty where an unreadable item has none.
    pub name: String,
    /// Its scope; empty for an unreadable item.
    pub scope: String,
    /// Place of the scope in the order of precedence, from 0; −1 for an unknown scope.
    pub rank: i32,
    /// What the value is; `None` where the item could not be read.
    pub value_type: Option<ValueType>,
    /// The value as shown, at most 200 characters.
    pub text: String,
    /// Whether `text` or `raw` is not the whole.
    pub truncated: bool,
    /// The text that came, where it is not what is shown.
    pub raw: Option<String>,
    /// Why the text was not read, or what the reading loses.
    pub note: Option<Note>,
    /// What the platform put in the place of the value.
    pub origin: Option<Origin>,
    /// Whether the variable belongs to the platform.
    pub is_system: bool,
    /// Whether the data said so; else its name begins with `_` or does not.
    pub system_declared: bool,
    /// How many variables this one hides.
    pub hides: usize,
    /// Whether another variable hides this one.
    pub hidden: bool,
    /// Bytes of the value in the body.
    pub size: usize,
    /// Members of an object, elements of an array.
    pub child_count: Option<usize>,
    /// Why the item could not be read.
    pub problem: Option<RowProblem>,
}

/// Why an item could not be read, as a row tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowProblem {
    /// One sentence for people.
    pub reason: &'static str,
    /// JSON path in its page.
    pub path: String,
    /// Byte offset in its page.
    pub offset: usize,
    /// The page, from 1.
    pub page: usize,
}

impl Snapshot {
    /// The row of an entry; `None` for a number that no entry has.
    pub fn row(&self, id: EntryId) -> Option<Row> {
        let entry = self.store.columns.entry(id)?;
        Some(if entry.is_unreadable() { self.unreadable_row(id, entry) } else { self.readable_row(id, entry) })
    }

    fn readable_row(&self, id: EntryId, entry: Entry) -> Row {
        let columns = &self.store.columns;
        let side_by_side = columns.precedence().is_side_by_side();
        let wins = columns.winner(entry.name) == Some(id);
        let hidden = columns.is_hidden(entry);
        let hides = if wins && !side_by_side { columns.count(entry.name) - 1 } else { 0 };
        self.look(entry, |view| {
            let value = shown(&view.value);
            let raw = view.differs_from_raw().then(|| cut(view.raw, MOST_CHARS));
            Row {
                entry: id,
                name: self.store.name(entry.name).into_owned(),
                scope: columns.scope(entry).to_owned(),
                rank: columns.rank(entry),
                value_type: Some(view.value_type()),
                truncated: value.truncated || raw.as_ref().is_some_and(|raw| raw.truncated),
                text: value.text,
                raw: raw.map(|raw| raw.text),
                child_count: child_count(&view.value),
                origin: Origin::of(&view.value, view.raw),
                note: view.note,
                is_system: entry.is_system(),
                system_declared: entry.system_is_declared(),
                hides,
                hidden,
                size: entry.size(),
                problem: None,
            }
        })
    }

    fn unreadable_row(&self, id: EntryId, entry: Entry) -> Row {
        let text = cut(&self.store.source(entry), MOST_CHARS);
        let problem = self.store.columns.problem(id);
        Row {
            entry: id,
            name: problem.map(|problem| self.store.problem_name(problem).into_owned()).unwrap_or_default(),
            scope: String::new(),
            rank: -1,
            value_type: None,
            text: text.text,
            truncated: text.truncated,
            raw: None,
            note: None,
            origin: None,
            is_system: false,
            system_declared: false,
            hides: 0,
            hidden: false,
            size: entry.size(),
            child_count: None,
            problem: problem.map(|problem| RowProblem {
                reason: problem.reason.sentence(),
                path: problem.path(),
                offset: problem.offset,
                page: problem.page,
            }),
        }
    }
}
