//! The broker, the sandbox tenant and the page on one loopback port.

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};

use crate::broker::{self, Broker, BrokerConfig, Callers, CookieUsers, Journal, Outbound, Secret, TenantOrigin};
use crate::clock::SharedClock;
use crate::page::{self, Page};
use crate::problem::Problem;
use crate::random::opaque_text;
use crate::tenant::{self, DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, Settings, Tenant};

/// Names under which a browser on this machine reaches the sandbox.
const NAMES: [&str; 3] = ["127.0.0.1", "localhost", "[::1]"];

/// Everything on one port.
pub struct Sandbox {
    /// The routes.
    pub router: Router,
    /// The tenant behind them, for tests.
    pub tenant: Arc<Tenant>,
}

impl Sandbox {
    /// Puts the parts together. The broker reaches its tenant over HTTP at `127.0.0.1:port`, as it would any other.
    ///
    /// # Errors
    /// One sentence, when a part cannot be set up.
    pub fn new(
        port: u16,
        directory: PathBuf,
        settings: Settings,
        clock: SharedClock,
        journal: Arc<dyn Journal>,
    ) -> Result<Sandbox, String> {
        let tenant =
            Tenant::new(clock.clone(), settings).map_err(|error| format!("a session file is damaged: {error}"))?;
        let tenant = Arc::new(tenant);
        // Cookies do not tell ports apart, so the name does: two sandboxes can run side by side.
        let cookie = Secret::new(opaque_text().map_err(|error| format!("no randomness is to be had: {error}"))?);
        let users = Arc::new(CookieUsers::new(format!("sandbox_user_{port}"), cookie));
        let broker = broker(port, users.clone(), clock, journal)?;
        let page = Page { directory, cookie: Some(users.set_cookie()) };
        let router = Router::new()
            .merge(tenant::router(tenant.clone()))
            .merge(broker::router(Arc::new(broker)))
            .merge(page::router(page))
            .layer(from_fn(own_name_only));
        Ok(Sandbox { router, tenant })
    }
}

fn broker(port: u16, users: Arc<CookieUsers>, clock: SharedClock, journal: Arc<dyn Journal>) -> Result<Broker, String> {
    let origin = TenantOrigin::parse(&format!("http://127.0.0.1:{port}")).map_err(|fault| fault.to_string())?;
    let mut config = BrokerConfig::new(origin, DEMO_CLIENT_ID, Secret::new(DEMO_CLIENT_SECRET));
    config.relay = true;
    let callers = Callers::new(NAMES.iter().map(|name| format!("http://{name}:{port}")).collect());
    Broker::new(config, Outbound::new(None)?, callers, users, journal, clock)
}

/// Refuses requests under a foreign name: a page elsewhere could otherwise let its own name point here.
async fn own_name_only(request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).map(|host| host.to_str().unwrap_or("?"));
    let name = host.map(|host| host.rsplit_once(':').filter(|(_, port)| is_port(port)).map_or(host, |(name, _)| name));
    if name.is_none_or(|name| NAMES.contains(&name)) {
        return next.run(request).await;
    }
    Problem::new(StatusCode::MISDIRECTED_REQUEST, "The sandbox answers as 127.0.0.1 or localhost only.").into_response()
}

fn is_port(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}
