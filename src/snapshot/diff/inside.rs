//! Where two values of one variable differ.

use super::cover::Cover;
use super::kinds::{ChangeKind, kinds};
use super::walk::{Found, PathId, Paths, Rules, Side, walk};
use crate::snapshot::at::Step;
use crate::snapshot::entry::Variable;
use crate::snapshot::mask::{Hidden, Mask};
use crate::snapshot::snapshot::Snapshot;
use crate::snapshot::store::EntryId;
use crate::value::{Value, ValueType};

/// How two values are compared.
#[derive(Debug, Clone)]
pub struct DiffOptions {
    /// Members by which the elements of lists are matched, the best first: the first one that every element of both lists has
    /// as a text or a whole number, and none twice. Where there is none, elements are matched by position. Default: `id`,
    /// `_id`, `uuid`, `key`, `name`.
    pub list_keys: Option<Vec<String>>,
    /// So many changes are told at most. Default: 1,000.
    pub limit: usize,
    /// What of both values is told. Default: all of it.
    pub mask: Mask,
}

impl Default for DiffOptions {
    fn default() -> DiffOptions {
        DiffOptions { list_keys: None, limit: 1_000, mask: Mask::off() }
    }
}

/// Where two values of one variable differ.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ValueDiff {
    /// What differs in the variable as a whole, whatever is hidden; nothing where one side has none. Spacing, and members
    /// that others of the same name hide, are told here alone.
    pub kinds: Vec<ChangeKind>,
    /// What differs inside: in each container what is gone, what changed, and what is new. Of what is hidden, that it changed is
    /// told, with the mark of the rule on both sides; of what is hidden as a whole no more than that.
    pub changes: Vec<ValueChange>,
    /// The lists that were looked into, and how their elements were matched.
    pub lists: Vec<ListMatch>,
    /// Whether these are all changes.
    pub complete: bool,
}

/// A difference inside of a value. What is new has no `before`, what is gone no `after`.
#[derive(Debug, Clone, PartialEq)]
pub struct ValueChange {
    /// What differs; nothing where one side is missing.
    pub kinds: Vec<ChangeKind>,
    /// What was there.
    pub before: Option<DiffSide>,
    /// What is there.
    pub after: Option<DiffSide>,
}

/// One side of a difference.
#[derive(Debug, Clone, PartialEq)]
pub struct DiffSide {
    /// The way to it in the value of its own side. Empty: the whole value.
    pub path: Vec<Step>,
    /// The typed value.
    pub value: Value<'static>,
    /// What the value is.
    pub value_type: ValueType,
    /// Its JSON source as it came.
    pub raw: String,
}

/// How the elements of a list were matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListMatch {
    /// The way to the list in the later value.
    pub path: Vec<Step>,
    /// The member that tells elements apart; `None` where they were matched by position.
    pub key: Option<String>,
}

impl Snapshot {
    /// Where the value of a variable differs from that in an earlier snapshot, or in one of another session. `None` where
    /// neither has the variable. Without a scope it is the one that the name resolves to.
    ///
    /// ```
    /// use cognigy_session_debugger::snapshot::{DiffOptions, IngestOptions, Snapshot, Step};
    /// let parse = |cart: &str| {
    ///     let body = format!(r#"{{"variables":[{{"name":"cart","value":{cart},"scope":"user"}}]}}"#);
    ///     Snapshot::parse(body.into_bytes(), IngestOptions::default(), 0.0)
    /// };
    /// let earlier = parse(r#"[{"id":"a","price":1.10},{"id":"b","price":2}]"#)?;
    /// let later = parse(r#"[{"id":"b","price":2},{"id":"c","price":3}]"#)?;
    /// let diff = later.diff_value(&earlier, "cart", None, &DiffOptions::default()).unwrap();
    /// assert_eq!(diff.lists[0].key.as_deref(), Some("id"));
    /// assert_eq!(diff.changes[0].before.as_ref().unwrap().path, [Step::Index(0)]);
    /// assert_eq!(diff.changes[1].after.as_ref().unwrap().raw, r#"{"id":"c","price":3}"#);
    /// # Ok::<(), cognigy_session_debugger::Error>(())
    /// ```
    pub fn diff_value(
        &self,
        earlier: &Snapshot,
        name: &str,
        scope: Option<&str>,
        options: &DiffOptions,
    ) -> Option<ValueDiff> {
        let rules = options.list_keys.clone().map_or_else(Rules::default, Rules::of);
        let find = |snapshot: &Snapshot| snapshot.entry_through(name, scope, &options.mask);
        let (before, after) = (find(earlier), find(self));
        let mut diff = ValueDiff { complete: true, ..ValueDiff::default() };
        let off = Mask::off();
        let before_text = before.and_then(|id| earlier.value_json(id, &off));
        let after_text = after.and_then(|id| self.value_json(id, &off));
        let spot = |of: &Snapshot, id: Option<EntryId>| {
            let entry = id.and_then(|id| of.store.columns.entry(id));
            entry.map_or_else(|| options.mask.variable("", ""), |entry| of.spot(entry, &options.mask))
        };
        let cover = Cover { mask: &options.mask, before: spot(earlier, before), after: spot(self, after) };
        let (Some(one), Some(other)) = (&before_text, &after_text) else {
            let paths = Paths::default();
            let side = |side, text: Option<String>| text.map(|text| cover.side(&paths, PathId::MAX, side, &text));
            let (before, after) = (side(Side::Before, before_text), side(Side::After, after_text));
            if before.is_none() && after.is_none() {
                return None;
            }
            diff.changes.push(ValueChange { kinds: Vec::new(), before, after });
            return Some(diff);
        };
        if let (Some(before), Some(after)) = (before, after) {
            diff.kinds = kinds(&earlier.variable(before)?, &self.variable(after)?, &rules);
        }
        // A value with very many levels of another order would be told again on each.
        let mut room = 4 * (one.len() + other.len()) + (1 << 20);
        // The container hidden as a whole that the last change is about.
        let mut last_hidden: Option<Vec<Step>> = None;
        walk(one, other, &rules, &mut |paths, id, found| {
            let end = if options.mask.is_off() { None } else { cover.end(paths, id) };
            let (before, after, mut kinds) = match found {
                Found::List(_) if end.is_some() => return true,
                Found::List(key) => {
                    let path = cover.path(paths.steps(id, Side::After));
                    diff.lists.push(ListMatch { path, key: key.map(String::from) });
                    return true;
                }
                Found::Removed(before) => (Some(before), None, Vec::new()),
                Found::Added(after) => (None, Some(after), Vec::new()),
                Found::Respelled(before, after) => (Some(before), Some(after), vec![ChangeKind::Raw]),
                Found::Moved(before, after) => (Some(before), Some(after), vec![ChangeKind::Order]),
                Found::Changed(before, after) => (Some(before), Some(after), vec![ChangeKind::Value]),
            };
            let steps = paths.steps(id, Side::After);
            let within = end.filter(|end| *end < steps.len()).and_then(|end| Some((end, steps.get(..end)?)));
            if let Some((_, above)) = within {
                kinds = vec![*kinds.first().unwrap_or(&ChangeKind::Value)];
                if last_hidden.as_deref() == Some(above) {
                    let told = diff.changes.last_mut().filter(|_| kinds.contains(&ChangeKind::Value));
                    if let Some(change) = told {
                        change.kinds = kinds;
                    }
                    return true;
                }
            }
            last_hidden = within.map(|(_, above)| above.to_vec());
            let bytes = before.map_or(0, str::len) + after.map_or(0, str::len);
            if diff.changes.len() >= options.limit || bytes > room {
                diff.complete = false;
                return false;
            }
            room -= bytes;
            let side = |side, source: Option<&str>| match within {
                Some((end, _)) => Some(cover.hidden(paths, id, side, end)),
                None => source.map(|source| cover.side(paths, id, side, source)),
            };
            let (before, after) = (side(Side::Before, before), side(Side::After, after));
            let mut change = ValueChange { kinds, before, after };
            if let (Some(before), Some(after), [ChangeKind::Value]) = (&change.before, &change.after, &*change.kinds)
                && before.value_type != after.value_type
            {
                change.kinds.push(ChangeKind::Type);
            }
            diff.changes.push(change);
            true
        });
        Some(diff)
    }

    /// What a mask leaves of a variable's value, as JSON.
    pub(super) fn value_json(&self, id: EntryId, mask: &Mask) -> Option<String> {
        let Variable { name, scope, value, raw, .. } = self.variable(id)?;
        let mut out = String::new();
        mask.write_value(&mut out, &value, &raw, &mask.variable(&name, &scope), &mut Hidden::default());
        Some(out)
    }
}
