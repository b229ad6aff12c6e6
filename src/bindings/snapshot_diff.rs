//! Differences inside of values, and patches, as JavaScript asks for them.

use super::encode::{list, object, put, put_some};
use super::mask::mask;
use super::options::{check_known, invalid, member, text, whole};
use super::snapshot::Snapshot;
use super::values::to_js;
use crate::error::Error;
use crate::snapshot::{ChangeKind, DiffOptions, DiffSide, Mask, Step, ValueChange, ValueDiff};
use js_sys::Array;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

#[wasm_bindgen]
impl Snapshot {
    /// Where the value of a variable differs from that in another snapshot.
    #[wasm_bindgen(js_name = diffValue)]
    pub fn diff_value(&self, earlier: &Snapshot, name: &JsValue, options: &JsValue) -> Result<JsValue, JsValue> {
        check_known(options, &["scope", "listKeys", "limit", "mask"])?;
        let usual = DiffOptions::default();
        let limit = given(options, "limit")
            .map_or(Ok(usual.limit), |limit| whole(Some(limit.as_f64().unwrap_or(f64::NAN)), usual.limit))?;
        let list_keys = given(options, "listKeys").map(|keys| texts(&keys)).transpose()?;
        let options =
            (scope(options)?, DiffOptions { list_keys, limit, mask: mask(&member(options, "mask"), Mask::off)? });
        let diff = self.inner().diff_value(earlier.inner(), &text(name)?, options.0.as_deref(), &options.1);
        Ok(diff.map_or(JsValue::UNDEFINED, |diff| encode(&diff)))
    }

    /// The differences as a JSON Patch: of all values, or of one variable's.
    pub fn patch(&self, earlier: &Snapshot, options: &JsValue) -> Result<Option<String>, JsValue> {
        check_known(options, &["name", "scope", "mask"])?;
        let mask = mask(&member(options, "mask"), Mask::off)?;
        let scope = scope(options)?;
        let Some(name) = given(options, "name") else {
            if scope.is_some() {
                return Err(invalid("A scope is that of a variable: say its name too.").into());
            }
            return Ok(Some(self.inner().patch(earlier.inner(), &mask)));
        };
        Ok(self.inner().patch_value(earlier.inner(), &text(&name)?, scope.as_deref(), &mask))
    }
}

pub(super) fn given(options: &JsValue, name: &str) -> Option<JsValue> {
    Some(member(options, name)).filter(|value| !value.is_undefined() && !value.is_null())
}

pub(super) fn scope(options: &JsValue) -> Result<Option<String>, Error> {
    given(options, "scope").map(|scope| text(&scope)).transpose()
}

fn texts(value: &JsValue) -> Result<Vec<String>, Error> {
    let list: &Array = value.dyn_ref().ok_or_else(|| invalid("The keys of lists are a list of texts."))?;
    list.iter().map(|item| text(&item)).collect()
}

fn encode(diff: &ValueDiff) -> JsValue {
    let out = object();
    put(&out, "kinds", kinds(&diff.kinds));
    put(&out, "changes", list(&diff.changes, change));
    let lists = list(&diff.lists, |matched| {
        let out = object();
        put(&out, "path", steps(&matched.path));
        put(&out, "by", if matched.key.is_some() { "key" } else { "position" });
        put_some(&out, "key", matched.key.as_deref());
        out
    });
    put(&out, "lists", lists);
    put(&out, "complete", diff.complete);
    out
}

fn change(change: &ValueChange) -> JsValue {
    let out = object();
    put(&out, "kinds", kinds(&change.kinds));
    put_some(&out, "before", change.before.as_ref().map(side));
    put_some(&out, "after", change.after.as_ref().map(side));
    out
}

fn side(side: &DiffSide) -> JsValue {
    let out = object();
    put(&out, "path", steps(&side.path));
    put(&out, "value", to_js(&side.value));
    put(&out, "type", side.value_type.as_str());
    put(&out, "raw", side.raw.as_str());
    out
}

pub(super) fn kinds(kinds: &[ChangeKind]) -> JsValue {
    list(kinds, |kind| kind.as_str().into())
}

#[allow(clippy::cast_precision_loss)]
fn steps(path: &[Step]) -> JsValue {
    list(path, |step| match step {
        Step::Name(name) => JsValue::from_str(name),
        Step::Index(index) => JsValue::from_f64(*index as f64),
    })
}
