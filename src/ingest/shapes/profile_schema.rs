//! The fields that contacts have: `{schema: {field: type}, details: […]}`. A variable is a field, its value the type, its
//! scope `profile-schema`.

use crate::error::Error;
use crate::ingest::sink::Label;
use crate::ingest::top::Top;
use crate::ingest::walk::{Members, Walk};
use crate::value::json::JsonKind;

pub(in crate::ingest) fn fits(top: &Top, _body: &[u8]) -> bool {
    // What lists contacts, or is one, is that, whatever stands beside it.
    top.is("schema", JsonKind::Object) && !top.has("profile") && !top.has("items")
}

pub(in crate::ingest) fn read(walk: &mut Walk<'_>, top: &Top) -> Result<(), Error> {
    let Some(schema) = top.value("schema") else { return Ok(()) };
    walk.tell_replaced(top, "schema", "$")?;
    walk.members(schema.into(), "$.schema", &Members::of(Label::Fixed("profile-schema")))
}
