//! A snapshot's file, as JavaScript writes and opens it.

use super::mask::tell_masked;
use super::options::{check_known, invalid, limits, member, seed};
use super::snapshot::{Snapshot, body_bytes, mask_option};
use crate::snapshot::{Hidden, Mask, Snapshot as Inner};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
impl Snapshot {
    /// The text of the file, masked unless the program says otherwise.
    #[wasm_bindgen(js_name = toFile)]
    pub fn to_file(&self, options: &JsValue) -> Result<String, JsValue> {
        let (mask, mut hidden) = (mask_option(options, Mask::standard)?, Hidden::default());
        let text = self.inner().to_file(&mask, &mut hidden);
        tell_masked(options, &mask, &hidden)?;
        Ok(text)
    }

    /// Opens it again.
    pub fn open(file: &JsValue, options: &JsValue) -> Result<Snapshot, JsValue> {
        check_known(options, &["limits"])?;
        let limits = limits(&member(options, "limits"), Inner::FILE_LIMITS)?;
        let bytes = body_bytes(file, &limits)?.ok_or_else(|| invalid("The file is neither bytes nor a text."))?;
        Ok(Inner::open(bytes, limits, seed())?.into())
    }
}
