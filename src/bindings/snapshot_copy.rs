//! What JavaScript puts on a clipboard.

use super::encode::{object, put};
use super::mask::summary;
use super::options::{invalid, path, text};
use super::snapshot::{Snapshot, entry_id, mask_option};
use crate::snapshot::{CopyForm, Hidden, Mask};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
impl Snapshot {
    /// A part of a value or the way to it, masked unless the program says otherwise.
    #[wasm_bindgen(js_name = copyText)]
    pub fn copy_text(
        &self,
        entry: &JsValue,
        steps: &JsValue,
        form: &JsValue,
        options: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let unknown = "What is copied is value, json-pointer, json-path, javascript or expression.";
        let form = CopyForm::parse(&text(form)?).ok_or_else(|| invalid(unknown))?;
        let (mask, mut hidden) = (mask_option(options, Mask::standard)?, Hidden::default());
        let copied = self.inner().copy_text(entry_id(entry)?, &path(steps)?, form, &mask, &mut hidden)?;
        Ok(copied.map_or(JsValue::UNDEFINED, |copied| {
            let out = object();
            put(&out, "text", copied);
            put(&out, "masked", hidden.total() > 0);
            put(&out, "rules", summary(&mask, &hidden));
            out
        }))
    }
}
