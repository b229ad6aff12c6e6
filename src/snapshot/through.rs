//! What is seen of a snapshot through a mask.

use super::entry::{Variable, View};
use super::mask::{DOTS, Hidden, Mask, Masked, SizeClass, Spot};
use super::preview::{Shown, shown, whole};
use super::snapshot::Snapshot;
use super::store::{Entry, EntryId};
use crate::error::{Code, Error};
use crate::value::{Note, Value, ValueType};
use std::borrow::Cow;

/// An entry as it is seen: what the mask leaves of it, and what the mask did.
pub(super) struct Seen<'a> {
    pub(super) view: View<'a>,
    pub(super) masked: Option<Masked>,
}

impl Seen<'_> {
    /// The value as a cell shows it.
    pub(super) fn shown(&self) -> Shown {
        match &self.masked {
            Some(masked) if masked.whole => whole(DOTS),
            _ => shown(&self.view.value),
        }
    }

    /// What the value is, hidden or not; `None` where nobody could read it.
    pub(super) fn value_type(&self) -> Option<ValueType> {
        match &self.masked {
            Some(masked) => masked.value_type,
            None => Some(self.view.value_type()),
        }
    }
}

impl Snapshot {
    /// Looks at an entry through a mask. What is revealed of it as a whole is seen as it is.
    pub(super) fn look_through<R>(
        &self,
        id: EntryId,
        entry: Entry,
        mask: &Mask,
        hidden: &mut Hidden,
        see: impl FnOnce(Seen<'_>) -> R,
    ) -> R {
        if mask.is_off() || mask.reveals(self, id, &[]) {
            return self.look(entry, |view| see(Seen { view, masked: None }));
        }
        if entry.is_unreadable() {
            let masked = Some(mask.masked_unreadable(entry.size(), hidden));
            return see(Seen { view: View::of_text(""), masked });
        }
        let spot = self.spot(entry, mask);
        self.look(entry, |view| match mask.cover_value(&view.value, view.raw, &spot, hidden) {
            None => see(Seen { view, masked: None }),
            Some((value, masked)) => {
                let raw = text_of(&value).to_owned();
                let (raw_is_text, note) = (view.raw_is_text && !masked.whole, view.note.filter(Note::tells_nothing));
                see(Seen { view: View { value, raw: &raw, raw_is_text, note }, masked: Some(masked) })
            }
        })
    }

    /// The place of a readable entry's value.
    pub(super) fn spot<'m>(&self, entry: Entry, mask: &'m Mask) -> Spot<'m> {
        mask.variable(&self.store.name(entry.name), self.store.columns.scope(entry))
    }

    /// How large an entry is told to be: where something of it is hidden, the least of its size class.
    pub(super) fn told_size(&self, id: EntryId, entry: Entry, mask: &Mask) -> usize {
        if !self.hides(id, entry, mask) {
            return entry.size();
        }
        if entry.is_unreadable() {
            return mask.masked_unreadable(entry.size(), &mut Hidden::default()).size.least();
        }
        self.with_raw(entry, |raw| SizeClass::of(raw.len()).least())
    }

    /// The name of an entry as it is shown; of an unreadable item the name that it seems to have.
    pub(super) fn shown_name(&self, id: EntryId, entry: Entry, mask: &Mask, hidden: &mut Hidden) -> Cow<'_, str> {
        let name = if entry.is_unreadable() {
            self.store.columns.problem(id).map_or(Cow::Borrowed(""), |problem| self.store.problem_name(problem))
        } else {
            self.store.name(entry.name)
        };
        if name.is_empty() {
            return name;
        }
        match mask.cover_variable_name(&name, hidden) {
            Cow::Borrowed(_) => name,
            Cow::Owned(covered) => Cow::Owned(covered),
        }
    }

    /// The scope of a readable entry as it is shown.
    pub(super) fn shown_scope(&self, entry: Entry, mask: &Mask, hidden: &mut Hidden) -> String {
        mask.cover_scope(self.store.columns.scope(entry), &self.store.name(entry.name), hidden).into_owned()
    }

    /// The place of a readable entry's scope in the order of precedence; where the scope is hidden with the variable, that of an
    /// unknown one.
    pub(super) fn shown_rank(&self, entry: Entry, mask: &Mask) -> i32 {
        if mask.leaves_out(&self.store.name(entry.name)) { -1 } else { self.store.columns.rank(entry) }
    }

    /// The row of a variable that a name and a scope lead to, as they are or as the mask has shown them.
    ///
    /// ```
    /// use cognigy_session_debugger::snapshot::{IngestOptions, Mask, Snapshot};
    /// let body = br#"{"variables":[{"name":"max@mail.example","value":"1","scope":"user"}]}"#;
    /// let snapshot = Snapshot::parse(body.to_vec(), IngestOptions::default(), 0.0)?;
    /// let mask = Mask::standard();
    /// let shown = snapshot.row_through(0, &mask).unwrap().name;
    /// assert_eq!(shown, "[masked:email#1]");
    /// assert_eq!(snapshot.entry_through(&shown, None, &mask), Some(0));
    /// # Ok::<(), cognigy_session_debugger::Error>(())
    /// ```
    pub fn entry_through(&self, name: &str, scope: Option<&str>, mask: &Mask) -> Option<EntryId> {
        let name = mask.behind(name);
        let scope = scope.map(|scope| mask.scope_behind(scope, &name));
        self.find(&name, scope.as_deref())
    }

    /// The variable that a name resolves to, as [`Snapshot::get`] has it, through a mask. `hidden` counts what it hid.
    ///
    /// ```
    /// use cognigy_session_debugger::snapshot::{Hidden, IngestOptions, Mask, Snapshot};
    /// let body = br#"{"variables":[{"name":"pin","value":"4711","scope":"user"}]}"#;
    /// let snapshot = Snapshot::parse(body.to_vec(), IngestOptions::default(), 0.0)?;
    /// let pin = snapshot.get_through("pin", None, &Mask::standard(), &mut Hidden::default()).unwrap();
    /// assert_eq!((pin.raw.as_str(), pin.value_type.as_str()), ("[masked:one-time-code]", "integer"));
    /// # Ok::<(), cognigy_session_debugger::Error>(())
    /// ```
    pub fn get_through(&self, name: &str, scope: Option<&str>, mask: &Mask, hidden: &mut Hidden) -> Option<Variable> {
        self.variable(self.entry_through(name, scope, mask)?).map(|variable| variable.through(mask, hidden))
    }

    /// The rule that hides something at a place.
    ///
    /// # Errors
    /// `INPUT_INVALID` where there is no such place, or nothing is hidden there.
    pub fn rule_at(&self, id: EntryId, path: &[usize], mask: &Mask) -> Result<String, Error> {
        let masked = match path.split_last() {
            None => self.row_through(id, mask).and_then(|row| row.masked),
            Some((last, above)) => {
                let page = self.children_through(id, above, (*last, 1), mask, &mut Hidden::default())?;
                page.nodes.into_iter().next().and_then(|node| node.masked)
            }
        };
        let nothing = || Error::new(Code::InputInvalid, "Nothing is hidden at this place.");
        masked.map(|masked| masked.rule).ok_or_else(nothing)
    }

    /// The name in a row, as a mask shows it.
    pub fn name_through(&self, id: EntryId, mask: &Mask, hidden: &mut Hidden) -> String {
        let entry = self.store.columns.entry(id);
        entry.map(|entry| self.shown_name(id, entry, mask, hidden).into_owned()).unwrap_or_default()
    }
}

impl Variable {
    /// What a mask leaves of a variable. Its type stays told; a note that speaks of the value does not where anything is hidden.
    #[must_use]
    pub fn through(mut self, mask: &Mask, hidden: &mut Hidden) -> Variable {
        if mask.is_off() {
            return self;
        }
        let spot = mask.variable(&self.name, &self.scope);
        if let Some((value, masked)) = mask.cover_value(&self.value, &self.raw, &spot, hidden) {
            self.raw = text_of(&value).to_owned();
            self.raw_is_text &= !masked.whole;
            self.value = value;
            self.note = self.note.filter(Note::tells_nothing);
            self.masked = Some(masked);
        }
        let scope = mask.cover_scope(&self.scope, &self.name, hidden).into_owned();
        let name = mask.cover_variable_name(&self.name, hidden).into_owned();
        Variable { name, scope, ..self }
    }
}

/// The text of a value that a mask left something of.
fn text_of<'v>(value: &'v Value<'_>) -> &'v str {
    match value {
        Value::String(text) | Value::Array(text) | Value::Object(text) => text,
        _ => "",
    }
}
