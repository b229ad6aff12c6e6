//! From a query to the URL that answers it.
//!
//! Encoding alone does not keep a session id inside its segment: browsers resolve `..` after decoding nothing, so `""`,
//! `"."` and `".."` are refused (RFC 3986 §5.2.4) and everything but unreserved characters is encoded (§2.3).

mod endpoint;
mod name_filter;
mod parameters;
mod url;
mod variable_query;

pub use endpoint::{DEFAULT_PATH, Endpoint, NextPage};
pub use name_filter::{NameFilter, NameMatch};
pub use parameters::{ParameterName, Parameters};
pub use variable_query::VariableQuery;
