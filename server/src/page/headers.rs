//! Security headers: the page may run its own files and nothing else.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

/// The policy of the document. No wasm here: the engine runs in the worker.
pub const DOCUMENT_CSP: &str = "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; \
    style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; trusted-types cognigy-session-debugger";

/// The policy of the worker file: a worker obeys its own response, so wasm is allowed there alone.
pub const WORKER_CSP: &str =
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; base-uri 'none'";

/// The headers of a file by its name.
pub(super) fn add(headers: &mut HeaderMap, name: &str) {
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    let opener = HeaderName::from_static("cross-origin-opener-policy");
    headers.insert(opener, HeaderValue::from_static("same-origin"));
    let policy = if name.ends_with(".html") {
        DOCUMENT_CSP
    } else if name.ends_with("worker.js") {
        WORKER_CSP
    } else {
        return;
    };
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
}
