//! From a query to the URL that answers it.
//!
//! Encoding alone does not keep a session id inside its segment: browsers resolve `..` after decoding nothing, so `""`,
//! `"."` and `".."` are refused (RFC 3986 §5.2.4) and everything but unreserved characters is encoded (§2.3).

use crate::error::{Code, Error};

/// The tutorial's route; `{sessionId}` stands for the encoded session id.
pub const DEFAULT_PATH: &str = "/api/v2/botsessions/{sessionId}/variables";

const PLACEHOLDER: &str = "{sessionId}";
const MAX_ID_BYTES: usize = 256;
const MAX_FILTER_BYTES: usize = 1_024;
const MAX_URL_BYTES: usize = 8 * 1_024;

/// Which variables of which session.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VariableQuery {
    /// The session's id, in any format.
    pub session_id: String,
    /// Only names that the tenant matches against this text.
    pub name: Option<String>,
    /// Only this scope.
    pub scope: Option<String>,
    /// Ask for system variables too.
    pub include_system: bool,
}

impl VariableQuery {
    /// A query for all variables of a session, system variables left out.
    pub fn session(session_id: impl Into<String>) -> VariableQuery {
        VariableQuery { session_id: session_id.into(), ..VariableQuery::default() }
    }

    /// Checks what can be checked without an endpoint.
    ///
    /// # Errors
    /// `INPUT_INVALID` for a session id that is empty, `.` or `..`, or a part that is too long.
    pub fn check(&self) -> Result<(), Error> {
        let invalid = |message: &'static str| Err(Error::new(Code::InputInvalid, message));
        match self.session_id.as_str() {
            "" => return invalid("The session id is empty."),
            "." | ".." => return invalid("A session id of one or two dots would change the path; it is refused."),
            id if id.len() > MAX_ID_BYTES => return invalid("The session id is longer than 256 bytes."),
            _ => {}
        }
        if [&self.name, &self.scope].into_iter().flatten().any(|filter| filter.len() > MAX_FILTER_BYTES) {
            return invalid("The name filter and the scope may have at most 1,024 bytes.");
        }
        Ok(())
    }
}

/// Where the next page of an answer is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NextPage {
    /// Asked for with `next=<cursor>`.
    Cursor(String),
    /// A URL or path of the same origin.
    Link(String),
    /// Asked for with `page=<number>`.
    Number {
        /// The page to ask for, from 1.
        page: u64,
        /// How many there are.
        pages: u64,
    },
}

/// A tenant's address and route, checked once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// `https://host:port`, lower case, without a default port.
    origin: String,
    /// `""` or `/prefix`, without a slash at the end.
    prefix: String,
    route: String,
}

impl Endpoint {
    /// Checks a base URL and a route with `{sessionId}` in it (default [`DEFAULT_PATH`]).
    ///
    /// # Errors
    /// `CONFIG_INVALID` unless the base URL is https (http on loopback) without user info, query or fragment, and the
    /// route is an absolute path with `{sessionId}` once.
    ///
    /// ```
    /// use cognigy_session_debugger::query::{Endpoint, VariableQuery};
    /// let endpoint = Endpoint::new("https://tenant.example/", None).unwrap();
    /// let mut query = VariableQuery::session("a/b c");
    /// query.scope = Some("user".into());
    /// assert_eq!(
    ///     endpoint.url(&query).unwrap(),
    ///     "https://tenant.example/api/v2/botsessions/a%2Fb%20c/variables?scope=user"
    /// );
    /// assert!(Endpoint::new("http://tenant.example", None).is_err());
    /// ```
    pub fn new(base_url: &str, path: Option<&str>) -> Result<Endpoint, Error> {
        let (origin, prefix) = split_url(base_url).map_err(|why| Error::new(Code::ConfigInvalid, why))?;
        if prefix.contains(['?', '#']) {
            return Err(Error::new(Code::ConfigInvalid, "The base URL may have no query and no fragment."));
        }
        let prefix = prefix.trim_end_matches('/').to_owned();
        let route = path.unwrap_or(DEFAULT_PATH).to_owned();
        let sane = route.starts_with('/') && route.matches(PLACEHOLDER).count() == 1 && !route.contains(['?', '#']);
        if !sane || !is_plain_path(&route.replace(PLACEHOLDER, "x")) || !is_plain_path(&prefix) {
            return Err(Error::new(
                Code::ConfigInvalid,
                "The path must begin with a slash, contain {sessionId} once, and have no query, dot segments or spaces.",
            ));
        }
        Ok(Endpoint { origin, prefix, route })
    }

    /// The route template, which is safe to log.
    pub fn route(&self) -> &str {
        &self.route
    }

    /// The URL of the first page.
    ///
    /// # Errors
    /// `INPUT_INVALID` as [`VariableQuery::check`], or where the URL gets longer than 8 KiB.
    pub fn url(&self, query: &VariableQuery) -> Result<String, Error> {
        query.check()?;
        let mut url = self.path_url(query);
        let mut separator = '?';
        let mut parameter = |name: &str, value: &str| {
            url.push(separator);
            separator = '&';
            url.push_str(name);
            url.push('=');
            encode_into(&mut url, value);
        };
        if let Some(name) = &query.name {
            parameter("name", name);
        }
        if let Some(scope) = &query.scope {
            parameter("scope", scope);
        }
        if query.include_system {
            parameter("includeSystem", "true");
        }
        limit_length(url)
    }

    /// The URL of a later page.
    ///
    /// # Errors
    /// `SCHEMA_MISMATCH` where a link leads to another origin or is not a plain URL or path.
    pub fn next_url(&self, query: &VariableQuery, next: &NextPage) -> Result<String, Error> {
        let (name, value) = match next {
            NextPage::Link(link) => return self.link_url(query, link),
            NextPage::Cursor(cursor) => ("next", cursor.clone()),
            NextPage::Number { page, .. } => ("page", page.to_string()),
        };
        let mut url = self.url(query)?;
        url.push(if url.contains('?') { '&' } else { '?' });
        url.push_str(name);
        url.push('=');
        encode_into(&mut url, &value);
        limit_length(url)
    }

    fn path_url(&self, query: &VariableQuery) -> String {
        let mut id = String::new();
        encode_into(&mut id, &query.session_id);
        format!("{}{}{}", self.origin, self.prefix, self.route.replace(PLACEHOLDER, &id))
    }

    fn link_url(&self, query: &VariableQuery, link: &str) -> Result<String, Error> {
        let refused = |why: &'static str| {
            Error::new(Code::SchemaMismatch, why).with(|facts| facts.path = Some("$.pagination.next".into()))
        };
        let odd = "The link to the next page is not a URL or path that can be followed.";
        let url = if link.starts_with('?') {
            self.path_url(query) + link
        } else if link.starts_with('/') && !link.starts_with("//") {
            format!("{}{link}", self.origin)
        } else {
            let (origin, path) = split_url(link).map_err(|_| refused(odd))?;
            if origin != self.origin {
                return Err(refused("The link to the next page leads to another origin, where the token must not go."));
            }
            origin + &path
        };
        let path = url.get(self.origin.len()..).unwrap_or_default();
        let path = path.split('?').next().unwrap_or_default();
        if !is_plain_path(path) || url.contains(|c: char| c == '#' || c == '\\' || c <= ' ' || !c.is_ascii()) {
            return Err(refused(odd));
        }
        limit_length(url)
    }
}

fn limit_length(url: String) -> Result<String, Error> {
    if url.len() > MAX_URL_BYTES {
        return Err(Error::new(Code::InputInvalid, "The query makes a URL of more than 8 KiB."));
    }
    Ok(url)
}

/// Origin in normal form, and the rest as it stands. The reason for a refusal is one of our own sentences.
fn split_url(url: &str) -> Result<(String, String), &'static str> {
    let (scheme, rest) = url.split_once("://").ok_or("The base URL must begin with https://.")?;
    let scheme = scheme.to_ascii_lowercase();
    let cut = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(cut).unwrap_or((rest, ""));
    if authority.contains('@') {
        return Err("The base URL may not contain a user name or password.");
    }
    let (host, port) = split_port(authority).ok_or("The port of the base URL is not a number.")?;
    let host = host.to_ascii_lowercase();
    if !is_host(&host) {
        return Err("The host of the base URL is missing or has characters that a host cannot have.");
    }
    let default_port = match scheme.as_str() {
        "https" => 443,
        "http" if is_loopback(&host) => 80,
        "http" => return Err("The base URL must be https; http is for loopback addresses only."),
        _ => return Err("The base URL must begin with https://."),
    };
    let origin = match port {
        Some(port) if port != default_port => format!("{scheme}://{host}:{port}"),
        _ => format!("{scheme}://{host}"),
    };
    Ok((origin, path.to_owned()))
}

fn split_port(authority: &str) -> Option<(&str, Option<u16>)> {
    // The colons of an IPv6 address stand inside brackets.
    let after_host = authority.rfind(']').map_or(0, |bracket| bracket + 1);
    match authority.get(after_host..)?.rfind(':') {
        None => Some((authority, None)),
        Some(colon) => {
            let (host, port) = authority.split_at_checked(after_host + colon)?;
            let port = port.get(1..)?;
            match port {
                "" => Some((host, None)),
                _ if port.bytes().all(|byte| byte.is_ascii_digit()) => Some((host, Some(port.parse().ok()?))),
                _ => None,
            }
        }
    }
}

fn is_host(host: &str) -> bool {
    if let Some(address) = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return address.contains(':')
            && address.bytes().all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.'));
    }
    !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'))
}

/// RFC 6761 §6.3 for the name, RFC 1122 §3.2.1.3 and RFC 4291 §2.5.3 for the addresses, in their usual spellings.
fn is_loopback(host: &str) -> bool {
    let octets: Vec<&str> = host.split('.').collect();
    let is_octet = |octet: &&str| octet.parse::<u8>().is_ok();
    host == "localhost"
        || host.ends_with(".localhost")
        || host == "[::1]"
        || (octets.len() == 4 && octets.first() == Some(&"127") && octets.iter().all(is_octet))
}

/// No empty middle, no dot segment in any spelling, nothing that a browser would rewrite.
fn is_plain_path(path: &str) -> bool {
    let clean =
        path.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'\\' | b'{' | b'}' | b'"' | b'<' | b'>'));
    clean
        && path.split('/').all(|segment| {
            let decoded = segment.to_ascii_lowercase().replace("%2e", ".");
            decoded != "." && decoded != ".."
        })
}

/// Percent-encodes everything but RFC 3986's unreserved characters.
fn encode_into(out: &mut String, text: &str) {
    const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.extend(HEX.get(usize::from(byte >> 4)));
            out.extend(HEX.get(usize::from(byte & 15)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint() -> Endpoint {
        Endpoint::new("https://Tenant.example:443/base/", None).unwrap()
    }

    #[test]
    fn builds_the_tutorials_url() {
        let query = VariableQuery {
            session_id: "sess_9f8e7d6c5b4a3210".into(),
            name: Some("user_".into()),
            scope: Some("user".into()),
            include_system: true,
        };
        assert_eq!(
            endpoint().url(&query).unwrap(),
            "https://tenant.example/base/api/v2/botsessions/sess_9f8e7d6c5b4a3210/variables?name=user_&scope=user&includeSystem=true"
        );
        let empty = VariableQuery { name: Some(String::new()), ..VariableQuery::session("s") };
        assert!(endpoint().url(&empty).unwrap().ends_with("?name="), "an empty filter is not an absent one");
    }

    #[test]
    fn no_session_id_leaves_its_segment() {
        for id in ["", ".", "..", &"x".repeat(257)] {
            assert_eq!(endpoint().url(&VariableQuery::session(id)).unwrap_err().code(), Code::InputInvalid);
        }
        for (id, encoded) in
            [("../x", "..%2Fx"), ("a?b#c", "a%3Fb%23c"), ("%2e%2e", "%252e%252e"), ("ü\n", "%C3%BC%0A"), ("...", "...")]
        {
            let url = endpoint().url(&VariableQuery::session(id)).unwrap();
            assert_eq!(url, format!("https://tenant.example/base/api/v2/botsessions/{encoded}/variables"));
        }
    }

    #[test]
    fn base_urls_are_https_or_loopback_and_nothing_else() {
        for good in [
            "https://a.example",
            "https://a.example:8443/x",
            "http://localhost:4173",
            "http://127.0.0.1:1",
            "http://[::1]:80/",
            "HTTPS://A.EXAMPLE",
        ] {
            assert!(Endpoint::new(good, None).is_ok(), "{good}");
        }
        for bad in [
            "",
            "a.example",
            "http://a.example",
            "ftp://a.example",
            "https://",
            "https://u:p@a.example",
            "https://a.example/?x=1",
            "https://a.example/#f",
            "https://a.example/../x",
            "https://a.example/%2E%2e/x",
            "https://a b.example",
            "https://a.example:port",
            "https://a.example:70000",
            "javascript://localhost/%0aalert(1)",
            "http://127.0.0.1.evil.example",
            "https://[::1",
            "https://münchen.example",
            "https://a.example\\@b.example",
        ] {
            assert_eq!(Endpoint::new(bad, None).unwrap_err().code(), Code::ConfigInvalid, "{bad}");
        }
    }

    #[test]
    fn routes_hold_the_session_id_once() {
        let route = Endpoint::new("https://a.example", Some("/debug/{sessionId}")).unwrap();
        assert_eq!(route.url(&VariableQuery::session("s")).unwrap(), "https://a.example/debug/s");
        for bad in [
            "debug/{sessionId}",
            "/debug",
            "/{sessionId}/{sessionId}",
            "/../{sessionId}",
            "/{sessionId}?x=1",
            "/a b/{sessionId}",
            "/{userId}/{sessionId}",
        ] {
            assert_eq!(Endpoint::new("https://a.example", Some(bad)).unwrap_err().code(), Code::ConfigInvalid, "{bad}");
        }
    }

    #[test]
    fn follows_pages_of_the_same_origin_only() {
        let query = VariableQuery { scope: Some("user".into()), ..VariableQuery::session("s") };
        let follow = |link: &str| endpoint().next_url(&query, &NextPage::Link(link.into()));
        assert_eq!(follow("/api/x?next=2").unwrap(), "https://tenant.example/api/x?next=2");
        assert_eq!(follow("https://TENANT.example:443/x").unwrap(), "https://tenant.example/x");
        assert_eq!(follow("?page=2").unwrap(), "https://tenant.example/base/api/v2/botsessions/s/variables?page=2");
        for bad in [
            "https://evil.example/x",
            "//evil.example/x",
            "/\\evil.example",
            "http://tenant.example/x",
            "https://tenant.example@evil.example/",
            "x",
            "",
            "/a/../../auth",
            "/x#y",
            "/a\nb",
            "https://tenant.example:444/x",
        ] {
            assert_eq!(follow(bad).unwrap_err().code(), Code::SchemaMismatch, "{bad}");
        }
        let cursor = endpoint().next_url(&query, &NextPage::Cursor("a&b=c".into())).unwrap();
        assert!(cursor.ends_with("/variables?scope=user&next=a%26b%3Dc"));
        let number =
            endpoint().next_url(&VariableQuery::session("s"), &NextPage::Number { page: 2, pages: 3 }).unwrap();
        assert!(number.ends_with("/variables?page=2"));
    }
}
