//! What tabs share, through `origin.js`, which is loaded when it is first needed. Without it a tab is alone.

use super::browser::{global_property, property};
use super::browser_transport::AbortOnDrop;
use super::origin::{Change, Channel, Hear, Heard, Lock, Record, Room, Store, StoreError, Stored};
use super::traits::LocalFuture;
use js_sys::{Array, Function, Promise, Uint8Array};
use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;

thread_local! {
    static LOADER: RefCell<Option<Function>> = const { RefCell::new(None) };
}

/// Sets the function that gives a promise of `origin.js`.
pub fn set_origin_loader(loader: Function) {
    LOADER.set(Some(loader));
}

/// Calls a function of the module and waits for what it gives.
async fn ask(name: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    let loader = LOADER.with_borrow(Clone::clone).ok_or(JsValue::UNDEFINED)?;
    let module = settled(loader.call0(&JsValue::UNDEFINED)?).await?;
    settled(call(&module, name, arguments)?).await
}

fn call(of: &JsValue, name: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    let function: Function = property(of, name).dyn_into()?;
    function.apply(of, &arguments.iter().collect::<Array>())
}

async fn settled(value: JsValue) -> Result<JsValue, JsValue> {
    JsFuture::from(Promise::resolve(&value)).await
}

/// What there is, if there is something.
fn some(answer: Result<JsValue, JsValue>) -> Option<JsValue> {
    answer.ok().filter(JsValue::is_object)
}

/// Signs a text with keys of WebCrypto: one signature a key, as Standard Webhooks writes them.
///
/// # Errors
/// What WebCrypto says.
pub async fn sign_with_keys(keys: &Array, text: &str) -> Result<String, JsValue> {
    let signed = ask("sign", &[keys.into(), text.into()]).await?;
    signed.as_string().ok_or(JsValue::UNDEFINED)
}

/// Bits that nobody can guess; where the platform has none, bits that few can.
pub(super) fn secret() -> [u8; 16] {
    let crypto = global_property("crypto");
    let bytes = Uint8Array::new_with_length(16);
    let fill = property(&crypto, "getRandomValues").dyn_into::<Function>();
    if fill.and_then(|fill| fill.call1(&crypto, &bytes)).is_err() {
        (0..16).for_each(|at| bytes.set_index(at, (super::browser::unit() * 256.0) as u8));
    }
    let mut out = [0; 16];
    bytes.copy_to(&mut out);
    out
}

pub(super) fn lock(name: &str) -> LocalFuture<Option<Lock>> {
    let name = JsValue::from_str(name);
    Box::pin(async move {
        // Ends the wait or gives the lock back, whichever it is at the time.
        let controller = AbortController::new().ok()?;
        let signal = controller.signal().into();
        let abort = AbortOnDrop::of(controller);
        let lock = some(ask("lock", &[name, signal]).await)?;
        let waited = property(&lock, "waited").is_truthy();
        Some(Lock { waited, held: Box::new(abort) as Box<dyn Any> })
    })
}

pub(super) fn join(name: &str, hear: Hear) -> LocalFuture<Option<Box<dyn Channel>>> {
    let name = JsValue::from_str(name);
    Box::pin(async move {
        let hear = Closure::<dyn Fn(JsValue)>::new(move |word: JsValue| {
            hear(word.as_string().map_or(Heard::Leaving, Heard::Word));
        });
        let channel = some(ask("join", &[name, hear.as_ref().clone()]).await)?;
        Some(Box::new(BrowserChannel { channel, _hear: hear }) as Box<dyn Channel>)
    })
}

struct BrowserChannel {
    channel: JsValue,
    /// Kept for as long as JavaScript may call it.
    _hear: Closure<dyn Fn(JsValue)>,
}

impl Channel for BrowserChannel {
    fn say(&self, word: &str) {
        // A channel that has been closed carries nothing; the others go on without us.
        let _ = call(&self.channel, "say", &[word.into()]);
    }
}

impl Drop for BrowserChannel {
    fn drop(&mut self) {
        let _ = call(&self.channel, "leave", &[]);
    }
}

pub(super) fn store() -> LocalFuture<Option<Rc<dyn Store>>> {
    Box::pin(async {
        let store = some(ask("openStore", &[]).await)?;
        Some(Rc::new(BrowserStore { store }) as Rc<dyn Store>)
    })
}

struct BrowserStore {
    store: JsValue,
}

impl BrowserStore {
    /// Asked at once, so that transactions happen in the order in which they were asked for.
    fn ask<T: 'static>(
        &self,
        name: &'static str,
        arguments: &[JsValue],
        read: impl FnOnce(JsValue) -> Option<T> + 'static,
    ) -> Stored<T> {
        let answer = call(&self.store, name, arguments);
        Box::pin(async move {
            let answer = settled(answer.map_err(|_| StoreError)?).await.map_err(|_| StoreError)?;
            read(answer).ok_or(StoreError)
        })
    }
}

#[allow(clippy::cast_precision_loss)]
fn number(number: u64) -> JsValue {
    (number as f64).into()
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn whole(value: &JsValue) -> Option<u64> {
    value.as_f64().map(|number| number as u64)
}

fn change(change: Change) -> JsValue {
    let parts: Vec<JsValue> = match change {
        Change::Head { list, number: at, to, head } => {
            vec!["head".into(), list.into(), number(at), to.into(), head.into()]
        }
        Change::Remove { list, number: at } => vec!["remove".into(), list.into(), number(at)],
        Change::Log(line) => vec!["log".into(), line.into()],
        Change::Note(name, text) => vec!["note".into(), name.into(), text.into()],
        Change::Expect(name, text) => vec!["expect".into(), name.into(), text.into()],
        Change::Line { list, number: at, text } => vec!["line".into(), list.into(), number(at), text.into()],
        Change::Trim { list, to } => vec!["trim".into(), list.into(), number(to)],
    };
    parts.iter().collect::<Array>().into()
}

impl Store for BrowserStore {
    fn durable(&self) -> bool {
        true
    }

    fn append(&self, list: &str, record: Record, room: Room) -> Stored<Option<u64>> {
        let size = number(record.body.len() as u64);
        let (records, bytes) = (number(room.records as u64), number(room.bytes as u64));
        let arguments = [list.into(), record.head.into(), record.body.into(), size, records, bytes];
        self.ask("append", &arguments, |answer| Some(whole(&answer)))
    }

    fn heads(&self, list: &str, most: usize) -> Stored<Vec<(u64, String)>> {
        self.ask("heads", &[list.into(), number(most as u64)], |answer| {
            let pairs: Array = answer.dyn_into().ok()?;
            let pair = |pair: JsValue| {
                let pair: Array = pair.dyn_into().ok()?;
                Some((whole(&pair.get(0))?, pair.get(1).as_string()?))
            };
            pairs.iter().map(pair).collect()
        })
    }

    fn body(&self, at: u64) -> Stored<Option<String>> {
        self.ask("body", &[number(at)], |answer| Some(answer.as_string()))
    }

    fn commit(&self, changes: Vec<Change>) -> Stored<bool> {
        let list: Array = changes.into_iter().map(change).collect();
        self.ask("commit", &[list.into()], |answer| Some(answer.is_truthy()))
    }

    fn lines(&self) -> Stored<Vec<String>> {
        self.ask("lines", &[], |answer| {
            let lines: Array = answer.dyn_into().ok()?;
            lines.iter().map(|line| line.as_string()).collect()
        })
    }

    fn note(&self, name: &str) -> Stored<Option<String>> {
        self.ask("note", &[name.into()], |answer| {
            // Anything may have been written there.
            if answer.is_undefined() { Some(None) } else { answer.as_string().map(Some) }
        })
    }

    fn used(&self) -> Stored<Room> {
        self.ask("used", &[], |answer| {
            let records = usize::try_from(whole(&property(&answer, "records"))?).ok()?;
            let bytes = usize::try_from(whole(&property(&answer, "bytes"))?).ok()?;
            Some(Room { records, bytes })
        })
    }
}
