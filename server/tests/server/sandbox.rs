//! The whole sandbox on one port, as a browser meets it.

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use session_debugger_server::broker::MemoryJournal;
use session_debugger_server::clock::ManualClock;
use session_debugger_server::options::Options;
use session_debugger_server::sandbox::Sandbox;
use session_debugger_server::tenant::{Paging, Settings};

use crate::support::{SHOP, request, send};

/// The sandbox on a real port, since its broker reaches its tenant there; and the document's cookie.
async fn sandbox() -> (Router, String) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let page = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/page");
    let journal = Arc::new(MemoryJournal::default());
    let sandbox = Sandbox::new(port, page, Settings::default(), ManualClock::shared(), journal).unwrap();
    let router = sandbox.router.clone();
    tokio::spawn(async move { axum::serve(listener, sandbox.router).await });
    let document = send(&router, request("GET", "/", &[], "")).await;
    let cookie = document.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    (router, cookie)
}

#[tokio::test]
async fn the_pages_user_gets_a_token_that_reads() {
    let (router, cookie) = sandbox().await;
    let answer = send(&router, request("POST", "/debug/token", &[("cookie", &cookie)], "")).await;
    assert_eq!(answer.status, StatusCode::OK);
    let bearer = format!("Bearer {}", answer.json()["access_token"].as_str().unwrap());
    assert_eq!(send(&router, request("GET", SHOP, &[("authorization", &bearer)], "")).await.status, StatusCode::OK);
    let relayed = "/debug/botsessions/sess_shop_4711/variables";
    assert_eq!(send(&router, request("GET", relayed, &[("cookie", &cookie)], "")).await.status, StatusCode::OK);
    assert_eq!(send(&router, request("GET", relayed, &[("authorization", &bearer)], "")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn who_has_not_loaded_the_page_gets_none() {
    let (router, _) = sandbox().await;
    let answer = send(&router, request("POST", "/debug/token", &[("cookie", "sandbox_user=x")], "")).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn foreign_names_are_refused() {
    let (router, _) = sandbox().await;
    for host in ["evil.example", "evil.example:4173", "localhost.evil.example", "127.0.0.1.evil.example:80"] {
        let answer = send(&router, request("GET", "/sandbox/sessions", &[("host", host)], "")).await;
        assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST, "{host}");
    }
    for host in ["localhost", "localhost:4173", "127.0.0.1:4173", "[::1]:4173", "[::1]"] {
        let answer = send(&router, request("GET", "/sandbox/sessions", &[("host", host)], "")).await;
        assert_eq!(answer.status, StatusCode::OK, "{host}");
    }
}

#[tokio::test]
async fn the_sessions_are_listed() {
    let (router, _) = sandbox().await;
    let list = send(&router, request("GET", "/sandbox/sessions", &[], "")).await.json();
    let ids: Vec<&str> =
        list["sessions"].as_array().unwrap().iter().map(|session| session["id"].as_str().unwrap()).collect();
    for id in [
        "sess_shop_4711",
        "sess_claim_2093",
        "sess_travel_88",
        "sess_9f8e7d6c5b4a3210",
        "sess_large_10000",
        "sess_live_1",
        "sess_damaged_1",
    ] {
        assert!(ids.contains(&id), "{id}");
    }
}

#[tokio::test]
async fn settings_can_be_changed_and_reset() {
    let (router, _) = sandbox().await;
    let change = async |body: &str| send(&router, request("PUT", "/sandbox/settings", &[], body)).await;
    let changed = change(r#"{"paging":"link","pageSize":5}"#).await;
    assert_eq!(changed.json()["settings"]["paging"], "link");
    for bad in [r#"{"paging":"spiral"}"#, r#"{"pageSize":0}"#, r#"{"requestsPerMinute":0}"#, r#"{"pagesize":5}"#] {
        assert_eq!(change(bad).await.status, StatusCode::BAD_REQUEST, "{bad}");
    }
    send(&router, request("POST", "/sandbox/reset", &[], "")).await;
    let now = send(&router, request("GET", "/sandbox/settings", &[], "")).await.json();
    assert_eq!((now["settings"]["paging"].as_str(), now["settings"]["pageSize"].as_u64()), (Some("cursor"), None));
}

#[tokio::test]
async fn webhooks_are_kept_the_last_fifty() {
    let (router, _) = sandbox().await;
    for number in 0..53 {
        let headers =
            [("content-type", "application/json"), ("webhook-id", "msg_1"), ("authorization", "Bearer hidden")];
        let posted =
            send(&router, request("POST", "/sandbox/webhook", &headers, &format!(r#"{{"n":{number}}}"#))).await;
        assert_eq!(posted.status, StatusCode::NO_CONTENT);
    }
    let shown = send(&router, request("GET", "/sandbox/webhook", &[], "")).await;
    let posts = shown.json()["posts"].as_array().unwrap().clone();
    assert_eq!((posts.len(), posts[0]["body"]["n"].as_u64(), posts[49]["body"]["n"].as_u64()), (50, Some(3), Some(52)));
    assert_eq!(posts[0]["headers"]["webhook-id"], "msg_1");
    assert!(!shown.text().contains("hidden"));
    let large = format!("\"{}\"", "x".repeat(4 << 20));
    assert_eq!(send(&router, request("POST", "/sandbox/webhook", &[], &large)).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn pages_of_other_sites_do_not_steer_it() {
    let (router, _) = sandbox().await;
    let headers = [("sec-fetch-site", "cross-site")];
    let answer = send(&router, request("POST", "/sandbox/reset", &headers, "")).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

#[test]
fn options_are_read_in_both_spellings() {
    let parse = |line: &str| Options::parse(line.split_whitespace().map(str::to_owned));
    let options =
        parse("--port 0 --page=built --paging number --token-lifetime=5 --cors-origin http://a --cors-origin http://b");
    let options = options.unwrap();
    assert_eq!((options.port, options.page.to_str()), (0, Some("built")));
    assert_eq!((options.settings.paging, options.settings.token_lifetime), (Paging::Number, 5));
    assert_eq!(options.settings.cors_origins, ["http://a", "http://b"]);
    let defaults = parse("").unwrap();
    assert_eq!((defaults.port, defaults.page.to_str()), (4173, Some("dist")));
    for bad in ["--port", "--port x", "--port 70000", "--paging spiral", "--unknown 1", "stray"] {
        assert!(parse(bad).is_err(), "{bad}");
    }
    assert!(parse("--help").unwrap().help);
}
