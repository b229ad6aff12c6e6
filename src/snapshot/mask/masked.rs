//! What is told of something that a mask hides.

use super::document::Hidden;
use super::rules::Mask;
use super::spot::Spot;
use crate::value::json::unescape;
use crate::value::{Value, ValueType};
use std::borrow::Cow;

/// How large something hidden is, as far as that is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SizeClass {
    /// Less than 64 bytes.
    Small,
    /// Less than 4 KiB.
    Medium,
    /// 4 KiB and more.
    Large,
}

impl SizeClass {
    /// The class of so many bytes.
    ///
    /// ```
    /// use cognigy_session_debugger::snapshot::SizeClass;
    /// assert_eq!((SizeClass::of(63), SizeClass::of(64)), (SizeClass::Small, SizeClass::Medium));
    /// ```
    pub fn of(bytes: usize) -> SizeClass {
        match bytes {
            0..64 => SizeClass::Small,
            64..4_096 => SizeClass::Medium,
            _ => SizeClass::Large,
        }
    }

    /// The fewest bytes of the class.
    pub fn least(self) -> usize {
        match self {
            SizeClass::Small => 0,
            SizeClass::Medium => 64,
            SizeClass::Large => 4_096,
        }
    }

    /// The word in the JavaScript contract.
    pub fn as_str(self) -> &'static str {
        match self {
            SizeClass::Small => "small",
            SizeClass::Medium => "medium",
            SizeClass::Large => "large",
        }
    }
}

/// What a mask did to a value that is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Masked {
    /// The name of the rule that hid something; of several the first.
    pub rule: String,
    /// Whether the value is hidden as a whole. Else parts of it are, and the others are shown.
    pub whole: bool,
    /// How many parts are hidden.
    pub parts: usize,
    /// How large the value is.
    pub size: SizeClass,
    /// What the value is; `None` for an item that could not be read.
    pub value_type: Option<ValueType>,
}

impl Masked {
    /// What stands for the value in texts.
    pub(in crate::snapshot) fn mark(&self) -> String {
        mark_of(&self.rule)
    }
}

pub(in crate::snapshot) fn mark_of(rule: &str) -> String {
    ["[masked:", rule, "]"].concat()
}

/// What a cell shows of a value that is hidden as a whole: always the same.
pub(in crate::snapshot) const DOTS: &str = "••••";

impl Mask {
    /// What is left of a value, and what was done to it; `None` where nothing of it is hidden. A value that is hidden as a whole is
    /// a text, the mark of its rule.
    pub(in crate::snapshot) fn cover_value(
        &self,
        value: &Value<'_>,
        raw: &str,
        spot: &Spot<'_>,
        hidden: &mut Hidden,
    ) -> Option<(Value<'static>, Masked)> {
        if self.is_off() {
            return None;
        }
        let (mut own, mut out) = (Hidden::default(), String::new());
        let left = match value {
            Value::String(text) => Value::String(self.cover_text(text, spot, &mut own)).into_owned(),
            _ => {
                self.write_value(&mut out, value, raw, spot, &mut own);
                match value {
                    Value::Array(_) if out.starts_with('[') => Value::Array(out.into()),
                    Value::Object(_) if out.starts_with('{') => Value::Object(out.into()),
                    _ => {
                        let inside = out.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).and_then(unescape);
                        Value::String(inside.unwrap_or(Cow::Borrowed(&out))).into_owned()
                    }
                }
            }
        };
        let (rule, _) = own.by_rule().next()?;
        hidden.add_all(&own);
        let rule = self.rule(rule).to_owned();
        let whole = matches!(&left, Value::String(text) if **text == mark_of(&rule));
        let (size, value_type) = (SizeClass::of(raw.len()), Some(value.value_type()));
        Some((left, Masked { rule, whole, parts: own.total(), size, value_type }))
    }

    /// What is told of an item that could not be read, which nothing can judge.
    pub(in crate::snapshot) fn masked_unreadable(&self, bytes: usize, hidden: &mut Hidden) -> Masked {
        let rule = self.unreadable_rule(hidden).to_owned();
        Masked { rule, whole: true, parts: 1, size: SizeClass::of(bytes), value_type: None }
    }
}
