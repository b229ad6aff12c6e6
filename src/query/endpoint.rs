//! A tenant's address and route.

use super::parameters::{ParameterName, Parameters};
use super::url::{encode_into, encoded, is_plain_path, split_url};
use super::variable_query::VariableQuery;
use crate::error::{Code, Error};

/// The tutorial's route; `{sessionId}` stands for the encoded session id.
pub const DEFAULT_PATH: &str = "/api/v2/botsessions/{sessionId}/variables";

const SESSION: &str = "{sessionId}";
const USER: &str = "{userId}";
const MAX_URL_BYTES: usize = 8 * 1_024;

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
    parameters: Parameters,
}

impl Endpoint {
    /// Checks a base URL and a route with `{sessionId}` in it, and `{userId}` where a session id alone does not tell the session
    /// (default [`DEFAULT_PATH`]).
    ///
    /// # Errors
    /// `CONFIG_INVALID` unless the base URL is https (http on loopback) without user info, query or fragment, and the
    /// route is an absolute path with `{sessionId}` once and `{userId}` at most once.
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
        let once = route.matches(SESSION).count() == 1 && route.matches(USER).count() <= 1;
        let sane = route.starts_with('/') && once && !route.contains(['?', '#']);
        if !sane || !is_plain_path(&route.replace(SESSION, "x").replace(USER, "x")) || !is_plain_path(&prefix) {
            return Err(Error::new(
                Code::ConfigInvalid,
                "The path must begin with a slash, contain {sessionId} once and {userId} at most once, and have no query, dot segments or spaces.",
            ));
        }
        Ok(Endpoint { origin, prefix, route, parameters: Parameters::default() })
    }

    /// Sets what the parts of a query are called in the URL.
    ///
    /// # Errors
    /// `CONFIG_INVALID` for a name that is no plain word, stands twice, or belongs to the paging.
    pub fn with_parameters(self, parameters: Parameters) -> Result<Endpoint, Error> {
        parameters.check()?;
        Ok(Endpoint { parameters, ..self })
    }

    /// Whether the tenant may leave something out, as [`VariableQuery::is_filtered`]; where it is told no name, or has no parameter for
    /// system variables, it leaves none of them out.
    ///
    /// ```
    /// use cognigy_session_debugger::query::{Endpoint, Parameters, VariableQuery};
    /// let endpoint = Endpoint::new("https://tenant.example", None).unwrap();
    /// assert!(endpoint.filters(&VariableQuery::session("s")));
    /// let endpoint = endpoint.with_parameters(Parameters::NONE).unwrap();
    /// assert!(!endpoint.filters(&VariableQuery::session("s")));
    /// ```
    pub fn filters(&self, query: &VariableQuery) -> bool {
        let Parameters { name, include_system, .. } = &self.parameters;
        (name.is_some() && query.name_filter().is_some_and(|names| names.beginning().is_some()))
            || (include_system.is_some() && query.include_system != Some(true))
            || query.scope.is_some()
            || query.user_id.is_some()
    }

    /// The route template, which is safe to log.
    pub fn route(&self) -> &str {
        &self.route
    }

    /// The URL of the first page.
    ///
    /// # Errors
    /// `INPUT_INVALID` as [`VariableQuery::check`], for a part that the endpoint has no place for, or where the URL gets longer
    /// than 8 KiB.
    pub fn url(&self, query: &VariableQuery) -> Result<String, Error> {
        query.check()?;
        let mut url = self.path_url(query)?;
        let mut separator = '?';
        let mut add = |name: &str, value: &str| {
            url.push(separator);
            separator = '&';
            url.push_str(name);
            url.push('=');
            encode_into(&mut url, value);
        };
        let Parameters { name, scope, include_system, user_id } = &self.parameters;
        if let (Some(name), Some(beginning)) = (name, query.name_filter().and_then(|names| names.beginning())) {
            add(name, &beginning);
        }
        if let Some(value) = &query.scope {
            add(
                placed(scope, "This endpoint has no parameter for a scope; filter the rows of the snapshot instead.")?,
                value,
            );
        }
        if let (Some(included), Some(name)) = (query.include_system, include_system) {
            add(name, if included { "true" } else { "false" });
        }
        if let (Some(value), false) = (&query.user_id, self.route.contains(USER)) {
            add(
                placed(user_id, "This endpoint has no place for a user id; the option parameters can name one.")?,
                value,
            );
        }
        limit_length(url)
    }

    /// The URL of a later page.
    ///
    /// # Errors
    /// `SCHEMA_MISMATCH` where a link leads to another origin or is not a plain URL or path, or where the URL gets longer than
    /// 8 KiB.
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
        limit_next(url)
    }

    fn path_url(&self, query: &VariableQuery) -> Result<String, Error> {
        // An encoded id holds no brace, so that none reads like the other's placeholder.
        let path = self.route.replace(SESSION, &encoded(&query.session_id));
        let path = match &query.user_id {
            Some(id) => path.replace(USER, &encoded(id)),
            None if path.contains(USER) => {
                let missing = "The path of this endpoint has {userId}, and the query names no user.";
                return Err(Error::new(Code::InputInvalid, missing));
            }
            None => path,
        };
        Ok(format!("{}{}{path}", self.origin, self.prefix))
    }

    fn link_url(&self, query: &VariableQuery, link: &str) -> Result<String, Error> {
        let odd = "The link to the next page is not a URL or path that can be followed.";
        let url = if link.starts_with('?') {
            self.path_url(query)? + link
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
        limit_next(url)
    }
}

/// The tenant's word for the next page cannot be followed.
fn refused(why: &'static str) -> Error {
    Error::new(Code::SchemaMismatch, why).with(|facts| facts.path = Some("$.pagination.next".into()))
}

fn placed<'a>(name: &'a ParameterName, missing: &'static str) -> Result<&'a str, Error> {
    name.as_deref().ok_or_else(|| Error::new(Code::InputInvalid, missing))
}

/// Of a later page it is the tenant that makes the URL long.
fn limit_next(url: String) -> Result<String, Error> {
    limit_length(url).map_err(|_| refused("The next page has a URL of more than 8 KiB."))
}

fn limit_length(url: String) -> Result<String, Error> {
    if url.len() > MAX_URL_BYTES {
        return Err(Error::new(Code::InputInvalid, "The query makes a URL of more than 8 KiB."));
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::NameMatch;

    fn endpoint() -> Endpoint {
        Endpoint::new("https://Tenant.example:443/base/", None).unwrap()
    }

    #[test]
    fn builds_the_tutorials_url() {
        let query = VariableQuery {
            session_id: "sess_9f8e7d6c5b4a3210".into(),
            name: Some("user_".into()),
            scope: Some("user".into()),
            include_system: Some(true),
            ..VariableQuery::default()
        };
        assert_eq!(
            endpoint().url(&query).unwrap(),
            "https://tenant.example/base/api/v2/botsessions/sess_9f8e7d6c5b4a3210/variables?name=user_&scope=user&includeSystem=true"
        );
        let without = VariableQuery { include_system: Some(false), ..VariableQuery::session("s") };
        assert!(
            endpoint().url(&without).unwrap().ends_with("?includeSystem=false"),
            "said is not the same as left open"
        );
        let empty = VariableQuery { name: Some(String::new()), ..VariableQuery::session("s") };
        assert!(endpoint().url(&empty).unwrap().ends_with("?name="), "an empty filter is not an absent one");
    }

    #[test]
    fn the_tenant_is_told_how_names_begin() {
        let url = |name: &str, name_match| {
            let query = VariableQuery { name: Some(name.into()), name_match, ..VariableQuery::session("s") };
            let url = endpoint().url(&query).unwrap();
            url.split_once("/s/variables").unwrap().1.to_owned()
        };
        assert_eq!(url("user_*", NameMatch::Exact), "?name=user_%2A");
        assert_eq!(url("user_*", NameMatch::Prefix), "?name=user_%2A");
        assert_eq!(url("user_*_id", NameMatch::Glob), "?name=user_");
        assert_eq!(url(r"a\?b", NameMatch::Glob), "?name=a%3Fb");
        assert_eq!(url("*_id", NameMatch::Glob), "");
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
    fn no_part_and_no_url_is_too_long() {
        let query = |name: usize, scope: usize| VariableQuery {
            name: Some("n".repeat(name)),
            scope: Some("s".repeat(scope)),
            ..VariableQuery::session("s".repeat(256))
        };
        assert!(endpoint().url(&query(1_024, 1_024)).is_ok());
        for long in [query(1_025, 1), query(1, 1_025)] {
            assert_eq!(endpoint().url(&long).unwrap_err().code(), Code::InputInvalid);
        }
        // Each part is short enough, but every byte of them takes three.
        let deep = Endpoint::new(&format!("https://a.example/{}", "p".repeat(1_500)), None).unwrap();
        let wide = VariableQuery {
            name: Some("ü".repeat(512)),
            scope: Some("ü".repeat(512)),
            ..VariableQuery::session("ü".repeat(128))
        };
        assert!(endpoint().url(&wide).is_ok());
        assert!(deep.url(&wide).unwrap_err().message().contains("8 KiB"));
        for next in [NextPage::Cursor("c".repeat(8_192)), NextPage::Link(format!("/{}", "l".repeat(8_192)))] {
            let error = endpoint().next_url(&VariableQuery::session("s"), &next).unwrap_err();
            assert_eq!(error.code(), Code::SchemaMismatch, "it is the tenant's, not the caller's");
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
            "/%{sessionId}",
            "/%2{sessionId}/x",
            "/{userId}",
            "/{userId}/{sessionId}/{userId}",
            "/{projectId}/{sessionId}",
        ] {
            assert_eq!(Endpoint::new("https://a.example", Some(bad)).unwrap_err().code(), Code::ConfigInvalid, "{bad}");
        }
    }

    #[test]
    fn a_user_has_a_place_in_the_path_or_a_parameter() {
        let user = |id: &str| VariableQuery { user_id: Some(id.into()), ..VariableQuery::session("{userId}") };
        let path = Endpoint::new("https://a.example", Some("/u/{userId}/{sessionId}")).unwrap();
        assert_eq!(path.url(&user("a/b")).unwrap(), "https://a.example/u/a%2Fb/%7BuserId%7D");
        for (endpoint, query) in
            [(&path, VariableQuery::session("s")), (&path, user("..")), (&path, user("")), (&endpoint(), user("a"))]
        {
            assert_eq!(endpoint.url(&query).unwrap_err().code(), Code::InputInvalid);
        }
    }

    #[test]
    fn parts_are_called_as_the_tenant_calls_them_or_refused() {
        let named = |parameters| Endpoint::new("https://a.example", Some("/{sessionId}"))?.with_parameters(parameters);
        let query = VariableQuery {
            name: Some("n&m".into()),
            scope: Some("user".into()),
            include_system: Some(true),
            ..VariableQuery::session("s")
        };
        let renamed =
            Parameters { name: Some("q".into()), include_system: Some("all".into()), ..Parameters::default() };
        assert_eq!(named(renamed).unwrap().url(&query).unwrap(), "https://a.example/s?q=n%26m&scope=user&all=true");
        let none = named(Parameters::NONE).unwrap();
        let by_name = VariableQuery { scope: None, ..query.clone() };
        assert_eq!(none.url(&by_name).unwrap(), "https://a.example/s", "names are matched here");
        assert_eq!(none.url(&query).unwrap_err().code(), Code::InputInvalid);
        let whole = VariableQuery { include_system: Some(true), ..VariableQuery::session("s") };
        assert_eq!(none.url(&whole).unwrap(), "https://a.example/s");
        for bad in ["", "a b", "a=b", "a&b", "next", "page", "scope", "ü"] {
            let parameters = Parameters { name: Some(bad.to_owned()), ..Parameters::default() };
            assert_eq!(named(parameters).unwrap_err().code(), Code::ConfigInvalid, "{bad}");
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
