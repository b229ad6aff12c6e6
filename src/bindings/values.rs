//! Typed values as JavaScript values, exact and without a way into a prototype.

use crate::value::Value;
use crate::value::json::{JsonKind, Scanned, scan_value, unescape};
use js_sys::{Array, BigInt, JSON, Object};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// Beyond ±(2^53−1) a JavaScript number is not exact.
const SAFE: std::ops::RangeInclusive<i64> = -9_007_199_254_740_991..=9_007_199_254_740_991;
/// Fewer characters than this are always inside the safe range.
const SAFE_CHARS: usize = 15;

/// The value as JavaScript has it: integers outside ±(2^53−1) as `BigInt`, names as own properties.
pub(super) fn to_js(value: &Value<'_>) -> JsValue {
    match value {
        Value::Null => JsValue::NULL,
        Value::Boolean(value) => JsValue::from_bool(*value),
        Value::Integer(digits) => integer(digits),
        Value::Number(text) => number(text),
        Value::NonFinite(value) => JsValue::from_f64(*value),
        Value::String(text) => JsValue::from_str(text),
        Value::Array(source) | Value::Object(source) => json_to_js(source),
    }
}

/// The same for a value whose text is a text of JavaScript's already.
pub(super) fn to_js_of(value: &Value<'_>, raw: &str, raw_in_js: &JsValue) -> JsValue {
    match value {
        Value::String(text) if *text == raw => raw_in_js.clone(),
        Value::Array(source) | Value::Object(source) if *source == raw && !has_unsafe_integer(raw) => {
            parse(raw_in_js).unwrap_or_else(|_| json_to_js(source))
        }
        _ => to_js(value),
    }
}

#[wasm_bindgen]
extern "C" {
    /// `JSON.parse` of a text that need not cross again.
    #[wasm_bindgen(catch, js_namespace = JSON)]
    fn parse(text: &JsValue) -> Result<JsValue, JsValue>;
}

fn integer(digits: &str) -> JsValue {
    match digits.parse::<i64>() {
        #[allow(clippy::cast_precision_loss)]
        Ok(value) if SAFE.contains(&value) && digits != "-0" => JsValue::from_f64(value as f64),
        _ if digits == "-0" => JsValue::from_f64(-0.0),
        _ => BigInt::new(&JsValue::from_str(digits)).map_or_else(|_| JsValue::from_str(digits), JsValue::from),
    }
}

fn number(text: &str) -> JsValue {
    JsValue::from_f64(text.parse().unwrap_or(f64::NAN))
}

/// What JSON that is well formed stands for.
///
/// `JSON.parse` defines own properties, `__proto__` included; only integers that it would round need our own way.
pub(super) fn json_to_js(source: &str) -> JsValue {
    if !has_unsafe_integer(source)
        && let Ok(parsed) = JSON::parse(source)
    {
        return parsed;
    }
    build(source).unwrap_or_else(|| JsValue::from_str(source))
}

/// A run of digits that is long enough to be rounded: a quick look that may say yes too often. One of so many digits stands
/// in a place that is looked at.
fn has_unsafe_integer(source: &str) -> bool {
    let run = |bytes: &mut dyn Iterator<Item = &u8>| bytes.take_while(|byte| byte.is_ascii_digit()).count();
    (SAFE_CHARS..source.len()).step_by(SAFE_CHARS + 1).any(|at| {
        let (before, after) = source.as_bytes().split_at_checked(at).unwrap_or_default();
        let behind = run(&mut after.iter());
        behind > 0 && behind + run(&mut before.iter().rev()) > SAFE_CHARS
    })
}

/// A container that is not closed yet.
struct Open {
    object: bool,
    /// Elements, or pairs of a name and a value.
    items: Array,
    name: Option<JsValue>,
}

impl Open {
    fn add(&mut self, value: JsValue) {
        match self.name.take() {
            Some(name) => self.items.push(Array::of(&[name, value]).as_ref()),
            None => self.items.push(&value),
        };
    }

    fn close(self) -> JsValue {
        if self.object {
            // `fromEntries` defines own properties, so that no name reaches a prototype; the last of equal names stays.
            Object::from_entries(&self.items).map_or(JsValue::NULL, JsValue::from)
        } else {
            self.items.into()
        }
    }
}

/// One pass over the tokens of a valid text. No depth of it takes more of the stack.
fn build(source: &str) -> Option<JsValue> {
    let bytes = source.as_bytes();
    let (mut open, mut at): (Vec<Open>, usize) = (Vec::new(), 0);
    loop {
        let byte = *bytes.get(at)?;
        let value = match byte {
            b'{' | b'[' => {
                open.push(Open { object: byte == b'{', items: Array::new(), name: None });
                at += 1;
                continue;
            }
            b',' | b':' | b' ' | b'\t' | b'\n' | b'\r' => {
                at += 1;
                continue;
            }
            b'}' | b']' => {
                at += 1;
                open.pop()?.close()
            }
            _ => {
                let token = scan_value(bytes, at).ok()?;
                at = token.end;
                scalar(source, token)
            }
        };
        match open.last_mut() {
            None => return Some(value),
            Some(object) if object.object && object.name.is_none() => object.name = Some(value),
            Some(container) => container.add(value),
        }
    }
}

fn scalar(source: &str, value: Scanned) -> JsValue {
    let text = source.get(value.start..value.end).unwrap_or_default();
    match value.kind {
        JsonKind::False => JsValue::FALSE,
        JsonKind::True => JsValue::TRUE,
        JsonKind::Integer => integer(text),
        JsonKind::Number => number(text),
        JsonKind::String => string(text),
        _ => JsValue::NULL,
    }
}

/// Half a surrogate pair, which no text of ours can hold, is one of JavaScript's texts.
fn string(token: &str) -> JsValue {
    match unescape(token.get(1..token.len() - 1).unwrap_or_default()) {
        Some(text) => JsValue::from_str(&text),
        None => JSON::parse(token).unwrap_or(JsValue::NULL),
    }
}
