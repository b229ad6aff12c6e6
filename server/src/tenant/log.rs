//! What the tenant saw lately. Holds no token, no value and no session id.

use std::collections::VecDeque;
use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use serde::Serialize;

use super::faults::Kind;
use super::query;
use super::state::Tenant;
use crate::sync::lock;

const KEPT: usize = 200;

/// Marks an answer to a request whose token or credentials were good.
#[derive(Clone, Copy)]
pub(super) struct Authorised;

/// Marks an answer that a fault changed.
#[derive(Clone, Copy)]
pub(super) struct Faulted(pub(super) Kind);

/// One request.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// ms since 1970.
    pub at_ms: u64,
    /// `GET`, `POST`, `OPTIONS`, …
    pub method: String,
    /// The route with its parameters unfilled.
    pub path: String,
    /// The keys of the query.
    pub query_keys: Vec<String>,
    /// The status that was answered.
    pub status: u16,
    /// Whether the request had a good token, or good credentials at the token endpoint.
    pub authorised: bool,
    /// The fault that changed the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<Kind>,
}

#[derive(Debug, Default)]
pub(super) struct Log {
    entries: VecDeque<Entry>,
}

impl Log {
    fn add(&mut self, entry: Entry) {
        if self.entries.len() >= KEPT {
            self.entries.pop_front();
        }
        self.entries.push_back(entry);
    }

    /// Oldest first.
    pub(super) fn entries(&self) -> &VecDeque<Entry> {
        &self.entries
    }

    pub(super) fn clear(&mut self) {
        self.entries.clear();
    }
}

pub(super) async fn record(State(tenant): State<Arc<Tenant>>, request: Request, next: Next) -> Response {
    let method = request.method().to_string();
    let path = request.extensions().get::<MatchedPath>().map_or("(unknown)", MatchedPath::as_str).to_owned();
    let query_keys = query::keys(request.uri().query().unwrap_or_default());
    let response = next.run(request).await;
    let unix = tenant.clock.unix();
    let entry = Entry {
        at_ms: u64::try_from(unix.as_millis()).unwrap_or(u64::MAX),
        method,
        path,
        query_keys,
        status: response.status().as_u16(),
        authorised: response.extensions().get::<Authorised>().is_some(),
        fault: response.extensions().get::<Faulted>().map(|fault| fault.0),
    };
    lock(&tenant.log).add(entry);
    response
}
