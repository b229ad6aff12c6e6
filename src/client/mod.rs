//! The session debugger: token, rate limit, retries, pages, audit, metrics, webhook.
//!
//! Knows no JavaScript; everything that touches the world goes through [`crate::platform`].

pub mod calendar;
mod cancel;
pub mod ledger;
pub mod limiter;
pub mod retry;
pub mod retry_after;
mod timing;

pub use cancel::Cancel;
