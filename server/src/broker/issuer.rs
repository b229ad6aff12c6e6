//! Getting a token from the tenant by client credentials (RFC 6749, section 4.4).

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use oauth2::basic::{BasicClient, BasicTokenType};
use oauth2::{
    AsyncHttpClient, AuthType, ClientId, ClientSecret, EndpointNotSet, EndpointSet, RequestTokenError, Scope,
    TokenResponse, TokenUrl,
};

use super::config::BrokerConfig;
use super::outbound::{Outbound, OutboundFault};
use super::secret::Secret;

/// The life of a token whose answer does not say (RFC 6749, section 5.1 only recommends it).
const DEFAULT_LIFE: Duration = Duration::from_secs(300);

/// A token as the tenant issued it.
#[derive(Debug, Clone)]
pub(super) struct Issued {
    pub(super) token: Secret,
    pub(super) life: Duration,
}

/// Why the tenant gave no token. Shared by everybody who waits for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum IssueFault {
    /// The network or the tenant's capacity.
    Outbound(OutboundFault),
    /// The tenant refuses the client, by RFC 6749's word.
    Refused(&'static str),
    /// The answer is no bearer token.
    NoToken,
}

impl std::fmt::Display for IssueFault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            IssueFault::Outbound(fault) => fault.fmt(formatter),
            IssueFault::Refused(word) => write!(formatter, "the tenant refuses the client: {word}"),
            IssueFault::NoToken => formatter.write_str("the tenant's answer is no bearer token"),
        }
    }
}

type Client = BasicClient<EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

/// Asks the tenant for tokens. No Debug: the client holds the secret.
pub(super) struct Issuer {
    client: Client,
    scopes: Vec<Scope>,
    outbound: Outbound,
}

impl Issuer {
    /// # Errors
    /// One sentence, when the token path does not make a URL.
    pub(super) fn new(config: &BrokerConfig, outbound: Outbound) -> Result<Issuer, String> {
        let url = TokenUrl::new(config.tenant.url(&config.token_path)).map_err(|_| "no URL of the token endpoint")?;
        let client = BasicClient::new(ClientId::new(config.client_id.clone()))
            .set_client_secret(ClientSecret::new(config.client_secret.expose().to_owned()))
            .set_token_uri(url)
            .set_auth_type(AuthType::RequestBody);
        let scopes = config.scopes.iter().cloned().map(Scope::new).collect();
        Ok(Issuer { client, scopes, outbound })
    }

    pub(super) async fn issue(&self) -> Result<Issued, IssueFault> {
        let request = self.client.exchange_client_credentials().add_scopes(self.scopes.iter().cloned());
        let answer = request.request_async(&Http(self.outbound.clone())).await.map_err(fault)?;
        // The crate lower-cases the type, which RFC 6749, section 5.1 makes case-insensitive.
        if answer.token_type() != &BasicTokenType::Bearer || !is_b64token(answer.access_token().secret()) {
            return Err(IssueFault::NoToken);
        }
        let life = answer.expires_in().unwrap_or(DEFAULT_LIFE);
        Ok(Issued { token: Secret::new(answer.access_token().secret().clone()), life })
    }
}

fn fault(error: RequestTokenError<OutboundFault, oauth2::basic::BasicErrorResponse>) -> IssueFault {
    use oauth2::basic::BasicErrorResponseType as Word;
    match error {
        RequestTokenError::Request(fault) => IssueFault::Outbound(fault),
        RequestTokenError::ServerResponse(answer) => IssueFault::Refused(match answer.error() {
            Word::InvalidClient => "invalid_client",
            Word::InvalidGrant => "invalid_grant",
            Word::InvalidRequest => "invalid_request",
            Word::InvalidScope => "invalid_scope",
            Word::UnauthorizedClient => "unauthorized_client",
            Word::UnsupportedGrantType => "unsupported_grant_type",
            // A word of the tenant's own is not repeated.
            Word::Extension(_) => "another reason",
        }),
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => IssueFault::NoToken,
    }
}

/// RFC 6750, section 2.1: what may follow `Bearer `, so that no line break enters a header.
fn is_b64token(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    !body.is_empty() && body.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte))
}

/// Our own client in the crate's terms.
struct Http(Outbound);

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = OutboundFault;
    type Future = Pin<Box<dyn Future<Output = Result<oauth2::HttpResponse, OutboundFault>> + Send + 'c>>;

    fn call(&'c self, request: oauth2::HttpRequest) -> Self::Future {
        Box::pin(self.0.exchange(request))
    }
}
