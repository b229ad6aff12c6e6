//! A search in slices, as JavaScript waits for it.

use super::abort::Abort;
use super::debugger::listener;
use super::encode;
use super::encode_client::size;
use super::mask::{held_mask, sight};
use super::options::{invalid, member, window_of};
use super::snapshot::held;
use crate::client::aborted;
use crate::platform::{BrowserPlatform, Clock, Sleep};
use crate::snapshot::{Hidden, Mask, Search, Window};
use js_sys::Promise;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::future_to_promise;

const KNOWN: [&str; 11] =
    ["offset", "limit", "filter", "sort", "scope", "system", "shadowed", "earlier", "mask", "signal", "onFirstRows"];
/// A slice takes so long, and then ends with the part that it is at.
const SLICE_MS: f64 = 4.0;
/// So many rows are given before all are counted.
const FIRST: usize = 50;

/// Searches a snapshot in slices, and gives how many rows there are.
#[wasm_bindgen(js_name = searchRows, skip_typescript)]
pub fn search_rows(snapshot: &JsValue, options: &JsValue) -> Promise {
    let prepared = prepare(snapshot, options);
    future_to_promise(async move {
        let (mut search, window, sight, abort, mut tell) = prepared?;
        let platform = BrowserPlatform::new();
        loop {
            if abort.cancel.is_cancelled() {
                return Err(abort.rejection(aborted()));
            }
            // What was revealed may have been hidden meanwhile.
            let mask = sight();
            search.see_through(mask.clone());
            let until = platform.monotonic_ms() + SLICE_MS;
            search.step(|| platform.monotonic_ms() >= until);
            let mut hidden = Hidden::default();
            if let Some(first) = &tell
                && let Some(rows) = search.first_rows(FIRST, &mut hidden)
            {
                first(encode::first_rows(&rows, &window.filter, &mask, &hidden));
                tell = None;
            }
            if let Some(total) = search.total() {
                return Ok(size(total).into());
            }
            platform.breathe().await;
        }
    })
}

type Prepared = (Search, Window, Box<dyn Fn() -> Mask>, Abort, Option<Box<dyn Fn(JsValue)>>);

fn prepare(snapshot: &JsValue, options: &JsValue) -> Result<Prepared, JsValue> {
    let window = window_of(options, &KNOWN)?;
    let snapshot = held(snapshot)?.ok_or_else(|| invalid("What has to be a snapshot is none, or was freed."))?;
    let (mask, earlier) = (sight(options, &snapshot)?, held(&member(options, "earlier"))?);
    let (revealing, fixed, seen) = (held_mask(&member(options, "mask")), mask.clone(), Rc::clone(&snapshot));
    let now = move || revealing.as_ref().map_or_else(|| fixed.clone(), |held| held.now(&seen));
    let tell = listener(options, "onFirstRows")?.map(|tell| Box::new(tell) as Box<dyn Fn(JsValue)>);
    let search = Search::new(snapshot, window.clone(), earlier, mask);
    Ok((search, window, Box::new(now), Abort::of(options)?, tell))
}
