//! Whom the broker does not answer.

use axum::http::StatusCode;
use session_debugger_server::broker::{CookieUsers, Denied, HeaderUsers, OriginFault, Secret, TenantOrigin, UserCheck};

use crate::support::{Answer, Desk, OWN_ORIGIN, Stage, request, send, serve};

async fn desk() -> Desk {
    let address = serve(Stage::new().router).await;
    Desk::new(&format!("http://{address}"))
}

async fn ask(desk: &Desk, headers: &[(&str, &str)]) -> Answer {
    let mut all = vec![("x-user", "ada")];
    all.extend(headers);
    send(&desk.router, request("POST", "/debug/token", &all, "")).await
}

#[tokio::test]
async fn pages_of_other_sites() {
    let desk = desk().await;
    for headers in [
        [("sec-fetch-site", "cross-site")].as_slice(),
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "none")],
        &[("origin", "https://evil.example")],
        &[("origin", "http://console.example")],
        &[("origin", "https://console.example.evil.example")],
        &[("origin", "null")],
        &[("sec-fetch-site", "same-origin"), ("origin", "https://evil.example")],
        &[("sec-fetch-site", "cross-site"), ("origin", OWN_ORIGIN)],
    ] {
        let answer = ask(&desk, headers).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{headers:?}");
        assert_eq!(answer.header("content-type"), Some("application/problem+json"));
        assert_eq!(answer.header("access-control-allow-origin"), None);
    }
    assert!(desk.journal.lines().iter().all(|line| !line.contains("token for")), "no token was fetched for them");
}

#[tokio::test]
async fn but_its_own_pages_and_programs_are_answered() {
    let desk = desk().await;
    assert_eq!(ask(&desk, &[("sec-fetch-site", "same-origin"), ("origin", OWN_ORIGIN)]).await.status, StatusCode::OK);
    assert_eq!(ask(&desk, &[]).await.status, StatusCode::OK);
}

#[tokio::test]
async fn other_methods_and_other_paths() {
    let desk = desk().await;
    for method in ["GET", "PUT", "DELETE", "OPTIONS"] {
        let answer = send(&desk.router, request(method, "/debug/token", &[("x-user", "ada")], "")).await;
        assert_eq!((answer.status, answer.header("allow")), (StatusCode::METHOD_NOT_ALLOWED, Some("POST")), "{method}");
    }
    let lost = send(&desk.router, request("GET", "/debug", &[], "")).await;
    assert_eq!((lost.status, lost.header("content-type")), (StatusCode::NOT_FOUND, Some("application/problem+json")));
    assert_eq!(send(&desk.router, request("GET", "/health", &[], "")).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn users_who_are_not_signed_in_or_not_listed() {
    let desk = desk().await;
    for (users, status) in [
        (vec![], 401),
        (vec![("x-user", "")], 401),
        (vec![("x-user", "bob")], 403),
        (vec![("x-user", "ADA")], 403),
        (vec![("x-user", "ada"), ("x-user", "bob")], 401),
        (vec![("x-user", "ada")], 200),
    ] {
        let answer = send(&desk.router, request("POST", "/debug/token", &users, "")).await;
        assert_eq!(answer.status.as_u16(), status, "{users:?}");
    }
}

#[test]
fn a_user_header_counts_only_with_the_proxys_secret() {
    let users = HeaderUsers::new("x-user", ["ada".to_owned()], Some(Secret::new("between-us")));
    let check = |pairs: &[(&'static str, &'static str)]| {
        let pairs = pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        users.check(&pairs.collect())
    };
    assert_eq!(check(&[("x-user", "ada")]), Err(Denied::NotSignedIn));
    assert_eq!(check(&[("x-user", "ada"), ("x-broker-proxy-secret", "between")]), Err(Denied::NotSignedIn));
    assert_eq!(check(&[("x-user", "ada"), ("x-broker-proxy-secret", "between-us")]), Ok(()));
}

#[test]
fn a_cookie_counts_only_whole_and_under_its_name() {
    let users = CookieUsers::new("who", Secret::new("opaque"));
    let check = |line: &str| users.check(&[("cookie".parse().unwrap(), line.parse().unwrap())].into_iter().collect());
    assert_eq!(check("who=opaque"), Ok(()));
    assert_eq!(check("a=b; who=opaque; c=d"), Ok(()));
    for line in ["", "who=", "who=opaqu", "who=opaque2", "other=opaque", "whowho=opaque"] {
        assert_eq!(check(line), Err(Denied::NotSignedIn), "{line}");
    }
    let cookie = users.set_cookie();
    assert!(cookie.contains("; HttpOnly") && cookie.contains("; SameSite=Strict"));
}

#[test]
fn tenants_are_https_or_loopback() {
    for good in [
        "https://tenant.example",
        "https://tenant.example/base/",
        "http://localhost:1",
        "http://[::1]:4173",
        "http://127.9.9.9",
    ] {
        assert!(TenantOrigin::parse(good).is_ok(), "{good}");
    }
    for (bad, why) in [
        ("http://tenant.example", OriginFault::NotHttps),
        ("http://localhost.evil.example", OriginFault::NotHttps),
        ("http://10.0.0.1", OriginFault::NotHttps),
        ("http://128.0.0.1", OriginFault::NotHttps),
        ("ftp://localhost", OriginFault::NotHttps),
        ("https://user:word@tenant.example", OriginFault::NotPlain),
        ("https://tenant.example?x=1", OriginFault::NotPlain),
        ("https://tenant.example#x", OriginFault::NotPlain),
        ("tenant.example", OriginFault::NotAUrl),
        ("", OriginFault::NotAUrl),
    ] {
        assert_eq!(TenantOrigin::parse(bad), Err(why), "{bad}");
    }
}

#[test]
fn a_secret_shows_nothing_of_itself() {
    assert_eq!(format!("{:?}", Secret::new("hunter2")), "[redacted]");
    let users = CookieUsers::new("who", Secret::new("hunter2"));
    assert!(!format!("{users:?}").contains("hunter2"));
}
