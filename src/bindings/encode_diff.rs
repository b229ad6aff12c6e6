//! What changed between two snapshots, as JavaScript has it. Variables are looked up one by one, and the largest parts of
//! them cross once, so that no copy of all values is ever held.

use super::encode::{note_text, object, put};
use super::json_text::JsonText;
use super::values::to_js_of;
use crate::snapshot::{Change, ChangeKind, EntryId, Origin, Snapshot, Variable};
use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// So many changes cross at once.
const BATCH: usize = 128;

pub(super) fn diff(later: &Snapshot, earlier: &Snapshot) -> JsValue {
    let found = later.differences(earlier);
    let out = object();
    put(&out, "added", names(later, &found.added));
    put(&out, "removed", names(earlier, &found.removed));
    let keys = Keys { raw: JsValue::from_str("raw"), value: JsValue::from_str("value") };
    let sides = [JsValue::from_str("before"), JsValue::from_str("after")];
    let changed = Array::new();
    for batch in found.changed.chunks(BATCH) {
        let mut text = JsonText::default();
        let pairs: Vec<(Variable, Variable)> = batch
            .iter()
            .filter_map(|change| Some((earlier.variable(change.before)?, later.variable(change.after)?)))
            .collect();
        text.list(batch.iter().zip(&pairs), |text, (change, (before, after))| write(text, change, before, after));
        for (object, (before, after)) in text.parse().unchecked_into::<Array>().iter().zip(&pairs) {
            for (side, variable) in sides.iter().zip([before, after]) {
                if let Ok(object) = Reflect::get(&object, side) {
                    keys.fill(&object, variable);
                }
            }
            changed.push(&object);
        }
    }
    put(&out, "changed", changed);
    #[allow(clippy::cast_precision_loss)]
    put(&out, "unchangedCount", found.unchanged as f64);
    out
}

fn names(of: &Snapshot, entries: &[EntryId]) -> JsValue {
    let mut text = JsonText::default();
    text.list(entries, |text, entry| text.text(&of.name_of(*entry)));
    text.parse()
}

fn write(text: &mut JsonText, change: &Change, before: &Variable, after: &Variable) {
    text.object(|text| {
        text.field("name").text(&after.name);
        write_variable(text.field("before"), before);
        write_variable(text.field("after"), after);
        text.field("kinds").texts(change.kinds.iter().copied().map(ChangeKind::as_str));
    });
}

/// All but the value and what came for it, which have places.
fn write_variable(text: &mut JsonText, variable: &Variable) {
    text.object(|text| {
        text.field("name").text(&variable.name);
        text.field("value").null();
        text.field("raw").null();
        text.field("rawKind").text(if variable.raw_is_text { "text" } else { "json" });
        text.field("type").text(variable.value_type.as_str());
        text.field("scope").text(&variable.scope);
        text.field("isSystem").flag(variable.is_system);
        if let Some(note) = &variable.note {
            note_text(text.field("note"), note);
        }
        text.some_text("origin", variable.origin.map(Origin::as_str));
    });
}

struct Keys {
    raw: JsValue,
    value: JsValue,
}

impl Keys {
    fn fill(&self, object: &JsValue, variable: &Variable) {
        let raw = JsValue::from_str(&variable.raw);
        // Setting a field of an object of our own cannot fail.
        let _ = Reflect::set(object, &self.value, &to_js_of(&variable.value, &variable.raw, &raw));
        let _ = Reflect::set(object, &self.raw, &raw);
    }
}
