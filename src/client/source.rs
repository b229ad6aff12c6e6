//! Where bodies come from when it is not the REST request: a callback of the host.

use super::call::Call;
use super::retry::Decided;
use super::verdict::deadline_exceeded;
use crate::error::{Code, Error};
use crate::platform::LocalFuture;
use crate::query::VariableQuery;
use crate::snapshot::SnapshotBuilder;

/// Gives the body of a query. Replaces the REST request. Dropping the future cancels it.
pub trait Source {
    /// One body, whole, as JSON.
    ///
    /// # Errors
    /// Whatever the host says; it is passed on as it is and not tried again.
    fn read(&self, query: &VariableQuery) -> LocalFuture<Result<Vec<u8>, Error>>;
}

/// Reads one body through the host, within the limits of a request. A body that names a further page is not the whole: why is
/// given back.
pub(crate) async fn read_source(
    source: &dyn Source,
    call: &Call,
    ingest: &mut SnapshotBuilder,
) -> Result<Option<Error>, Error> {
    let mut entry = call.begin(super::audit::Action::Source, &"source".into(), 1);
    let result = async {
        let mut slot = call.slot(1).await?;
        entry.admitted();
        let (limit_ms, is_deadline) = call.attempt_limit()?;
        slot.mark_sent();
        entry.sent();
        let body = call.desk.within(limit_ms, source.read(&call.query)).await;
        slot.finish();
        let body = body.unwrap_or_else(|| Err(if is_deadline { deadline_exceeded() } else { silent(limit_ms) }))?;
        entry.record.bytes = body.len();
        *ingest.buffer() = body;
        let now = || call.desk.platform.monotonic_ms();
        let began = now();
        let read = ingest.advance().and_then(|_| ingest.end_page());
        entry.record.parse_ms = Some(now() - began);
        read
    }
    .await;
    entry.record.count = result.is_ok().then(|| ingest.variables());
    entry.record.decided = result.as_ref().err().map(|_| Decided::NEVER);
    entry.close(result.as_ref().err());
    let no_more =
        |_| Error::new(Code::PageLimit, "The body of the source names a further page, which is not asked for.");
    Ok(result?.map(no_more))
}

fn silent(limit_ms: f64) -> Error {
    Error::new(
        Code::Timeout,
        format!("The source gave no body within {limit_ms:.0} ms. See that it answers, or raise timeoutMs."),
    )
}
