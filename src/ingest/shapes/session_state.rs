//! What the platform stores of a session: `{context, state, flowId, epoch, …}`, whose context is an object or a text that
//! holds one.

use super::memory_bundle;
use crate::error::Error;
use crate::ingest::top::Top;
use crate::ingest::walk::Walk;
use crate::value::json::JsonKind;

/// Members that only a stored state has.
const MARKS: [&str; 7] = ["_id", "entrypoint", "epoch", "expiresAt", "flowId", "localeReferenceId", "systemContext"];

pub(in crate::ingest) fn fits(top: &Top, _body: &[u8]) -> bool {
    if top.has_any(&["input", "profile", "referenceId"]) {
        return false;
    }
    let stored = top.has_any(&MARKS);
    let text = top.is("context", JsonKind::String) && top.has_any(&["sessionId", "state", "userId"]);
    text || stored && (top.is("context", JsonKind::String) || top.is("context", JsonKind::Object))
}

pub(in crate::ingest) fn read(walk: &mut Walk<'_>, top: &Top) -> Result<(), Error> {
    memory_bundle::read(walk, top)
}
