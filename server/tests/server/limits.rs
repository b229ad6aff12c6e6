//! Token life and the rate limit, at a clock that moves when told.

use std::time::Duration;

use axum::http::StatusCode;
use session_debugger_server::tenant::Settings;

use crate::support::{SHOP, Stage, TUTORIAL};

#[tokio::test]
async fn a_token_is_good_until_its_last_second() {
    let stage = Stage::new();
    let token = stage.token().await;
    stage.wait(899);
    assert_eq!(stage.get(&token, SHOP).await.status, StatusCode::OK);
    stage.wait(1);
    assert_eq!(stage.get(&token, SHOP).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_hundred_requests_a_minute_and_no_more() {
    let stage = Stage::new();
    let token = stage.token().await;
    for _ in 0..100 {
        assert_eq!(stage.get(&token, TUTORIAL).await.status, StatusCode::OK);
    }
    stage.wait(20);
    let refused = stage.get(&token, TUTORIAL).await;
    assert_eq!((refused.status, refused.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, Some("40")));
    stage.wait(39);
    assert_eq!(stage.get(&token, TUTORIAL).await.status, StatusCode::TOO_MANY_REQUESTS);
    stage.wait(1);
    assert_eq!(stage.get(&token, TUTORIAL).await.status, StatusCode::OK, "who waits as told is served");
}

#[tokio::test]
async fn the_window_slides() {
    let stage = Stage::with(Settings { requests_per_minute: 2, ..Settings::default() });
    let token = stage.token().await;
    let ask = || async { stage.get(&token, TUTORIAL).await.status.as_u16() };
    assert_eq!(ask().await, 200);
    stage.wait(40);
    assert_eq!((ask().await, ask().await), (200, 429));
    stage.wait(20);
    // Only the first slot is free again: a window that starts anew each minute would give two.
    assert_eq!((ask().await, ask().await), (200, 429));
}

#[tokio::test]
async fn the_limit_is_the_clients_not_the_tokens() {
    let stage = Stage::with(Settings { requests_per_minute: 1, ..Settings::default() });
    let (first, second) = (stage.token().await, stage.token().await);
    assert_eq!(stage.get(&first, TUTORIAL).await.status, StatusCode::OK);
    assert_eq!(stage.get(&second, TUTORIAL).await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn a_wait_is_rounded_up() {
    let stage = Stage::with(Settings { requests_per_minute: 1, ..Settings::default() });
    let token = stage.token().await;
    stage.get(&token, TUTORIAL).await;
    stage.clock.advance(Duration::from_millis(58_500));
    let refused = stage.get(&token, TUTORIAL).await;
    assert_eq!(refused.header("retry-after"), Some("2"));
}

#[tokio::test]
async fn a_reset_frees_the_limit_and_keeps_tokens() {
    let stage = Stage::with(Settings { requests_per_minute: 1, ..Settings::default() });
    let token = stage.token().await;
    stage.get(&token, TUTORIAL).await;
    assert_eq!(stage.get(&token, TUTORIAL).await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(stage.post("/sandbox/reset", "").await.status, StatusCode::NO_CONTENT);
    assert_eq!(stage.get(&token, TUTORIAL).await.status, StatusCode::OK);
}
