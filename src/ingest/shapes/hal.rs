//! Hypertext answers: `{_embedded: {relation: [resource, …]}, _links}`. Contacts among the resources are read as contacts, all
//! else as records.

use super::elements::read_elements;
use super::profile_list::{is_contact, read_one};
use super::record;
use crate::error::Error;
use crate::ingest::top::{Top, key_text, text};
use crate::ingest::walk::{Walk, step};
use crate::value::json::{JsonKind, count};

pub(in crate::ingest) fn fits(top: &Top, _body: &[u8]) -> bool {
    top.is("_embedded", JsonKind::Object)
}

pub(in crate::ingest) fn read(walk: &mut Walk<'_>, top: &Top) -> Result<(), Error> {
    let Some(embedded) = top.value("_embedded") else { return Ok(()) };
    walk.tell_replaced(top, "_embedded", "$")?;
    walk.each(embedded, |walk, _, child| {
        let name = key_text(&child).and_then(|key| text(walk.body, key));
        let relation: String = name.as_deref().unwrap_or("record").chars().take(40).collect();
        let path = step("$._embedded", name.as_deref().unwrap_or("?"));
        if !child.value.kind.is_container() {
            return walk.odd_element(child.value, &path);
        }
        let several = child.value.kind == JsonKind::Array && count(walk.body, child.value) > 1;
        read_elements(walk, child.value, &path, |walk, ordinal, item, path| {
            if is_contact(&Top::of(walk.body, item)) {
                read_one(walk, item, ordinal, several, path)
            } else {
                record::read(walk, item, path, &relation)
            }
        })
    })
}
