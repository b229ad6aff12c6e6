//! A caller's own way from a body to rows.

use super::host::{failed, host_body};
use super::json_source::json_source;
use super::options::{invalid, member};
use super::snapshot::body_bytes;
use super::values::json_to_js;
use crate::error::{Code, Error};
use crate::ingest::Shape;
use crate::snapshot::IngestOptions;
use crate::value::json::scan_whole;
use js_sys::{Array, Function};
use wasm_bindgen::{JsCast, JsValue};

/// The bytes of a body, or of the rows that the option `map` makes of it. Rows are then the shape.
pub(super) fn mapped(body: &JsValue, given: &JsValue, options: &mut IngestOptions) -> Result<Vec<u8>, Error> {
    let map = member(given, "map");
    if map.is_undefined() || map.is_null() {
        return host_body(body, &options.limits);
    }
    let map: &Function = map.dyn_ref().ok_or_else(|| invalid("The option map is not a function."))?;
    if options.shape.is_some_and(|shape| shape != Shape::VariableRows) {
        return Err(invalid("The option map makes rows, so that no other shape can be asked for."));
    }
    options.shape = Some(Shape::VariableRows);
    let raw = match body_bytes(body, &options.limits)? {
        Some(bytes) => value_of(&bytes)?,
        None => body.clone(),
    };
    let rows = map.call1(&JsValue::UNDEFINED, &raw).map_err(map_failed)?;
    let out = super::encode::object();
    super::encode::put(&out, "variables", listed(&rows, options.limits.variables)?);
    let refused = "The map gave rows with something in them that JSON cannot hold; the cause says what.";
    let text = json_source(&out).map_err(|error| failed(Code::InputInvalid, refused, error))?;
    Ok(text.map(String::into_bytes).unwrap_or_default())
}

fn map_failed(error: JsValue) -> Error {
    failed(Code::SourceFailed, "The map failed; its own error is the cause.", error)
}

/// The rows one by one, which a generator makes as they are asked for: it may fail in the middle, or never end.
fn listed(rows: &JsValue, most: usize) -> Result<Array, Error> {
    let rows = if rows.is_object() { js_sys::try_iter(rows).map_err(map_failed)? } else { None };
    let rows = rows.ok_or_else(|| invalid("The map did not give a list of rows."))?;
    let list = Array::new();
    for row in rows {
        if list.length() as usize >= most {
            return Err(Error::new(Code::TooManyVariables, "The map gives more variables than the limit."));
        }
        list.push(&row.map_err(map_failed)?);
    }
    Ok(list)
}

/// The value that a body is, its integers exact. It may be nested as deeply as it likes, and hold halves of surrogate pairs:
/// the rows that the map makes of it are judged one by one.
fn value_of(bytes: &[u8]) -> Result<JsValue, Error> {
    let broken = |message, offset| Error::new(Code::JsonSyntax, message).with(|facts| facts.offset = Some(offset));
    let text = std::str::from_utf8(bytes).map_err(|bad| {
        broken("The data is not UTF-8, so that no map can be given it; the offset says where.", bad.valid_up_to())
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match scan_whole(text.as_bytes()) {
        Ok(_) => Ok(json_to_js(text)),
        Err(fault) => Err(broken(
            "The data is not JSON; the offset says where it stops being so.",
            bytes.len() - text.len() + fault.offset,
        )),
    }
}
