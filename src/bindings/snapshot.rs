//! `Snapshot` as a JavaScript class.

use super::mapping::mapped;
use super::mask::{mask, sight, tell_masked};
use super::options::{
    check_known, invalid, is_whole, masked_part, member, named_path, path, precedence, snapshot_options, text, whole,
    window, window_of,
};
use super::{encode, encode_diff};
use crate::error::{Code, Error};
use crate::ingest::Limits;
use crate::platform::wall_ms;
use crate::snapshot::{EntryId, ExplainOptions, ExportFormat, Hidden, Lens, Mask, Snapshot as Inner};
use js_sys::{ArrayBuffer, JsString, Uint8Array};
use std::rc::Rc;
use wasm_bindgen::convert::TryFromJsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

/// All variables of one session at one moment.
#[wasm_bindgen(skip_typescript)]
#[derive(Debug)]
pub struct Snapshot {
    inner: Rc<Inner>,
}

impl From<Inner> for Snapshot {
    fn from(inner: Inner) -> Snapshot {
        Snapshot { inner: Rc::new(inner) }
    }
}

impl From<Rc<Inner>> for Snapshot {
    fn from(inner: Rc<Inner>) -> Snapshot {
        Snapshot { inner }
    }
}

impl Snapshot {
    /// What the engine has.
    pub(super) fn inner(&self) -> &Inner {
        &self.inner
    }
}

#[wasm_bindgen]
extern "C" {
    /// A snapshot as JavaScript holds it. It may have been freed, or be something else altogether.
    type Held;

    #[wasm_bindgen(method, catch)]
    fn share(this: &Held) -> Result<JsValue, JsValue>;
}

/// The snapshot that stands in an option, which stays its owner's.
pub(super) fn held(option: &JsValue) -> Result<Option<Rc<Inner>>, Error> {
    if option.is_undefined() || option.is_null() {
        return Ok(None);
    }
    let shared = option.unchecked_ref::<Held>().share().ok();
    let snapshot = shared.and_then(|shared| Snapshot::try_from_js_value(shared).ok());
    snapshot
        .map(|snapshot| Some(snapshot.inner))
        .ok_or_else(|| invalid("What has to be a snapshot is none, or was freed."))
}

fn is_body(value: &JsValue) -> bool {
    value.is_string() || value.is_instance_of::<Uint8Array>() || value.is_instance_of::<ArrayBuffer>()
}

/// The bytes of a body that was given as bytes or as a text; `None` for anything else.
///
/// The limit is asked before anything is copied: memory of the engine never shrinks.
pub(super) fn body_bytes(body: &JsValue, limits: &Limits) -> Result<Option<Vec<u8>>, Error> {
    let bytes = match (body.dyn_ref::<JsString>(), body.dyn_ref::<ArrayBuffer>()) {
        (Some(string), _) => {
            // A text has at least as many bytes as UTF-16 units.
            check_length(string.length(), limits)?;
            return Ok(Some(body_text(string).into_bytes()));
        }
        // Nothing can be read of a buffer that was transferred: it has no bytes.
        (None, Some(buffer)) if buffer.byte_length() == 0 => return Ok(Some(Vec::new())),
        (None, Some(buffer)) => Uint8Array::new(buffer),
        (None, None) => match body.dyn_ref::<Uint8Array>() {
            Some(bytes) => bytes.clone(),
            None => return Ok(None),
        },
    };
    check_length(bytes.length(), limits)?;
    Ok(Some(if bytes.length() == 0 { Vec::new() } else { bytes.to_vec() }))
}

/// A body as Unicode text. Half of a surrogate pair, which that cannot hold, is written as the escape that stands for it in JSON: it
/// spoils the item that has it, and not the others.
fn body_text(body: &JsString) -> String {
    let text = String::from(body);
    if is_whole(&text, body) {
        return text;
    }
    let (mut out, mut at) = (String::new(), 0);
    for (place, part) in text.split(char::REPLACEMENT_CHARACTER).enumerate() {
        if place > 0 {
            let unit = body.char_code_at(at) as u16;
            // What a backslash stands before would become another escape. It is none of JSON's, and stays none.
            let escaped = !out.bytes().rev().take_while(|byte| *byte == b'\\').count().is_multiple_of(2);
            if escaped || unit == char::REPLACEMENT_CHARACTER as u16 {
                out.push(char::REPLACEMENT_CHARACTER);
            } else {
                out.push_str(&format!("\\u{unit:x}"));
            }
            at += 1;
        }
        out.push_str(part);
        at += part.encode_utf16().count() as u32;
    }
    out
}

fn check_length(length: u32, limits: &Limits) -> Result<(), Error> {
    if length as usize > limits.body_bytes {
        return Err(Error::new(Code::BodyTooLarge, "The data is larger than the limit for a body."));
    }
    Ok(())
}

fn scope_name(scope: &JsValue) -> Result<Option<String>, Error> {
    if scope.is_undefined() || scope.is_null() { Ok(None) } else { text(scope).map(Some) }
}

/// The mask of something that is handed on.
pub(super) fn mask_option(options: &JsValue, otherwise: fn() -> Mask) -> Result<Mask, Error> {
    check_known(options, &["mask", "onMasked"])?;
    mask(&member(options, "mask"), otherwise)
}

/// The row that a number names.
pub(super) fn entry_id(entry: &JsValue) -> Result<EntryId, Error> {
    let number = whole(Some(entry.as_f64().unwrap_or(f64::NAN)), 0)?;
    EntryId::try_from(number).map_err(|_| invalid("There is no such row."))
}

#[wasm_bindgen]
impl Snapshot {
    /// Reads a body that is bytes or a text.
    pub fn parse(body: &JsValue, options: &JsValue) -> Result<Snapshot, JsValue> {
        let mut settings = snapshot_options(options)?;
        if !is_body(body) {
            return Err(invalid("The body is neither bytes nor a text.").into());
        }
        let bytes = mapped(body, options, &mut settings)?;
        Ok(Inner::parse(bytes, settings, wall_ms())?.into())
    }

    /// The session, or `""` where nobody said.
    #[wasm_bindgen(getter, js_name = sessionId)]
    pub fn session_id(&self) -> String {
        self.inner.session_id().to_owned()
    }

    /// When it was complete, in milliseconds since 1970.
    #[wasm_bindgen(getter, js_name = takenAt)]
    pub fn taken_at(&self) -> f64 {
        self.inner.taken_at_ms()
    }

    /// How many different names.
    #[wasm_bindgen(getter)]
    pub fn size(&self) -> usize {
        self.inner.len()
    }

    /// How many variables in all scopes.
    #[wasm_bindgen(getter, js_name = entryCount)]
    pub fn entry_count(&self) -> usize {
        self.inner.entry_count()
    }

    /// How many items could not be read.
    #[wasm_bindgen(getter, js_name = unreadableCount)]
    pub fn unreadable_count(&self) -> usize {
        self.inner.unreadable_count()
    }

    /// Whether no page is missing, and not fewer items came than the data says there are.
    #[wasm_bindgen(getter)]
    pub fn complete(&self) -> bool {
        self.inner.is_complete()
    }

    /// The shape that the bytes had.
    #[wasm_bindgen(getter)]
    pub fn shape(&self) -> String {
        self.inner.shape().as_str().to_owned()
    }

    /// Every name once, in order of first appearance.
    pub fn names(&self) -> Vec<String> {
        self.inner.names().map(String::from).collect()
    }

    /// One variable, or `undefined`.
    pub fn get(&self, name: &JsValue, scope: &JsValue, options: &JsValue) -> Result<JsValue, JsValue> {
        check_known(options, &["mask"])?;
        let (mask, mut hidden) = (mask(&member(options, "mask"), Mask::off)?, Hidden::default());
        let variable = self.inner.get_through(&text(name)?, scope_name(scope)?.as_deref(), &mask, &mut hidden);
        Ok(variable.map_or(JsValue::UNDEFINED, |variable| encode::variable(&variable)))
    }

    /// A part of a variable's value, or `undefined`.
    pub fn at(&self, name: &JsValue, path: &JsValue, scope: &JsValue, options: &JsValue) -> Result<JsValue, JsValue> {
        check_known(options, &["mask"])?;
        let (mask, mut hidden) = (mask(&member(options, "mask"), Mask::off)?, Hidden::default());
        let scope = scope_name(scope)?;
        let part = self.inner.at_through(&text(name)?, scope.as_deref(), &named_path(path)?, &mask, &mut hidden);
        Ok(part.map_or(JsValue::UNDEFINED, |part| encode::value_part(&part)))
    }

    /// Another handle on the same snapshot: options that hold one are read by it.
    pub fn share(&self) -> Snapshot {
        Snapshot { inner: Rc::clone(&self.inner) }
    }

    /// Why a name has its value, or `undefined`.
    pub fn explain(&self, name: &JsValue, options: &JsValue) -> Result<JsValue, JsValue> {
        check_known(options, &["precedence", "earlier", "mask"])?;
        let mask = sight(options, &self.inner)?;
        let precedence = precedence(&member(options, "precedence"))?;
        let earlier = held(&member(options, "earlier"))?;
        // The platform has the tables that this takes.
        let normalize = |text: &str| String::from(JsString::from(text).normalize("NFKC"));
        let options = ExplainOptions {
            precedence: precedence.as_ref(),
            earlier: earlier.as_deref(),
            normalize: Some(&normalize),
            mask: Some(&mask),
        };
        let explanation = self.inner.explain(&text(name)?, options);
        Ok(explanation.map_or(JsValue::UNDEFINED, |explanation| encode::explanation(&explanation)))
    }

    /// A window of the rows.
    pub fn rows(&self, options: &JsValue) -> Result<JsValue, JsValue> {
        let window = window(options)?;
        let earlier = held(&member(options, "earlier"))?;
        let (mask, mut hidden) = (sight(options, &self.inner)?, Hidden::default());
        let lens = Lens { earlier: earlier.as_deref(), mask: &mask };
        let rows = self.inner.covered_rows(&window, lens, &mut hidden);
        Ok(encode::rows(rows, &window.filter, &mask, &hidden))
    }

    /// Where a variable's row stands among those of a window.
    pub fn position(&self, name: &JsValue, scope: &JsValue, options: &JsValue) -> Result<Option<usize>, JsValue> {
        let window = window(options)?;
        let earlier = held(&member(options, "earlier"))?;
        let mask = mask(&member(options, "mask"), Mask::off)?;
        let lens = Lens { earlier: earlier.as_deref(), mask: &mask };
        let entry = self.inner.entry_through(&text(name)?, scope_name(scope)?.as_deref(), &mask);
        Ok(entry.and_then(|entry| self.inner.position(entry, &window, lens)))
    }

    /// The members or elements of a value.
    pub fn children(&self, entry: &JsValue, steps: &JsValue, options: &JsValue) -> Result<JsValue, JsValue> {
        let (part, mask) = (masked_part(options, 100)?, sight(options, &self.inner)?);
        let mut hidden = Hidden::default();
        let page = self.inner.children_through(entry_id(entry)?, &path(steps)?, part, &mask, &mut hidden)?;
        Ok(encode::tree(&page))
    }

    /// A part of the whole text of a value.
    pub fn text(&self, entry: &JsValue, steps: &JsValue, options: &JsValue) -> Result<JsValue, JsValue> {
        let (part, mask) = (masked_part(options, 4_096)?, sight(options, &self.inner)?);
        let mut hidden = Hidden::default();
        let part = self.inner.text_through(entry_id(entry)?, &path(steps)?, part, &mask, &mut hidden)?;
        Ok(encode::text(&part, hidden.total() > 0))
    }

    /// What changed since an earlier snapshot.
    pub fn diff(&self, earlier: &Snapshot, options: &JsValue) -> Result<JsValue, JsValue> {
        let mask = mask_option(options, Mask::off)?;
        let (diff, hidden) = encode_diff::diff(&self.inner, &earlier.inner, &mask);
        tell_masked(options, &mask, &hidden)?;
        Ok(diff)
    }

    /// The snapshot in the wire format. It is the program's own, and masked only if asked.
    #[wasm_bindgen(js_name = toJsonText)]
    pub fn to_json_text(&self, options: &JsValue) -> Result<String, JsValue> {
        let (mask, mut hidden) = (mask_option(options, Mask::off)?, Hidden::default());
        let text = self.inner.to_masked_json_text(&mask, &mut hidden);
        tell_masked(options, &mask, &hidden)?;
        Ok(text)
    }

    /// The variables as a document, masked unless the program says otherwise: all of them, or the rows that it asks for.
    pub fn export(&self, format: &JsValue, options: &JsValue) -> Result<String, JsValue> {
        let unknown =
            || Error::new(Code::InputInvalid, "There is no such format; there are json, ndjson, csv and markdown.");
        let format = ExportFormat::parse(&text(format)?).ok_or_else(unknown)?;
        let mut window =
            window_of(options, &["filter", "sort", "scope", "system", "shadowed", "earlier", "mask", "onMasked"])?;
        let shadowed = member(options, "shadowed");
        window.shadowed |= shadowed.is_undefined() || shadowed.is_null();
        let earlier = held(&member(options, "earlier"))?;
        let (mask, mut hidden) = (mask(&member(options, "mask"), Mask::standard)?, Hidden::default());
        let lens = Lens { earlier: earlier.as_deref(), mask: &mask };
        let text = self.inner.export_rows(format, &window, lens, &mut hidden);
        tell_masked(options, &mask, &hidden)?;
        Ok(text)
    }
}
