//! The platform of JavaScript: a page, a worker or Node. Everything is found through the global object, which all have.

use super::browser_origin;
use super::browser_timer::timeout;
use super::browser_transport::fetch;
use super::origin::{Channel, Hear, Lock, Origin, Store};
use super::traits::{Clock, LocalFuture, Random, Request, Response, Sleep, Spawn, Transport, TransportError};
use js_sys::{Date, Function, Math, Reflect};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};

/// Clocks, timers, randomness, tasks and requests of the JavaScript engine that this module runs in.
#[derive(Clone)]
pub struct BrowserPlatform {
    performance: JsValue,
    now: Option<Function>,
}

/// A background page may run its timers late, and a computer may sleep through them; both clocks are looked at again
/// after so many ms at the latest. Also keeps every timer below 2^31 ms, beyond which it would fire at once.
const LONGEST_TIMER_MS: f64 = 60_000.0;

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
    Reflect::get(of, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

/// A property of the global object.
pub(super) fn global_property(name: &str) -> JsValue {
    property(&js_sys::global(), name)
}

impl Clock for BrowserPlatform {
    fn monotonic_ms(&self) -> f64 {
        let now = self.now.as_ref().and_then(|now| now.call0(&self.performance).ok()?.as_f64());
        now.unwrap_or_else(Date::now)
    }

    fn wall_ms(&self) -> f64 {
        Date::now()
    }
}

impl Sleep for BrowserPlatform {
    fn sleep(&self, ms: f64) -> LocalFuture<()> {
        let platform = self.clone();
        let (monotonic, wall) = (self.monotonic_ms(), self.wall_ms());
        Box::pin(async move {
            loop {
                let passed = (platform.monotonic_ms() - monotonic).max(platform.wall_ms() - wall);
                let left = ms - passed;
                if left.is_nan() || left <= 0.0 {
                    return;
                }
                timeout(left.min(LONGEST_TIMER_MS)).await;
            }
        })
    }
}

impl Random for BrowserPlatform {
    fn unit(&self) -> f64 {
        Math::random()
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
