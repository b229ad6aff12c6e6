//! Which shape a body has.

use super::shapes::{
    contact_profile, conversation, debug_event, flow, hal, log_page, memory_bundle, odata, output, plain_object,
    profile_list, profile_schema, request_log, session_state, snapshot,
};
use super::top::Top;
use super::walk::Walk;
use crate::error::Error;
use crate::scope::Precedence;
use crate::value::Policy;

/// How the bytes of a body are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Shape {
    /// The tutorial's rows: `{"variables":[{"name","value","scope","type"?}],"pagination"?}`.
    VariableRows,
    /// What the debugger itself hands on: `{session_id, variables: {name: {value, scope, type}}}`, or a webhook's `data`.
    Snapshot,
    /// One contact: `{profile, contactIds, _id}`.
    ContactProfile,
    /// Contacts: `{items: [profile, …]}`.
    ProfileList,
    /// The fields that contacts have: `{schema, details}`.
    ProfileSchema,
    /// A flow and what its sessions begin with: `{context, referenceId}`.
    Flow,
    /// What the platform stores of a session; its context is an object or a text that holds one.
    SessionState,
    /// One namespace as it changed: `{context}`, `{profile}` or `{input}`, with `sessionId`.
    DebugEvent,
    /// What a flow knows: `{input, context, profile, state, sessionId, userId}` or `{ci, cc, cp}`.
    MemoryBundle,
    /// A transcript: `{items: [message, …], total}`.
    Conversation,
    /// A project's log: `{items: [{msg, meta, traceId}, …], total}`.
    LogPage,
    /// Rows of the analytics: `{value: [row, …]}`.
    ODataRows,
    /// Hypertext: `{_embedded: {relation: [resource, …]}}`.
    Hal,
    /// What a flow said: `{text, data, outputStack}`.
    Output,
    /// What a node that asks a model logs to a webhook: `{meta, request, response}`.
    RequestLog,
    /// Any object; only where the caller says so.
    PlainObject,
}

/// What is known of a shape.
struct Known {
    shape: Shape,
    name: &'static str,
    /// Whether a body without rows has it. The first that fits is it.
    fits: fn(&Top, &[u8]) -> bool,
    read: fn(&mut Walk<'_>, &Top) -> Result<(), Error>,
    /// Whether it is looked for where the caller names no shape.
    detected: bool,
}

const fn known(
    shape: Shape,
    name: &'static str,
    fits: fn(&Top, &[u8]) -> bool,
    read: fn(&mut Walk<'_>, &Top) -> Result<(), Error>,
) -> Known {
    Known { shape, name, fits, read, detected: true }
}

/// Every shape but the rows, which are read while they arrive; the more particular ones first.
const TABLE: [Known; 15] = [
    known(Shape::Snapshot, "snapshot", snapshot::fits, snapshot::read),
    known(Shape::ContactProfile, "contact-profile", contact_profile::fits, contact_profile::read),
    known(Shape::ProfileSchema, "profile-schema", profile_schema::fits, profile_schema::read),
    known(Shape::Flow, "flow", flow::fits, flow::read),
    known(Shape::SessionState, "session-state", session_state::fits, session_state::read),
    known(Shape::DebugEvent, "debug-event", debug_event::fits, debug_event::read),
    known(Shape::MemoryBundle, "memory-bundle", memory_bundle::fits, memory_bundle::read),
    // An empty list is of the first kind of these, unless the caller or the pages before say otherwise.
    known(Shape::Conversation, "conversation", conversation::fits, conversation::read),
    known(Shape::ProfileList, "profile-list", profile_list::fits, profile_list::read),
    known(Shape::LogPage, "log-page", log_page::fits, log_page::read),
    known(Shape::Hal, "hal", hal::fits, hal::read),
    known(Shape::Output, "output", output::fits, output::read),
    known(Shape::RequestLog, "request-log", request_log::fits, request_log::read),
    known(Shape::ODataRows, "odata-rows", odata::fits, odata::read),
    Known { detected: false, ..known(Shape::PlainObject, "plain-object", plain_object::fits, plain_object::read) },
];

impl Shape {
    /// The shape's name in the JavaScript contract.
    pub fn as_str(self) -> &'static str {
        TABLE.iter().find(|known| known.shape == self).map_or("variable-rows", |known| known.name)
    }

    /// The shape with this name.
    pub fn parse(name: &str) -> Option<Shape> {
        let table = TABLE.iter().find(|known| known.name == name).map(|known| known.shape);
        table.or((name == Shape::VariableRows.as_str()).then_some(Shape::VariableRows))
    }

    /// Every shape, in the order in which they are looked for.
    pub fn all() -> impl Iterator<Item = Shape> {
        std::iter::once(Shape::VariableRows).chain(TABLE.iter().map(|known| known.shape))
    }

    /// Which readings of texts are allowed where the caller does not say: the rows' texts stand for values of all types;
    /// everywhere else a text is a text.
    pub fn policy(self) -> Policy {
        if self == Shape::VariableRows { Policy::Lossless } else { Policy::None }
    }

    /// The rule of precedence where the caller does not say: the rows are layered, namespaces stand side by side.
    pub fn precedence(self) -> Precedence {
        if self == Shape::VariableRows { Precedence::layered() } else { Precedence::namespaces() }
    }

    /// Whether it is a page of a list that may say how many items there are.
    pub(super) fn is_list(self) -> bool {
        matches!(self, Shape::Conversation | Shape::ProfileList | Shape::LogPage | Shape::ODataRows)
    }

    /// Whether the last of equal names counts, as for `JSON.parse`, rather than the first.
    pub fn last_of_equals(self) -> bool {
        self != Shape::VariableRows
    }
}

/// The shape of a body without rows; with `wanted`, whether it has that one.
pub(super) fn detect(top: &Top, body: &[u8], wanted: Option<Shape>) -> Option<Shape> {
    top.object?;
    let looked_for = |known: &&Known| wanted.map_or(known.detected, |wanted| wanted == known.shape);
    TABLE.iter().filter(looked_for).find(|known| (known.fits)(top, body)).map(|known| known.shape)
}

/// Reads a body that has the shape.
pub(super) fn read(shape: Shape, walk: &mut Walk<'_>, top: &Top) -> Result<(), Error> {
    TABLE.iter().find(|known| known.shape == shape).map_or(Ok(()), |known| (known.read)(walk, top))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_has_a_name_of_its_own() {
        let names: std::collections::BTreeSet<_> = Shape::all().map(Shape::as_str).collect();
        assert_eq!(names.len(), TABLE.len() + 1);
        for shape in Shape::all() {
            assert_eq!(Shape::parse(shape.as_str()), Some(shape));
        }
        assert_eq!(Shape::parse("rows"), None);
    }
}
