//! Bytes to variables: one file a shape, each item judged for itself.
//!
//! [`Reader`] walks the top level of a body while it arrives. The tutorial's rows go to a [`Sink`] one by one; of any
//! other body the top-level members are noted, and at its end a table says which shape they make and who reads it. One
//! bad item never hides its neighbours: it becomes a [`Problem`].

mod detect;
mod form;
mod limits;
mod paging;
mod problem;
mod reader;
mod refusal;
mod row_list;
mod rows;
mod shapes;
mod sink;
mod steps;
mod top;
mod usual;
mod walk;

pub use detect::Shape;
pub use limits::Limits;
pub use problem::{Place, Problem, Reason};
pub use reader::{PageEnd, Reader};
pub use sink::{Item, Label, Sink, Text, Unreadable};
