//! Contacts, as a search answers them: `{items: [profile, …], total?, nextCursor?}`.
//!
//! The fields of an only contact have the scope `profile`, and what stands beside them `contact`. Of several, each has scopes of
//! its own, `profile:<contact id>` and `contact:<contact id>`, since nothing says which of them the session belongs to.

use super::contact_profile;
use super::elements::{any_element, is_empty_list, read_elements};
use crate::error::Error;
use crate::ingest::sink::Label;
use crate::ingest::top::Top;
use crate::ingest::walk::Walk;
use crate::value::json::{JsonKind, Scanned, count};

pub(in crate::ingest) fn fits(top: &Top, body: &[u8]) -> bool {
    let items = top.value("items");
    is_empty_list(body, items) || items.is_some_and(|items| any_element(body, items, &is_contact))
}

/// Whether an object is a contact.
pub(super) fn is_contact(top: &Top) -> bool {
    top.is("profile", JsonKind::Object)
}

pub(in crate::ingest) fn read(walk: &mut Walk<'_>, top: &Top) -> Result<(), Error> {
    let Some(items) = top.value("items") else { return Ok(()) };
    walk.tell_replaced(top, "items", "$")?;
    let several = items.kind == JsonKind::Array && count(walk.body, items) > 1;
    read_elements(walk, items, "$.items", |walk, ordinal, item, path| read_one(walk, item, ordinal, several, path))
}

/// Reads one contact of a list.
pub(super) fn read_one(
    walk: &mut Walk<'_>,
    item: Scanned,
    ordinal: usize,
    several: bool,
    path: &str,
) -> Result<(), Error> {
    let top = Top::of(walk.body, item);
    if !top.has("profile") {
        return walk.odd_element(item, path);
    }
    let (mut fields, mut beside) = (Label::Fixed("profile"), Label::Fixed("contact"));
    if several {
        let id = contact_profile::id_among(walk.body, &top, ordinal);
        fields = Label::Body(walk.append(&format!("profile:{id}"))?);
        beside = Label::Body(walk.append(&format!("contact:{id}"))?);
    }
    contact_profile::read_at(walk, &top, path, fields, beside)
}
