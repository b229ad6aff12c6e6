//! The inside of a value, level by level: only what is opened is looked at.

use super::opened::{Opened, Recent, key};
use super::preview::{child_count, shown};
use super::snapshot::Snapshot;
use super::store::EntryId;
use crate::error::{Code, Error};
use crate::value::json::{Child, Children, JsonKind, unescape};
use crate::value::{Value, ValueType, read_json};
use std::borrow::Cow;
use std::rc::Rc;

/// One member of an object or element of an array.
#[derive(Debug, Clone, PartialEq)]
pub struct ValueNode {
    /// Position among its siblings, from 0; the step of a path.
    pub ordinal: usize,
    /// The member's name; absent in arrays.
    pub key: Option<String>,
    /// What the value is.
    pub value_type: ValueType,
    /// The value as shown, in its own spelling, at most 200 characters.
    pub text: String,
    /// Whether `text` is not the whole.
    pub truncated: bool,
    /// Bytes in the body.
    pub size: usize,
    /// Members or elements; absent for scalars.
    pub child_count: Option<usize>,
    /// Where the object has this name more than once: whether this is the one that `JSON.parse` keeps.
    pub kept: Option<bool>,
}

/// A part of the children of a value.
#[derive(Debug, Clone, PartialEq)]
pub struct TreePage {
    /// How many children there are.
    pub total: usize,
    /// The part that was asked for.
    pub nodes: Vec<ValueNode>,
}

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextPart {
    /// The part.
    pub text: String,
    /// Where it begins, in UTF-16 units; never inside a character.
    pub offset: usize,
    /// Length of the whole, in UTF-16 units.
    pub total: usize,
}

impl Snapshot {
    /// The members or elements of a value. `path` leads down by positions.
    ///
    /// # Errors
    /// `INPUT_INVALID` where there is no such place.
    pub fn children(&self, id: EntryId, path: &[usize], offset: usize, limit: usize) -> Result<TreePage, Error> {
        let opened = self.container_at(id, path)?;
        Ok(opened.map_or(TreePage { total: 0, nodes: Vec::new() }, |opened| {
            page(&opened, offset, limit.min(Self::MOST_NODES))
        }))
    }

    /// The object or list at the end of a path; `None` for a scalar.
    fn container_at(&self, id: EntryId, path: &[usize]) -> Result<Option<Rc<Opened>>, Error> {
        let mut recent = self.opened.take();
        let found = recent.find(id, path).map(Some).map_or_else(|| self.open_anew(&recent, id, path), Ok);
        if let Ok(Some(opened)) = &found {
            recent.keep(opened);
        }
        self.opened.replace(recent);
        found
    }

    fn open_anew(&self, recent: &Recent, id: EntryId, path: &[usize]) -> Result<Option<Rc<Opened>>, Error> {
        let open = |value: Value<'_>| match &value {
            Value::Array(source) | Value::Object(source) => Some(Rc::new(Opened::new(id, path, source))),
            _ => None,
        };
        if let Some((parent, ordinal)) = recent.parent(id, path) {
            let child = parent.children.get(*ordinal).ok_or_else(no_such_place)?;
            return Ok(open(read(&parent.source, child)));
        }
        self.descend(id, path, open)
    }

    /// More children are never given at once.
    pub const MOST_NODES: usize = 1_000;

    /// A part of the whole text of a value: a text itself, of anything else its JSON source. Offsets count UTF-16 units.
    ///
    /// # Errors
    /// `INPUT_INVALID` where there is no such place.
    pub fn text(&self, id: EntryId, path: &[usize], offset: usize, limit: usize) -> Result<TextPart, Error> {
        if path.is_empty() {
            let entry = self.store.columns.entry(id).ok_or_else(no_such_place)?;
            return Ok(self.look(entry, |view| part(view.raw, offset, limit)));
        }
        self.descend(id, path, |value| match &value {
            Value::Null => part("null", offset, limit),
            Value::Boolean(value) => part(if *value { "true" } else { "false" }, offset, limit),
            Value::NonFinite(_) => part("", offset, limit),
            Value::Integer(text)
            | Value::Number(text)
            | Value::String(text)
            | Value::Array(text)
            | Value::Object(text) => part(text, offset, limit),
        })
    }

    fn descend<R>(&self, id: EntryId, path: &[usize], see: impl FnOnce(Value<'_>) -> R) -> Result<R, Error> {
        let entry = self.store.columns.entry(id).ok_or_else(no_such_place)?;
        self.look(entry, |view| {
            let mut value = view.value;
            for ordinal in path {
                value = step(&value, *ordinal).ok_or_else(no_such_place)?;
            }
            Ok(see(value))
        })
    }
}

pub(super) fn no_such_place() -> Error {
    Error::new(Code::InputInvalid, "The snapshot has no value at this place.")
}

fn step<'a>(value: &Value<'a>, ordinal: usize) -> Option<Value<'a>> {
    match value {
        Value::Array(Cow::Borrowed(source)) | Value::Object(Cow::Borrowed(source)) => nth(source, ordinal),
        Value::Array(Cow::Owned(source)) | Value::Object(Cow::Owned(source)) => {
            nth(source, ordinal).map(Value::into_owned)
        }
        _ => None,
    }
}

fn nth(source: &str, ordinal: usize) -> Option<Value<'_>> {
    let child = Children::new(source.as_bytes(), 0).nth(ordinal)?.ok()?;
    Some(read(source, &child))
}

/// The typed value of a child: nested JSON is typed already, so nothing is coerced.
fn read<'a>(source: &'a str, child: &Child) -> Value<'a> {
    let text = source.get(child.value.start..child.value.end).unwrap_or_default();
    if child.value.kind != JsonKind::String {
        return read_json(text, None).value;
    }
    let inside = text.get(1..text.len().saturating_sub(1)).unwrap_or_default();
    Value::String(unescape(inside).unwrap_or(Cow::Borrowed(inside)))
}

fn page(opened: &Opened, offset: usize, limit: usize) -> TreePage {
    let source = opened.source.as_str();
    let node = |(ordinal, child)| node(source, ordinal, child, opened.kept(ordinal));
    let nodes = opened.children.iter().enumerate().skip(offset).take(limit).map(node).collect();
    TreePage { total: opened.children.len(), nodes }
}

pub(super) fn node(source: &str, ordinal: usize, child: &Child, kept: Option<bool>) -> ValueNode {
    let value = read(source, child);
    let text = shown(&value);
    ValueNode {
        ordinal,
        kept,
        key: key(source, child).map(Cow::into_owned),
        value_type: value.value_type(),
        text: text.text,
        truncated: text.truncated,
        size: child.value.end - child.value.start,
        child_count: child_count(&value),
    }
}

/// A part of a text, cut between characters: at least one of them where the limit is not 0.
fn part(text: &str, offset: usize, limit: usize) -> TextPart {
    let least = usize::from(limit > 0);
    let (mut units, mut start, mut end) = (0, None, text.len());
    let mut begins = 0;
    for (at, c) in text.char_indices() {
        if start.is_none() && units >= offset {
            (start, begins) = (Some(at), units);
        }
        if start.is_some() && units >= begins + least && units + c.len_utf16() > begins.saturating_add(limit) {
            end = at;
            break;
        }
        units += c.len_utf16();
    }
    let total = text.chars().map(char::len_utf16).sum();
    let (start, begins) = start.map_or((text.len(), total), |start| (start, begins));
    TextPart { text: text.get(start..end).unwrap_or_default().to_owned(), offset: begins, total }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_text_join_to_the_whole() {
        let text = "aé😀b\u{202e}c";
        for limit in 2..9 {
            let (mut whole, mut offset) = (String::new(), 0);
            loop {
                let part = part(text, offset, limit);
                if part.text.is_empty() {
                    break;
                }
                assert_eq!(part.offset, offset);
                offset += part.text.encode_utf16().count();
                whole += &part.text;
            }
            assert_eq!(whole, text);
        }
        assert_eq!(part(text, 0, 100).total, text.encode_utf16().count());
    }

    #[test]
    fn a_part_never_begins_inside_a_character() {
        assert_eq!(part("😀b", 1, 10), TextPart { text: "b".into(), offset: 2, total: 3 });
        assert_eq!(part("", 0, 10), TextPart { text: String::new(), offset: 0, total: 0 });
    }

    #[test]
    fn names_that_stand_twice_are_told() {
        let page = page(&Opened::new(0, &[], r#"{"a":1,"b":2,"\u0061":3}"#), 0, 10);
        assert_eq!(page.nodes.iter().map(|node| node.kept).collect::<Vec<_>>(), [Some(false), None, Some(true)]);
    }
}
