//! The server half of the session debugger: a token broker and a sandbox tenant.
//!
//! - [`broker`]: what a team's backend does. Holds the client secret and hands short-lived tokens to its own users.
//! - [`tenant`]: a tenant to try the debugger against: honest behaviour, realistic sessions, faults on demand.
//! - [`page`]: serves the built page with its security headers.
//! - [`sandbox`]: all three on one loopback port.

pub mod broker;
pub mod clock;
pub mod options;
pub mod page;
pub mod problem;
pub mod sandbox;
pub mod tenant;

mod random;
mod sync;
