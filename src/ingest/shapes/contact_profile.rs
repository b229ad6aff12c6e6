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
    read_at(walk, top, "$", Label::Fixed("profile"))?;
    let Some(object) = top.object else { return Ok(()) };
    let except = ["profile", "schema", "details", "session_id", "sessionId"];
    let members = Members { system: Some(true), except: &except, ..Members::of(Label::Fixed("contact")) };
    walk.members(object.into(), "$", &members)
}

/// Reads the fields of a contact that stands at `path`.
pub(super) fn read_at(walk: &mut Walk<'_>, top: &Top, path: &str, scope: Label) -> Result<(), Error> {
    let Some(profile) = top.member("profile") else { return Ok(()) };
    let types = top.value("schema").map(|schema| declared(walk.body, schema)).unwrap_or_default();
    match walk.open(profile.value)? {
        Ok(object) => {
            walk.loaded.push("profile");
            let members = Members { declared: Some(&types), ..Members::of(scope) };
            walk.members(object, &step(path, "profile"), &members)
        }
        Err(reason) => walk.broken(profile, path, reason),
    }
}

/// The scope of one contact among several: by its first contact id, else its own id.
pub(super) fn scope_among(body: &[u8], top: &Top, ordinal: usize) -> String {
    let first = top.value("contactIds").and_then(|ids| Children::new(body, ids.start).find_map(Result::ok));
    let id = first.and_then(|id| string(body, id.value)).or_else(|| top.text(body, "_id"));
    format!("profile:{}", id.unwrap_or_else(|| (ordinal + 1).to_string()))
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
