//! What the server says of when to come back, in the order in which it counts: `Retry-After`, then `RateLimit`, then the
//! body of its problem (RFC 9457).

use super::rate_fields::reset_ms;
use super::retry_after::retry_after_ms;
use crate::platform::Headers;

/// Servers can be wrong: nobody waits longer than an hour for what they say, in ms.
pub(super) const LONGEST_HINT_MS: f64 = 3_600_000.0;

/// Where the length of a wait comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DelaySource {
    /// The header `Retry-After`.
    RetryAfter,
    /// `t` of the header `RateLimit`, where nothing is left.
    RateLimit,
    /// `retryAfter` in the body, in seconds.
    Body,
    /// Our own: full jitter.
    Backoff,
    /// The browser says when it is online again.
    Online,
}

impl DelaySource {
    /// The word that JavaScript sees.
    pub fn as_str(self) -> &'static str {
        match self {
            DelaySource::RetryAfter => "retry-after",
            DelaySource::RateLimit => "ratelimit",
            DelaySource::Body => "body",
            DelaySource::Backoff => "backoff",
            DelaySource::Online => "online",
        }
    }
}

/// How long the server asks to wait.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hint {
    /// From now, in ms: at least 0, always finite.
    pub ms: f64,
    /// Where it stood.
    pub source: DelaySource,
}

/// The hint of an answer's head. What is malformed is ignored.
///
/// ```
/// use cognigy_session_debugger::client::hint::{DelaySource, hint};
/// use cognigy_session_debugger::platform::Headers;
/// let mut headers = Headers::new();
/// headers.push("RateLimit", r#""default";r=0;t=7"#);
/// assert_eq!(hint(&headers, 0.0).unwrap().ms, 7_000.0);
/// headers.push("Retry-After", "3");
/// assert_eq!(hint(&headers, 0.0).unwrap().source, DelaySource::RetryAfter);
/// ```
pub fn hint(headers: &Headers, wall_ms: f64) -> Option<Hint> {
    let hint = |source| move |ms| Hint { ms, source };
    let first = retry_after_ms(headers, wall_ms).map(hint(DelaySource::RetryAfter));
    first.or_else(|| reset_ms(headers).map(hint(DelaySource::RateLimit)))
}
