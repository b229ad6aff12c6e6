//! One part of a value, by the path of names and positions that leads to it.

use super::snapshot::Snapshot;
use super::store::EntryId;
use crate::value::json::{Child, Children, unescape};
use crate::value::{Value, ValueType, read_json};
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
        let id = self.find(name, scope)?;
        let entry = self.store.columns.entry(id).filter(|entry| !entry.is_unreadable())?;
        self.look(entry, |view| {
            let (Value::Array(source) | Value::Object(source)) = &view.value else {
                let whole = path.is_empty().then(|| view.raw.to_owned());
                return whole.map(|raw| part(id, Vec::new(), view.value.into_owned(), raw));
            };
            let (mut start, mut end, mut ordinals) = (0, source.len(), Vec::with_capacity(path.len()));
            for step in path {
                let (ordinal, child) = take(source, start, step)?;
                ordinals.push(ordinal);
                (start, end) = (child.value.start, child.value.end);
            }
            let raw = source.get(start..end)?;
            Some(part(id, ordinals, read(raw).into_owned(), raw.to_owned()))
        })
    }
}

fn part(entry: EntryId, ordinals: Vec<usize>, value: Value<'static>, raw: String) -> ValuePart {
    ValuePart { entry, ordinals, value_type: value.value_type(), value, raw }
}

/// The child that a step names, of the container that begins at `start`.
fn take(source: &str, start: usize, step: &Step) -> Option<(usize, Child)> {
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
    match raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(inside) => Value::String(unescape(inside).unwrap_or(Cow::Borrowed(inside))),
        None => read_json(raw, None).value,
    }
}
