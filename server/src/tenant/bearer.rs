//! Who may read: the bearer token of a request (RFC 6750).

use axum::http::{HeaderMap, StatusCode, header};

use super::state::Tenant;
use super::tokens::Grant;
use crate::problem::Problem;
use crate::sync::lock;

const READ_SCOPE: &str = "variable:read";

/// The grant of the request's token.
///
/// # Errors
/// 401 without a valid token, 403 where the token may not read variables; both with a challenge.
pub(super) fn authorise(tenant: &Tenant, headers: &HeaderMap) -> Result<Grant, Problem> {
    let Some(token) = token(headers) else {
        // Without a token the challenge carries no error (RFC 6750, section 3.1).
        return Err(unauthorised("Send a bearer token.", "Bearer realm=\"sandbox\""));
    };
    let grant = lock(&tenant.tokens).check(token, tenant.clock.elapsed());
    let Some(grant) = grant else {
        let challenge = "Bearer realm=\"sandbox\", error=\"invalid_token\", error_description=\"The token expired\"";
        return Err(unauthorised("The token is unknown or has expired.", challenge));
    };
    if grant.allows(READ_SCOPE) {
        return Ok(grant);
    }
    let challenge = "Bearer realm=\"sandbox\", error=\"insufficient_scope\", scope=\"variable:read\"";
    let detail = "The token lacks the scope variable:read.";
    Err(Problem::new(StatusCode::FORBIDDEN, detail).header(header::WWW_AUTHENTICATE, challenge))
}

fn unauthorised(detail: &str, challenge: &str) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, detail).header(header::WWW_AUTHENTICATE, challenge)
}

/// The scheme in any case (RFC 9110, section 11.1), one token after it.
fn token(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
