//! What JavaScript sees: decode, call, encode. Nothing is decided here.
//!
//! The declarations that the package ships are written by hand in `www/entry/index.d.ts`, and so are its words.

// What is exported must be `pub`, although no Rust crate can reach it here.
#![allow(unreachable_pub)]

mod encode;
mod errors;
mod functions;
mod options;
mod snapshot;
mod values;
