//! The functions of the package.

use super::encode;
use super::options::{decode, invalid, member, parameters, policy, query};
use crate::platform;
use crate::query::Endpoint;
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
