//! What a watchpoint looks out for.

use super::watchpoint::Observed;
use crate::error::{Code, Error};
use crate::snapshot::at::read;
use crate::snapshot::diff::{same, token};
use crate::value::json::{unescape, validate};
use crate::value::{MAX_TEXT_DEPTH, Value, compare_decimals, same_decimal};
use std::cmp::Ordering;

/// What a watchpoint looks out for. The first five compare with the last look, so that the first look never meets them. The
/// others say what is so now: they are met when that begins, which may be the first look.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// The value becomes another one. Another spelling of the same value is no change, and to come or go is none either.
    Changes,
    /// There was nothing, and now there is something.
    Appears,
    /// There was something, and now there is nothing.
    Disappears,
    /// The value becomes one of another type.
    TypeChanges,
    /// The name resolves to another scope.
    WinnerChanges,
    /// The value is this one, given as JSON. Numbers are compared exactly, whatever their spelling.
    Equals(String),
    /// The text, or a text or name anywhere inside a document, contains this text, letter for letter.
    Contains(String),
    /// The number, given as JSON, is reached or passed from one look to the next, in either direction. Compared exactly.
    Crosses(String),
    /// The value as it came is longer than this, in bytes.
    Exceeds(usize),
    /// The value is the same in so many looks, one after the other.
    UnchangedFor(u32),
}

impl Condition {
    /// Refuses what is no JSON where JSON is asked for.
    pub(super) fn check(&self) -> Result<(), Error> {
        let good = match self {
            Condition::Equals(json) => validate(json.as_bytes(), MAX_TEXT_DEPTH).is_ok(),
            Condition::Crosses(json) => {
                validate(json.as_bytes(), 1).is_ok()
                    && compare_decimals(json, "0").is_some()
                    && is_number(&read(json.trim()))
            }
            Condition::UnchangedFor(looks) => *looks > 0,
            _ => true,
        };
        let refused = "The condition of the watchpoint has a value that is no JSON, no number, or zero snapshots.";
        if good { Ok(()) } else { Err(Error::new(Code::InputInvalid, refused)) }
    }

    /// Whether something happened between two looks.
    pub(super) fn is_met_between(&self, before: Option<&Observed>, after: Option<&Observed>) -> bool {
        match (self, before, after) {
            (Condition::Appears, None, Some(_)) | (Condition::Disappears, Some(_), None) => true,
            (Condition::Changes, Some(before), Some(after)) => !is_same(&before.value, &after.value),
            (Condition::TypeChanges, Some(before), Some(after)) => before.value_type != after.value_type,
            (Condition::WinnerChanges, Some(before), Some(after)) => before.scope != after.scope,
            (Condition::Crosses(limit), Some(before), Some(after)) => {
                match (against(&before.value, limit), against(&after.value, limit)) {
                    (Some(Ordering::Less), Some(now)) => now != Ordering::Less,
                    (Some(Ordering::Greater), Some(now)) => now != Ordering::Greater,
                    _ => false,
                }
            }
            _ => false,
        }
    }

    /// Whether something is so now. `same` is how many looks in a row found the same value.
    pub(super) fn holds(&self, now: Option<&Observed>, same: u32) -> bool {
        let Some(now) = now else { return false };
        match self {
            Condition::Equals(json) => is_equal(&now.value, &read(json.trim())),
            Condition::Contains(text) => contains(&now.value, text),
            Condition::Exceeds(bytes) => now.bytes > *bytes,
            Condition::UnchangedFor(looks) => same >= *looks,
            _ => false,
        }
    }
}

/// Whether two looks found the same value, of the same type.
pub(super) fn is_same(before: &Value<'_>, after: &Value<'_>) -> bool {
    before.value_type() == after.value_type() && same(before, after)
}

/// What a person takes for equal: 5 and 5.0 as well.
fn is_equal(value: &Value<'_>, other: &Value<'_>) -> bool {
    match (number(value), number(other)) {
        (Some(one), Some(other)) => same_decimal(one, other),
        _ => is_same(value, other),
    }
}

fn number<'a>(value: &'a Value<'_>) -> Option<&'a str> {
    match value {
        Value::Integer(text) | Value::Number(text) => Some(text),
        _ => None,
    }
}

fn is_number(value: &Value<'_>) -> bool {
    number(value).is_some()
}

fn against(value: &Value<'_>, limit: &str) -> Option<Ordering> {
    match value {
        Value::NonFinite(value) => value.partial_cmp(&0.0),
        value => compare_decimals(number(value)?, limit),
    }
}

fn contains(value: &Value<'_>, text: &str) -> bool {
    match value {
        Value::String(whole) => whole.contains(text),
        Value::Array(source) | Value::Object(source) => {
            let mut at = 0;
            while let Some((token, end)) = token(source, at) {
                let inside = token.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
                if inside.and_then(unescape).is_some_and(|inside| inside.contains(text)) {
                    return true;
                }
                at = end;
            }
            false
        }
        value => number(value).is_some_and(|digits| digits.contains(text)),
    }
}
