//! What the tests share: requests without a network, a tenant at a stopped clock, and stub tenants on loopback.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::Value;
use session_debugger_server::broker::{
    Broker, BrokerConfig, Callers, HeaderUsers, MemoryJournal, Outbound, Secret, TenantOrigin,
};
use session_debugger_server::clock::ManualClock;
use session_debugger_server::tenant::{self, DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, Settings, Tenant};
use tower::ServiceExt;

pub const SHOP: &str = "/api/v2/botsessions/sess_shop_4711/variables";
pub const TUTORIAL: &str = "/api/v2/botsessions/sess_9f8e7d6c5b4a3210/variables";

/// An answer with its whole body.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("UTF-8")
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("text"))
    }

    /// The names in `variables`, in order; `None` for an element without one.
    pub fn names(&self) -> Vec<Option<String>> {
        let json = self.json();
        let items = json["variables"].as_array().expect("variables").clone();
        items.iter().map(|item| item["name"].as_str().map(str::to_owned)).collect()
    }
}

/// Sends one request to a router.
pub async fn send(router: &Router, request: Request<Body>) -> Answer {
    let response = router.clone().oneshot(request).await.expect("infallible");
    let (parts, body) = response.into_parts();
    let body = body.collect().await.expect("a whole body").to_bytes().to_vec();
    Answer { status: parts.status, headers: parts.headers, body }
}

pub fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::from(body.to_owned())).expect("a request")
}

/// A tenant at a stopped clock.
pub struct Stage {
    pub router: Router,
    pub tenant: Arc<Tenant>,
    pub clock: Arc<ManualClock>,
}

impl Stage {
    pub fn new() -> Stage {
        Stage::with(Settings::default())
    }

    pub fn with(settings: Settings) -> Stage {
        let clock = ManualClock::shared();
        let tenant = Arc::new(Tenant::new(clock.clone(), settings).expect("a tenant"));
        Stage { router: tenant::router(tenant.clone()), tenant, clock }
    }

    /// A token for the scopes, or for all where the text is empty.
    pub async fn token_for(&self, scopes: &str) -> String {
        let form = format!(
            "grant_type=client_credentials&client_id={DEMO_CLIENT_ID}&client_secret={DEMO_CLIENT_SECRET}&scope={scopes}"
        );
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        let answer = send(&self.router, request("POST", "/api/v2/auth/token", &headers, &form)).await;
        assert_eq!(answer.status, StatusCode::OK);
        answer.json()["access_token"].as_str().expect("a token").to_owned()
    }

    pub async fn token(&self) -> String {
        self.token_for("").await
    }

    /// Reads with a token.
    pub async fn get(&self, token: &str, path: &str) -> Answer {
        let bearer = format!("Bearer {token}");
        send(&self.router, request("GET", path, &[("authorization", &bearer)], "")).await
    }

    pub async fn post(&self, path: &str, body: &str) -> Answer {
        send(&self.router, request("POST", path, &[("content-type", "application/json")], body)).await
    }

    pub fn wait(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }
}

/// Serves a router on a free loopback port for as long as the test runs.
pub async fn serve(router: Router) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

pub const OWN_ORIGIN: &str = "https://console.example";

/// A broker in front of a tenant on loopback, whose proxy names users in `x-user`; ada may, bob may not.
pub struct Desk {
    pub router: Router,
    pub journal: Arc<MemoryJournal>,
    pub clock: Arc<ManualClock>,
}

impl Desk {
    pub fn new(base: &str) -> Desk {
        Desk::with(base, Outbound::new(None).expect("a client"))
    }

    pub fn with(base: &str, outbound: Outbound) -> Desk {
        let (journal, clock) = (Arc::new(MemoryJournal::default()), ManualClock::shared());
        let origin = TenantOrigin::parse(base).expect("an origin");
        let mut config = BrokerConfig::new(origin, DEMO_CLIENT_ID, Secret::new(DEMO_CLIENT_SECRET));
        config.relay = true;
        let users = Arc::new(HeaderUsers::new("x-user", ["ada".to_owned()], None));
        let callers = Callers::new(vec![OWN_ORIGIN.to_owned()]);
        let broker = Broker::new(config, outbound, callers, users, journal.clone(), clock.clone()).expect("a broker");
        Desk { router: session_debugger_server::broker::standalone(Arc::new(broker)), journal, clock }
    }

    /// Asks for a token as ada.
    pub async fn token(&self, body: &str) -> Answer {
        send(&self.router, request("POST", "/debug/token", &[("x-user", "ada")], body)).await
    }

    /// Reads through the relay as ada.
    pub async fn relay(&self, path: &str) -> Answer {
        send(&self.router, request("GET", path, &[("x-user", "ada")], "")).await
    }
}
