//! What a fault does to a request and its answer.

use std::time::{Duration, UNIX_EPOCH};

use axum::body::{Body, HttpBody};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::cors::WithoutCors;
use super::fault_body::{BrokenBody, Ending};
use super::faults::{Fault, Kind, Route};
use super::log::Faulted;
use super::state::Tenant;
use crate::problem::Problem;
use crate::sync::lock;

/// What is left to do once the tenant has its own answer.
pub(super) struct Effect {
    /// An answer that goes out instead of the tenant's own.
    pub(super) answer: Option<Response>,
    spoil: Option<Kind>,
    without_cors: bool,
}

/// Takes the faults for a request, waits where one says so, and gives the answer that replaces the tenant's.
pub(super) async fn before(tenant: &Tenant, route: Route, session: Option<&str>) -> Effect {
    let faults = lock(&tenant.faults).take(route, session);
    let mut effect = Effect { answer: None, spoil: None, without_cors: false };
    for fault in faults {
        match fault.kind {
            Kind::Delay => tokio::time::sleep(Duration::from_millis(fault.delay_ms.unwrap_or(1_000))).await,
            Kind::NoCorsHeaders => effect.without_cors = true,
            Kind::ExpiredToken => {
                tenant.expire_tokens();
                effect.spoil = Some(fault.kind);
            }
            Kind::RateLimit | Kind::ServerError => effect.answer = Some(problem(tenant, &fault)),
            Kind::HtmlError => effect.answer = Some(html(&fault)),
            Kind::TruncatedBody | Kind::BadJson | Kind::Stall => effect.spoil = Some(fault.kind),
        }
    }
    effect.answer = effect.answer.take().map(|answer| effect.mark(answer));
    effect
}

impl Effect {
    /// The tenant's own answer as the fault leaves it. Only good answers have their body spoiled.
    pub(super) fn after(&self, answer: Response) -> Response {
        let mut answer = self.mark(answer);
        let Some(kind) = self.spoil else { return answer };
        answer.extensions_mut().insert(Faulted(kind));
        if answer.status() != StatusCode::OK {
            return answer;
        }
        match kind {
            Kind::TruncatedBody => broken(answer, Ending::Cut),
            Kind::Stall => broken(answer, Ending::Stall),
            Kind::BadJson => broken(answer, Ending::Garbage),
            _ => answer,
        }
    }

    fn mark(&self, mut answer: Response) -> Response {
        if self.without_cors {
            answer.extensions_mut().insert(WithoutCors);
            if answer.extensions().get::<Faulted>().is_none() {
                answer.extensions_mut().insert(Faulted(Kind::NoCorsHeaders));
            }
        }
        answer
    }
}

fn problem(tenant: &Tenant, fault: &Fault) -> Response {
    let (preset, detail) = match fault.kind {
        Kind::RateLimit => (StatusCode::TOO_MANY_REQUESTS, "Too many requests (a fault on demand)."),
        _ => (StatusCode::INTERNAL_SERVER_ERROR, "The tenant failed (a fault on demand)."),
    };
    let mut problem = Problem::new(status(fault, preset), detail).trace(tenant.trace_id());
    if let Some(text) = &fault.retry_after {
        problem = problem.header(header::RETRY_AFTER, &retry_after(tenant, text));
    }
    marked(problem.into_response(), fault.kind)
}

fn retry_after(tenant: &Tenant, text: &str) -> String {
    let Some(seconds) = text.strip_prefix("date:").and_then(|seconds| seconds.parse().ok()) else {
        return text.to_owned();
    };
    let at = tenant.clock.unix().saturating_add(Duration::from_secs(seconds));
    // Whole seconds are cut off when written, so the date is one second later than asked for rather than earlier.
    let at = UNIX_EPOCH.checked_add(at.saturating_add(Duration::from_millis(999)));
    at.map(httpdate::fmt_http_date).unwrap_or_default()
}

fn html(fault: &Fault) -> Response {
    let status = status(fault, StatusCode::BAD_GATEWAY);
    let page = format!(
        "<!DOCTYPE html>\n<html><head><title>{0}</title></head><body><h1>{0}</h1><p>gateway</p></body></html>\n",
        status.as_u16()
    );
    let mut response = Response::new(Body::from(page));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    marked(response, fault.kind)
}

fn status(fault: &Fault, preset: StatusCode) -> StatusCode {
    fault.status.and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or(preset)
}

fn marked(mut response: Response, kind: Kind) -> Response {
    response.extensions_mut().insert(Faulted(kind));
    response
}

fn broken(answer: Response, ending: Ending) -> Response {
    let (mut parts, body) = answer.into_parts();
    // The head promises the whole length, which only a garbled body keeps.
    let length = body.size_hint().exact().unwrap_or(0);
    parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    Response::from_parts(parts, Body::new(BrokenBody::new(body, length / 2, ending)))
}
