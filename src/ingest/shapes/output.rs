//! What a flow said: `{text?, data, source?, traceId?}`, the reply of an endpoint `{text, data, outputStack: [{text, data}, …]}`,
//! or `{output: {…}}` around one of them. The members of `data` are variables of the scope `output`, those of the stack's
//! outputs of `output.1`, `output.2` and so on. A member `__debug` that holds a memory bundle is read as one.

use super::elements::read_elements;
use super::memory_bundle;
use crate::error::Error;
use crate::ingest::sink::{Item, Label};
use crate::ingest::top::{Member, Top, key_text, text};
use crate::ingest::walk::{Members, Span, Walk, step};
use crate::value::json::JsonKind;

const BESIDE: [&str; 6] = ["disableSensitiveLogging", "outputStack", "source", "text", "traceId", "userId"];

pub(in crate::ingest) fn fits(top: &Top, body: &[u8]) -> bool {
    is_output(top) || top.value("output").is_some_and(|output| has_output(&Top::of(body, output)))
}

/// `data` alone is too common a word.
fn is_output(top: &Top) -> bool {
    has_output(top) && top.has_any(&BESIDE)
}

fn has_output(top: &Top) -> bool {
    top.is("outputStack", JsonKind::Array) || top.is("data", JsonKind::Object)
}

pub(in crate::ingest) fn read(walk: &mut Walk<'_>, top: &Top) -> Result<(), Error> {
    if is_output(top) {
        return read_at(walk, top, "$");
    }
    let Some(output) = top.value("output") else { return Ok(()) };
    let inner = Top::of(walk.body, output);
    read_at(walk, &inner, "$.output")
}

fn read_at(walk: &mut Walk<'_>, top: &Top, path: &str) -> Result<(), Error> {
    if let Some(data) = top.member("data") {
        read_data(walk, data, path, Label::Fixed("output"))?;
    }
    if let Some(stack) = top.value("outputStack") {
        read_elements(walk, stack, &step(path, "outputStack"), |walk, ordinal, output, path| {
            let inner = Top::of(walk.body, output);
            let Some(data) = inner.member("data") else { return Ok(()) };
            let scope = Label::Body(walk.append(&format!("output.{}", ordinal + 1))?);
            read_data(walk, data, path, scope)
        })?;
    }
    let Some(object) = top.object else { return Ok(()) };
    let except = ["data", "outputStack", "session_id", "sessionId"];
    let members = Members { system: Some(true), except: &except, ..Members::of(Label::Fixed("reply")) };
    walk.members(object.into(), path, &members)
}

fn read_data(walk: &mut Walk<'_>, data: &Member, path: &str, scope: Label) -> Result<(), Error> {
    if data.value.kind == JsonKind::Null {
        return Ok(());
    }
    if data.value.kind != JsonKind::Object {
        return walk.broken(data, path, crate::ingest::problem::Reason::NotAnObject);
    }
    let path = step(path, data.name);
    walk.each(data.value, |walk, _, child| {
        let Some(name) = key_text(&child) else { return Ok(()) };
        if child.value.kind == JsonKind::Object && text(walk.body, name).as_deref() == Some("__debug") {
            let bundle = Top::of(walk.body, child.value);
            if memory_bundle::fits(&bundle, walk.body) {
                return memory_bundle::read_at(walk, &bundle, &step(&path, "__debug"));
            }
        }
        let item = Item { name, value: child.value, scope, declared: None, system: None, stringified: false };
        let mut strings = child.key_strings;
        strings.add(child.value.strings);
        walk.put(&item, Span { from: name.start, in_text: None, strings }, &path)
    })
}
