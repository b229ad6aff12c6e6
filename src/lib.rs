//! Inspects the variables of a bot session.

#[cfg(target_arch = "wasm32")]
pub mod bindings;
pub mod client;
mod error;
pub mod ingest;
pub mod platform;
pub mod query;
pub mod scope;
pub mod snapshot;
pub mod value;

pub use error::{Code, Error, Facts};
