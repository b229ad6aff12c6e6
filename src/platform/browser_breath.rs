//! Lets the other tasks of a thread go first.

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageChannel, MessagePort};

/// A port that is closed with whoever waits at it, since an open one would keep Node alive.
struct Hearing(MessagePort);

impl Drop for Hearing {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// Ends in a task of its own, behind those that wait already. Timers would do, but browsers make timers that are set by
/// timers wait for four milliseconds. Where there are no channels it ends at once.
pub(super) async fn breath() {
    let Ok(channel) = MessageChannel::new() else { return };
    let (hears, tells) = (Hearing(channel.port1()), channel.port2());
    let heard = Promise::new(&mut |resolve, _| {
        hears.0.set_onmessage(Some(&resolve));
        if tells.post_message(&JsValue::NULL).is_err() {
            // The promise must not stay open.
            let _ = resolve.call0(&JsValue::UNDEFINED);
        }
    });
    // It is never rejected.
    let _ = JsFuture::from(heard).await;
}
