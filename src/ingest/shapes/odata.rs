//! Rows of the analytics: `{value: [row, …]}`, in which `inputData`, `inputAttachments` and `custom1` to `custom10` are texts
//! that hold JSON. They are read under `lossless` unless the caller names a policy.

use super::conversation::any_message;
use super::elements::{is_empty_list, read_elements};
use super::record;
use crate::error::Error;
use crate::ingest::top::Top;
use crate::ingest::walk::Walk;
use crate::value::json::JsonKind;

pub(in crate::ingest) fn fits(top: &Top, body: &[u8]) -> bool {
    let rows = top.value("value");
    is_empty_list(body, rows) || rows.is_some_and(|rows| rows.kind == JsonKind::Array && any_message(body, rows))
}

pub(in crate::ingest) fn read(walk: &mut Walk<'_>, top: &Top) -> Result<(), Error> {
    let Some(rows) = top.value("value") else { return Ok(()) };
    walk.tell_replaced(top, "value", "$")?;
    read_elements(walk, rows, "$.value", |walk, _, row, path| record::read(walk, row, path, "row"))
}
