//! What changed between two snapshots, as JavaScript has it: some changes at a time, so that no copy of all values is held here.

use super::encode::{masked_text, note_text, object, put};
use super::json_text::JsonText;
use super::values::to_js_of;
use crate::snapshot::{ChangeKind, EntryId, Hidden, Mask, Origin, Snapshot, Variable, VariableChange};
use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// So many changes cross at once.
const BATCH: usize = 128;

pub(super) fn diff(later: &Snapshot, earlier: &Snapshot, mask: &Mask) -> (JsValue, Hidden) {
    let (mut crossing, mut hidden) = (Crossing::new(), Hidden::default());
    let found = later.differences(earlier, |change| crossing.take(change.through(mask, &mut hidden)));
    crossing.cross();
    let out = object();
    put(&out, "added", names(later, &found.added, mask, &mut hidden));
    put(&out, "removed", names(earlier, &found.removed, mask, &mut hidden));
    put(&out, "changed", crossing.objects);
    #[allow(clippy::cast_precision_loss)]
    put(&out, "unchangedCount", found.unchanged as f64);
    (out, hidden)
}

/// Changes on their way.
struct Crossing {
    waiting: Vec<VariableChange>,
    objects: Array,
    before: JsValue,
    after: JsValue,
    raw: JsValue,
    value: JsValue,
}

impl Crossing {
    fn new() -> Crossing {
        let [before, after, raw, value] = ["before", "after", "raw", "value"].map(JsValue::from_str);
        Crossing { waiting: Vec::new(), objects: Array::new(), before, after, raw, value }
    }

    fn take(&mut self, change: VariableChange) {
        self.waiting.push(change);
        if self.waiting.len() == BATCH {
            self.cross();
        }
    }

    fn cross(&mut self) {
        let mut text = JsonText::default();
        text.list(&self.waiting, write);
        for (object, change) in text.parse().unchecked_into::<Array>().iter().zip(&self.waiting) {
            self.fill(&object, &self.before, &change.before);
            self.fill(&object, &self.after, &change.after);
            self.objects.push(&object);
        }
        self.waiting.clear();
    }

    /// Puts in what was left out of the text. Fields of objects of our own can be read and set.
    fn fill(&self, change: &JsValue, side: &JsValue, variable: &Variable) {
        let Ok(object) = Reflect::get(change, side) else { return };
        let raw = JsValue::from_str(&variable.raw);
        let _ = Reflect::set(&object, &self.value, &to_js_of(&variable.value, &variable.raw, &raw));
        let _ = Reflect::set(&object, &self.raw, &raw);
    }
}

fn names(of: &Snapshot, entries: &[EntryId], mask: &Mask, hidden: &mut Hidden) -> JsValue {
    let mut text = JsonText::default();
    text.list(entries, |text, entry| text.text(&of.name_through(*entry, mask, hidden)));
    text.parse()
}

fn write(text: &mut JsonText, change: &VariableChange) {
    text.object(|text| {
        text.field("name").text(&change.after.name);
        write_variable(text.field("before"), &change.before);
        write_variable(text.field("after"), &change.after);
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
        if let Some(masked) = &variable.masked {
            masked_text(text.field("masked"), masked);
        }
    });
}
