//! A row of an arrangement.

use super::groups::Group;
use super::kept::Pin;
use crate::snapshot::at::Step;
use crate::snapshot::row::Row;
use crate::snapshot::store::EntryId;
use crate::snapshot::tree::ValueNode;

/// One row of an arrangement.
#[derive(Debug, Clone, PartialEq)]
pub struct ArrangedRow {
    /// How deep it stands, from 0. What is in a group stands one deeper than its header.
    pub depth: usize,
    /// Its place among the rows of the same depth that belong together, from 0.
    pub position: usize,
    /// How many rows of the same depth belong together, those counted that are not in the window.
    pub siblings: usize,
    /// Whether what is below it is shown; `None` where nothing is below it.
    pub expanded: Option<bool>,
    /// Whether it is pinned, or inside something that is.
    pub pinned: bool,
    /// What stands in the row.
    pub item: Item,
}

/// What stands in a row of an arrangement.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// The header of a group, folded or not.
    Group {
        /// Which one.
        group: Group,
        /// How many variables are in it; those are not counted that stand above as pins.
        count: usize,
    },
    /// A variable, or an item that could not be read.
    Variable(Box<Row>),
    /// A member of an object, or an element of an array.
    Member {
        /// The row of the variable within its snapshot.
        entry: EntryId,
        /// The variable.
        name: String,
        /// Its scope.
        scope: String,
        /// The way down into its value. What stands twice under one name has one path, and opens together.
        path: Vec<Step>,
        /// The same way by positions, which tells each from every other.
        ordinals: Vec<usize>,
        /// What is shown of it.
        node: ValueNode,
    },
    /// A variable that the snapshot before has and this one does not; the row's number is one of that snapshot.
    Removed(Box<Row>),
    /// A pinned variable that the snapshot does not have.
    Gone {
        /// Which one.
        pin: Pin,
        /// Whether it may exist all the same: pages are missing, or another scope was asked for.
        not_loaded: bool,
    },
}
