//! What a broker needs to know.

use super::origin::TenantOrigin;
use super::secret::Secret;

/// How the broker reaches its tenant, and what it offers.
#[derive(Debug, Clone)]
pub struct BrokerConfig {
    /// Where the tenant is.
    pub tenant: TenantOrigin,
    /// The tenant's token endpoint. Default: `/api/v2/auth/token`.
    pub token_path: String,
    /// The tenant's variables route, with `{sessionId}` in it. Default: `/api/v2/botsessions/{sessionId}/variables`.
    pub variables_path: String,
    /// The client's id at the tenant.
    pub client_id: String,
    /// The client's secret.
    pub client_secret: Secret,
    /// The rights that are asked for. Default: `bot:read session:read variable:read`.
    pub scopes: Vec<String>,
    /// Whether `GET /debug/botsessions/{sessionId}/variables` is answered. Default: no.
    pub relay: bool,
}

impl BrokerConfig {
    /// A broker of the tutorial's API without the relay.
    pub fn new(tenant: TenantOrigin, client_id: impl Into<String>, client_secret: Secret) -> BrokerConfig {
        BrokerConfig {
            tenant,
            token_path: crate::tenant::TOKEN_PATH.to_owned(),
            variables_path: crate::tenant::VARIABLES_PATH.to_owned(),
            client_id: client_id.into(),
            client_secret,
            scopes: ["bot:read", "session:read", "variable:read"].map(str::to_owned).to_vec(),
            relay: false,
        }
    }
}
