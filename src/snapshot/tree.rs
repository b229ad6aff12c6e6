//! The inside of a value, level by level: only what is opened is looked at.

use super::mask::{DOTS, Hidden, Mask, Masked, SizeClass, Spot};
use super::opened::{Opened, Recent, key};
use super::origin::Origin;
use super::preview::{shown, whole};
use super::snapshot::Snapshot;
use super::store::EntryId;
use crate::error::{Code, Error};
use crate::value::json::{Child, Children, JsonKind, unescape};
use crate::value::{MAX_TEXT_DEPTH, NoteCode, Reading, Value, ValueType, read_json, reads_containers};
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
    /// Bytes in the body; where something of it is hidden, the fewest of its size class.
    pub size: usize,
    /// Members or elements; absent for scalars.
    pub child_count: Option<usize>,
    /// Where the object has this name more than once: whether this is the one that `JSON.parse` keeps.
    pub kept: Option<bool>,
    /// What a 64-bit number loses of a number.
    pub note: Option<NoteCode>,
    /// What the platform put in the place of the value.
    pub origin: Option<Origin>,
    /// What a mask did to the value, where one hid something of it.
    pub masked: Option<Masked>,
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
        self.children_through(id, path, (offset, limit), &Mask::off(), &mut Hidden::default())
    }

    /// The same through a mask, leaf by leaf; `part` is offset and limit. What is hidden as a whole has no members. `hidden` counts
    /// what the mask hid of those that are given.
    ///
    /// # Errors
    /// `INPUT_INVALID` where there is no such place, or the mask does not show it.
    ///
    /// ```
    /// use cognigy_session_debugger::snapshot::{Hidden, IngestOptions, Mask, Snapshot};
    /// let body = br#"{"variables":[{"name":"login","value":{"user":"max","pin":4711},"scope":"user"}]}"#;
    /// let snapshot = Snapshot::parse(body.to_vec(), IngestOptions::default(), 0.0)?;
    /// let page = snapshot.children_through(0, &[], (0, 10), &Mask::standard(), &mut Hidden::default())?;
    /// let shown: Vec<_> = page.nodes.iter().map(|node| (node.text.as_str(), node.value_type.as_str())).collect();
    /// assert_eq!(shown, [("max", "string"), ("••••", "integer")]);
    /// # Ok::<(), cognigy_session_debugger::Error>(())
    /// ```
    pub fn children_through(
        &self,
        id: EntryId,
        path: &[usize],
        part: (usize, usize),
        mask: &Mask,
        hidden: &mut Hidden,
    ) -> Result<TreePage, Error> {
        let nothing = TreePage { total: 0, nodes: Vec::new() };
        let Some(opened) = self.container_at(id, path)? else {
            // A place behind something hidden is none, whether or not it is there.
            return if path.is_empty() { Ok(nothing) } else { self.seen_spot(id, path, mask, &[]).map(|_| nothing) };
        };
        let spot = self.seen_spot(id, path, mask, &opened.names)?;
        if spot.whole().is_some() && !mask.reveals(self, id, path) {
            return Ok(nothing);
        }
        Ok(self.page(&opened, (id, path), part, mask, &spot, hidden))
    }

    /// The place at the end of a path, where what it leads through is seen.
    fn seen_spot<'m>(
        &self,
        id: EntryId,
        path: &[usize],
        mask: &'m Mask,
        names: &[Option<String>],
    ) -> Result<Spot<'m>, Error> {
        let entry = self.store.columns.entry(id).ok_or_else(no_such_place)?;
        let mut spot = if entry.is_unreadable() { mask.variable("", "") } else { self.spot(entry, mask) };
        let is_free = mask.is_off() || mask.reveals(self, id, path);
        for name in names {
            if spot.whole().is_some() && !is_free {
                return Err(no_such_place());
            }
            spot = spot.child(name.as_deref());
        }
        Ok(spot)
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
        let open = |value: Value<'_>, names: Vec<Option<String>>| match &value {
            Value::Array(source) | Value::Object(source) => Some(Rc::new(Opened::new(id, path, names, source))),
            _ => None,
        };
        if path.is_empty()
            && let Some(opened) = self.open_text(id)
        {
            return Ok(Some(Rc::new(opened)));
        }
        if let Some((parent, ordinal)) = recent.parent(id, path) {
            let child = parent.children.get(*ordinal).ok_or_else(no_such_place)?;
            let mut names = parent.names.clone();
            names.push(key(&parent.source, child).map(Cow::into_owned));
            return Ok(open(read(&parent.source, child), names));
        }
        self.descend(id, path, open)
    }

    /// A text that is nothing but JSON, which is the usual one, without being read for its type first.
    fn open_text(&self, id: EntryId) -> Option<Opened> {
        let columns = &self.store.columns;
        let entry = columns.entry(id)?;
        let value_type = match self.store.bytes(entry).get(..2)? {
            b"\"{" => ValueType::Object,
            b"\"[" => ValueType::Array,
            _ => return None,
        };
        if entry.is_unreadable()
            || entry.is_too_deep()
            || !reads_containers(self.policy_of(entry), columns.declared(entry), value_type)
        {
            return None;
        }
        Opened::text(id, self.store.text(entry)?, columns.max_depth().min(MAX_TEXT_DEPTH))
    }

    /// More children are never given at once.
    pub const MOST_NODES: usize = 1_000;

    /// A part of the whole text of a value: a text itself, of anything else its JSON source. Offsets count UTF-16 units.
    ///
    /// # Errors
    /// `INPUT_INVALID` where there is no such place.
    pub fn text(&self, id: EntryId, path: &[usize], offset: usize, limit: usize) -> Result<TextPart, Error> {
        self.text_through(id, path, (offset, limit), &Mask::off(), &mut Hidden::default())
    }

    /// The same through a mask: of what is hidden as a whole, the mark of its rule. `range` is offset and limit.
    ///
    /// # Errors
    /// `INPUT_INVALID` where there is no such place, or the mask does not show it.
    ///
    /// ```
    /// use cognigy_session_debugger::snapshot::{Hidden, IngestOptions, Mask, Snapshot};
    /// let body = br#"{"variables":[{"name":"login","value":{"user":"max","pin":4711},"scope":"user"}]}"#;
    /// let snapshot = Snapshot::parse(body.to_vec(), IngestOptions::default(), 0.0)?;
    /// let part = snapshot.text_through(0, &[], (0, 100), &Mask::standard(), &mut Hidden::default())?;
    /// assert_eq!(part.text, r#"{"user":"max","pin":"[masked:one-time-code]"}"#);
    /// # Ok::<(), cognigy_session_debugger::Error>(())
    /// ```
    pub fn text_through(
        &self,
        id: EntryId,
        path: &[usize],
        (offset, limit): (usize, usize),
        mask: &Mask,
        hidden: &mut Hidden,
    ) -> Result<TextPart, Error> {
        if path.is_empty() {
            let entry = self.store.columns.entry(id).ok_or_else(no_such_place)?;
            return Ok(self.look_through(id, entry, mask, hidden, |seen| match &seen.masked {
                Some(masked) if masked.whole => part(&masked.mark(), offset, limit),
                _ => part(seen.view.raw, offset, limit),
            }));
        }
        self.descend(id, path, |value, names| {
            let spot = self.seen_spot(id, path, mask, &names)?;
            let covered = (!mask.reveals(self, id, path)).then(|| mask.cover_value(&value, "", &spot, hidden));
            let value = covered.flatten().map_or(value, |(covered, _)| covered);
            Ok(match &value {
                Value::Null => part("null", offset, limit),
                Value::Boolean(value) => part(if *value { "true" } else { "false" }, offset, limit),
                Value::NonFinite(_) => part("", offset, limit),
                Value::Integer(text)
                | Value::Number(text)
                | Value::String(text)
                | Value::Array(text)
                | Value::Object(text) => part(text, offset, limit),
            })
        })?
    }

    /// Looks at the end of a path, and tells the names on the way.
    fn descend<R>(
        &self,
        id: EntryId,
        path: &[usize],
        see: impl FnOnce(Value<'_>, Vec<Option<String>>) -> R,
    ) -> Result<R, Error> {
        let entry = self.store.columns.entry(id).ok_or_else(no_such_place)?;
        self.look(entry, |view| {
            let (mut value, mut names) = (view.value, Vec::with_capacity(path.len()));
            for ordinal in path {
                let (name, inside) = step(&value, *ordinal).ok_or_else(no_such_place)?;
                names.push(name);
                value = inside;
            }
            Ok(see(value, names))
        })
    }

    fn page(
        &self,
        opened: &Opened,
        (id, path): (EntryId, &[usize]),
        (offset, limit): (usize, usize),
        mask: &Mask,
        spot: &Spot<'_>,
        hidden: &mut Hidden,
    ) -> TreePage {
        let mut path = path.to_vec();
        let mut node = |(ordinal, child): (usize, &Child)| {
            let node = node(&opened.source, ordinal, child, opened.kept(ordinal));
            path.push(ordinal);
            let shown = mask.is_off() || mask.reveals(self, id, &path);
            path.pop();
            if shown { node } else { covered_node(node, &opened.source, child, mask, spot, hidden) }
        };
        let children = opened.children.iter().enumerate().skip(offset).take(limit.min(Self::MOST_NODES));
        TreePage { total: opened.children.len(), nodes: children.map(&mut node).collect() }
    }
}

pub(super) fn no_such_place() -> Error {
    Error::new(Code::InputInvalid, "The snapshot has no value at this place.")
}

/// A child and its name.
fn step<'a>(value: &Value<'a>, ordinal: usize) -> Option<(Option<String>, Value<'a>)> {
    match value {
        Value::Array(Cow::Borrowed(source)) | Value::Object(Cow::Borrowed(source)) => nth(source, ordinal),
        Value::Array(Cow::Owned(source)) | Value::Object(Cow::Owned(source)) => {
            nth(source, ordinal).map(|(name, value)| (name, value.into_owned()))
        }
        _ => None,
    }
}

fn nth(source: &str, ordinal: usize) -> Option<(Option<String>, Value<'_>)> {
    let child = Children::new(source.as_bytes(), 0).nth(ordinal)?.ok()?;
    Some((key(source, &child).map(Cow::into_owned), read(source, &child)))
}

/// The typed value of a child: nested JSON is typed already, so nothing is coerced.
fn read<'a>(source: &'a str, child: &Child) -> Value<'a> {
    reading(source, child).value
}

fn reading<'a>(source: &'a str, child: &Child) -> Reading<'a> {
    let text = source.get(child.value.start..child.value.end).unwrap_or_default();
    if child.value.kind != JsonKind::String {
        return read_json(text, None);
    }
    let inside = text.get(1..text.len().saturating_sub(1)).unwrap_or_default();
    Reading { value: Value::String(unescape(inside).unwrap_or(Cow::Borrowed(inside))), note: None }
}

pub(super) fn node(source: &str, ordinal: usize, child: &Child, kept: Option<bool>) -> ValueNode {
    let Reading { value, note } = reading(source, child);
    let text = shown(&value);
    let raw = if let Value::String(text) = &value { text } else { "" };
    ValueNode {
        note: note.map(|note| note.code),
        origin: Origin::of(&value, raw),
        ordinal,
        kept,
        key: key(source, child).map(Cow::into_owned),
        value_type: value.value_type(),
        text: text.text,
        truncated: text.truncated,
        size: child.value.end - child.value.start,
        child_count: text.children,
        masked: None,
    }
}

/// A node as a mask shows it. `spot` is the place of what it is in.
pub(super) fn covered_node(
    mut node: ValueNode,
    source: &str,
    child: &Child,
    mask: &Mask,
    spot: &Spot<'_>,
    hidden: &mut Hidden,
) -> ValueNode {
    let spot = spot.child(node.key.as_deref());
    if let Some((value, masked)) = mask.cover_value(&read(source, child), "", &spot, hidden) {
        let masked = Masked { size: SizeClass::of(node.size), ..masked };
        let text = if masked.whole { whole(DOTS) } else { shown(&value) };
        (node.text, node.truncated) = (text.text, text.truncated);
        node.child_count = node.child_count.filter(|_| !masked.whole);
        node.size = masked.size.least();
        (node.note, node.origin) = (None, None);
        node.masked = Some(masked);
    }
    node.key = node.key.map(|key| mask.cover_name(&key, hidden).into_owned());
    node
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
        let body = br#"{"variables":[{"name":"n","value":{"a":1,"b":2,"\u0061":3},"scope":"user"}]}"#;
        let snapshot = Snapshot::parse(body.to_vec(), crate::snapshot::IngestOptions::default(), 0.0).unwrap();
        let page = snapshot.children(0, &[], 0, 10).unwrap();
        assert_eq!(page.nodes.iter().map(|node| node.kept).collect::<Vec<_>>(), [Some(false), None, Some(true)]);
    }
}
