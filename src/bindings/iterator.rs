//! Streams of the engine as asynchronous iterators. The entry of the package adds `Symbol.asyncIterator`.

use super::abort::Abort;
use super::encode::{object, put, put_some};
use super::host::query_object;
use super::snapshot::Snapshot;
use crate::client::{Cancel, SnapshotOutcome, Snapshots, Watch};
use futures_util::lock::Mutex;
use futures_util::{Stream, StreamExt};
use js_sys::Promise;
use std::pin::Pin;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::future_to_promise;

type Items = Pin<Box<dyn Stream<Item = Result<JsValue, JsValue>>>>;

/// An asynchronous iterator. Calls of `next` queue, as those of a generator do.
#[wasm_bindgen(skip_typescript)]
pub struct SnapshotIterator {
    /// Empty once it has ended.
    items: Rc<Mutex<Option<Items>>>,
    cancel: Cancel,
}

impl SnapshotIterator {
    /// Many sessions. An abort rejects with the signal's reason.
    pub(super) fn of_outcomes(outcomes: Snapshots, abort: Abort) -> SnapshotIterator {
        let cancel = abort.cancel.clone();
        let items = outcomes.map(|outcome| Ok(outcome_object(outcome)));
        let reason = futures_util::stream::once(async move { abort.reason().map(Err) });
        SnapshotIterator::new(Box::pin(items.chain(reason.filter_map(std::future::ready))), cancel)
    }

    /// One session again and again. An abort ends it.
    pub(super) fn of_watch(watch: Watch, abort: Abort) -> SnapshotIterator {
        let cancel = abort.cancel.clone();
        let items = watch.into_stream().map(move |item| match item {
            Ok(snapshot) => Ok(Snapshot::from(snapshot).into()),
            Err(error) => Err(abort.rejection(error)),
        });
        SnapshotIterator::new(Box::pin(items), cancel)
    }

    fn new(items: Items, cancel: Cancel) -> SnapshotIterator {
        SnapshotIterator { items: Rc::new(Mutex::new(Some(items))), cancel }
    }
}

#[wasm_bindgen]
impl SnapshotIterator {
    /// The next item.
    pub fn next(&self) -> Promise {
        let items = Rc::clone(&self.items);
        future_to_promise(async move {
            let mut items = items.lock().await;
            let item = match items.as_mut() {
                Some(stream) => stream.next().await,
                None => None,
            };
            if !matches!(item, Some(Ok(_))) {
                *items = None;
            }
            Ok(result(item.transpose()?))
        })
    }

    /// Ends the iteration and cancels what is under way.
    #[wasm_bindgen(js_name = return)]
    pub fn finish(&self) -> Promise {
        self.cancel.cancel();
        let items = Rc::clone(&self.items);
        future_to_promise(async move {
            *items.lock().await = None;
            Ok(result(None))
        })
    }
}

fn result(value: Option<JsValue>) -> JsValue {
    let out = object();
    put(&out, "done", value.is_none());
    put(&out, "value", value.unwrap_or(JsValue::UNDEFINED));
    out
}

fn outcome_object(outcome: SnapshotOutcome) -> JsValue {
    let out = object();
    put(&out, "query", query_object(&outcome.query));
    match outcome.result {
        Ok(snapshot) => put(&out, "snapshot", Snapshot::from(snapshot)),
        Err(error) => put_some(&out, "error", Some(error)),
    }
    out
}
