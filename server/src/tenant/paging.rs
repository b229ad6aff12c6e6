//! One page out of a list, and where the next one is, in three forms.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use url::form_urlencoded;

use super::query::{Filter, Query};
use super::settings::Paging;

/// Everything but RFC 3986's unreserved characters.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A part of a list: from where, and how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) start: usize,
    pub(super) size: usize,
}

/// The window that a request asks for.
///
/// # Errors
/// One sentence, for a cursor that this tenant did not write or that belongs to another query.
pub(super) fn window(session: &str, query: &Query, size: usize) -> Result<Window, &'static str> {
    match (&query.next, query.page) {
        (Some(_), Some(_)) => Err("next and page do not go together."),
        (Some(cursor), None) => read_cursor(cursor, session, query, size),
        (None, page) => Ok(Window { start: page.unwrap_or(1).saturating_sub(1).saturating_mul(size), size }),
    }
}

/// The `pagination` member for a window of a list.
pub(super) fn pagination(form: Paging, session: &str, filter: &Filter, window: Window, total: usize) -> Value {
    let after = window.start.saturating_add(window.size);
    let next = (after < total).then(|| write_cursor(session, filter, after, window.size));
    match form {
        Paging::Cursor => json!({"nextCursor": next, "total": total}),
        Paging::Link => json!({"next": next.map(|cursor| link(session, filter, &cursor)), "total": total}),
        Paging::Number => {
            let page = window.start.checked_div(window.size).unwrap_or(0).saturating_add(1);
            json!({"page": page, "pages": total.div_ceil(window.size.max(1)).max(1), "total": total})
        }
    }
}

fn link(session: &str, filter: &Filter, cursor: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    filter.write(&mut query);
    let query = query.append_pair("next", cursor).finish();
    format!("/api/v2/botsessions/{}/variables?{query}", utf8_percent_encode(session, SEGMENT))
}

/// Opaque to clients: place, size, and a mark of the query that it belongs to.
fn write_cursor(session: &str, filter: &Filter, start: usize, size: usize) -> String {
    URL_SAFE_NO_PAD.encode(format!("{start}.{size}.{:016x}", mark(session, filter)))
}

fn read_cursor(cursor: &str, session: &str, query: &Query, size: usize) -> Result<Window, &'static str> {
    let unknown = "next is no cursor of this tenant.";
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| unknown)?;
    let text = String::from_utf8(bytes).map_err(|_| unknown)?;
    let mut parts = text.split('.');
    let mut part = || parts.next().ok_or(unknown);
    let (start, written, belongs) = (part()?, part()?, part()?);
    if belongs != format!("{:016x}", mark(session, &query.filter)) {
        return Err("next belongs to another query.");
    }
    let start = start.parse().map_err(|_| unknown)?;
    let written: usize = written.parse().map_err(|_| unknown)?;
    // A page size in the request goes before the one that the cursor was written with.
    let size = if query.limit.is_some() { size } else { written.max(1) };
    Ok(Window { start, size })
}

/// FNV-1a over the query: enough to notice a cursor in the wrong place.
fn mark(session: &str, filter: &Filter) -> u64 {
    let parts = [
        Some(session),
        filter.name.as_deref(),
        filter.scope.as_deref(),
        Some(if filter.include_system { "system" } else { "" }),
    ];
    let bytes = parts.into_iter().flat_map(|part| {
        let (given, text) = (u8::from(part.is_some()), part.unwrap_or_default());
        [given].into_iter().chain(text.bytes()).chain([0xFF])
    });
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
