//! The mask as JavaScript gives it: `false`, `true`, or the host's own rules beside the standard ones.

use super::options::{check_known, invalid, member, text};
use crate::error::Error;
use crate::snapshot::{Mask, MaskOptions};
use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};

/// The mask of an option; `otherwise` where it is not given.
pub(super) fn mask(value: &JsValue, otherwise: impl FnOnce() -> Mask) -> Result<Mask, Error> {
    if value.is_undefined() || value.is_null() {
        return Ok(otherwise());
    }
    match value.as_bool() {
        Some(true) => return Ok(Mask::standard()),
        Some(false) => return Ok(Mask::off()),
        None => check_known(value, &["names", "safeNames", "scopes", "phone", "allow"])?,
    }
    let phone = member(value, "phone");
    let phone = if phone.is_undefined() { Some(false) } else { phone.as_bool() };
    Ok(Mask::new(MaskOptions {
        names: texts(&member(value, "names"))?.unwrap_or_default(),
        safe_names: texts(&member(value, "safeNames"))?.unwrap_or_default(),
        scopes: texts(&member(value, "scopes"))?.unwrap_or_default(),
        allow: texts(&member(value, "allow"))?,
        phone: phone.ok_or_else(|| invalid("The option mask.phone is true or false."))?,
        ..MaskOptions::default()
    }))
}

fn texts(value: &JsValue) -> Result<Option<Vec<String>>, Error> {
    if value.is_undefined() {
        return Ok(None);
    }
    let list: &Array = value.dyn_ref().ok_or_else(|| invalid("The options of mask are lists of texts."))?;
    list.iter().map(|item| text(&item)).collect::<Result<_, _>>().map(Some)
}
