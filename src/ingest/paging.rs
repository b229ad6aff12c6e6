//! Where the next page is: the forms in which tenants say it.

use super::top::{Top, string};
use crate::error::{Code, Error};
use crate::query::NextPage;
use crate::value::json::{Child, Children, JsonKind, Scanned, count, unescape};
use std::borrow::Cow;

/// Reads a `pagination` member: `nextCursor`, `next`, or `page` with `pages`, looked for in this order.
///
/// # Errors
/// `SCHEMA_MISMATCH` where `pagination` or one of these has a kind that cannot be followed.
pub(super) fn next_page(body: &[u8], pagination: Scanned) -> Result<Option<NextPage>, Error> {
    match pagination.kind {
        JsonKind::Null => return Ok(None),
        JsonKind::Object => {}
        _ => return Err(mismatch("$.pagination", "The pagination is not an object.")),
    }
    let member = |wanted: &str| {
        Children::new(body, pagination.start)
            .filter_map(Result::ok)
            .filter(|child| key(body, child).as_deref() == Some(wanted))
            .last()
            .map(|child| child.value)
            .filter(|value| value.kind != JsonKind::Null)
    };
    if let Some(cursor) = member("nextCursor") {
        let cursor =
            text(body, cursor).ok_or_else(|| mismatch("$.pagination.nextCursor", "The cursor is not a text."))?;
        return Ok((!cursor.is_empty()).then_some(NextPage::Cursor(cursor)));
    }
    if let Some(link) = member("next") {
        let link = text(body, link)
            .ok_or_else(|| mismatch("$.pagination.next", "The link to the next page is not a text."))?;
        return Ok((!link.is_empty()).then_some(NextPage::Link(link)));
    }
    let (Some(page), Some(pages)) = (member("page"), member("pages")) else {
        return Ok(None);
    };
    let (Some(page), Some(pages)) = (number(body, page), number(body, pages)) else {
        return Err(mismatch("$.pagination.page", "The page numbers are not whole numbers."));
    };
    Ok((page < pages).then(|| NextPage::Number { page: page + 1, pages }))
}

/// Where the next page of a list is: `nextCursor` or `next` beside the items, a link in `_links`, or `@odata.nextLink`.
///
/// # Errors
/// `SCHEMA_MISMATCH` where one of these has a kind that cannot be followed.
pub(super) fn next_of_list(body: &[u8], top: &Top) -> Result<Option<NextPage>, Error> {
    let list = ["items", "value", "_embedded"].iter().any(|name| top.has(name));
    if !list {
        return Ok(None);
    }
    let said = |name: &str, path: &str| match top.value(name).filter(|value| value.kind != JsonKind::Null) {
        None => Ok(None),
        Some(value) => match string(body, value) {
            Some(text) => Ok((!text.is_empty()).then_some(text)),
            None => Err(mismatch(path, "What leads to the next page is not a text.")),
        },
    };
    if let Some(cursor) = said("nextCursor", "$.nextCursor")? {
        return Ok(Some(NextPage::Cursor(cursor)));
    }
    if let Some(next) = said("next", "$.next")? {
        // Older answers put the cursor itself here.
        let cursor = next.len() == 24 && next.bytes().all(|byte| byte.is_ascii_hexdigit());
        return Ok(Some(if cursor { NextPage::Cursor(next) } else { NextPage::Link(next) }));
    }
    if let Some(link) = said("@odata.nextLink", "$[\"@odata.nextLink\"]")? {
        return Ok(Some(NextPage::Link(link)));
    }
    let next = top.value("_links").and_then(|links| Top::of(body, links).value("next"));
    let href = next.and_then(|next| href(body, next));
    Ok(href.filter(|href| !href.is_empty()).map(NextPage::Link))
}

/// How many items the data says there are on all pages together, where it says so.
pub(super) fn total(body: &[u8], top: &Top) -> Option<u64> {
    let beside = top.value("pagination").and_then(|pagination| Top::of(body, pagination).value("total"));
    let said = beside.or_else(|| top.value("total")).or_else(|| top.value("@odata.count"))?;
    number(body, said)
}

/// How many items stand in the list of a page that is no page of rows.
pub(super) fn listed(body: &[u8], top: &Top) -> Option<usize> {
    let list = top.value("items").or_else(|| top.value("value"))?;
    Some(if list.kind == JsonKind::Object { 1 } else { count(body, list) })
}

fn href(body: &[u8], link: Scanned) -> Option<String> {
    let child = Children::new(body, link.start)
        .filter_map(Result::ok)
        .find(|child| key(body, child).as_deref() == Some("href"))?;
    string(body, child.value)
}

fn mismatch(path: &str, message: &'static str) -> Error {
    Error::new(Code::SchemaMismatch, message).with(|facts| facts.path = Some(path.to_owned()))
}

fn key<'a>(body: &'a [u8], child: &Child) -> Option<Cow<'a, str>> {
    let (start, end) = child.key?;
    unescape(std::str::from_utf8(body.get(start..end)?).ok()?)
}

fn text(body: &[u8], value: Scanned) -> Option<String> {
    if value.kind != JsonKind::String {
        return None;
    }
    let inside = body.get(value.start + 1..value.end - 1)?;
    unescape(std::str::from_utf8(inside).ok()?).map(String::from)
}

fn number(body: &[u8], value: Scanned) -> Option<u64> {
    if value.kind != JsonKind::Integer {
        return None;
    }
    std::str::from_utf8(body.get(value.start..value.end)?).ok()?.parse().ok()
}
