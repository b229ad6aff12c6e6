//! What the parts of a query are called in the URL.

use super::url::is_name;
use crate::error::{Code, Error};

/// A parameter's name in the URL; `None` where the tenant has no such parameter.
pub type ParameterName = Option<String>;

/// What the parts of a query are called in the URL. Default: the tutorial's names, and no parameter for the user.
///
/// ```
/// use cognigy_session_debugger::query::{Endpoint, Parameters, VariableQuery};
/// let parameters = Parameters { scope: Some("namespace".into()), user_id: Some("userId".into()), ..Parameters::NONE };
/// let endpoint = Endpoint::new("https://relay.example", Some("/debug/{sessionId}")).unwrap().with_parameters(parameters).unwrap();
/// let query = VariableQuery { scope: Some("profile".into()), user_id: Some("u 1".into()), ..VariableQuery::session("s") };
/// assert_eq!(endpoint.url(&query).unwrap(), "https://relay.example/debug/s?namespace=profile&userId=u%201");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameters {
    /// Of [`name`](super::VariableQuery::name): the beginning of the names that are asked for. Without it all names are fetched, and
    /// those that were not asked for are dropped: right for a tenant that takes it for a whole name.
    pub name: ParameterName,
    /// Of [`scope`](super::VariableQuery::scope). A query for a scope is refused without it.
    pub scope: ParameterName,
    /// Of [`include_system`](super::VariableQuery::include_system), sent as `true` or `false` where the query says so. Without
    /// it system variables come as the tenant sees fit.
    pub include_system: ParameterName,
    /// Of [`user_id`](super::VariableQuery::user_id). A query for a user is refused unless this or the path has a place for it.
    pub user_id: ParameterName,
}

impl Parameters {
    /// No parameters at all.
    pub const NONE: Parameters = Parameters { name: None, scope: None, include_system: None, user_id: None };

    pub(super) fn check(&self) -> Result<(), Error> {
        let all = [&self.name, &self.scope, &self.include_system, &self.user_id];
        for (at, name) in all.into_iter().enumerate() {
            let twice = all.iter().skip(at + 1).any(|other| name.is_some() && *other == name);
            if twice || name.as_ref().is_some_and(|name| !is_name(name) || PAGING.contains(&name.as_str())) {
                return Err(Error::new(
                    Code::ConfigInvalid,
                    "The names of parameters are different words of letters, digits, -, . and _; next and page are the paging's.",
                ));
            }
        }
        Ok(())
    }
}

const PAGING: [&str; 2] = ["next", "page"];

impl Default for Parameters {
    fn default() -> Parameters {
        Parameters {
            name: Some("name".into()),
            scope: Some("scope".into()),
            include_system: Some("includeSystem".into()),
            user_id: None,
        }
    }
}
