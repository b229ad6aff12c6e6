//! The sandbox tenant: the tutorial's API with honest behaviour, and faults on demand.
//!
//! - `POST /api/v2/auth/token` issues tokens, `GET /api/v2/botsessions/{sessionId}/variables` is read with them.
//! - `/sandbox/…` lists the sessions, sets faults and settings, shows what the tenant saw, and receives webhooks.

mod bearer;
mod control;
mod cors;
mod fault_body;
mod fault_effect;
mod faults;
mod log;
mod paging;
mod query;
mod rate;
mod settings;
mod state;
mod token_route;
mod tokens;
mod variables;
mod webhook;

pub mod sessions;

pub use faults::{Fault, Kind};
pub use log::Entry;
pub use settings::{Paging, Settings};
pub use state::{DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, Tenant};

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{Method, StatusCode};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};

use crate::problem::Problem;

/// The route of the token endpoint.
pub const TOKEN_PATH: &str = "/api/v2/auth/token";
/// The route of the variables.
pub const VARIABLES_PATH: &str = "/api/v2/botsessions/{sessionId}/variables";

/// The tenant's routes.
pub fn router(tenant: Arc<Tenant>) -> Router {
    // A fallback that is set after a layer would go around it.
    let api = Router::new()
        .route(VARIABLES_PATH, get(variables::read))
        .method_not_allowed_fallback(not_allowed)
        .layer(from_fn_with_state(tenant.clone(), cors::apply))
        .route(TOKEN_PATH, post(token_route::issue))
        .method_not_allowed_fallback(not_allowed)
        .layer(from_fn_with_state(tenant.clone(), log::record));
    let control = Router::new()
        .route("/sandbox/sessions", get(control::sessions))
        .route("/sandbox/settings", get(control::settings).put(control::change_settings))
        .route("/sandbox/faults", get(control::faults).post(control::add_fault).delete(control::clear_faults))
        .route("/sandbox/log", get(control::log))
        .route("/sandbox/reset", post(control::reset))
        .route("/sandbox/webhook", get(webhook::list).post(webhook::receive).delete(webhook::clear))
        .method_not_allowed_fallback(not_allowed)
        .layer(DefaultBodyLimit::max(webhook::MAX_BODY))
        .layer(from_fn(control::refuse_other_sites));
    api.merge(control).with_state(tenant)
}

async fn not_allowed(method: Method) -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, format!("This route does not answer {method}.")).code(1013)
}
