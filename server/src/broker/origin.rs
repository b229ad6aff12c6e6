//! Where the tenant is: https, or http on loopback, and nothing else in the URL.

use std::fmt;

use url::{Host, Url};

/// The tenant's origin and the path before its routes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantOrigin {
    base: Url,
}

/// Why a URL cannot be a tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OriginFault {
    /// It is no absolute URL.
    NotAUrl,
    /// It is http off loopback, or another scheme: the secret would travel in clear text.
    NotHttps,
    /// It has user info, a query or a fragment.
    NotPlain,
}

impl fmt::Display for OriginFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            OriginFault::NotAUrl => "is not an absolute URL such as https://tenant.example",
            OriginFault::NotHttps => "must begin with https:// (http:// is for loopback only)",
            OriginFault::NotPlain => "must not have user info, a query or a fragment",
        })
    }
}

impl std::error::Error for OriginFault {}

impl TenantOrigin {
    /// Checks a base URL.
    ///
    /// # Errors
    /// [`OriginFault`] says what is wrong with it.
    ///
    /// ```
    /// use session_debugger_server::broker::{OriginFault, TenantOrigin};
    ///
    /// assert!(TenantOrigin::parse("https://tenant.example").is_ok());
    /// assert!(TenantOrigin::parse("http://127.0.0.1:4173").is_ok());
    /// assert_eq!(TenantOrigin::parse("http://tenant.example"), Err(OriginFault::NotHttps));
    /// ```
    pub fn parse(text: &str) -> Result<TenantOrigin, OriginFault> {
        let base = Url::parse(text.trim()).map_err(|_| OriginFault::NotAUrl)?;
        let loopback = match base.host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            None => return Err(OriginFault::NotAUrl),
        };
        if base.scheme() != "https" && !(base.scheme() == "http" && loopback) {
            return Err(OriginFault::NotHttps);
        }
        let plain = base.username().is_empty()
            && base.password().is_none()
            && base.query().is_none()
            && base.fragment().is_none();
        if plain { Ok(TenantOrigin { base }) } else { Err(OriginFault::NotPlain) }
    }

    /// The URL of a route, which begins with a slash and is encoded already.
    pub fn url(&self, route: &str) -> String {
        format!("{}{route}", self.base.as_str().trim_end_matches('/'))
    }

    /// Whether a text is this URL's origin in the form that browsers send it: no path, no slash at the end.
    pub(super) fn is_origin(&self, text: &str) -> bool {
        self.base.origin().ascii_serialization() == text
    }
}
