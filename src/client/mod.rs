//! The session debugger: token, rate limit, retries, pages, audit, metrics, webhook.
//!
//! Knows no JavaScript; everything that touches the world goes through [`crate::platform`].

mod audit;
mod bulk;
pub mod calendar;
mod call;
mod cancel;
mod debugger;
mod fnv;
pub mod hint;
mod histogram;
mod learner;
pub mod ledger;
pub mod limiter;
mod metrics;
mod options;
mod outbox;
mod pages;
mod preflight;
mod problem;
mod progress;
mod queue;
pub mod rate_fields;
mod request;
pub mod retry;
pub mod retry_after;
mod source;
mod tabs;
mod timing;
mod token;
mod token_cache;
mod token_endpoint;
mod turns;
pub mod verdict;
mod watch;
mod webhook;
mod wire;

pub use audit::{Action, AuditRecord, Journal, MAX_RECORDS};
pub use bulk::{BulkOptions, BulkProgress, OnBulkProgress, SnapshotOutcome, Snapshots};
pub use cancel::Cancel;
pub use debugger::{CallOptions, SessionDebugger};
pub use histogram::{Histogram, Latency};
pub use metrics::Metrics;
pub use options::{DebuggerOptions, OutboxStorage, TokenOption, WebhookOptions};
pub use outbox::OutboxStatus;
pub use pages::MAX_PAGES;
pub use progress::{OnProgress, Phase, Progress, WaitFor};
pub use queue::Lane;
pub use source::Source;
pub use tabs::{Tabs, TabsOptions};
pub use token::{DEFAULT_LIFE_S, MAX_LIFE_S, Token, TokenAnswer, TokenReason, TokenSource};
pub use token_cache::TokenCache;
pub use token_endpoint::TokenEndpoint;
pub use watch::Watch;
pub use webhook::{Delivery, Signer};
