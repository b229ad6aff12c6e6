//! Finds a text in names and values, and the rows that a search lets through.

mod expression;
mod filter;
mod fold;
mod grammar;
mod hits;
mod index;
mod letters;
mod needle;
mod paths;
mod places;
mod question;
mod run;
mod selection;

pub use expression::{Expression, Misread};
pub use hits::{Hit, HitPlace, HitSlice, HitsFrom};
pub(super) use index::LetterIndex;
pub use places::HitPart;
pub use selection::Lens;
pub(super) use selection::Selection;
