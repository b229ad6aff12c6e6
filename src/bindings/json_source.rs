//! Values of JavaScript as JSON text, integers exact.

use crate::platform::unit;
use js_sys::{Function, JSON, RangeError};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::Closure;

/// The JSON text of a value; `None` where it has none, as `undefined` has. A `BigInt` is written as the integer it is.
///
/// # Errors
/// What `JSON.stringify` throws: for circles, or from a getter of the value. A `RangeError` for a number that is not finite, which would
/// become `null` without a word.
pub(super) fn json_source(value: &JsValue) -> Result<Option<String>, JsValue> {
    let text = match JSON::stringify(value) {
        Ok(text) => text.as_string(),
        Err(_) => with_big_integers(value)?,
    };
    // Nothing else is written so, and most texts have none.
    if text.as_ref().is_some_and(|text| text.contains("null")) && !is_finite(value) {
        return Err(RangeError::new("A number that is not finite has no JSON.").into());
    }
    Ok(text)
}

/// Whether all numbers in a value are.
fn is_finite(value: &JsValue) -> bool {
    let finite = Rc::new(Cell::new(true));
    let seen = Rc::clone(&finite);
    let look = Closure::<dyn Fn(JsValue, JsValue) -> JsValue>::new(move |_: JsValue, value: JsValue| {
        if value.as_f64().is_some_and(|number| !number.is_finite()) {
            seen.set(false);
        }
        if value.is_bigint() { JsValue::NULL } else { value }
    });
    let replacer: &Function = wasm_bindgen::JsCast::unchecked_ref(look.as_ref());
    let _ = JSON::stringify_with_replacer(value, replacer);
    finite.get()
}

/// `JSON.stringify` refuses a `BigInt`, so it gets a text that nobody else writes, which is put right afterwards.
fn with_big_integers(value: &JsValue) -> Result<Option<String>, JsValue> {
    let mark = format!("integer {:x} ", unit().to_bits());
    let own = mark.clone();
    let replace = Closure::<dyn Fn(JsValue, JsValue) -> JsValue>::new(move |_: JsValue, value: JsValue| {
        let digits = value.is_bigint().then(|| js_sys::BigInt::from(value.clone()).to_string(10).ok()).flatten();
        digits.and_then(|digits| digits.as_string()).map_or(value, |digits| format!("{own}{digits}").into())
    });
    let replacer: &Function = wasm_bindgen::JsCast::unchecked_ref(replace.as_ref());
    let text = JSON::stringify_with_replacer(value, replacer)?.as_string();
    Ok(text.map(|text| {
        let quoted = format!("\"{mark}");
        let mut parts = text.split(&quoted);
        let mut out = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            out.push_str(&part.replacen('"', "", 1));
        }
        out
    }))
}
