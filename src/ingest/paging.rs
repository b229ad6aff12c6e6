//! Where the next page is: the three forms in which tenants say it.

use crate::error::{Code, Error};
use crate::query::NextPage;
use crate::value::json::{Child, Children, JsonKind, Scanned, unescape};

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
            .filter(|child| key(body, child) == Some(wanted))
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

fn mismatch(path: &str, message: &'static str) -> Error {
    Error::new(Code::SchemaMismatch, message).with(|facts| facts.path = Some(path.to_owned()))
}

fn key<'a>(body: &'a [u8], child: &Child) -> Option<&'a str> {
    let (start, end) = child.key?;
    std::str::from_utf8(body.get(start..end)?).ok()
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
