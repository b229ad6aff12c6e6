//! A receiver for webhooks: keeps what was posted, for people and tests to look at.

use std::collections::VecDeque;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use serde_json::{Value, json};

use super::state::Tenant;
use crate::problem::json_response;
use crate::sync::lock;

const KEPT: usize = 50;
/// Enough for a snapshot of the largest session.
pub(super) const MAX_BODY: usize = 8 << 20;

/// The last posts, oldest first.
#[derive(Default)]
pub(super) struct Inbox {
    posts: VecDeque<Value>,
}

impl Inbox {
    pub(super) fn clear(&mut self) {
        self.posts.clear();
    }
}

/// Keeps a post. A body that is JSON is shown as JSON, any other as text.
pub(super) async fn receive(State(tenant): State<Arc<Tenant>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let text = String::from_utf8_lossy(&body);
    let body = serde_json::from_slice(&body).unwrap_or_else(|_| Value::from(text.as_ref()));
    let named =
        headers.iter().filter(|(name, _)| *name == header::CONTENT_TYPE || name.as_str().starts_with("webhook-"));
    let headers: serde_json::Map<String, Value> =
        named.map(|(name, value)| (name.to_string(), Value::from(String::from_utf8_lossy(value.as_bytes())))).collect();
    let at_ms = u64::try_from(tenant.clock.unix().as_millis()).unwrap_or(u64::MAX);
    let mut inbox = lock(&tenant.inbox);
    if inbox.posts.len() >= KEPT {
        inbox.posts.pop_front();
    }
    inbox.posts.push_back(json!({"atMs": at_ms, "headers": headers, "body": body}));
    StatusCode::NO_CONTENT
}

pub(super) async fn list(State(tenant): State<Arc<Tenant>>) -> Response {
    let posts = json!({ "posts": lock(&tenant.inbox).posts });
    json_response(StatusCode::OK, posts.to_string())
}

pub(super) async fn clear(State(tenant): State<Arc<Tenant>>) -> StatusCode {
    lock(&tenant.inbox).clear();
    StatusCode::NO_CONTENT
}
