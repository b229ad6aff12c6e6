//! Cross-origin use: which pages may read the answers, and which headers they see.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use super::state::Tenant;
use crate::sync::lock;

/// Marks an answer that is to go out without CORS headers, as gateways' own answers do.
#[derive(Clone, Copy)]
pub(super) struct WithoutCors;

pub(super) async fn apply(State(tenant): State<Arc<Tenant>>, request: Request, next: Next) -> Response {
    let allowed = allowed_origin(&tenant, request.headers());
    let preflight =
        request.method() == Method::OPTIONS && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = if preflight { preflight_answer(allowed.is_some()) } else { next.run(request).await };
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    if response.extensions().get::<WithoutCors>().is_none()
        && let Some(origin) = allowed
    {
        let headers = response.headers_mut();
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("Retry-After"));
    }
    response
}

fn allowed_origin(tenant: &Tenant, headers: &HeaderMap) -> Option<HeaderValue> {
    let origin = headers.get(header::ORIGIN)?;
    let listed = lock(&tenant.settings).cors_origins.iter().any(|listed| listed.as_bytes() == origin.as_bytes());
    listed.then(|| origin.clone())
}

fn preflight_answer(allowed: bool) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    if allowed {
        let headers = response.headers_mut();
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET"));
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("authorization"));
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    }
    response
}
