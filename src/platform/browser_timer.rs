//! One timer of JavaScript as a future.

use super::browser::global_property;
use js_sys::{Function, global};
use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

/// Ends after `ms` milliseconds. Where there are no timers it ends at once.
pub(super) fn timeout(ms: f64) -> Timeout {
    let state = Rc::<State>::default();
    let fired = Rc::clone(&state);
    let callback = Closure::once(move || {
        fired.fired.set(true);
        if let Some(waker) = fired.waker.take() {
            waker.wake();
        }
    });
    let set = global_property("setTimeout").dyn_into::<Function>().ok();
    // Rounded up, since a timer that fires early would only have to be set again.
    let handle = set.and_then(|set| set.call2(&global(), callback.as_ref(), &ms.ceil().into()).ok());
    state.fired.set(handle.is_none());
    Timeout { state, handle, _callback: callback }
}

#[derive(Default)]
struct State {
    fired: Cell<bool>,
    waker: RefCell<Option<Waker>>,
}

/// A timer that is running. Cleared when dropped.
pub(super) struct Timeout {
    state: Rc<State>,
    /// A number in browsers, an object in Node.
    handle: Option<JsValue>,
    /// Kept for as long as JavaScript may call it.
    _callback: Closure<dyn FnMut()>,
}

impl Future for Timeout {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.state.fired.get() {
            return Poll::Ready(());
        }
        *self.state.waker.borrow_mut() = Some(context.waker().clone());
        Poll::Pending
    }
}

impl Drop for Timeout {
    fn drop(&mut self) {
        if self.state.fired.get() {
            return;
        }
        let clear = global_property("clearTimeout").dyn_into::<Function>().ok();
        if let (Some(clear), Some(handle)) = (clear, &self.handle) {
            // There is nobody to tell that a timer could not be cleared; its callback does nothing any more.
            let _ = clear.call1(&global(), handle);
        }
    }
}
