//! The built page, served with the headers that it needs.

mod files;
mod headers;
mod types;

pub use headers::{DOCUMENT_CSP, WORKER_CSP};

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;

/// What a request for a file is answered from.
#[derive(Debug, Clone)]
pub struct Page {
    /// The directory of the built page.
    pub directory: PathBuf,
    /// `Set-Cookie` of the document: it makes whoever loads the page a user of the broker.
    pub cookie: Option<String>,
}

/// Answers every path that no other route takes with a file of the directory.
pub fn router(page: Page) -> Router {
    Router::new().fallback(files::serve).with_state(Arc::new(page))
}
