//! Bytes to variables: one file a shape, each item judged for itself.
//!
//! [`Reader`] walks the top level of a body while it arrives and hands every item to a [`Sink`]. One bad item never
//! hides its neighbours: it becomes a [`Problem`].

mod detect;
mod limits;
mod paging;
mod problem;
mod reader;
mod rows;

pub use detect::Shape;
pub use limits::Limits;
pub use problem::{Problem, Reason};
pub use reader::{PageEnd, Reader};
pub use rows::{Item, Sink, Text, Unreadable};
