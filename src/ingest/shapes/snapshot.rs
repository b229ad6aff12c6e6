//! What the debugger itself hands on: a snapshot, `{session_id, variables: {name: {value, scope, type, is_system}}, metrics}`,
//! and what a webhook carries of one, `{event: "variable_snapshot", session_id, data: {name: {…}}}`. A variable holds those of
//! the same name in other scopes as `others`. What could not be read when it was taken is not in it.

use super::elements::read_elements;
use crate::error::Error;
use crate::ingest::rows::read_named;
use crate::ingest::sink::Label;
use crate::ingest::top::{Member, Top, key_text, lossy_text};
use crate::ingest::walk::{Walk, step};
use crate::value::json::{Child, Children, JsonKind};

pub(in crate::ingest) fn fits(top: &Top, body: &[u8]) -> bool {
    variables(top, body).is_some()
}

/// The object of variables, where one of them looks like one, or where nothing is in it and the body is a snapshot in all else.
fn variables<'t>(top: &'t Top, body: &[u8]) -> Option<&'t Member> {
    let sent = top.text(body, "event").is_some_and(|event| event == "variable_snapshot");
    let member = top.member(if sent { "data" } else { "variables" })?;
    if member.value.kind != JsonKind::Object {
        return None;
    }
    let mut children = Children::new(body, member.value.start).filter_map(Result::ok).peekable();
    let likely = match children.peek() {
        None => sent || top.has("metrics"),
        Some(_) => children.any(|child| {
            let variable = Top::of(body, child.value);
            variable.has("value") && variable.has("scope")
        }),
    };
    likely.then_some(member)
}

pub(in crate::ingest) fn read(walk: &mut Walk<'_>, top: &Top) -> Result<(), Error> {
    let Some(member) = variables(top, walk.body) else { return Ok(()) };
    walk.tell_replaced(top, member.name, "$")?;
    let path = step("$", member.name);
    walk.each(member.value, |walk, _, child| {
        let Some(name) = key_text(&child) else { return Ok(()) };
        let path = step(&path, &lossy_text(walk.body, name.start, name.end));
        read_one(walk, &child, &path)?;
        let Some(others) = Top::of(walk.body, child.value).value("others") else { return Ok(()) };
        read_elements(walk, others, &step(&path, "others"), |walk, _, other, path| {
            read_one(walk, &Child { value: other, ..child }, path)
        })
    })?;
    walk.beside(top, "$", Label::Fixed("snapshot"), &[member.name, "metrics", "session_id", "sessionId"])
}

/// Reads one variable, which has the name of its member.
fn read_one(walk: &mut Walk<'_>, child: &Child, path: &str) -> Result<(), Error> {
    let item = read_named(walk.body, child);
    walk.put_row(child.value, item, path)
}
