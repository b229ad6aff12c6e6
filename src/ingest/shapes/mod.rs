//! One file a shape: whether a body has it (`fits`), and its variables (`read`).
//!
//! What the platform keeps in namespaces gets the scopes `input`, `context`, `profile` and `default`. What stands beside
//! a namespace is not lost: it is a system variable in a scope that is named after the envelope (`session`, `contact`,
//! `flow`, `reply`, `snapshot`, `meta`).

pub(super) mod contact_profile;
pub(super) mod conversation;
pub(super) mod debug_event;
pub(super) mod flow;
pub(super) mod hal;
pub(super) mod log_page;
pub(super) mod memory_bundle;
pub(super) mod odata;
pub(super) mod output;
pub(super) mod plain_object;
pub(super) mod profile_list;
pub(super) mod profile_schema;
pub(super) mod request_log;
pub(super) mod session_state;
pub(super) mod snapshot;

mod elements;
mod record;
