//! A project's log as plain JSON: `{items: [{timestamp, msg, type, meta, traceId}, …], total?, nextCursor?}`. As hypertext it is
//! read by [`super::hal`], with the same names but for entries that do not say their type.

use super::elements::{any_element, is_empty_list, read_elements};
use super::record;
use crate::error::Error;
use crate::ingest::top::Top;
use crate::ingest::walk::Walk;

pub(in crate::ingest) fn fits(top: &Top, body: &[u8]) -> bool {
    let items = top.value("items");
    is_empty_list(body, items) || items.is_some_and(|items| any_element(body, items, &is_entry))
}

/// `msg` alone is too common a word.
fn is_entry(top: &Top) -> bool {
    top.has("msg") && top.has_any(&["meta", "traceId", "type"])
}

pub(in crate::ingest) fn read(walk: &mut Walk<'_>, top: &Top) -> Result<(), Error> {
    let Some(items) = top.value("items") else { return Ok(()) };
    walk.tell_replaced(top, "items", "$")?;
    read_elements(walk, items, "$.items", |walk, _, entry, path| record::read(walk, entry, path, "entry"))
}
