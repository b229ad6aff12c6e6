//! The server's word on when to come back: `Retry-After` (RFC 9110 §10.2.3).

use super::calendar::parse_http_date;
use crate::platform::Headers;

/// No wait is told to be longer; 2^53 − 1 ms.
const LONGEST_MS: f64 = 9_007_199_254_740_991.0;

/// How long to wait from now, in ms: at least 0, always finite. `None` where the header is absent or malformed.
///
/// A date is measured against the answer's own `Date` where that can be read, since the two clocks may differ.
///
/// ```
/// use cognigy_session_debugger::client::retry_after::retry_after_ms;
/// use cognigy_session_debugger::platform::Headers;
/// let mut headers = Headers::new();
/// headers.push("Retry-After", "120");
/// assert_eq!(retry_after_ms(&headers, 0.0), Some(120_000.0));
/// ```
pub fn retry_after_ms(headers: &Headers, wall_ms: f64) -> Option<f64> {
    let value = headers.get("retry-after")?.trim_matches([' ', '\t']);
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        let seconds: f64 = value.parse().ok()?;
        return Some((seconds * 1_000.0).min(LONGEST_MS));
    }
    let until = parse_http_date(value, wall_ms)?;
    let sent = headers.get("date").and_then(|date| parse_http_date(date.trim_matches([' ', '\t']), wall_ms));
    Some((until - sent.unwrap_or(wall_ms)).max(0.0))
}
