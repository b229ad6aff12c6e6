//! Cross-origin use of the tenant.

use axum::http::StatusCode;
use session_debugger_server::tenant::Settings;

use crate::support::{Answer, SHOP, Stage, request, send};

const LISTED: &str = "http://localhost:5173";

fn stage() -> Stage {
    Stage::with(Settings { cors_origins: vec![LISTED.to_owned()], ..Settings::default() })
}

async fn preflight(stage: &Stage, origin: &str) -> Answer {
    let headers = [
        ("origin", origin),
        ("access-control-request-method", "GET"),
        ("access-control-request-headers", "authorization"),
    ];
    send(&stage.router, request("OPTIONS", SHOP, &headers, "")).await
}

#[tokio::test]
async fn a_listed_page_may_read_and_sees_retry_after() {
    let stage = stage();
    let first = preflight(&stage, LISTED).await;
    assert_eq!(first.status, StatusCode::NO_CONTENT);
    assert_eq!(first.header("access-control-allow-origin"), Some(LISTED));
    assert_eq!(first.header("access-control-allow-headers"), Some("authorization"));
    let token = format!("Bearer {}", stage.token().await);
    let read = send(&stage.router, request("GET", SHOP, &[("origin", LISTED), ("authorization", &token)], "")).await;
    assert_eq!(read.header("access-control-allow-origin"), Some(LISTED));
    assert_eq!(read.header("access-control-expose-headers"), Some("Retry-After"));
    assert_eq!(read.header("vary"), Some("Origin"));
}

#[tokio::test]
async fn errors_carry_the_headers_too() {
    let answer = send(&stage().router, request("GET", SHOP, &[("origin", LISTED)], "")).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(answer.header("access-control-allow-origin"), Some(LISTED));
}

#[tokio::test]
async fn other_pages_get_no_leave() {
    let stage = stage();
    for origin in ["http://localhost:5174", "https://localhost:5173", "null"] {
        let answer = preflight(&stage, origin).await;
        assert_eq!(answer.header("access-control-allow-origin"), None, "{origin}");
        assert_eq!(answer.header("access-control-allow-headers"), None, "{origin}");
    }
}

#[tokio::test]
async fn the_token_endpoint_is_not_for_pages() {
    let answer = send(&stage().router, request("POST", "/api/v2/auth/token", &[("origin", LISTED)], "")).await;
    assert_eq!(answer.header("access-control-allow-origin"), None);
}

#[tokio::test]
async fn the_fault_takes_the_headers_away() {
    let stage = stage();
    stage.post("/sandbox/faults", r#"{"kind":"no-cors-headers"}"#).await;
    stage.post("/sandbox/faults", r#"{"kind":"rate-limit","retryAfter":"2"}"#).await;
    let bare = send(&stage.router, request("GET", SHOP, &[("origin", LISTED)], "")).await;
    assert_eq!(bare.status, StatusCode::TOO_MANY_REQUESTS, "both faults strike one request, as gateways' answers do");
    assert_eq!(bare.header("access-control-allow-origin"), None);
    let next = send(&stage.router, request("GET", SHOP, &[("origin", LISTED)], "")).await;
    assert_eq!(next.header("access-control-allow-origin"), Some(LISTED));
}
