//! The functions of the package.

use super::encode;
use super::json_text::JsonText;
use super::options::{check_known, decode, invalid, member, named_path, parameters, policy, query, text, whole};
use crate::ingest::Limits;
use crate::platform::{self, BrowserPlatform, Sleep};
use crate::query::Endpoint;
use crate::snapshot::{self, PathDialect, WarmUp};
use crate::value::{Policy, read_text};
use js_sys::Function;
use serde::Deserialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// The version of the package.
#[wasm_bindgen(skip_typescript)]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// Takes the function that loads `origin.js`. For the entries of the package.
#[wasm_bindgen(js_name = setOriginLoader, skip_typescript)]
pub fn set_origin_loader(loader: Function) {
    platform::set_origin_loader(loader);
}

/// So much memory is asked of the platform at once, which takes it some milliseconds.
const GROWTH: usize = 1 << 21;
/// The columns of a usual body take this part of it: some 60 bytes for a variable of 500.
const COLUMNS: usize = 8;
/// What they leave behind while they grow, of which larger bodies make better use.
const MOVING: usize = 1 << 20;

/// Gets ready for a first body while it is on its way.
#[wasm_bindgen(js_name = warmUp, skip_typescript)]
pub async fn warm_up(options: JsValue) -> Result<(), JsValue> {
    check_known(&options, &["bytes"])?;
    let bytes = member(&options, "bytes");
    let bytes = if bytes.is_undefined() { 0 } else { whole(bytes.as_f64().or(Some(f64::NAN)), 0)? };
    let platform = BrowserPlatform::new();
    let mut warm_up = WarmUp::new();
    while warm_up.step() {
        platform.breathe().await;
    }
    // Memory stays with the engine once it has it. It is there only when something has been written to it.
    let room_for = if bytes == 0 { 0 } else { bytes.saturating_add(bytes / COLUMNS + MOVING) };
    let mut room = Vec::new();
    if bytes <= Limits::default().body_bytes && room.try_reserve_exact(room_for).is_ok() {
        while room.len() < room_for {
            room.resize(room_for.min(room.len() + GROWTH), 0_u8);
            platform.breathe().await;
        }
    }
    Ok(())
}

/// Writes the way to a part of a value; `undefined` where the dialect has no words for it.
#[wasm_bindgen(js_name = pathText, skip_typescript)]
pub fn path_text(dialect: &JsValue, place: &JsValue) -> Result<Option<String>, JsValue> {
    check_known(place, &["name", "scope", "path"])?;
    let unknown = "There is no such dialect; there are json-pointer, json-path, javascript and expression.";
    let dialect = PathDialect::parse(&text(dialect)?).ok_or_else(|| invalid(unknown))?;
    let given = |name| Some(member(place, name)).filter(|value| !value.is_undefined());
    let scope = given("scope").map(|scope| text(&scope)).transpose()?.unwrap_or_default();
    let path = given("path").map(|path| named_path(&path)).transpose()?.unwrap_or_default();
    Ok(snapshot::path_text(dialect, &text(&member(place, "name"))?, &scope, &path))
}

/// Where two texts differ.
#[wasm_bindgen(js_name = diffText, skip_typescript)]
pub fn diff_text(before: &JsValue, after: &JsValue) -> Result<JsValue, JsValue> {
    let (before, after) = (text(before)?, text(after)?);
    let mut out = JsonText::default();
    out.list(snapshot::text_diff(&before, &after), |out, piece| {
        out.object(|out| {
            out.field("kind").text(piece.kind.as_str());
            out.field("text").text(piece.text);
        });
    });
    Ok(out.parse())
}

#[derive(Default, Deserialize)]
struct UrlJs {
    path: Option<String>,
}

/// The URL that answers a query.
#[wasm_bindgen(js_name = buildVariablesUrl, skip_typescript)]
pub fn build_variables_url(base_url: &JsValue, query_value: &JsValue, options: &JsValue) -> Result<String, JsValue> {
    let base_url = base_url.as_string().ok_or_else(|| invalid("The base URL is not a text."))?;
    let given: UrlJs = decode(options, &["path", "parameters"])?;
    let endpoint = Endpoint::new(&base_url, given.path.as_deref())?;
    let endpoint = endpoint.with_parameters(parameters(&member(options, "parameters"))?)?;
    Ok(endpoint.url(&query(query_value)?)?)
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct CoerceJs {
    policy: Option<String>,
    declared_type: Option<String>,
}

/// Reads a text as a typed value.
#[wasm_bindgen(skip_typescript)]
pub fn coerce(text: &JsValue, options: &JsValue) -> Result<JsValue, JsValue> {
    let text = super::options::text(text)?;
    let options: CoerceJs = decode(options, &["policy", "declaredType"])?;
    let policy = policy(options.policy.as_deref())?.unwrap_or(Policy::Lossless);
    Ok(encode::reading(&text, &read_text(&text, policy, options.declared_type.as_deref())))
}
