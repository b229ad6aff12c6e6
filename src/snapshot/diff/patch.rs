//! Differences as a JSON Patch (RFC 6902).

use super::align::by_key;
use super::walk::{Found, Rules, Side, walk};
use crate::snapshot::at::Step;
use crate::snapshot::mask::{Hidden, Mask};
use crate::snapshot::path_text::{PathDialect, path_text};
use crate::snapshot::snapshot::Snapshot;
use crate::snapshot::store::{Entry, EntryId};
use crate::value::Keys;
use crate::value::json::escape_into;

impl Snapshot {
    /// The JSON Patch (RFC 6902) that makes the values of an earlier snapshot those of this one, as JSON text with every
    /// number in its own spelling. The document that it is for is an object with the value of each name; where both
    /// snapshots stand side by side, an object of these for each scope. Another spelling of a value, another order of its
    /// members and another winner with the same value are no operation.
    ///
    /// What the mask hides is hidden in the patch, its change included; where it hides names, the patch does not fit.
    ///
    /// ```
    /// use cognigy_session_debugger::snapshot::{IngestOptions, Mask, Snapshot};
    /// let parse = |value: &str| {
    ///     let body = format!(r#"{{"variables":[{{"name":"a/b","value":{value},"scope":"user"}}]}}"#);
    ///     Snapshot::parse(body.into_bytes(), IngestOptions::default(), 0.0)
    /// };
    /// let (earlier, later) = (parse(r#"{"n":1,"gone":true}"#)?, parse(r#"{"n":1.10}"#)?);
    /// assert_eq!(
    ///     later.patch(&earlier, &Mask::off()),
    ///     r#"[{"op":"remove","path":"/a~1b/gone"},{"op":"replace","path":"/a~1b/n","value":1.10}]"#
    /// );
    /// # Ok::<(), cognigy_session_debugger::Error>(())
    /// ```
    pub fn patch(&self, earlier: &Snapshot, mask: &Mask) -> String {
        let by_scope = self.pairs_by_scope(earlier);
        let mut patch = Patch::default();
        let mut places = Places { by_scope, mask, hidden: Hidden::default() };
        let mut changed = Vec::new();
        let found = self.differences(earlier, |change| changed.push((change.before.entry, change.after.entry)));
        for id in &found.removed {
            patch.push("remove", &places.of(earlier, *id), None);
        }
        if by_scope {
            let (were, are) = (scopes(earlier), scopes(self));
            let mut keys = Keys::default();
            for (snapshot, id) in were.iter().map(|id| (earlier, id)).chain(are.iter().map(|id| (self, id))) {
                let entry = snapshot.store.columns.entry(*id);
                keys.text(entry.map_or("", |entry| snapshot.store.columns.scope(entry)));
                keys.end();
            }
            let (scopes, _) = by_key(&keys, were.len());
            for id in scopes.removed.iter().filter_map(|place| were.get(*place)) {
                patch.push("remove", places.of(earlier, *id).get(..1).unwrap_or_default(), None);
            }
            for id in scopes.added.iter().filter_map(|place| are.get(*place)) {
                patch.push("add", places.of(self, *id).get(..1).unwrap_or_default(), Some("{}"));
            }
        }
        for (before, after) in changed {
            let values = (earlier.value_json(before, mask), self.value_json(after, mask));
            if let (Some(one), Some(other)) = values {
                patch.values(&places.of(self, after), &one, &other);
            }
        }
        for id in &found.added {
            patch.push("add", &places.of(self, *id), self.value_json(*id, mask).as_deref());
        }
        patch.end()
    }

    /// The same for the value of one variable, which is the whole document. `None` where one of both does not have it.
    pub fn patch_value(&self, earlier: &Snapshot, name: &str, scope: Option<&str>, mask: &Mask) -> Option<String> {
        let before = earlier.value_json(earlier.entry_through(name, scope, mask)?, mask)?;
        let after = self.value_json(self.entry_through(name, scope, mask)?, mask)?;
        let mut patch = Patch::default();
        patch.values(&[], &before, &after);
        Some(patch.end())
    }
}

/// The first variable that counts in each scope.
fn scopes(of: &Snapshot) -> Vec<EntryId> {
    let mut met: Vec<bool> = Vec::new();
    let is_first = |(id, entry): (EntryId, Entry)| {
        let number = entry.scope_number() as usize;
        if met.len() <= number {
            met.resize(number + 1, false);
        }
        let met = met.get_mut(number)?;
        (!std::mem::replace(met, true)).then_some(id)
    };
    of.compared(true).filter_map(is_first).collect()
}

/// Where variables stand in the document.
struct Places<'m> {
    by_scope: bool,
    mask: &'m Mask,
    hidden: Hidden,
}

impl Places<'_> {
    fn of(&mut self, snapshot: &Snapshot, id: EntryId) -> Vec<Step> {
        let Some(entry) = snapshot.store.columns.entry(id) else { return Vec::new() };
        let mut steps = Vec::new();
        let name = snapshot.store.name(entry.name);
        if self.by_scope {
            let scope = self.mask.cover_scope(snapshot.store.columns.scope(entry), &name, &mut self.hidden);
            steps.push(Step::Name(scope.into_owned()));
        }
        steps.push(Step::Name(self.mask.cover_variable_name(&name, &mut self.hidden).into_owned()));
        steps
    }
}

/// A patch being written.
#[derive(Default)]
struct Patch(String);

impl Patch {
    fn push(&mut self, op: &str, path: &[Step], value: Option<&str>) {
        let pointer = path_text(PathDialect::JsonPointer, "", "", path).unwrap_or_default();
        let start = if self.0.is_empty() { "[{\"op\":\"" } else { ",{\"op\":\"" };
        [start, op, "\",\"path\":"].into_iter().for_each(|part| self.0.push_str(part));
        escape_into(&mut self.0, &pointer);
        if let Some(value) = value {
            self.0.push_str(",\"value\":");
            self.0.push_str(value);
        }
        self.0.push('}');
    }

    /// What makes one value the other. `place` is where both stand.
    fn values(&mut self, place: &[Step], before: &str, after: &str) {
        walk(before, after, &Rules::in_steps(), &mut |paths, id, found| {
            let (op, value) = match found {
                Found::Removed(_) => ("remove", None),
                Found::Added(value) => ("add", Some(value)),
                Found::Changed(_, value) => ("replace", Some(value)),
                Found::Respelled(..) | Found::Moved(..) | Found::List(_) => return true,
            };
            let mut path = place.to_vec();
            path.extend(paths.steps(id, Side::After));
            self.push(op, &path, value);
            true
        });
    }

    fn end(mut self) -> String {
        self.0.push_str(if self.0.is_empty() { "[]" } else { "]" });
        self.0
    }
}
