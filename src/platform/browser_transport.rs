//! Requests through `fetch`.
//!
//! gloo-net builds them; the call itself is made here, since gloo-net panics when a wrapped `fetch` rejects with
//! something that is not an `Error` or resolves with a response of another realm.

use super::browser::{global_property, property};
use super::browser_body::BrowserBody;
use super::traits::{Credentials, Headers, Method, READ_HEADERS, Request, Response, TransportError};
use gloo_net::http::{self, RequestBuilder};
use js_sys::{Function, Promise, global};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, ReferrerPolicy, RequestCache, RequestCredentials, RequestRedirect};

/// Sends a request and waits for the head of its answer. Dropping the future aborts the request.
pub(super) async fn fetch(request: Request) -> Result<Response, TransportError> {
    let controller = AbortController::new().map_err(|_| TransportError::Network)?;
    let request: web_sys::Request = build(request, &controller).ok_or(TransportError::Network)?.into();
    let abort = AbortOnDrop::of(controller);
    let fetch = global_property("fetch").dyn_into::<Function>().map_err(|_| TransportError::Network)?;
    let promise = fetch.call1(&global(), &request).map_err(|error| reason(&error))?;
    let response = JsFuture::from(Promise::resolve(&promise)).await.map_err(|error| reason(&error))?;
    if !response.is_object() {
        return Err(TransportError::Network);
    }
    // Not checked by its class: another realm has its own.
    let response = http::Response::from(response.unchecked_into::<web_sys::Response>());
    let status = response.status();
    if response.redirected() {
        return Err(TransportError::Redirect);
    }
    let headers = headers(&response);
    let length = content_length(&headers);
    Ok(Response { status, headers, body: Box::new(BrowserBody::new(response, length, abort)) })
}

fn build(request: Request, abort: &AbortController) -> Option<http::Request> {
    let method = match request.method {
        Method::Get => http::Method::GET,
        Method::Post => http::Method::POST,
    };
    let credentials = match request.credentials {
        Credentials::Omit => RequestCredentials::Omit,
        Credentials::SameOrigin => RequestCredentials::SameOrigin,
    };
    let mut builder = RequestBuilder::new(&request.url)
        .method(method)
        .credentials(credentials)
        // The token must not travel on. Browsers then report a redirect as they report a broken network.
        .redirect(RequestRedirect::Error)
        .referrer_policy(ReferrerPolicy::NoReferrer)
        .cache(RequestCache::NoStore)
        .abort_signal(Some(&abort.signal()));
    for (name, value) in &request.headers {
        builder = builder.header(name, value);
    }
    match request.body {
        Some(body) => builder.body(body).ok(),
        None => builder.build().ok(),
    }
}

fn headers(response: &http::Response) -> Headers {
    let from = response.headers();
    let mut headers = Headers::new();
    for name in READ_HEADERS {
        if let Some(value) = from.get(name) {
            headers.push(name, value);
        }
    }
    headers
}

fn content_length(headers: &Headers) -> Option<usize> {
    if headers.get("content-encoding").is_some_and(|coding| !coding.eq_ignore_ascii_case("identity")) {
        return None;
    }
    headers.get("content-length")?.parse().ok()
}

/// What a rejection means. `fetch` gives a `TypeError` for everything that keeps an answer away.
pub(super) fn reason(error: &JsValue) -> TransportError {
    if property(error, "name").as_string().as_deref() == Some("AbortError") {
        return TransportError::Aborted;
    }
    if property(&global_property("navigator"), "onLine").as_bool() == Some(false) {
        return TransportError::Offline;
    }
    told(error).map_or(TransportError::Network, TransportError::Unreachable)
}

/// Why, where the platform says so: Node names a cause with a code, browsers name none. The error's own message is not told,
/// since it may hold the URL.
fn told(error: &JsValue) -> Option<String> {
    let cause = property(error, "cause");
    let text = |name| property(&cause, name).as_string().filter(|text| !text.is_empty());
    match (text("code"), text("message")) {
        (Some(code), Some(message)) if !message.contains(&code) => Some([&code, ": ", &message].concat()),
        (code, message) => message.or(code),
    }
}

/// Aborts its request when dropped, unless it is over. No reason is given: `fetch` would reject with it, whatever it is.
pub(super) struct AbortOnDrop(Option<AbortController>);

impl AbortOnDrop {
    pub(super) fn of(controller: AbortController) -> AbortOnDrop {
        AbortOnDrop(Some(controller))
    }

    /// The answer has been read. To abort it all the same would do nothing, in a third of a millisecond.
    pub(super) fn is_over(&mut self) {
        self.0 = None;
    }
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        if let Some(request) = &self.0 {
            request.abort();
        }
    }
}
