//! Errors as problem details (RFC 9457), with the members that the platform adds: `code` and `traceId`.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// An answer that says what went wrong. Holds our own words only: no token, no value, no session id.
#[derive(Debug, Clone)]
pub struct Problem {
    status: StatusCode,
    detail: String,
    code: u32,
    trace_id: Option<String>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Problem {
    /// A problem with one sentence of detail. Its `code` is the status until [`Problem::code`] says otherwise.
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Problem {
        let code = u32::from(status.as_u16());
        Problem { status, detail: detail.into(), code, trace_id: None, headers: Vec::new() }
    }

    /// The platform's number for the kind of error, such as 1002 for "not found".
    pub fn code(mut self, code: u32) -> Problem {
        self.code = code;
        self
    }

    /// The text to search for in the server's log.
    pub fn trace(mut self, trace_id: impl Into<String>) -> Problem {
        self.trace_id = Some(trace_id.into());
        self
    }

    /// One more header. A value that no header can hold is left out.
    pub fn header(mut self, name: HeaderName, value: &str) -> Problem {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.push((name, value));
        }
        self
    }

    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        self.status
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut body = json!({
            "type": "about:blank",
            "title": self.status.canonical_reason().unwrap_or("Error"),
            "status": self.status.as_u16(),
            "detail": self.detail,
            "code": self.code,
        });
        if let (Some(trace), Some(members)) = (self.trace_id, body.as_object_mut()) {
            members.insert("traceId".to_owned(), trace.into());
        }
        let mut response = Response::new(Body::from(body.to_string()));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.extend(self.headers);
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

/// A JSON answer that no cache keeps.
pub fn json_response(status: StatusCode, body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
