//! What is asked for.

use super::name_filter::{NameFilter, NameMatch};
use crate::error::{Code, Error};

const MAX_ID_BYTES: usize = 256;
const MAX_FILTER_BYTES: usize = 1_024;

/// Which variables of which session.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VariableQuery {
    /// The session's id, in any format.
    pub session_id: String,
    /// Only the names that match this text. The tenant is told with what they begin, and whatever it makes of that, no other name is
    /// kept.
    pub name: Option<String>,
    /// How `name` is compared. Default: as the beginning of a name.
    pub name_match: NameMatch,
    /// Only this scope.
    pub scope: Option<String>,
    /// `Some(true)` asks for system variables too; `Some(false)` asks to leave them out, and drops those that come all the same. Default:
    /// not sent, they come as the tenant sees fit.
    pub include_system: Option<bool>,
    /// Whose session it is, for tenants where a session id is one user's only.
    pub user_id: Option<String>,
}

impl VariableQuery {
    /// A query for all variables of a session; system variables come as the tenant sees fit.
    pub fn session(session_id: impl Into<String>) -> VariableQuery {
        VariableQuery { session_id: session_id.into(), ..VariableQuery::default() }
    }

    /// Which names it asks for; all of them without one.
    pub fn name_filter(&self) -> Option<NameFilter> {
        self.name.as_deref().map(|name| NameFilter::new(name, self.name_match))
    }

    /// Whether it may leave something out: by name, by scope, by user, or the system variables.
    pub fn is_filtered(&self) -> bool {
        self.name.is_some() || self.scope.is_some() || self.user_id.is_some() || self.include_system != Some(true)
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
        match self.user_id.as_deref() {
            Some("" | "." | "..") => return invalid("The user id is empty, or of one or two dots; it is refused."),
            Some(id) if id.len() > MAX_ID_BYTES => return invalid("The user id is longer than 256 bytes."),
            _ => {}
        }
        if [&self.name, &self.scope].into_iter().flatten().any(|filter| filter.len() > MAX_FILTER_BYTES) {
            return invalid("The name filter and the scope may have at most 1,024 bytes.");
        }
        Ok(())
    }
}
