//! Inspects the variables of a bot session.

mod error;
pub mod value;

pub use error::{Code, Error, Facts};
