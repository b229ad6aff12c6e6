//! What JavaScript sees: decode, call, encode. Nothing is decided here.
//!
//! The declarations that the package ships are written by hand in `www/entry/index.d.ts`, and so are its words.

mod encode;
mod errors;
mod functions;
mod options;
mod snapshot;
mod values;

pub use functions::{build_variables_url, coerce, version};
pub use snapshot::Snapshot;
