//! Inspects the variables of a bot session.

mod error;

pub use error::{Code, Error, Facts};
