//! An `AbortSignal` of the caller as a cancel handle of the engine.

use super::options::{invalid, member};
use crate::client::Cancel;
use crate::error::{Code, Error};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::AbortSignal;

/// Listens to a signal for as long as it lives.
pub(super) struct Abort {
    pub(super) cancel: Cancel,
    signal: Option<AbortSignal>,
    listener: Option<Closure<dyn FnMut()>>,
}

impl Abort {
    /// Listens to the `signal` of an options object, if there is one.
    pub(super) fn of(options: &JsValue) -> Result<Abort, Error> {
        let value = member(options, "signal");
        let cancel = Cancel::new();
        if value.is_undefined() || value.is_null() {
            return Ok(Abort { cancel, signal: None, listener: None });
        }
        // Known by its face: a signal of another window is none of this window's class.
        if member(&value, "aborted").as_bool().is_none() || !member(&value, "addEventListener").is_function() {
            return Err(invalid("The option signal is not an AbortSignal."));
        }
        let signal: AbortSignal = value.unchecked_into();
        if signal.aborted() {
            cancel.cancel();
            return Ok(Abort { cancel, signal: Some(signal), listener: None });
        }
        let handle = cancel.clone();
        let listener = Closure::<dyn FnMut()>::new(move || handle.cancel());
        let _ = signal.add_event_listener_with_callback("abort", listener.as_ref().unchecked_ref());
        Ok(Abort { cancel, signal: Some(signal), listener: Some(listener) })
    }

    /// What the caller catches: the signal's own reason where it was the signal that stopped the call.
    pub(super) fn rejection(&self, error: Error) -> JsValue {
        match &self.signal {
            Some(signal) if error.code() == Code::Aborted && signal.aborted() => signal.reason(),
            _ => error.into(),
        }
    }

    /// The signal's reason, once it was aborted.
    pub(super) fn reason(&self) -> Option<JsValue> {
        self.signal.as_ref().filter(|signal| signal.aborted()).map(AbortSignal::reason)
    }
}

impl Drop for Abort {
    fn drop(&mut self) {
        if let (Some(signal), Some(listener)) = (&self.signal, &self.listener) {
            let _ = signal.remove_event_listener_with_callback("abort", listener.as_ref().unchecked_ref());
        }
    }
}
