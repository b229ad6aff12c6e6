//! Faults on demand: each kind does what it says, to the requests it is meant for, as often as ordered.

use std::time::Duration;

use axum::http::StatusCode;
use http_body_util::BodyExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tower::ServiceExt;

use crate::support::{Answer, SHOP, Stage, TUTORIAL, request, send, serve};

async fn order(stage: &Stage, fault: &str) {
    let answer = stage.post("/sandbox/faults", fault).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
}

async fn shop(stage: &Stage, token: &str) -> Answer {
    stage.get(token, SHOP).await
}

#[tokio::test]
async fn a_storm_of_429_lasts_as_long_as_ordered() {
    let stage = Stage::new();
    let token = stage.token().await;
    order(&stage, r#"{"kind":"rate-limit","count":3,"retryAfter":"2"}"#).await;
    for _ in 0..3 {
        let answer = shop(&stage, &token).await;
        assert_eq!((answer.status, answer.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, Some("2")));
    }
    assert_eq!(shop(&stage, &token).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_hint_can_be_a_date_or_absent() {
    let stage = Stage::new();
    let token = stage.token().await;
    order(&stage, r#"{"kind":"rate-limit","retryAfter":"date:3"}"#).await;
    // The stage's clock stands at 2026-01-05 12:00:00.
    assert_eq!(shop(&stage, &token).await.header("retry-after"), Some("Mon, 05 Jan 2026 12:00:03 GMT"));
    order(&stage, r#"{"kind":"rate-limit","retryAfter":"Mon, 05 Jan 2026 12:00:09 GMT"}"#).await;
    assert_eq!(shop(&stage, &token).await.header("retry-after"), Some("Mon, 05 Jan 2026 12:00:09 GMT"));
    order(&stage, r#"{"kind":"rate-limit"}"#).await;
    assert_eq!(shop(&stage, &token).await.header("retry-after"), None);
}

#[tokio::test]
async fn errors_of_choice() {
    let stage = Stage::new();
    let token = stage.token().await;
    for (fault, status, kind) in [
        (r#"{"kind":"server-error"}"#, 500, "application/problem+json"),
        (r#"{"kind":"server-error","status":503}"#, 503, "application/problem+json"),
        (r#"{"kind":"html-error"}"#, 502, "text/html; charset=utf-8"),
        (r#"{"kind":"html-error","status":504}"#, 504, "text/html; charset=utf-8"),
    ] {
        order(&stage, fault).await;
        let answer = shop(&stage, &token).await;
        assert_eq!((answer.status.as_u16(), answer.header("content-type")), (status, Some(kind)), "{fault}");
    }
}

#[tokio::test]
async fn expired_tokens_stay_expired_and_new_ones_work() {
    let stage = Stage::new();
    let (first, second) = (stage.token().await, stage.token().await);
    order(&stage, r#"{"kind":"expired-token"}"#).await;
    let answer = shop(&stage, &first).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(answer.header("www-authenticate").unwrap().contains("invalid_token"));
    assert_eq!(shop(&stage, &second).await.status, StatusCode::UNAUTHORIZED, "all issued tokens");
    assert_eq!(shop(&stage, &stage.token().await).await.status, StatusCode::OK);
}

#[tokio::test]
async fn bad_json_has_its_length_and_no_form() {
    let stage = Stage::new();
    let token = stage.token().await;
    let good = shop(&stage, &token).await.body;
    order(&stage, r#"{"kind":"bad-json"}"#).await;
    let bad = shop(&stage, &token).await;
    assert_eq!((bad.status, bad.body.len()), (StatusCode::OK, good.len()));
    assert_eq!(bad.body[..good.len() / 2], good[..good.len() / 2]);
    assert!(serde_json::from_slice::<serde_json::Value>(&bad.body).is_err());
}

#[tokio::test]
async fn a_truncated_body_promises_more_than_it_sends() {
    let stage = Stage::new();
    let token = format!("Bearer {}", stage.token().await);
    order(&stage, r#"{"kind":"truncated-body"}"#).await;
    let request = request("GET", SHOP, &[("authorization", &token)], "");
    let response = stage.router.clone().oneshot(request).await.unwrap();
    let promised: usize = response.headers()["content-length"].to_str().unwrap().parse().unwrap();
    let mut body = response.into_body();
    let first = body.frame().await.unwrap().unwrap().into_data().unwrap();
    assert!(!first.is_empty() && first.len() < promised);
    assert!(body.frame().await.unwrap().is_err(), "the server cuts the connection");
}

#[tokio::test]
async fn a_truncated_body_does_begin_on_the_wire() {
    let stage = Stage::new();
    let token = stage.token().await;
    order(&stage, r#"{"kind":"truncated-body"}"#).await;
    let mut stream = tokio::net::TcpStream::connect(serve(stage.router.clone()).await).await.unwrap();
    let request = format!("GET {SHOP} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut wire = Vec::new();
    stream.read_to_end(&mut wire).await.unwrap();
    let wire = String::from_utf8_lossy(&wire);
    let (head, body) = wire.split_once("\r\n\r\n").unwrap();
    let promised: usize = head.split("content-length: ").nth(1).unwrap().lines().next().unwrap().parse().unwrap();
    assert!(body.starts_with("{\"variables\":[") && body.len() < promised, "{} of {promised}", body.len());
}

#[tokio::test(start_paused = true)]
async fn a_stalled_body_stops_and_never_ends() {
    let stage = Stage::new();
    let token = format!("Bearer {}", stage.token().await);
    order(&stage, r#"{"kind":"stall"}"#).await;
    let request = request("GET", SHOP, &[("authorization", &token)], "");
    let mut body = stage.router.clone().oneshot(request).await.unwrap().into_body();
    assert!(body.frame().await.unwrap().is_ok());
    let silence = tokio::time::timeout(Duration::from_secs(3_600), body.frame()).await;
    assert!(silence.is_err(), "nothing more within an hour");
}

#[tokio::test(start_paused = true)]
async fn a_delay_is_as_long_as_ordered_and_nothing_else_changes() {
    let stage = Stage::new();
    let token = stage.token().await;
    order(&stage, r#"{"kind":"delay","delayMs":2500}"#).await;
    let before = tokio::time::Instant::now();
    let answer = shop(&stage, &token).await;
    assert_eq!((answer.status, before.elapsed().as_millis()), (StatusCode::OK, 2_500));
    let before = tokio::time::Instant::now();
    shop(&stage, &token).await;
    assert_eq!(before.elapsed(), Duration::ZERO);
}

#[tokio::test]
async fn a_fault_can_be_meant_for_one_session_or_for_tokens() {
    let stage = Stage::new();
    let token = stage.token().await;
    order(&stage, r#"{"kind":"server-error","session":"sess_shop_4711"}"#).await;
    assert_eq!(stage.get(&token, TUTORIAL).await.status, StatusCode::OK);
    assert_eq!(shop(&stage, &token).await.status.as_u16(), 500);
    order(&stage, r#"{"kind":"server-error","on":"token","status":503}"#).await;
    assert_eq!(shop(&stage, &token).await.status, StatusCode::OK);
    let answer = send(&stage.router, request("POST", "/api/v2/auth/token", &[], "")).await;
    assert_eq!(answer.status.as_u16(), 503);
}

#[tokio::test]
async fn faults_follow_one_another_and_can_be_cleared() {
    let stage = Stage::new();
    let token = stage.token().await;
    order(&stage, r#"{"kind":"rate-limit"}"#).await;
    order(&stage, r#"{"kind":"server-error","count":5}"#).await;
    assert_eq!(shop(&stage, &token).await.status.as_u16(), 429);
    assert_eq!(shop(&stage, &token).await.status.as_u16(), 500);
    let open = send(&stage.router, request("GET", "/sandbox/faults", &[], "")).await.json();
    assert_eq!(open["faults"][0]["count"], 4);
    send(&stage.router, request("DELETE", "/sandbox/faults", &[], "")).await;
    assert_eq!(shop(&stage, &token).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_log_names_the_fault() {
    let stage = Stage::new();
    let token = stage.token().await;
    order(&stage, r#"{"kind":"html-error"}"#).await;
    shop(&stage, &token).await;
    shop(&stage, &token).await;
    let log = send(&stage.router, request("GET", "/sandbox/log", &[], "")).await.json();
    assert_eq!(log["requests"][1]["fault"], "html-error");
    assert!(log["requests"][2].get("fault").is_none());
}

#[tokio::test]
async fn orders_that_make_no_sense_are_refused() {
    let stage = Stage::new();
    for fault in [
        "",
        "{}",
        r#"{"kind":"earthquake"}"#,
        r#"{"kind":"delay","count":0}"#,
        r#"{"kind":"server-error","status":200}"#,
        r#"{"kind":"delay","delayMs":999999999}"#,
        r#"{"kind":"delay","delay":5}"#,
    ] {
        assert_eq!(stage.post("/sandbox/faults", fault).await.status, StatusCode::BAD_REQUEST, "{fault}");
    }
}
