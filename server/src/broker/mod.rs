//! The token broker: what a team's backend does so that the browser never sees a client secret.
//!
//! `POST /debug/token` answers RFC 6749's `{"access_token","token_type":"Bearer","expires_in"}` to the team's own
//! users. With the relay, `GET /debug/botsessions/{sessionId}/variables` forwards the read, so that the browser stays
//! on one origin.

mod cache;
mod callers;
mod config;
mod environment;
mod issuer;
mod journal;
mod origin;
mod outbound;
mod relay;
mod secret;
mod service;
mod token_route;
mod users;

pub use callers::Callers;
pub use config::BrokerConfig;
pub use environment::{Environment, Missing, from_environment};
pub use journal::{Journal, MemoryJournal, StderrJournal};
pub use origin::{OriginFault, TenantOrigin};
pub use outbound::{Outbound, OutboundFault};
pub use secret::Secret;
pub use service::Broker;
pub use users::{CookieUsers, Denied, HeaderUsers, UserCheck};

use std::sync::Arc;

use axum::Router;
use axum::http::{Method, StatusCode};
use axum::routing::{get, post};

use crate::problem::Problem;

/// The route of the team's token endpoint.
pub const TOKEN_ROUTE: &str = "/debug/token";
/// The route of the relay.
pub const RELAY_ROUTE: &str = "/debug/botsessions/{sessionId}/variables";

/// The broker's routes; the relay's only where it is on.
pub fn router(broker: Arc<Broker>) -> Router {
    let mut router = Router::new().route(TOKEN_ROUTE, post(token_route::answer));
    if broker.relays() {
        router = router.route(RELAY_ROUTE, get(relay::forward));
    }
    router.method_not_allowed_fallback(not_allowed).with_state(broker)
}

/// The routes of a broker that stands alone: also `GET /health`, and a problem for any other path.
pub fn standalone(broker: Arc<Broker>) -> Router {
    let health = get(|| async { StatusCode::NO_CONTENT });
    router(broker).route("/health", health).fallback(not_found)
}

async fn not_found() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "The broker has no such route.")
}

async fn not_allowed(method: Method) -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, format!("This route does not answer {method}."))
}
