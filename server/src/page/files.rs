//! Files of one directory, and of nothing above it.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use percent_encoding::percent_decode_str;

use super::{Page, headers, types};
use crate::problem::Problem;

pub(super) async fn serve(State(page): State<Arc<Page>>, method: Method, uri: Uri) -> Response {
    if method != Method::GET && method != Method::HEAD {
        let problem = Problem::new(StatusCode::METHOD_NOT_ALLOWED, format!("Nothing here answers {method}."));
        return problem.header(header::ALLOW, "GET, HEAD").into_response();
    }
    let Some(relative) = relative(uri.path()) else { return not_found() };
    let Some(path) = inside(&page.directory, &relative).await else { return missing(&page, &relative) };
    match tokio::fs::read(&path).await {
        Ok(bytes) => file(&page, &relative, bytes, method == Method::HEAD),
        Err(_) => missing(&page, &relative),
    }
}

/// The file that a path means: plain names only. A directory means its `index.html`.
fn relative(path: &str) -> Option<PathBuf> {
    let decoded = percent_decode_str(path).decode_utf8().ok()?;
    if decoded.contains(['\\', '\0']) {
        return None;
    }
    let mut relative = PathBuf::from(decoded.trim_start_matches('/'));
    if decoded.ends_with('/') {
        relative.push("index.html");
    }
    let plain = relative.components().all(|part| match part {
        Component::Normal(name) => !name.to_string_lossy().starts_with('.'),
        _ => false,
    });
    plain.then_some(relative)
}

/// The file's real path, if it lies in the directory after all links are followed.
async fn inside(directory: &Path, relative: &Path) -> Option<PathBuf> {
    let root = tokio::fs::canonicalize(directory).await.ok()?;
    let path = tokio::fs::canonicalize(root.join(relative)).await.ok()?;
    path.starts_with(&root).then_some(path)
}

fn file(page: &Page, relative: &Path, bytes: Vec<u8>, head_only: bool) -> Response {
    let name = relative.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let length = bytes.len();
    let mut response = Response::new(if head_only { Body::empty() } else { Body::from(bytes) });
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(types::media_type(&name)));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    headers::add(headers, &name);
    let cookie = page.cookie.as_deref().filter(|_| name.ends_with(".html"));
    if let Some(cookie) = cookie.and_then(|cookie| HeaderValue::from_str(cookie).ok()) {
        headers.insert(header::SET_COOKIE, cookie);
    }
    response
}

/// A page that has not been built is the likeliest reason on a first start.
fn missing(page: &Page, relative: &Path) -> Response {
    if relative == Path::new("index.html") && !page.directory.join(relative).exists() {
        let detail = "The page has not been built: there is no index.html in the page's directory.";
        return Problem::new(StatusCode::NOT_FOUND, detail).into_response();
    }
    not_found()
}

fn not_found() -> Response {
    Problem::new(StatusCode::NOT_FOUND, "There is no such file.").into_response()
}
