//! What a table shows of one variable: every decision about it is made here.

use super::find::Lens;
use super::mask::{Hidden, Mask, Masked};
use super::origin::Origin;
use super::preview::{MOST_CHARS, cut};
use super::snapshot::Snapshot;
use super::store::{Entry, EntryId};
use super::through::Seen;
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
    /// Bytes of the value in the body; where something of it is hidden, the fewest of its size class.
    pub size: usize,
    /// Members of an object, elements of an array.
    pub child_count: Option<usize>,
    /// Why the item could not be read.
    pub problem: Option<RowProblem>,
    /// What a mask did to the value, where one hid something of it.
    pub masked: Option<Masked>,
    /// What became of it since the snapshot that it was compared with; `None` where there was none, or it is the same.
    pub change: Option<RowChange>,
    /// What it was then, where it changed: its row in that snapshot, through the same mask.
    pub before: Option<Box<Row>>,
}

/// What became of a variable since a snapshot before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowChange {
    /// It was not there.
    Added,
    /// It was another one.
    Changed,
    /// It was there and is no more: the row is one of the snapshot before.
    Removed,
}

impl RowChange {
    /// The word in the JavaScript contract.
    pub fn as_str(self) -> &'static str {
        match self {
            RowChange::Added => "added",
            RowChange::Changed => "changed",
            RowChange::Removed => "removed",
        }
    }
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
        self.row_through(id, &Mask::off())
    }

    /// The row as a mask shows it: of a value that is hidden as a whole it tells the type, a size class and the rule.
    ///
    /// ```
    /// use cognigy_session_debugger::snapshot::{IngestOptions, Mask, SizeClass, Snapshot};
    /// let body = br#"{"variables":[{"name":"pin","value":4711,"scope":"user"}]}"#;
    /// let snapshot = Snapshot::parse(body.to_vec(), IngestOptions::default(), 0.0)?;
    /// let row = snapshot.row_through(0, &Mask::standard()).unwrap();
    /// let masked = row.masked.unwrap();
    /// assert_eq!((row.text.as_str(), row.value_type.unwrap().as_str()), ("••••", "integer"));
    /// assert_eq!((masked.rule.as_str(), masked.size), ("one-time-code", SizeClass::Small));
    /// # Ok::<(), cognigy_session_debugger::Error>(())
    /// ```
    pub fn row_through(&self, id: EntryId, mask: &Mask) -> Option<Row> {
        self.covered_row(id, mask, &mut Hidden::default())
    }

    fn covered_row(&self, id: EntryId, mask: &Mask, hidden: &mut Hidden) -> Option<Row> {
        let entry = self.store.columns.entry(id)?;
        let row = if entry.is_unreadable() { Snapshot::unreadable_row } else { Snapshot::readable_row };
        Some(row(self, id, entry, mask, hidden))
    }

    /// The row of an entry through a lens; `hidden` counts what its mask hid, but for what was there before.
    pub(super) fn seen_row(&self, id: EntryId, lens: Lens<'_>, hidden: &mut Hidden) -> Option<Row> {
        let mut row = self.covered_row(id, lens.mask, hidden)?;
        if let Some(earlier) = lens.earlier {
            row.change = self.row_change(id, earlier);
            let entry = self.store.columns.entry(id)?;
            // Another one stands for a variable that it hides, and was compared.
            if row.change == Some(RowChange::Changed) && self.paired(self, earlier, entry) == Some(id) {
                let before = earlier.paired(self, earlier, entry);
                row.before = before.and_then(|before| earlier.row_through(before, lens.mask)).map(Box::new);
            }
        }
        Some(row)
    }

    /// What became of an entry since a snapshot before.
    pub(super) fn row_change(&self, id: EntryId, earlier: &Snapshot) -> Option<RowChange> {
        let entry = self.store.columns.entry(id).filter(|entry| !entry.is_unreadable())?;
        match self.change_since(earlier, entry) {
            None => Some(RowChange::Added),
            Some(kinds) => (!kinds.is_empty()).then_some(RowChange::Changed),
        }
    }

    fn readable_row(&self, id: EntryId, entry: Entry, mask: &Mask, hidden: &mut Hidden) -> Row {
        let columns = &self.store.columns;
        let side_by_side = columns.precedence().is_side_by_side();
        let wins = columns.winner(entry.name) == Some(id);
        let shadowed = columns.is_hidden(entry);
        let hides = if wins && !side_by_side { columns.count(entry.name) - 1 } else { 0 };
        let name = self.shown_name(id, entry, mask, hidden).into_owned();
        let scope = self.shown_scope(entry, mask, hidden);
        self.look_through(id, entry, mask, hidden, |seen| {
            let value = seen.shown();
            let (value_type, Seen { view, masked }) = (seen.value_type(), seen);
            let raw = view.differs_from_raw().then(|| cut(view.raw, MOST_CHARS));
            let whole = masked.as_ref().is_some_and(|masked| masked.whole);
            Row {
                entry: id,
                name,
                scope,
                rank: self.shown_rank(entry, mask),
                value_type,
                truncated: value.truncated || raw.as_ref().is_some_and(|raw| raw.truncated),
                text: value.text,
                raw: raw.filter(|_| !whole).map(|raw| raw.text),
                child_count: value.children,
                origin: Origin::of(&view.value, view.raw),
                note: view.note,
                is_system: entry.is_system(),
                system_declared: entry.system_is_declared(),
                hides,
                hidden: shadowed,
                size: masked.as_ref().map_or(entry.size(), |masked| masked.size.least()),
                problem: None,
                masked,
                change: None,
                before: None,
            }
        })
    }

    fn unreadable_row(&self, id: EntryId, entry: Entry, mask: &Mask, hidden: &mut Hidden) -> Row {
        let problem = self.store.columns.problem(id);
        let name = self.shown_name(id, entry, mask, hidden).into_owned();
        let told = self.told(id, entry, mask, &mut Hidden::default());
        let told = problem.zip(told).map(|(problem, told)| RowProblem {
            reason: problem.reason.sentence(),
            path: told.path,
            offset: told.offset,
            page: told.page,
        });
        let (text, masked) = self.look_through(id, entry, mask, hidden, |seen| (seen.shown(), seen.masked));
        Row {
            entry: id,
            name,
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
            size: masked.as_ref().map_or(entry.size(), |masked| masked.size.least()),
            child_count: None,
            masked,
            problem: told,
            change: None,
            before: None,
        }
    }
}
