//! Lists that may be a single object.

use crate::error::Error;
use crate::ingest::top::Top;
use crate::ingest::walk::Walk;
use crate::value::json::{Children, JsonKind, Scanned};

/// So many objects of a list are looked at to find out what it is a list of.
const LOOKED_AT: usize = 16;

/// Whether the single object, or one of the first objects of a list, passes. What is no object decides nothing.
pub(super) fn any_element(body: &[u8], list: Scanned, passes: &dyn Fn(&Top) -> bool) -> bool {
    match list.kind {
        JsonKind::Object => passes(&Top::of(body, list)),
        JsonKind::Array => Children::new(body, list.start)
            .filter_map(Result::ok)
            .filter(|child| child.value.kind == JsonKind::Object)
            .take(LOOKED_AT)
            .any(|child| passes(&Top::of(body, child.value))),
        _ => false,
    }
}

/// Whether a list is there and has no element.
pub(super) fn is_empty_list(body: &[u8], list: Option<Scanned>) -> bool {
    list.is_some_and(|list| list.kind == JsonKind::Array && Children::new(body, list.start).next().is_none())
}

/// Reads every element that is an object, with its path; any other becomes an unreadable row.
pub(super) fn read_elements(
    walk: &mut Walk<'_>,
    list: Scanned,
    path: &str,
    mut read: impl FnMut(&mut Walk<'_>, usize, Scanned, &str) -> Result<(), Error>,
) -> Result<(), Error> {
    read_each(walk, list, path, &mut read)
}

/// What is done with an element, whose position and path are told.
type Read<'r> = dyn FnMut(&mut Walk<'_>, usize, Scanned, &str) -> Result<(), Error> + 'r;

// One copy for all of its callers.
fn read_each(walk: &mut Walk<'_>, list: Scanned, path: &str, read: &mut Read<'_>) -> Result<(), Error> {
    if list.kind == JsonKind::Object {
        return read(walk, 0, list, path);
    }
    walk.each(list, |walk, ordinal, child| {
        let path = format!("{path}[{ordinal}]");
        match child.value.kind {
            JsonKind::Object => read(walk, ordinal, child.value, &path),
            _ => walk.odd_element(child.value, &path),
        }
    })
}
