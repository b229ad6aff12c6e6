//! What a value is: JSON as bytes, types, and the readings of texts.
//!
//! A variable that came as text may mean a number, a truth value or a whole document. [`read_text`] says which, under a
//! [`Policy`], and what such a reading would lose; [`read_json`] types what came as JSON already.

pub mod json;

mod digits;
mod note;
mod number;
mod order;
mod policy;
mod python;
mod read;
mod types;

pub use note::{Note, NoteCode};
pub use number::{compare_decimals, plain_decimal, same_decimal};
pub(crate) use order::Keys;
pub use policy::Policy;
pub use read::{MAX_TEXT_DEPTH, Reading, read_json, read_text};
pub(crate) use read::{is_surely_text, reads_containers, too_deep};
pub use types::{Value, ValueType};
