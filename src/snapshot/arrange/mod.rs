//! A snapshot as the rows of a tree table: in groups, with pins on top, and with members where values are open. What a person
//! has opened, folded and pinned is kept by name and outlives the snapshot, and goes into a text that outlives the program.

mod arrangement;
mod groups;
mod kept;
mod lines;
mod members;
mod moves;
mod open_value;
mod row;
mod spread;
mod state;

pub use arrangement::Arrangement;
pub use groups::{Group, GroupKind, Grouping};
pub use kept::{Pin, Place};
pub use row::{ArrangedRow, Item};
pub use state::ViewState;
