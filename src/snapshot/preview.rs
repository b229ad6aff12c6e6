//! What a cell shows of a value: short, in the value's own spelling, and never more than fits.

use crate::value::Value;
use crate::value::json::{Child, Children, JsonKind, unescape};
use std::borrow::Cow;

/// So many characters are shown of a text.
pub(super) const MOST_CHARS: usize = 200;
const MOST_CHILDREN: usize = 3;
const MOST_CHILD_CHARS: usize = 32;

/// A shortened text, and whether something was left out.
pub(super) struct Shown {
    pub(super) text: String,
    pub(super) truncated: bool,
    /// How many children a container has.
    pub(super) children: Option<usize>,
}

/// The value as a cell shows it.
pub(super) fn shown(value: &Value<'_>) -> Shown {
    match value {
        Value::Null => whole("null"),
        Value::Boolean(true) => whole("true"),
        Value::Boolean(false) => whole("false"),
        Value::NonFinite(number) => whole(if number.is_nan() {
            "NaN"
        } else if *number > 0.0 {
            "Infinity"
        } else {
            "-Infinity"
        }),
        Value::Integer(text) | Value::Number(text) | Value::String(text) => cut(text, MOST_CHARS),
        Value::Array(source) | Value::Object(source) => {
            let (text, children) = container(source);
            Shown { children: Some(children), ..cut(&text, MOST_CHARS) }
        }
    }
}

/// A text that is short enough.
pub(super) fn whole(text: &str) -> Shown {
    Shown { text: text.to_owned(), truncated: false, children: None }
}

/// The first characters of a text.
pub(super) fn cut(text: &str, most: usize) -> Shown {
    match text.char_indices().nth(most) {
        Some((end, _)) => Shown { truncated: true, ..whole(text.get(..end).unwrap_or_default()) },
        None => whole(text),
    }
}

/// `{city, zip, … 5 more}` or `[1, "two", … 8 more]`, and how many there are.
fn container(source: &str) -> (String, usize) {
    let object = source.starts_with('{');
    let mut children = Children::new(source.as_bytes(), 0).filter_map(Result::ok);
    let mut parts: Vec<String> = children.by_ref().take(MOST_CHILDREN).map(|child| part(source, &child)).collect();
    let (shown, rest) = (parts.len(), children.count());
    if rest > 0 {
        parts.push(format!("… {rest} more"));
    }
    let (open, close) = if object { ('{', '}') } else { ('[', ']') };
    (format!("{open}{}{close}", parts.join(", ")), shown + rest)
}

fn part(source: &str, child: &Child) -> String {
    let shortened = |text: Cow<'_, str>| {
        let shown = cut(&text, MOST_CHILD_CHARS);
        if shown.truncated { shown.text + "…" } else { shown.text }
    };
    if let Some((start, end)) = child.key {
        let key = source.get(start..end).unwrap_or_default();
        return shortened(unescape(key).unwrap_or(Cow::Borrowed(key)));
    }
    let text = source.get(child.value.start..child.value.end).unwrap_or_default();
    match child.value.kind {
        JsonKind::Array => "[…]".to_owned(),
        JsonKind::Object => "{…}".to_owned(),
        _ => shortened(Cow::Borrowed(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(value: Value<'_>) -> (String, bool) {
        let shown = shown(&value);
        (shown.text, shown.truncated)
    }

    #[test]
    fn containers_show_their_first_children() {
        let object = r#"{"city":"K","zip":"0","a\u00e9":1,"b":2,"c":3}"#;
        assert_eq!(show(Value::Object(object.into())), ("{city, zip, aé, … 2 more}".into(), false));
        assert_eq!(show(Value::Array(r#"[1.10, "two", [3]]"#.into())), (r#"[1.10, "two", […]]"#.into(), false));
        assert_eq!(show(Value::Object("{}".into())), ("{}".into(), false));
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        let (text, truncated) = show(Value::String("é".repeat(201).into()));
        assert_eq!((text.chars().count(), truncated), (200, true));
        assert!(!show(Value::String("é".repeat(200).into())).1);
    }
}
