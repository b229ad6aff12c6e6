//! What a flow knows, in one object: `{input?, context?, profile?, state?, sessionId?, userId?}`, or with the short names
//! `{ci, cc, cp}`. A namespace may be a text that holds the object (`contextJson`, or under its own name).

use crate::error::Error;
use crate::ingest::sink::Label;
use crate::ingest::top::{Top, inside, key_text, lossy_text, text};
use crate::ingest::walk::{Walk, step};
use crate::value::json::{Child, JsonKind, Scanned, skip_space};

/// A namespace by its names and its scope.
type Namespace = ([&'static str; 3], &'static str);

const NAMESPACES: [Namespace; 3] = [
    (["input", "ci", "inputJson"], "input"),
    (["context", "cc", "contextJson"], "context"),
    (["profile", "cp", "profileJson"], "profile"),
];

/// At least one namespace is an object or a text that begins like one; the others are judged when they are read.
pub(in crate::ingest) fn fits(top: &Top, body: &[u8]) -> bool {
    NAMESPACES.iter().flat_map(|(names, _)| names).any(|name| {
        top.value(name).is_some_and(|value| value.kind == JsonKind::Object || begins_like_object(body, value))
    })
}

/// The names that a bundle has and nothing else does: a model has an `input`, too.
const MARKS: [&str; 6] = ["cc", "context", "contextJson", "cp", "profile", "profileJson"];

/// Reads a member that is a bundle, or a text that holds one, and says whether it was. Nobody has said that it is one, so that
/// it has to have the context or the profile.
pub(super) fn read_marked(walk: &mut Walk<'_>, child: &Child, path: &str) -> Result<bool, Error> {
    read_held(walk, child, path, &MARKS)
}

/// Reads a member `__debug` that is a bundle, or a text that holds one, and says whether it was.
pub(super) fn read_debug(walk: &mut Walk<'_>, child: &Child, path: &str) -> Result<bool, Error> {
    let named = key_text(child).and_then(|key| text(walk.body, key)).is_some_and(|name| name == "__debug");
    if named { read_held(walk, child, path, &[]) } else { Ok(false) }
}

fn read_held(walk: &mut Walk<'_>, child: &Child, path: &str, marks: &[&str]) -> Result<bool, Error> {
    if !may_be_held(walk.body, child.value) {
        return Ok(false);
    }
    let before = walk.body.len();
    let Ok(object) = walk.open(child.value)? else { return Ok(false) };
    let top = Top::of(walk.body, object.value);
    if !fits(&top, walk.body) || !marks.is_empty() && !top.has_any(marks) {
        walk.body.truncate(before);
        return Ok(false);
    }
    if walk.session.is_none() {
        walk.session = top.text(walk.body, "sessionId").filter(|id| !id.is_empty());
    }
    let (from, to) = child.key.unwrap_or_default();
    let path = step(path, &lossy_text(walk.body, from, to));
    walk.within(object, |walk| read_at(walk, &top, &path))?;
    Ok(true)
}

/// Whether a value may be a bundle or a text that holds one, without looking into it.
pub(super) fn may_be_held(body: &[u8], value: Scanned) -> bool {
    value.kind == JsonKind::Object || begins_like_object(body, value)
}

fn begins_like_object(body: &[u8], value: Scanned) -> bool {
    inside(value).is_some_and(|text| body.get(skip_space(body, text.start)) == Some(&b'{'))
}

pub(in crate::ingest) fn read(walk: &mut Walk<'_>, top: &Top) -> Result<(), Error> {
    read_at(walk, top, "$")
}

/// Reads a bundle that stands at `path`.
pub(super) fn read_at(walk: &mut Walk<'_>, top: &Top, path: &str) -> Result<(), Error> {
    for (names, scope) in NAMESPACES {
        for name in names {
            walk.tell_replaced(top, name, path)?;
            if let Some(member) = top.member(name) {
                walk.namespace(member, path, scope)?;
            }
        }
    }
    let mut read: Vec<&str> = NAMESPACES.iter().flat_map(|(names, _)| *names).collect();
    read.extend(["session_id", "sessionId"]);
    walk.beside(top, path, Label::Fixed("session"), &read)
}
