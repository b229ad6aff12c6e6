//! All pages of one answer, one after the other.

use super::call::Call;
use super::progress::Phase;
use super::request::{Rest, read_page};
use crate::error::{Code, Error};
use crate::query::NextPage;
use crate::snapshot::SnapshotBuilder;

/// No answer has more pages.
pub const MAX_PAGES: u32 = 1_000;

/// Reads page after page until there is no next. The pages are separate reads: each is consistent in itself.
///
/// When a later page fails in a way that may pass by itself (network, time, throttling, 5xx), what was read before is
/// kept, and the reason why pages are missing is given back. A refusal, a cancelled call, a limit or a page that cannot
/// be understood is an error, since trying again would not help.
pub(crate) async fn read_pages(rest: &Rest, call: &Call, ingest: &mut SnapshotBuilder) -> Result<Option<Error>, Error> {
    let mut url = rest.endpoint.url(&call.query)?;
    let mut seen: Vec<String> = Vec::new();
    let mut page = 1;
    loop {
        seen.push(url.clone());
        let follow = |next: &NextPage| {
            if let NextPage::Number { pages, .. } = next {
                call.reporter.set(|progress| progress.pages = Some(*pages));
            }
            let url = rest.endpoint.next_url(&call.query, next)?;
            match (seen.contains(&url), page) {
                (true, _) => Err(loops()),
                (false, MAX_PAGES) => Err(too_many()),
                (false, _) => Ok(url),
            }
        };
        url = match read_page(rest, call, ingest, &url, page, &follow).await {
            Ok(None) => return Ok(None),
            Ok(Some(next)) => next,
            Err(error) if page > 1 && leaves_the_rest(&error) => return Ok(Some(error)),
            Err(error) => return Err(error),
        };
        page += 1;
        call.tell(Phase::Request, |progress| progress.page = page);
    }
}

#[cold]
fn loops() -> Error {
    Error::new(Code::PageLoop, "The pages of the answer lead in a circle. Report it to whoever runs the tenant.")
}

#[cold]
fn too_many() -> Error {
    Error::new(Code::PageLimit, "The answer has more than 1,000 pages. Ask for less, for example for one scope.")
}

/// Whether the pages before a failure are worth having.
fn leaves_the_rest(error: &Error) -> bool {
    error.is_retryable() && error.code() != Code::TokenProviderFailed
}
