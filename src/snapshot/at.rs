//! One part of a value, by the path of names and positions that leads to it.

use super::mask::{Hidden, Mask, Masked, Spot};
use super::snapshot::Snapshot;
use super::store::EntryId;
use crate::value::json::{Child, Children, escape_into, unescape};
use crate::value::{Note, Reading, Value, ValueType, read_json};
use std::borrow::Cow;

/// One step down into a value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// The member of an object with this name; the last of several, which is the one that `JSON.parse` keeps.
    Name(String),
    /// The element of an array at this position, from 0.
    Index(usize),
}

/// A value, or a part of one.
#[derive(Debug, Clone, PartialEq)]
pub struct ValuePart {
    /// The row of the variable.
    pub entry: EntryId,
    /// The same path as positions among siblings, as [`Snapshot::children`] takes it.
    pub ordinals: Vec<usize>,
    /// The typed value.
    pub value: Value<'static>,
    /// What the value is.
    pub value_type: ValueType,
    /// Its JSON source, exactly as it came; of a whole variable that is a text, the text.
    pub raw: String,
    /// What its reading would lose or did not take; what is said of numbers inside of it, each part says itself.
    pub note: Option<Note>,
    /// What a mask did to it, where one hid something.
    pub masked: Option<Masked>,
}

impl Snapshot {
    /// The part of a variable's value at the end of a path; `None` where there is none. Without a scope it is the variable
    /// that the name resolves to, as in [`Snapshot::get`].
    ///
    /// ```
    /// use cognigy_session_debugger::snapshot::{IngestOptions, Snapshot, Step};
    /// let body = br#"{"variables":[{"name":"cart","value":{"items":[{"price":1.10}]},"scope":"user"}]}"#;
    /// let snapshot = Snapshot::parse(body.to_vec(), IngestOptions::default(), 0.0)?;
    /// let path = [Step::Name("items".into()), Step::Index(0), Step::Name("price".into())];
    /// assert_eq!(snapshot.at("cart", None, &path).unwrap().raw, "1.10");
    /// # Ok::<(), cognigy_session_debugger::Error>(())
    /// ```
    pub fn at(&self, name: &str, scope: Option<&str>, path: &[Step]) -> Option<ValuePart> {
        self.part_of(self.find(name, scope)?, path)
    }

    /// The same through a mask; name, scope and path as they are or as the mask has shown them. `None` also where the way leads
    /// through something that is hidden as a whole.
    ///
    /// ```
    /// use cognigy_session_debugger::snapshot::{Hidden, IngestOptions, Mask, Snapshot, Step};
    /// let body = br#"{"variables":[{"name":"login","value":{"pin":4711},"scope":"user"}]}"#;
    /// let snapshot = Snapshot::parse(body.to_vec(), IngestOptions::default(), 0.0)?;
    /// let pin = [Step::Name("pin".into())];
    /// let part = snapshot.at_through("login", None, &pin, &Mask::standard(), &mut Hidden::default()).unwrap();
    /// assert_eq!(part.raw, r#""[masked:one-time-code]""#);
    /// # Ok::<(), cognigy_session_debugger::Error>(())
    /// ```
    pub fn at_through(
        &self,
        name: &str,
        scope: Option<&str>,
        path: &[Step],
        mask: &Mask,
        hidden: &mut Hidden,
    ) -> Option<ValuePart> {
        let path: Vec<Step> = path.iter().map(|step| step.behind(mask)).collect();
        let id = self.entry_through(name, scope, mask)?;
        let part = self.part_of(id, &path)?;
        let mut spot = self.spot(self.store.columns.entry(id)?, mask);
        for step in &path {
            if spot.whole().is_some() {
                return None;
            }
            spot = spot.step(step);
        }
        Some(part.through(mask, &spot, hidden))
    }

    fn part_of(&self, id: EntryId, path: &[Step]) -> Option<ValuePart> {
        let entry = self.store.columns.entry(id).filter(|entry| !entry.is_unreadable())?;
        self.look(entry, |view| {
            let (Value::Array(source) | Value::Object(source)) = &view.value else {
                let whole = path.is_empty().then(|| view.raw.to_owned());
                return whole.map(|raw| part(id, Vec::new(), view.value.into_owned(), view.note, raw));
            };
            let (mut start, mut end, mut ordinals) = (0, source.len(), Vec::with_capacity(path.len()));
            for step in path {
                let (ordinal, child) = take(source, start, step)?;
                ordinals.push(ordinal);
                (start, end) = (child.value.start, child.value.end);
            }
            let raw = source.get(start..end)?;
            let Reading { value, note } = reading(raw);
            let note = if path.is_empty() { view.note } else { note };
            Some(part(id, ordinals, value.into_owned(), note, raw.to_owned()))
        })
    }
}

fn part(entry: EntryId, ordinals: Vec<usize>, value: Value<'static>, note: Option<Note>, raw: String) -> ValuePart {
    ValuePart { entry, ordinals, value_type: value.value_type(), value, raw, note, masked: None }
}

impl ValuePart {
    /// What a mask leaves of it; its type stays told.
    pub(super) fn through(mut self, mask: &Mask, spot: &Spot<'_>, hidden: &mut Hidden) -> ValuePart {
        if let Some((value, masked)) = mask.cover_value(&self.value, &self.raw, spot, hidden) {
            self.raw.clear();
            match &value {
                Value::Array(source) | Value::Object(source) => self.raw.push_str(source),
                Value::String(text) if self.ordinals.is_empty() && self.value_type == ValueType::String => {
                    self.raw.push_str(text);
                }
                Value::String(text) => escape_into(&mut self.raw, text),
                _ => {}
            }
            self.value = value;
            self.note = None;
            self.masked = Some(masked);
        }
        self
    }
}

impl Step {
    /// The step that a mask has shown as this one.
    pub(super) fn behind(&self, mask: &Mask) -> Step {
        match self {
            Step::Name(name) => Step::Name(mask.behind(name).into_owned()),
            Step::Index(index) => Step::Index(*index),
        }
    }

    /// The step as a mask shows it.
    pub(super) fn through(self, mask: &Mask, hidden: &mut Hidden) -> Step {
        match self {
            Step::Name(name) => Step::Name(mask.cover_name(&name, hidden).into_owned()),
            Step::Index(index) => Step::Index(index),
        }
    }
}

/// The child that a step names, of the container that begins at `start`.
pub(super) fn take(source: &str, start: usize, step: &Step) -> Option<(usize, Child)> {
    let mut children = Children::new(source.as_bytes(), start).map_while(Result::ok).enumerate();
    match step {
        Step::Index(index) => children.nth(*index).filter(|(_, child)| child.key.is_none()),
        Step::Name(name) => children.filter(|(_, child)| is_named(source, child, name)).last(),
    }
}

fn is_named(source: &str, child: &Child, name: &str) -> bool {
    let key = child.key.and_then(|(start, end)| source.get(start..end));
    key.is_some_and(|key| if child.key_strings.escaped { unescape(key).as_deref() == Some(name) } else { key == name })
}

/// Nested JSON is typed already: a text in it stays a text.
pub(super) fn read(raw: &str) -> Value<'_> {
    reading(raw).value
}

fn reading(raw: &str) -> Reading<'_> {
    match raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(inside) => Reading { value: Value::String(unescape(inside).unwrap_or(Cow::Borrowed(inside))), note: None },
        None => read_json(raw, None),
    }
}
