//! Finds a text in names and values, and the rows that a search lets through.

mod expression;
mod filter;
mod fold;
mod hits;
mod needle;
mod paths;
mod run;
mod selection;

pub use expression::{Expression, Misread};
pub use selection::Lens;
pub(super) use selection::Selection;
