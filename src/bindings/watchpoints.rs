//! `Watchpoints` as a JavaScript class.

use super::arrangement::put_path;
use super::encode::{list, masked, object, put, put_some};
use super::json_source::json_source;
use super::json_text::JsonText;
use super::mask::mask;
use super::options::{check_known, invalid, member, named_path, text, whole};
use super::snapshot::Snapshot;
use super::values::to_js;
use crate::error::Error;
use crate::snapshot::{Condition, Mask, Observed, WatchEvent, Watchpoint, Watchpoints as Inner};
use js_sys::Object;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

/// The watchpoints of one session.
#[wasm_bindgen(skip_typescript)]
#[derive(Debug, Default)]
pub struct Watchpoints {
    inner: Inner,
}

#[wasm_bindgen]
impl Watchpoints {
    /// No watchpoints yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Watchpoints {
        Watchpoints::default()
    }

    /// Adds one and gives its number.
    pub fn add(&mut self, watchpoint: &JsValue, options: &JsValue) -> Result<u32, JsValue> {
        check_known(options, &["mask"])?;
        let mask = mask(&member(options, "mask"), Mask::off)?;
        Ok(self.inner.add_through(decode(watchpoint)?, &mask)?)
    }

    /// Takes one away.
    pub fn remove(&mut self, id: u32) -> bool {
        self.inner.remove(id)
    }

    /// How often one has been hit.
    pub fn hits(&self, id: u32) -> Option<u32> {
        self.inner.hits(id)
    }

    /// The place of one, by names as they are.
    pub fn place(&self, id: u32) -> JsValue {
        let Some(Watchpoint { name, scope, path, .. }) = self.inner.watchpoint(id) else { return JsValue::UNDEFINED };
        let mut out = JsonText::default();
        out.object(|out| {
            out.field("name").text(name);
            out.some_text("scope", scope.as_deref());
            put_path(out, path);
        });
        out.parse()
    }

    /// Looks at the next snapshot.
    pub fn check(&mut self, snapshot: &Snapshot, options: &JsValue) -> Result<JsValue, JsValue> {
        check_known(options, &["mask"])?;
        let mask = mask(&member(options, "mask"), Mask::off)?;
        Ok(list(self.inner.check_through(snapshot.inner(), &mask), |event| encode(&event)))
    }
}

fn decode(value: &JsValue) -> Result<Watchpoint, Error> {
    check_known(value, &["name", "scope", "path", "when"])?;
    let given = |name| Some(member(value, name)).filter(|value| !value.is_undefined() && !value.is_null());
    Ok(Watchpoint {
        name: text(&member(value, "name"))?,
        scope: given("scope").map(|scope| text(&scope)).transpose()?,
        path: given("path").map(|path| named_path(&path)).transpose()?.unwrap_or_default(),
        when: condition(&member(value, "when"))?,
    })
}

fn condition(when: &JsValue) -> Result<Condition, Error> {
    match when.as_string().as_deref() {
        Some("changes") => return Ok(Condition::Changes),
        Some("appears") => return Ok(Condition::Appears),
        Some("disappears") => return Ok(Condition::Disappears),
        Some("type-changes") => return Ok(Condition::TypeChanges),
        Some("winner-changes") => return Ok(Condition::WinnerChanges),
        _ => {}
    }
    let unknown = || invalid("The watchpoint's when is no condition that is known.");
    let keys = when.dyn_ref::<Object>().map(Object::keys).filter(|keys| keys.length() == 1).ok_or_else(unknown)?;
    let key = keys.get(0).as_string().unwrap_or_default();
    let value = member(when, &key);
    let json = || {
        json_source(&value).ok().flatten().ok_or_else(|| invalid("The watchpoint's value is none that JSON can hold."))
    };
    let number = || whole(Some(value.as_f64().unwrap_or(-1.0)), 0);
    match key.as_str() {
        "equals" => json().map(Condition::Equals),
        "contains" => text(&value).map(Condition::Contains),
        "crosses" => json().map(Condition::Crosses),
        "exceeds" => number().map(Condition::Exceeds),
        "unchangedFor" => number().map(|looks| Condition::UnchangedFor(u32::try_from(looks).unwrap_or(u32::MAX))),
        _ => Err(unknown()),
    }
}

fn encode(event: &WatchEvent) -> JsValue {
    let out = object();
    put(&out, "id", event.id);
    put(&out, "hits", event.hits);
    put(&out, "takenAt", event.taken_at_ms);
    put_some(&out, "before", event.before.as_ref().map(observed));
    put_some(&out, "after", event.after.as_ref().map(observed));
    out
}

#[allow(clippy::cast_precision_loss)]
fn observed(observed: &Observed) -> JsValue {
    let out = object();
    put(&out, "value", to_js(&observed.value));
    put(&out, "type", observed.value_type.as_str());
    put(&out, "scope", observed.scope.as_str());
    put(&out, "bytes", observed.bytes as f64);
    put_some(&out, "masked", observed.masked.as_ref().map(masked));
    out
}
