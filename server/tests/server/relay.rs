//! The relay: reads that go through the broker.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect};
use axum::routing::post;
use http_body_util::BodyExt;
use tower::ServiceExt;

use crate::support::{Desk, SHOP, Stage, request, send, serve};

const ROUTE: &str = "/debug/botsessions/sess_shop_4711/variables";

async fn pair() -> (Stage, Desk) {
    let stage = Stage::new();
    let address = serve(stage.router.clone()).await;
    (stage, Desk::new(&format!("http://{address}")))
}

/// A tenant that keeps the targets of the reads it sees.
async fn recorder() -> (Desk, Arc<Mutex<Vec<String>>>) {
    let targets = Arc::new(Mutex::new(Vec::new()));
    let seen = targets.clone();
    let token = || async {
        ([(header::CONTENT_TYPE, "application/json")], r#"{"access_token":"t","token_type":"Bearer","expires_in":900}"#)
    };
    let read = move |request: Request| async move {
        seen.lock().unwrap().push(request.uri().to_string());
        "{}"
    };
    let address = serve(Router::new().route("/api/v2/auth/token", post(token)).fallback(read)).await;
    (Desk::new(&format!("http://{address}")), targets)
}

#[tokio::test]
async fn gives_what_the_tenant_gives() {
    let (stage, desk) = pair().await;
    let token = stage.token().await;
    for query in ["", "?name=order_&scope=session", "?includeSystem=true&limit=7", "?page=2&limit=50"] {
        let (direct, relayed) =
            (stage.get(&token, &format!("{SHOP}{query}")).await, desk.relay(&format!("{ROUTE}{query}")).await);
        assert_eq!((relayed.status, &relayed.body), (StatusCode::OK, &direct.body), "{query}");
        assert_eq!(relayed.header("cache-control"), Some("no-store"));
    }
}

#[tokio::test]
async fn passes_status_and_retry_after() {
    let (stage, desk) = pair().await;
    stage.post("/sandbox/faults", r#"{"kind":"rate-limit","retryAfter":"7"}"#).await;
    let busy = desk.relay(ROUTE).await;
    assert_eq!((busy.status, busy.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, Some("7")));
    assert_eq!(busy.header("content-type"), Some("application/problem+json"));
    assert_eq!(desk.relay("/debug/botsessions/nobody/variables").await.status, StatusCode::NOT_FOUND);
    stage.post("/sandbox/faults", r#"{"kind":"html-error"}"#).await;
    let html = desk.relay(ROUTE).await;
    assert_eq!(html.status, StatusCode::BAD_GATEWAY);
    assert_eq!(html.header("content-security-policy"), Some("default-src 'none'; sandbox"));
}

#[tokio::test]
async fn streams_the_body_as_it_comes() {
    let (stage, desk) = pair().await;
    stage.post("/sandbox/faults", r#"{"kind":"stall"}"#).await;
    let response = desk.router.clone().oneshot(request("GET", ROUTE, &[("x-user", "ada")], "")).await.unwrap();
    // The tenant never ends this body, so its beginning can only be here if nothing waits for the end.
    let first = response.into_body().frame().await.unwrap().unwrap().into_data().unwrap();
    assert!(first.starts_with(b"{\"variables\":["));
}

#[tokio::test]
async fn a_cut_body_stays_cut() {
    let (stage, desk) = pair().await;
    stage.post("/sandbox/faults", r#"{"kind":"truncated-body"}"#).await;
    let response = desk.router.clone().oneshot(request("GET", ROUTE, &[("x-user", "ada")], "")).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert!(response.into_body().collect().await.is_err());
}

#[tokio::test]
async fn replaces_a_token_that_was_revoked() {
    let (stage, desk) = pair().await;
    assert_eq!(desk.relay(ROUTE).await.status, StatusCode::OK);
    stage.tenant.expire_tokens();
    assert_eq!(desk.relay(ROUTE).await.status, StatusCode::OK);
    stage.post("/sandbox/faults", r#"{"kind":"expired-token","count":2}"#).await;
    assert_eq!(desk.relay(ROUTE).await.status, StatusCode::BAD_GATEWAY, "the page's own sign-in is not at fault");
}

#[tokio::test]
async fn no_session_id_leaves_its_segment() {
    let (desk, targets) = recorder().await;
    for id in [".", "..", "%2e", "%2E%2E", ".%2e", ""] {
        let answer = desk.relay(&format!("/debug/botsessions/{id}/variables")).await;
        assert!(matches!(answer.status.as_u16(), 400 | 404), "{id}: {}", answer.status);
    }
    assert_eq!(desk.relay(&format!("/debug/botsessions/{}/variables", "a".repeat(257))).await.status.as_u16(), 400);
    assert!(targets.lock().unwrap().is_empty());
    for (id, segment) in [
        ("..%2F..%2Fauth", "..%2F..%2Fauth"),
        ("a%3Fb%23c", "a%3Fb%23c"),
        ("%252e%252e", "%252e%252e"),
        ("a%5C..%5Cb", "a%5C..%5Cb"),
        ("a%20%C3%A9", "a%20%C3%A9"),
        ("%7BsessionId%7D", "%7BsessionId%7D"),
    ] {
        assert_eq!(desk.relay(&format!("/debug/botsessions/{id}/variables")).await.status, StatusCode::OK);
        let target = targets.lock().unwrap().pop().unwrap();
        assert_eq!(target, format!("/api/v2/botsessions/{segment}/variables"));
    }
}

#[tokio::test]
async fn only_known_keys_go_on() {
    let (desk, targets) = recorder().await;
    desk.relay(&format!("{ROUTE}?name=a%26b%3D1&access_token=x&scope=user&next=c%2Fd")).await;
    let target = targets.lock().unwrap().pop().unwrap();
    assert_eq!(target, "/api/v2/botsessions/sess_shop_4711/variables?name=a%26b%3D1&scope=user&next=c%2Fd");
}

#[tokio::test]
async fn answers_users_and_holders_of_the_current_token_only() {
    let (_, desk) = pair().await;
    let token = desk.token("").await.json()["access_token"].as_str().unwrap().to_owned();
    let ask = async |headers: &[(&str, &str)]| send(&desk.router, request("GET", ROUTE, headers, "")).await;
    assert_eq!(ask(&[]).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(ask(&[("x-user", "bob")]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(ask(&[("x-user", "ada"), ("sec-fetch-site", "cross-site")]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(ask(&[("authorization", &format!("Bearer {token}"))]).await.status, StatusCode::OK);
    let wrong = ask(&[("authorization", "Bearer other")]).await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    assert!(wrong.header("www-authenticate").unwrap().contains("invalid_token"), "the page is to fetch a new one");
}

#[tokio::test]
async fn follows_no_redirect() {
    let token = || async { r#"{"access_token":"t","token_type":"Bearer","expires_in":900}"# };
    let away = || async { Redirect::temporary("https://evil.example/").into_response() };
    let address = serve(Router::new().route("/api/v2/auth/token", post(token)).fallback(away)).await;
    assert_eq!(Desk::new(&format!("http://{address}")).relay(ROUTE).await.status, StatusCode::BAD_GATEWAY);
}

#[tokio::test]
async fn says_when_the_tenant_is_away() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let answer = Desk::new(&format!("http://{address}")).relay(ROUTE).await;
    assert_eq!((answer.status, answer.header("retry-after")), (StatusCode::BAD_GATEWAY, Some("1")));
}
