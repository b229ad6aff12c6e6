//! Waits for what a page is told by events: the network, and somebody who looks.

use super::browser::{global_property, property};
use js_sys::{Function, Promise};
use std::any::Any;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Ends when the browser says that it is online.
pub(super) async fn online() {
    let navigator = global_property("navigator");
    let is_offline = || property(&navigator, "onLine").as_bool() == Some(false);
    while is_offline() && event(js_sys::global().into(), "online").await {}
}

/// Ends when the document is not hidden. A worker has no document; whoever made it tells it with an event of that name.
pub(super) async fn visible() {
    let document = global_property("document");
    let (of, target) = match document.is_object() {
        true => (document.clone(), document),
        false => (js_sys::global().into(), js_sys::global().into()),
    };
    let is_hidden = || property(&of, "visibilityState").as_string().as_deref() == Some("hidden");
    while is_hidden() && event(target.clone(), "visibilitychange").await {}
}

/// Calls `tell` when the page is about to be closed, until what is given is dropped.
pub(super) fn on_leave(tell: Box<dyn Fn()>) -> Box<dyn Any> {
    let heard = Closure::<dyn Fn(JsValue)>::new(move |event: JsValue| {
        // A page that is kept for coming back to is not closed.
        if !property(&event, "persisted").is_truthy() {
            tell();
        }
    });
    let callback = heard.as_ref().clone();
    let listener = Listener { target: js_sys::global().into(), name: "pagehide", callback };
    // Where there are no events, there is no page.
    let _ = listener.call("addEventListener");
    Box::new((listener, heard))
}

/// Waits for one event. `false` where there are no events to wait for.
async fn event(target: JsValue, name: &'static str) -> bool {
    let mut listener = Listener { target, name, callback: JsValue::UNDEFINED };
    let promise = Promise::new(&mut |resolve, _| listener.callback = resolve.into());
    if listener.call("addEventListener").is_none() {
        return false;
    }
    JsFuture::from(promise).await.is_ok()
}

/// Listens until it is dropped.
struct Listener {
    target: JsValue,
    name: &'static str,
    callback: JsValue,
}

impl Listener {
    fn call(&self, method: &str) -> Option<JsValue> {
        let method: Function = property(&self.target, method).dyn_into().ok()?;
        method.call2(&self.target, &self.name.into(), &self.callback).ok()
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        // What cannot be taken away does nothing any more.
        let _ = self.call("removeEventListener");
    }
}
