//! What an outcome means: try again, get another token, or give up. Judges only; [`super::retry`] decides.

use super::hint::{Hint, hint};
use super::problem::clean;
use super::retry::{Class, RetryKind};
use crate::error::{Code, Error};
use crate::platform::{Headers, TransportError};

/// So many characters of a platform's reason are kept.
const MAX_REASON: usize = 200;

/// What an outcome means.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// The answer can be read.
    Ok,
    /// It may pass by itself.
    Retry {
        /// What kind of failure it is.
        kind: RetryKind,
        /// How long the server asked to wait.
        hint: Option<Hint>,
        /// What is said when nothing more is tried.
        error: Error,
    },
    /// The token is not good (any more).
    Renew(Error),
    /// It will not pass by itself.
    Fail(Error),
}

impl Verdict {
    /// What kind of failure it is; `None` of what succeeded.
    pub fn class(&self) -> Option<Class> {
        match self {
            Verdict::Ok => None,
            Verdict::Retry { kind, .. } => Some((*kind).into()),
            Verdict::Renew(_) => Some(Class::Auth),
            Verdict::Fail(_) => Some(Class::Never),
        }
    }

    /// A failure of the network or of time.
    pub(crate) fn transient(error: Error) -> Verdict {
        Verdict::Retry { kind: RetryKind::Transient, hint: None, error }
    }

    /// The error of everything but a success.
    pub fn error(&self) -> Option<&Error> {
        match self {
            Verdict::Ok => None,
            Verdict::Retry { error, .. } | Verdict::Renew(error) | Verdict::Fail(error) => Some(error),
        }
    }

    /// Adds a hint that was found after the verdict, where there was none. A 503 with a hint is a throttle.
    pub(crate) fn with_hint(self, later: Option<Hint>) -> Verdict {
        match self {
            Verdict::Retry { kind, hint: None, error } if later.is_some() => {
                let throttle = error.facts().status == Some(503);
                let kind = if throttle { RetryKind::Throttle } else { kind };
                let error = error.with(|facts| facts.retry_after_ms = later.map(|hint| hint.ms));
                Verdict::Retry { kind, hint: later, error }
            }
            other => other,
        }
    }

    /// Changes the error.
    pub(crate) fn map_error(self, change: impl FnOnce(Error) -> Error) -> Verdict {
        match self {
            Verdict::Ok => Verdict::Ok,
            Verdict::Retry { kind, hint, error } => Verdict::Retry { kind, hint, error: change(error) },
            Verdict::Renew(error) => Verdict::Renew(change(error)),
            Verdict::Fail(error) => Verdict::Fail(change(error)),
        }
    }
}

/// Judges the head of an answer (RFC 9110 §15, RFC 6585 §4, RFC 6750 §3.1). `wall_ms` is the time of its arrival.
///
/// ```
/// use cognigy_session_debugger::Code;
/// use cognigy_session_debugger::client::verdict::judge_status;
/// use cognigy_session_debugger::platform::Headers;
/// let verdict = judge_status(404, &Headers::new(), 0.0);
/// assert_eq!(verdict.error().unwrap().code(), Code::NotFound);
/// ```
pub fn judge_status(status: u16, headers: &Headers, wall_ms: f64) -> Verdict {
    if (200..300).contains(&status) {
        return Verdict::Ok;
    }
    let hint = hint(headers, wall_ms);
    let error = error_of(status, headers).with(|facts| {
        facts.status = Some(status);
        facts.retry_after_ms = hint.map(|hint| hint.ms);
        facts.request_id = request_id(headers);
        facts.problem = missing_scope(status, headers);
    });
    let throttle = Verdict::Retry { kind: RetryKind::Throttle, hint, error: error.clone() };
    match status {
        401 => Verdict::Renew(error),
        429 => throttle,
        503 if hint.is_some() => throttle,
        408 | 425 | 500 | 502 | 503 | 504 => Verdict::Retry { kind: RetryKind::Transient, hint, error },
        _ => Verdict::Fail(error),
    }
}

/// The scope that the challenge of a 403 names (RFC 6750 §3), in the server's words.
fn missing_scope(status: u16, headers: &Headers) -> Option<String> {
    let challenge = headers.get("www-authenticate").filter(|_| status == 403)?;
    let (_, scope) = challenge.split_once("scope=\"")?;
    let (scope, _) = scope.split_once('"')?;
    (!scope.is_empty()).then(|| clean(&["scope: ", scope].concat(), 128))
}

fn error_of(status: u16, headers: &Headers) -> Error {
    let challenge = headers.get("www-authenticate").unwrap_or_default();
    match status {
        401 => Error::new(
            Code::Unauthenticated,
            "The tenant refused the token (401). Check that the backend asks for a token of this tenant with the scope variable:read.",
        ),
        403 if challenge.contains("insufficient_scope") => Error::new(
            Code::Forbidden,
            "The token lacks a scope that this request needs (403). Let the backend ask for it, for example variable:read.",
        ),
        403 => Error::new(
            Code::Forbidden,
            "The token may not read this session (403). Check that its owner is a member of the session's project on this tenant, and that it has the scope variable:read.",
        ),
        404 | 410 => Error::new(
            Code::NotFound,
            "The tenant knows no such session. Check the session id, and a userId beside it, which has to be the session's own; sessions can also have expired.",
        ),
        409 => Error::new(
            Code::Conflict,
            "The session has changed in a way that the request does not fit (409). Read it again.",
        ),
        429 => Error::new(
            Code::RateLimited,
            "The tenant asks for fewer requests (429), and the attempts are used up, or the wait did not fit. Try again later, or lower rateLimit.",
        ),
        408 | 425 => {
            Error::new(Code::ServerError, format!("The tenant was not ready for the request ({status}). Try again."))
        }
        300..=399 => Error::new(
            Code::RedirectRefused,
            format!(
                "The tenant answered with a redirect ({status}), which would carry the token elsewhere. Use its final address as baseUrl."
            ),
        ),
        500.. => Error::new(Code::ServerError, format!("The tenant failed ({status}). Try again later.")),
        _ => Error::new(
            Code::RequestRejected,
            format!("The tenant refused the request ({status}). Check baseUrl, path and the filters of the query."),
        ),
    }
}

/// Judges a request without an answer, or with a broken one.
pub fn judge_transport(error: TransportError) -> Verdict {
    match error {
        TransportError::Network => Verdict::transient(network_error()),
        TransportError::Unreachable(why) => Verdict::transient(unreachable_tenant(&why)),
        TransportError::Offline => Verdict::Fail(offline()),
        TransportError::Redirect => Verdict::Fail(Error::new(
            Code::RedirectRefused,
            "The tenant answered with a redirect, which would carry the token elsewhere. Use its final address as baseUrl.",
        )),
        TransportError::Aborted => Verdict::Fail(Error::new(
            Code::Aborted,
            "The request was ended by the platform, for example by leaving the page.",
        )),
    }
}

pub(crate) fn offline() -> Error {
    Error::new(Code::Offline, "The browser is offline. Connect to the network and try again.")
}

fn network_error() -> Error {
    Error::new(
        Code::NetworkOrCors,
        "No answer came, or the browser withheld it; it does not tell which. Check the address, that it does not redirect, that the tenant allows this page's origin (CORS), and that connect-src lists it.",
    )
}

/// Where the platform tells why, nothing was withheld.
fn unreachable_tenant(why: &str) -> Error {
    Error::new(
        Code::NetworkOrCors,
        "No answer came from the tenant. Check baseUrl, that its host can be reached from here, and any proxy or certificate on the way.",
    )
    .with(|facts| facts.problem = reason(why))
}

/// A platform's words about a broken network, fit to be shown.
pub(crate) fn reason(why: &str) -> Option<String> {
    Some(clean(why, MAX_REASON)).filter(|why| !why.is_empty())
}

/// The tenant has refused a request without a token, where there is none to be had.
pub(crate) fn without_token(error: Error) -> Error {
    let message = match error.code() {
        Code::Unauthenticated => {
            "The tenant asks for a token (401), and none was sent, since none is configured. Give the option token: the URL of your token endpoint, or a function that returns a token."
        }
        Code::Forbidden => {
            "The session may not be read (403); no token was sent, since none is configured. Check whom the relay lets read, and with what rights it asks the tenant; without a relay, give the option token."
        }
        _ => return error,
    };
    Error::new(error.code(), message).with(|facts| *facts = error.facts().clone())
}

/// One attempt took too long.
pub(crate) fn timed_out(limit_ms: f64) -> Verdict {
    Verdict::transient(Error::new(
        Code::Timeout,
        format!("The tenant did not answer in full within {limit_ms:.0} ms. Try again, or raise timeoutMs."),
    ))
}

/// The body stopped coming.
pub(crate) fn stalled(stall_ms: f64) -> Verdict {
    Verdict::transient(Error::new(
        Code::Timeout,
        format!(
            "The answer stopped coming for {stall_ms:.0} ms. Try again; if it stays so, look at the tenant or at what lies between, or raise stallMs."
        ),
    ))
}

/// The whole call took too long.
pub(crate) fn deadline_exceeded() -> Error {
    Error::new(
        Code::DeadlineExceeded,
        "The call with all its waits and retries took longer than its deadline. Try again, or raise deadlineMs.",
    )
}

/// What a server calls the request.
pub(crate) fn request_id(headers: &Headers) -> Option<String> {
    let id = ["x-request-id", "request-id"].into_iter().find_map(|name| headers.get(name))?;
    Some(clean(id, 128)).filter(|id| !id.is_empty())
}
