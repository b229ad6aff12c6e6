//! One contact: `{profile, contactIds, _id, …}`. A schema in the same body (`{schema: {field: type}}`) declares the types of
//! its fields.

use crate::error::Error;
use crate::ingest::sink::Label;
use crate::ingest::top::{Top, inside, key_text, string, text};
use crate::ingest::walk::{Members, Types, Walk, step};
use crate::value::json::{Child, Children, JsonKind, Scanned};

pub(in crate::ingest) fn fits(top: &Top, _body: &[u8]) -> bool {
    top.is("profile", JsonKind::Object)
        && top.has_any(&["_id", "contactIds", "schema"])
        && !top.has_any(&["context", "input"])
}

pub(in crate::ingest) fn read(walk: &mut Walk<'_>, top: &Top) -> Result<(), Error> {
    read_at(walk, top, "$", Label::Fixed("profile"), Label::Fixed("contact"))
}

/// Reads a contact that stands at `path`: its fields, and what stands `beside` them.
pub(super) fn read_at(walk: &mut Walk<'_>, top: &Top, path: &str, fields: Label, beside: Label) -> Result<(), Error> {
    let Some(profile) = top.member("profile") else { return Ok(()) };
    walk.tell_replaced(top, "profile", path)?;
    let types = top.value("schema").map(|schema| declared(walk.body, schema)).unwrap_or_default();
    match walk.open(profile.value)? {
        Ok(object) => {
            walk.loaded.push("profile");
            let members = Members { declared: Some(&types), ..Members::of(fields) };
            walk.members(object, &step(path, "profile"), &members)?;
        }
        Err(reason) => walk.broken(profile, path, reason)?,
    }
    walk.beside(top, path, beside, &["profile", "schema", "details", "session_id", "sessionId"])
}

/// What tells one contact from others: its first contact id, else its own id, else its place.
pub(super) fn id_among(body: &[u8], top: &Top, ordinal: usize) -> String {
    let first = top.value("contactIds").and_then(|ids| Children::new(body, ids.start).find_map(Result::ok));
    let id = first.and_then(|id| string(body, id.value)).or_else(|| top.text(body, "_id"));
    id.unwrap_or_else(|| (ordinal + 1).to_string())
}

/// What a schema says of each field, where the type is a word.
fn declared(body: &[u8], schema: Scanned) -> Types {
    let children = Children::new(body, schema.start).filter_map(Result::ok);
    let field = |child: Child| {
        let name = text(body, key_text(&child)?)?.into_owned();
        let word = inside(child.value).filter(|word| text(body, *word).is_some())?;
        Some((name, word))
    };
    Types::new(children.filter_map(field).collect())
}
