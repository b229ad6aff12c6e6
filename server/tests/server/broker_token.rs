//! The broker's token: one fetch however many ask, renewed in time, and replaced when the tenant rejects it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::post;
use tokio::sync::Semaphore;

use crate::support::{Desk, SHOP, Stage, serve};

/// A tenant that counts its token requests, holds them until the gate opens, and answers from a script.
struct Counted {
    calls: Arc<AtomicUsize>,
    gate: Arc<Semaphore>,
    base: String,
}

async fn counted(open: usize, answer: fn(usize) -> (u16, String)) -> Counted {
    let (calls, gate) = (Arc::new(AtomicUsize::new(0)), Arc::new(Semaphore::new(open)));
    let (seen, held) = (calls.clone(), gate.clone());
    let handler = move || async move {
        let call = seen.fetch_add(1, Ordering::SeqCst);
        held.acquire().await.unwrap().forget();
        let (status, body) = answer(call);
        let status = StatusCode::from_u16(status).unwrap();
        (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
    };
    let address = serve(Router::new().route("/api/v2/auth/token", post(handler))).await;
    Counted { calls, gate, base: format!("http://{address}") }
}

impl Counted {
    fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }
}

fn good(call: usize) -> (u16, String) {
    (200, format!(r#"{{"access_token":"token-{call}","token_type":"bearer","expires_in":900}}"#))
}

/// Forty callers at once, of whom all wait before the tenant answers.
async fn crowd(desk: &Desk, tenant: &Counted) -> Vec<(u16, String)> {
    let asked: Vec<_> = (0..40)
        .map(|_| {
            let router = desk.router.clone();
            let request = crate::support::request("POST", "/debug/token", &[("x-user", "ada")], "");
            tokio::spawn(async move { crate::support::send(&router, request).await })
        })
        .collect();
    while tenant.calls() == 0 {
        tokio::task::yield_now().await;
    }
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    tenant.gate.add_permits(100);
    let mut answers = Vec::new();
    for task in asked {
        let answer = task.await.unwrap();
        answers.push((answer.status.as_u16(), answer.text().to_owned()));
    }
    answers
}

#[tokio::test]
async fn the_answer_is_the_standards() {
    let tenant = counted(9, good).await;
    let answer = Desk::new(&tenant.base).token("").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let whole = serde_json::json!({"access_token": "token-0", "token_type": "Bearer", "expires_in": 900});
    assert_eq!(answer.json(), whole);
}

#[tokio::test]
async fn a_crowd_makes_one_request() {
    let tenant = counted(0, good).await;
    let desk = Desk::new(&tenant.base);
    let answers = crowd(&desk, &tenant).await;
    assert_eq!(tenant.calls(), 1);
    assert!(answers.iter().all(|(status, body)| *status == 200 && body.contains("token-0")));
}

#[tokio::test]
async fn a_crowd_shares_a_failure_too() {
    let tenant = counted(0, |_| (500, "{}".to_owned())).await;
    let desk = Desk::new(&tenant.base);
    let answers = crowd(&desk, &tenant).await;
    assert_eq!(tenant.calls(), 1);
    assert!(answers.iter().all(|(status, _)| *status == 502), "{answers:?}");
}

#[tokio::test]
async fn a_crowd_shares_a_token_that_is_born_expired() {
    let tenant =
        counted(0, |call| (200, format!(r#"{{"access_token":"token-{call}","token_type":"Bearer","expires_in":0}}"#)));
    let tenant = tenant.await;
    let desk = Desk::new(&tenant.base);
    let answers = crowd(&desk, &tenant).await;
    assert_eq!(tenant.calls(), 1);
    assert!(answers.iter().all(|(status, body)| *status == 200 && body.contains("token-0")));
}

#[tokio::test]
async fn a_token_is_renewed_a_minute_before_its_end() {
    let tenant = counted(9, good).await;
    let desk = Desk::new(&tenant.base);
    desk.token("").await;
    desk.clock.advance(Duration::from_secs(839));
    let held = desk.token("").await.json();
    assert_eq!((held["access_token"].as_str(), held["expires_in"].as_u64()), (Some("token-0"), Some(61)));
    desk.clock.advance(Duration::from_secs(1));
    assert_eq!(desk.token("").await.json()["access_token"], "token-1");
}

#[tokio::test]
async fn a_short_token_lives_half_its_life_at_least() {
    let tenant =
        counted(9, |call| (200, format!(r#"{{"access_token":"token-{call}","token_type":"Bearer","expires_in":20}}"#)));
    let tenant = tenant.await;
    let desk = Desk::new(&tenant.base);
    desk.token("").await;
    desk.clock.advance(Duration::from_secs(9));
    desk.token("").await;
    assert_eq!(tenant.calls(), 1);
    desk.clock.advance(Duration::from_secs(2));
    desk.token("").await;
    assert_eq!(tenant.calls(), 2);
}

#[tokio::test]
async fn a_failed_renewal_hurts_nobody_while_the_old_token_lives() {
    let tenant = counted(9, |call| if call == 0 { good(0) } else { (500, "{}".to_owned()) }).await;
    let desk = Desk::new(&tenant.base);
    desk.token("").await;
    desk.clock.advance(Duration::from_secs(850));
    for _ in 0..5 {
        assert_eq!(desk.token("").await.json()["access_token"], "token-0");
    }
    assert_eq!(tenant.calls(), 2, "the pause after a failure holds for renewals as well");
    desk.clock.advance(Duration::from_secs(51));
    assert_eq!(desk.token("").await.status, StatusCode::BAD_GATEWAY);
}

#[tokio::test]
async fn after_failures_the_tenant_is_left_alone_for_longer_and_longer() {
    let tenant = counted(99, |call| if call < 3 { (500, "{}".to_owned()) } else { good(call) }).await;
    let desk = Desk::new(&tenant.base);
    let mut pauses = Vec::new();
    for _ in 0..3 {
        let answer = desk.token("").await;
        let pause: u64 = answer.header("retry-after").unwrap().parse().unwrap();
        desk.token("").await;
        desk.clock.advance(Duration::from_secs(pause));
        pauses.push(pause);
    }
    assert_eq!((pauses, tenant.calls()), (vec![1, 2, 4], 3));
    assert_eq!(desk.token("").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_rejected_token_is_replaced_but_not_without_end() {
    let tenant = counted(99, good).await;
    let desk = Desk::new(&tenant.base);
    desk.token("reason=initial").await;
    desk.token(r#"{"reason":"expiring"}"#).await;
    assert_eq!(tenant.calls(), 1);
    assert_eq!(desk.token("reason=rejected").await.json()["access_token"], "token-1");
    assert_eq!(desk.token(r#"{"reason":"rejected"}"#).await.json()["access_token"], "token-2");
    for _ in 0..50 {
        desk.token("reason=rejected").await;
    }
    assert_eq!(tenant.calls(), 11, "ten replacements within a minute");
    desk.clock.advance(Duration::from_secs(61));
    desk.token("reason=rejected").await;
    assert_eq!(tenant.calls(), 12);
}

#[tokio::test]
async fn answers_that_are_no_bearer_token_are_not_passed_on() {
    for body in [
        "",
        "<html>",
        "{}",
        r#"{"access_token":"a","token_type":"mac"}"#,
        r#"{"access_token":"","token_type":"Bearer"}"#,
        r#"{"access_token":"a b","token_type":"Bearer"}"#,
        r#"{"access_token":"a\r\nX-Injected: 1","token_type":"Bearer"}"#,
        r#"{"access_token":"a","token_type":"Bearer","expires_in":-5}"#,
    ] {
        let body = body.to_owned();
        let answer = move || async move { ([(header::CONTENT_TYPE, "application/json")], body) };
        let address = serve(Router::new().route("/api/v2/auth/token", post(answer))).await;
        let desk = Desk::new(&format!("http://{address}"));
        assert_eq!(desk.token("").await.status, StatusCode::BAD_GATEWAY);
    }
}

#[tokio::test]
async fn a_life_that_is_not_said_is_five_minutes() {
    let tenant = counted(9, |_| (200, r#"{"access_token":"a","token_type":"BEARER"}"#.to_owned())).await;
    assert_eq!(Desk::new(&tenant.base).token("").await.json()["expires_in"], 300);
}

#[tokio::test]
async fn works_with_the_sandbox_tenant() {
    let stage = Stage::new();
    let address = serve(stage.router.clone()).await;
    let answer = Desk::new(&format!("http://{address}")).token("").await.json();
    let token = answer["access_token"].as_str().unwrap();
    assert_eq!(stage.get(token, SHOP).await.status, StatusCode::OK);
}

#[tokio::test]
async fn neither_token_nor_secret_is_ever_noted() {
    let stage = Stage::new();
    let address = serve(stage.router.clone()).await;
    let desk = Desk::new(&format!("http://{address}"));
    let mut secrets = vec!["sandbox-secret-opens-nothing".to_owned(), "ada".to_owned(), "sess_shop_4711".to_owned()];
    secrets.push(desk.token("").await.json()["access_token"].as_str().unwrap().to_owned());
    stage.tenant.expire_tokens();
    desk.relay("/debug/botsessions/sess_shop_4711/variables").await;
    secrets.push(desk.token("reason=rejected").await.json()["access_token"].as_str().unwrap().to_owned());
    stage.post("/sandbox/faults", r#"{"kind":"server-error","on":"token"}"#).await;
    desk.token("reason=rejected").await;
    let notes = desk.journal.lines().join("\n");
    assert!(notes.lines().count() >= 5, "{notes}");
    for secret in secrets {
        assert!(!notes.contains(&secret), "{notes}");
    }
}
