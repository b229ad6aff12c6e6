//! `History` as a JavaScript class.

use super::encode::{list, object, put, put_some, variable};
use super::mask::mask;
use super::options::{check_known, invalid, member, text, whole};
use super::snapshot::{Snapshot, held, mask_option};
use super::snapshot_diff::{given, kinds, scope};
use crate::error::Error;
use crate::snapshot::{Hidden, History as Inner, HistoryOptions, Mask, Moment};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// The last snapshots of one session.
#[wasm_bindgen(skip_typescript)]
#[derive(Debug)]
pub struct History {
    inner: Inner,
}

#[wasm_bindgen]
impl History {
    /// Keeps nothing yet.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue) -> Result<History, JsValue> {
        check_known(options, &["count", "bytes"])?;
        let usual = HistoryOptions::default();
        let number = |name, usual| {
            given(options, name).map_or(Ok(usual), |number| whole(Some(number.as_f64().unwrap_or(f64::NAN)), usual))
        };
        let options = HistoryOptions { count: number("count", usual.count)?, bytes: number("bytes", usual.bytes)? };
        if options.count == 0 {
            return Err(invalid("A history keeps one snapshot at least.").into());
        }
        Ok(History { inner: Inner::new(options) })
    }

    /// Keeps a snapshot as the newest one.
    pub fn push(&mut self, snapshot: &JsValue, options: &JsValue) -> Result<u32, JsValue> {
        check_known(options, &["turn"])?;
        let turn = turn(&member(options, "turn"))?;
        let snapshot = held(snapshot)?.ok_or_else(|| invalid("What has to be a snapshot is none, or was freed."))?;
        Ok(self.inner.push(snapshot, turn)?)
    }

    /// Says of a snapshot what turn it shows.
    pub fn label(&mut self, id: u32, label: &JsValue) -> Result<bool, JsValue> {
        Ok(self.inner.label(id, turn(label)?))
    }

    /// The snapshots that are kept.
    pub fn moments(&self, options: &JsValue) -> Result<JsValue, JsValue> {
        let (mask, mut hidden) = (mask_option(options, Mask::off)?, Hidden::default());
        let moments: Vec<Moment> =
            self.inner.moments().map(|moment| moment.clone().through(&mask, &mut hidden)).collect();
        Ok(list(&moments, encode))
    }

    /// A snapshot as it was.
    pub fn snapshot(&self, id: u32) -> Option<Snapshot> {
        self.inner.snapshot(id).map(Snapshot::from)
    }

    /// What became of a variable.
    pub fn variable(&self, name: &JsValue, options: &JsValue) -> Result<JsValue, JsValue> {
        check_known(options, &["scope", "mask"])?;
        let (mask, mut hidden) = (mask(&member(options, "mask"), Mask::off)?, Hidden::default());
        let told = self.inner.variable_through(&text(name)?, scope(options)?.as_deref(), &mask, &mut hidden);
        Ok(list(told, |one| {
            let out = encode(&one.moment);
            put(&out, "kinds", kinds(&one.kinds));
            put_some(&out, "variable", one.variable.as_ref().map(variable));
            out
        }))
    }

    /// Bytes that all of it takes.
    #[wasm_bindgen(getter)]
    pub fn bytes(&self) -> usize {
        self.inner.bytes()
    }

    /// How many snapshots are kept.
    #[wasm_bindgen(getter)]
    pub fn length(&self) -> usize {
        self.inner.len()
    }

    /// How many were let go.
    #[wasm_bindgen(getter)]
    pub fn evicted(&self) -> usize {
        self.inner.evicted()
    }
}

fn turn(value: &JsValue) -> Result<Option<String>, Error> {
    if value.is_undefined() || value.is_null() { Ok(None) } else { text(value).map(Some) }
}

#[allow(clippy::cast_precision_loss)]
fn encode(moment: &Moment) -> JsValue {
    let out = object();
    put(&out, "id", moment.id);
    put(&out, "takenAt", moment.taken_at_ms);
    put_some(&out, "turn", moment.turn.as_deref());
    put(&out, "complete", moment.complete);
    for (name, count) in
        [("size", moment.size), ("added", moment.added), ("removed", moment.removed), ("changed", moment.changed)]
    {
        put(&out, name, count as f64);
    }
    out
}
