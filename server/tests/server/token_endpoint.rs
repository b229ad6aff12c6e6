//! The tenant's token endpoint, by RFC 6749's words.

use axum::http::StatusCode;

use crate::support::{Answer, SHOP, Stage, request, send};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const GOOD: &str = "grant_type=client_credentials&client_id=debug-console&client_secret=sandbox-secret-opens-nothing";

async fn ask(stage: &Stage, headers: &[(&str, &str)], form: &str) -> Answer {
    send(&stage.router, request("POST", "/api/v2/auth/token", headers, form)).await
}

#[tokio::test]
async fn gives_a_token_that_reads() {
    let stage = Stage::new();
    let answer = ask(&stage, &[FORM], &format!("{GOOD}&scope=bot:read%20session:read%20variable:read")).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let json = answer.json();
    assert_eq!((json["token_type"].as_str(), json["expires_in"].as_u64()), (Some("Bearer"), Some(900)));
    let token = json["access_token"].as_str().unwrap();
    assert_eq!(stage.get(token, SHOP).await.status, StatusCode::OK);
}

#[tokio::test]
async fn no_two_tokens_are_alike() {
    let stage = Stage::new();
    assert_ne!(stage.token().await, stage.token().await);
}

#[tokio::test]
async fn refuses_by_the_standard_words() {
    let stage = Stage::new();
    let cases = [
        ("", 400, "invalid_request"),
        ("grant_type=password&client_id=debug-console&client_secret=x", 400, "unsupported_grant_type"),
        ("grant_type=client_credentials&client_id=debug-console&client_secret=wrong", 401, "invalid_client"),
        ("grant_type=client_credentials", 401, "invalid_client"),
        (&format!("{GOOD}&scope=everything"), 400, "invalid_scope"),
        (&format!("{GOOD}&scope=bot:read&scope=session:read"), 400, "invalid_request"),
    ];
    for (form, status, word) in cases {
        let answer = ask(&stage, &[FORM], form).await;
        assert_eq!(answer.status.as_u16(), status, "{form}");
        assert_eq!(answer.json()["error"], word, "{form}");
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
}

#[tokio::test]
async fn wants_a_form_and_a_post() {
    let stage = Stage::new();
    let json = ask(&stage, &[("content-type", "application/json")], "{}").await;
    assert_eq!(json.json()["error"], "invalid_request");
    let get = send(&stage.router, request("GET", "/api/v2/auth/token", &[], "")).await;
    assert_eq!((get.status, get.header("allow")), (StatusCode::METHOD_NOT_ALLOWED, Some("POST")));
}

#[tokio::test]
async fn takes_credentials_by_http_basic() {
    let stage = Stage::new();
    // debug-console:sandbox-secret-opens-nothing
    let good = ("authorization", "Basic ZGVidWctY29uc29sZTpzYW5kYm94LXNlY3JldC1vcGVucy1ub3RoaW5n");
    assert_eq!(ask(&stage, &[FORM, good], "grant_type=client_credentials").await.status, StatusCode::OK);
    let bad = ask(&stage, &[FORM, ("authorization", "Basic YTpi")], "grant_type=client_credentials").await;
    assert_eq!(bad.status, StatusCode::UNAUTHORIZED);
    assert!(bad.header("www-authenticate").unwrap().starts_with("Basic"));
}
