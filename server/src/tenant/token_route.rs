//! `POST /api/v2/auth/token`: the client credentials grant (RFC 6749, section 4.4).

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use url::form_urlencoded;

use super::state::{DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, Tenant};
use super::{fault_effect, faults::Route, log::Authorised};
use crate::problem::json_response;
use crate::random::opaque_text;
use crate::sync::lock;

const KNOWN_SCOPES: [&str; 3] = ["bot:read", "session:read", "variable:read"];

/// What the form says. A parameter sent twice is an error (RFC 6749, section 3.2).
#[derive(Default)]
struct Request {
    grant_type: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
    scope: Option<String>,
}

struct Refusal(StatusCode, &'static str, &'static str);

pub(super) async fn issue(State(tenant): State<Arc<Tenant>>, headers: HeaderMap, body: Bytes) -> Response {
    if let Some(response) = fault_effect::before(&tenant, Route::Token, None).await.answer {
        return response;
    }
    match grant(&tenant, &headers, &body) {
        Ok(body) => {
            let mut response = with_pragma(json_response(StatusCode::OK, body));
            response.extensions_mut().insert(Authorised);
            response
        }
        Err(refusal) => refused(refusal, headers.contains_key(header::AUTHORIZATION)),
    }
}

fn grant(tenant: &Tenant, headers: &HeaderMap, body: &[u8]) -> Result<String, Refusal> {
    let bad = |why| Refusal(StatusCode::BAD_REQUEST, "invalid_request", why);
    if !is_form(headers) {
        return Err(bad("The body is application/x-www-form-urlencoded."));
    }
    let mut request = parse(body).ok_or(bad("A parameter is given twice."))?;
    if let Some((id, secret)) = basic(headers) {
        (request.client_id, request.client_secret) = (Some(id), Some(secret));
    }
    match request.grant_type.as_deref() {
        Some("client_credentials") => {}
        Some(_) => {
            return Err(Refusal(StatusCode::BAD_REQUEST, "unsupported_grant_type", "Use client_credentials."));
        }
        None => return Err(bad("grant_type is missing.")),
    }
    if request.client_id.as_deref() != Some(DEMO_CLIENT_ID)
        || request.client_secret.as_deref() != Some(DEMO_CLIENT_SECRET)
    {
        return Err(Refusal(StatusCode::UNAUTHORIZED, "invalid_client", "Unknown client or wrong secret."));
    }
    let scopes = scopes(request.scope.as_deref())?;
    answer(tenant, scopes)
}

/// The scopes asked for; all of them when none is named (RFC 6749, section 3.3 leaves the default to the server).
fn scopes(asked: Option<&str>) -> Result<Vec<String>, Refusal> {
    let asked = asked.map(str::trim).filter(|scope| !scope.is_empty());
    let Some(asked) = asked else { return Ok(KNOWN_SCOPES.map(str::to_owned).to_vec()) };
    let words: Vec<&str> = asked.split(' ').filter(|word| !word.is_empty()).collect();
    if words.iter().any(|word| !KNOWN_SCOPES.contains(word)) {
        return Err(Refusal(StatusCode::BAD_REQUEST, "invalid_scope", "A scope is unknown."));
    }
    Ok(words.into_iter().map(str::to_owned).collect())
}

fn answer(tenant: &Tenant, scopes: Vec<String>) -> Result<String, Refusal> {
    let failed = Refusal(StatusCode::INTERNAL_SERVER_ERROR, "server_error", "No randomness is to be had.");
    let token = opaque_text().map_err(|_| failed)?;
    let life = lock(&tenant.settings).token_lifetime;
    let body = json!({"access_token": token, "token_type": "Bearer", "expires_in": life, "scope": scopes.join(" ")});
    let now = tenant.clock.elapsed();
    lock(&tenant.tokens).add(token, DEMO_CLIENT_ID, scopes, now, Duration::from_secs(life));
    Ok(body.to_string())
}

fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded"))
}

fn parse(body: &[u8]) -> Option<Request> {
    let mut request = Request::default();
    for (name, value) in form_urlencoded::parse(body) {
        let field = match name.as_ref() {
            "grant_type" => &mut request.grant_type,
            "client_id" => &mut request.client_id,
            "client_secret" => &mut request.client_secret,
            "scope" => &mut request.scope,
            _ => continue,
        };
        if field.replace(value.into_owned()).is_some() {
            return None;
        }
    }
    Some(request)
}

/// Client id and secret by HTTP Basic, each form-encoded first (RFC 6749, section 2.3.1).
fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let text = String::from_utf8(STANDARD.decode(value.strip_prefix("Basic ")?.trim()).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    let decode = |part: &str| form_urlencoded::parse(part.as_bytes()).next().map(|(name, _)| name.into_owned());
    Some((decode(id)?, decode(secret)?))
}

fn refused(Refusal(status, error, description): Refusal, by_basic: bool) -> Response {
    let body = json!({"error": error, "error_description": description}).to_string();
    let mut response = with_pragma(json_response(status, body));
    if by_basic && status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"sandbox\""));
    }
    response
}

fn with_pragma(mut response: Response) -> Response {
    response.headers_mut().insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    response
}
