//! `/sandbox/…`: what the tenant holds, what it saw, and what is to go wrong next.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::faults::Fault;
use super::settings::Settings;
use super::state::Tenant;
use crate::problem::{Problem, json_response};
use crate::sync::lock;

/// A page of another site has no business here, though its requests would arrive.
pub(super) async fn refuse_other_sites(request: Request, next: Next) -> Response {
    if request.headers().get("sec-fetch-site").is_some_and(|site| site == "cross-site") {
        return Problem::new(StatusCode::FORBIDDEN, "Pages of other sites may not steer the sandbox.").into_response();
    }
    next.run(request).await
}

pub(super) async fn sessions(State(tenant): State<Arc<Tenant>>) -> Response {
    let list: Vec<_> =
        tenant.catalog.iter().map(|session| json!({"id": session.id, "sentence": session.sentence})).collect();
    json_response(StatusCode::OK, json!({ "sessions": list }).to_string())
}

pub(super) async fn settings(State(tenant): State<Arc<Tenant>>) -> Response {
    show(StatusCode::OK, "settings", &tenant.settings())
}

/// Replaces the settings; what the body leaves out goes back to its default.
pub(super) async fn change_settings(State(tenant): State<Arc<Tenant>>, body: Bytes) -> Result<Response, Problem> {
    let settings: Settings = parse(&body)?;
    settings.fault().map_or(Ok(()), |why| Err(invalid(why)))?;
    tenant.configure(settings);
    Ok(show(StatusCode::OK, "settings", &tenant.settings()))
}

pub(super) async fn faults(State(tenant): State<Arc<Tenant>>) -> Response {
    show(StatusCode::OK, "faults", &lock(&tenant.faults).open())
}

pub(super) async fn add_fault(State(tenant): State<Arc<Tenant>>, body: Bytes) -> Result<Response, Problem> {
    let fault: Fault = parse(&body)?;
    fault.fault().map_or(Ok(()), |why| Err(invalid(why)))?;
    let mut faults = lock(&tenant.faults);
    faults.add(fault);
    Ok(show(StatusCode::CREATED, "faults", &faults.open()))
}

pub(super) async fn clear_faults(State(tenant): State<Arc<Tenant>>) -> StatusCode {
    lock(&tenant.faults).clear();
    StatusCode::NO_CONTENT
}

pub(super) async fn log(State(tenant): State<Arc<Tenant>>) -> Response {
    show(StatusCode::OK, "requests", lock(&tenant.log).entries())
}

pub(super) async fn reset(State(tenant): State<Arc<Tenant>>) -> StatusCode {
    tenant.reset();
    StatusCode::NO_CONTENT
}

fn show<T: Serialize + ?Sized>(status: StatusCode, name: &str, value: &T) -> Response {
    match serde_json::to_value(value) {
        Ok(value) => json_response(status, json!({ name: value }).to_string()),
        Err(_) => Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "The answer cannot be written.").into_response(),
    }
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(body).map_err(|error| invalid(&format!("The body cannot be read: {error}.")))
}

fn invalid(detail: &str) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, detail).code(1005)
}
