//! The static page: types, headers, and no file from outside its directory.

use std::path::PathBuf;

use axum::Router;
use axum::http::StatusCode;
use session_debugger_server::page::{Page, router};

use crate::support::{request, send};

/// A directory with a page in it, gone when the test ends.
struct Built(PathBuf);

impl Built {
    fn new(name: &str) -> Built {
        let directory = std::env::temp_dir().join(format!("session-debugger-page-{name}-{}", std::process::id()));
        let page = directory.join("dist");
        std::fs::create_dir_all(page.join("deep")).unwrap();
        for (file, text) in [
            ("index.html", "<!doctype html>"),
            ("worker.js", "0"),
            ("element.js", "0"),
            ("engine_bg.wasm", "\0asm"),
            ("deep/style.css", "a{}"),
            (".hidden", "secret"),
            ("../outside.txt", "secret"),
        ] {
            std::fs::write(page.join(file), text).unwrap();
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink(directory.join("outside.txt"), page.join("link.txt")).unwrap();
        Built(directory)
    }

    fn router(&self) -> Router {
        router(Page { directory: self.0.join("dist"), cookie: Some("who=opaque; HttpOnly".to_owned()) })
    }
}

impl Drop for Built {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

#[tokio::test]
async fn files_have_their_types_and_headers() {
    let built = Built::new("types");
    for (path, kind) in [
        ("/", "text/html; charset=utf-8"),
        ("/index.html", "text/html; charset=utf-8"),
        ("/worker.js", "text/javascript; charset=utf-8"),
        ("/engine_bg.wasm", "application/wasm"),
        ("/deep/style.css", "text/css; charset=utf-8"),
        ("/deep/style%2Ecss", "text/css; charset=utf-8"),
    ] {
        let answer = send(&built.router(), request("GET", path, &[], "")).await;
        assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, Some(kind)), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(answer.header("cross-origin-opener-policy"), Some("same-origin"));
    }
}

#[tokio::test]
async fn the_document_allows_its_own_scripts_and_no_wasm() {
    let built = Built::new("document");
    let answer = send(&built.router(), request("GET", "/", &[], "")).await;
    let policy = answer.header("content-security-policy").unwrap();
    assert_eq!(
        policy,
        "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; \
         trusted-types cognigy-session-debugger"
    );
    assert_eq!(answer.header("set-cookie"), Some("who=opaque; HttpOnly"));
}

#[tokio::test]
async fn only_the_worker_allows_wasm_and_only_the_document_has_the_cookie() {
    let built = Built::new("worker");
    let worker = send(&built.router(), request("GET", "/worker.js", &[], "")).await;
    let policy = worker.header("content-security-policy").unwrap();
    assert!(policy.contains("script-src 'self' 'wasm-unsafe-eval'") && policy.contains("connect-src 'self'"));
    let element = send(&built.router(), request("GET", "/element.js", &[], "")).await;
    assert_eq!((element.header("set-cookie"), element.header("content-security-policy")), (None, None));
}

#[tokio::test]
async fn nothing_outside_the_directory_is_served() {
    let built = Built::new("outside");
    for path in [
        "/../outside.txt",
        "/..%2Foutside.txt",
        "/%2e%2e/outside.txt",
        "/deep/../../outside.txt",
        "/deep/..%5C..%5Coutside.txt",
        "/link.txt",
        "/.hidden",
        "//etc/passwd",
        "/%2Fetc/passwd",
        "/index.html%00.png",
        "/%FF",
        "/deep",
        "/absent.js",
    ] {
        let answer = send(&built.router(), request("GET", path, &[], "")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(!answer.text().contains("secret"), "{path}");
    }
}

#[tokio::test]
async fn head_has_the_length_and_post_is_refused() {
    let built = Built::new("methods");
    let head = send(&built.router(), request("HEAD", "/worker.js", &[], "")).await;
    assert_eq!((head.status, head.header("content-length"), head.body.len()), (StatusCode::OK, Some("1"), 0));
    let post = send(&built.router(), request("POST", "/", &[], "")).await;
    assert_eq!((post.status, post.header("allow")), (StatusCode::METHOD_NOT_ALLOWED, Some("GET, HEAD")));
}

#[tokio::test]
async fn an_unbuilt_page_is_said_to_be_unbuilt() {
    let router = router(Page { directory: PathBuf::from("/nowhere/at/all"), cookie: None });
    let answer = send(&router, request("GET", "/", &[], "")).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(answer.json()["detail"].as_str().unwrap().contains("not been built"));
}
