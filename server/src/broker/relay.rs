//! `GET /debug/botsessions/{sessionId}/variables`: the read goes through the broker, which adds the token.
//!
//! A page then talks to one origin: no preflight, a readable `Retry-After`, and `connect-src 'self'` is enough.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::form_urlencoded;

use super::outbound::OutboundFault;
use super::secret::Secret;
use super::service::Broker;
use crate::problem::Problem;

/// Everything but RFC 3986's unreserved characters.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// What a read may ask. Anything else stays here.
const KEYS: [&str; 6] = ["name", "scope", "includeSystem", "limit", "next", "page"];
/// What of the tenant's head reaches the browser.
const PASSED: [HeaderName; 3] = [header::CONTENT_TYPE, header::CONTENT_LENGTH, header::RETRY_AFTER];
/// As long as clients may make an id.
const MAX_ID: usize = 256;

pub(super) async fn forward(
    State(broker): State<Arc<Broker>>,
    path: Result<Path<String>, PathRejection>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response<Body>, Problem> {
    broker.check_caller(&headers)?;
    check_reader(&broker, &headers).await?;
    let id = path.map(|Path(id)| id).map_err(|_| invalid("The session id is not UTF-8."))?;
    let url = url(&broker, &id, query.as_deref().unwrap_or_default())?;
    let held = broker.token().await?;
    let answer = send(&broker, &url, &held.token).await?;
    if answer.status() != StatusCode::UNAUTHORIZED {
        return Ok(passed(answer));
    }
    // The token may have been revoked ahead of time: one more try with a new one.
    broker.reject(&held.token).await;
    let held = broker.token().await?;
    let answer = send(&broker, &url, &held.token).await?;
    if answer.status() == StatusCode::UNAUTHORIZED {
        return Err(Problem::new(StatusCode::BAD_GATEWAY, "The tenant refuses the broker's token."));
    }
    Ok(passed(answer))
}

/// A user as for the token endpoint, or a page that shows the token it got there: engines send no cookies with reads.
async fn check_reader(broker: &Broker, headers: &HeaderMap) -> Result<(), Problem> {
    let shown = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let Some(shown) = shown else { return broker.check_user(headers) };
    let current = broker.current().await;
    let bearer = shown.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    if let (Some((_, token)), Some(held)) = (bearer, current)
        && held.token.matches(token.trim())
    {
        return Ok(());
    }
    let challenge = "Bearer error=\"invalid_token\"";
    let problem = Problem::new(StatusCode::UNAUTHORIZED, "The token is not the broker's current one.");
    Err(problem.header(header::WWW_AUTHENTICATE, challenge))
}

/// The tenant's URL. Encoding does not help against `.` and `..`: URL parsers resolve them, so they are refused.
fn url(broker: &Broker, id: &str, query: &str) -> Result<String, Problem> {
    if id.is_empty() || id == "." || id == ".." || id.len() > MAX_ID {
        return Err(invalid("The session id is empty, a dot segment, or too long."));
    }
    let segment = utf8_percent_encode(id, SEGMENT).to_string();
    let route = broker.config.variables_path.replace("{sessionId}", &segment);
    let mut kept = form_urlencoded::Serializer::new(String::new());
    for (key, value) in form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| KEYS.contains(&key.as_ref())) {
        kept.append_pair(&key, &value);
    }
    let query = kept.finish();
    let mark = if query.is_empty() { "" } else { "?" };
    Ok(broker.config.tenant.url(&format!("{route}{mark}{query}")))
}

async fn send(broker: &Broker, url: &str, token: &Secret) -> Result<Response<Body>, Problem> {
    let broken = || Problem::new(StatusCode::BAD_GATEWAY, "The request to the tenant cannot be made.");
    let mut bearer = HeaderValue::from_str(&format!("Bearer {}", token.expose())).map_err(|_| broken())?;
    bearer.set_sensitive(true);
    let request = Request::get(url)
        .header(header::ACCEPT, "application/json")
        .header(header::AUTHORIZATION, bearer)
        .body(Body::empty())
        .map_err(|_| broken())?;
    let answer = broker.outbound.send(request).await.map_err(|fault| match fault {
        OutboundFault::Timeout => Problem::new(StatusCode::GATEWAY_TIMEOUT, "The tenant did not answer in time."),
        _ => Problem::new(StatusCode::BAD_GATEWAY, "The tenant cannot be reached."),
    })?;
    if answer.status().is_redirection() {
        return Err(Problem::new(StatusCode::BAD_GATEWAY, "The tenant answered with a redirect."));
    }
    Ok(answer)
}

/// Status, the few headers that matter, and the body as it streams in.
fn passed(answer: Response<Body>) -> Response<Body> {
    let (parts, body) = answer.into_parts();
    let mut response = Response::new(body);
    *response.status_mut() = parts.status;
    for name in PASSED {
        if let Some(value) = parts.headers.get(&name) {
            response.headers_mut().insert(name, value.clone());
        }
    }
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // A tenant's error page must not become a page of the console's origin.
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    response
}

fn invalid(detail: &str) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, detail)
}
