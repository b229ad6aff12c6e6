//! Any object, where the caller says that it is one: its members are variables of the scope `context`.

use crate::error::Error;
use crate::ingest::sink::Label;
use crate::ingest::top::Top;
use crate::ingest::walk::{Members, Walk};

/// Every object would be one, so that it is never guessed.
pub(in crate::ingest) fn fits(top: &Top, _body: &[u8]) -> bool {
    top.object.is_some()
}

pub(in crate::ingest) fn read(walk: &mut Walk<'_>, top: &Top) -> Result<(), Error> {
    let Some(object) = top.object else { return Ok(()) };
    walk.loaded.push("context");
    walk.members(object.into(), "$", &Members::of(Label::Fixed("context")))
}
