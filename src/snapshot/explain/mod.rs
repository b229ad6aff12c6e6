//! Why a name has the value that it has: the ladder of its scopes, what became of each, and what to be wary of.

mod explanation;
pub(super) mod expression;
mod ladder;
mod sentence;
mod similar;
mod warning;
mod words;

pub use explanation::{Candidate, ExplainOptions, Explanation, Provenance};
pub use ladder::Status;
pub use warning::{Warning, WarningCode};
