//! A transcript: `{items: [message, …], total}`, or `items` as one message.

use super::elements::{any_element, is_empty_list, read_elements};
use super::profile_list::is_contact;
use super::record;
use crate::error::Error;
use crate::ingest::top::Top;
use crate::ingest::walk::Walk;
use crate::value::json::Scanned;

pub(in crate::ingest) fn fits(top: &Top, body: &[u8]) -> bool {
    let items = top.value("items");
    is_empty_list(body, items) || items.is_some_and(|items| any_message(body, items))
}

/// Whether the single object, or one of a list, is a message. A contact is none, whatever stands beside it.
pub(super) fn any_message(body: &[u8], list: Scanned) -> bool {
    any_element(body, list, &|top| {
        !is_contact(top) && top.object.is_some_and(|object| record::is_message(body, object))
    })
}

pub(in crate::ingest) fn read(walk: &mut Walk<'_>, top: &Top) -> Result<(), Error> {
    let Some(items) = top.value("items") else { return Ok(()) };
    walk.tell_replaced(top, "items", "$")?;
    read_elements(walk, items, "$.items", |walk, _, item, path| record::read(walk, item, path, "message"))
}
