//! In what way a value is another one.

use super::walk::{Found, Rules, walk};
use crate::snapshot::entry::Variable;
use crate::value::json::{scan_value, skip_space, unescape};
use crate::value::{Value, same_decimal};

/// What differs in a variable, or in a part of its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// The typed value.
    Value,
    /// The type.
    Type,
    /// The spelling alone, or members that others of the same name hide.
    Raw,
    /// The order alone: of an object's members, or of a list's elements where they are told apart by a key.
    Order,
    /// The scope that the name resolves to.
    Winner,
}

impl ChangeKind {
    /// The kind in the JavaScript contract.
    pub fn as_str(self) -> &'static str {
        match self {
            ChangeKind::Value => "value",
            ChangeKind::Type => "type",
            ChangeKind::Raw => "raw",
            ChangeKind::Order => "order",
            ChangeKind::Winner => "winner",
        }
    }
}

/// What differs between two variables; nothing where they are the same.
pub(in crate::snapshot) fn kinds(before: &Variable, after: &Variable, rules: &Rules) -> Vec<ChangeKind> {
    let mut kinds = Vec::new();
    if before.value_type != after.value_type {
        kinds.extend([ChangeKind::Value, ChangeKind::Type]);
    } else if !same(&before.value, &after.value) {
        kinds.push(value_or_order(&before.value, &after.value, rules));
    } else if (&before.raw, before.raw_is_text) != (&after.raw, after.raw_is_text) {
        kinds.push(ChangeKind::Raw);
    }
    if before.scope != after.scope {
        kinds.push(ChangeKind::Winner);
    }
    kinds
}

/// Two values of one type that are not the same may still hold the same.
fn value_or_order(before: &Value<'_>, after: &Value<'_>, rules: &Rules) -> ChangeKind {
    let (Value::Array(one) | Value::Object(one), Value::Array(other) | Value::Object(other)) = (before, after) else {
        return ChangeKind::Value;
    };
    let mut kind = ChangeKind::Raw;
    walk(one, other, rules, &mut |_, _, found| {
        kind = match found {
            Found::List(_) | Found::Respelled(..) => kind,
            Found::Moved(..) => ChangeKind::Order,
            Found::Removed(_) | Found::Added(_) | Found::Changed(..) => ChangeKind::Value,
        };
        kind != ChangeKind::Value
    });
    kind
}

/// Whether two values of one type are the same, however they are spelled. The order of an object's members counts.
pub(in crate::snapshot) fn same(before: &Value<'_>, after: &Value<'_>) -> bool {
    match (before, after) {
        (Value::Number(one), Value::Number(other)) => same_decimal(one, other),
        (Value::Array(one), Value::Array(other)) | (Value::Object(one), Value::Object(other)) => {
            same_document(one, other)
        }
        (Value::NonFinite(one), Value::NonFinite(other)) => {
            one.to_bits() == other.to_bits() || (one.is_nan() && other.is_nan())
        }
        _ => before == after,
    }
}

/// Walks two documents side by side, token by token.
pub(super) fn same_document(one: &str, other: &str) -> bool {
    let (mut at_one, mut at_other) = (0, 0);
    loop {
        let (Some((a, end_one)), Some((b, end_other))) = (token(one, at_one), token(other, at_other)) else {
            return token(one, at_one).is_none() && token(other, at_other).is_none();
        };
        if !same_token(a, b) {
            return false;
        }
        (at_one, at_other) = (end_one, end_other);
    }
}

/// The token at or after `at`, and where it ends: a bracket, a comma, a colon, or a scalar.
pub(in crate::snapshot) fn token(source: &str, at: usize) -> Option<(&str, usize)> {
    let bytes = source.as_bytes();
    let start = skip_space(bytes, at);
    let end = match bytes.get(start)? {
        b'{' | b'}' | b'[' | b']' | b',' | b':' => start + 1,
        _ => scan_value(bytes, start).ok()?.end,
    };
    Some((source.get(start..end)?, end))
}

fn same_token(one: &str, other: &str) -> bool {
    let is_number = |token: &str| token.starts_with(|c: char| c == '-' || c.is_ascii_digit());
    if one == other {
        return true;
    }
    if is_number(one) && is_number(other) {
        return same_decimal(one, other);
    }
    let text = |token: &str| token.strip_prefix('"')?.strip_suffix('"').and_then(unescape).map(String::from);
    matches!((text(one), text(other)), (Some(one), Some(other)) if one == other)
}
