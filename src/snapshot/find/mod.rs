//! Finds a text in names and values, and the rows that a search lets through.

mod expression;
mod filter;
mod fold;
mod index;
mod letters;
mod needle;
mod paths;
mod run;
mod selection;

pub use expression::{Expression, Misread};
pub(super) use index::LetterIndex;
pub use selection::Lens;
pub(super) use selection::Selection;
