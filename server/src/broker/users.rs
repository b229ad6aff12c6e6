//! Who asks: the broker gives tokens to its own users only.

use std::collections::HashSet;

use axum::http::{HeaderMap, header};

use super::secret::Secret;

/// Why a request is not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denied {
    /// Nobody is signed in.
    NotSignedIn,
    /// Somebody is, who may not use the debugger.
    NotAllowed,
}

/// Decides whether a request comes from a user who may read sessions.
///
/// The tenant gives the broker the right to read *all* sessions, so this check is all that stands before them.
pub trait UserCheck: Send + Sync {
    /// Whether the request may have a token.
    ///
    /// # Errors
    /// [`Denied`] says why not.
    fn check(&self, headers: &HeaderMap) -> Result<(), Denied>;
}

/// For the demo: whoever has loaded the page has its cookie. An opaque text, new on every start.
#[derive(Debug)]
pub struct CookieUsers {
    name: String,
    value: Secret,
}

impl CookieUsers {
    /// Users are those who hold this cookie.
    pub fn new(name: impl Into<String>, value: Secret) -> CookieUsers {
        CookieUsers { name: name.into(), value }
    }

    /// What `Set-Cookie` says: out of reach of scripts, of other sites, and gone with the browser session.
    pub fn set_cookie(&self) -> String {
        format!("{}={}; Path=/; HttpOnly; SameSite=Strict", self.name, self.value.expose())
    }
}

impl UserCheck for CookieUsers {
    fn check(&self, headers: &HeaderMap) -> Result<(), Denied> {
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
        let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let ours = pairs.any(|(name, value)| name == self.name && self.value.matches(value));
        if ours { Ok(()) } else { Err(Denied::NotSignedIn) }
    }
}

/// For deployment: the team's authenticating proxy names the user in a header, and a list says who may.
#[derive(Debug)]
pub struct HeaderUsers {
    header: String,
    allowed: HashSet<String>,
    proxy_secret: Option<Secret>,
}

impl HeaderUsers {
    /// The header in which the proxy proves that it is the proxy.
    pub const PROXY_SECRET_HEADER: &str = "x-broker-proxy-secret";

    /// Users are those whom `header` names and `allowed` lists, letters compared as written. With a `proxy_secret`,
    /// only requests that carry it in `x-broker-proxy-secret` are believed.
    pub fn new(
        header: impl Into<String>,
        allowed: impl IntoIterator<Item = String>,
        proxy_secret: Option<Secret>,
    ) -> HeaderUsers {
        HeaderUsers { header: header.into(), allowed: allowed.into_iter().collect(), proxy_secret }
    }

    fn is_proxy(&self, headers: &HeaderMap) -> bool {
        let Some(secret) = &self.proxy_secret else { return true };
        let shown = headers.get(Self::PROXY_SECRET_HEADER).and_then(|value| value.to_str().ok());
        shown.is_some_and(|shown| secret.matches(shown))
    }
}

impl UserCheck for HeaderUsers {
    fn check(&self, headers: &HeaderMap) -> Result<(), Denied> {
        let mut named = headers.get_all(self.header.as_str()).iter();
        // Two such headers mean that a caller added one before the proxy did.
        let (Some(user), None) = (named.next(), named.next()) else { return Err(Denied::NotSignedIn) };
        let user = user.to_str().map(str::trim).unwrap_or_default();
        if user.is_empty() || !self.is_proxy(headers) {
            return Err(Denied::NotSignedIn);
        }
        if self.allowed.contains(user) { Ok(()) } else { Err(Denied::NotAllowed) }
    }
}
