//! What the readers of shapes hand on, and to whom.

use super::detect::Shape;
use super::problem::{Place, Reason};
use crate::value::json::Scanned;

/// The inside of a JSON string in the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Whether it has to be unescaped.
    pub escaped: bool,
}

/// A word that stands in the body, or that a shape brings along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// In the body.
    Body(Text),
    /// The shape's own.
    Fixed(&'static str),
}

/// A readable item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    /// The variable's name.
    pub name: Text,
    /// Its value, as JSON.
    pub value: Scanned,
    /// Its scope.
    pub scope: Label,
    /// What the data says the value is.
    pub declared: Option<Text>,
    /// What the data says of its being a system variable.
    pub system: Option<bool>,
    /// Whether the platform is known to write typed values as texts here.
    pub stringified: bool,
}

/// An item that cannot be read: what is wrong, which member is at fault, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreadable {
    /// What is wrong.
    pub reason: Reason,
    /// The member of a row that is at fault.
    pub member: Option<&'static str>,
    /// Byte offset of the fault in the body.
    pub at: usize,
    /// The name, where at least that was readable.
    pub name: Option<Text>,
}

/// Takes the variables of a body as they are found.
pub trait Sink {
    /// The shape of the page, before its first item.
    fn shape(&mut self, shape: Shape);
    /// A readable item.
    fn variable(&mut self, body: &[u8], item: Item);
    /// An item that stands at `start..end` and cannot be read.
    fn unreadable(&mut self, start: usize, end: usize, place: Place, fault: Unreadable);
    /// How many items there are, readable or not.
    fn len(&self) -> usize;
    /// Whether there is none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
