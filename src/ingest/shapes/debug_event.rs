//! One namespace as it changed: `{context}`, `{profile}` or `{input}`, with `sessionId` where the event names it.

use super::memory_bundle;
use crate::error::Error;
use crate::ingest::top::Top;
use crate::ingest::walk::Walk;
use crate::value::json::JsonKind;

const ENVELOPE: [&str; 4] = ["event", "sessionId", "session_id", "type"];

pub(in crate::ingest) fn fits(top: &Top, _body: &[u8]) -> bool {
    let envelope = ENVELOPE.iter().filter(|name| top.has(name)).count();
    top.count == envelope + 1 && ["context", "input", "profile"].iter().any(|name| top.is(name, JsonKind::Object))
}

pub(in crate::ingest) fn read(walk: &mut Walk<'_>, top: &Top) -> Result<(), Error> {
    memory_bundle::read(walk, top)
}
