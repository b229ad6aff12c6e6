//! Watchpoints: what to look out for while a session goes on, told snapshot by snapshot.

mod condition;
mod watchpoint;
mod watchpoints;

pub use condition::Condition;
pub use watchpoint::{Observed, WatchEvent, Watchpoint};
pub use watchpoints::Watchpoints;
