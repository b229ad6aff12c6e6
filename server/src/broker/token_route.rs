//! `POST /debug/token`: RFC 6749's answer, for the team's own users.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde_json::{Value, json};
use url::form_urlencoded;

use super::service::Broker;
use crate::problem::{Problem, json_response};

pub(super) async fn answer(
    State(broker): State<Arc<Broker>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    broker.check_caller(&headers)?;
    broker.check_user(&headers)?;
    if was_rejected(&body)
        && let Some(held) = broker.current().await
    {
        broker.reject(&held.token).await;
    }
    let held = broker.token().await?;
    let body = json!({
        "access_token": held.token.expose(),
        "token_type": "Bearer",
        "expires_in": held.life.as_secs(),
    });
    Ok(json_response(StatusCode::OK, body.to_string()))
}

/// Whether the caller says `reason=rejected` (a form) or `{"reason":"rejected"}`: the tenant refused the last token.
fn was_rejected(body: &[u8]) -> bool {
    match serde_json::from_slice::<Value>(body) {
        Ok(json) => json.get("reason").and_then(Value::as_str) == Some("rejected"),
        Err(_) => form_urlencoded::parse(body).any(|(key, value)| key == "reason" && value == "rejected"),
    }
}
