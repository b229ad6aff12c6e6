//! Requests to the tenant: rustls with the Mozilla roots or a file of the team's own, no redirects, and time limits.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

/// Until the head of an answer is there.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// Until a small body is there.
const BODY_TIMEOUT: Duration = Duration::from_secs(5);
/// No token answer is larger.
const MAX_SMALL_BODY: usize = 64 * 1024;

/// Why a request to the tenant gave nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OutboundFault {
    /// No connection, or it broke.
    Unreachable,
    /// Too slow.
    Timeout,
    /// The answer is larger than any token answer.
    TooLarge,
    /// The tenant asks for patience or fails: its status, and its `Retry-After`.
    Busy {
        /// 429 or 5xx.
        status: u16,
        /// As sent.
        retry_after: Option<String>,
    },
}

impl std::fmt::Display for OutboundFault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            OutboundFault::Unreachable => formatter.write_str("the tenant cannot be reached"),
            OutboundFault::Timeout => formatter.write_str("the tenant did not answer in time"),
            OutboundFault::TooLarge => formatter.write_str("the tenant's answer is too large"),
            OutboundFault::Busy { status, .. } => write!(formatter, "the tenant answered {status}"),
        }
    }
}

impl std::error::Error for OutboundFault {}

/// A client for the tenant. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Outbound {
    client: Client<HttpsConnector<HttpConnector>, Body>,
}

impl Outbound {
    /// A client that believes the Mozilla roots and, where given, the certificates of a PEM file.
    ///
    /// # Errors
    /// One sentence, when the file cannot be read or holds no certificate.
    pub fn new(extra_roots: Option<&Path>) -> Result<Outbound, String> {
        let mut roots = RootCertStore::empty();
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        if let Some(path) = extra_roots {
            add_roots(&mut roots, path)?;
        }
        let tls = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| format!("TLS cannot be set up: {error}"))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let mut connector = HttpConnector::new();
        connector.enforce_http(false);
        connector.set_connect_timeout(Some(HEAD_TIMEOUT));
        let connector =
            HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_http1().wrap_connector(connector);
        Ok(Outbound { client: Client::builder(TokioExecutor::new()).build(connector) })
    }

    /// Sends a request; the body of the answer streams. A redirect is an answer like any other: it is not followed.
    ///
    /// # Errors
    /// [`OutboundFault::Unreachable`] and [`OutboundFault::Timeout`].
    pub async fn send(&self, request: Request<Body>) -> Result<Response<Body>, OutboundFault> {
        match tokio::time::timeout(HEAD_TIMEOUT, self.client.request(request)).await {
            Ok(Ok(response)) => Ok(response.map(Body::new)),
            Ok(Err(_)) => Err(OutboundFault::Unreachable),
            Err(_) => Err(OutboundFault::Timeout),
        }
    }

    /// Sends a request whose answer is small, as a token's is.
    pub(super) async fn exchange(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, OutboundFault> {
        let response = self.send(request.map(Body::from)).await?;
        if response.status() == StatusCode::TOO_MANY_REQUESTS || response.status().is_server_error() {
            let retry_after = retry_after(response.headers());
            return Err(OutboundFault::Busy { status: response.status().as_u16(), retry_after });
        }
        let (parts, body) = response.into_parts();
        let body = tokio::time::timeout(BODY_TIMEOUT, collect(body)).await.map_err(|_| OutboundFault::Timeout)??;
        Ok(Response::from_parts(parts, body.to_vec()))
    }
}

fn add_roots(roots: &mut RootCertStore, path: &Path) -> Result<(), String> {
    let unreadable = |_| "cannot be read as PEM certificates".to_owned();
    let certificates = CertificateDer::pem_file_iter(path).map_err(unreadable)?;
    let mut found = 0;
    for certificate in certificates {
        roots.add(certificate.map_err(unreadable)?).map_err(|error| format!("holds a bad certificate: {error}"))?;
        found += 1;
    }
    if found == 0 { Err("holds no certificate".to_owned()) } else { Ok(()) }
}

async fn collect(body: Body) -> Result<Bytes, OutboundFault> {
    match Limited::new(body, MAX_SMALL_BODY).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<http_body_util::LengthLimitError>() => Err(OutboundFault::TooLarge),
        Err(_) => Err(OutboundFault::Unreachable),
    }
}

/// `Retry-After`, where a text of sensible length.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?;
    (text.len() <= 64).then(|| text.to_owned())
}
