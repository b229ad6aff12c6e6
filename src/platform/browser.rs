//! The platform of JavaScript: a page, a worker or Node. Everything is found through the global object, which all have.

use super::browser_breath::breath;
use super::browser_origin;
use super::browser_page;
use super::browser_timer::timeout;
use super::browser_transport::fetch;
use super::origin::{Channel, Hear, Lock, Origin, Store};
use super::page::Page;
use super::slices::sleep_in_slices;
use super::traits::{Clock, LocalFuture, Random, Request, Response, Sleep, Spawn, Transport, TransportError};
use js_sys::{Date, Function, Math, Reflect};
use std::any::Any;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};

/// Clocks, timers, randomness, tasks and requests of the JavaScript engine that this module runs in.
#[derive(Clone)]
pub struct BrowserPlatform {
    performance: JsValue,
    now: Option<Function>,
}

impl BrowserPlatform {
    /// The platform that there is.
    pub fn new() -> BrowserPlatform {
        let performance = global_property("performance");
        let now = property(&performance, "now").dyn_into().ok();
        BrowserPlatform { performance, now }
    }
}

impl Default for BrowserPlatform {
    fn default() -> BrowserPlatform {
        BrowserPlatform::new()
    }
}

/// A property of any value; `undefined` where there is none.
pub(super) fn property(of: &JsValue, name: &str) -> JsValue {
    // A call that throws leaves a place of the table of references taken for good.
    if !of.is_object() && !of.is_function() {
        return JsValue::UNDEFINED;
    }
    Reflect::get(of, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

/// A property of the global object.
pub(super) fn global_property(name: &str) -> JsValue {
    property(&js_sys::global(), name)
}

/// The time of the calendar, in ms since 1970.
#[allow(clippy::disallowed_methods, reason = "this is the platform")]
pub fn wall_ms() -> f64 {
    Date::now()
}

impl Clock for BrowserPlatform {
    fn monotonic_ms(&self) -> f64 {
        let now = self.now.as_ref().and_then(|now| now.call0(&self.performance).ok()?.as_f64());
        now.unwrap_or_else(wall_ms)
    }

    fn wall_ms(&self) -> f64 {
        wall_ms()
    }
}

/// A number by chance from 0 up to and without 1, which somebody may guess.
#[allow(clippy::disallowed_methods, reason = "this is the platform")]
pub fn unit() -> f64 {
    Math::random()
}

impl Sleep for BrowserPlatform {
    fn sleep(&self, ms: f64) -> LocalFuture<()> {
        Box::pin(sleep_in_slices(self.clone(), ms, timeout))
    }

    fn breathe(&self) -> LocalFuture<()> {
        Box::pin(breath())
    }
}

impl Random for BrowserPlatform {
    fn unit(&self) -> f64 {
        unit()
    }

    fn secret(&self) -> [u8; 16] {
        browser_origin::secret()
    }
}

impl Spawn for BrowserPlatform {
    fn spawn(&self, task: LocalFuture<()>) {
        wasm_bindgen_futures::spawn_local(task);
    }
}

impl Transport for BrowserPlatform {
    fn send(&self, request: Request) -> LocalFuture<Result<Response, TransportError>> {
        Box::pin(fetch(request))
    }
}

impl Origin for BrowserPlatform {
    fn lock(&self, name: &str) -> LocalFuture<Option<Lock>> {
        browser_origin::lock(name)
    }

    fn join(&self, name: &str, hear: Hear) -> LocalFuture<Option<Box<dyn Channel>>> {
        browser_origin::join(name, hear)
    }

    fn store(&self) -> LocalFuture<Option<Rc<dyn Store>>> {
        browser_origin::store()
    }
}

impl Page for BrowserPlatform {
    fn own_origin(&self) -> Option<String> {
        property(&global_property("location"), "origin").as_string()
    }

    fn online(&self) -> LocalFuture<()> {
        Box::pin(browser_page::online())
    }

    fn visible(&self) -> LocalFuture<()> {
        Box::pin(browser_page::visible())
    }

    fn on_leave(&self, tell: Box<dyn Fn()>) -> Box<dyn Any> {
        browser_page::on_leave(tell)
    }
}
