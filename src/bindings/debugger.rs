//! `SessionDebugger` as a JavaScript class.

use super::abort::Abort;
use super::debugger_options::{debugger_options, reveal_options};
use super::encode_client;
use super::host::failed;
use super::iterator::SnapshotIterator;
use super::mapping::mapped;
use super::mask::held_mask;
use super::options::{check_known, invalid, member, path, query, snapshot_options, text, whole};
use super::snapshot::{Snapshot, entry_id, held};
use crate::client::{BulkOptions, CallOptions, Lane, OnFirstRows, OnProgress, RevealRequest, SessionDebugger as Inner};
use crate::error::{Code, Error};
use crate::platform::BrowserPlatform;
use crate::snapshot::Reveals;
use js_sys::{Function, Promise};
use std::rc::Rc;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::future_to_promise;

/// Fetches the variables of sessions.
#[wasm_bindgen(skip_typescript)]
pub struct SessionDebugger {
    inner: Inner,
}

#[wasm_bindgen]
impl SessionDebugger {
    /// Makes a debugger. Nothing is requested yet.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue) -> Result<SessionDebugger, JsValue> {
        let platform = Rc::new(BrowserPlatform::new());
        Ok(SessionDebugger { inner: Inner::new(debugger_options(options)?, platform)? })
    }

    /// Reads one session.
    pub fn snapshot(&self, query_value: &JsValue, options: &JsValue) -> Promise {
        let prepared = self.prepare(query_value, options);
        future_to_promise(async move {
            let (abort, read) = prepared?;
            match read.await {
                Ok(snapshot) => Ok(Snapshot::from(snapshot).into()),
                Err(error) => Err(abort.rejection(error)),
            }
        })
    }

    /// Reads many sessions.
    pub fn snapshots(&self, queries: &JsValue, options: &JsValue) -> Result<SnapshotIterator, JsValue> {
        check_known(options, &["signal", "onProgress", "retryFailed"])?;
        let abort = Abort::of(options)?;
        let retries = member(options, "retryFailed");
        let retries = if retries.is_undefined() { None } else { Some(retries.as_f64().unwrap_or(-1.0)) };
        let retries = whole(retries, 0)
            .map_err(|_| invalid("The option retryFailed is a whole number from 0 to 4,294,967,295."))?;
        let bulk = BulkOptions {
            cancel: Some(abort.cancel.clone()),
            progress: listener(options, "onProgress")?
                .map(|tell| Rc::new(move |progress: &_| tell(encode_client::bulk_progress(progress))) as _),
            retry_failed: u32::try_from(retries).unwrap_or(u32::MAX),
        };
        let list = js_sys::try_iter(queries).unwrap_or_default();
        let list = list.ok_or_else(|| invalid("The queries are not iterable."))?;
        let threw =
            |error| failed(Code::InputInvalid, "The queries cannot be read; the cause is what they threw.", error);
        let queries: Result<Vec<_>, Error> = list.map(|value| query(&value.map_err(threw)?)).collect();
        let outcomes = self.inner.snapshots_with(queries?, bulk);
        Ok(SnapshotIterator::of_outcomes(outcomes, abort))
    }

    /// Reads one session again and again.
    pub fn watch(&self, query_value: &JsValue, options: &JsValue) -> Result<SnapshotIterator, JsValue> {
        check_known(options, &["intervalMs", "signal", "onError"])?;
        let interval = member(options, "intervalMs");
        let interval_ms = interval.as_f64().ok_or_else(|| invalid("The option intervalMs is not a number."))?;
        let abort = Abort::of(options)?;
        let mut watch = self.inner.watch(query(query_value)?, interval_ms, abort.cancel.clone())?;
        if let Some(tell) = listener(options, "onError")? {
            watch = watch.on_error(Rc::new(move |error, pause_ms| tell(encode_client::watch_error(error, pause_ms))));
        }
        Ok(SnapshotIterator::of_watch(watch, abort))
    }

    /// Makes a snapshot of data that the host already has.
    pub fn ingest(&self, body: &JsValue, options: &JsValue) -> Result<Snapshot, JsValue> {
        let mut settings = snapshot_options(options)?;
        let bytes = mapped(body, options, &mut settings)?;
        Ok(self.inner.ingest(bytes, settings)?.into())
    }

    /// Forgets the token: the user has logged out.
    #[wasm_bindgen(js_name = dropToken)]
    pub fn drop_token(&self) {
        self.inner.drop_token();
    }

    /// Records that a read was lost with the engine before this one.
    #[wasm_bindgen(js_name = noteBreakdown)]
    pub fn note_breakdown(&self, session: Option<String>) {
        self.inner.note_breakdown(session.as_deref());
    }

    /// Counts since the debugger was made.
    pub fn metrics(&self) -> JsValue {
        encode_client::metrics(&self.inner.metrics())
    }

    /// How the outbox of the webhook stands.
    pub fn outbox(&self) -> Promise {
        let status = self.inner.outbox();
        future_to_promise(async move { Ok(encode_client::outbox(status.await?)) })
    }

    /// Gives dead letters all their attempts again.
    pub fn replay(&self) -> Promise {
        let replay = self.inner.replay_outbox();
        future_to_promise(async move { Ok(encode_client::size(replay.await?).into()) })
    }

    /// Shows something hidden for a while, on the record; gives how long, in ms.
    pub fn reveal(&self, snapshot: &JsValue, entry: &JsValue, options: &JsValue) -> Result<f64, JsValue> {
        check_known(options, &["mask", "steps", "reason", "prevented"])?;
        let snapshot = held(snapshot)?.ok_or_else(|| invalid("What has to be a snapshot is none, or was freed."))?;
        let mask = held_mask(&member(options, "mask"));
        let mask = mask.ok_or_else(|| invalid("The option mask is the Mask that is looked through."))?;
        let (path, reason) = (path(&member(options, "steps"))?, member(options, "reason"));
        let reason = if reason.is_undefined() { None } else { Some(text(&reason)?) };
        let (entry, reason) = (entry_id(entry)?, reason.as_deref());
        let prevented = member(options, "prevented").is_truthy();
        let request = RevealRequest { snapshot: &snapshot, entry, path: &path, mask: mask.inner(), reason, prevented };
        // The host's hook may hide meanwhile what is shown already: that stays hidden.
        let mut reveals = Reveals::default();
        let shown_ms = self.inner.reveal(&mut reveals, request)?;
        mask.reveals().borrow_mut().join(reveals);
        Ok(shown_ms)
    }

    /// Shows hidden values under other options from now on.
    #[wasm_bindgen(js_name = allowReveals)]
    pub fn allow_reveals(&self, options: &JsValue) -> Result<(), JsValue> {
        Ok(self.inner.allow_reveals(reveal_options(options)?)?)
    }

    /// Goes on with the trail of a debugger that this one replaces.
    #[wasm_bindgen(js_name = continueFrom)]
    pub fn continue_from(&self, earlier: &SessionDebugger) -> Result<(), JsValue> {
        Ok(self.inner.continue_from(&earlier.inner)?)
    }

    /// What became of deliveries.
    pub fn deliveries(&self) -> Promise {
        let deliveries = self.inner.deliveries();
        future_to_promise(async move { Ok(encode_client::stored(&deliveries.await?)) })
    }

    /// The records that the store keeps of all tabs, or those of a session.
    #[wasm_bindgen(js_name = storedAuditTrail)]
    pub fn stored_audit_trail(&self, options: &JsValue) -> Promise {
        let session = member(options, "sessionId");
        let prepared = check_known(options, &["sessionId"])
            .and_then(|()| if session.is_undefined() { Ok(None) } else { text(&session).map(Some) })
            .map(|session| self.inner.stored_audit_trail(session));
        future_to_promise(async move { Ok(encode_client::stored(&prepared?.await?)) })
    }

    /// The newest record's place and hash, to be kept elsewhere.
    #[wasm_bindgen(js_name = auditCheckpoint)]
    pub fn audit_checkpoint(&self) -> JsValue {
        encode_client::checkpoint(self.inner.audit_checkpoint())
    }

    /// The latest records, oldest first.
    #[wasm_bindgen(js_name = auditTrail)]
    pub fn audit_trail(&self) -> JsValue {
        encode_client::audit_trail(&self.inner.audit_trail())
    }
}

impl SessionDebugger {
    /// Everything that has to be read of the arguments before the first wait.
    fn prepare(
        &self,
        query_value: &JsValue,
        options: &JsValue,
    ) -> Result<(Abort, impl Future<Output = Result<crate::snapshot::Snapshot, Error>> + use<>), Error> {
        check_known(options, &["signal", "onProgress", "onFirstRows", "lane", "post"])?;
        let abort = Abort::of(options)?;
        let lane = member(options, "lane");
        let lane = match lane.as_string().as_deref() {
            Some("bulk") => Lane::Bulk,
            Some("interactive") => Lane::Interactive,
            None if lane.is_undefined() => Lane::Interactive,
            _ => return Err(invalid("The option lane is interactive or bulk.")),
        };
        let progress = listener(options, "onProgress")?
            .map(|tell| Rc::new(move |progress: &_| tell(encode_client::progress(progress))) as OnProgress);
        let first_rows = listener(options, "onFirstRows")?
            .map(|tell| Rc::new(move |first| tell(Snapshot::from(first).into())) as OnFirstRows);
        let post = member(options, "post");
        let post = post.is_undefined() || post.as_bool().ok_or_else(|| invalid("The option post is true or false."))?;
        let call = CallOptions { cancel: Some(abort.cancel.clone()), progress, first_rows, lane, post };
        let read = self.inner.snapshot(query(query_value)?, call);
        Ok((abort, read))
    }
}

/// A function of the host that is told something.
pub(super) fn listener(options: &JsValue, name: &'static str) -> Result<Option<impl Fn(JsValue) + 'static>, Error> {
    let value = member(options, name);
    if value.is_undefined() || value.is_null() {
        return Ok(None);
    }
    let not_one = || Error::new(Code::InputInvalid, format!("The option {name} is not a function."));
    let function: Function = value.dyn_ref::<Function>().cloned().ok_or_else(not_one)?;
    Ok(Some(move |told: JsValue| {
        if let Err(error) = function.call1(&JsValue::UNDEFINED, &told) {
            // The read goes on, and the listener's error comes up where its owner looks for unhandled ones.
            let _ = Promise::reject(&error);
        }
    }))
}
