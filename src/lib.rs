//! Inspects the variables of a bot session.

mod error;
pub mod ingest;
pub mod query;
pub mod scope;
pub mod value;

pub use error::{Code, Error, Facts};
