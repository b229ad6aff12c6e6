//! Values that the platform put in the place of what a flow wrote.

use crate::value::Value;
use crate::value::json::{Children, JsonKind, unescape};

/// Why the platform replaced a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// Masked: nothing but asterisks, at least three.
    MaskedByPlatform,
    /// Too large: `{"error": "Cannot add value to context for key …: exceeded maximum context size."}`.
    Overflow,
}

/// What stands for a value that was too large is short itself.
const LONGEST_OVERFLOW: usize = 4_096;

/// One or two asterisks are a pattern that somebody wrote.
const FEWEST_ASTERISKS: usize = 3;

impl Origin {
    /// The word in the JavaScript contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Origin::MaskedByPlatform => "masked-by-platform",
            Origin::Overflow => "overflow",
        }
    }

    /// Whether a value stands for another one, and why.
    pub(super) fn of(value: &Value<'_>, raw: &str) -> Option<Origin> {
        match value {
            Value::String(_) if raw.len() >= FEWEST_ASTERISKS && raw.bytes().all(|byte| byte == b'*') => {
                Some(Origin::MaskedByPlatform)
            }
            Value::Object(source) if source.len() <= LONGEST_OVERFLOW && is_overflow(source) => Some(Origin::Overflow),
            _ => None,
        }
    }
}

fn is_overflow(source: &str) -> bool {
    let mut children = Children::new(source.as_bytes(), 0).filter_map(Result::ok);
    let (Some(only), None) = (children.next(), children.next()) else { return false };
    let text = |start, end| source.get(start..end).and_then(unescape);
    let named = only.key.and_then(|(start, end)| text(start, end)).is_some_and(|key| key == "error");
    named
        && only.value.kind == JsonKind::String
        && text(only.value.start + 1, only.value.end - 1).is_some_and(|message| {
            message.starts_with("Cannot add value to ") && message.ends_with(": exceeded maximum context size.")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_and_overflows_are_told_from_what_looks_alike() {
        let text = |raw: &str| Origin::of(&Value::String(raw.into()), raw);
        assert_eq!(text("*****"), Some(Origin::MaskedByPlatform));
        assert_eq!((text("**"), text("***a"), text("")), (None, None, None));
        let object = |source: &str| Origin::of(&Value::Object(source.into()), source);
        let message = "Cannot add value to context for key big: exceeded maximum context size.";
        assert_eq!(object(&format!("{{\"error\": \"{message}\"}}")), Some(Origin::Overflow));
        assert_eq!(object(&format!("{{\"error\": \"{message}\",\"a\":1}}")), None);
        assert_eq!(object(&format!("{{\"other\": \"{message}\"}}")), None);
        assert_eq!(object("{\"error\":\"exceeded\"}"), None);
    }
}
