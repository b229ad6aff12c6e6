//! What differs between two snapshots: which variables, where inside their values, and the same as a patch.

mod align;
mod cover;
mod inside;
mod kinds;
mod patch;
mod prints;
mod text;
mod variables;
mod walk;

pub use inside::{DiffOptions, DiffSide, ListMatch, ValueChange, ValueDiff};
pub use kinds::ChangeKind;
pub(super) use kinds::{kinds, same, token};
pub(crate) use prints::Prints;
pub use text::{PieceKind, TextPiece, text_diff};
pub use variables::{Differences, SnapshotDiff, VariableChange};
pub(super) use walk::Rules;
