//! The session debugger: token, rate limit, retries, pages, audit, metrics, webhook.
//!
//! Knows no JavaScript; everything that touches the world goes through [`crate::platform`].

mod audit;
pub mod calendar;
mod cancel;
mod histogram;
pub mod ledger;
pub mod limiter;
mod metrics;
mod problem;
mod progress;
pub mod retry;
pub mod retry_after;
mod timing;
mod token;
mod token_cache;
mod token_endpoint;
pub mod verdict;

pub use audit::{Action, AuditRecord, MAX_RECORDS};
pub use cancel::Cancel;
pub use histogram::{Histogram, Latency};
pub use metrics::Metrics;
pub use progress::{OnProgress, Phase, Progress, WaitFor};
pub use token::{DEFAULT_LIFE_S, MAX_LIFE_S, Token, TokenAnswer, TokenReason, TokenSource};
pub use token_cache::TokenCache;
pub use token_endpoint::TokenEndpoint;
