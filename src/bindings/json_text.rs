//! Many objects with fixed names at once: one JSON text crosses, and the platform's own reader makes the objects of it. That
//! takes a fraction of what it takes to set each field from here.

use crate::value::json::escape_into;
use js_sys::JSON;
use wasm_bindgen::JsValue;

/// A JSON text being written. Commas come by themselves.
#[derive(Default)]
pub(super) struct JsonText(String);

impl JsonText {
    fn separate(&mut self) {
        if !matches!(self.0.as_bytes().last(), None | Some(b'{' | b'[' | b':')) {
            self.0.push(',');
        }
    }

    pub(super) fn object(&mut self, write: impl FnOnce(&mut JsonText)) {
        self.separate();
        self.0.push('{');
        write(self);
        self.0.push('}');
    }

    pub(super) fn list<T>(&mut self, items: impl IntoIterator<Item = T>, mut write: impl FnMut(&mut JsonText, T)) {
        self.separate();
        self.0.push('[');
        items.into_iter().for_each(|item| write(self, item));
        self.0.push(']');
    }

    /// The name of a field; what is written next is its value.
    pub(super) fn field(&mut self, name: &'static str) -> &mut JsonText {
        self.separate();
        self.0.reserve(name.len() + 3);
        self.0.push('"');
        self.0.push_str(name);
        self.0.push_str("\":");
        self
    }

    pub(super) fn text(&mut self, text: &str) {
        self.separate();
        escape_into(&mut self.0, text);
    }

    pub(super) fn texts<'t>(&mut self, texts: impl IntoIterator<Item = &'t str>) {
        self.list(texts, JsonText::text);
    }

    /// A text field that is absent where there is nothing to say.
    pub(super) fn some_text(&mut self, name: &'static str, text: Option<&str>) {
        if let Some(text) = text {
            self.field(name).text(text);
        }
    }

    pub(super) fn flag(&mut self, flag: bool) {
        self.separate();
        self.0.push_str(if flag { "true" } else { "false" });
    }

    pub(super) fn null(&mut self) {
        self.separate();
        self.0.push_str("null");
    }

    pub(super) fn count(&mut self, number: usize) {
        self.separate();
        self.digits(number);
    }

    pub(super) fn signed(&mut self, number: i32) {
        self.separate();
        if number < 0 {
            self.0.push('-');
        }
        self.digits(number.unsigned_abs() as usize);
    }

    fn digits(&mut self, number: usize) {
        if number > 9 {
            self.digits(number / 10);
        }
        self.0.push(char::from(b'0' + (number % 10) as u8));
    }

    /// What the text stands for.
    pub(super) fn parse(&self) -> JsValue {
        // What is written here is JSON.
        JSON::parse(&self.0).unwrap_or(JsValue::UNDEFINED)
    }
}
