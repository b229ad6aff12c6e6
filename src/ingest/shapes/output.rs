//! What a flow said: `{text?, data, source?, traceId?}`, the reply of an endpoint `{text, data, outputStack: [{text, data}, …]}`,
//! or `{output: {…}}` around one of them. The members of `data` are variables of the scope `output`, those of the stack's
//! outputs of `output.1`, `output.2` and so on; what stands beside them has the scope `reply`, `reply.1` and so on. A member
//! `__debug` that is a memory bundle, or a text that holds one, is read as one.

use super::elements::read_elements;
use super::memory_bundle::{may_be_held, read_debug};
use crate::error::Error;
use crate::ingest::sink::Label;
use crate::ingest::top::{Member, Top};
use crate::ingest::walk::{Members, Walk, step};
use crate::value::json::JsonKind;

const BESIDE: [&str; 6] = ["disableSensitiveLogging", "outputStack", "source", "text", "traceId", "userId"];

pub(in crate::ingest) fn fits(top: &Top, body: &[u8]) -> bool {
    is_output(top, body) || top.value("output").is_some_and(|output| has_output(&Top::of(body, output)))
}

/// `data` alone is too common a word, but for what a flow puts there to be looked at.
fn is_output(top: &Top, body: &[u8]) -> bool {
    has_output(top) && (top.has_any(&BESIDE) || has_debug(top, body))
}

fn has_debug(top: &Top, body: &[u8]) -> bool {
    let debug = top.value("data").and_then(|data| Top::of(body, data).value("__debug"));
    debug.is_some_and(|debug| may_be_held(body, debug))
}

fn has_output(top: &Top) -> bool {
    top.is("outputStack", JsonKind::Array) || top.is("data", JsonKind::Object)
}

pub(in crate::ingest) fn read(walk: &mut Walk<'_>, top: &Top) -> Result<(), Error> {
    if is_output(top, walk.body) {
        return read_at(walk, top, "$");
    }
    let Some(output) = top.value("output") else { return Ok(()) };
    let inner = Top::of(walk.body, output);
    walk.tell_replaced(top, "output", "$")?;
    read_at(walk, &inner, "$.output")?;
    walk.beside(top, "$", Label::Fixed("reply"), &["output", "session_id", "sessionId"])
}

fn read_at(walk: &mut Walk<'_>, top: &Top, path: &str) -> Result<(), Error> {
    walk.tell_replaced(top, "data", path)?;
    walk.tell_replaced(top, "outputStack", path)?;
    if let Some(data) = top.member("data") {
        read_data(walk, data, path, Label::Fixed("output"))?;
    }
    if let Some(stack) = top.value("outputStack") {
        read_elements(walk, stack, &step(path, "outputStack"), |walk, ordinal, output, path| {
            let inner = Top::of(walk.body, output);
            if let Some(data) = inner.member("data") {
                walk.tell_replaced(&inner, "data", path)?;
                let scope = Label::Body(walk.append(&format!("output.{}", ordinal + 1))?);
                read_data(walk, data, path, scope)?;
            }
            let scope = Label::Body(walk.append(&format!("reply.{}", ordinal + 1))?);
            walk.beside(&inner, path, scope, &["data"])
        })?;
    }
    walk.beside(top, path, Label::Fixed("reply"), &["data", "outputStack", "session_id", "sessionId"])
}

fn read_data(walk: &mut Walk<'_>, data: &Member, path: &str, scope: Label) -> Result<(), Error> {
    if data.value.kind == JsonKind::Null {
        return Ok(());
    }
    if data.value.kind != JsonKind::Object {
        return walk.broken(data, path, crate::ingest::problem::Reason::NotAnObject);
    }
    let members = Members { aside: Some(read_debug), ..Members::of(scope) };
    walk.members(data.value.into(), &step(path, data.name), &members)
}
