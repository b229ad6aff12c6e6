//! Callbacks of the host: tokens and bodies that it gives itself.

use super::causes;
use super::encode::{object, put, put_some};
use super::json_source::json_source;
use super::options::member;
use super::snapshot::body_bytes;
use crate::client::problem::whole_number;
use crate::client::token::no_number;
use crate::client::{Source, TokenAnswer, TokenReason, TokenSource};
use crate::error::{Code, Error};
use crate::ingest::Limits;
use crate::platform::LocalFuture;
use crate::query::VariableQuery;
use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal};

/// Aborts its signal when it is dropped before the callback is done.
struct Guard {
    controller: Option<AbortController>,
}

impl Guard {
    fn new() -> Guard {
        Guard { controller: AbortController::new().ok() }
    }

    fn signal(&self) -> Option<AbortSignal> {
        self.controller.as_ref().map(AbortController::signal)
    }

    fn done(mut self) {
        self.controller = None;
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(controller) = &self.controller {
            controller.abort();
        }
    }
}

/// Calls a function of the host and waits for what it gives.
pub(super) async fn call(function: Function, argument: JsValue) -> Result<JsValue, JsValue> {
    let answer = function.call1(&JsValue::UNDEFINED, &argument)?;
    JsFuture::from(Promise::resolve(&answer)).await
}

pub(super) fn failed(code: Code, message: &'static str, error: JsValue) -> Error {
    Error::new(code, message).with(|facts| facts.cause = Some(causes::keep(error)))
}

/// A function that gives tokens.
pub(super) struct TokenCallback(pub(super) Function);

impl TokenSource for TokenCallback {
    fn route(&self) -> &'static str {
        "token callback"
    }

    fn fetch(&self, reason: TokenReason) -> LocalFuture<Result<TokenAnswer, Error>> {
        let function = self.0.clone();
        Box::pin(async move {
            let guard = Guard::new();
            let request = object();
            put(&request, "reason", reason.as_str());
            put_some(&request, "signal", guard.signal());
            let answer = call(function, request).await.map_err(|error| {
                failed(Code::TokenProviderFailed, "The token callback failed; its own error is the cause.", error)
            })?;
            guard.done();
            token_answer(&answer)
        })
    }
}

fn token_answer(answer: &JsValue) -> Result<TokenAnswer, Error> {
    if let Some(access_token) = answer.as_string() {
        return Ok(TokenAnswer { access_token, token_type: None, expires_in: None });
    }
    let access_token = member(answer, "access_token").as_string().ok_or_else(|| {
        Error::new(Code::TokenInvalid, "The token callback gave neither a text nor an object with access_token.")
    })?;
    let token_type = member(answer, "token_type").as_string();
    let life = member(answer, "expires_in");
    // As an endpoint may: in a text, or null.
    let expires_in = life.as_f64().or_else(|| whole_number(&life.as_string()?));
    if expires_in.is_none() && !(life.is_undefined() || life.is_null()) {
        return Err(no_number());
    }
    Ok(TokenAnswer { access_token, token_type, expires_in })
}

/// A function that gives bodies.
pub(super) struct SourceCallback {
    pub(super) function: Function,
    pub(super) limits: Limits,
}

impl Source for SourceCallback {
    fn read(&self, query: &VariableQuery) -> LocalFuture<Result<Vec<u8>, Error>> {
        let (function, limits) = (self.function.clone(), self.limits);
        let request = query_object(query);
        Box::pin(async move {
            let guard = Guard::new();
            put_some(&request, "signal", guard.signal());
            let answer = call(function, request)
                .await
                .map_err(|error| failed(Code::SourceFailed, "The source failed; its own error is the cause.", error))?;
            guard.done();
            host_body(&answer, &limits)
        })
    }
}

pub(super) fn query_object(query: &VariableQuery) -> JsValue {
    let out = object();
    put(&out, "sessionId", query.session_id.as_str());
    put_some(&out, "name", query.name.as_deref());
    put_some(&out, "nameMatch", query.name.as_ref().map(|_| query.name_match.as_str()));
    put_some(&out, "scope", query.scope.as_deref());
    put_some(&out, "includeSystem", query.include_system);
    put_some(&out, "userId", query.user_id.as_deref());
    out
}

/// JSON bytes, JSON text, or a value that JSON can hold.
pub(super) fn host_body(body: &JsValue, limits: &Limits) -> Result<Vec<u8>, Error> {
    if let Some(bytes) = body_bytes(body, limits)? {
        return Ok(bytes);
    }
    let refused = "The data is neither bytes, nor a text, nor a value that JSON can hold.";
    let text = json_source(body).map_err(|error| failed(Code::InputInvalid, refused, error))?;
    // `undefined` and functions have no JSON at all.
    text.map(String::into_bytes).ok_or_else(|| Error::new(Code::InputInvalid, refused))
}
