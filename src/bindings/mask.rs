//! The mask as JavaScript gives it: `false`, `true`, the host's own rules beside the standard ones, or a `Mask`, which is made
//! once and knows what is revealed.

use super::encode::{list, object, put};
use super::json_text::JsonText;
use super::options::{check_known, invalid, member, text, whole};
use crate::error::Error;
use crate::platform::{BrowserPlatform, Clock};
use crate::snapshot::{Characters, Hidden, Mask as Inner, MaskOptions, Reveals, Sanitizer, Snapshot, ValueRule};
use js_sys::{Array, Function, Reflect};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::convert::TryFromJsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

/// Rules that hide things, and what is shown all the same for a while.
#[wasm_bindgen(skip_typescript)]
#[derive(Debug, Clone)]
pub struct Mask {
    inner: Inner,
    reveals: Rc<RefCell<Reveals>>,
}

#[wasm_bindgen]
impl Mask {
    /// Reads the rules once.
    #[wasm_bindgen(constructor)]
    pub fn new(rules: &JsValue) -> Result<Mask, JsValue> {
        Ok(Mask { inner: mask(rules, Inner::standard)?, reveals: Rc::default() })
    }

    /// Hides again whatever is revealed.
    pub fn hide(&self) {
        self.reveals.borrow_mut().hide();
    }

    /// Another handle on the same mask: options that hold one are read by it.
    pub fn share(&self) -> Mask {
        self.clone()
    }
}

impl Mask {
    /// The mask with what is revealed of a snapshot now.
    pub(super) fn now(&self, snapshot: &Snapshot) -> Inner {
        // Another snapshot ends what is revealed, in whatever mask.
        self.reveals.borrow_mut().through(&self.inner, snapshot, BrowserPlatform::new().monotonic_ms())
    }

    pub(super) fn inner(&self) -> &Inner {
        &self.inner
    }

    pub(super) fn reveals(&self) -> &RefCell<Reveals> {
        &self.reveals
    }
}

/// The mask that stands in an option as an object of its class.
pub(super) fn held_mask(option: &JsValue) -> Option<Mask> {
    // A call that throws leaves a place of the table of references taken for good.
    if !option.is_object() {
        return None;
    }
    let share = Reflect::get(option, &JsValue::from_str("share")).ok()?.dyn_into::<Function>().ok()?;
    Mask::try_from_js_value(share.call0(option).ok()?).ok()
}

/// The mask of an option for what is displayed of a snapshot.
pub(super) fn sight(options: &JsValue, snapshot: &Snapshot) -> Result<Inner, Error> {
    let value = member(options, "mask");
    match held_mask(&value) {
        Some(held) => Ok(held.now(snapshot)),
        None => mask(&value, Inner::off),
    }
}

/// The mask of an option, with nothing revealed; `otherwise` where it is not given.
pub(super) fn mask(value: &JsValue, otherwise: fn() -> Inner) -> Result<Inner, Error> {
    if value.is_undefined() || value.is_null() {
        return Ok(otherwise());
    }
    if let Some(held) = held_mask(value) {
        return Ok(held.inner);
    }
    match value.as_bool() {
        Some(true) => return Ok(Inner::standard()),
        Some(false) => return Ok(Inner::off()),
        None => check_known(value, &["names", "safeNames", "scopes", "phone", "allow", "values", "sanitize"])?,
    }
    let phone = member(value, "phone");
    let phone = if phone.is_undefined() { Some(false) } else { phone.as_bool() };
    Ok(Inner::new(MaskOptions {
        names: texts(&member(value, "names"))?.unwrap_or_default(),
        safe_names: texts(&member(value, "safeNames"))?.unwrap_or_default(),
        scopes: texts(&member(value, "scopes"))?.unwrap_or_default(),
        values: values(&member(value, "values"))?,
        allow: texts(&member(value, "allow"))?,
        sanitize: sanitizer(&member(value, "sanitize"))?,
        phone: phone.ok_or_else(|| invalid("The option mask.phone is true or false."))?,
    }))
}

fn array(value: &JsValue) -> Result<Option<&Array>, Error> {
    if value.is_undefined() || value.is_null() {
        return Ok(None);
    }
    value.dyn_ref().map(Some).ok_or_else(|| invalid("The options of mask are lists."))
}

fn texts(value: &JsValue) -> Result<Option<Vec<String>>, Error> {
    array(value)?.map(|list| list.iter().map(|item| text(&item)).collect()).transpose()
}

fn values(value: &JsValue) -> Result<Vec<ValueRule>, Error> {
    array(value)?.map_or(Ok(Vec::new()), |list| list.iter().map(|rule| value_rule(&rule)).collect())
}

/// A function that is given a leaf and returns it, another one, or `null`. Whatever else it does hides the leaf.
fn sanitizer(value: &JsValue) -> Result<Option<Sanitizer>, Error> {
    if value.is_undefined() {
        return Ok(None);
    }
    let hook: Function = value.clone().dyn_into().map_err(|_| invalid("The option mask.sanitize is a function."))?;
    Ok(Some(Sanitizer::new(move |leaf| {
        let entry = object();
        put(&entry, "name", leaf.name);
        put(&entry, "scope", leaf.scope);
        put(&entry, "path", list(leaf.path, |name| JsValue::from_str(name)));
        put(&entry, "value", leaf.text);
        member(&hook.call1(&JsValue::UNDEFINED, &entry).ok()?, "value").as_string()
    })))
}

fn value_rule(value: &JsValue) -> Result<ValueRule, Error> {
    check_known(value, &["rule", "prefix", "characters", "least", "most"])?;
    let prefix = member(value, "prefix");
    let number = |name, default| {
        let given = member(value, name);
        if given.is_undefined() { Ok(default) } else { whole(Some(given.as_f64().unwrap_or(-1.0)), default) }
    };
    let characters = match member(value, "characters").as_string().as_deref() {
        None => Characters::Any,
        Some(word) => Characters::parse(word).ok_or_else(|| invalid("There is no such kind of characters."))?,
    };
    let rule = text(&member(value, "rule"))?;
    if rule.is_empty() || !rule.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        return Err(invalid("A rule is called by letters, digits and hyphens."));
    }
    Ok(ValueRule {
        rule,
        prefix: if prefix.is_undefined() { String::new() } else { text(&prefix)? },
        characters,
        least: number("least", 1)?,
        most: number("most", 1_024)?,
    })
}

/// What a mask hid, by rule, in the order in which the rules were met.
pub(super) fn summary(mask: &Inner, hidden: &Hidden) -> JsValue {
    list(hidden.by_rule(), |(rule, count)| {
        let out = object();
        put(&out, "rule", mask.rule(rule));
        put(&out, "count", u32::try_from(count).unwrap_or(u32::MAX));
        out
    })
}

/// The same as a part of a larger answer.
pub(super) fn summary_text(text: &mut JsonText, mask: &Inner, hidden: &Hidden) {
    text.list(hidden.by_rule(), |text, (rule, count)| {
        text.object(|text| {
            text.field("rule").text(mask.rule(rule));
            text.field("count").count(count);
        });
    });
}

/// Tells whoever asked in the options what a document hides.
pub(super) fn tell_masked(options: &JsValue, mask: &Inner, hidden: &Hidden) -> Result<(), JsValue> {
    let told = member(options, "onMasked");
    if !told.is_undefined() {
        let listener: &Function = told.dyn_ref().ok_or_else(|| invalid("The option onMasked is not a function."))?;
        listener.call1(&JsValue::UNDEFINED, &summary(mask, hidden))?;
    }
    Ok(())
}
