//! Snapshots of one session, one after the other, in little more room than the newest takes.

mod delta;
mod ring;
mod variable;

pub use ring::{History, HistoryOptions, Moment};
pub use variable::VariableMoment;
