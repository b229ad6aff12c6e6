//! A part of a value as a text for the clipboard, through a mask.

use super::at::Step;
use super::mask::{Hidden, Mask};
use super::path_text::{PathDialect, path_text};
use super::snapshot::Snapshot;
use super::store::{Entry, EntryId};
use super::tree::no_such_place;
use crate::error::Error;
use crate::value::Value;
use crate::value::json::{Children, unescape};
use std::borrow::Cow;

/// What is copied of a part of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CopyForm {
    /// What came: a text itself, of anything else its JSON source.
    Value,
    /// The way to it.
    Path(PathDialect),
}

impl CopyForm {
    /// The form with this name in the JavaScript contract.
    pub fn parse(name: &str) -> Option<CopyForm> {
        if name == "value" { Some(CopyForm::Value) } else { PathDialect::parse(name).map(CopyForm::Path) }
    }
}

impl Snapshot {
    /// A part of a value, or the way to it, with what the mask hides replaced; names on the way included. `path` leads down by
    /// positions. `None` where the dialect has no words for the way, as to a member whose name comes again behind it, and to an item
    /// that could not be read. `hidden` counts what was hidden.
    ///
    /// # Errors
    /// `INPUT_INVALID` where there is no such place.
    ///
    /// ```
    /// use cognigy_session_debugger::snapshot::{CopyForm, Hidden, IngestOptions, Mask, PathDialect, Snapshot};
    /// let body = br#"{"variables":[{"name":"login","value":{"user":"max","password":"s3cr3t"},"scope":"user"}]}"#;
    /// let snapshot = Snapshot::parse(body.to_vec(), IngestOptions::default(), 0.0)?;
    /// let mut hidden = Hidden::default();
    /// let mut copy = |path: &[usize], form| snapshot.copy_text(0, path, form, &Mask::standard(), &mut hidden);
    /// assert_eq!(copy(&[0], CopyForm::Value)?.as_deref(), Some("max"));
    /// assert_eq!(copy(&[1], CopyForm::Value)?.as_deref(), Some("[masked:password]"));
    /// assert_eq!(copy(&[1], CopyForm::Path(PathDialect::JsonPointer))?.as_deref(), Some("/password"));
    /// # Ok::<(), cognigy_session_debugger::Error>(())
    /// ```
    pub fn copy_text(
        &self,
        id: EntryId,
        path: &[usize],
        form: CopyForm,
        mask: &Mask,
        hidden: &mut Hidden,
    ) -> Result<Option<String>, Error> {
        let entry = self.store.columns.entry(id).ok_or_else(no_such_place)?;
        if entry.is_unreadable() {
            return match form {
                _ if !path.is_empty() => Err(no_such_place()),
                CopyForm::Value if mask.is_off() => Ok(Some(self.store.source(entry).into_owned())),
                CopyForm::Value => Ok(Some(mask.cover_unreadable(hidden))),
                CopyForm::Path(_) => Ok(None),
            };
        }
        if path.is_empty() && form == CopyForm::Value {
            return Ok(Some(self.covered_raw(entry, mask, hidden)));
        }
        self.copy_part(entry, path, form, mask, hidden).ok_or_else(no_such_place)
    }

    /// `None` where there is no such place.
    fn copy_part(
        &self,
        entry: Entry,
        path: &[usize],
        form: CopyForm,
        mask: &Mask,
        hidden: &mut Hidden,
    ) -> Option<Option<String>> {
        let (name, scope) = (self.store.name(entry.name), self.store.columns.scope(entry));
        self.look(entry, |view| {
            let source = match &view.value {
                Value::Array(source) | Value::Object(source) => source.as_ref(),
                _ if path.is_empty() => "",
                _ => return None,
            };
            let (mut start, mut end) = (0, source.len());
            let (mut spot, mut steps, mut reachable) = (mask.variable(&name, scope), Vec::new(), true);
            for ordinal in path {
                let mut children = Children::new(source.as_bytes(), start).map_while(Result::ok);
                let child = children.nth(*ordinal)?;
                (start, end) = (child.value.start, child.value.end);
                let Some((from, to)) = child.key else {
                    steps.push(Step::Index(*ordinal));
                    continue;
                };
                let key = unescaped(source.get(from..to)?);
                let again = |(from, to)| source.get(from..to).is_some_and(|other| unescaped(other) == key);
                reachable &= form == CopyForm::Value || !children.any(|other| other.key.is_some_and(again));
                spot = spot.member(&key);
                if form != CopyForm::Value {
                    steps.push(Step::Name(mask.cover_name(&key, hidden).into_owned()));
                }
            }
            let CopyForm::Path(dialect) = form else {
                let part = source.get(start..end)?;
                if let Some(inside) = part.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
                    return Some(Some(mask.cover_text(&unescaped(inside), &spot, hidden).into_owned()));
                }
                let mut out = String::new();
                mask.write_json(&mut out, part, &spot, hidden);
                return Some(Some(out));
            };
            let scope = mask.cover_scope(scope, &name, hidden);
            let name = mask.cover_variable_name(&name, hidden);
            Some(path_text(dialect, &name, &scope, &steps).filter(|_| reachable))
        })
    }
}

fn unescaped(inside: &str) -> Cow<'_, str> {
    unescape(inside).unwrap_or(Cow::Borrowed(inside))
}
