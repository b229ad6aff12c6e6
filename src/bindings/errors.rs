//! Errors of the engine as real JavaScript errors: `name: "DebuggerError"`, a stable `code`, and the facts that belong
//! to it.

use super::causes;
use super::encode::{list, put, put_some};
use crate::error::Error;
use wasm_bindgen::JsValue;

impl From<Error> for JsValue {
    fn from(error: Error) -> JsValue {
        let object: JsValue = {
            let made = js_sys::Error::new(error.message());
            made.set_name("DebuggerError");
            made.into()
        };
        let facts = error.facts();
        put(&object, "code", error.code().as_str());
        put(&object, "retryable", error.is_retryable());
        put_some(&object, "status", facts.status.map(f64::from));
        put_some(&object, "attempts", facts.attempts.map(f64::from));
        put_some(&object, "retryAfterMs", facts.retry_after_ms);
        put_some(&object, "path", facts.path.as_deref());
        put_some(&object, "offset", facts.offset.map(|offset| offset as f64));
        put_some(&object, "requestId", facts.request_id.as_deref());
        put_some(&object, "problem", facts.problem.as_deref());
        if !facts.members.is_empty() {
            put(&object, "members", list(&facts.members, |name| JsValue::from_str(name)));
        }
        put_some(&object, "cause", facts.cause.and_then(causes::find));
        object
    }
}
